"""--fields: which, in what order, and what when there is no such field."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.render.fields import select
from crmcli.render.formats import FORMATS


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_is_the_users_and_repeats_are_dropped(form, view) -> None:
    assert [column.name for column in select(view, " tags,id, tags,,email", form)] == ["tags", "id", "email"]


def test_defaults(view) -> None:
    shown = ["id", "display_name", "email", "tags", "last_in"]
    every = [*shown, "vip", "talk", "note"]
    assert [column.name for column in select(view, None, "table")] == shown
    assert [column.name for column in select(view, None, "tsv")] == shown
    assert [column.name for column in select(view, None, "tsv", one=True)] == every
    assert [column.name for column in select(view, None, "csv")] == every
    assert [column.name for column in select(view, None, "json")] == list(view.json)


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_field_names_the_nearest(form, view) -> None:
    with pytest.raises(UsageError, match="there is no field 'emial'") as caught:
        select(view, "id,emial", form)
    assert caught.value.hint == "did you mean email? --fields help lists them"


def test_no_field_at_all_is_refused(view) -> None:
    with pytest.raises(UsageError, match="names no field"):
        select(view, " , ", "tsv")


def test_a_nested_field_can_be_written_flat(shown, people) -> None:
    lines = shown(people[:1], fields="id,emails,custom").splitlines()
    assert lines == ["id\temails\tcustom", "c1\tada@engines.example\tsource=fair"]


@pytest.mark.parametrize("form", FORMATS)
def test_help_lists_all_fields(form, shown) -> None:
    lines = shown(format=form, fields="help").splitlines()
    assert lines[0] == "id            the short id"
    assert [line.split()[0] for line in lines] == [
        "id", "display_name", "email", "tags", "last_in", "vip", "talk", "note", "emails", "custom",
    ]  # fmt: skip

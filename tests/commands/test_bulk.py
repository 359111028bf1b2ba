"""Several records at once: ids on standard input, and what is asked before."""

import pytest

from tests.conftest import Crm


@pytest.fixture
def two(crm: Crm) -> Crm:
    for name in ("Ada", "Bob"):
        crm.ok("contact", "add", name)
        crm.ok("company", "add", f"{name}'s")
        crm.ok("followup", "add", name, "Call", "--due", "tomorrow")
    return crm


@pytest.mark.parametrize("noun", ["contact", "company"])
def test_a_list_with_its_header_can_be_piped_in(two: Crm, noun: str) -> None:
    listed = two.ok(noun, "list")
    assert listed.startswith("id\t")
    gone = two.ok(noun, "rm", "-", "--yes", stdin=listed)
    assert len(gone.split()) == 2
    assert two.json(noun, "list")["items"] == []
    assert two.ok(noun, "restore", "-", stdin=two.ok(noun, "list", "--deleted")) == gone


def test_follow_ups_can_be_piped_in(two: Crm) -> None:
    assert two.ok("followup", "done", "-", stdin=two.ok("followup", "list")) == "f1\nf2\n"


@pytest.mark.parametrize(
    "command", [["contact", "rm"], ["contact", "restore"], ["company", "rm"], ["followup", "done"]]
)
def test_an_empty_list_changes_nothing(two: Crm, command: list[str]) -> None:
    result = two(*command, "-", stdin="id\tname\n")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("0 ")


@pytest.mark.parametrize("command", [["contact", "rm"], ["contact", "tag", "-", "vip"], ["followup", "done"]])
def test_standard_input_that_is_not_text_is_refused(two: Crm, command: list[str]) -> None:
    result = two(*command, *(["-"] if "-" not in command else []), stdin=b"\xff\n")
    assert result.code == 2
    assert "not UTF-8" in result.err


def test_several_are_deleted_after_a_yes_however_they_are_named(two: Crm) -> None:
    result = two("contact", "rm", "c1", "c2")
    assert (result.code, "give --yes" in result.err) == (2, True)
    assert two.ok("contact", "rm", "c1", "c2", "--yes") == "c1\nc2\n"


def test_tags_are_put_on_piped_records(two: Crm) -> None:
    assert two.ok("contact", "tag", "-", "vip", stdin=two.ok("contact", "list", "-o", "ids")) == "c1\nc2\n"
    assert two.ok("contact", "list", "tag:vip", "-o", "ids") == "c1\nc2\n"

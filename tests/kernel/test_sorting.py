"""What `--sort` says."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.sorting import sort_key

SORTS = ("date", "total", "last_in")
ALSO = {"ordered_on": "date", "ordered": "date"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("total", "total"),
        ("-Total", "-total"),
        ("last-in", "last_in"),
        ("-last-in", "-last_in"),
        ("ordered_on", "date"),
        ("-ordered", "-date"),
    ],
)
def test_an_order_by_its_name_or_another(text: str, meant: str) -> None:
    assert sort_key("orders", text, SORTS, ALSO) == meant


@pytest.mark.parametrize(
    ("text", "close"),
    [("totl", "did you mean total? "), ("-orderd", "did you mean ordered? "), ("weight", ""), ("", ""), ("-", "")],
)
def test_another_is_refused_with_those_there_are(text: str, close: str) -> None:
    with pytest.raises(UsageError) as refused:
        sort_key("orders", text, SORTS, ALSO)
    assert refused.value.message == f"orders cannot be sorted by '{text}'"
    assert refused.value.hint == f"{close}sorts: date, total, last_in; -date reverses"

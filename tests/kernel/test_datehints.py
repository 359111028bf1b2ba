"""Every refusal of a date helps."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.datehints import beyond, no_such_day, refusal


@given(st.text(max_size=80))
def test_every_refusal_has_a_hint(text: str) -> None:
    error = refusal(text)
    assert error.message
    assert error.hint
    assert error.exit_code == 2


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_every_impossible_day_has_a_hint(year: int, month: int, day: int) -> None:
    assert no_such_day(year, month, day).hint


def test_a_hint_is_a_date_that_exists() -> None:
    assert refusal("31/02/2026").hint.startswith("write a date such as")
    assert refusal("29/02/2028").hint == "write 2028-02-29"


def test_long_texts_are_cut() -> None:
    assert len(beyond("x" * 80).message) < 80
    assert len(refusal("x" * 80).message) < 80

"""Birthdays in the notations of other programs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.birthdays import Birthdays
from crmcli.kernel.dates import parse_birth_date
from crmcli.kernel.errors import UsageError


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1815-12-10", "1815-12-10"),
        ("18151210", "1815-12-10"),
        ("1815-12-10 00:00:00", "1815-12-10"),
        ("1815-12-10T00:00:00Z", "1815-12-10"),
        ("--12-10", "--12-10"),
        ("--1210", "--12-10"),
        ("1604-12-10", "--12-10"),
        ("0000-12-10", "--12-10"),
        ("10.12.1815", "1815-12-10"),
        ("10. 12. 1815", "1815-12-10"),
        ("1.2.85", "1985-02-01"),
        ("1.2.05", "2005-02-01"),
        ("12/31/1985", "1985-12-31"),
        ("31/12/1985", "1985-12-31"),
        ("5/5/1985", "1985-05-05"),
        ("31-12-1985", "1985-12-31"),
        ("1985/12/31", "1985-12-31"),
        ("12 May 1985", "1985-05-12"),
        ("12-May-85", "1985-05-12"),
        ("May 12, 1985", "1985-05-12"),
        ("May 12", "--05-12"),
        ("29.02.2000", "2000-02-29"),
        ("--02-29", "--02-29"),
        ("0/0/00", ""),
        ("00.00.0000", ""),
        ("0000-00-00", ""),
    ],
)
def test_what_is_sure_is_read(text: str, day: str) -> None:
    assert Birthdays().read(text) == day


@pytest.mark.parametrize(
    "text", ["3/4/1985", "30.02.1985", "29.02.1900", "13/13/1985", "1985-13-01", "12 mai 1985", "soon", "1985", "May"]
)
def test_what_is_not_sure_stays_as_it_is(text: str) -> None:
    assert Birthdays().read(text) == text


def test_a_column_tells_whether_the_day_is_first() -> None:
    assert Birthdays(lambda: ["", "1/2/1980", "25/12/1980"]).read("3/4/1985") == "1985-04-03"
    assert Birthdays(lambda: ["1/2/1980", "12/25/1980"]).read("3/4/1985") == "1985-03-04"
    assert Birthdays(lambda: ["1/2/1980", "25.12.1980", "99/99/99"]).read("3/4/1985") == "3/4/1985"


@given(st.text(max_size=30) | st.text(alphabet="0123456789/.- May", max_size=12))
def test_what_comes_out_is_a_birthday_or_what_went_in(text: str) -> None:
    day = Birthdays().read(text)
    if day not in ("", text):
        assert parse_birth_date(day) == day


@given(st.dates())
def test_days_as_the_program_writes_them_are_themselves(day: object) -> None:
    text = str(day)
    try:
        stored = parse_birth_date(text)
    except UsageError:
        return
    if not text.startswith("1604"):
        assert Birthdays().read(text) == stored

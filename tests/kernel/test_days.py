"""Days in words, counted from a given day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import days

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("+3d", (3, "d", 1)),
        ("-2 weeks 10:00", (-2, "weeks", 2)),
        ("in 2 weeks", (2, "weeks", 3)),
        ("in 2w at noon", (2, "w", 2)),
        ("3 days ago 9:00", (-3, "days", 3)),
        ("3d ago", (-3, "d", 2)),
        ("3 days", None),
        ("in", None),
        ("+d", None),
        ("+3 tue", None),
        ("tue", None),
    ],
)
def test_a_shift(words: str, expected: tuple[int, str, int] | None) -> None:
    assert days.shift(words.split()) == expected


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-5000, 5000))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    moved = days.shift_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(1)).day == 1)


@given(st.dates(max_value=date(9999, 11, 30)))
def test_the_length_of_a_month(day: date) -> None:
    first = day.replace(day=1)
    following = (first + timedelta(31)).replace(day=1)
    assert days.days_in_month(day.year, day.month) == (following - first).days


def test_the_calendar_ends() -> None:
    with pytest.raises(OverflowError):
        days.shift_months(TODAY, 12 * 8000)
    with pytest.raises(OverflowError):
        days.named_day(["next", "month"], date(9999, 12, 1))
    with pytest.raises(OverflowError):
        days.named_day(["last", "year"], date(1, 6, 1))


@given(st.dates(date(2, 1, 1), date(9998, 1, 1)))
def test_ends_are_never_behind_and_periods_begin_ahead(day: date) -> None:
    for word in ("eow", "eom", "eoq", "eoy"):
        found = days.named_day([word], day)
        assert found is not None
        assert found[0] >= day
    for period in ("week", "month", "quarter", "year"):
        found = days.named_day(["next", period], day)
        before = days.named_day(["last", period], day)
        assert found is not None
        assert before is not None
        assert before[0] < day < found[0]


def test_every_unit_is_of_days_or_of_seconds() -> None:
    assert days.seconds_of("h") == 3600
    assert days.seconds_of("m") == 0  # a month
    assert days.shift_day(TODAY, 1, "m") == date(2026, 12, 21)
    assert not days.is_unit("fortnights")

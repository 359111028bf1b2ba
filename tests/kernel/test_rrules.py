"""Days of rules, held against those that dateutil finds."""

import sys
from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmcli.kernel.rrules import FREQUENCIES, WEEKDAYS, Steps, days, parse

FIRST = date(2024, 1, 31)


def found(text: str, first: date = FIRST, years: int = 2, **more: date) -> list[str]:
    last = first + timedelta(days=366 * years)
    return [f"{day:%Y-%m-%d}" for day in islice(days(parse(text), first, last, Steps(sys.maxsize), **more), 4)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3;COUNT=3", ["2024-01-31", "2024-02-03", "2024-02-06"]),
        ("FREQ=WEEKLY;COUNT=2", ["2024-01-31", "2024-02-07"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", ["2024-01-31", "2024-02-12", "2024-02-14", "2024-02-26"]),
        ("FREQ=MONTHLY", ["2024-01-31", "2024-03-31", "2024-05-31", "2024-07-31"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2024-02-23", "2024-03-29", "2024-04-26", "2024-05-31"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", ["2024-03-10", "2025-03-09"]),
        ("FREQ=YEARLY", ["2024-01-31", "2025-01-31", "2026-01-31"]),
        ("freq=daily\\;count=1", ["2024-01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2", []),
    ],
)
def test_days(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_leap_days_and_the_end_of_the_calendar() -> None:
    assert found("FREQ=YEARLY", date(2024, 2, 29), 9) == ["2024-02-29", "2028-02-29", "2032-02-29"]
    assert list(days(parse("FREQ=WEEKLY"), date(9999, 12, 30), date.max, Steps(99))) == [date(9999, 12, 30)]
    assert list(days(parse("FREQ=YEARLY;INTERVAL=9000"), date(2000, 1, 1), date.max, Steps(99))) == [date(2000, 1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYWEEKNO=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=²",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 500),
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it repeats by a rule"):
        parse(text)


@pytest.mark.parametrize("text", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY", "FREQ=YEARLY;BYDAY=MO"])
def test_work_is_limited(text: str) -> None:
    with pytest.raises(ValueError, match="more repetition"):
        list(days(parse(text), date(1900, 1, 1), date(2100, 1, 1), Steps(1000)))


PLAIN_DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True)
NTH_DAYS = st.lists(
    st.tuples(st.sampled_from((1, 2, 3, -1, -2)), st.sampled_from(WEEKDAYS)), min_size=1, max_size=2, unique=True
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules as calendar programs write them."""
    frequency = draw(st.sampled_from(FREQUENCIES))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 20))}")
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    by_month_day = frequency != "WEEKLY" and draw(st.booleans())
    if by_month_day:
        numbers = draw(st.lists(st.sampled_from((1, 13, 28, 31, -1, -5)), min_size=1, max_size=3, unique=True))
        parts.append(f"BYMONTHDAY={','.join(map(str, numbers))}")
    if draw(st.booleans()):
        # dateutil takes only days that are both where plain and numbered ones are mixed; RFC 5545 means either.
        nth = frequency in ("MONTHLY", "YEARLY") and not by_month_day and draw(st.booleans())
        names = [f"{number}{day}" for number, day in draw(NTH_DAYS)] if nth else draw(PLAIN_DAYS)
        parts.append(f"BYDAY={','.join(names)}")
        if frequency != "WEEKLY" and draw(st.booleans()):  # of the first week dateutil counts only what is left of it
            parts.append(f"BYSETPOS={draw(st.sampled_from((1, 2, -1)))}")
    parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts)


@settings(max_examples=150)
@given(rules(), st.dates(date(1995, 1, 1), date(2020, 1, 1)), st.integers(0, 1500), st.integers(0, 1500))
def test_they_are_those_of_dateutil(text: str, first: date, length: int, skipped: int) -> None:
    rule, last = parse(text), first + timedelta(days=length)
    ahead = list(islice(days(rule, first, first + timedelta(days=15_000), Steps(sys.maxsize)), 3))
    assume(ahead)  # dateutil looks for the first day of a rule that has none up to the year 9999
    until = "" if "COUNT" in text else f";UNTIL={last:%Y%m%d}T235959"
    expected = [
        one.date() for one in rrulestr(text + until, dtstart=datetime.combine(first, time())) if one.date() <= last
    ]
    assert list(days(rule, first, last, Steps(sys.maxsize))) == expected
    after = first + timedelta(days=skipped)
    later = [day for day in days(rule, first, last, Steps(sys.maxsize), after) if day >= after]
    assert later == [day for day in expected if day >= after]

"""Business hours: a table of cases with holidays and changes of clocks, and the laws that hold for all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.businesshours import Calendar, Hours, parse_hours
from crmcli.kernel.errors import UsageError

OFFICE = "mon-fri 09:00-17:00"
VIENNA = ZoneInfo("Europe/Vienna")
# In Europe clocks go forward at 1:00 UTC on 29 March 2026, and back at 1:00 UTC on 25 October 2026.
FREE = (date(2026, 12, 25), date(2026, 12, 8))


def calendar(hours: str = OFFICE, zone: str = "Europe/Vienna") -> Calendar:
    return Calendar(parse_hours(hours), ZoneInfo(zone), lambda day: day in FREE)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# hours, zone, from, hours of business, until; all moments in UTC
TABLE = [
    # Vienna is an hour ahead of UTC in winter: 9 to 17 there are 8 to 16.
    (OFFICE, "Europe/Vienna", "2026-11-20T10:00", 1, "2026-11-20T11:00"),
    (OFFICE, "Europe/Vienna", "2026-11-20T08:00", 8, "2026-11-20T16:00"),  # ends with the day, not on Monday
    (OFFICE, "Europe/Vienna", "2026-11-20T15:00", 2, "2026-11-23T09:00"),  # over a weekend
    (OFFICE, "Europe/Vienna", "2026-11-21T12:00", 1, "2026-11-23T09:00"),  # begun on a Saturday
    (OFFICE, "Europe/Vienna", "2026-11-20T03:00", 1, "2026-11-20T09:00"),  # before the day begins
    (OFFICE, "Europe/Vienna", "2026-11-20T20:00", 1, "2026-11-23T09:00"),  # after it ended
    (OFFICE, "Europe/Vienna", "2026-12-07T14:00", 4, "2026-12-09T10:00"),  # over a holiday on a Tuesday
    (OFFICE, "Europe/Vienna", "2026-12-08T10:00", 1, "2026-12-09T09:00"),  # begun on it
    (OFFICE, "Europe/Vienna", "2026-12-24T15:00", 2, "2026-12-28T09:00"),  # a holiday and a weekend
    (OFFICE, "Europe/Vienna", "2026-03-27T15:00", 2, "2026-03-30T08:00"),  # from winter to summer time
    (OFFICE, "Europe/Vienna", "2026-10-23T14:00", 2, "2026-10-26T09:00"),  # and back
    (OFFICE, "Europe/Vienna", "2026-11-20T10:00", 40, "2026-11-27T10:00"),  # five days
    (OFFICE, "UTC", "2026-11-20T16:30", 1, "2026-11-23T09:30"),
    (OFFICE, "America/New_York", "2026-11-20T10:00", 1, "2026-11-20T15:00"),  # its day has not begun
    (OFFICE, "Asia/Tokyo", "2026-11-22T23:00", 1, "2026-11-23T01:00"),  # Monday there already
    ("always", "Europe/Vienna", "2026-03-28T23:00", 23, "2026-03-29T22:00"),  # a day of 23 hours
    ("always", "Europe/Vienna", "2026-10-24T22:00", 25, "2026-10-25T23:00"),  # and one of 25
    ("sun 01:00-04:00", "Europe/Vienna", "2026-03-28T12:00", 2, "2026-03-29T02:00"),  # the window lost an hour
    ("sun 01:00-04:00", "Europe/Vienna", "2026-10-24T12:00", 4, "2026-10-25T03:00"),  # it has one twice
    ("sun 02:00-03:00", "Europe/Vienna", "2026-03-28T12:00", 1, "2026-04-05T01:00"),  # skipped whole
    ("sun 02:30-04:00", "Europe/Vienna", "2026-03-28T12:00", 1, "2026-03-29T02:00"),  # begins when clocks went on
    ("sun 01:30-02:30", "Europe/Vienna", "2026-10-24T12:00", 1, "2026-10-25T00:30"),  # ends the first time
    ("mon-thu 8-12 13-17, fri 8-12", "UTC", "2026-11-19T11:00", 6, "2026-11-20T09:00"),  # a lunch break
    ("fri 22:00-24:00, sat 00:00-06:00", "UTC", "2026-11-20T21:00", 4, "2026-11-21T02:00"),  # over midnight
    # Samoa had no 30 December 2011.
    ("always", "Pacific/Apia", "2011-12-29T10:00", 24, "2011-12-30T10:00"),
    ("fri 09:00-17:00", "Pacific/Apia", "2011-12-29T10:00", 1, "2012-01-05T20:00"),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "zone", "start", "count", "end"), TABLE)
def test_so_much_business_time_is_over_then(hours: str, zone: str, start: str, count: int, end: str) -> None:
    made = calendar(hours, zone)
    assert made.after(at(start), count * 3600) == at(end)
    assert made.between(at(start), at(end)) == count * 3600


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (OFFICE, OFFICE),
        ("MON-FRI 9-17", OFFICE),
        ("monday - friday 9:00-17:00", OFFICE),
        ("mon 9-12, tue 9-12, wed 9-12, sat 10-13", "mon-wed 09:00-12:00, sat 10:00-13:00"),
        ("mon 9-12 11-13 13-14", "mon 09:00-14:00"),
        ("fri-mon 10-18", "mon 10:00-18:00, fri-sun 10:00-18:00"),
        ("24/7", "always"),
        ("mon-sun 0-24", "always"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert str(parse_hours(text)) == shown
    assert parse_hours(shown) == parse_hours(text)


@pytest.mark.parametrize(
    "text", ["", "mon", "9-17", "mon-fri 9", "mon-fri 17-9", "fri 22:00-06:00", "mon 9:60-17", "mon 9-25", "mun 9-17"]
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_hours(text)


def test_hours_over_midnight_are_told_how_to_be_written() -> None:
    with pytest.raises(UsageError) as error:
        parse_hours("fri 22:00-06:00")
    assert "sat 00:00-06:00" in str(error.value.hint)


def test_what_never_comes_is_refused() -> None:
    rest = Calendar(parse_hours(OFFICE), UTC, lambda day: True)
    with pytest.raises(UsageError, match="no business hours"):
        rest.after(at("2026-11-20T10:00"), 60)


def test_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(UsageError, match="beyond the calendar"):
        calendar().after(at("9999-12-31T10:00"), 10**6)


# --- laws

ZONES = st.sampled_from(
    ["UTC", "Europe/Vienna", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata"]
)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2019, 1, 1)).map(
    lambda one: one.replace(microsecond=0, tzinfo=UTC)
)
SPANS = st.integers(0, 60 * 3600)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Windows of a week, at least one of them."""
    week = []
    for _ in range(7):
        edges = sorted(draw(st.lists(st.integers(0, 1440), max_size=4, unique=True)))
        week.append(tuple(zip(edges[::2], edges[1::2], strict=False)))
    week[draw(st.integers(0, 6))] = ((540, 1020),)
    return Hours(tuple(week))


@given(hours(), ZONES, MOMENTS, MOMENTS, MOMENTS)
def test_spans_add_up_and_never_shrink(found: Hours, zone: str, one: datetime, two: datetime, three: datetime) -> None:
    made = Calendar(found, ZoneInfo(zone))
    first, middle, last = sorted((one, two, three))
    assert made.between(first, middle) + made.between(middle, last) == made.between(first, last)
    assert 0 <= made.between(first, middle) <= (middle - first).total_seconds()
    assert made.between(last, first) == -made.between(first, last)


@given(hours(), ZONES, MOMENTS, SPANS, SPANS)
def test_adding_and_measuring_are_inverse(found: Hours, zone: str, start: datetime, one: int, two: int) -> None:
    made = Calendar(found, ZoneInfo(zone))
    end = made.after(start, one)
    assert made.between(start, end) == one
    assert end >= start
    assert made.after(end, two) == made.after(start, one + two)  # in two steps as in one
    if one:  # and it is the first such instant
        assert made.between(start, end - timedelta(seconds=1)) == one - 1


@given(hours(), ZONES, MOMENTS, SPANS)
def test_the_order_of_questions_does_not_matter(found: Hours, zone: str, start: datetime, span: int) -> None:
    asked = Calendar(found, ZoneInfo(zone))
    for moment in (start + timedelta(days=200), start - timedelta(days=200), start):
        asked.between(moment, start)
    assert asked.after(start, span) == Calendar(found, ZoneInfo(zone)).after(start, span)

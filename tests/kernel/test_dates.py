"""The date grammar, as people use it."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.dates import describe, parse, parse_birth_date
from crmcli.kernel.errors import UsageError

SATURDAY = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
BERLIN = Clock(SATURDAY, "Europe/Berlin")
PLAIN = Clock(SATURDAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-11-21"),
        ("TOMORROW", "2026-11-22"),
        ("yesterday", "2026-11-20"),
        ("tue", "2026-11-24"),
        ("next tue", "2026-11-24"),
        ("last Tuesday", "2026-11-17"),
        ("sat", "2026-11-28"),
        ("last sat", "2026-11-14"),
        ("next week", "2026-11-23"),
        ("last week", "2026-11-09"),
        ("next month", "2026-12-01"),
        ("last month", "2026-10-01"),
        ("next quarter", "2027-01-01"),
        ("last quarter", "2026-07-01"),
        ("next year", "2027-01-01"),
        ("last year", "2025-01-01"),
        ("+3d", "2026-11-24"),
        ("-2w", "2026-11-07"),
        ("+1m", "2026-12-21"),
        ("+1mo", "2026-12-21"),
        ("-1y", "2025-11-21"),
        ("+2 weeks", "2026-12-05"),
        ("in 2 weeks", "2026-12-05"),
        ("in 2w", "2026-12-05"),
        ("3 days ago", "2026-11-18"),
        ("3d ago", "2026-11-18"),
        ("eow", "2026-11-22"),
        ("eom", "2026-11-30"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("  2026-12-01  ", "2026-12-01"),
        ("1 Dec 2026", "2026-12-01"),
        ("Tue 1 December 2026", "2026-12-01"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_day(text: str, expected: str) -> None:
    when = parse(text, PLAIN)
    assert when.date == date.fromisoformat(expected)
    assert when.time is None
    assert not when.exact
    assert when.instant == datetime.combine(when.date, time(), tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next tue 3pm", "2026-11-24T14:00:00Z"),
        ("tue at 3 pm", "2026-11-24T14:00:00Z"),
        ("tomorrow 09:30", "2026-11-22T08:30:00Z"),
        ("+3d 10:00", "2026-11-24T09:00:00Z"),
        ("in 3 days at noon", "2026-11-24T11:00:00Z"),
        ("2 days ago 7:05", "2026-11-19T06:05:00Z"),
        ("eom 17:00", "2026-11-30T16:00:00Z"),
        ("15:00", "2026-11-21T14:00:00Z"),
        ("at 3pm", "2026-11-21T14:00:00Z"),
        ("12am", "2026-11-20T23:00:00Z"),
        ("noon", "2026-11-21T11:00:00Z"),
        ("2026-12-01 14:00", "2026-12-01T13:00:00Z"),
        ("2026-12-01T14:00", "2026-12-01T13:00:00Z"),
        ("2026-07-01 14:00:30", "2026-07-01T12:00:30Z"),
        ("2026-12-01 14:00 europe/berlin", "2026-12-01T13:00:00Z"),
    ],
)
def test_a_wall_time(text: str, expected: str) -> None:
    when = parse(text, BERLIN)
    assert stamp(when.instant) == expected
    assert when.time == BERLIN.local(when.instant).time()
    assert not when.exact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-21T14:00:00Z"),
        ("+4h", "2026-11-21T18:00:00Z"),
        ("-30min", "2026-11-21T13:30:00Z"),
        ("in 90 minutes", "2026-11-21T15:30:00Z"),
        ("2 hours ago", "2026-11-21T12:00:00Z"),
        ("2026-12-01T14:00:00Z", "2026-12-01T14:00:00Z"),
        ("2026-12-01 14:00:00.123+02:00", "2026-12-01T12:00:00Z"),
        ("2026-12-01 14:00 -0530", "2026-12-01T19:30:00Z"),
        ("2026-12-01 14:00 UTC", "2026-12-01T14:00:00Z"),
        ("2026-12-01 14:00 America/New_York", "2026-12-01T19:00:00Z"),
        ("tomorrow 9am Asia/Tokyo", "2026-11-22T00:00:00Z"),
        ("2026-12-01 Asia/Tokyo", "2026-11-30T15:00:00Z"),
    ],
)
def test_an_exact_instant(text: str, expected: str) -> None:
    when = parse(text, BERLIN)
    assert stamp(when.instant) == expected
    local = BERLIN.local(when.instant)
    assert (when.date, when.time, when.exact) == (local.date(), local.time(), True)


def test_hours_are_exact_where_clocks_change() -> None:
    eve = Clock(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin")
    assert stamp(parse("+1h", eve).instant) == "2026-03-29T01:30:00Z"


def test_a_skipped_and_a_doubled_time_are_told() -> None:
    gap = parse("2026-03-29 02:30", BERLIN)
    assert (gap.time, stamp(gap.instant)) == (time(3, 30), "2026-03-29T01:30:00Z")
    assert gap.note == "02:30 does not exist on 2026-03-29 in Europe/Berlin; 03:30 is meant"
    assert "the first is meant" in parse("2026-10-25 02:30", BERLIN).note


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2026-01-31", "+1m", "2026-02-28"),
        ("2028-01-31", "+1m", "2028-02-29"),
        ("2028-02-29", "+1y", "2029-02-28"),
        ("2028-02-29", "-4y", "2024-02-29"),
        ("2026-03-31", "-1m", "2026-02-28"),
        ("2026-12-31", "+2m", "2027-02-28"),
        ("2028-02-10", "eom", "2028-02-29"),
        ("2026-11-22", "eow", "2026-11-22"),
        ("9999-12-01", "eoy", "9999-12-31"),
    ],
)
def test_months_end_where_they_end(now: str, text: str, expected: str) -> None:
    clock = Clock(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert parse(text, clock).date == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2026-02-30", "there is no 2026-02-30", "February 2026 has 28 days"),
        ("2026-02-30 14:00", "there is no 2026-02-30", "February 2026 has 28 days"),
        ("2026-13-01", "there is no 2026-13-01", "months are 01 to 12"),
        ("0000-01-01", "there is no 0000-01-01", "years 1 to 9999"),
        ("03/04/2026", "ambiguous", "write 2026-04-03 or 2026-03-04"),
        ("3.4.2026 10:00", "ambiguous", "write 2026-04-03 or 2026-03-04"),
        ("04/04/2026", "not a date in ISO order", "write 2026-04-04"),
        ("25/12/2026", "not a date in ISO order", "write 2026-12-25"),
        ("2026/12/01", "not a date in ISO order", "write 2026-12-01"),
        ("2026-1-5", "not a date in ISO order", "write 2026-01-05"),
        ("99/99/2026", "not a date in ISO order", "such as"),
        ("1/2/26", "not a date", "four digits"),
        ("tuesdya", "not a date", "did you mean 'tuesday'"),
        ("next tusday 3pm", "not a date", "did you mean 'tuesday'"),
        ("3", "not a date", "+3d (days)"),
        ("3d", "not a date", "'in 3d' or '3d ago'"),
        ("Mon 24 Nov 2026", "2026-11-24 is not a Mon", "it is a Tue"),
        ("+9999999y", "beyond the calendar", "9999"),
        ("+9999999w", "beyond the calendar", "9999"),
        ("-3000y", "beyond the calendar", "9999"),
        ("+9999999h 10:00", "not a date", ""),
        ("9999-12-31T23:00-02:00", "beyond the calendar", "9999"),
        ("", "missing", "tomorrow"),
        (" \n ", "missing", "tomorrow"),
        ("2026-12-01 14:00 Europe/Berln", "no time zone", "Europe/Berlin"),
        ("2026-12-01T14:00Z Asia/Tokyo", "exact moment and a zone", "leave out"),
    ],
)
def test_a_refusal_says_what_would_be_right(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(text, PLAIN)
    assert message in error.value.message
    assert hint in error.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "12:60",
        "13pm",
        "0am",
        "3:5",
        "1 5:00",
        "tomorrow tomorrow",
        "15:00 tomorrow",
        "+4h 10:00",
        "++3d",
        "+-3d",
    ]
    + [
        "+ 3d",
        "+3",
        "+3x",
        "+3.5d",
        "in",
        "in 2",
        "next",
        "last",
        "at",
        "ago",
        "2 weeks",
        "2026",
        "2026-12",
        "20261201",
    ]
    + ["2026-12-01T", "2026-12-01 14", "tomorrow 14:00Z", "2026-12-01 14:00+25:00", "15:00.5", "12:00:00.", "5 may"]
    + [
        "٣ days ago",
        "２０２６-12-01",
        "to\0day",
        "today\x1b[2J",
        "tomorrow\t9:00",
        "²",
        "🙂",
        "x" * 1_000_000,
        "1" * 10_000,
    ]
    + ["+" + "9" * 5000 + "d", " " * 1_000_000, "midnight", "2026-12-01 14:00 EST", "-", "+", "/", "a/b/c"],
)
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(text, BERLIN)
    assert len(error.value.message) < 200


@given(st.text(max_size=30))
@example("2026-12-01 14:00 /")
def test_any_text_is_understood_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert parse(text, BERLIN).instant.tzinfo is UTC


FORMS = ("today", "tue", "last fri", "+3d", "-5m", "eoq", "in 2 weeks", "2027-05-05")


@given(st.datetimes(datetime(1950, 1, 1), datetime(2080, 1, 1)), st.sampled_from(FORMS), st.times())
def test_what_is_echoed_is_read_back(now: datetime, form: str, wall: time) -> None:
    clock = Clock(now.replace(tzinfo=UTC), "Europe/Berlin")
    for text in (form, f"{form} {wall:%H:%M:%S}"):
        when = parse(text, clock)
        if not when.note:
            assert parse(describe(when, clock), clock) == when


ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia",
    "America/St_Johns", "Asia/Gaza", "UTC",
)  # fmt: skip


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from(["+1d", "tomorrow", "+1w", "+1m", "-1d", "eom", "next tue"]),
    st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
)
@example(datetime(2026, 3, 28, 10), "Europe/Berlin", "+1d", time(2, 30))
@example(datetime(2026, 10, 24, 10), "Europe/Berlin", "+1d", time(2, 30))
@example(datetime(2011, 12, 29, 10), "Pacific/Apia", "+1d", time(10))
def test_the_wall_clock_is_kept_or_it_is_told(now: datetime, zone: str, day: str, wall: time) -> None:
    clock = Clock(now.replace(tzinfo=UTC), zone)
    when = parse(f"{day} {wall:%H:%M}", clock)
    assert (when.time == wall and when.date == parse(day, clock).date) or when.note
    local = clock.local(when.instant)
    assert (local.date(), local.time()) == (when.date, when.time)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_an_instant_means_itself_everywhere(now: datetime, zone: str) -> None:
    moment = now.replace(microsecond=0)
    here = Clock(datetime(2026, 11, 20, tzinfo=UTC), zone)
    assert parse(f"{moment:%Y-%m-%dT%H:%M:%S}Z", here).instant == moment.replace(tzinfo=UTC)


def test_the_echo_names_the_zone() -> None:
    assert describe(parse("next tue 3pm", BERLIN), BERLIN) == "Tue 24 Nov 2026 15:00 Europe/Berlin"
    assert describe(parse("tomorrow", BERLIN), BERLIN) == "Sun 22 Nov 2026 Europe/Berlin"
    assert describe(parse("12:00:05", PLAIN), PLAIN) == "Sat 21 Nov 2026 12:00:05 UTC"


@given(st.dates(date(2, 1, 1), date(9998, 1, 1)), st.sampled_from(["mon", "wed", "sun"]))
def test_a_weekday_is_strictly_ahead_or_behind(day: date, name: str) -> None:
    clock = Clock(datetime.combine(day, time(12), tzinfo=UTC))
    ahead = parse(name, clock).date - day
    behind = day - parse(f"last {name}", clock).date
    assert timedelta(1) <= ahead <= timedelta(7)
    assert timedelta(1) <= behind <= timedelta(7)
    assert (ahead + behind).days in (7, 14)


@pytest.mark.parametrize("text", ["1985-05-12", "--05-12", "--02-29", "2000-02-29", " 1985-05-12 "])
def test_a_birth_date(text: str) -> None:
    assert parse_birth_date(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["--02-30", "--13-01", "--00-01", "1985-02-29", "12.05.1985", "1985", "", "--5-12", "--٠٥-12", "today"]
)
def test_a_bad_birth_date(text: str) -> None:
    with pytest.raises(UsageError):
        parse_birth_date(text)

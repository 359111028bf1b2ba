"""Moments as people speak of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import ago, day_label, due_day, due_label, due_phrase, stretch

CLOCK = Clock(datetime(2026, 11, 21, 14, 0, tzinfo=UTC), "Europe/Berlin")  # Saturday, 15:00 there


def followup(due_at: str, zone: str | None = "Europe/Berlin", **more: Any) -> dict[str, Any]:
    return {"due_at": due_at, "timezone": zone, "all_day": False, "overdue": False, **more}


@pytest.mark.parametrize(
    ("moment", "said", "due"),
    [
        ("2026-11-21T14:00:00Z", "just now", "due now"),
        ("2026-11-21T13:59:30Z", "just now", "due now"),
        ("2026-11-21T14:00:30Z", "in a moment", "due in a moment"),
        ("2026-11-21T13:59:00Z", "1 minute ago", "1 minute overdue"),
        ("2026-11-21T14:05:00Z", "in 5 minutes", "due in 5 minutes"),
        ("2026-11-21T08:30:00Z", "today 09:30", "overdue since 09:30"),
        ("2026-11-21T16:00:00Z", "today 17:00", "due today 17:00"),
        ("2026-11-20T23:00:00Z", "today", "overdue since 00:00"),
        ("2026-11-20T22:59:00Z", "yesterday", "overdue since yesterday"),
        ("2026-11-22T10:00:00Z", "tomorrow", "due tomorrow"),
        ("2026-11-18T23:30:00Z", "2 days ago", "2 days overdue"),
        ("2026-11-24T10:00:00Z", "in 3 days", "due in 3 days"),
        ("2026-11-07T10:00:00Z", "2 weeks ago", "2 weeks overdue"),
        ("2026-09-21T10:00:00Z", "2 months ago", "2 months overdue"),
        ("2028-11-20T10:00:00Z", "in 23 months", "due in 23 months"),
        ("2023-11-20T10:00:00Z", "3 years ago", "3 years overdue"),
        ("0001-01-02T00:00:00Z", "2025 years ago", "2025 years overdue"),
    ],
)
def test_how_far_away(moment: str, said: str, due: str) -> None:
    assert ago(instant(moment), CLOCK) == said
    late = instant(moment) < CLOCK.now()
    assert due_phrase(followup(moment, overdue=late), CLOCK) == due


@pytest.mark.parametrize(
    ("due_at", "zone", "overdue", "day", "label", "phrase"),
    [
        ("2026-11-20T23:00:00Z", "Europe/Berlin", False, 21, "today", "due today"),
        ("2026-11-20T23:00:00Z", None, False, 21, "today", "due today"),
        ("2026-11-19T23:00:00Z", "Europe/Berlin", True, 20, "since yesterday", "overdue since yesterday"),
        ("2026-11-17T23:00:00Z", "Europe/Berlin", True, 18, "3 days overdue", "3 days overdue"),
        ("2026-11-21T23:00:00Z", "Europe/Berlin", False, 22, "tomorrow", "due tomorrow"),
        ("2026-11-23T23:00:00Z", "Europe/Berlin", False, 24, "Tue 24 Nov", "due in 3 days"),
        # The 21st where it is meant began on the 20th here, or begins later today.
        ("2026-11-20T15:00:00Z", "Asia/Tokyo", False, 21, "today", "due today"),
        ("2026-11-21T10:00:00Z", "Pacific/Honolulu", False, 21, "today", "due today"),
        ("2026-11-21T15:00:00Z", "Asia/Tokyo", False, 22, "tomorrow", "due tomorrow"),
        # Over here and not yet there, and the other way round.
        ("2026-11-20T20:00:00Z", "Pacific/Honolulu", False, 20, "today", "due today"),
        ("2026-11-20T10:00:00Z", "Pacific/Kiritimati", True, 21, "since today", "overdue since today"),
    ],
)
def test_a_whole_day_is_the_day_that_is_named_where_it_is_meant(
    due_at: str, zone: str | None, overdue: bool, day: int, label: str, phrase: str
) -> None:
    record = followup(due_at, zone, all_day=True, overdue=overdue)
    assert due_day(record, CLOCK) == date(2026, 11, day)
    assert (due_label(record, CLOCK), due_phrase(record, CLOCK)) == (label, phrase)


@pytest.mark.parametrize(
    ("due_at", "overdue", "label"),
    [
        ("2026-11-21T16:00:00Z", False, "today 17:00"),
        ("2026-11-20T23:00:00Z", True, "since 00:00"),
        ("2026-11-23T10:00:00Z", False, "Mon 23 Nov 11:00"),
        ("2026-11-21T23:00:00Z", False, "tomorrow 00:00"),
    ],
)
def test_a_moment_has_its_time(due_at: str, overdue: bool, label: str) -> None:
    assert due_label(followup(due_at, "Asia/Tokyo", overdue=overdue), CLOCK) == label


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 20), "yesterday"),
        (date(2026, 11, 21), "today"),
        (date(2026, 11, 22), "tomorrow"),
        (date(2026, 11, 24), "Tue 24 Nov"),
        (date(2027, 1, 1), "Fri 1 Jan 2027"),
    ],
)
def test_a_day_has_a_name(day: date, label: str) -> None:
    assert day_label(day, CLOCK) == label


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 minute"),
        (119, "1 minute"),
        (120, "2 minutes"),
        (3600, "1 hour"),
        (47 * 3600 + 3599, "47 hours"),
        (48 * 3600, "2 days"),
        (13 * 86_400, "13 days"),
        (14 * 86_400, "2 weeks"),
        (61 * 86_400, "2 months"),
        (731 * 86_400, "2 years"),
    ],
)
def test_how_long(seconds: int, said: str) -> None:
    assert stretch(seconds) == said

"""Moments as people speak of them: "3 days ago", "due tomorrow", "Tue 24 Nov"."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.clock import instant as stored
from crmcli.kernel.days import MONTHS, WEEKDAYS


def ago(instant: datetime, clock: Clock, *, whole_day: bool | None = None) -> str:
    """Return how far an instant lies from now: "just now", "5 minutes ago", "today 15:00", "yesterday", "in 2 days".

    Days are counted on the calendar of the clock's zone. A `whole_day` shows no time; unless it is told, local midnight
    stands for one.
    """
    seconds = int((instant - clock.now()).total_seconds())
    local = clock.local(instant)
    if whole_day is None:
        whole_day = local.hour == local.minute == local.second == 0
    if not whole_day and abs(seconds) < 60:
        return "just now" if seconds <= 0 else "in a moment"
    if not whole_day and abs(seconds) < 3600:
        return _away(abs(seconds) // 60, "minute", seconds)
    days = (local.date() - clock.today()).days
    return _days_away(days) if days or whole_day else f"today {local:%H:%M}"


def stretch(seconds: int) -> str:
    """Return a length of time in a unit that suits it: "5 minutes", "3 hours", "2 days", "5 weeks"; 0 is a minute."""
    if seconds < 3600:
        return _amount(max(seconds // 60, 1), "minute")
    if seconds < 48 * 3600:
        return _amount(seconds // 3600, "hour")
    return _days(seconds // 86_400)


def _days_away(days: int) -> str:
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    return f"in {_days(days)}" if days > 0 else f"{_days(-days)} ago"


def _days(count: int) -> str:
    if count < 14:
        return _amount(count, "day")
    if count < 61:
        return _amount(count // 7, "week")
    if count < 731:
        return _amount(count * 48 // 1461, "month")
    return _amount(count * 4 // 1461, "year")


def _away(count: int, unit: str, direction: int) -> str:
    amount = _amount(count, unit)
    return f"in {amount}" if direction > 0 else f"{amount} ago"


def _amount(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


# A follow-up is told by what its record holds: `due_at`, `all_day`, the `timezone` that is meant, and `overdue`.


def due_day(followup: Mapping[str, Any], clock: Clock) -> date:
    """Return the day on which a follow-up is due: of a moment that in the clock's zone, of a whole day that named."""
    moment, zone = stored(followup["due_at"]), followup["timezone"]
    if followup["all_day"] and zone not in (None, clock.zone_name):
        # It began at midnight where it is meant, which is another day or time here.
        return Clock(clock.now(), zone).local(moment).date()
    return clock.local(moment).date()


def due_label(followup: Mapping[str, Any], clock: Clock) -> str:
    """Return when a follow-up is due, for a list: "3 days overdue", "since 09:30", "today 15:00", "Thu 26 Nov"."""
    if followup["overdue"]:
        return due_phrase(followup, clock).removeprefix("overdue ")
    if followup["all_day"]:
        return day_label(max(due_day(followup, clock), clock.today()), clock)
    return f"{day_label(due_day(followup, clock), clock)} {clock.local(stored(followup['due_at'])):%H:%M}"


def due_phrase(followup: Mapping[str, Any], clock: Clock) -> str:
    """Return when a follow-up is due: "due today 15:00", "due in 3 days", "overdue since yesterday", "3 days overdue".

    A whole day that is over here while it lasts where it is meant is due today; the other way round it is overdue.
    """
    if followup["all_day"]:
        days = (due_day(followup, clock) - clock.today()).days
        phrase = _days_away(min(days, 0) if followup["overdue"] else max(days, 0))
    else:
        phrase = ago(stored(followup["due_at"]), clock, whole_day=False)
    if not followup["overdue"]:
        return "due now" if phrase == "just now" else f"due {phrase}"
    if phrase.endswith(" ago"):
        return f"{phrase.removesuffix(' ago')} overdue"
    return "due now" if phrase == "just now" else f"overdue since {phrase.removeprefix('today ')}"


def day_label(day: date, clock: Clock) -> str:
    """Return a short name of a day: "today", "tomorrow", "yesterday", "Tue 24 Nov", with its year when not this one."""
    today = clock.today()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    return near or date_label(day, clock)


def date_label(day: date, clock: Clock) -> str:
    """Return "Tue 24 Nov", with its year when not this one."""
    label = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return label if day.year == clock.today().year else f"{label} {day.year}"


def moment_label(instant: datetime, clock: Clock) -> str:
    """Return when something was: "Tue 24 Nov 15:00", with its year when not this one."""
    local = clock.local(instant)
    return f"{date_label(local.date(), clock)} {local:%H:%M}"

"""Moments as people speak of them: "3 days ago", "due tomorrow", "Tue 24 Nov"."""

from datetime import date, datetime

from crmcli.kernel.clock import Clock
from crmcli.kernel.days import MONTHS, WEEKDAYS


def ago(instant: datetime, clock: Clock) -> str:
    """Return how far an instant lies from now: "just now", "5 minutes ago", "today 15:00", "yesterday", "in 2 days".

    Days are counted on the calendar of the clock's zone. Local midnight stands for a whole day, and shows no time.
    """
    seconds = int((instant - clock.now()).total_seconds())
    local = clock.local(instant)
    whole_day = local.hour == local.minute == local.second == 0
    if not whole_day and abs(seconds) < 60:
        return "just now" if seconds <= 0 else "in a moment"
    if not whole_day and abs(seconds) < 3600:
        return _away(abs(seconds) // 60, "minute", seconds)
    days = (local.date() - clock.today()).days
    if days == 0:
        return "today" if whole_day else f"today {local:%H:%M}"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    count = abs(days)
    if count < 14:
        return _away(count, "day", days)
    if count < 61:
        return _away(count // 7, "week", days)
    if count < 731:
        return _away(count * 48 // 1461, "month", days)
    return _away(count * 4 // 1461, "year", days)


def _away(count: int, unit: str, direction: int) -> str:
    amount = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"in {amount}" if direction > 0 else f"{amount} ago"


def due_phrase(instant: datetime, clock: Clock) -> str:
    """Return when something is due: "due today 15:00", "due in 3 days", "overdue since yesterday", "3 days overdue"."""
    phrase = ago(instant, clock)
    local = clock.local(instant)
    if local.hour == local.minute == local.second == 0 and local.date() == clock.today():
        return "due today"
    if instant > clock.now():
        return f"due {phrase}"
    if phrase.endswith(" ago"):
        return f"{phrase.removesuffix(' ago')} overdue"
    return "due now" if phrase == "just now" else f"overdue since {phrase.removeprefix('today ')}"


def day_label(day: date, clock: Clock) -> str:
    """Return a short name of a day: "today", "tomorrow", "yesterday", "Tue 24 Nov", with its year when not this one."""
    today = clock.today()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    if near:
        return near
    label = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return label if day.year == today.year else f"{label} {day.year}"

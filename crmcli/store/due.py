"""When a follow-up is overdue, due today, this week or later: one rule, for Python and for SQL; and how it repeats.

A follow-up for a whole day holds the midnight at which that day begins where it is meant, and is overdue when the day
is over, not when it begins.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.rulewords import words
from crmcli.store.connection import Row

BUCKETS = ("overdue", "today", "week", "later")
"""In the order of the queue; the week ends on Sunday."""

# The last second of the shortest day there is, the one on which clocks go forward.
SHORTEST_DAY = timedelta(hours=22, minutes=59, seconds=59)


class Horizon(NamedTuple):
    """The stored instants that part the buckets.

    `now` is the moment; a whole day that began before `day` is over; `tomorrow` and `monday` are the next day and the
    next week in the person's zone.
    """

    now: str
    day: str
    tomorrow: str
    monday: str


def horizon(clock: Clock) -> Horizon:
    """The horizon of a clock."""
    now, today = clock.now(), clock.today()
    # In the zone of the clock a day is over at midnight; one meant elsewhere began earlier or later than here.
    day = min(clock.midnight(today), now - SHORTEST_DAY)
    tomorrow = clock.end_of(today)
    monday = clock.midnight(today + timedelta(days=7 - today.weekday()))
    return Horizon(stamp(now), stamp(day), stamp(tomorrow), stamp(monday))


def bucket(row: Row, at: Horizon) -> str:
    """Which of BUCKETS a follow-up, taken as open, is in."""
    if row["due_at"] < (at.day if row["all_day"] else at.now):
        return "overdue"
    if row["due_at"] < at.tomorrow:
        return "today"
    return "week" if row["due_at"] < at.monday else "later"


def condition(name: str, at: Horizon) -> tuple[str, list[object]]:
    """The same in SQL: one range of `followup.due_at`, and for the two first buckets what parts them within it."""
    due = "followup.due_at"
    if name == "overdue":
        return f"{due} < ? AND (followup.all_day = 0 OR {due} < ?)", [at.now, at.day]
    if name == "today":
        return f"{due} >= ? AND {due} < ? AND (followup.all_day = 1 OR {due} >= ?)", [at.day, at.tomorrow, at.now]
    if name == "week":
        return f"{due} >= ? AND {due} < ?", [at.tomorrow, at.monday]
    return f"{due} >= ?", [at.monday]


def recurrence(row: Row) -> dict[str, Any] | None:
    """How the follow-up of a row repeats: `rule`, `words`, `from` and `workdays`; None for one that does not."""
    rule, start = row["recurrence"], row["recurs_from"]
    return rule and {"rule": rule, "words": words(rule, start), "from": start, "workdays": row["workdays"]}

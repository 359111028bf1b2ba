"""When a follow-up is due: the three columns that say so, from a moment, or from a day and a time of day."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from crmcli.kernel import dates
from crmcli.kernel.clock import Clock, instant, stamp

Columns = dict[str, Any]


def in_zone(clock: Clock, zone: str | None) -> Clock:
    """The same moment seen from a zone; from the clock's own for None."""
    return clock if zone is None or zone == clock.zone_name else Clock(clock.now(), zone)


def columns(when: dates.When, clock: Clock) -> Columns:
    """The columns of a moment that was understood."""
    return {"due_at": stamp(when.instant), "all_day": int(when.time is None), "timezone": clock.zone_name}


def wall(row: Mapping[str, Any], clock: Clock) -> tuple[date, time | None]:
    """The day and the time of day that such columns say, in the zone that is meant; no time for a whole day."""
    local = in_zone(clock, row["timezone"]).local(instant(row["due_at"]))
    return local.date(), None if row["all_day"] else local.time()


def on(day: date, at: time | None, clock: Clock) -> tuple[Columns, str]:
    """The columns of a day and a time of day in the zone of a clock, and a note when clocks change then."""
    moment, note = clock.combine(day, at or time())
    return columns(dates.When(day, at, moment, note), clock), note if at else ""


def is_over(due: Columns, clock: Clock) -> bool:
    """Whether a time has come, or a whole day is over."""
    here = in_zone(clock, due["timezone"])
    moment = instant(due["due_at"])
    return here.local(moment).date() < here.today() if due["all_day"] else moment <= clock.now()

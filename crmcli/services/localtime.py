"""The time of day on the other side."""

from datetime import datetime, timedelta
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import CrmError

NIGHT, MORNING, WORK, EVENING = 22, 6, 9, 18


def local_time(zone: str | None, moment: datetime) -> dict[str, Any] | None:
    """A moment as seen from a zone: `timezone`, `date`, `time`, `utc_offset` and `part_of_day`.

    None without a zone, and for one that this machine does not know.
    """
    if not zone:
        return None
    try:
        there = Clock(moment, zone).local(moment)
    except CrmError:
        return None
    offset = there.utcoffset() or timedelta()
    sign, minutes = "-" if offset < timedelta() else "+", abs(int(offset.total_seconds())) // 60
    return {
        "timezone": zone,
        "date": there.date().isoformat(),
        "time": f"{there:%H:%M}",
        "utc_offset": f"{sign}{minutes // 60:02d}:{minutes % 60:02d}",
        "part_of_day": part_of_day(there),
    }


def part_of_day(there: datetime) -> str:
    """What a local time means for calling: night, morning, working_hours, weekend or evening."""
    if not MORNING <= there.hour < NIGHT:
        return "night"
    if there.hour >= EVENING:
        return "evening"
    if there.weekday() >= 5:
        return "weekend"
    return "working_hours" if there.hour >= WORK else "morning"

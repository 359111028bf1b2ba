"""One moment and one zone for a whole command.

Times are aware UTC datetimes of whole seconds in Python and fixed-width UTC text in storage. A `Clock` never ticks, so
that everything a command computes agrees, and `CRM_NOW` can evaluate any command as of another moment.
"""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from importlib import import_module
from typing import Any

from crmcli.kernel.errors import UsageError

UTC_NAMES = frozenset({"utc", "etc/utc", "uct", "etc/uct", "zulu", "etc/zulu", "universal", "etc/universal"})
"""Lower-case IANA spellings of UTC; all of them become "UTC"."""

_ZONEINFO = "/usr/share/zoneinfo"
_MIDNIGHT = time()
EARLIEST, LATEST = 1000, 9000
"""The years that CRM_NOW may name: far enough from the ends of the calendar to count from."""


class Clock:
    """A fixed moment seen from one zone.

    Args:
        now: the moment, aware; the current one when absent.
        zone_name: an IANA name; it is looked up only when local time is first needed.

    Raises:
        ValueError: `now` is naive.
    """

    __slots__ = ("_now", "_zone", "zone_name")

    def __init__(self, now: datetime | None = None, zone_name: str = "UTC") -> None:
        if now is not None and now.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        moment = datetime.now(UTC) if now is None else now.astimezone(UTC)
        self._now = moment.replace(microsecond=0)
        self._zone: tzinfo | None = UTC if zone_name == "UTC" else None
        self.zone_name = zone_name

    def now(self) -> datetime:
        """Return the clock's moment, aware UTC in whole seconds; always the same."""
        return self._now

    @property
    def zone(self) -> tzinfo:
        """The zone itself. Raises UsageError when its name is unknown to this machine."""
        if self._zone is None:
            zone: tzinfo = _zones().load(self.zone_name)
            self._zone = zone
        return self._zone

    def local(self, dt: datetime) -> datetime:
        """Return an aware datetime as seen in the zone; in UTC where that would leave years 1 to 9999."""
        try:
            return dt.astimezone(self.zone)
        except OverflowError:
            return dt.astimezone(UTC)

    def today(self) -> date:
        """Return the date in the zone."""
        return self.local(self._now).date()

    def midnight(self, day: date) -> datetime:
        """Return the UTC instant at which `day` begins in the zone. Raises UsageError beyond the calendar."""
        return self.combine(day, _MIDNIGHT)[0]

    def end_of(self, day: date) -> datetime:
        """Return the UTC instant at which the next day begins; after the calendar's last day, its last second."""
        if day == date.max:
            return datetime.max.replace(microsecond=0, tzinfo=UTC)
        return self.midnight(day + timedelta(days=1))

    def combine(self, day: date, wall: time) -> tuple[datetime, str]:
        """Turn a wall time into a UTC instant.

        Returns:
            The instant, and a note when the zone's clocks change then: a time that is skipped moves forward by the gap,
            one that comes twice means the first. The note is "" otherwise.

        Raises:
            UsageError: the instant lies beyond years 1 to 9999.
        """
        zone = self.zone
        there = datetime.combine(day, wall, tzinfo=zone)
        if zone is UTC:
            return there, ""
        try:
            instant = there.astimezone(UTC)
            back = instant.astimezone(zone)
        except OverflowError:
            raise UsageError(
                f"{day} in {self.zone_name} is beyond the calendar", "years 1 to 9999 exist here"
            ) from None
        if back.replace(tzinfo=None) != there.replace(tzinfo=None):
            meant = f"{back:%H:%M}" if back.date() == day else f"{back.date()} {back:%H:%M}"
            return instant, f"{wall:%H:%M} does not exist on {day} in {self.zone_name}; {meant} is meant"
        if there.utcoffset() != there.replace(fold=1).utcoffset():
            return instant, f"{wall:%H:%M} comes twice on {day} in {self.zone_name}; the first is meant"
        return instant, ""


def clock_from_environment(environ: Mapping[str, str], zone_name: str) -> Clock:
    """Return the clock of a command: at CRM_NOW when that is set (naive means in the zone), else at this moment.

    Raises:
        UsageError: CRM_NOW is not an ISO instant, or so early or late that days before and after it do not exist.
    """
    text = environ.get("CRM_NOW", "").strip()
    if not text:
        return Clock(None, zone_name)
    try:
        moment = datetime.fromisoformat(text)
        if not EARLIEST <= moment.year <= LATEST:
            raise ValueError
        if moment.tzinfo is not None:
            return Clock(moment, zone_name)
    except (ValueError, OverflowError):
        hint = f"an ISO instant such as 2026-12-01T14:00:00Z, of the years {EARLIEST} to {LATEST}"
        raise UsageError(f"CRM_NOW is {text[:40]!r}, which is not a moment", hint) from None
    return Clock(Clock(None, zone_name).combine(moment.date(), moment.time())[0], zone_name)


def system_zone(environ: Mapping[str, str], etc: str = "/etc") -> str:
    """Return the machine's IANA zone from TZ, /etc/timezone or the /etc/localtime link; "UTC" when unknown."""
    if "TZ" in environ:
        # A TZ that names no zone ("CET-1CEST") still overrides the machine's: looking further would contradict it.
        return _usable(environ["TZ"].removeprefix(":"))
    try:
        with open(os.path.join(etc, "timezone"), encoding="ascii") as file:
            name = _usable(file.readline(100))
    except (OSError, ValueError):
        name = "UTC"
    if name != "UTC":
        return name
    return _usable(os.path.realpath(os.path.join(etc, "localtime")))


def names_a_zone(text: str) -> bool:
    """Whether a value of TZ names an IANA zone of this machine; where it does not, `system_zone` takes it for UTC."""
    plain = text.removeprefix(":").strip().rpartition("zoneinfo/")[2]
    return plain.lower() in UTC_NAMES | {"utc0"} or _usable(plain) != "UTC"


def _usable(text: str) -> str:
    """Return the zone that a TZ value, a line or a path names; "UTC" when it names none that this machine has."""
    name = text.strip().rpartition("zoneinfo/")[2]
    if not name or name.lower() in UTC_NAMES or name.startswith(("/", "posix/", "right/")) or ".." in name:
        return "UTC"
    if not name.isascii() or not name.isprintable() or " " in name:
        return "UTC"
    if os.path.isdir(_ZONEINFO):
        return name if os.path.isfile(os.path.join(_ZONEINFO, name)) else "UTC"
    return name if "/" in name else "UTC"


def stamp(dt: datetime) -> str:
    """Return an aware datetime as stored: fixed-width UTC text, 'YYYY-MM-DDTHH:MM:SSZ', fractions cut off."""
    if dt.tzinfo is not UTC:
        if dt.tzinfo is None:
            raise ValueError("only an aware datetime can be stored")
        dt = dt.astimezone(UTC)
    return dt.isoformat()[:19] + "Z"


def instant(text: str) -> datetime:
    """Return the aware UTC datetime of a stored stamp. Raises ValueError for anything else."""
    if len(text) != 20 or text[19] != "Z":
        raise ValueError(f"{text[:40]!r} is not a stored instant")
    return datetime.fromisoformat(text)


def check_zone(name: str) -> str:
    """Return the canonical spelling of an IANA zone name.

    Raises:
        UsageError: there is no such zone; the hint names the nearest.
    """
    if name.lower() in UTC_NAMES:
        return "UTC"
    known: str = _zones().check(name)
    return known


def _zones() -> Any:
    # zoneinfo costs as much as a third of a bare interpreter's start, and a clock in UTC never needs it.
    return import_module("crmcli.kernel.zones")

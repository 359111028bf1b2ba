"""Time zones of a calendar: by their IANA names, by those of Windows, or by the rules that the file itself brings.

Source: RFC 5545, section 3.6.5 (VTIMEZONE).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple, Protocol

from crmcli.importers.calendar_parts import Entry, Moment, instants, properties
from crmcli.importers.calendar_windows import ZONES
from crmcli.importers.source import Source
from crmcli.kernel import zones
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.kernel.rrules import Rule, Steps, days, parse

MOST = 300
"""Zones that are looked up; no honest file names more."""


class Zone(Protocol):
    """What turns a wall time into an instant. `name` is its IANA name, "" when it has none."""

    @property
    def name(self) -> str:
        """The IANA name."""

    def utc(self, wall: datetime) -> datetime:
        """The instant of a wall time. Raises ValueError beyond the calendar."""


class Named:
    """A zone that the machine knows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._clock = Clock(None, name)

    def utc(self, wall: datetime) -> datetime:
        """The instant of a wall time. Raises ValueError beyond the calendar."""
        try:
            return self._clock.combine(wall.date(), wall.time())[0].astimezone(UTC)
        except (UsageError, OverflowError) as error:
            raise ValueError("its time is beyond the calendar") from error


class Onset(NamedTuple):
    """When an offset from UTC begins to hold, by the wall clock: once, or again and again."""

    start: datetime
    offset: timedelta
    before: timedelta
    rule: Rule | None
    others: tuple[datetime, ...]


class Ruled:
    """A zone by the rules of a VTIMEZONE."""

    name = ""

    def __init__(self, onsets: Sequence[Onset]) -> None:
        self.onsets = onsets
        self._before = min(onsets, key=lambda onset: onset.start).before
        self._years: dict[int, list[tuple[datetime, timedelta]]] = {}

    def utc(self, wall: datetime) -> datetime:
        """The instant of a wall time. Raises ValueError beyond the calendar."""
        if wall.year not in self._years:
            self._years[wall.year] = self._changes(wall.year)
        changes = self._years[wall.year]
        place = bisect_right(changes, wall, key=lambda change: change[0])
        offset = changes[place - 1][1] if place else self._before
        try:
            return wall.replace(tzinfo=timezone(offset)).astimezone(UTC)
        except OverflowError as error:
            raise ValueError("its time is beyond the calendar") from error

    def _changes(self, year: int) -> list[tuple[datetime, timedelta]]:
        """The changes of a year, and the last ones before it, in order."""
        end = date(min(year, 9998) + 1, 1, 1)
        begin = date(max(year - 2, 1), 1, 1)
        found = []
        for onset in self.onsets:
            starts = [start for start in (onset.start, *onset.others) if start.date() <= end]
            if onset.rule is not None:
                until = min(end, _until(onset.rule, end))
                repeated = days(onset.rule, onset.start.date(), until, Steps(3000), begin)
                starts += [datetime.combine(day, onset.start.time()) for day in repeated]
            found += [(start, onset.offset) for start in starts]
        return sorted(found)


def _until(rule: Rule, usual: date) -> date:
    try:
        return datetime.strptime(rule.until[:8], "%Y%m%d").date() if rule.until else usual
    except ValueError:
        return usual


class Zones:
    """The zones that the entries of a file name.

    Args:
        source: whose zone holds where none is named.
        described: the VTIMEZONE entries of the file, by their identifiers.
    """

    def __init__(self, source: Source, described: Mapping[str, Entry]) -> None:
        self.source = source
        self.own = Named(source.zone)
        self._described = described
        self._found: dict[str, Zone] = {}

    def find(self, name: str) -> Zone:
        """The zone that an entry names; the person's own for none, and for one that nobody knows."""
        if not name:
            return self.own
        if name not in self._found:
            self._found[name] = self._look(name) if len(self._found) < MOST else self.own
        return self._found[name]

    def utc(self, moment: Moment) -> datetime:
        """The instant of a moment. Raises ValueError beyond the calendar."""
        return moment.wall.replace(tzinfo=UTC) if moment.utc else self.find(moment.zone).utc(moment.wall)

    def _look(self, name: str) -> Zone:
        entry = self._described.get(name)
        places = [name, ZONES.get(name, "")]
        # Some programs put a path before the name: /freeassociation.sourceforge.net/Tzfile/Europe/Berlin.
        words = name.strip("/").split("/")
        places += ["/".join(words[-3:]), "/".join(words[-2:])] if len(words) > 2 else []
        if entry is not None:
            places += [one.text() for one in properties(entry) if one.key == "X-LIC-LOCATION"]
        for place in places:
            if place and zones.find(place) is not None:
                return Named(place)
        ruled = _ruled(entry) if entry is not None else None
        if ruled is not None:
            return ruled
        self.source.note(f"the time zone '{name[:60]}' is not known; its times are taken for those of {self.own.name}")
        return self.own


def _ruled(entry: Entry) -> Ruled | None:
    """The zone that an entry describes; None when it describes none."""
    onsets = []
    for part in entry.parts():
        found = {one.key: one for one in reversed(properties(part))}
        try:
            start = instants(found["DTSTART"])[0].wall
            offset, before = _offset(found["TZOFFSETTO"].text()), _offset(found["TZOFFSETFROM"].text())
            rule = parse(found["RRULE"].value) if "RRULE" in found else None
            if rule is not None and rule.frequency != "YEARLY":
                continue
            others = tuple(moment.wall for moment in instants(found["RDATE"])) if "RDATE" in found else ()
        except (KeyError, ValueError, IndexError):
            continue
        onsets.append(Onset(start, offset, before, rule, others))
    return Ruled(onsets) if onsets else None


def _offset(text: str) -> timedelta:
    """An offset from UTC, such as +0530 (RFC 5545, section 3.3.14)."""
    sign, digits = text[:1], text[1:].replace(":", "")
    if sign not in "+-" or not digits.isdecimal() or len(digits) not in (4, 6):
        raise ValueError(text)
    found = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:] or 0))
    if found >= timedelta(hours=24):
        raise ValueError(text)
    return -found if sign == "-" else found

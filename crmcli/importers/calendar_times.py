"""When an entry of a calendar takes place: once, or as often as it repeats."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmcli.importers.calendar_parts import Moment, duration, instants
from crmcli.importers.calendar_zones import Zones
from crmcli.kernel.contentlines import Property
from crmcli.kernel.rrules import Rule, Steps, days, parse

YEARS_BACK = timedelta(days=3653)
YEARS_AHEAD = timedelta(days=731)
MOST_PAST = 1000
"""Past occurrences of one entry that are read: the last ones."""
_DAY = timedelta(days=1)


class Time(NamedTuple):
    """One time that an entry takes place: its beginning and end, and the stamp that names it among the others."""

    start: datetime
    end: datetime
    all_day: bool
    stamp: str


class Span(NamedTuple):
    """When an entry begins, and how long it lasts."""

    start: Moment
    length: timedelta
    days: int


def span(found: dict[str, Property], zones: Zones) -> Span:
    """The beginning and length of an event. Raises ValueError when it has no beginning."""
    if "DTSTART" not in found:
        raise ValueError("it has no beginning (DTSTART)")
    start = one(found["DTSTART"])
    if "DTEND" in found:
        end = one(found["DTEND"])
        length = zones.utc(end) - zones.utc(start)
        return Span(start, max(length, timedelta()), max(1, (end.wall.date() - start.wall.date()).days))
    length = duration(found["DURATION"].text()) if "DURATION" in found else timedelta()
    return Span(start, max(length, timedelta()), max(1, length.days))


def one(found: Property) -> Moment:
    """The one time of a property. Raises ValueError when there is none."""
    times = instants(found)
    if not times:
        raise ValueError(f"its {found.key} is empty")
    return times[0]


def named(moment: Moment, zones: Zones) -> str:
    """The stamp of a time: what a RECURRENCE-ID says of it, in whatever zone it was written."""
    return _stamp(moment, zones.utc(moment))


def _stamp(moment: Moment, begin: datetime) -> str:
    return f"{moment.wall:%Y%m%d}" if moment.all_day else f"{begin:%Y%m%dT%H%M%SZ}"


def single(about: Span, zones: Zones, stamp: str = "") -> Time:
    """The time of an entry that does not repeat. Raises ValueError beyond the calendar."""
    return _time(about, about.start, zones.utc(about.start), zones, stamp)


def _time(about: Span, start: Moment, begin: datetime, zones: Zones, stamp: str) -> Time:
    try:
        if not start.all_day:
            return Time(begin, begin + about.length, False, stamp)
        return Time(begin, zones.utc(start._replace(wall=start.wall + about.days * _DAY)), True, stamp)
    except OverflowError as error:
        raise ValueError("its end is beyond the calendar") from error


def repeated(
    about: Span, properties: Sequence[Property], zones: Zones, others: set[str], now: datetime, steps: Steps
) -> tuple[list[Time], Time | None, int]:
    """The past times of an entry that repeats, the next one, and how many past ones were left out.

    Args:
        about: its first time.
        properties: all of its properties.
        zones: of the file.
        others: the stamps of those times that are entries of their own.
        now: what divides past and future.
        steps: what is left of the work that the file may make.

    Raises:
        ValueError: a rule that is none, is not understood or makes too much work.
    """
    # A whole day that is left out stands for whatever is on it.
    out = {named(moment, zones) for found in properties if found.key == "EXDATE" for moment in instants(found)}
    past: list[Time] = []
    coming = None
    for begin, start in _starts(about, properties, zones, now, steps):
        stamp = _stamp(start, begin)
        if stamp in out or stamp in others or f"{start.wall:%Y%m%d}" in out:
            continue
        found = _time(about, start, begin, zones, stamp)
        if found.end > now:
            coming = found
            break
        past.append(found)
    return past[-MOST_PAST:], coming, max(0, len(past) - MOST_PAST)


def _starts(
    about: Span, properties: Sequence[Property], zones: Zones, now: datetime, steps: Steps
) -> list[tuple[datetime, Moment]]:
    """The beginnings within the years that are looked at, in order, each once: the instant and how it is written."""
    first, last = (now - YEARS_BACK).date(), (now + YEARS_AHEAD).date()
    rules = [parse(found.value) for found in properties if found.key == "RRULE"][:10]
    starts: dict[datetime, Moment] = {}
    for rule in rules:
        for wall in _walls(about, rule, zones, first, last, steps):
            start = about.start._replace(wall=wall)
            starts[zones.utc(start)] = start
    dates = [moment for found in properties if found.key == "RDATE" for moment in instants(found)]
    for moment in dates if rules else [about.start, *dates]:
        starts.setdefault(zones.utc(moment), moment)
    return sorted((begin, start) for begin, start in starts.items() if first <= start.wall.date() <= last)


def _walls(about: Span, rule: Rule, zones: Zones, first: date, last: date, steps: Steps) -> Iterator[datetime]:
    """The wall times of a rule that lie within the years that are looked at."""
    start = about.start
    until = one(Property("", "UNTIL", "", rule.until)) if rule.until else None
    for day in days(rule, start.wall.date(), last, steps, first):
        wall = datetime.combine(day, start.wall.time())
        if until is not None and _is_after(wall, start, until, zones):
            return
        if day >= first:
            yield wall


def _is_after(wall: datetime, start: Moment, until: Moment, zones: Zones) -> bool:
    if until.all_day:
        return wall.date() > until.wall.date()
    here = zones.utc(start._replace(wall=wall)).replace(tzinfo=None) if until.utc else wall
    return here > until.wall

"""The entries of a calendar, cut out of the file one by one, their properties, and the times in them.

Source: RFC 5545, sections 3.1 (content lines), 3.3.4 to 3.3.6 and 3.3.9 (times). Each entry is read by itself, so that
a broken one costs nothing but itself.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmcli.importers.source import Source
from crmcli.kernel import contentlines
from crmcli.kernel.contentlines import Property

LARGEST = 8_000_000
"""Characters of an entry."""
MOST_PROPERTIES = 3000
LONGEST_LINE = 2_000_000
MOST_OPEN = 1000
"""Entries one after the other that have no end; what begins after them is taken for text of the last."""
KINDS = ("VEVENT", "VTODO", "VTIMEZONE", "VJOURNAL", "VFREEBUSY")
_BEGINNINGS, _ENDS = ("BEGIN:STANDARD", "BEGIN:DAYLIGHT"), ("END:STANDARD", "END:DAYLIGHT")
_FOLD = re.compile(r"\r?\n[ \t]|\r[ \t]")
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?(Z)?)?", re.ASCII)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?",
    re.ASCII | re.IGNORECASE,
)


class Entry(NamedTuple):
    """An entry: its kind, the number of its first line, its text, and what is wrong with it ("" for nothing)."""

    kind: str
    place: int
    text: str
    problem: str = ""

    def parts(self) -> list["Entry"]:
        """The parts of a time zone, STANDARD and DAYLIGHT, as entries."""
        found: list[Entry] = []
        lines: list[str] = []
        for line in _unfolded(self.text):
            word = line.strip().upper()
            if word in _BEGINNINGS:
                lines = [line]
            elif lines:
                lines.append(line)
                if word in _ENDS:
                    found.append(Entry(word[4:], self.place, "\n".join(lines)))
                    lines = []
        return found[:100]


class Moment(NamedTuple):
    """A time as it is written: by the wall clock, of a zone that is named ("" for none) or UTC, or a whole day."""

    wall: datetime
    zone: str
    utc: bool
    all_day: bool


def entries(source: Source) -> Iterator[Entry]:
    """The entries of a file, as they end. One without an end is there with its problem."""
    kind, place, size, open_ = "", 0, 0, 0
    lines: list[str] = []

    def made(problem: str = "") -> Entry:
        if size > LARGEST:
            problem = f"it has more than {LARGEST:,} characters"
        elif open_ > MOST_OPEN:
            problem = f"it has no END:{kind}, nor have the {MOST_OPEN:,} before it, nor those within it"
        return Entry(kind, place, "".join(lines), problem)

    for number, line in enumerate(source.lines(), 1):
        word = line[:30].strip().upper() if line[:4].upper() in ("BEGI", "END:") else ""
        begins = word[6:] if word.startswith("BEGIN:") and word[6:] in KINDS else ""
        if kind and (begins or word == "END:VCALENDAR"):
            open_ += 1
            if open_ <= MOST_OPEN or not begins:
                yield made(f"it has no END:{kind}")
                kind = ""
            else:
                begins = ""
        if begins:
            kind, place, size, lines = begins, number, 0, []
        if kind:
            size += len(line)
            if size <= LARGEST:
                lines.append(line)
            if word == f"END:{kind}":
                yield made()
                kind, open_ = "", 0
    if kind:
        yield made(f"it has no END:{kind}")


def _unfolded(text: str) -> list[str]:
    return _FOLD.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def properties(entry: Entry) -> list[Property]:
    """The properties of an entry, without those of alarms and the like within it.

    Raises:
        ValueError: there are more than any honest entry has.
    """
    found: list[Property] = []
    depth = 0
    for line in _unfolded(entry.text):
        word = line[:6].upper()
        if word == "BEGIN:":
            depth += 1
        elif word[:4] == "END:":
            depth -= 1
        elif depth == 1 and line[:6].upper() != "ATTACH" and len(line) <= LONGEST_LINE:
            made = contentlines.parse(line)
            if made is not None:
                found.append(made)
                if len(found) > MOST_PROPERTIES:
                    raise ValueError(f"it has more than {MOST_PROPERTIES:,} properties")
    return found


def instants(one: Property) -> list[Moment]:
    """The times that a property holds; of a period its beginning. Raises ValueError for what is no time."""
    zone = one.param("TZID").strip()
    return [_moment(text, zone) for text in one.text().split(",")[:1000] if text.strip()]


def _moment(text: str, zone: str) -> Moment:
    found = _TIME.match(text.strip())
    if found is None:
        raise ValueError(f"'{text.strip()[:40]}' is no time")
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        if hour is None:
            return Moment(
                datetime.combine(date(int(year), int(month), int(day)), datetime.min.time()), zone, False, True
            )
        # A minute of 61 seconds is written at some leaps.
        seconds = min(int(second or 0), 59)
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds)
    except ValueError as error:
        raise ValueError(f"'{text.strip()[:40]}' is no time") from error
    return Moment(wall, zone, utc is not None, False)


def duration(text: str) -> timedelta:
    """The length that a text such as PT1H30M tells. Raises ValueError for what is none."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        raise ValueError(f"'{text.strip()[:40]}' is no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length

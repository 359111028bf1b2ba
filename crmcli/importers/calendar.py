"""iCalendar: past events as meetings, events to come and tasks as follow-ups.

Source: RFC 5545. An event that is over becomes an interaction with its attendees; one that is still to come, or the
next time of one that repeats, a follow-up of the same uid, which the meeting closes when it was held.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Format, Item, Refused
from crmcli.importers.calendar_parts import Entry, duration, entries, properties
from crmcli.importers.calendar_people import sides
from crmcli.importers.calendar_times import YEARS_BACK, Span, Time, named, one, repeated, single, span
from crmcli.importers.calendar_zones import Zones
from crmcli.importers.mail import need_team
from crmcli.importers.mail_headers import short_id
from crmcli.importers.mail_html import text_of
from crmcli.importers.source import Source
from crmcli.kernel import contentlines
from crmcli.kernel.clock import stamp
from crmcli.kernel.contentlines import Property
from crmcli.kernel.errors import UsageError
from crmcli.kernel.rrules import Steps
from crmcli.model.enums import CHANNEL

MOST_STEPS = 300_000
"""Enough for forty daily meetings, or three hundred weekly ones, of ten years."""
MOST_ZONES = 500
LONGEST_SUBJECT = 1000
LONGEST_TEXT = 1_000_000
PLACE, REASON = "X-CRM-PLACE", "X-CRM-REASON"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "icalendar.invalid")
"""What the uids of entries are made in, so that the same entry always has the same."""
# RFC 5545, section 3.8.1.9: 1 is the highest, 5 the middle, 9 the lowest.
PRIORITIES = {"1": "urgent", "2": "high", "3": "high", "4": "high", "5": "normal"} | dict.fromkeys("6789", "low")
_PUBLISHED = "published"
_LEFT_OUT = {
    "VJOURNAL": "journal entries",
    "VFREEBUSY": "free/busy times",
    _PUBLISHED: "events that we published ourselves",
}
# Follow-ups and birthdays as events: `crmcli.exporters.calendar` gives them such UIDs.
_OURS = re.compile(r"^UID:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-(?:event|birthday)\s*$", re.MULTILINE)
_UUID = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:@.*)?")
_HTML = re.compile(r"<(?:br|p|a|div|span|ul|ol|html|b|table)\b", re.IGNORECASE)
_TOLD = re.compile(rf"^(?:{PLACE}|{REASON})[:;].*\r?\n(?:[ \t].*\r?\n)*", re.IGNORECASE | re.MULTILINE)
_RECURRENCE = re.compile(r"^RECURRENCE-ID", re.IGNORECASE | re.MULTILINE)
_PEOPLE = re.compile(r"^(?:ORGANIZER|ATTENDEE)", re.IGNORECASE | re.MULTILINE)

Values = dict[str, Any]


def match(source: Source) -> int:
    """CERTAIN when the file begins as a calendar does, LIKELY when one begins further on."""
    head = source.head.replace(b"\0", b"").upper()
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"BEGIN:VCALENDAR"):
        return CERTAIN
    return LIKELY if re.search(rb"(?:\A|[\r\n])BEGIN:(?:VCALENDAR|VEVENT|VTODO)\s*[\r\n]", head) else NO


def read(source: Source) -> Iterator[Item]:
    """The events and tasks of a file.

    Raises:
        UsageError: it is no calendar, or no address of the team is known and there are attendees.
    """
    yield from _Reader(source).items()


class _Reader:
    """One reading of a calendar: what its entries share."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.steps = Steps(MOST_STEPS)
        self.described: dict[str, Entry] = {}
        self.apart: dict[str, list[Property]] = {}
        self._stamps: dict[str, set[str]] = {}
        self.zones = Zones(source, self.described)

    def items(self) -> Iterator[Item]:
        """An item for each entry, and one for each time of an event that repeats."""
        self._survey()
        left_out = dict.fromkeys(_LEFT_OUT, 0)
        for entry in entries(self.source):
            kind = _PUBLISHED if _OURS.search(entry.text) else entry.kind
            if kind in left_out:
                left_out[kind] += 1
            elif entry.kind != "VTIMEZONE":
                yield from self._entry(entry)
        for kind, count in left_out.items():
            if count:
                self.source.note(f"{count} {_LEFT_OUT[kind]} of {self.source.name} are left out")

    def _survey(self) -> None:
        """Look through the file for what concerns other entries: zones, and times of series that were moved."""
        found = people = False
        for entry in entries(self.source):
            found = True
            if entry.problem:
                continue
            people = people or _PEOPLE.search(entry.text) is not None
            apart = entry.kind == "VEVENT" and _RECURRENCE.search(entry.text) is not None
            if not (entry.kind == "VTIMEZONE" or apart):
                continue
            try:
                named_by = _by_name(properties(entry))
            except ValueError:
                continue
            if "RECURRENCE-ID" in named_by:
                self.apart.setdefault(_text(named_by, "UID"), []).append(named_by["RECURRENCE-ID"])
            elif entry.kind == "VTIMEZONE" and len(self.described) < MOST_ZONES:
                self.described.setdefault(_text(named_by, "TZID"), entry)
        if not found and b"BEGIN:VCALENDAR" not in self.source.head.upper():
            raise UsageError(f"{self.source.name} holds no calendar", "a calendar begins with a line BEGIN:VCALENDAR")
        if people:
            need_team(self.source)

    def _entry(self, entry: Entry) -> Iterator[Item]:
        if entry.problem:
            yield Refused(entry.place, entry.text, entry.problem)
            return
        try:
            found = properties(entry)
            made = list(self._event(found, entry) if entry.kind == "VEVENT" else self._task(found, entry))
        except (ValueError, LookupError, OverflowError) as error:
            reason = str(error) if type(error) is ValueError else f"it cannot be read: {type(error).__name__}"
            yield Refused(entry.place, entry.text, reason)
        else:
            for noun, values in made:
                yield Draft(noun, {name: value for name, value in values.items() if value}, entry.place, entry.text)

    # --- events

    def _event(self, found: list[Property], entry: Entry) -> Iterator[tuple[str, Values]]:
        named_by = _by_name(found)
        about = span(named_by, self.zones)
        took_part = sides(found, self.source.team)
        cancelled = _text(named_by, "STATUS").upper() == "CANCELLED" or took_part.declined
        shared: Values = {
            "subject": _subject(named_by),
            "people": took_part.people,
            "team": took_part.team,
            "channel": "meeting",
        }
        text = _description(named_by)
        own = _identifier(named_by, entry)
        times = self._times(found, named_by, about, own)
        for time in times[-1:] if cancelled else times:
            of_time = {**shared, **_ids(own, time.stamp)}
            if cancelled or time.end > self.source.now:
                zone = self.zones.find(about.start.zone).name or self.source.zone
                due = {"due_at": stamp(time.start), "all_day": time.all_day, "timezone": zone}
                status = "cancelled" if cancelled else ""
                subject = shared["subject"] or "Meeting"
                yield "followup", {**of_time, **due, "subject": subject, "note": text, "status": status}
            else:
                length = 0 if time.all_day else int((time.end - time.start).total_seconds())
                happened = {"occurred_at": stamp(time.start), "duration": length, "outcome": "held", "body": text}
                yield "interaction", {**of_time, **happened, "direction": took_part.direction}

    def _times(self, found: list[Property], named_by: dict[str, Property], about: Span, own: str) -> list[Time]:
        """When an event takes place: once, or its past times and the next. Raises ValueError when it never does."""
        if "RECURRENCE-ID" in named_by:
            return [single(about, self.zones, named(one(named_by["RECURRENCE-ID"]), self.zones))]
        if "RRULE" not in named_by and "RDATE" not in named_by:
            return [single(about, self.zones)]
        past, coming, lost = repeated(about, found, self.zones, self._moved(own), self.source.now, self.steps)
        if lost:
            self.source.note(f"{lost} early times of '{_subject(named_by)[:40]}' are left out")
        times = [*past, *([coming] if coming else [])]
        if not times and about.start.wall.date() < (self.source.now - YEARS_BACK).date():
            times = [single(about, self.zones, named(about.start, self.zones))]  # it was over long ago
        if not times:
            raise ValueError("it takes place on no day, or on none of the next two years")
        return times

    def _moved(self, own: str) -> set[str]:
        """The stamps of those times of a series that are entries of their own."""
        if own not in self._stamps:
            self._stamps[own] = set()
            for apart in self.apart.get(own, ()):
                with suppress(ValueError):
                    self._stamps[own].add(named(one(apart), self.zones))
        return self._stamps[own]

    # --- tasks

    def _task(self, found: list[Property], entry: Entry) -> Iterator[tuple[str, Values]]:
        named_by = _by_name(found)
        took_part = sides(found, self.source.team)
        due, all_day, zone = self._due(named_by)
        status = _text(named_by, "STATUS").upper()
        completed = named_by.get("COMPLETED")
        channel = _text(named_by, "CATEGORIES").lower()
        done = status == "COMPLETED" or completed is not None or _text(named_by, "PERCENT-COMPLETE") == "100"
        yield (
            "followup",
            {
                "uid": _ids(_identifier(named_by, entry), "")["uid"],
                "subject": _subject(named_by) or "To do",
                "note": _description(named_by),
                "due_at": stamp(due),
                "all_day": all_day,
                "timezone": zone,
                "status": "cancelled" if status == "CANCELLED" else "done" if done else "",
                "closed_at": stamp(self.zones.utc(one(completed))) if completed else "",
                "priority": PRIORITIES.get(_text(named_by, "PRIORITY"), ""),
                "channel": channel if channel in CHANNEL else "",
                "outcome_note": _text(named_by, "COMMENT"),
                "people": took_part.people,
                "team": took_part.team,
            },
        )

    def _due(self, named_by: dict[str, Property]) -> tuple[datetime, bool, str]:
        """When a task is due, whether on a whole day, and in which zone. Raises ValueError when nothing says so."""
        for name in ("DUE", "DTSTART", "COMPLETED"):
            if name in named_by:
                moment = one(named_by[name])
                due = self.zones.utc(moment)
                if name == "DTSTART" and "DURATION" in named_by:
                    due += duration(named_by["DURATION"].text())
                return due, moment.all_day, self.zones.find(moment.zone).name or self.source.zone
        raise ValueError("it says of no day when it is due")


def _by_name(found: Iterable[Property]) -> dict[str, Property]:
    """The properties by their names, of several the first."""
    named: dict[str, Property] = {}
    for entry in found:
        named.setdefault(entry.key, entry)
    return named


def _text(named_by: dict[str, Property], name: str) -> str:
    return named_by[name].text() if name in named_by else ""


def _subject(named_by: dict[str, Property]) -> str:
    return " ".join(_text(named_by, "SUMMARY").split())[:LONGEST_SUBJECT]


def _description(named_by: dict[str, Property]) -> str:
    """The description, and where it takes place."""
    text = _text(named_by, "DESCRIPTION")
    text = text_of(text) if _HTML.search(text) else text.replace("\r\n", "\n").strip("\n")
    place = " ".join(_text(named_by, "LOCATION").split())
    return "\n\n".join(filter(None, (text, place and f"Location: {place}")))[:LONGEST_TEXT]


def _identifier(named_by: dict[str, Property], entry: Entry) -> str:
    """The UID of an entry; of one without the digest of its text."""
    return _text(named_by, "UID") or f"{sha256(entry.text.encode('utf-8', 'replace')).hexdigest()[:40]}@uid.invalid"


def _ids(own: str, time: str) -> Values:
    """What one time of an entry is known by."""
    name = f"{own}/{time}" if time else own
    found = _UUID.fullmatch(own) if not time else None
    uid = found[1].lower() if found else str(uuid.uuid5(NAMESPACE, name.encode("utf-8", "replace").decode()))
    return {"message_id": short_id(name), "uid": uid}


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """A calendar of the refused entries as they stand in the file, each with the number of its line and the reason."""
    zones = [entry.text for entry in entries(source) if entry.kind == "VTIMEZONE"][:MOST_ZONES]
    yield b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//crmcli//rejects//EN\r\n"
    for text in zones:
        yield _ended(text)
    for item in refused:
        first, _, rest = _TOLD.sub("", item.raw).partition("\n")
        told = contentlines.write(PLACE, str(item.place)) + contentlines.write(REASON, contentlines.escape(item.reason))
        text = f"{first.rstrip()}\r\n{told}{rest}".rstrip()
        if not text.upper().endswith(f"END:{first.strip()[6:].upper()}"):
            text += f"\r\nEND:{first.strip()[6:].upper()}"
        yield _ended(text)
    yield b"END:VCALENDAR\r\n"


def _ended(text: str) -> bytes:
    return text.rstrip("\r\n").encode("utf-8", "replace") + b"\r\n"


FORMATS = (Format("calendar", "iCalendar", "interaction", match, read, rejects),)

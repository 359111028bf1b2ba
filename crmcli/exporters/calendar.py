"""iCalendar (RFC 5545): follow-ups as things to do or as events, meetings as events, birthdays, for calendars.

Times are UTC, which every calendar shows in its reader's zone, on both sides of a change of the clocks; a follow-up for
a whole day is on that day where it is meant. The time stamp of an entry is when its record last changed, so that the
same records give the same bytes.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crmcli.exporters.base import Job, Record
from crmcli.kernel import contentlines
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.contentlines import escape
from crmcli.kernel.customers import customer, name_of

PRODUCT = "-//crmcli//crmcli//EN"
# RFC 5545, 3.8.1.9: 1 is the highest priority, 5 the middle, 9 the lowest.
PRIORITIES = {"urgent": "1", "high": "3", "normal": "5", "low": "9"}
STATES = {"open": "NEEDS-ACTION", "done": "COMPLETED", "cancelled": "CANCELLED"}
# How long something to do stands in a calendar: an event without an end is a hair line, or is left out.
LENGTH = "PT30M"
# When an alarm goes off: at the time itself; on a day at nine, counted from its midnight.
AT_ONCE, AT_NINE = "PT0S", "PT9H"
# How often a subscription looks for news (RFC 7986, and what Microsoft's calendars read).
OFTEN = "PT1H"
# The year of a birthday without one: a leap year that every calendar knows.
SOME_YEAR = 1972


class Entry(NamedTuple):
    """An entry of a calendar: its UID, and its lines with their ends."""

    uid: str
    text: str


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """A calendar with an entry for each follow-up or meeting. Line ends are CR LF, and have to stay."""
    yield _head()
    for record in records:
        yield from (entry.text for entry in entries(record, job))
    yield _line("END", "VCALENDAR")


def published(found: Iterable[Entry], name: str) -> str:
    """A whole calendar to subscribe to, by its name."""
    lines = [
        _head(),
        _line("CALSCALE", "GREGORIAN") + _line("METHOD", "PUBLISH"),
        _text("NAME", name) + _text("X-WR-CALNAME", name),
        _line("REFRESH-INTERVAL", OFTEN, ";VALUE=DURATION") + _line("X-PUBLISHED-TTL", OFTEN),
    ]
    return "".join([*lines, *(entry.text for entry in found), _line("END", "VCALENDAR")])


def alone(entry: Entry) -> str:
    """A calendar of one entry."""
    return _head() + entry.text + _line("END", "VCALENDAR")


def entries(record: Record, job: Job) -> Iterator[Entry]:
    """The entries of a record: for a follow-up those of its shape, for anything else an event."""
    if job.noun == "contact":
        yield _birthday(record)
    elif job.noun != "followup":
        yield Entry(record["uid"], _meeting(record))
    else:
        if job.shape != "todos":
            # Two entries of a calendar never share a UID.
            uid = f"{record['uid']}-event"
            yield Entry(uid, _event(record, uid, job.zone))
        if job.shape != "events":
            yield Entry(record["uid"], _todo(record))


def _head() -> str:
    return _line("BEGIN", "VCALENDAR") + _line("VERSION", "2.0") + _line("PRODID", PRODUCT)


# --- follow-ups


def _todo(record: Record) -> str:
    done = record["status"] == "done"
    about = customer(record)
    day = _day(record)
    lines = [
        _line("BEGIN", "VTODO"),
        *_stamps(record, record["uid"]),
        *_due(record, day),
        _text("SUMMARY", record["subject"]),
        _text("DESCRIPTION", record["note"]),
        _text("CONTACT", _named(about)),
        _text("CATEGORIES", record["channel"]),
        _line("PRIORITY", PRIORITIES[record["priority"]]),
        _line("STATUS", STATES[record["status"]]),
        _line("COMPLETED", _moment(record["closed_at"])) if done and record["closed_at"] else "",
        _line("PERCENT-COMPLETE", "100") if done else "",
        _text("COMMENT", record["outcome_note"]),
        # Something to do has no start from which an alarm could be counted.
        _alarm(record["subject"], AT_NINE if day else AT_ONCE, ";RELATED=END") if record["status"] == "open" else "",
        _line("END", "VTODO"),
    ]
    return "".join(lines)


def _event(record: Record, uid: str, zone: str) -> str:
    """A follow-up as an event that keeps nobody busy; what is done has a mark before it."""
    about = customer(record)
    title = f"{name_of(about)}: {record['subject']}"
    day = _day(record)
    lines = [
        _line("BEGIN", "VEVENT"),
        *_stamps(record, uid),
        *(_whole_day(day) if day else _span(record["due_at"])),
        _text("SUMMARY", f"✓ {title}" if record["status"] == "done" else title),
        _text("DESCRIPTION", "\n".join(_details(record, zone))),
        _text("CATEGORIES", record["channel"]),
        _line("PRIORITY", PRIORITIES[record["priority"]]),
        _line("STATUS", "CANCELLED" if record["status"] == "cancelled" else "CONFIRMED"),
        _line("TRANSP", "TRANSPARENT"),
        _alarm(title, AT_NINE if day else AT_ONCE) if record["status"] == "open" else "",
        _line("END", "VEVENT"),
    ]
    return "".join(lines)


def _details(record: Record, zone: str) -> Iterator[str]:
    """What one wants to know with the phone in one's hand."""
    if record["do_not_contact"]:
        yield "do not contact"
    if record["note"]:
        yield str(record["note"])
    about = customer(record)
    if about["email"]:
        yield _named(about)
    if record["timezone"] not in (None, zone) and not record["all_day"]:
        there = Clock(zone_name=record["timezone"]).local(instant(record["due_at"]))
        yield f"{there:%H:%M} in {record['timezone']}"
    if record["outcome_note"]:
        yield str(record["outcome_note"])


def _day(record: Record) -> str:
    """The day of a follow-up for a whole day, where it is meant; "" for one with a time."""
    if not record["all_day"]:
        return ""
    return f"{Clock(zone_name=record['timezone'] or 'UTC').local(instant(record['due_at'])):%Y%m%d}"


def _span(start: str) -> list[str]:
    return [_line("DTSTART", _moment(start)), _line("DURATION", LENGTH)]


def _whole_day(day: str) -> list[str]:
    """A whole day by its start alone, which means the one day (RFC 5545, 3.6.1)."""
    return [_line("DTSTART", day, ";VALUE=DATE")]


def _alarm(text: str, trigger: str, params: str = "") -> str:
    lines = [
        _line("BEGIN", "VALARM"),
        _line("ACTION", "DISPLAY"),
        _text("DESCRIPTION", text),
        _line("TRIGGER", trigger, params),
        _line("END", "VALARM"),
    ]
    return "".join(lines)


# --- what else stands in calendars


def _meeting(record: Record) -> str:
    lines = [
        _line("BEGIN", "VEVENT"),
        *_stamps(record, record["uid"]),
        _line("DTSTART", _moment(record["occurred_at"])),
        _line("DURATION", _duration(record["duration"])) if record["duration"] else "",
        _text("SUMMARY", record["subject"] or _summary(record)),
        _text("DESCRIPTION", record["body"]),
        _line("STATUS", "CANCELLED" if record["outcome"] == "not_held" else "CONFIRMED"),
        *(_attendee(person) for person in record["participants"]),
        _line("END", "VEVENT"),
    ]
    return "".join(lines)


def _birthday(record: Record) -> Entry:
    """A day of every year. One on 29 February is on the last day of February, which in other years is the 28th."""
    uid = f"{record['uid']}-birthday"
    year, month, day = record["birth_date"][:-6].strip("-"), record["birth_date"][-5:-3], record["birth_date"][-2:]
    leap_day = (month, day) == ("02", "29")
    born = f" ({year})" if year else ""
    lines = [
        _line("BEGIN", "VEVENT"),
        *_stamps(record, uid),
        *_whole_day(f"{year or SOME_YEAR}{month}{day}"),
        _line("RRULE", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" if leap_day else "FREQ=YEARLY"),
        _text("SUMMARY", f"Birthday: {record['display_name']}{born}"),
        _line("TRANSP", "TRANSPARENT"),
        _alarm(f"Birthday: {record['display_name']}", AT_NINE),
        _line("END", "VEVENT"),
    ]
    return Entry(uid, "".join(lines))


# --- parts


def _stamps(record: Record, uid: str) -> list[str]:
    return [
        _text("UID", uid),
        _line("DTSTAMP", _moment(record["updated_at"])),
        _line("CREATED", _moment(record["created_at"])),
        _line("LAST-MODIFIED", _moment(record["updated_at"])),
    ]


def _due(record: Record, day: str) -> list[str]:
    """When it is due, and how it repeats where a calendar would find the same days; `day` as of `_day`."""
    zone = record["timezone"] or "UTC"
    moment = instant(record["due_at"])
    local = Clock(zone_name=zone).local(moment)
    value, params = _moment(record["due_at"]), ""
    if record["all_day"]:
        value, params = f"{local:%Y%m%d}", ";VALUE=DATE"
    rule = record.get("recurrence")
    if not rule or record["status"] != "open" or rule["from"] != "due" or rule["workdays"]:
        return [_line("DUE", value, params)]
    # What was moved does not stand for its day any more; and UTC, in which times are written, knows no summer time.
    if record["occurs_on"] != f"{local:%Y-%m-%d}" or not (record["all_day"] or zone == "UTC"):
        return [_line("DUE", value, params)]
    # RFC 5545, 3.8.2.4: what repeats needs a beginning. 3.3.10: UNTIL is of the same type.
    name, until, day = rule["rule"].partition(";UNTIL=")
    text = name + (until + day + ("" if record["all_day"] else f"{moment:T%H%M%SZ}") if until else "")
    return [_line("DTSTART", value, params), _line("DUE", value, params), _line("RRULE", text)]


def _summary(record: Record) -> str:
    first_line = (record["body"] or "").partition("\n")[0].strip("#>*- ")
    names = ", ".join(name_of(person) for person in record["participants"])
    return first_line or (f"Meeting: {names}" if names else "Meeting")


def _attendee(person: Record) -> str:
    if not person["email"]:
        return _text("CONTACT", name_of(person))
    # A parameter cannot hold a quote or a line end: RFC 6868.
    name = name_of(person).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return _line("ATTENDEE", f"mailto:{person['email']}", f';CN="{name}"')


def _named(party: Record) -> str:
    return f"{name_of(party)} <{party['email']}>" if party["email"] else name_of(party)


def _moment(stamp: str) -> str:
    """A stored instant as iCalendar writes it."""
    return stamp.replace("-", "").replace(":", "")


def _duration(seconds: int) -> str:
    """RFC 5545, 3.3.6: hours, minutes and seconds."""
    hours, rest = divmod(seconds, 3600)
    parts = [(hours, "H"), (rest // 60, "M"), (rest % 60, "S")]
    return "PT" + "".join(f"{number}{unit}" for number, unit in parts if number)


def _text(name: str, text: Any) -> str:
    """A line of a text, if there is any."""
    return _line(name, escape(str(text))) if text else ""


def _line(name: str, value: str, params: str = "") -> str:
    return contentlines.write(name, value, params)

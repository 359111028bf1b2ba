"""iCalendar (RFC 5545): follow-ups as things to do, meetings as events, for calendars and to-do lists.

Times are UTC; a follow-up for a whole day is due on that day where it is meant. The time stamp of an entry is when its
record last changed, so that the same records give the same bytes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from crmcli.exporters.base import Job, Record
from crmcli.kernel import contentlines
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.contentlines import escape

PRODUCT = "-//crmcli//crmcli//EN"
# RFC 5545, 3.8.1.9: 1 is the highest priority, 5 the middle, 9 the lowest.
PRIORITIES = {"urgent": "1", "high": "3", "normal": "5", "low": "9"}
STATES = {"open": "NEEDS-ACTION", "done": "COMPLETED", "cancelled": "CANCELLED"}


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """A calendar with an entry for each follow-up or meeting. Line ends are CR LF, and have to stay."""
    entry = _todo if job.noun == "followup" else _event
    yield _line("BEGIN", "VCALENDAR") + _line("VERSION", "2.0") + _line("PRODID", PRODUCT)
    for record in records:
        yield entry(record)
    yield _line("END", "VCALENDAR")


def _todo(record: Record) -> str:
    customer = record["contact"] or record["company"]
    lines = [
        _line("BEGIN", "VTODO"),
        *_stamps(record),
        *_due(record),
        _text("SUMMARY", record["subject"]),
        _text("DESCRIPTION", record["note"]),
        _text("CONTACT", _named(customer)),
        _text("CATEGORIES", record["channel"]),
        _line("PRIORITY", PRIORITIES[record["priority"]]),
        _line("STATUS", STATES[record["status"]]),
        _line("COMPLETED", _moment(record["closed_at"])) if record["status"] == "done" and record["closed_at"] else "",
        _text("COMMENT", record["outcome_note"]),
        _line("END", "VTODO"),
    ]
    return "".join(lines)


def _event(record: Record) -> str:
    lines = [
        _line("BEGIN", "VEVENT"),
        *_stamps(record),
        _line("DTSTART", _moment(record["occurred_at"])),
        _line("DURATION", _duration(record["duration"])) if record["duration"] else "",
        _text("SUMMARY", record["subject"] or _summary(record)),
        _text("DESCRIPTION", record["body"]),
        _line("STATUS", "CANCELLED" if record["outcome"] == "not_held" else "CONFIRMED"),
        *(_attendee(person) for person in record["participants"]),
        _line("END", "VEVENT"),
    ]
    return "".join(lines)


def _stamps(record: Record) -> list[str]:
    return [
        _text("UID", record["uid"]),
        _line("DTSTAMP", _moment(record["updated_at"])),
        _line("CREATED", _moment(record["created_at"])),
        _line("LAST-MODIFIED", _moment(record["updated_at"])),
    ]


def _due(record: Record) -> list[str]:
    """When it is due, and how it repeats where a calendar would find the same days."""
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
    names = ", ".join(_name(person) for person in record["participants"])
    return first_line or (f"Meeting: {names}" if names else "Meeting")


def _attendee(person: Record) -> str:
    if not person["email"]:
        return _text("CONTACT", _name(person))
    # A parameter cannot hold a quote or a line end: RFC 6868.
    name = _name(person).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return _line("ATTENDEE", f"mailto:{person['email']}", f';CN="{name}"')


def _named(customer: Record) -> str:
    return f"{_name(customer)} <{customer['email']}>" if customer["email"] else _name(customer)


def _name(person: Record) -> str:
    return str(person.get("display_name") or person.get("name"))


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

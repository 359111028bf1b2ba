"""Follow-ups as events, alarms, zones and birthdays: read again with a library, as a phone would."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.exporters import calendar
from crmcli.exporters.base import Job
from tests.everything import AWKWARD

STAMP = "2026-11-01T09:00:00Z"


def followup(**values: Any) -> dict[str, Any]:
    return {
        "uid": "01a2", "subject": "Call", "note": None, "channel": "call", "due_at": "2026-11-25T15:00:00Z",
        "all_day": False, "timezone": "UTC", "status": "open", "priority": "normal", "closed_at": None,
        "outcome_note": None, "contact": {"display_name": "Ada", "email": "ada@engines.example"}, "company": None,
        "do_not_contact": False,
        "created_at": STAMP, "updated_at": STAMP, **values,
    }  # fmt: skip


def written(record: dict[str, Any], shape: str = "events", noun: str = "followup", zone: str = "UTC") -> str:
    return "".join(calendar.write([record], Job(noun, shape=shape, zone=zone)))


def parsed(text: str) -> list[Any]:
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    return [part for part in found.walk() if part.name in ("VEVENT", "VTODO")]


def test_an_event_has_all_that_a_phone_shows() -> None:
    record = followup(note="About the offer", timezone="Asia/Tokyo", due_at="2026-11-25T00:00:00Z")
    (event,) = parsed(written(record))
    assert event["UID"] == "01a2-event"
    assert event["SUMMARY"] == "Ada: Call"
    assert event["DESCRIPTION"] == "About the offer\nAda <ada@engines.example>\n09:00 in Asia/Tokyo"
    assert event["DTSTART"].dt == datetime(2026, 11, 25, tzinfo=UTC)
    assert event["DURATION"].dt == timedelta(minutes=30)
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    (at_home,) = parsed(written(record, zone="Asia/Tokyo"))
    assert "Tokyo" not in at_home["DESCRIPTION"]


def test_both_have_uids_of_their_own() -> None:
    event, todo = parsed(written(followup(), "both"))
    assert (event.name, todo.name) == ("VEVENT", "VTODO")
    assert (event["UID"], todo["UID"]) == ("01a2-event", "01a2")


@pytest.mark.parametrize("shape", ["events", "todos"])
@pytest.mark.parametrize("all_day", [True, False])
def test_an_alarm_goes_off_when_it_is_due_or_at_nine(shape: str, all_day: bool) -> None:
    record = followup(all_day=all_day, due_at="2026-11-24T23:00:00Z", timezone="Europe/Vienna")
    text = written(record, shape)
    (entry,) = parsed(text)
    (alarm,) = entry.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(hours=9) if all_day else timedelta())
    assert alarm["TRIGGER"].params.get("RELATED") == ("END" if shape == "todos" else None)
    start = entry["DTSTART" if shape == "events" else "DUE"].dt
    assert start == (date(2026, 11, 25) if all_day else datetime(2026, 11, 24, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("status", "state", "mark"), [("done", "COMPLETED", "✓ Ada: Call"), ("cancelled", "CANCELLED", "Ada: Call")]
)
def test_what_is_closed_rings_no_more(status: str, state: str, mark: str) -> None:
    record = followup(status=status, closed_at="2026-11-20T08:00:00Z", outcome_note="Agreed")
    event, todo = parsed(written(record, "both"))
    assert not event.walk("VALARM") and not todo.walk("VALARM")
    assert todo["STATUS"] == state
    assert event["SUMMARY"] == mark
    assert event["DESCRIPTION"].endswith("Agreed")
    if status == "done":
        assert todo["COMPLETED"].dt == datetime(2026, 11, 20, 8, tzinfo=UTC)
        assert todo["PERCENT-COMPLETE"] == 100
    else:
        assert event["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_nine_in_the_morning_stays_nine_over_changes_of_the_clocks(app_sqlite: App, zone: str) -> None:
    app_sqlite.environ = {**app_sqlite.environ, "CRM_TIMEZONE": zone}
    app_sqlite.contacts.add("Ada", {})
    days = [date(2027, month, day) for month in range(1, 13) for day in (1, 14, 28)]
    for day in days:
        app_sqlite.followups.add("c1", "Call", {"due": f"{day} 09:00"})
    text = "".join(app_sqlite.exports.write("followups", format="ics", shape="events"))
    there = [event["DTSTART"].dt.astimezone(ZoneInfo(zone)) for event in parsed(text)]
    assert [moment.date() for moment in there] == days
    assert {f"{moment:%H:%M}" for moment in there} == {"09:00"}


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_comes_back(subject: str, note: str) -> None:
    for shape in ("events", "todos"):
        text = written(followup(subject=subject, note=note), shape)
        lines = text.encode().split(b"\r\n")
        assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in lines)
        (entry,) = parsed(text)
        clean = subject.isprintable() and subject.strip() == subject
        if clean and subject:
            assert str(entry["SUMMARY"]) == (f"Ada: {subject}" if shape == "events" else subject)
        assert len(entry.walk("VALARM")) == 1


def test_hostile_words_open_no_entry() -> None:
    record = followup(subject=AWKWARD + "\r\nBEGIN:VALARM\r\nACTION:AUDIO", note="\r\nEND:VEVENT\r\nX:\u2028Y:1")
    text = written(record, "both")
    assert "\x1b" not in text and "\u2028" not in text
    event, todo = parsed(text)
    assert [alarm["ACTION"] for entry in (event, todo) for alarm in entry.walk("VALARM")] == ["DISPLAY", "DISPLAY"]


# --- birthdays


def birthday(day: str) -> Any:
    record = {"uid": "01a3", "display_name": "Ada", "birth_date": day, "created_at": STAMP, "updated_at": STAMP}
    (event,) = parsed(written(record, noun="contact"))
    return event


def days_of(event: Any, first: int, last: int) -> Iterator[date]:
    start = datetime.combine(event["DTSTART"].dt, datetime.min.time())
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
    return (moment.date() for moment in rule.between(datetime(first, 1, 1), datetime(last, 12, 31), inc=True))


def test_a_birthday_is_a_day_of_every_year() -> None:
    event = birthday("1990-05-12")
    assert (event["UID"], event["SUMMARY"]) == ("01a3-birthday", "Birthday: Ada (1990)")
    assert event["DTSTART"].dt == date(1990, 5, 12)
    assert list(days_of(event, 2026, 2028)) == [date(year, 5, 12) for year in (2026, 2027, 2028)]
    assert event.walk("VALARM")[0]["TRIGGER"].dt == timedelta(hours=9)


def test_a_birthday_without_its_year() -> None:
    event = birthday("--12-31")
    assert event["SUMMARY"] == "Birthday: Ada"
    assert list(days_of(event, 2026, 2027)) == [date(2026, 12, 31), date(2027, 12, 31)]


@pytest.mark.parametrize("day", ["1992-02-29", "--02-29"])
def test_a_birthday_on_29_february_is_every_year(day: str) -> None:
    event = birthday(day)
    assert event["DTSTART"].dt.day == 29
    assert list(days_of(event, 2026, 2029)) == [
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]


def test_who_is_not_to_be_contacted_is_marked() -> None:
    (event,) = parsed(written(followup(note="About the offer", do_not_contact=True)))
    assert event["DESCRIPTION"].startswith("do not contact\n")

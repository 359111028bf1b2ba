"""iCalendar: what calendars and to-do lists read."""

from typing import Any

import icalendar
import pytest

from crmcli.app import App
from crmcli.exporters import calendar
from crmcli.exporters.base import Job
from tests.everything import AWKWARD


@pytest.fixture
def planned(app_sqlite: App) -> App:
    app = app_sqlite
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"]})
    app.contacts.add('Grace "Amazing" Hopper', {})
    app.companies.add("Engines; and, more", {})
    app.followups.add(
        "c1", "Call, about; the offer", {"due": "2026-11-25 15:00", "priority": "high", "channel": "call"}
    )
    app.followups.add("co1", "Day", {"due": "2026-12-01", "timezone": "Asia/Tokyo", "note": AWKWARD})
    app.followups.add("c2", "Long " + "é" * 300, {"due": "2026-11-21", "priority": "low"})
    app.followups.done(["f3"], {"note": "Agreed"})
    meeting = {"channel": "meeting", "duration": "1h15m", "at": "2026-11-01 09:00"}
    app.interactions.log("out", ["c1", "c2", "co1"], "# Plans\n\nmore", meeting)
    app.interactions.log("in", ["c1"], "A call", {"channel": "call"})
    return app


def export(app: App, what: str) -> str:
    return "".join(app.exports.write(what, format="ics"))


def entries(text: str, kind: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk(kind))


def test_followups_are_things_to_do(planned: App) -> None:
    text = export(planned, "followups")
    long, call, day = entries(text, "VTODO")
    assert call["UID"] == planned.followups.get(1)["uid"]
    assert (call["SUMMARY"], call["PRIORITY"], call["STATUS"]) == ("Call, about; the offer", 3, "NEEDS-ACTION")
    assert call["CONTACT"] == "Ada Lovelace <ada@engines.example>"
    assert "DUE:20261125T150000Z\r\n" in text
    assert "DUE;VALUE=DATE:20261201\r\n" in text
    assert day["CONTACT"] == "Engines; and, more"
    assert "\x1b" not in text and "\t" in day["DESCRIPTION"]
    assert (long["STATUS"], long["PRIORITY"], long["COMMENT"]) == ("COMPLETED", 9, "Agreed")
    assert long["SUMMARY"] == "Long " + "é" * 300


def test_meetings_are_events(planned: App) -> None:
    text = export(planned, "interactions")
    (event,) = entries(text, "VEVENT")
    assert (event["SUMMARY"], event["STATUS"]) == ("Plans", "CONFIRMED")
    assert "DTSTART:20261101T090000Z\r\n" in text
    assert "DURATION:PT1H15M\r\n" in text
    assert event["ATTENDEE"] == "mailto:ada@engines.example"
    assert event["ATTENDEE"].params["CN"] == "Ada Lovelace"
    assert [str(one) for one in event["CONTACT"]] == ['Grace "Amazing" Hopper', "Engines; and, more"]


def test_lines_are_folded_and_end_as_they_should(planned: App) -> None:
    for what in ("followups", "interactions"):
        lines = export(planned, what).encode().split(b"\r\n")
        assert lines[0] == b"BEGIN:VCALENDAR" and lines[-1] == b""
        assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)


def test_the_same_records_give_the_same_bytes(planned: App) -> None:
    first = export(planned, "followups")
    planned.close()
    planned.environ = {**planned.environ, "CRM_NOW": "2027-01-01T00:00:00Z"}
    planned._clock = None
    assert export(planned, "followups") == first


def test_a_meeting_that_was_not_held() -> None:
    stamp = "2026-11-01T09:00:00Z"
    record = {
        "uid": "u", "occurred_at": stamp, "created_at": stamp, "updated_at": stamp, "duration": None, "subject": None,
        "body": None, "outcome": "not_held", "participants": [],
    }  # fmt: skip
    text = "".join(calendar.write([record], Job("interaction")))
    assert "SUMMARY:Meeting\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "DURATION" not in text

"""What is planned, taken in from calendars and other databases."""

from typing import Any

import pytest

from crmcli.app import App
from tests.services.importing.drafts import kinds, land, person, plan

OTHER = "1" * 36


@pytest.fixture(autouse=True)
def ada(app: App) -> None:
    """Ada of Analytical Engines."""
    app.companies.add("Analytical Engines", {"domain": ["engines.example"]})
    app.contacts.add("Ada Lovelace", {"email": [{"value": "ada@engines.example"}]})


def planned(app: App, which: str = "f1") -> dict[str, Any]:
    return app.followups.find(which)


def test_a_follow_up_is_planned_about_whom_it_names(app: App) -> None:
    (outcome,) = land(app, [plan(note="Bring it", priority="high")])
    assert (outcome.kind, outcome.noun, outcome.id) == ("created", "followup", 1)
    record = planned(app)
    assert (record["contact"]["id"], record["owner"], record["status"]) == ("c1", "ada", "open")
    assert (record["due_at"], record["first_due_at"]) == ("2026-11-24T14:00:00Z", "2026-11-24T14:00:00Z")
    assert (record["timezone"], record["all_day"], record["priority"]) == ("Europe/Berlin", False, "high")


def test_one_about_a_person_of_a_known_company(app: App) -> None:
    land(app, [plan(people=[person("bob@engines.example", role="attendee")])])
    assert planned(app)["company"]["id"] == "co1"


def test_one_that_is_known_follows_its_source(app: App) -> None:
    assert kinds(land(app, [plan(), plan()])) == ["created", "unchanged"]
    moved = plan(due_at="2026-11-25T14:00:00Z", subject="Second demonstration")
    assert kinds(land(app, [moved])) == ["updated"]
    record = planned(app)
    assert (record["due_at"], record["first_due_at"]) == ("2026-11-25T14:00:00Z", "2026-11-25T14:00:00Z")
    assert record["subject"] == "Second demonstration"
    assert kinds(land(app, [moved])) == ["unchanged"]


def test_what_was_put_off_here_stays_put_off_until_the_source_moves_it(app: App) -> None:
    land(app, [plan()])
    app.followups.snooze(["f1"], "2026-12-01 10:00")
    assert kinds(land(app, [plan()])) == ["unchanged"]
    assert planned(app)["due_at"] == "2026-12-01T10:00:00Z"
    assert kinds(land(app, [plan(due_at="2026-12-05T14:00:00Z")])) == ["updated"]
    assert planned(app)["due_at"] == "2026-12-05T14:00:00Z"


def test_what_was_closed_here_stays_closed(app: App) -> None:
    land(app, [plan()])
    app.followups.done(["f1"], {"note": "Agreed"})
    assert kinds(land(app, [plan(due_at="2026-12-05T14:00:00Z")])) == ["unchanged"]
    assert planned(app)["status"] == "done"


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_closed_in_the_source_is_closed_here(app: App, status: str) -> None:
    land(app, [plan()])
    assert kinds(land(app, [plan(status=status, closed_at="2026-11-19T08:00:00Z")])) == ["updated"]
    record = planned(app)
    assert (record["status"], record["closed_at"]) == (status, "2026-11-19T08:00:00Z")


def test_what_was_done_elsewhere_is_taken_in_as_done(app: App) -> None:
    land(app, [plan(status="done")])
    record = planned(app)
    assert (record["status"], record["closed_at"]) == ("done", app.now)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"people": [person("eve@e.example")]}, "nobody in it is known"),
        ({"people": []}, "nobody in it is known"),
        ({"status": "cancelled"}, "it was cancelled"),
    ],
)
def test_what_concerns_no_customer_is_skipped(app: App, more: dict[str, Any], reason: str) -> None:
    (outcome,) = land(app, [plan(**more)])
    assert (outcome.kind, outcome.reason) == ("skipped", reason)


def test_people_of_events_become_leads_on_request(app: App) -> None:
    eve = person("eve@e.example", "Eve", "attendee")
    assert kinds(land(app, [plan(people=[eve])], leads=True)) == ["created"]
    assert planned(app)["contact"]["display_name"] == "Eve"
    assert app.contacts.find("Eve")["lead_source"] == "meeting"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"due_at": None}, "due_at is missing"),
        ({"due_at": "tomorrow"}, "is not a stored instant"),
        ({"priority": "vital"}, "'vital' is not a priority"),
        ({"note": "a\0"}, "NUL"),
    ],
)
def test_what_cannot_be_stored_is_rejected_alone(app: App, more: dict[str, Any], words: str) -> None:
    outcomes = land(app, [plan(), plan(OTHER, **more)])
    assert kinds(outcomes) == ["created", "rejected"]
    assert words in outcomes[1].reason


def test_deleted_ones_do_not_come_back(app: App) -> None:
    land(app, [plan()])
    with app.writing() as gate:
        gate.update("followup", 1, {"deleted_at": gate.now})
    assert kinds(land(app, [plan(subject="Other")])) == ["unchanged"]


def test_what_else_a_calendar_may_not_change(app: App) -> None:
    land(app, [plan()])
    assert kinds(land(app, [plan(subject="Other")], on_match="skip")) == ["unchanged"]
    assert kinds(land(app, [plan(subject="Other", note="New")], on_match="fill")) == ["updated"]
    record = planned(app)
    assert (record["subject"], record["note"]) == ("Demonstration", "New")

"""Drafts of messages and calendars for tests of how they land."""

from collections.abc import Sequence
from typing import Any

from crmcli.app import App
from crmcli.importers.base import Draft
from crmcli.services.importing import followups, interactions
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import Outcome

Values = dict[str, Any]
LANDINGS = {"interaction": interactions.Landing, "followup": followups.Landing}
WHEN = "2026-11-19T09:00:00Z"


def person(email: str, name: str = "", role: str = "from") -> Values:
    return {"email": email, "name": name, "role": role}


def message(number: int = 1, *people: Values, **more: Any) -> Draft:
    """A message from Ada, unless it says otherwise."""
    usual: Values = {
        "direction": "inbound",
        "channel": "email",
        "occurred_at": WHEN,
        "subject": "Delivery",
        "body": "When does it come?",
        "message_id": f"{number}@engines.example",
        "thread": f"{number}@engines.example",
        "people": list(people) or [person("ada@engines.example", "Ada Lovelace")],
    }
    return Draft(
        "interaction", {name: value for name, value in {**usual, **more}.items() if value is not None}, number, ""
    )


def plan(uid: str = "0" * 36, **more: Any) -> Draft:
    """A follow-up about Ada, unless it says otherwise."""
    usual: Values = {
        "subject": "Demonstration",
        "due_at": "2026-11-24T14:00:00Z",
        "timezone": "Europe/Berlin",
        "channel": "meeting",
        "uid": uid,
        "people": [person("ada@engines.example", "Ada Lovelace", "attendee")],
    }
    return Draft("followup", {name: value for name, value in {**usual, **more}.items() if value is not None}, 1, "")


def land(app: App, drafts: Sequence[Draft], **options: Any) -> list[Outcome]:
    """Take drafts of one noun in; returns what became of each."""
    return landed(app, drafts, **options)[0]


def landed(app: App, drafts: Sequence[Draft], **options: Any) -> tuple[list[Outcome], dict[str, tuple[str, int]]]:
    """Take drafts of one noun in; returns what became of each, and who is not known."""
    with app.writing() as gate:
        landing = LANDINGS[drafts[0].noun](app, gate, Options(**options))
        return landing.land(drafts), landing.offered


def kinds(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes]

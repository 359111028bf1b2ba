"""Who takes part in an event, and who called it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from crmcli.importers.mail_headers import LONGEST_ADDRESS, addresses, shown_name
from crmcli.importers.mail_message import is_team
from crmcli.kernel.contentlines import Property

MOST = 1000
_THINGS = frozenset(("RESOURCE", "ROOM"))


class Sides(NamedTuple):
    """Who began it, who takes part on the other side and on ours, and whether all of us declined."""

    direction: str
    people: list[dict[str, Any]]
    team: list[str]
    declined: bool


def sides(properties: Sequence[Property], team: frozenset[str]) -> Sides:
    """Who takes part. What nobody was called to, or the team called itself, is internal; who declined is left out."""
    people: dict[str, dict[str, Any]] = {}
    ours: dict[str, str] = {}
    answers: list[bool] = []
    organizer = ""
    for found in [one for one in properties if one.key in ("ORGANIZER", "ATTENDEE")][:MOST]:
        email = _address(found)
        if not email or found.param("CUTYPE").upper() in _THINGS:
            continue
        key, role = email.casefold(), found.key.lower()
        declined = role == "attendee" and found.param("PARTSTAT").upper() == "DECLINED"
        if role == "organizer":
            organizer = key
        if is_team(key, team):
            ours.setdefault(key, email)
            answers.append(declined or role == "organizer")
        elif not declined and key not in people:
            people[key] = {"email": email, "name": shown_name(found.param("CN"), email), "role": role}
    for found in [one for one in properties if one.key == "CONTACT"][:MOST]:  # as tasks name whom they are about
        for one in addresses(found.text()):
            if not is_team(one.key, team):
                people.setdefault(one.key, {"email": one.email, "name": one.name, "role": "attendee"})
    called_by_others = organizer and not is_team(organizer, team)
    direction = ("inbound" if called_by_others else "outbound") if people else "internal"
    declined = bool(called_by_others and answers and all(answers))
    return Sides(direction, list(people.values()), list(ours.values()), declined)


def _address(found: Property) -> str:
    for text in (found.text(), found.param("EMAIL")):
        email = text.strip()
        email = email[7:] if email[:7].lower() == "mailto:" else email
        local, at, domain = email.strip().rpartition("@")
        if (
            at
            and local
            and domain
            and len(email) <= LONGEST_ADDRESS
            and email.isprintable()
            and " " not in email.strip()
        ):
            return email.strip()
    return ""

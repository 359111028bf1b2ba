"""Who has a part in a deal, and which: `c2=decision maker`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound
from crmcli.kernel.ids import ref
from crmcli.kernel.text import check_text
from crmcli.services.who import Match
from crmcli.store import deals

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_ROLE = 100
Part = tuple[Match, str | None]


def read(app: "App", values: Sequence[Any]) -> list[Part]:
    """Contacts with their roles, from texts like `c2=decision maker`; without `=` without a role.

    Raises:
        NotFound, Ambiguous: see `Who.find`.
    """
    found = []
    for value in values:
        who, equals, role = str(value).rpartition("=")
        who, role = (who, role) if equals else (role, "")
        shown = check_text(role, what="role", max_length=LONGEST_ROLE)
        found.append((app.who.find(who.strip(), ("contact",)), shown or None))
    return found


def put(app: "App", gate: "Gate", key: int, parts: Sequence[Part]) -> None:
    """Give contacts their parts in a deal; who has one gets another."""
    there = {row["contact_id"]: row for row in deals.roles(app.store, key)}
    for contact, role in parts:
        row = there.get(contact.id)
        if row is None:
            gate.insert("deal_contact", {"deal_id": key, "contact_id": contact.id, "role": role})
        else:
            gate.update("deal_contact", row["id"], {"role": role})


def take(app: "App", gate: "Gate", key: int, contacts: Sequence[Match]) -> None:
    """Take contacts off a deal.

    Raises:
        NotFound: one of them has no part in it.
    """
    there = {row["contact_id"]: row for row in deals.roles(app.store, key)}
    for contact in contacts:
        if contact.id not in there:
            mine = ref("deal", key)
            raise NotFound(f"{contact.name} has no part in {mine}", f"see: crm deal show {mine}")
        gate.delete("deal_contact", there[contact.id]["id"])

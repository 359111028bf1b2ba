"""Reads for today's agenda beside the queue: who waits for an answer, and whether there is anybody at all."""

from crmcli.store.connection import Row
from crmcli.store.store import Store

# Only so many of the latest are looked at, whatever the size of the team: more would cost more than it tells.
LATEST = 300


def owed(store: Store, owner: int, since: str) -> list[Row]:
    """Contacts of mine, or of nobody, who were in touch since then and have heard nothing after it; the latest first.

    Each row has `id`, `display_name`, `last_inbound_at` and `last_outbound_at`.
    """
    latest = (
        "SELECT id, display_name, owner_id, do_not_contact, last_inbound_at, last_outbound_at FROM contact"
        " WHERE deleted_at IS NULL AND last_inbound_at >= ? ORDER BY last_inbound_at DESC, id DESC LIMIT ?"
    )
    return store.rows(
        f"SELECT * FROM ({latest}) AS latest WHERE (owner_id = ? OR owner_id IS NULL) AND do_not_contact = 0"
        " AND (last_outbound_at IS NULL OR last_outbound_at < last_inbound_at)"
        " ORDER BY last_inbound_at DESC, id DESC",
        [since, LATEST, owner],
    )


def inbound_at(store: Store, contact: int, moment: str) -> Row:
    """`channel`, `subject` and `body` of the inbound contact that happened at that moment."""
    found = store.row(
        "SELECT i.channel, i.subject, i.body FROM participant p JOIN interaction i ON i.id = p.interaction_id"
        " WHERE p.contact_id = ? AND p.occurred_at = ? AND p.direction = 'inbound' AND p.deleted_at IS NULL"
        " ORDER BY i.id DESC LIMIT 1",
        [contact, moment],
    )
    return found or {"channel": None, "subject": None, "body": None}


def is_empty(store: Store) -> bool:
    """Whether there is neither a contact nor a company, deleted ones included."""
    return all(store.row(f"SELECT 1 AS found FROM {noun} LIMIT 1") is None for noun in ("contact", "company"))

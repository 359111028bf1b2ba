"""Reads for the agenda beside the queue: who waits for an answer, whose birthday it is, which zone somebody is in."""

from collections.abc import Sequence

from crmcli.store.connection import Row
from crmcli.store.followups import COLUMNS, OPEN, TABLES
from crmcli.store.sql import marks
from crmcli.store.store import Store

# The month and day of a date of birth, which may lack its year: both databases could index this expression.
DAY_OF_BIRTH = "substr(birth_date, length(birth_date) - 4)"
MOST_LOOKED_AT = 5000
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


def due_between(store: Store, owner: int, start: str, end: str, most: int) -> list[Row]:
    """Open follow-ups of an owner from one stored instant up to another, the earliest first, `most` at most."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {OPEN} AND followup.owner_id = ? AND followup.due_at >= ?"
        " AND followup.due_at < ? ORDER BY followup.due_at, followup.id LIMIT ?",
        [owner, start, end, most],
    )


def birthdays(store: Store, owner: int, days: Sequence[str]) -> list[Row]:
    """Contacts of an owner and of nobody whose birthday is on one of these days (`05-12`), by name.

    Without an index of birthdays only some are looked at: of the owner's own the first by name, and of all those that
    changed last, MOST_LOOKED_AT of each.
    """
    columns = "SELECT id, display_name, sort_key, birth_date, owner_id, do_not_contact FROM contact WHERE"
    matching = f"birth_date IS NOT NULL AND do_not_contact = 0 AND {DAY_OF_BIRTH} IN ({marks(days)})"
    mine = f"{columns} owner_id = ? AND deleted_at IS NULL ORDER BY sort_key, id LIMIT ?"
    latest = f"{columns} deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT ?"
    rows = store.rows(f"SELECT * FROM ({mine}) AS mine WHERE {matching}", [owner, MOST_LOOKED_AT, *days])
    rows += store.rows(
        f"SELECT * FROM ({latest}) AS latest WHERE owner_id IS NULL AND {matching}", [MOST_LOOKED_AT, *days]
    )
    return sorted(rows, key=lambda row: (row["sort_key"], row["id"]))


def zones(store: Store, contacts: Sequence[int], companies: Sequence[int]) -> dict[tuple[str, int], str]:
    """The time zones of contacts and companies, by noun and key; a contact without one has that of its company."""
    found: dict[tuple[str, int], str] = {}
    if contacts:
        # The primary company stands first, and is what counts; see `crmcli.store.parties`.
        rows = store.rows(
            "SELECT e.contact_id AS id, c.timezone FROM employment e JOIN company c ON c.id = e.company_id"
            f" WHERE e.contact_id IN ({marks(contacts)}) AND c.deleted_at IS NULL ORDER BY e.is_primary, e.id DESC",
            contacts,
        )
        rows += store.rows(
            f"SELECT id, timezone FROM contact WHERE id IN ({marks(contacts)}) AND timezone IS NOT NULL", contacts
        )
        found.update({("contact", row["id"]): row["timezone"] for row in rows})
    if companies:
        rows = store.rows(f"SELECT id, timezone FROM company WHERE id IN ({marks(companies)})", companies)
        found.update({("company", row["id"]): row["timezone"] for row in rows})
    return {party: zone for party, zone in found.items() if zone}

"""Reads for the agenda beside the queue: whose birthday it is, which zone somebody is in, whether anybody is here."""

from collections.abc import Sequence

from crmcli.store import consents
from crmcli.store.connection import Row
from crmcli.store.followups import COLUMNS, OPEN, TABLES
from crmcli.store.nouns import PARTIES
from crmcli.store.sql import marks
from crmcli.store.store import Store

# The month and day of a date of birth, which may lack its year: an index has it by these very words.
DAY_OF_BIRTH = "substr(birth_date, length(birth_date) - 4)"


def is_empty(store: Store) -> bool:
    """Whether there is neither a contact nor a company, deleted ones included."""
    return all(store.row(f"SELECT 1 AS found FROM {noun} LIMIT 1") is None for noun in PARTIES)


def due_between(store: Store, owner: int, start: str, end: str, most: int) -> list[Row]:
    """Open follow-ups of an owner and of nobody from one stored instant up to another, the earliest first.

    Of either there are `most` at most.
    """
    rows = []
    for whose, keys in (("= ?", [owner]), ("IS NULL", [])):
        rows += store.rows(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE {OPEN} AND followup.owner_id {whose} AND followup.due_at >= ?"
            " AND followup.due_at < ? ORDER BY followup.due_at, followup.id LIMIT ?",
            [*keys, start, end, most],
        )
    return sorted(rows, key=lambda row: (row["due_at"], row["id"]))


def birthdays(store: Store, owner: int, days: Sequence[str]) -> list[Row]:
    """Contacts of an owner and of nobody whose birthday is on one of these days (`05-12`), by name."""
    return store.rows(
        "SELECT id, display_name, sort_key, birth_date FROM contact"
        f" WHERE {DAY_OF_BIRTH} IN ({marks(days)}) AND birth_date IS NOT NULL AND deleted_at IS NULL"
        f" AND {consents.reachable('contact')} AND (owner_id = ? OR owner_id IS NULL) ORDER BY sort_key, id",
        [*days, owner],
    )


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

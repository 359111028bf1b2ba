"""Reads of what stands in a published calendar."""

from collections.abc import Iterator

from crmcli.store import consents, exports
from crmcli.store.connection import Row
from crmcli.store.due import Horizon
from crmcli.store.exports import Condition, Record
from crmcli.store.followups import KEPT, OPEN, TABLES
from crmcli.store.store import Store

# Of a person's own customers, or of nobody's.
OURS = "(contact.owner_id = ? OR contact.owner_id IS NULL)"


def followups(store: Store, where: Condition, owner: int | None, since: str, at: Horizon) -> Iterator[Record]:
    """Follow-ups that match: all that are open, and those that are done and were due since then; by due time.

    Args:
        store: the store.
        where: a filter, see `crmcli.store.followups.condition`.
        owner: whose follow-ups; everyone's for None.
        since: a stored instant.
        at: see `crmcli.store.due`.
    """
    sql, values = where
    mine = "" if owner is None else " AND followup.owner_id = ?"
    # An index of its own for each half: what was done years ago is not read.
    halves: tuple[Condition, ...] = (
        (OPEN, []),
        (f"{KEPT} AND followup.status = 'done' AND followup.due_at >= ?", [since]),
    )
    found: list[Row] = []
    for conditions, ends in halves:
        found += store.rows(
            f"SELECT followup.id, followup.due_at, followup.uid FROM {TABLES} WHERE {conditions}{mine}"
            f"{f' AND {sql}' if sql else ''} ORDER BY followup.due_at, followup.id",
            [*ends, *([] if owner is None else [owner]), *values],
        )
    keys = [row["id"] for row in sorted(found, key=lambda row: (row["due_at"], row["uid"]))]
    return exports.followups_of(store, keys, at)


def birthdays(store: Store, owner: int | None) -> list[Row]:
    """Contacts with a birthday, mine and nobody's or all of them: their names, dates and when they were changed."""
    mine = "" if owner is None else f" AND {OURS}"
    return store.rows(
        "SELECT uid, display_name, birth_date, created_at, updated_at FROM contact WHERE deleted_at IS NULL"
        f" AND {consents.reachable('contact')} AND birth_date IS NOT NULL{mine} ORDER BY uid",
        [] if owner is None else [owner],
    )

"""Reads of one customer at a glance: bounded ranges of indexes, however long the customer's history is."""

from collections.abc import Sequence
from typing import Any

from crmcli.kernel.ids import ref
from crmcli.store.connection import Row
from crmcli.store.due import recurrence
from crmcli.store.parties import records
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

MOST_FOLLOWUPS = 50
MOST_PEOPLE_RANKED = 200

_INTERACTION = (
    "i.id, i.occurred_at, i.direction, i.channel, i.duration, i.subject, i.body, i.outcome, i.satisfaction,"
    ' u.name AS "user"'
)
_PLAIN = ("occurred_at", "direction", "channel", "duration", "subject", "body", "outcome", "satisfaction", "user")
_FOLLOWUP = (
    "SELECT f.id, f.subject, f.note, f.channel, f.due_at, f.all_day, f.timezone, f.status, f.priority,"
    " f.snooze_count, f.recurrence, f.recurs_from, f.workdays,"
    " u.name AS owner, c.id AS contact_id, c.display_name AS contact_name"
)
_OPEN = "f.status = 'open' AND f.deleted_at IS NULL"


def party(store: Store, noun: str, key: int) -> dict[str, Any]:
    """The whole record of a contact or company, deleted or not."""
    return records(store, noun, store.rows(f"SELECT * FROM {noun} WHERE id = ?", [key]))[0]


def company_zone(store: Store, key: int) -> str | None:
    """The time zone of a company, or None."""
    zone: str | None = store.value("SELECT timezone FROM company WHERE id = ?", [key])
    return zone


def timeline(store: Store, noun: str, key: int, limit: int) -> list[dict[str, Any]]:
    """The newest interactions of a contact or company, newest first, each once; one more than `limit` if there are."""
    keys = _newest(store, noun, key, limit + 1)
    found: dict[int, Row] = {}
    for part in slices(keys):
        rows = store.rows(
            f"SELECT {_INTERACTION} FROM interaction i LEFT JOIN user_account u ON u.id = i.user_id"
            f" WHERE i.id IN ({marks(part)})",
            part,
        )
        found.update((row["id"], row) for row in rows)
    people = _participants(store, keys)
    return [{**_interaction(found[one]), "participants": people.get(one, [])} for one in keys]


def _newest(store: Store, noun: str, key: int, count: int) -> list[int]:
    """The keys of the newest interactions, walking the index of participants backwards.

    Several people of a company take part in one interaction: more rows are read until there are enough interactions.
    DISTINCT would make the database read the whole history.
    """
    size = count + 20
    while True:
        rows = store.rows(
            f"SELECT p.interaction_id FROM participant p WHERE p.{noun}_id = ? AND p.deleted_at IS NULL"
            " ORDER BY p.occurred_at DESC, p.interaction_id DESC LIMIT ?",
            [key, size],
        )
        found = list(dict.fromkeys(row["interaction_id"] for row in rows))
        if len(found) >= count or len(rows) < size:
            return found[:count]
        size *= 4


def latest(store: Store, noun: str, key: int, direction: str, occurred_at: str) -> dict[str, Any] | None:
    """The interaction of a direction that happened at that moment; of several, the one logged last."""
    row = store.row(
        f"SELECT {_INTERACTION} FROM participant p JOIN interaction i ON i.id = p.interaction_id"
        f" LEFT JOIN user_account u ON u.id = i.user_id WHERE p.{noun}_id = ? AND p.occurred_at = ?"
        " AND p.direction = ? AND p.deleted_at IS NULL ORDER BY i.id DESC LIMIT 1",
        [key, occurred_at, direction],
    )
    return None if row is None else _interaction(row)


def counts(store: Store, noun: str, key: int, starts: Sequence[str]) -> list[dict[str, int]]:
    """How many interactions of each direction there were in each of the spans that begin at `starts`.

    The last span ends now or later; what happened before the first one is not read.
    """
    # Each span is a range of the covering index. Several people of a company may take part in one interaction.
    counted = "count(*)" if noun == "contact" else "count(DISTINCT p.interaction_id)"
    spans = [
        f"SELECT {slot} AS slot, p.direction AS direction, {counted} AS n FROM participant p"
        f" WHERE p.{noun}_id = ? AND p.occurred_at >= ? AND p.occurred_at < ? AND p.deleted_at IS NULL"
        " GROUP BY p.direction"
        for slot in range(len(starts))
    ]
    ends = [*starts[1:], "9999"]
    bounds = [part for start, end in zip(starts, ends, strict=True) for part in (key, start, end)]
    rows = store.rows(" UNION ALL ".join(spans), bounds)
    found = [{"inbound": 0, "outbound": 0, "internal": 0} for _ in starts]
    for row in rows:
        found[row["slot"]][row["direction"]] = row["n"]
    return found


def followups(store: Store, noun: str, key: int) -> list[dict[str, Any]]:
    """The open follow-ups, earliest due first; of a company those of its people too."""
    tail = f"AND {_OPEN} ORDER BY f.due_at, f.id LIMIT {MOST_FOLLOWUPS}"
    owner = "LEFT JOIN user_account u ON u.id = f.owner_id"
    rows = store.rows(
        f"{_FOLLOWUP} FROM followup f {owner} LEFT JOIN contact c ON c.id = f.contact_id WHERE f.{noun}_id = ? {tail}",
        [key],
    )
    if noun == "company":
        rows += store.rows(
            f"{_FOLLOWUP} FROM employment e CROSS JOIN contact c CROSS JOIN followup f {owner}"
            " WHERE e.company_id = ? AND c.id = e.contact_id AND c.deleted_at IS NULL"
            f" AND f.contact_id = e.contact_id {tail}",
            [key],
        )
        rows = sorted(rows, key=lambda row: (row["due_at"], row["id"]))[:MOST_FOLLOWUPS]
    return [_followup(row) for row in rows]


def people(store: Store, company: int, today: str, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Those who work for a company, the ones last in contact first, and how many there are.

    Of a company with very many people only the first that were added compete for a place.
    """
    source = (
        "FROM employment e JOIN contact c ON c.id = e.contact_id"
        " WHERE e.company_id = ? AND c.deleted_at IS NULL AND (e.ended_on IS NULL OR e.ended_on >= ?)"
    )
    rows = store.rows(
        f"SELECT c.id, c.display_name, c.job_title, e.role, c.last_inbound_at, c.last_outbound_at {source}"
        f" ORDER BY e.contact_id LIMIT {MOST_PEOPLE_RANKED}",
        [company, today],
    )
    total = len(rows)
    if total == MOST_PEOPLE_RANKED:
        total = store.value(f"SELECT count(*) AS n {source}", [company, today])
    rows.sort(key=lambda row: max(row["last_inbound_at"] or "", row["last_outbound_at"] or ""), reverse=True)
    shown = rows[:limit]
    emails = _emails(store, [row["id"] for row in shown])
    return [_person(row, emails.get(row["id"])) for row in shown], total


def _interaction(row: Row) -> dict[str, Any]:
    return {"id": ref("interaction", row["id"]), **{name: row[name] for name in _PLAIN}}


def _followup(row: Row) -> dict[str, Any]:
    names = (
        "subject",
        "note",
        "channel",
        "due_at",
        "all_day",
        "timezone",
        "status",
        "priority",
        "owner",
        "snooze_count",
    )
    contact = None
    if row["contact_id"] is not None:
        contact = {"id": ref("contact", row["contact_id"]), "display_name": row["contact_name"]}
    found = {"id": ref("followup", row["id"]), **{name: row[name] for name in names}, "contact": contact}
    return {**found, "all_day": bool(row["all_day"]), "recurrence": recurrence(row)}


def _person(row: Row, email: str | None) -> dict[str, Any]:
    return {
        "id": ref("contact", row["id"]),
        "display_name": row["display_name"],
        "role": row["role"] or row["job_title"],
        "email": email,
        "last_inbound_at": row["last_inbound_at"],
        "last_outbound_at": row["last_outbound_at"],
    }


def _participants(store: Store, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for part in slices(keys):
        rows = store.rows(
            "SELECT p.interaction_id, c.id, c.display_name FROM participant p JOIN contact c ON c.id = p.contact_id"
            f" WHERE p.interaction_id IN ({marks(part)}) ORDER BY p.id",
            part,
        )
        for row in rows:
            entry = {"id": ref("contact", row["id"]), "display_name": row["display_name"]}
            found.setdefault(row["interaction_id"], []).append(entry)
    return found


def _emails(store: Store, keys: Sequence[int]) -> dict[int, str]:
    if not keys:
        return {}
    sql = f"SELECT contact_id, value FROM email WHERE contact_id IN ({marks(keys)}) ORDER BY is_primary, id DESC"
    # The last one written for a contact stays: the primary one.
    return {row["contact_id"]: row["value"] for row in store.rows(sql, keys)}

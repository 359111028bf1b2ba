"""Reads of what a search found: the texts of each record, by the place they stand in, and whose record it is."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from crmcli.kernel.excerpt import REACH
from crmcli.kernel.ids import noun_of, ref
from crmcli.store import finding_sales, parties
from crmcli.store.connection import Row
from crmcli.store.search import NAME_CHILDREN, NAMES, TEXT_CHILDREN, TEXTS
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

# The lists of a record that hold child rows, in the order in which they are looked through.
LISTS = {"email": "emails", "phone": "phones", "address": "addresses", "url": "urls"}


class Finding(NamedTuple):
    """A record that was found.

    `texts` are its (place, text) pairs, the likelier place first; `at` is when it happened or is due, a moment or the
    day of an order, None for contacts, companies and products; `since` is when it became what it is, for the order of
    what was found; `status` that of a follow-up, deal, order or case.
    """

    id: str
    noun: str
    name: str
    texts: list[tuple[str, str]]
    who: dict[str, str] | None
    at: str | None
    since: str
    status: str | None = None


def findings(store: Store, noun: str, keys: Sequence[int]) -> dict[int, Finding]:
    """The records of a table with these keys that are not deleted, and whose customer is not."""
    if noun in finding_sales.WHEN:
        return {row["id"]: _sale(noun, row) for part in slices(keys) for row in finding_sales.rows(store, noun, part)}
    read = {"interaction": _interactions, "followup": _followups}.get(noun)
    found: dict[int, Finding] = {}
    for part in slices(keys):
        found.update(read(store, part) if read else _parties(store, noun, part))
    return found


def _parties(store: Store, noun: str, keys: Sequence[int]) -> dict[int, Finding]:
    rows = store.rows(f"SELECT * FROM {noun} WHERE id IN ({marks(keys)}) AND deleted_at IS NULL", keys)
    records = parties.records(store, noun, rows)
    return {row["id"]: _party(noun, record) for row, record in zip(rows, records, strict=True)}


def _party(noun: str, record: dict[str, Any]) -> Finding:
    name, *called = NAMES[noun]
    texts = [("name", record[name])]
    for table, entries in LISTS.items():
        parts = NAME_CHILDREN.get(table) or TEXT_CHILDREN[table]
        texts += [(table, _joined(child[part] for part in parts)) for child in record[entries]]
    texts += [("domain", domain) for domain in record.get("domains", ())]
    texts += [(place, record[place]) for place in (*called, *TEXTS[noun]) if record[place]]
    texts += [("tag", tag) for tag in record["tags"]]
    texts += [(f"custom.{field}", value) for field, value in record["custom"].items()]
    texts += [("preference", f"{key}={value}") for key, value in record["preferences"].items()]
    texts += [("external_id", value) for value in record["external_ids"]]
    return Finding(record["id"], noun, record[name], texts, None, None, record["updated_at"])


def _joined(parts: Any) -> str:
    return ", ".join(part for part in parts if part)


def _interactions(store: Store, keys: Sequence[int]) -> dict[int, Finding]:
    rows = store.rows(
        f"SELECT id, subject, substr(body, 1, {REACH}) AS body, direction, channel, occurred_at FROM interaction"
        f" WHERE id IN ({marks(keys)}) AND deleted_at IS NULL",
        keys,
    )
    people = store.rows(
        "SELECT p.interaction_id, p.contact_id, p.company_id, c.display_name, o.name FROM participant p"
        " LEFT JOIN contact c ON c.id = p.contact_id LEFT JOIN company o ON o.id = p.company_id"
        f" WHERE p.interaction_id IN ({marks(keys)}) AND c.deleted_at IS NULL"
        " AND (p.contact_id IS NOT NULL OR o.deleted_at IS NULL) ORDER BY p.id",
        keys,
    )
    who: dict[int, dict[str, str]] = {}
    for person in people:
        who.setdefault(person["interaction_id"], _who(person))
    found = {}
    for row in rows:
        if row["id"] in who:
            name = row["subject"] or f"{row['direction']} {row['channel']}".replace("_", " ").capitalize()
            found[row["id"]] = _finding(
                "interaction", row, name, who[row["id"]], row["occurred_at"], row["occurred_at"]
            )
    return found


def _followups(store: Store, keys: Sequence[int]) -> dict[int, Finding]:
    rows = store.rows(
        f"SELECT f.id, f.subject, substr(f.note, 1, {REACH}) AS note,"
        f" substr(f.outcome_note, 1, {REACH}) AS outcome_note, f.due_at, f.status, f.created_at,"
        " f.contact_id, f.company_id, c.display_name, o.name FROM followup f"
        " LEFT JOIN contact c ON c.id = f.contact_id LEFT JOIN company o ON o.id = f.company_id"
        f" WHERE f.id IN ({marks(keys)}) AND f.deleted_at IS NULL AND c.deleted_at IS NULL AND o.deleted_at IS NULL",
        keys,
    )
    found = {}
    for row in rows:
        finding = _finding("followup", row, row["subject"], _who(row), row["due_at"], row["created_at"])
        found[row["id"]] = finding._replace(status=row["status"])
    return found


def _sale(table: str, row: Row) -> Finding:
    noun, since = noun_of(table), row[finding_sales.WHEN[table]]
    who = None
    if row.get("contact_id") is not None:
        who = {"id": ref("contact", row["contact_id"]), "name": row["display_name"]}
    elif row.get("company_id") is not None:
        who = {"id": ref("company", row["company_id"]), "name": row["company_name"]}
    name, texts = finding_sales.name(table, row), finding_sales.texts(table, row)
    at = None if table == "product" else since
    return Finding(ref(noun, row["id"]), noun, name, texts, who, at, since, row.get("status"))


def _finding(noun: str, row: Row, name: str, who: dict[str, str], at: str, since: str) -> Finding:
    texts = [(place, row[place]) for place in TEXTS[noun] if row[place]]
    return Finding(ref(noun, row["id"]), noun, name, texts, who, at, since)


def _who(row: Row) -> dict[str, str]:
    if row["contact_id"] is not None:
        return {"id": ref("contact", row["contact_id"]), "name": row["display_name"]}
    return {"id": ref("company", row["company_id"]), "name": row["name"]}

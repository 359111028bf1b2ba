"""Reads that tell where the values of a contact or company came from."""

from collections.abc import Iterable, Sequence

from crmcli.store.connection import Row
from crmcli.store.sql import listed
from crmcli.store.store import Store

# The tables of what a record has many of, in the order of their flags, with the columns that make up a value.
CHILDREN = {
    "email": ("value",),
    "phone": ("raw", "e164"),
    "address": (
        "street_address",
        "extended_address",
        "post_office_box",
        "locality",
        "region",
        "postal_code",
        "country_code",
    ),
    "url": ("value",),
    "company_domain": ("domain",),
    "employment": ("company_id", "role", "started_on", "ended_on"),
    "tagging": ("tag_id",),
    "custom_value": ("value",),
    "preference": ("value",),
    "external_id": ("source", "key"),
    "consent": ("state",),
    "extra_property": ("line",),
}
# What tells two values of one table apart, beside the value itself.
NAMED_BY = {
    "custom_value": ("field_id",),
    "preference": ("key",),
    "consent": ("purpose", "channel"),
    "extra_property": ("name",),
}
_ONE_NOUN = {"company_domain": "company", "employment": "contact", "consent": "contact"}
MOST_MERGED = 1000


def merged_into(store: Store, noun: str, key: int) -> list[int]:
    """The records that were merged into this one, those that had been merged into them included."""
    found: list[int] = []
    waiting = [key]
    while waiting and len(found) < MOST_MERGED:
        sql = "SELECT record_id FROM merged_record WHERE noun = ? AND kept_id = ? ORDER BY record_id"
        rows = store.rows(sql, [noun, waiting.pop()])
        waiting += [row["record_id"] for row in rows]
        found += [row["record_id"] for row in rows]
    return found


def changes(store: Store, noun: str, keys: Sequence[int]) -> list[Row]:
    """All changes of these records and of what belongs to them, the oldest first."""
    sql = f"SELECT * FROM change WHERE noun = ? AND record_id IN ({listed(keys)}) ORDER BY id"
    return store.rows(sql, [noun])


def operations(store: Store, keys: Iterable[int]) -> dict[int, Row]:
    """These operations by their keys."""
    rows = store.rows(f"SELECT * FROM operation WHERE id IN ({listed([0, *keys])})")
    return {row["id"]: row for row in rows}


def children(store: Store, table: str, noun: str, key: int) -> list[Row]:
    """The rows of a record in one of CHILDREN."""
    if _ONE_NOUN.get(table, noun) != noun:
        return []
    return store.rows(f"SELECT * FROM {table} WHERE {noun}_id = ? ORDER BY id", [key])


def name(store: Store, table: str, key: int) -> str:
    """What a row that is referred to is called."""
    return str(store.value(f"SELECT name FROM {table} WHERE id = ?", [key]))

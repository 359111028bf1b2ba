"""What is asked about deals, orders and products when they are written: which are known, and what customers have."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from crmcli.model.enums import BEFORE_CUSTOMER
from crmcli.store.activity import PURCHASE
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store


class Known(NamedTuple):
    """A record that is here: its key, and whether it is deleted."""

    id: int
    deleted: bool


def by_external(store: Store, table: str, keys: Iterable[str]) -> dict[str, Known]:
    """The deals, orders, cases or products that others call by these names."""
    return _known(store, f"SELECT external AS found, id, deleted_at FROM {table} WHERE external IN ({{}})", keys)


def by_uid(store: Store, table: str, keys: Iterable[str]) -> dict[str, Known]:
    """Those of these uids."""
    return _known(store, f"SELECT uid AS found, id, deleted_at FROM {table} WHERE uid IN ({{}})", keys)


def products_by_sku(store: Store, skus: Iterable[str]) -> dict[str, int]:
    """The keys of the living products of these article numbers; of several the oldest."""
    sql = "SELECT sku AS found, id, deleted_at FROM product WHERE sku IN ({}) AND deleted_at IS NULL ORDER BY id DESC"
    return {sku: one.id for sku, one in _known(store, sql, skus).items()}


def products_by_name(store: Store, names: Iterable[str]) -> dict[str, int]:
    """The keys of the living products of these names, given as their keys; of several the oldest."""
    sql = (
        "SELECT name_key AS found, id, deleted_at FROM product WHERE name_key IN ({}) AND deleted_at IS NULL"
        " ORDER BY id DESC"
    )
    return {name: one.id for name, one in _known(store, sql, names).items()}


def deals_named(store: Store, name: str, contact: int | None, company: int | None) -> list[int]:
    """The keys of the living deals of just this name with a contact or company."""
    sql = "SELECT id FROM deal WHERE (contact_id = ? OR company_id = ?) AND name = ? AND deleted_at IS NULL ORDER BY id"
    return [row["id"] for row in store.rows(sql, [contact, company, name])]


def last(store: Store, table: str) -> int:
    """The greatest key of a table; 0 for an empty one."""
    return int(store.value(f"SELECT coalesce(max(id), 0) AS n FROM {table}"))


def new_customers(store: Store, first: int) -> list[tuple[str, int]]:
    """The contacts and companies who stood before the stage of a customer and have an order that counts, of this key or
    a later one."""
    found = []
    for noun in PARTIES:
        sql = (
            f"SELECT id FROM {noun} WHERE (lifecycle_stage IS NULL OR lifecycle_stage IN ({marks(BEFORE_CUSTOMER)}))"
            f" AND id IN (SELECT {noun}_id FROM sales_order WHERE id >= ? AND {noun}_id IS NOT NULL AND {PURCHASE})"
            " ORDER BY id"
        )
        found += [(noun, row["id"]) for row in store.rows(sql, [*BEFORE_CUSTOMER, first])]
    return found


def currency_of(store: Store, noun: str, key: int) -> str | None:
    """The currency of a contact or company, if they have one."""
    found: str | None = store.value(f"SELECT currency FROM {noun} WHERE id = ?", [key])
    return found


def children(store: Store, table: str, owner: str, key: int) -> list[Row]:
    """The rows that belong to a record, in their order: `order_line` of an order, by its `order_id`."""
    order = "position, id" if table.endswith("_line") else "id"
    return store.rows(f"SELECT * FROM {table} WHERE {owner} = ? ORDER BY {order}", [key])


def _known(store: Store, sql: str, keys: Iterable[str], before: Sequence[Any] = ()) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for part in slices(list(dict.fromkeys(keys))):
        for row in store.rows(sql.format(marks(part)), [*before, *part]):
            found[row["found"]] = Known(row["id"], row["deleted_at"] is not None)
    return found

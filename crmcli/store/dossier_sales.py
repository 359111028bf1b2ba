"""Reads of a person's deals, orders and cases, whole, for the person."""

from collections.abc import Sequence
from typing import Any

from crmcli.kernel.ids import noun_of, ref
from crmcli.kernel.money import plain
from crmcli.store.connection import Row
from crmcli.store.erasing_sales import CHILDREN
from crmcli.store.schema import TABLES
from crmcli.store.sql import listed
from crmcli.store.store import Store

NAMED = {"contact": "display_name", "company": "name", "product": "name", "stage": "name", "pipeline": "name",
         "user_account": "name"}  # fmt: skip
# Of a row what is of the program, or stands beside it.
ASIDE = ("id", "uid", "name_key")


def records(store: Store, table: str, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of deals, orders or cases with all that belongs to each, the newest first.

    Amounts are texts in whole units of the record's currency; what is referred to is there by its name. The rows that
    belong to a record are lists under the names of their tables.
    """
    rows = store.rows(f"SELECT * FROM {table} WHERE id IN ({listed([0, *keys])}) ORDER BY id DESC")
    children = {
        child: store.rows(f"SELECT * FROM {child} WHERE {column} IN ({listed([0, *keys])}) ORDER BY id")
        for child, column in CHILDREN[table]
    }
    found = []
    for row in rows:
        currency = row.get("currency")
        record = {"id": ref(noun_of(table), row["id"]), **_told(store, table, row, currency)}
        for child, column in CHILDREN[table]:
            own = [one for one in children[child] if one[column] == row["id"]]
            record[child] = [_told(store, child, one, currency, column) for one in own]
        found.append(record)
    return found


def _told(store: Store, table: str, row: Row, currency: str | None, owner: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, column in TABLES[table].columns.items():
        value = row[name]
        if name in (*ASIDE, owner) or column.kind == "key":
            continue
        if column.kind == "money" and value is not None and currency:
            told[name] = plain(value, currency)
        elif column.kind == "ref":
            told[name.removesuffix("_id")] = None if value is None else _name(store, column.to, value)
        else:
            told[name] = value
    return told


def _name(store: Store, table: str, key: int) -> str:
    if table not in NAMED:
        return ref(noun_of(table), key) if table in ("deal", "sales_order") else str(key)
    return str(store.value(f"SELECT {NAMED[table]} FROM {table} WHERE id = ?", [key]))

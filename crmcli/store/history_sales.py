"""Reads for the history of deals and orders: in what currency their amounts are."""

from json import loads
from typing import Any

from crmcli.store.schema import TABLES
from crmcli.store.store import Store


def currency(store: Store, table: str, key: int) -> Any:
    """The currency of a row now, or what the journal has of it when it is gone; None where that is not known."""
    if "currency" not in TABLES[table].columns:
        return None
    row = store.row(f"SELECT currency AS value FROM {table} WHERE id = ?", [key])
    return _known(store, table, key, "currency") if row is None else row["value"]


def owner(store: Store, table: str, column: str, key: int) -> Any:
    """The record that a row of a deal or order is of."""
    row = store.row(f"SELECT {column} AS value FROM {table} WHERE id = ?", [key])
    return _known(store, table, key, column) if row is None else row["value"]


def _known(store: Store, table: str, key: int, column: str) -> Any:
    sql = "SELECT before FROM change WHERE noun = ? AND record_id = ? AND table_name = ? AND before IS NOT NULL"
    rows = store.rows(f"{sql} ORDER BY id DESC", [table, key, table])
    return next((value for row in rows if (value := loads(row["before"]).get(column)) is not None), None)

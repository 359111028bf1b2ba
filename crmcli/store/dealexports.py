"""Reads of whole deals for exports: with their lines, people and stages, a query of each for a page of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crmcli.kernel.ids import ref
from crmcli.kernel.money import plain
from crmcli.kernel.orderlines import write_quantity
from crmcli.store import deals, products
from crmcli.store.connection import Row
from crmcli.store.sql import listed, slices
from crmcli.store.store import Store

_MONEY = ("unit_price", "discount", "amount")
_LINES = (
    f"SELECT l.*, p.uid AS product_uid, p.sku, p.name AS product_name, {products.NAMED} AS product_named"
    " FROM deal_line l LEFT JOIN product p ON p.id = l.product_id"
    " WHERE l.deal_id IN ({}) ORDER BY l.deal_id, l.position, l.id"
)
_ROLES = (
    "SELECT r.deal_id, r.contact_id, r.role, c.display_name FROM deal_contact r"
    " JOIN contact c ON c.id = r.contact_id WHERE r.deal_id IN ({}) ORDER BY r.deal_id, r.id"
)
_STAYS = (
    "SELECT d.deal_id, s.name AS stage, d.entered_at, d.left_at FROM deal_stage d JOIN stage s ON s.id = d.stage_id"
    " WHERE d.deal_id IN ({}) ORDER BY d.deal_id, d.id"
)
"""As the deal went; see `deals.stays`, which says why not by when the stays began."""


def records(store: Store, rows: Sequence[Row], now: str) -> list[dict[str, Any]]:
    """The records of rows of `deals.COLUMNS`, with `lines`, `contacts` and `stages`."""
    found = deals.records(store, rows, now)
    by_key = {row["id"]: record for row, record in zip(rows, found, strict=True)}
    for record in found:
        record.update(lines=[], contacts=[], stages=[])
    for row in _rows(store, _LINES, list(by_key)):
        record = by_key[row["deal_id"]]
        record["lines"].append(_line(row, record["currency"]))
    for row in _rows(store, _ROLES, list(by_key)):
        person = {"id": ref("contact", row["contact_id"]), "display_name": row["display_name"], "role": row["role"]}
        by_key[row["deal_id"]]["contacts"].append(person)
    for row in _rows(store, _STAYS, list(by_key)):
        stay = {name: row[name] for name in ("stage", "entered_at", "left_at")}
        by_key[row["deal_id"]]["stages"].append(stay)
    return found


def all_deals(
    store: Store, pages: Iterator[list[Row]], now: str, name: Callable[[list[dict[str, Any]]], None]
) -> Iterator[dict[str, Any]]:
    """The records of pages of rows; `name` gives people their uid and address."""
    for rows in pages:
        found = records(store, rows, now)
        parties = [party for record in found for party in (record["contact"], record["company"], *record["contacts"])]
        name([party for party in parties if party])
        yield from found


def _rows(store: Store, sql: str, keys: Sequence[int]) -> Iterator[Row]:
    for part in slices(keys):
        yield from store.rows(sql.format(listed(part)))


def _line(row: Row, currency: str) -> dict[str, Any]:
    return {
        "name": row["name"],
        "sku": row["sku"],
        "product_uid": row["product_uid"],
        "alone": (row["product_named"] == 1 and row["product_name"] == row["name"]) or row["sku"] is not None,
        "quantity": write_quantity(row["quantity"]),
        "quantity_thousandths": row["quantity"],
        **{name: plain(row[name], currency) for name in _MONEY},
        **{f"{name}_minor": row[name] for name in _MONEY},
    }

"""Reads of products and their prices: records, lists, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from json import loads
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.ids import ref
from crmcli.kernel.money import plain
from crmcli.kernel.orderlines import write_share
from crmcli.kernel.text import tokens
from crmcli.store import about
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import Node
from crmcli.store.names import MOST_WORDS, matching
from crmcli.store.sql import ENDLESS, marks, slices
from crmcli.store.store import Store

Condition = tuple[str, list[object]]
Record = dict[str, Any]

ALWAYS = "0001-01-01"
"""The day from which a price without one is valid."""
NAMED = "(SELECT count(*) FROM product o WHERE o.name_key = p.name_key AND o.deleted_at IS NULL)"
"""How many products have the name of a product `p`."""
PLAIN = ("uid", "name", "sku", "category", "unit", "description")
SORTS = {
    "name": ("product.name_key", "product.id"),
    "sku": ("coalesce(product.sku, '')", "product.id"),
    "category": ("coalesce(product.category, '')", "product.name_key", "product.id"),
    "created": ("product.id",),
}


def records(store: Store, rows: Sequence[Row], today: str) -> list[Record]:
    """The records of rows of products; `prices` are those of today, `price_list` all there are."""
    prices: dict[int, list[Row]] = {}
    for part in slices([row["id"] for row in rows]):
        sql = f"SELECT * FROM price WHERE product_id IN ({marks(part)}) ORDER BY product_id, currency, valid_from"
        for price in store.rows(sql, part):
            prices.setdefault(price["product_id"], []).append(price)
    return [_record(row, prices.get(row["id"], []), today) for row in rows]


def _record(row: Row, prices: Sequence[Row], today: str) -> Record:
    found: Record = {"id": ref("product", row["id"])}
    found.update((name, row[name]) for name in PLAIN)
    found["tax_rate"] = None if row["tax_rate"] is None else write_share(row["tax_rate"])
    found["active"] = bool(row["active"])
    now = {price["currency"]: price for price in prices if price["valid_from"] <= today}
    found["prices"] = [_price(price) for price in now.values()]
    found["price_list"] = [_price(price) for price in prices]
    found["external"] = row["external"]
    found["custom"] = loads(row["custom"] or "{}")
    return {**found, **{name: row[name] for name in ("created_at", "updated_at", "deleted_at")}}


def _price(row: Row) -> Record:
    amount, currency = row["amount"], row["currency"]
    begin = None if row["valid_from"] == ALWAYS else row["valid_from"]
    return {"currency": currency, "amount": plain(amount, currency), "amount_minor": amount, "from": begin}


def get(store: Store, key: int) -> Row | None:
    """The row with this key, deleted or not, or None."""
    return store.row("SELECT * FROM product WHERE id = ?", [key])


def named(store: Store, text: str, *, deleted: bool = False, limit: int = 11) -> list[Row]:
    """Products that a text names: by article number, key in another system or uid, else by their whole name."""
    state = "deleted_at IS NOT NULL" if deleted else "deleted_at IS NULL"
    for condition in ("sku = ?", "external = ?", "uid = ?"):
        rows = store.rows(f"SELECT * FROM product WHERE {condition} AND {state} ORDER BY id LIMIT {limit}", [text])
        if rows:
            return rows
    return store.rows(
        f"SELECT * FROM product WHERE name_key = ? AND {state} ORDER BY id LIMIT {limit}", [name_key(text)]
    )


def with_words(store: Store, text: str, limit: int) -> list[Row]:
    """Products that have all words of a text, or words that begin so, the first added first."""
    sought = tokens(text)[:MOST_WORDS]
    if not sought:
        return []
    written, values = matching(store.dialect, "search_text", sought)
    found = f"SELECT record_id FROM search_text WHERE noun = 'product' AND {written}"
    return store.rows(
        f"SELECT * FROM product WHERE id IN ({found}) AND deleted_at IS NULL ORDER BY id LIMIT ?", [*values, limit]
    )


def all_names(store: Store, limit: int = 1000) -> list[str]:
    """Names of products that are sold, for messages that name the nearest."""
    sql = "SELECT name FROM product WHERE deleted_at IS NULL AND active = 1 ORDER BY name_key LIMIT ?"
    return [row["name"] for row in store.rows(sql, [limit])]


def price(store: Store, product: int, currency: str, day: str) -> int | None:
    """The price of one unit on a day in minor units, the newest not after it; None without any."""
    found: int | None = store.value(
        "SELECT amount FROM price WHERE product_id = ? AND currency = ? AND valid_from <= ?"
        " ORDER BY valid_from DESC LIMIT 1",
        [product, currency, day],
    )
    return found


def price_row(store: Store, product: int, currency: str, valid_from: str) -> Row | None:
    """The price that is valid from exactly this day, or None."""
    return store.row(
        "SELECT * FROM price WHERE product_id = ? AND currency = ? AND valid_from = ?", [product, currency, valid_from]
    )


def page(store: Store, where: Condition, sort: str, limit: int | None, *, deleted: bool = False) -> list[Row]:
    """Rows that match, in the order of one of SORTS; one more than `limit` when there are more."""
    sql, parameters = where
    state = "product.deleted_at IS NOT NULL" if deleted else "product.deleted_at IS NULL"
    direction = " DESC" if sort.startswith("-") else ""
    order = ", ".join(part + direction for part in SORTS[sort.lstrip("-")])
    return store.rows(
        f"SELECT product.* FROM product WHERE {state}{f' AND {sql}' if sql else ''} ORDER BY {order} LIMIT ?",
        [*parameters, ENDLESS if limit is None else limit + 1],
    )


def condition(store: Store, node: Node | None, clock: Clock, user: Callable[[str], int]) -> Condition:
    """A parsed filter as SQL; "" for an empty one. Raises UsageError when it is wrong."""

    def words(text: str) -> tuple[str, list[object]]:
        sought = tokens(text)[:MOST_WORDS]
        if not sought:
            return "1 = 0", []
        written, values = matching(store.dialect, "search_text", sought)
        return f"product.id IN (SELECT record_id FROM search_text WHERE noun = 'product' AND {written})", values

    return compile_filter(
        node, fields(), words=words, clock=clock, user=user, dynamic=about.own_fields(store, "product")
    )


def fields() -> dict[str, Field]:
    """What a filter may ask about a product, by every name it goes by."""
    prices = "exists (select 1 from price where price.product_id = product.id and {})"
    found = (
        Field("name", "folded", "product.name_key", help="Name"),
        Field("sku", "exact", "product.sku", help="Article number"),
        Field("category", "text", "product.category", help="Category"),
        Field("unit", "text", "product.unit", help="What one of it is"),
        Field("description", "text", "product.description", help="What it is"),
        Field("tax_rate", "real", "(product.tax_rate / 1000.0)", help="Tax rate in percent"),
        Field("active", "bool", "product.active", help="Still sold"),
        Field("price", "real", exists=prices, inner=about.money("price", "amount"), help="A price, in whole units"),
        Field("currency", "text", exists=prices, inner="price.currency", help="It has a price in this currency"),
        Field("external", "exact", "product.external", help="Key in another system, SOURCE:KEY"),
        Field("created", "time", "product.created_at", help="When it was added"),
        Field("updated", "time", "product.updated_at", help="When it was last changed"),
        Field("id", "ref:product", "product.id", help="Short id"),
        Field("uid", "exact", "product.uid", help="Id that travels in exports"),
    )
    named = {field.name: field for field in found}
    return {**named, "tax": named["tax_rate"]}

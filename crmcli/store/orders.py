"""Reads of orders: records, lists, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from json import loads
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.ids import ref
from crmcli.kernel.money import plain
from crmcli.kernel.orderlines import write_quantity, write_share
from crmcli.kernel.rulewords import words as rule_words
from crmcli.model.enums import FINANCIAL_STATUS, FULFILLMENT_STATUS, ORDER_STATUS
from crmcli.store import about
from crmcli.store.connection import Row
from crmcli.store.filter_sql import Field
from crmcli.store.filters import Node
from crmcli.store.sql import ENDLESS, marks, slices
from crmcli.store.store import Store

Condition = tuple[str, list[object]]
Record = dict[str, Any]

COLUMNS = (
    "sales_order.*, contact.display_name AS contact_name, company.name AS company_name,"
    " user_account.name AS owner_name, deal.name AS deal_name"
)
TABLES = (
    "sales_order LEFT JOIN contact ON contact.id = sales_order.contact_id"
    " LEFT JOIN company ON company.id = sales_order.company_id"
    " LEFT JOIN user_account ON user_account.id = sales_order.owner_id"
    " LEFT JOIN deal ON deal.id = sales_order.deal_id"
)
KEPT = "sales_order.deleted_at IS NULL"
GOES_ON = (
    "sales_order.series IS NOT NULL AND sales_order.recurrence IS NOT NULL AND sales_order.deleted_at IS NULL"
    " AND sales_order.status <> 'cancelled' AND NOT EXISTS (SELECT 1 AS one FROM sales_order later"
    " WHERE later.series = sales_order.series AND later.id > sales_order.id)"
    " AND coalesce(sales_order.contact_id, sales_order.company_id) IS NOT NULL"
    " AND contact.deleted_at IS NULL AND company.deleted_at IS NULL"
)
"""Which orders are the last of a series that goes on. A series ends with its last one, deleted or cancelled."""
SORTS = {
    "date": ("sales_order.ordered_on", "sales_order.id"),
    "total": ("{total}", "sales_order.id"),
    "number": ("coalesce(sales_order.number, '')", "sales_order.id"),
}
AMOUNTS = ("subtotal", "discount", "shipping", "tax", "total", "paid")
STATES = ("status", "financial_status", "fulfillment_status")
DAYS = ("due_on", "shipped_on", "delivered_on", "returned_on", "cancelled_on", "paid_on")
TO_BE_PAID = ("payment_due", "processing", "in_transit", "delivered")
OPEN = ("draft", "payment_due", "processing", "in_transit")


def still_to_pay(row: Row) -> int:
    """What is still to be paid of an order, in minor units: nothing of a draft, a cancelled or a returned one."""
    return max(0, int(row["total"]) - int(row["paid"])) if row["status"] in TO_BE_PAID else 0


def record(row: Row, today: str) -> Record:
    """The record of a row of COLUMNS; `unpaid` is what is still to be paid, `overdue` that its day has passed."""
    currency = row["currency"]
    found: Record = {"id": ref("order", row["id"]), "uid": row["uid"], "number": row["number"]}
    found["ordered_on"] = row["ordered_on"]
    found.update((name, row[name]) for name in STATES)
    found["currency"] = currency
    found["tax_included"] = bool(row["tax_included"])
    open_amount = still_to_pay(row)
    for name, amount in (*((name, row[name]) for name in AMOUNTS), ("unpaid", open_amount)):
        found[name], found[f"{name}_minor"] = plain(amount, currency), amount
    found.update((name, row[name]) for name in DAYS)
    found["overdue"] = bool(open_amount and row["due_on"] and row["due_on"] < today)
    contact, company = row["contact_id"], row["company_id"]
    found["contact"] = contact and {"id": ref("contact", contact), "display_name": row["contact_name"]}
    found["company"] = company and {"id": ref("company", company), "name": row["company_name"]}
    found["deal"] = row["deal_id"] and {"id": ref("deal", row["deal_id"]), "name": row["deal_name"]}
    found["owner"] = row["owner_name"]
    found["source"], found["note"], found["external"] = row["source"], row["note"], row["external"]
    found["custom"] = loads(row["custom"] or "{}")
    rule = row["recurrence"]
    found["recurrence"] = rule and {"rule": rule, "words": rule_words(rule, row["recurs_from"])}
    found["series"], found["occurs_on"] = row["series"], row["occurs_on"]
    return {**found, **{name: row[name] for name in ("created_at", "updated_at", "deleted_at")}}


def line_record(row: Row, currency: str, place: int) -> Record:
    """The record of a row of `lines`; `place` is its number within the order, from 1."""
    found: Record = {"line": place, "name": row["name"], "sku": row["sku"]}
    product = row["product_id"]
    found["product"] = product and {"id": ref("product", product), "name": row["product_name"]}
    found["quantity"], found["quantity_thousandths"] = write_quantity(row["quantity"]), row["quantity"]
    for name in ("unit_price", "discount", "tax", "amount"):
        found[name], found[f"{name}_minor"] = plain(row[name], currency), row[name]
    found["tax_rate"] = None if row["tax_rate"] is None else write_share(row["tax_rate"])
    found["shipped"] = write_quantity(row["shipped"])
    return {**found, "return_of": None, "returned_on": row["returned_on"]}


def line_records(rows: Sequence[Row], currency: str) -> list[Record]:
    """The records of all lines of an order, returns included, numbered in their order."""
    place = {row["id"]: number for number, row in enumerate(rows, 1)}
    return [{**line_record(row, currency, place[row["id"]]), "return_of": place.get(row["return_of"])} for row in rows]


def payment_record(row: Row, currency: str) -> Record:
    """The record of a row of `payments`."""
    amount = row["amount"]
    found = {"amount": plain(amount, currency), "amount_minor": amount}
    return {**found, **{name: row[name] for name in ("paid_on", "method", "reference")}}


def get(store: Store, key: int) -> Row | None:
    """The row with this key, deleted or not, or None."""
    return store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE sales_order.id = ?", [key])


def named(store: Store, text: str, *, deleted: bool = False, limit: int = 11) -> list[Row]:
    """The orders that a text names: by number, key in another system or uid; the newest first.

    `#1001` is found as 1001, too, and the other way round: shops write the sign, and a shell begins a comment with it.
    """
    state = "sales_order.deleted_at IS NOT NULL" if deleted else KEPT
    other = text.removeprefix("#") if text.startswith("#") else f"#{text}"
    for name, value in (("number", text), ("number", other), ("external", text), ("uid", text)):
        rows = store.rows(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE sales_order.{name} = ? AND {state}"
            f" ORDER BY sales_order.id DESC LIMIT {limit}",
            [value],
        )
        if rows:
            return rows
    return []


def lines(store: Store, key: int) -> list[Row]:
    """The lines of an order, returns included, in their order."""
    return store.rows("SELECT * FROM order_line WHERE order_id = ? ORDER BY position, id", [key])


def payments(store: Store, key: int) -> list[Row]:
    """The payments of an order in the order in which they came."""
    return store.rows("SELECT * FROM payment WHERE order_id = ? ORDER BY paid_on, id", [key])


def of_many(store: Store, table: str, keys: Sequence[int]) -> dict[int, list[Row]]:
    """The rows of `order_line` or `payment` of many orders, by the key of the order; lines have `product_name`."""
    selected, order = f"* FROM {table}", "order_id, paid_on, id"
    if table == "order_line":
        selected = "order_line.*, product.name AS product_name FROM order_line"
        selected += " LEFT JOIN product ON product.id = order_line.product_id"
        order = "order_id, position, order_line.id"
    found: dict[int, list[Row]] = {}
    for part in slices(keys):
        for row in store.rows(f"SELECT {selected} WHERE order_id IN ({marks(part)}) ORDER BY {order}", part):
            found.setdefault(row["order_id"], []).append(row)
    return found


def of_deal(store: Store, deal: int) -> Row | None:
    """The order that was made of a deal, or None."""
    return store.row(f"SELECT id FROM sales_order WHERE deal_id = ? AND {KEPT} ORDER BY id LIMIT 1", [deal])


def deal(store: Store, key: int) -> Row | None:
    """The row of a deal, or None."""
    return store.row("SELECT * FROM deal WHERE id = ?", [key])


def deal_lines(store: Store, key: int) -> list[Row]:
    """The lines of a deal in their order."""
    return store.rows("SELECT * FROM deal_line WHERE deal_id = ? ORDER BY position, id", [key])


def page(store: Store, where: Condition, sort: str, limit: int | None, *, deleted: bool = False) -> list[Row]:
    """Rows that match, in the order of one of SORTS; one more than `limit` when there are more."""
    sql, parameters = where
    state = "sales_order.deleted_at IS NOT NULL" if deleted else KEPT
    direction = " DESC" if sort.startswith("-") else ""
    parts = (part.replace("{total}", about.money("sales_order", "total")) for part in SORTS[sort.lstrip("-")])
    order = ", ".join(part + direction for part in parts)
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {state}{f' AND {sql}' if sql else ''} ORDER BY {order} LIMIT ?",
        [*parameters, ENDLESS if limit is None else limit + 1],
    )


# --- what is about an order


def followups_of(store: Store, key: int) -> list[Row]:
    """What is promised about an order, open or not, the earliest first."""
    return store.rows(
        "SELECT id, subject, due_at, all_day, status FROM followup WHERE order_id = ? AND deleted_at IS NULL"
        " ORDER BY due_at, id",
        [key],
    )


def cases_of(store: Store, key: int) -> list[Row]:
    """The cases about an order, the oldest first."""
    return store.rows(
        "SELECT id, subject, status FROM support_case WHERE order_id = ? AND deleted_at IS NULL ORDER BY id", [key]
    )


def contacts_of(store: Store, key: int) -> list[Row]:
    """What was logged about an order, the oldest first."""
    return store.rows(
        "SELECT id, occurred_at, direction, channel, subject, body FROM interaction"
        " WHERE order_id = ? AND deleted_at IS NULL ORDER BY occurred_at, id",
        [key],
    )


def changes_of(store: Store, key: int) -> list[Row]:
    """The changes of an order itself that the journal has, the oldest first."""
    return store.rows(
        "SELECT change.operation_id, operation.at, operation.actor, operation.command, change.before, change.after"
        " FROM change JOIN operation ON operation.id = change.operation_id"
        " WHERE change.noun = 'sales_order' AND change.record_id = ? AND change.table_name = 'sales_order'"
        " ORDER BY change.id",
        [key],
    )


# --- those that recur


def recurring(store: Store) -> list[Row]:
    """The last occurrence of each series that goes on: what the next ones follow from."""
    return store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE {GOES_ON} ORDER BY sales_order.id")


def of_series(store: Store, series: str) -> list[Row]:
    """All occurrences of a series in their order, deleted ones included."""
    return store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE sales_order.series = ? ORDER BY sales_order.id", [series])


# --- filters


def condition(
    store: Store, node: Node | None, clock: Clock, user: Callable[[str], int], today: str
) -> tuple[str, list[object]]:
    """A parsed filter as SQL; "" for an empty one. Raises UsageError when it is wrong."""
    return about.condition(store, "sales_order", node, fields(today), clock, user)


def fields(today: str) -> dict[str, Field]:
    """What a filter may ask about an order, by every name it goes by."""
    found = {entry.name: entry for entry in (*_own_fields(today), *about.customer_fields("sales_order"))}
    for short, name in (
        ("ordered", "ordered_on"),
        ("due", "due_on"),
        ("financial", "financial_status"),
        ("fulfillment", "fulfillment_status"),
        ("ordered", "date"),
    ):
        found[name] = found[short]
    return found


def _own_fields(today: str) -> tuple[Field, ...]:
    def own(name: str, kind: str, help: str, column: str = "", values: Sequence[str] = ()) -> Field:
        return Field(name, kind, f"sales_order.{column or name}", values=tuple(values), help=help)

    def told(name: str, test: str, help: str) -> Field:
        return Field(name, "bool", f"(CASE WHEN {test} THEN 1 ELSE 0 END)", help=help)

    def money(name: str, help: str) -> Field:
        return Field(name, "real", about.money("sales_order", name), help=help)

    is_open = f"sales_order.status IN ({', '.join(repr(one) for one in OPEN)})"
    unpaid = (
        f"sales_order.status IN ({', '.join(repr(one) for one in TO_BE_PAID)}) AND sales_order.paid < sales_order.total"
    )
    lines = "exists (select 1 from order_line where order_line.order_id = sales_order.id and {})"
    sku = Field("sku", "exact", exists=lines, inner="order_line.sku", help="Article number of something in it")
    return (
        own("number", "exact", "The number that the customer knows it by"),
        own("status", "enum", "How far it is", values=ORDER_STATUS),
        own("financial", "enum", "How far it is paid", "financial_status", FINANCIAL_STATUS),
        own("fulfillment", "enum", "How far it was sent", "fulfillment_status", FULFILLMENT_STATUS),
        money("total", "What is to be paid, in whole units"),
        money("paid", "What was paid, in whole units"),
        own("currency", "text", "Its currency"),
        own("ordered", "day", "When it was ordered", "ordered_on"),
        own("due", "day", "When it is to be paid", "due_on"),
        own("shipped", "day", "When it was sent", "shipped_on"),
        own("delivered", "day", "When it arrived", "delivered_on"),
        told("open", is_open, "Neither arrived nor ended"),
        told("unpaid", unpaid, "Something is still to be paid"),
        told("overdue", f"{unpaid} AND sales_order.due_on < '{today}'", "It should be paid by now"),
        Field(
            "product",
            "text",
            exists=lines,
            inner="order_line.name",
            help="Name, article number or id of something in it",
            others=(Field("product", "ref:product", exists=lines, inner="order_line.product_id"), sku),
        ),
        sku,
        own("owner", "user", "Who looks after it", "owner_id"),
        own("source", "text", "Where it came from"),
        own("deal", "ref:deal", "The deal that it came of", "deal_id"),
        told("recurs", "sales_order.recurrence IS NOT NULL", "It repeats by a rule"),
        own("series", "exact", "The uid of the first of those that repeat"),
        own("note", "text", "Details"),
        own("external", "exact", "Key in another system, SOURCE:KEY"),
        own("created", "time", "When it was added", "created_at"),
        own("updated", "time", "When it was last changed", "updated_at"),
        own("id", "ref:order", "Short id"),
        own("uid", "exact", "Id that travels in exports"),
    )

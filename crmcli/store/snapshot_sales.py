"""Reads of what one customer may buy, bought and asked: deals, orders and cases, each a bounded range of an index.

Of a company there is its own, and that of those who work for it, as far as it names no other company.
"""

from collections.abc import Sequence

from crmcli.model.enums import NO_PURCHASE
from crmcli.store.activity import PURCHASE
from crmcli.store.connection import Row
from crmcli.store.orders import TO_BE_PAID
from crmcli.store.sql import listed, marks
from crmcli.store.store import Store

MOST_DEALS = 50
MOST_CASES = 200
LATEST_ORDERS = 200
"""What is bought is told of so many of the latest orders."""

_DEAL = (
    "deal.id, deal.name, deal.contact_id, deal.company_id, deal.stage_since, deal.amount, deal.currency,"
    " deal.close_date, deal.created_at, coalesce(deal.probability, stage.probability) AS probability,"
    " stage.name AS stage, stage.rotting_days, pipeline.name AS pipeline, user_account.name AS owner,"
    " contact.display_name AS contact_name"
)
_DEAL_TABLES = (
    "deal JOIN stage ON stage.id = deal.stage_id JOIN pipeline ON pipeline.id = deal.pipeline_id"
    " LEFT JOIN contact ON contact.id = deal.contact_id LEFT JOIN user_account ON user_account.id = deal.owner_id"
)
_CASE = (
    "support_case.id, support_case.subject, support_case.status, support_case.priority, support_case.type,"
    " support_case.contact_id, support_case.opened_at, support_case.first_response_at, support_case.response_due_at,"
    " support_case.resolution_due_at, support_case.resolved_at, support_case.closed_at, support_case.satisfaction,"
    " support_case.reopen_count, contact.display_name AS contact_name, user_account.name AS owner"
)

_SOLD = "l.product_id, coalesce(p.name, l.name) AS name, o.currency"
_SOLD_TABLES = "FROM order_line l JOIN sales_order o ON o.id = l.order_id LEFT JOIN product p ON p.id = l.product_id"


def keys(store: Store, table: str, noun: str, key: int, today: str, tail: str, most: int) -> list[int]:
    """The keys of a customer's rows of a table, each once.

    Args:
        store: the store.
        table: deal, sales_order or support_case.
        noun: contact or company.
        key: of the contact or company.
        today: who had left a company before this day does not count.
        tail: conditions, ` AND …`, and an order.
        most: how many of its own, and of its people's, at most.
    """
    rows = store.rows(f"SELECT id FROM {table} WHERE {table}.{noun}_id = ?{tail} LIMIT {most}", [key])
    if noun == "company":
        sql = (
            f"SELECT {table}.id FROM employment e CROSS JOIN {table} WHERE e.company_id = ?"
            f" AND (e.ended_on IS NULL OR e.ended_on >= ?) AND {table}.contact_id = e.contact_id"
            f" AND {table}.company_id IS NULL{tail} LIMIT {most}"
        )
        rows += store.rows(sql, [key, today])
    return list(dict.fromkeys(row["id"] for row in rows))


def deals(store: Store, noun: str, key: int, today: str) -> tuple[list[Row], list[Row]]:
    """The open deals, those first that are to be won first; and how many were won and lost, by currency.

    The deals of a contact include those in which it has a part. A row of the counts has `status`, `currency`, `n` and
    `amount`, in minor units.
    """
    found = keys(store, "deal", noun, key, today, " AND status = 'open' AND deal.deleted_at IS NULL", MOST_DEALS)
    if noun == "contact":
        part = (
            "SELECT deal.id FROM deal_contact p CROSS JOIN deal WHERE p.contact_id = ? AND deal.id = p.deal_id"
            f" AND deal.status = 'open' AND deal.deleted_at IS NULL LIMIT {MOST_DEALS}"
        )
        found = list(dict.fromkeys([*found, *(row["id"] for row in store.rows(part, [key]))]))
    rows = (
        store.rows(
            f"SELECT {_DEAL} FROM {_DEAL_TABLES} WHERE deal.id IN ({listed(found)})"
            " ORDER BY deal.close_date IS NULL, deal.close_date, deal.id"
        )
        if found
        else []
    )
    return rows, _closed(store, noun, key, today)


def _closed(store: Store, noun: str, key: int, today: str) -> list[Row]:
    grouped = "SELECT deal.status, deal.currency, count(*) AS n, coalesce(sum(deal.amount), 0) AS amount FROM"
    of_state = "deal.status <> 'open' AND deal.deleted_at IS NULL GROUP BY deal.status, deal.currency"
    rows = store.rows(f"{grouped} deal WHERE deal.{noun}_id = ? AND {of_state}", [key])
    if noun == "company":
        sql = (
            f"{grouped} employment e CROSS JOIN deal WHERE e.company_id = ? AND (e.ended_on IS NULL OR e.ended_on >= ?)"
            f" AND deal.contact_id = e.contact_id AND deal.company_id IS NULL AND {of_state}"
        )
        rows += store.rows(sql, [key, today])
    return rows


def promised(store: Store, column: str, found: Sequence[int]) -> set[int]:
    """Those of the deals (`deal_id`) or cases (`case_id`) for which a follow-up is open."""
    if not found:
        return set()
    sql = (
        f"SELECT DISTINCT {column} AS id FROM followup WHERE {column} IN ({listed(found)}) AND status = 'open'"
        " AND deleted_at IS NULL"
    )
    return {row["id"] for row in store.rows(sql)}


# --- orders


def orders(store: Store, noun: str, key: int, today: str) -> list[Row]:
    """All that was ordered by day, status and currency, the earliest first: `ordered_on`, `currency`, `n`, `total`."""
    grouped = "SELECT sales_order.ordered_on, sales_order.currency, count(*) AS n, sum(sales_order.total) AS total FROM"
    # In the order of the index, so that nothing is sorted however many there are.
    by = "sales_order.ordered_on, sales_order.status, sales_order.currency"
    tail = f"sales_order.{PURCHASE} GROUP BY {by}"
    rows = store.rows(f"{grouped} sales_order WHERE sales_order.{noun}_id = ? AND {tail}", [key])
    if noun == "company":
        sql = (
            f"{grouped} employment e CROSS JOIN sales_order WHERE e.company_id = ?"
            " AND (e.ended_on IS NULL OR e.ended_on >= ?) AND sales_order.contact_id = e.contact_id"
            f" AND sales_order.company_id IS NULL AND {tail}"
        )
        rows += store.rows(sql, [key, today])
    return sorted(rows, key=lambda row: (row["ordered_on"], row["currency"]))


def unpaid(store: Store, noun: str, key: int, today: str) -> list[Row]:
    """The orders that are to be paid, the longest due first."""
    states = ", ".join(f"'{name}'" for name in TO_BE_PAID)
    tail = (
        f" AND sales_order.deleted_at IS NULL AND sales_order.status IN ({states})"
        " AND sales_order.paid < sales_order.total"
    )
    rows = _orders(store, keys(store, "sales_order", noun, key, today, tail, LATEST_ORDERS))
    return sorted(rows, key=lambda row: (row["due_on"] is None, row["due_on"], row["id"]))


def latest_orders(store: Store, noun: str, key: int, today: str) -> list[Row]:
    """The latest orders, whatever their state, the newest first; LATEST_ORDERS at most."""
    tail = " AND sales_order.deleted_at IS NULL ORDER BY sales_order.ordered_on DESC"
    found = keys(store, "sales_order", noun, key, today, tail, LATEST_ORDERS)
    rows = sorted(_orders(store, found), key=lambda row: (row["ordered_on"], row["id"]), reverse=True)
    return rows[:LATEST_ORDERS]


def _orders(store: Store, found: Sequence[int]) -> list[Row]:
    if not found:
        return []
    return store.rows(
        "SELECT id, number, ordered_on, status, currency, total, paid, due_on, recurrence, recurs_from, series, uid,"
        " occurs_on, EXISTS (SELECT 1 FROM sales_order later WHERE later.series = sales_order.series"
        f" AND later.id > sales_order.id) AS gone_on FROM sales_order WHERE id IN ({listed(found)})"
    )


def bought(store: Store, found: Sequence[int]) -> list[Row]:
    """What stands in some orders, by product, or by its name where it is none of ours: the most often ordered first.

    A row has `product_id`, `name`, `currency`, `orders`, `quantity` (thousandths) and `amount` (minor units); what was
    sent back is taken off, a discount of the whole order is not (see `discounted`). An order of which all of a product
    came back is none of its `orders`.
    """
    if not found:
        return []
    each = (
        f"SELECT {_SOLD}, sum(l.quantity) AS quantity, sum(l.amount) AS amount {_SOLD_TABLES}"
        f" WHERE l.order_id IN ({listed(found)})"
        " GROUP BY l.order_id, l.product_id, coalesce(p.name, l.name), o.currency"
    )
    return store.rows(
        "SELECT product_id, name, currency, sum(CASE WHEN quantity > 0 THEN 1 ELSE 0 END) AS orders,"
        f" sum(quantity) AS quantity, sum(amount) AS amount FROM ({each}) AS each_order"
        " GROUP BY product_id, name, currency"
    )


def discounted(store: Store, found: Sequence[int]) -> list[Row]:
    """The lines, as they were sold, of those orders that have a discount on the whole; by order, in their order.

    A row has `order_id`, `product_id`, `name`, `currency`, `amount` (of the line, minor units) and `discount` (of the
    order).
    """
    if not found:
        return []
    return store.rows(
        f"SELECT {_SOLD}, l.order_id, l.amount, o.discount {_SOLD_TABLES} WHERE l.order_id IN ({listed(found)})"
        " AND o.discount <> 0 AND l.return_of IS NULL AND l.quantity > 0 ORDER BY l.order_id, l.position, l.id"
    )


def purchases(rows: Sequence[Row]) -> list[int]:
    """The keys of those orders that count."""
    return [row["id"] for row in rows if row["status"] not in NO_PURCHASE]


# --- cases


def cases(store: Store, noun: str, key: int, today: str) -> list[Row]:
    """The cases, the latest opened first; MOST_CASES at most. `since` is since when one that is pending is."""
    tail = " AND support_case.deleted_at IS NULL ORDER BY support_case.opened_at DESC"
    found = keys(store, "support_case", noun, key, today, tail, MOST_CASES)
    if not found:
        return []
    rows = store.rows(
        f"SELECT {_CASE} FROM support_case LEFT JOIN contact ON contact.id = support_case.contact_id"
        " LEFT JOIN user_account ON user_account.id = support_case.owner_id"
        f" WHERE support_case.id IN ({listed(found)}) ORDER BY support_case.opened_at DESC, support_case.id DESC"
    )
    since = pending_since(store, [row["id"] for row in rows if row["status"] == "pending"])
    return [{**row, "since": since.get(row["id"])} for row in rows[:MOST_CASES]]


def pending_since(store: Store, found: Sequence[int]) -> dict[int, str]:
    """When cases that pend began to: their clock stands still from then on."""
    if not found:
        return {}
    sql = f"SELECT case_id, max(entered_at) AS since FROM case_status WHERE case_id IN ({marks(found)})"
    rows = store.rows(f"{sql} AND status = 'pending' AND left_at IS NULL GROUP BY case_id", list(found))
    return {row["case_id"]: row["since"] for row in rows}

"""Reads of what is to be paid: orders that are not paid, how long customers take, and orders that come again."""

from collections.abc import Sequence

from crmcli.store.connection import Row
from crmcli.store.orders import GOES_ON
from crmcli.store.sql import listed, slices
from crmcli.store.store import Store

# As the index of unpaid orders has it, word for word: else it would not be used.
UNPAID = (
    "sales_order.status IN ('payment_due', 'processing', 'in_transit', 'delivered')"
    " AND sales_order.paid < sales_order.total AND sales_order.deleted_at IS NULL"
)
COLUMNS = (
    "sales_order.id, sales_order.uid, sales_order.number, sales_order.contact_id, sales_order.company_id,"
    " sales_order.ordered_on, sales_order.due_on, sales_order.status, sales_order.currency, sales_order.total,"
    " sales_order.paid, sales_order.recurrence, sales_order.recurs_from, sales_order.occurs_on,"
    " coalesce(company.name, contact.display_name) AS customer"
)
TABLES = (
    "sales_order LEFT JOIN contact ON contact.id = sales_order.contact_id"
    " LEFT JOIN company ON company.id = sales_order.company_id"
)


def unpaid(store: Store) -> list[Row]:
    """The orders of which something is still to be paid, by the day on which it is due."""
    return store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE {UNPAID} ORDER BY sales_order.due_on, sales_order.id")


def payments(store: Store, noun: str, keys: Sequence[int]) -> list[Row]:
    """When these contacts or companies ordered and paid what is paid: `customer`, `ordered_on`, `paid_on`."""
    found = []
    for part in slices(keys):
        found += store.rows(
            f"SELECT {noun}_id AS customer, ordered_on, paid_on FROM sales_order"
            f" WHERE {noun}_id IN ({listed(part)}) AND paid_on IS NOT NULL AND deleted_at IS NULL"
        )
    return found


def recurring(store: Store) -> list[Row]:
    """Of each series of orders that goes on the last one that there is, by the series."""
    return store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE {GOES_ON} ORDER BY sales_order.series, sales_order.id")

"""What a customer did last, kept on the contact and company for lists, filters and counts: contacts and orders."""

from crmcli.model.enums import NO_PURCHASE
from crmcli.store.connection import Connection
from crmcli.store.nouns import PARTIES

PURCHASE = f"deleted_at IS NULL AND status NOT IN ({', '.join(repr(status) for status in NO_PURCHASE)})"
"""The orders that count."""


def refresh(connection: Connection, noun: str, record_id: int) -> None:
    """Set the last contacts of a contact or company from its interactions, and what it ordered from its orders."""
    latest = (
        f"(SELECT p.occurred_at FROM participant p WHERE p.{noun}_id = ? AND p.direction = ?"
        f" AND p.deleted_at IS NULL ORDER BY p.occurred_at DESC LIMIT 1)"
    )
    connection.execute(
        f"UPDATE {noun} SET last_inbound_at = {latest}, last_outbound_at = {latest} WHERE id = ?",
        [record_id, "inbound", record_id, "outbound", record_id],
    )
    orders = f"FROM sales_order o WHERE o.{noun}_id = ? AND {PURCHASE}"
    connection.execute(
        f"UPDATE {noun} SET order_count = (SELECT count(*) {orders}),"
        f" first_order_on = (SELECT min(o.ordered_on) {orders}), last_order_on = (SELECT max(o.ordered_on) {orders})"
        " WHERE id = ?",
        [record_id] * 4,
    )


def refresh_ordered(connection: Connection, first: int) -> None:
    """Set what customers ordered, of all who have an order of this key or a later one."""
    for noun in PARTIES:
        connection.execute(
            f"UPDATE {noun} SET (order_count, first_order_on, last_order_on) = (SELECT count(*), min(o.ordered_on),"
            f" max(o.ordered_on) FROM sales_order o WHERE o.{noun}_id = {noun}.id AND {PURCHASE})"
            f" WHERE id IN (SELECT {noun}_id FROM sales_order WHERE id >= ? AND {noun}_id IS NOT NULL)",
            [first],
        )

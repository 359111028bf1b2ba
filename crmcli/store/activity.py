"""When a customer was last in contact, kept on the contact and company for lists and filters."""

from crmcli.store.connection import Connection


def refresh(connection: Connection, noun: str, record_id: int) -> None:
    """Set the last inbound and outbound times of a contact or company from its interactions."""
    latest = (
        f"(SELECT p.occurred_at FROM participant p WHERE p.{noun}_id = ? AND p.direction = ?"
        f" AND p.deleted_at IS NULL ORDER BY p.occurred_at DESC LIMIT 1)"
    )
    connection.execute(
        f"UPDATE {noun} SET last_inbound_at = {latest}, last_outbound_at = {latest} WHERE id = ?",
        [record_id, "inbound", record_id, "outbound", record_id],
    )

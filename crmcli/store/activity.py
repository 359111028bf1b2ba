"""When a customer was last in contact, kept on the contact and company for lists and filters."""

from crmcli.store.connection import Connection, Row


def participants(connection: Connection, interaction_id: int) -> list[Row]:
    """The participant rows of an interaction."""
    found: list[Row] = connection.execute(
        "SELECT id, contact_id, company_id FROM participant WHERE interaction_id = ?", [interaction_id]
    ).fetchall()
    return found


def refresh(connection: Connection, noun: str, record_id: int) -> None:
    """Set the last inbound and outbound times of a contact or company from its interactions."""
    latest = (
        f"(SELECT p.occurred_at FROM participant p JOIN interaction i ON i.id = p.interaction_id"
        f" WHERE p.{noun}_id = ? AND p.direction = ? AND i.deleted_at IS NULL ORDER BY p.occurred_at DESC LIMIT 1)"
    )
    connection.execute(
        f"UPDATE {noun} SET last_inbound_at = {latest}, last_outbound_at = {latest} WHERE id = ?",
        [record_id, "inbound", record_id, "outbound", record_id],
    )

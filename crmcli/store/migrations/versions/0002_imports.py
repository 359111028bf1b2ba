"""Tables for imports, merging, mail and attachments; the statements lie beside this file."""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy import text

from crmcli.store import search

revision = "0002"
down_revision = "0001"

CALLED = {
    "contact": "display_name, nickname, given_name, additional_name, family_name, phonetic_given_name,"
    " phonetic_family_name",
    "company": "name, legal_name",
}


def upgrade() -> None:
    """Make the new tables and indexes; those of participants are made anew over all of them."""
    connection = op.get_bind()
    for noun in ("contact", "company"):
        op.drop_index(f"ix_participant_{noun}")
    statements = Path(__file__).with_name(f"0002_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in statements.split(";\n"):
        if statement:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    for noun, columns in CALLED.items():
        _dial_nationally(connection, noun, columns)


def _dial_nationally(connection: Any, noun: str, columns: str) -> None:
    """Index phone numbers as they are dialled within their country; before, every end of a number was."""
    having = f"SELECT 1 FROM phone WHERE phone.{noun}_id = {noun}.id"
    rows = connection.execute(text(f"SELECT id, {columns} FROM {noun} WHERE deleted_at IS NULL AND EXISTS ({having})"))
    for key, *names in rows.all():
        numbers = _texts(connection, f"SELECT raw, e164 FROM phone WHERE {noun}_id = :key ORDER BY id", key)
        names += _texts(connection, f"SELECT value FROM email WHERE {noun}_id = :key ORDER BY id", key)
        names += numbers + search.national(numbers[1::2])
        if noun == "company":
            names += _texts(connection, "SELECT domain FROM company_domain WHERE company_id = :key ORDER BY id", key)
        update = "UPDATE search_name SET text = :text WHERE noun = :noun AND record_id = :key"
        connection.execute(text(update), {"text": search.called(names), "noun": noun, "key": key})


def _texts(connection: Any, sql: str, key: int) -> list[str | None]:
    return [value for row in connection.execute(text(sql), {"key": key}) for value in row]

"""Seals of the journal, erasures, and when the database was last looked after; what is new lies beside this file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import op

from crmcli.store import chain
from crmcli.store.connection import Row

revision = "0005"
down_revision = "0004"

COLUMNS = (("operation", "digest"), ("operation", "seal"), ("change", "salt"), ("change", "digest"))


def upgrade() -> None:
    """Add columns and tables, and seal the journal as it is."""
    connection = op.get_bind()
    text = "TEXT" if connection.dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    for table, column in COLUMNS:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} {text}")
    statements = Path(__file__).with_name(f"0005_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in statements.split(";\n"):
        if statement:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    chain.seal_all(_Bound(connection))


class _Bound:
    """The connection of a migration, as the chain knows one."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.dialect: str = connection.dialect.name

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement."""
        marks = sql if self.dialect == "sqlite" else sql.replace("?", "%s")
        return self._connection.exec_driver_sql(marks, tuple(parameters) or None)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        return [dict(row) for row in self.execute(sql, parameters).mappings()]

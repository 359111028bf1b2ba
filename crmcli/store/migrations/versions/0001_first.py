"""The first schema, word for word: the statements lie beside this file and never change once they were released."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, index and trigger."""
    connection = op.get_bind()
    text = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in text.split(";\n"):
        if statement:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

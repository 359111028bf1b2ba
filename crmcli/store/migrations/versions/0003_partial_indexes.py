"""Indexes by company, owner and stage, without the rows that have none; the statements lie beside this file."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make these indexes anew in the place of those of the same name."""
    connection = op.get_bind()
    text = Path(__file__).with_name(f"0003_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in text.split(";\n"):
        if statement:
            op.drop_index(statement.split()[2])
            connection.exec_driver_sql(statement)

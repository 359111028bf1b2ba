"""Tables for imports, merging, mail and attachments; the statements lie beside this file."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the new tables and indexes; those of participants are made anew over all of them."""
    connection = op.get_bind()
    for noun in ("contact", "company"):
        op.drop_index(f"ix_participant_{noun}")
    text = Path(__file__).with_name(f"0002_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in text.split(";\n"):
        if statement:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

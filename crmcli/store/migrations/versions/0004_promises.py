"""Cadences, reminders, and follow-ups that recur; the statements of what is new lie beside this file."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS = (
    "recurrence TEXT CONSTRAINT ck_followup_recurrence CHECK (length(recurrence) <= 200)",
    "recurs_from TEXT CONSTRAINT ck_followup_recurs_from CHECK (recurs_from in ('due', 'done'))",
    "workdays TEXT CONSTRAINT ck_followup_workdays CHECK (length(workdays) <= 20)",
    "series TEXT CONSTRAINT ck_followup_series CHECK (length(series) <= 36)",
    "occurs_on TEXT CONSTRAINT ck_followup_occurs_on CHECK (length(occurs_on) <= 10)",
)


def upgrade() -> None:
    """Give follow-ups their new columns, and make the new tables and indexes."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite_followups(connection)
    else:
        for column in COLUMNS:
            typed = column.replace(" TEXT", ' TEXT COLLATE "C"', 1)
            connection.exec_driver_sql(f"ALTER TABLE followup ADD COLUMN {typed}")
    text = Path(__file__).with_name(f"0004_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in text.split(";\n"):
        if statement:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _rewrite_followups(connection: Any) -> None:
    """Make the table anew: SQLite writes the constraints of a column that is added beside that column.

    The definition is the old one with the new parts, the indexes are the old ones, and the number that the next
    follow-up gets stays what it was.
    """
    run = connection.exec_driver_sql
    table = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'followup'").scalar_one()
    of_indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'followup' AND sql IS NOT NULL"
    indexes = run(of_indexes).scalars().all()
    number = run("SELECT seq FROM sqlite_sequence WHERE name = 'followup'").scalar()
    names = ", ".join(row[1] for row in run("PRAGMA table_info(followup)"))
    run("CREATE TABLE followup_before AS SELECT * FROM followup")
    run("DROP TABLE followup")
    run(_with_columns(table))
    run(f"INSERT INTO followup ({names}) SELECT {names} FROM followup_before ORDER BY id")
    run("DROP TABLE followup_before")
    if number is not None:
        run("DELETE FROM sqlite_sequence WHERE name = 'followup'")
        run("INSERT INTO sqlite_sequence (name, seq) VALUES ('followup', ?)", (number,))
    for index in indexes:
        run(index)


def _with_columns(table: str) -> str:
    """The definition with the new columns behind the old ones, and their constraints behind the old ones."""
    parts = [column.partition(" CONSTRAINT ") for column in COLUMNS]
    columns = "".join(f", {column}" for column, _, _ in parts)
    constraints = "".join(f", CONSTRAINT {constraint}" for _, _, constraint in parts)
    head, constraint, tail = table.partition(", CONSTRAINT ")
    body, _, end = tail.rpartition(")")
    return f"{head}{columns}{constraint}{body.rstrip()}{constraints} ){end}"

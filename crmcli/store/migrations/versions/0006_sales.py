"""Deals, products, orders, cases and plans; the statements of what is new lie beside this file."""

import re
from pathlib import Path
from typing import Any

from alembic import op

revision = "0006"
down_revision = "0005"

OF_RECORDS = (("deal_id", "deal"), ("order_id", "sales_order"), ("case_id", "support_case"))
LINKED = ("interaction", "followup")
CUSTOMERS = ("contact", "company")
REFERENCE = re.compile(r"REFERENCES \w+ \(id\)")
DAYS = ("first_order_on", "last_order_on")


def upgrade() -> None:
    """Make the new tables, give customers, interactions and follow-ups their new columns, and make the indexes."""
    connection = op.get_bind()
    run = connection.exec_driver_sql
    text = Path(__file__).with_name(f"0006_{connection.dialect.name}.sql").read_text("utf-8")
    statements = [statement for statement in text.split(";\n") if statement]
    made = [statement for statement in statements if statement.startswith("CREATE TABLE ")]
    for statement in made:
        run(statement, execution_options={"no_parameters": True})
    add = _add_sqlite if connection.dialect.name == "sqlite" else _add_postgresql
    for table in LINKED:
        keys = [
            f"CONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES {to} (id)" for column, to in OF_RECORDS
        ]
        add(connection, table, [f"{column} INTEGER" for column, _ in OF_RECORDS], keys, [])
    for table in CUSTOMERS:
        checks = [f"CONSTRAINT ck_{table}_{day} CHECK (length({day}) <= 10)" for day in DAYS]
        columns = ["order_count INTEGER DEFAULT 0 NOT NULL", *(f"{day} TEXT" for day in DAYS)]
        add(connection, table, columns, [], checks)
    for index in ("ix_interaction_time", "ix_interaction_user"):  # they get another column
        run(f"DROP INDEX {index}")
    for statement in statements:
        if statement not in made:
            run(statement, execution_options={"no_parameters": True})


def _add_postgresql(connection: Any, table: str, columns: list[str], keys: list[str], checks: list[str]) -> None:
    for column in columns:
        typed = column.replace(" INTEGER", " BIGINT").replace(" TEXT", ' TEXT COLLATE "C"')
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {typed}")
    for constraint in [*keys, *checks]:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD {constraint}")


def _add_sqlite(connection: Any, table: str, columns: list[str], keys: list[str], checks: list[str]) -> None:
    """Make the table anew: SQLite writes the constraints of a column that is added beside that column.

    The definition is the old one with the new parts, the indexes are the old ones, and the number that the next row
    gets stays what it was.
    """
    run = connection.exec_driver_sql
    definition = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    of_indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    indexes = run(of_indexes, (table,)).scalars().all()
    number = run("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    names = ", ".join(row[1] for row in run(f"PRAGMA table_info({table})"))
    run(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")
    run(f"DROP TABLE {table}")
    run(_with(definition, columns, keys, checks))
    run(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before ORDER BY id")
    run(f"DROP TABLE {table}_before")
    if number is not None:
        run("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))
    for index in indexes:
        run(index)


def _with(definition: str, columns: list[str], keys: list[str], checks: list[str]) -> str:
    """The definition with the new columns, foreign keys and checks, each behind the old ones of its kind."""
    head, _, tail = definition.partition(", CONSTRAINT ")
    body, _, end = f", CONSTRAINT {tail}".rpartition(")")
    last = max((found.end() for found in REFERENCE.finditer(body)), default=0)
    added = "".join(f", {column}" for column in columns)
    referring = f"{body[:last]}{''.join(f', {key}' for key in keys)}{body[last:].rstrip()}"
    return f"{head}{added}{referring}{''.join(f', {check}' for check in checks)} ){end}"

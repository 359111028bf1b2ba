"""Databases as earlier versions of the program left them, from the SQL in `schemas`."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from crmcli.store import migrate, sqlite

SCHEMAS = Path(__file__).with_name("schemas")
VERSIONS = tuple(sorted({path.name[:4] for path in SCHEMAS.glob("*_sqlite.sql")}))
SEQUENCE = re.compile(r"INSERT INTO sqlite_sequence \(seq, name\) VALUES \((\d+), '(\w+)'\)")
SETVAL = r"SELECT setval(pg_get_serial_sequence('\2', 'id'), \1)"
# What migrations give to every journal, and to every customer.
GIVEN = ("seal", "digest", "salt", "order_count")


def statements(name: str) -> list[str]:
    """The statements of a file; none where there is no such file."""
    path = SCHEMAS / name
    return [one for one in path.read_text("utf-8").split(";\n") if one] if path.exists() else []


def fill(place: str, version: str, *, worked: bool = False) -> None:
    """Make the database of an earlier version at `place`, which is an empty one, or no file.

    It has a row in every table, made by hand; or what the program of that version wrote when it was `worked` with.
    """
    dialect = "postgresql" if place.startswith("postgresql") else "sqlite"
    connection: Any = psycopg.connect(place) if dialect == "postgresql" else sqlite3.connect(place)
    if dialect == "sqlite":
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
    for statement in statements(f"{version}_{dialect}.sql"):
        connection.execute(statement)
    earlier = VERSIONS[: VERSIONS.index(version) + 1]
    for name in [f"{version}_worked.sql"] if worked else [f"{one}_rows.sql" for one in earlier]:
        for statement in statements(name):
            if dialect == "sqlite":
                connection.execute(statement)
            elif statement != "DELETE FROM sqlite_sequence":
                connection.execute(SEQUENCE.sub(SETVAL, statement))
    connection.commit()
    connection.close()


def rows(place: str, tables: list[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables (or of these), without empty columns, what migrations give, and the full text."""
    with migrate._postgresql(place) if place.startswith("postgresql") else migrate._sqlite(place) as connection:
        names = tables or [
            name
            for name in connection.dialect.get_table_names(connection)
            if "_fts" not in name and name not in (migrate.VERSION_TABLE, "sqlite_sequence")
        ]
        return {
            name: sorted(
                (
                    {key: value for key, value in row._mapping.items() if value is not None and key not in GIVEN}
                    for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                ),
                key=str,
            )
            for name in names
        }

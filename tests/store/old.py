"""Databases as earlier versions of the program left them, from the SQL in `schemas`."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from crmcli.store import migrate, sqlite

SCHEMAS = Path(__file__).with_name("schemas")
VERSIONS = tuple(sorted({path.name[:4] for path in SCHEMAS.glob("*_sqlite.sql")}))
# What a migration gives to every journal.
SEALS = ("seal", "digest", "salt")


def statements(name: str) -> list[str]:
    """The statements of a file; none where there is no such file."""
    path = SCHEMAS / name
    return [one for one in path.read_text("utf-8").split(";\n") if one] if path.exists() else []


def fill(place: str, version: str) -> None:
    """Make the database of an earlier version at `place`, which is an empty one, or no file: a row in every table."""
    dialect = "postgresql" if place.startswith("postgresql") else "sqlite"
    connection: Any = psycopg.connect(place) if dialect == "postgresql" else sqlite3.connect(place)
    if dialect == "sqlite":
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
    for statement in statements(f"{version}_{dialect}.sql"):
        connection.execute(statement)
    for earlier in VERSIONS[: VERSIONS.index(version) + 1]:
        for statement in statements(f"{earlier}_rows.sql"):
            connection.execute(statement)
    connection.commit()
    connection.close()


def rows(place: str, tables: list[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables (or of these), without empty columns, seals and the index of the full text."""
    with migrate._postgresql(place) if place.startswith("postgresql") else migrate._sqlite(place) as connection:
        names = tables or [
            name
            for name in connection.dialect.get_table_names(connection)
            if "_fts" not in name and name not in (migrate.VERSION_TABLE, "sqlite_sequence")
        ]
        return {
            name: sorted(
                (
                    {key: value for key, value in row._mapping.items() if value is not None and key not in SEALS}
                    for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                ),
                key=str,
            )
            for name in names
        }

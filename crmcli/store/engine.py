"""What the database itself is: versions and modes, for `crm doctor`."""

from crmcli.store import sqlite
from crmcli.store.connection import Connection


def sqlite_version() -> tuple[int, ...]:
    """The SQLite that was chosen."""
    return sqlite.ENGINE_VERSION


def can_damage() -> bool:
    """Whether it has the defect of the write-ahead log that can damage a database."""
    return sqlite.can_damage(sqlite.ENGINE_VERSION)


def journal_mode(connection: Connection) -> str:
    """How an SQLite database logs changes: wal, delete and so on."""
    return str(connection.rows("PRAGMA journal_mode")[0]["journal_mode"])


def server_version(connection: Connection) -> str:
    """The version of a PostgreSQL server."""
    return str(connection.rows("SHOW server_version")[0]["server_version"])


def schema_version(connection: Connection) -> str:
    """The version of the schema that a database has."""
    rows = connection.rows("SELECT version_num FROM schema_version")
    return str(rows[0]["version_num"]) if rows else "none"

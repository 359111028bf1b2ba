"""What the database itself is: versions and modes, for `crm doctor`."""

from crmcli.store.connection import Connection
from crmcli.store.sqlite import DRIVER

SQLITE_VERSION: tuple[int, ...] = tuple(DRIVER.sqlite_version_info)
"""The SQLite that was chosen."""

# SQLite 3.7.0 to 3.51.2 can damage a WAL database; 3.51.3, and these releases of older lines, are mended.
_FIRST, _MENDED = (3, 7, 0), ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def can_damage(version: tuple[int, ...]) -> bool:
    """Whether an SQLite has the defect of the write-ahead log that can damage a database."""
    if version < _FIRST or version >= _MENDED[-1]:
        return False
    return not any(version[:2] == mended[:2] and version >= mended for mended in _MENDED)


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

"""The room that the database takes, and giving back what is not needed."""

import os

from crmcli.store.connection import Connection
from crmcli.store.copies import BESIDE
from crmcli.store.schema import TABLES
from crmcli.store.search import INDEXES
from crmcli.store.sqlite import SqliteConnection


def used(connection: Connection) -> int:
    """Bytes on the disk: of the file and what stands beside it, or of our tables with their indexes."""
    if isinstance(connection, SqliteConnection):
        files = (connection.path + ending for ending in ("", *BESIDE))
        return sum(os.path.getsize(file) for file in files if os.path.isfile(file))
    sizes = (connection.rows(f"SELECT pg_total_relation_size('{table}') AS size")[0]["size"] for table in TABLES)
    return sum(sizes)


def vacuum(connection: Connection) -> None:
    """Pack the indexes of words, the tables and the file; no transaction may be open.

    Raises:
        DatabaseUnavailable: others are writing, or there is no room for the copy that this makes.
    """
    if connection.dialect == "postgresql":
        connection.execute("VACUUM (ANALYZE)")
        return
    for index in INDEXES.values():
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
    connection.execute("VACUUM")
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

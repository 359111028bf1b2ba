"""When the database was last looked after: a protocol of the program's own doings, without a journal."""

from crmcli.store.connection import Connection, Row
from crmcli.store.store import Store


def note(connection: Connection, kind: str, at: str, detail: str) -> None:
    """Remember that something of that kind was done, in the place of the last time."""
    connection.execute(
        "INSERT INTO upkeep (kind, at, detail) VALUES (?, ?, ?)"
        " ON CONFLICT (kind) DO UPDATE SET at = excluded.at, detail = excluded.detail",
        [kind, at, detail[:1000]],
    )


def last(database: Connection | Store) -> dict[str, Row]:
    """The last time of each kind, backup, verify or vacuum: `at` and `detail`."""
    return {row["kind"]: row for row in database.rows("SELECT kind, at, detail FROM upkeep ORDER BY kind")}

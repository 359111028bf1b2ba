"""Checks of the database as a whole: the file, references, last contacts, keys that were given."""

from collections.abc import Iterator, Mapping

from crmcli.store.archive import given
from crmcli.store.connection import Connection
from crmcli.store.fault import Fault, record_name, row_name, told
from crmcli.store.schema import TABLES
from crmcli.store.sql import ENDLESS

PAGE = 500
HEADING = "***"
"""How SQLite begins the line that names the database it speaks of."""
MOST_TOLD = 20
"""So many faults of the file itself are told: one damaged page makes thousands."""


def integrity(connection: Connection, *, quick: bool) -> Iterator[Fault]:
    """What SQLite says of its file; `quick` does not compare the indexes with the tables."""
    check = "quick_check" if quick else "integrity_check"
    for row in connection.rows(f"PRAGMA {check}({MOST_TOLD})"):
        text = next(iter(row.values()))
        if text != "ok":
            lines = [line for line in str(text).splitlines() if line and not line.startswith(HEADING)] or [str(text)]
            yield from (Fault(f"the file is damaged: {line}") for line in lines)


def references(connection: Connection) -> Iterator[Fault]:
    """Rows of SQLite that refer to rows that are not there; PostgreSQL lets none be made."""
    for row in connection.rows("PRAGMA foreign_key_check"):
        name, record = row_name(row["table"], row["rowid"] or 0, None)
        yield Fault(f"{name} refers to a row of {row['parent']} that is not there", record)


def activity(connection: Connection) -> Iterator[Fault]:
    """Customers whose last contact in either direction is not that of their interactions."""
    for noun in ("contact", "company"):
        last = 0
        sql = f"SELECT id, last_inbound_at, last_outbound_at FROM {noun} WHERE id > ? ORDER BY id LIMIT {PAGE}"
        while rows := connection.rows(sql, [last]):
            latest = _latest(connection, noun, rows[0]["id"], rows[-1]["id"])
            last = rows[-1]["id"]
            for row in rows:
                for direction in ("inbound", "outbound"):
                    column, expected = f"last_{direction}_at", latest.get((row["id"], direction))
                    if row[column] != expected:
                        name = record_name((noun, row["id"]))
                        text = f"{column} of {name} is {told(row[column])} and should be {told(expected)}"
                        yield Fault(text, (noun, row["id"]))


def _latest(connection: Connection, noun: str, low: int, high: int) -> dict[tuple[int, str], str]:
    sql = (
        f"SELECT {noun}_id AS owner, direction, max(occurred_at) AS latest FROM participant"
        f" WHERE {noun}_id BETWEEN ? AND ? AND deleted_at IS NULL GROUP BY {noun}_id, direction"
    )
    return {(row["owner"], row["direction"]): row["latest"] for row in connection.rows(sql, [low, high])}


def sequences(connection: Connection, journalled: Mapping[str, int]) -> Iterator[Fault]:
    """Tables that would give a key again; `journalled` has the highest key that the journal knows of each."""
    for table, last_given in given(connection.rows, connection.dialect, TABLES).items():
        there = connection.rows(f"SELECT coalesce(max(id), 0) AS last FROM {table}")[0]["last"]
        last = max(there, journalled.get(table, 0))
        if not 0 <= last <= last_given <= ENDLESS:
            yield Fault(f"the next {table} would get key {last_given + 1}, and there was a {last} already")


def sealed_at(connection: Connection, seal: str) -> int | None:
    """The operation that has this seal, or the beginning of it; None when none has."""
    found = connection.rows("SELECT id FROM operation WHERE substr(seal, 1, ?) = ? ORDER BY id", [len(seal), seal])
    return found[0]["id"] if found else None


def journal_sizes(connection: Connection) -> tuple[int, int]:
    """How many operations and changes the journal has."""
    counts = [connection.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in ("operation", "change")]
    return counts[0], counts[1]

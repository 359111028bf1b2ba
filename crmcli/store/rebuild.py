"""Computing anew what follows from rows: derived columns, last contacts, the search index, the next keys.

None of it is in the journal, and no row says anything else afterwards. Each function wants a writing transaction.
"""

from collections.abc import Iterator

from crmcli.store import activity, derive, indexing, search, verifyfacts, verifysearch
from crmcli.store.archive import given
from crmcli.store.connection import Connection, Row
from crmcli.store.fault import UNREADABLE
from crmcli.store.restore import give_keys
from crmcli.store.schema import TABLES
from crmcli.store.sql import ENDLESS

PAGE = 500


def columns(connection: Connection) -> int:
    """Put the derived columns right; returns of how many rows."""
    count = 0
    for table in derive.DERIVED:
        for row in _rows(connection, table, "*"):
            try:
                wrong = derive.wrong(table, row)
            except UNREADABLE:  # crm db verify tells of it
                continue
            if wrong:
                assignments = ", ".join(f"{name} = ?" for name in wrong)
                connection.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", [*wrong.values(), row["id"]])
                count += 1
    return count


def contacts(connection: Connection) -> int:
    """Put the times of the last contact right; returns of how many customers."""
    records = {fault.record for fault in verifyfacts.activity(connection) if fault.record}
    for noun, key in sorted(records):
        activity.refresh(connection, noun, key)
    return len(records)


def words(connection: Connection) -> int:
    """Write the search index anew, without words that nobody has any more; returns how many faults it had."""
    count = sum(1 for _ in verifysearch.faults(connection))
    full_text(connection)
    connection.execute("DELETE FROM search_word")
    for table, nouns in verifysearch.NOUNS.items():
        known = ", ".join(f"'{noun}'" for noun in nouns)
        connection.execute(f"DELETE FROM {table} WHERE noun NOT IN ({known})")
        for noun in nouns:
            living = f"SELECT id FROM {noun} WHERE deleted_at IS NULL"
            connection.execute(f"DELETE FROM {table} WHERE noun = ? AND record_id NOT IN ({living})", [noun])
    for noun in search.TEXTS:
        indexing.refresh(connection, ((noun, row["id"]) for row in _rows(connection, noun, "id")))
    return count


def full_text(connection: Connection) -> None:
    """Make SQLite's own indexes over the words anew; PostgreSQL keeps its own by itself."""
    if connection.dialect == "sqlite":
        for index in search.INDEXES.values():
            connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def keys(connection: Connection) -> dict[str, int]:
    """The keys that each table should have given last, where its sequence says otherwise: for `give_keys`."""
    last = given(connection.rows, connection.dialect, TABLES)
    journal = connection.rows("SELECT table_name, max(row_id) AS last FROM change GROUP BY table_name")
    journalled = {row["table_name"]: row["last"] for row in journal}
    wrong = {}
    for table, number in last.items():
        there = connection.rows(f"SELECT coalesce(max(id), 0) AS last FROM {table}")[0]["last"]
        highest = max(there, journalled.get(table, 0))
        if not highest <= number <= ENDLESS:
            wrong[table] = highest
    return wrong


def go_on_after(connection: Connection, wrong: dict[str, int]) -> None:
    """Let tables go on after these keys. On PostgreSQL this cannot be taken back: it is done last."""
    if wrong:
        give_keys(connection, {**given(connection.rows, connection.dialect, TABLES), **wrong})


def _rows(connection: Connection, table: str, names: str) -> Iterator[Row]:
    last = -ENDLESS
    sql = f"SELECT {names} FROM {table} WHERE id > ? ORDER BY id LIMIT {PAGE}"
    while rows := connection.rows(sql, [last]):
        yield from rows
        last = rows[-1]["id"]

"""Loading an archive into an empty database, each row as it was: the one way beside the gate by which rows come in.

Nothing is journalled, since the journal is part of what is loaded. All that the gate checks is checked here, and more,
since anybody may have made the archive: no table or column that this program has not, no value of another kind, no row
elsewhere than it belongs. What rows refer to, the database checks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.sealed import LONGEST
from crmcli.store import activity, archive, chain, derive
from crmcli.store.bulk import Bulk
from crmcli.store.connection import Connection, Row
from crmcli.store.nouns import PARTIES
from crmcli.store.restored_values import check_row
from crmcli.store.restored_words import Words
from crmcli.store.schema import TABLES, VERSION

# What a database that was just made may hold: who made it, its facts, and the journal of that.
FRESH = ("user_account", "meta")
JOURNAL = ("operation", "change")
CHUNK_ROWS = 2_000
CHUNK_BYTES = 8_000_000
_GROUPS = {group.table: (place, group) for place, group in enumerate(archive.GROUPS)}


def is_fresh(rows: Callable[[str], list[Row]]) -> bool:
    """Whether a database holds nothing but what it got when it was made; `rows` runs a query."""
    others = [table for table in archive.ORDER if table not in (*FRESH, *JOURNAL)]
    known = ", ".join(f"'{table}'" for table in FRESH)
    return not any(rows(f"SELECT 1 AS found FROM {table} LIMIT 1") for table in others) and not rows(
        f"SELECT 1 AS found FROM change WHERE table_name NOT IN ({known}) LIMIT 1"
    )


def refuse_others(rows: Callable[[str], list[Row]]) -> None:
    """Refuse a database that holds something already, see `is_fresh`. Raises UsageError."""
    if not is_fresh(rows):
        raise UsageError("the database is not empty", "an archive is restored into a new one: name it with --db")


def load(connection: Connection, bulk: Bulk, lines: Iterable[tuple[int, bytes]]) -> dict[str, int]:
    """Load all lines of an archive; returns the highest key that each table had given, see `give_keys`.

    Args:
        connection: with a writing transaction open, which the caller takes back when this raises.
        bulk: over the same connection; lends what it knows of the words of names.
        lines: numbered, from 1; see `crmcli.kernel.sealed.unsealed`.

    Raises:
        UsageError: a line is not what it should be, or the database is not empty.
    """
    refuse_others(connection.rows)
    for table in (*reversed(JOURNAL), *FRESH):
        connection.execute(f"DELETE FROM {table}")
    numbered = iter(lines)
    head = row_counts(*next(numbered, (1, b"")))
    loader = _Loader(connection, bulk)
    for number, line in numbered:
        loader.add(number, line)
    loader.finish()
    if loader.counts != head:
        raise UsageError("the archive does not hold as many rows as its first line says", "export it again")
    if loader.sequences is None:
        raise UsageError("the archive does not say which keys were given", "export it again")
    _refresh_activity(connection)
    chain.seal_all(connection)  # the archive may be older than the seals
    return loader.sequences


def give_keys(connection: Connection, given: Mapping[str, int]) -> None:
    """Let each table go on after the highest key that it gave in the archive, so that none is given twice.

    On PostgreSQL this cannot be taken back with the transaction: it is done last.
    """
    for table in archive.ORDER:
        last = given.get(table, 0)
        if connection.dialect == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(f"SELECT setval({sequence}, ?, ?)", [max(last, 1), last > 0])
            continue
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
        if last:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last])


def row_counts(number: int, line: bytes) -> dict[str, int]:
    """The number of rows of each table, as the first line of an archive says.

    Raises:
        UsageError: it is no archive, or one of a newer program.
    """
    head = decoded(number, line)
    if head.get("schema") != archive.SCHEMA:
        hint = f'its first line begins with {{"schema": "{archive.SCHEMA}"'
        raise UsageError("this is not an archive that this program can read", hint)
    version = head.get("version")
    if not isinstance(version, str) or version > VERSION:
        message = f"the archive was made by a newer crm (schema {version}, this program knows {VERSION})"
        raise UsageError(message, "update this program")
    rows = head.get("rows")
    if not isinstance(rows, dict) or not all(type(count) is int and table in TABLES for table, count in rows.items()):
        raise UsageError("line 1: the archive does not say how many rows it holds", "export it again")
    return rows


def decoded(number: int, line: bytes) -> dict[str, Any]:
    """The object of a line of an archive. Raises UsageError that names the line."""
    try:
        return jsonlines.decode_object(line.decode("ascii"), longest=LONGEST)
    except UnicodeDecodeError as error:
        raise UsageError(f"line {number}: the line is not ASCII", "archives hold no other characters") from error
    except UsageError as error:
        raise UsageError(f"line {number}: {error.message}", error.hint) from error


class _Loader:
    """What is being loaded: rows that wait to be written, and the record to which the next rows belong."""

    def __init__(self, connection: Connection, bulk: Bulk) -> None:
        self.connection = connection
        self.bulk = bulk
        self.counts: dict[str, int] = {}
        self.sequences: dict[str, int] | None = None
        self._words = Words(connection, bulk)
        self._record: tuple[str, int] = ("", 0)
        self._waiting: dict[str, list[tuple[int, tuple[Any, ...]]]] = {}
        self._columns: dict[str, tuple[str, ...]] = {}
        self._rows = self._bytes = 0

    def add(self, number: int, line: bytes) -> None:
        """Take in one line."""
        entry = decoded(number, line)
        try:
            if self.sequences is not None:
                raise UsageError("something stands behind the sequences", "they are the last")
            if entry.keys() == {"table", "row"}:
                self._add_row(number, *_table_and_row(entry, "row"))
            elif entry.keys() == {"table", "set"}:
                self._set_parent(*_table_and_row(entry, "set"))
            elif entry.keys() == {"sequences"}:
                self.flush()
                self.sequences = self._checked_sequences(entry["sequences"])
            else:
                raise UsageError("this is no line of an archive", "a table and a row")
        except DatabaseUnavailable:
            raise
        except CrmError as error:
            raise _placed(error, number) from error
        self._bytes += len(line)
        if self._rows >= CHUNK_ROWS or self._bytes >= CHUNK_BYTES:
            self.flush()

    def _add_row(self, number: int, table: str, row: dict[str, Any]) -> None:
        full = check_row(table, row)
        self._find_place(table, full)
        self._words.add(table, full)
        stored = {**full, **derive.columns(table, full)}
        self._columns[table] = tuple(stored)
        self._waiting.setdefault(table, []).append((number, tuple(stored.values())))
        self.counts[table] = self.counts.get(table, 0) + 1
        self._rows += 1

    def _find_place(self, table: str, row: Row) -> None:
        """Refuse a row that does not stand with the record that it belongs to."""
        known, key = self._record
        if table in _GROUPS:
            if known and (_GROUPS[table][0], row["id"]) <= (_GROUPS[known][0], key):
                raise UsageError(f"{table} {row['id']} stands behind {known} {key}", "the rows stand in another order")
            self._record = (table, row["id"])
        elif table != archive.CONTENT:
            group = _GROUPS[known][1] if known else None
            if group is None or table not in group.children or row[group.owner] != key:
                raise UsageError(f"{table} {row['id']} does not stand with its record", "it follows it at once")

    def _set_parent(self, table: str, row: dict[str, Any]) -> None:
        if (
            table != "company"
            or row.keys() != {"id", archive.PARENT}
            or {type(value) for value in row.values()} != {int}
        ):
            raise UsageError("only the parent of a company is set by a line of its own", "export the archive again")
        self.flush()
        sql = f"UPDATE company SET {archive.PARENT} = ? WHERE id = ? AND {archive.PARENT} IS NULL"
        if self.connection.execute(sql, [row[archive.PARENT], row["id"]]).rowcount != 1:
            raise UsageError(f"there is no company {row['id']} without a parent", "export the archive again")

    def _checked_sequences(self, given: object) -> dict[str, int]:
        """The highest keys, none of which may be lower than a key that there is."""
        fits = isinstance(given, dict) and all(type(n) is int and 0 < n < 2**63 for n in given.values())
        if not isinstance(given, dict) or not fits or not given.keys() <= set(archive.ORDER):
            raise UsageError("these are no sequences", "the highest key of each table")
        for table in archive.ORDER:
            row = self.connection.rows(f"SELECT coalesce(max(id), 0) AS last FROM {table}")[0]
            if row["last"] > given.get(table, 0):
                raise UsageError(f"the sequence of {table} is lower than its highest key", f"it is {row['last']}")
        return given

    # --- writing

    def finish(self) -> None:
        """Write the rest."""
        self.flush()
        self._words.close()

    def flush(self) -> None:
        """Write what waits: what is referred to before what refers to it."""
        for table in archive.ORDER:
            if rows := self._waiting.get(table):
                self._write(table, rows)
        self._words.flush()
        self._waiting.clear()
        self._rows = self._bytes = 0

    def _write(self, table: str, rows: list[tuple[int, tuple[Any, ...]]]) -> None:
        """Write rows at once; where that fails, one by one, to find the line that is wrong."""
        names = self._columns[table]
        self.connection.execute("SAVEPOINT rows")
        try:
            self.connection.insert_rows(table, names, [values for _, values in rows])
        except DatabaseUnavailable:
            raise
        except CrmError:
            self.connection.execute("ROLLBACK TO SAVEPOINT rows")
            for number, values in rows:
                try:
                    self.connection.insert_rows(table, names, [values])
                except CrmError as error:
                    raise _placed(error, number) from error
        self.connection.execute("RELEASE SAVEPOINT rows")


def _table_and_row(entry: Mapping[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    table, row = entry["table"], entry[key]
    if not isinstance(table, str) or table not in archive.ORDER:
        raise UsageError(f"an archive has no table '{table}'", f"its tables are {', '.join(archive.ORDER)}")
    if not isinstance(row, dict):
        raise UsageError(f"a row of {table} is no object", '{"id": 1, …}')
    return table, row


def _placed(error: CrmError, number: int) -> CrmError:
    """The error with its line, unless it names one already: that of the row that was written late."""
    if isinstance(error, UsageError) and error.message.startswith("line "):
        return error
    return UsageError(f"line {number}: {error.message}", error.hint or "nothing was restored")


def _refresh_activity(connection: Connection) -> None:
    """Set when each customer was last in contact, and what it ordered; see `crmcli.store.activity`."""
    for noun in PARTIES:
        latest = (
            f"(SELECT max(p.occurred_at) FROM participant p WHERE p.{noun}_id = {noun}.id AND p.direction = '{{}}'"
            " AND p.deleted_at IS NULL)"
        )
        connection.execute(
            f"UPDATE {noun} SET last_inbound_at = {latest.format('inbound')},"
            f" last_outbound_at = {latest.format('outbound')}"
            f" WHERE id IN (SELECT {noun}_id FROM participant WHERE {noun}_id IS NOT NULL)"
        )
        bought = f"FROM sales_order o WHERE o.{noun}_id = {noun}.id AND {activity.PURCHASE}"
        connection.execute(
            f"UPDATE {noun} SET order_count = (SELECT count(*) {bought}),"
            f" first_order_on = (SELECT min(o.ordered_on) {bought}),"
            f" last_order_on = (SELECT max(o.ordered_on) {bought})"
            f" WHERE id IN (SELECT {noun}_id FROM sales_order WHERE {noun}_id IS NOT NULL)"
        )

"""Checks of the database as a whole: the file, references, last contacts, keys that were given."""

from collections.abc import Iterator, Mapping

from crmcli.kernel.ids import ref
from crmcli.store.activity import PURCHASE
from crmcli.store.archive import given
from crmcli.store.connection import Connection
from crmcli.store.fault import Fault, record_name, row_name, told
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES
from crmcli.store.sql import ENDLESS

PAGE = 500
KEPT = {"last_inbound_at": None, "last_outbound_at": None,
        "order_count": 0, "first_order_on": None, "last_order_on": None}  # fmt: skip
"""What the gate keeps on contacts and companies, and what it is where there is nothing."""
SUMMED = (("subtotal", "order_line"), ("paid", "payment"))
"""Columns of orders that are sums, and of which rows."""
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
    """Customers whose last contacts and orders, as they are kept, are not those of their interactions and orders."""
    for noun in PARTIES:
        last = 0
        sql = f"SELECT id, {', '.join(KEPT)} FROM {noun} WHERE id > ? ORDER BY id LIMIT {PAGE}"
        while rows := connection.rows(sql, [last]):
            first, last = rows[0]["id"], rows[-1]["id"]
            expected = _latest(connection, noun, first, last)
            for key, bought in _bought(connection, noun, first, last).items():
                expected.setdefault(key, {}).update(bought)
            for row in rows:
                for column, none in KEPT.items():
                    right = expected.get(row["id"], {}).get(column, none)
                    if row[column] != right:
                        name = record_name((noun, row["id"]))
                        text = f"{column} of {name} is {told(row[column])} and should be {told(right)}"
                        yield Fault(text, (noun, row["id"]))


def _latest(connection: Connection, noun: str, low: int, high: int) -> dict[int, dict[str, object]]:
    sql = (
        f"SELECT {noun}_id AS owner, direction, max(occurred_at) AS latest FROM participant"
        f" WHERE {noun}_id BETWEEN ? AND ? AND deleted_at IS NULL GROUP BY {noun}_id, direction"
    )
    found: dict[int, dict[str, object]] = {}
    for row in connection.rows(sql, [low, high]):
        found.setdefault(row["owner"], {})[f"last_{row['direction']}_at"] = row["latest"]
    return found


def _bought(connection: Connection, noun: str, low: int, high: int) -> dict[int, dict[str, object]]:
    sql = (
        f"SELECT {noun}_id AS owner, count(*) AS order_count, min(ordered_on) AS first_order_on,"
        f" max(ordered_on) AS last_order_on FROM sales_order WHERE {noun}_id BETWEEN ? AND ? AND {PURCHASE}"
        f" GROUP BY {noun}_id"
    )
    return {row["owner"]: row for row in connection.rows(sql, [low, high])}


def sums(connection: Connection) -> Iterator[Fault]:
    """Orders whose lines do not add up to their subtotal, or whose payments not to what is paid."""
    for column, table in SUMMED:
        last = 0
        sql = f"SELECT id, {column} FROM sales_order WHERE id > ? ORDER BY id LIMIT {PAGE}"
        adding = f"SELECT order_id, sum(amount) AS amount FROM {table} WHERE order_id BETWEEN ? AND ? GROUP BY order_id"
        while rows := connection.rows(sql, [last]):
            low, last = rows[0]["id"], rows[-1]["id"]
            amounts = {row["order_id"]: int(row["amount"]) for row in connection.rows(adding, [low, last])}
            for row in rows:
                # Of an order that was taken over from elsewhere nothing but the sums may be known.
                right = amounts.get(row["id"], row[column] if table == "order_line" else 0)
                if row[column] != right:
                    name = record_name(("sales_order", row["id"]))
                    text = f"{column} of {name} is {told(row[column])}, and its rows of {table} add up to {told(right)}"
                    yield Fault(text, ("sales_order", row["id"]))


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


def emptied(connection: Connection) -> Iterator[Fault]:
    """Operations of which changes lost their words, as an erasure takes them, though nobody was erased since.

    Such a change fits its seal, and its row could be changed without anybody knowing.
    """
    rows = connection.rows(
        "SELECT operation_id, count(*) AS n FROM change WHERE digest IS NOT NULL AND operation_id >"
        " (SELECT coalesce(max(operation_id), 0) FROM change WHERE table_name = 'erasure')"
        " GROUP BY operation_id ORDER BY operation_id"
    )
    for row in rows:
        record = ("operation", row["operation_id"])
        many = "a change" if row["n"] == 1 else f"{row['n']:,} changes"
        text = f"what {many} of {ref(*record)} said is gone, and nobody was erased since"
        yield Fault(text, record)


def journal_sizes(connection: Connection) -> tuple[int, int]:
    """How many operations and changes the journal has."""
    counts = [connection.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in ("operation", "change")]
    return counts[0], counts[1]

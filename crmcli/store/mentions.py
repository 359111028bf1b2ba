"""Where in the tables some texts stand: every text column of every row is read once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crmcli.store.connection import Row
from crmcli.store.erasing import text_columns
from crmcli.store.journal import record_of
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

PAGE = 2_000
# Places that are told of one text.
MOST = 5
JOURNAL = "change"
INDEX = ("search_name", "search_text", "search_word")
_OWN = ("erasure", "suppression", "schema_version")


class Place(NamedTuple):
    """A row that holds a text: its table and key, the column, and the record that it belongs to."""

    table: str
    key: int
    column: str
    record: tuple[str, int] | None


def places(store: Store, texts: Sequence[str], *, journal: bool = True) -> dict[str, list[Place]]:
    """For each of these texts the first places where it stands, in whatever case.

    Args:
        store: the store.
        texts: what to look for.
        journal: look into the journal and the search index, too.
    """
    found: dict[str, list[Place]] = {}
    wanted = {text: text.lower() for text in texts}
    if not wanted:
        return found
    for table in TABLES:
        if table in _OWN or (not journal and (table == JOURNAL or table in INDEX)):
            continue
        names = text_columns(table)
        for row in _rows(store, table, names):
            whole = "\x1f".join(str(row[name]) for name in names if row[name] is not None).lower()
            for text, low in wanted.items():
                if low in whole and len(found.get(text, ())) < MOST:
                    column = next((name for name in names if low in str(row[name] or "").lower()), names[0])
                    found.setdefault(text, []).append(Place(table, row["id"], column, _record(table, row)))
    return found


def _record(table: str, row: Row) -> tuple[str, int] | None:
    if "record_id" in row and row.get("noun"):
        return (row["noun"], row["record_id"]) if row["record_id"] is not None else None
    return record_of(table, row["id"], row)


def _rows(store: Store, table: str, names: Sequence[str]) -> Iterator[Row]:
    if not names:
        return
    refs = [name for name, column in TABLES[table].columns.items() if column.kind == "ref" or name == "record_id"]
    columns = ", ".join(dict.fromkeys(("id", *names, *refs)))
    last = 0
    while rows := store.rows(f"SELECT {columns} FROM {table} WHERE id > ? ORDER BY id LIMIT {PAGE}", [last]):
        yield from rows
        last = rows[-1]["id"]

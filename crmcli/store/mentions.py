"""Where in the tables some texts stand: every text column of every row is read once."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crmcli.kernel.text import bounded
from crmcli.store.connection import Row
from crmcli.store.journal import record_of
from crmcli.store.schema import TABLES
from crmcli.store.store import Store
from crmcli.store.texts import text_columns

PAGE = 2_000
MOST = 10_000
"""So many places are told of one text: whoever has to read and edit them needs all of them."""
JOURNAL = "change"
INDEX = ("search_name", "search_text", "search_word")
_JSON_SPACES = re.compile(r"\\[nrtfb]")
_OWN = ("erasure", "suppression", "schema_version")


class Place(NamedTuple):
    """A row that holds a text: its table and key, the column, and the record that it belongs to."""

    table: str
    key: int
    column: str
    record: tuple[str, int] | None


class Found(NamedTuple):
    """For each text the first places where it stands; and those that stand somewhere as a part of longer words."""

    places: dict[str, list[Place]]
    within: set[str]


def places(store: Store, texts: Sequence[str], *, parts: Collection[str] = (), journal: bool = True) -> Found:
    """Where these texts stand as whole words, in whatever case: `Person 6` does not stand in `Person 61`.

    Args:
        store: the store.
        texts: what to look for.
        parts: those of them that may end within a word.
        journal: look into the journal and the search index, too.
    """
    found = Found({}, set())
    wanted = {text: text.lower() for text in texts}
    if not wanted:
        return found
    patterns = {text: re.compile(bounded(re.escape(low))) for text, low in wanted.items() if text not in parts}
    for table in TABLES:
        if table in _OWN or (not journal and (table == JOURNAL or table in INDEX)):
            continue
        names = text_columns(table)
        for row in _rows(store, table, names):
            values = {name: _plain(row[name]) for name in names if row[name] is not None}
            whole = "\x1f".join(values.values())
            for text, low in wanted.items():
                if low not in whole or len(found.places.get(text, ())) >= MOST:
                    continue
                if text in patterns and not patterns[text].search(whole):
                    found.within.add(text)
                    continue
                column = next((name for name, value in values.items() if low in value), names[0])
                found.places.setdefault(text, []).append(Place(table, row["id"], column, _record(table, row)))
    return found


def _plain(value: object) -> str:
    """A value without the signs that stand for ends of lines in JSON, which would be letters before a word."""
    return _JSON_SPACES.sub(" ", str(value).lower())


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

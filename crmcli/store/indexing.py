"""Writing the search index: the words of records, read and written for many of them at once.

One record costs as many statements as two hundred do, and an undone or redone import renews tens of thousands.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from crmcli.kernel.similarity import deletes
from crmcli.store import search
from crmcli.store.connection import Connection, Row
from crmcli.store.sql import listed, marks, slices

PAGE = 200
"""So many records are read at once: their texts may be long."""
_Texts = dict[int, list[str | None]]


class Wording(NamedTuple):
    """The words of a record: what it is called by, all others in their order, and those of its names alone."""

    called: str
    written: list[str]
    spelt: list[str]


def refresh(connection: Connection, records: Iterable[tuple[str, int]]) -> None:
    """Write the index rows of these records anew, as far as they differ; those of deleted records go.

    Args:
        connection: with a writing transaction open.
        records: noun and key of each, those of a noun beside one another.
    """
    for noun, group in groupby(records, lambda record: record[0]):
        while page := [key for _, key in islice(group, PAGE)]:
            found = wordings(connection, noun, page)
            remember(connection, {word for wording in found.values() for word in wording.spelt})
            if noun in search.NAMES:
                _store_names(connection, noun, page, found)
            _store_texts(connection, noun, page, found)


def wordings(connection: Connection, noun: str, keys: Sequence[int]) -> dict[int, Wording]:
    """The words of those of the records that are there and not deleted."""
    columns = ", ".join(("id", *search.NAMES.get(noun, ()), *search.TEXTS[noun]))
    rows = connection.rows(f"SELECT {columns} FROM {noun} WHERE id IN ({listed([0, *keys])}) AND deleted_at IS NULL")
    if not rows:
        return {}
    if noun not in search.NAMES:
        return {row["id"]: Wording("", search.words([row[name] for name in search.TEXTS[noun]]), []) for row in rows}
    children = _Children(connection, noun, [row["id"] for row in rows])
    return {row["id"]: children.wording(row) for row in rows}


class _Children:
    """The texts of the child rows of some contacts or companies."""

    def __init__(self, connection: Connection, noun: str, keys: Sequence[int]) -> None:
        self.connection, self.noun, self.keys = connection, noun, listed(keys)
        self.names = {table: self._read(table, columns) for table, columns in search.NAME_CHILDREN.items()}
        self.national = self._read("phone", ("e164",))
        self.domains = self._read("company_domain", ("domain",)) if noun == "company" else {}
        self.texts = [self._read(table, columns) for table, columns in search.TEXT_CHILDREN.items()]
        self.tags = self._tags()

    def wording(self, row: Row) -> Wording:
        """The words of a record, given its own columns."""
        key = row["id"]
        own = [row[name] for name in search.NAMES[self.noun]]
        names = [*own, *(text for found in self.names.values() for text in found.get(key, ()))]
        names += search.national(self.national.get(key, ())) + list(self.domains.get(key, ()))
        texts = [row[name] for name in search.TEXTS[self.noun]]
        texts += [text for found in (*self.texts, self.tags) for text in found.get(key, ())]
        return Wording(search.called(names), search.words(texts), search.words(own))

    def _read(self, table: str, columns: Sequence[str]) -> _Texts:
        owner = f"{self.noun}_id"
        names = ", ".join((f"{owner} AS owner", *columns))
        return self._grouped(f"SELECT {names} FROM {table} WHERE {owner} IN ({self.keys}) ORDER BY id", columns)

    def _tags(self) -> _Texts:
        owner = f"tagging.{self.noun}_id"
        sql = (
            f"SELECT {owner} AS owner, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id"
            f" WHERE {owner} IN ({self.keys}) ORDER BY tag.name"
        )
        return self._grouped(sql, ("name",))

    def _grouped(self, sql: str, columns: Sequence[str]) -> _Texts:
        found: _Texts = {}
        for row in self.connection.rows(sql):
            found.setdefault(row["owner"], []).extend(row[name] for name in columns)
        return found


def remember(connection: Connection, words: Iterable[str]) -> None:
    """Put words of names under their misspelling keys, as far as they are new."""
    ordered = sorted({word for word in words if search.is_spelt(word)})
    known: set[str] = set()
    for part in slices(ordered):
        sql = f"SELECT word FROM search_word WHERE key IN ({marks(part)}) AND key = word"
        known |= {row["word"] for row in connection.rows(sql, part)}
    rows = [(key, word) for word in ordered if word not in known for key in sorted(deletes(word))]
    if rows:
        connection.insert_rows("search_word", ("key", "word"), rows, ignore=True)


def _store_names(connection: Connection, noun: str, keys: Sequence[int], found: Mapping[int, Wording]) -> None:
    stored = {row["record_id"]: row["text"] for row in _stored(connection, "search_name", noun, keys, "text")}
    wanted = {key: wording.called for key, wording in found.items() if wording.called}
    stale = [key for key in stored if stored[key] != wanted.get(key)]
    _drop(connection, "search_name", noun, stale)
    rows = [(noun, key, text) for key, text in sorted(wanted.items()) if stored.get(key) != text]
    _insert(connection, "search_name", ("noun", "record_id", "text"), rows)


def _store_texts(connection: Connection, noun: str, keys: Sequence[int], found: Mapping[int, Wording]) -> None:
    stored: dict[int, list[str]] = {}
    for row in _stored(connection, "search_text", noun, keys, "part, text"):
        stored.setdefault(row["record_id"], []).append(row["text"])
    wanted = {key: search.parts(wording.written) for key, wording in found.items() if wording.written}
    stale = [key for key in stored if stored[key] != wanted.get(key)]
    _drop(connection, "search_text", noun, stale)
    rows = [
        (noun, key, part, text)
        for key, texts in sorted(wanted.items())
        if stored.get(key) != texts
        for part, text in enumerate(texts)
    ]
    _insert(connection, "search_text", ("noun", "record_id", "part", "text"), rows)


def _stored(connection: Connection, table: str, noun: str, keys: Sequence[int], columns: str) -> list[Row]:
    order = "record_id, part" if table == "search_text" else "record_id"
    sql = f"SELECT record_id, {columns} FROM {table} WHERE noun = ? AND record_id IN ({listed(keys)}) ORDER BY {order}"
    return connection.rows(sql, [noun])


def _drop(connection: Connection, table: str, noun: str, keys: Sequence[int]) -> None:
    if keys:
        connection.execute(f"DELETE FROM {table} WHERE noun = ? AND record_id IN ({listed(keys)})", [noun])


def _insert(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows by few statements: SQLite's index of words writes out what it collected at the end of each."""
    for part in slices(rows):
        values = ", ".join([f"({marks(columns)})"] * len(part))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}"
        connection.execute(sql, [value for row in part for value in row])

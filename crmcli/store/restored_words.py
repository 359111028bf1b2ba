"""The search index of rows that are loaded from an archive, gathered as they come by.

What is searched is what `crmcli.store.search` says, and the index is the one that it would make.
"""

from typing import Any

from crmcli.kernel.text import tokens
from crmcli.store import search
from crmcli.store.bulk import Bulk
from crmcli.store.connection import Connection, Row

# Texts of a row of a child table that is not named by its own columns.
_DOMAIN, _PHONE, _TAGGING = "company_domain", "phone", "tagging"


class Words:
    """The words of the records that are being loaded; the rows of a record have to come together."""

    def __init__(self, connection: Connection, bulk: Bulk) -> None:
        self._connection = connection
        self._bulk = bulk
        self._tags: dict[int, str] = {}
        self._record: tuple[str, int] | None = None
        self._parts: dict[str, list[str | None]] = {}
        self._names: list[tuple[Any, ...]] = []
        self._texts: list[tuple[Any, ...]] = []
        self._spelt: set[str] = set()

    def add(self, table: str, row: Row) -> None:
        """Take in a row; a record's own row comes before those that belong to it."""
        if table == "tag":
            self._tags[row["id"]] = row["name"]
        elif table in search.TEXTS:
            self._finish()
            if row["deleted_at"] is None:
                self._record = (table, row["id"])
                self._parts = {"names": [row[name] for name in search.NAMES.get(table, ())]}
                self._parts["texts"] = [row[name] for name in search.TEXTS[table]]
                self._spelt.update(_words(self._parts["names"]))
        elif self._record is not None:
            self._add_child(table, row)

    def _add_child(self, table: str, row: Row) -> None:
        columns = search.NAME_CHILDREN.get(table) or search.TEXT_CHILDREN.get(table)
        if columns:
            self._parts.setdefault(table, []).extend(row[name] for name in columns)
        if table == _PHONE:
            self._parts.setdefault("national", []).extend(search.national([row["e164"]]))
        elif table == _DOMAIN:
            self._parts.setdefault(table, []).append(row["domain"])
        elif table == _TAGGING:
            self._parts.setdefault(table, []).append(self._tags.get(row["tag_id"]))

    def _finish(self) -> None:
        """Put the words of the record together, in the order in which `search.refresh` has them."""
        if self._record is None:
            return
        parts, (noun, key) = self._parts, self._record
        called = search.called(_joined(parts, ("names", *search.NAME_CHILDREN, "national", _DOMAIN)))
        parts[_TAGGING] = [*sorted(name for name in parts.get(_TAGGING, []) if name)]
        written = _words(_joined(parts, ("texts", *search.TEXT_CHILDREN, _TAGGING)))
        if called and noun in search.NAMES:
            self._names.append((noun, key, called))
        self._texts += [(noun, key, number, text) for number, text in enumerate(search.parts(written))]
        self._record = None

    def flush(self) -> None:
        """Write the index of all whole records; the last one may still get rows."""
        self._connection.insert_rows("search_name", ("noun", "record_id", "text"), self._names)
        self._connection.insert_rows("search_text", ("noun", "record_id", "part", "text"), self._texts)
        self._bulk.remember(self._spelt)
        self._names, self._texts, self._spelt = [], [], set()

    def close(self) -> None:
        """Write the rest."""
        self._finish()
        self.flush()


def _joined(parts: dict[str, list[str | None]], names: tuple[str, ...]) -> list[str | None]:
    return [text for name in names for text in parts.get(name, ())]


def _words(texts: list[str | None]) -> list[str]:
    return [word for text in texts if text for word in tokens(text)]

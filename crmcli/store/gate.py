"""The one write gate: every row that changes, changes here.

It checks the change against the compiled description, fills the columns that are computed from others, writes the row
and its journal entry, and remembers which records' search words must be renewed before the transaction ends. It is not
an object mapper: rows are dicts, and what a change means is the services' business.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import uid7
from crmcli.store import activity, chain, derive, indexing, journal, search
from crmcli.store.actor import Actor
from crmcli.store.blank import blank
from crmcli.store.connection import Connection, Row
from crmcli.store.description import Column
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

SEARCHED = frozenset(search.TEXTS)
# What tells when a customer was last in contact, and what the customer ordered.
ACTIVITIES = ("participant", "sales_order")


class Mark(NamedTuple):
    """Where a gate stands: its open operation, how many are complete, and how many changes there were."""

    operation: int | None
    complete: int
    changes: int


class Gate:
    """The writes of one operation.

    Args:
        connection: with a writing transaction open.
        command: the command's words, for the journal.
        moment: this moment, aware UTC, given to created_at and updated_at.
        randomness: returns that many random bytes, for the uids of new records.
    """

    def __init__(
        self, connection: Connection, command: str, moment: datetime, randomness: Callable[[int], bytes]
    ) -> None:
        self.connection = connection
        self.command = command
        self.now = stamp(moment)
        self.moment = moment
        self._randomness = randomness
        self.changes = 0
        self._wordless = False
        self._actor: Actor | None = None
        self._operation: int | None = None
        self._sealed: list[int] = []
        self._unsigned: list[journal.Entry] = []
        self._stale: set[tuple[str, int]] = set()
        self._active: set[tuple[str, int]] = set()

    def sign(self, actor: Actor) -> None:
        """Say who acts; what was written before (the actor's own user row) is journalled now."""
        self._actor = actor
        for entry in self._unsigned:
            self._journal(entry)
        self._unsigned.clear()

    @property
    def actor(self) -> Actor:
        """Who acts."""
        assert self._actor is not None, "the gate is signed before anything but the actor is written"
        return self._actor

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Write a new row; returns its key.

        Raises:
            UsageError: a value does not fit its column.
        """
        row = self._complete(table, values)
        self._check(table, row)
        stored = {**row, **derive.columns(table, row)}
        names = ", ".join(stored)
        marks = ", ".join("?" * len(stored))
        row_id = self.connection.insert(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(stored.values()))
        self._note(table, row_id, None, _without_empty(row), stored)
        return row_id

    def update(self, table: str, row_id: int, values: Mapping[str, Any]) -> bool:
        """Change columns of a row; returns whether anything differed."""
        before = self.fetch(table, row_id)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return False
        if "updated_at" in TABLES[table].columns:
            changed["updated_at"] = self.now
        self._check(table, changed)
        self.rewrite(table, before, changed)
        return True

    def rewrite(self, table: str, before: Row, changed: Row) -> None:
        """Change columns of a row, given as it is, to values that fit them."""
        row_id, after = before["id"], {**before, **changed}
        stored = {**changed, **derive.columns(table, after)}
        assignments = ", ".join(f"{name} = ?" for name in stored)
        self.connection.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", [*stored.values(), row_id])
        self.renew(table, row_id, before)  # a row that moves leaves its former owner behind
        self._note(table, row_id, {name: before[name] for name in changed}, changed, after)

    def delete(self, table: str, row_id: int) -> None:
        """Remove a row. Records are not removed but marked by `deleted_at`; this is for their child rows."""
        before = self.fetch(table, row_id)
        self.connection.execute(f"DELETE FROM {table} WHERE id = ?", [row_id])
        plain = {name: value for name, value in before.items() if not TABLES[table].columns[name].derived}
        self._note(table, row_id, _without_empty(plain), None, before)

    def journal_rows(self, statement: str, parameters: Sequence[object], count: int) -> None:
        """Journal `count` new rows by a statement that reads them; its first parameter is the operation."""
        self.connection.execute(statement, [self.operation(), *parameters])
        self.changes += count

    def journal_row(self, entry: journal.Entry) -> None:
        """Journal a change of a row that was written already."""
        self.changes += 1
        self._journal(entry)

    def operation(self) -> int:
        """The key of the operation, which is written with the first change."""
        if self._operation is None:
            self._operation = self.connection.insert(
                "INSERT INTO operation (uid, at, user_id, actor, command) VALUES (?, ?, ?, ?, ?)",
                [self._uid(), self.now, self.actor.id, self.actor.name, self.command],
            )
        return self._operation

    def touch(self, table: str, row_id: int) -> None:
        """Say that a record changed because a child row did."""
        row = self.fetch(table, row_id)
        if row["updated_at"] != self.now:
            self.connection.execute(f"UPDATE {table} SET updated_at = ? WHERE id = ?", [self.now, row_id])
            self._note(table, row_id, {"updated_at": row["updated_at"]}, {"updated_at": self.now}, row)

    def fetch(self, table: str, row_id: int) -> Row:
        """The row as it is now."""
        row: Row | None = self.connection.execute(f"SELECT * FROM {table} WHERE id = ?", [row_id]).fetchone()
        if row is None:
            raise KeyError(f"{table} {row_id}")
        return row

    def refresh(self) -> None:
        """Bring search words and last-contact times of all touched records up to date."""
        stale, self._stale = self._stale, set()
        active, self._active = self._active, set()
        for noun, record_id in sorted(active):
            activity.refresh(self.connection, noun, record_id)
        indexing.refresh(self.connection, sorted(stale))

    def renew(self, table: str, row_id: int, row: Mapping[str, Any]) -> tuple[str, int] | None:
        """Remember to renew the derived facts of the record that a row belongs to; returns that record."""
        record = journal.record_of(table, row_id, row)
        if table in ACTIVITIES:
            self._active |= {(noun, row[f"{noun}_id"]) for noun in PARTIES if row[f"{noun}_id"] is not None}
        if record is not None and record[0] in SEARCHED and table != "participant":
            self._stale.add(record)
        return record

    @contextmanager
    def wordless(self) -> Iterator[None]:
        """A part of the operation of whose changes the journal keeps the digests alone: nobody can take it back."""
        self._wordless = True
        try:
            yield
        finally:
            self._wordless = False

    def gone(self, noun: str, keys: Sequence[int]) -> None:
        """Drop the derived facts of records whose rows were removed."""
        if noun in SEARCHED:
            records = {(noun, key) for key in keys}
            self._stale -= records
            self._active -= records
            search.drop(self.connection, noun, keys)

    def entitle(self, command: str) -> None:
        """Say more of what the operation does than the words of the command."""
        self.command = command
        if self._operation is not None:
            self.connection.execute("UPDATE operation SET command = ? WHERE id = ?", [command, self._operation])

    def begin_another(self, command: str) -> None:
        """Go on as another operation, of this command; all of them are committed together."""
        if self._operation is not None:
            chain.seal(self.connection, self._operation)
            self._sealed.append(self._operation)
        self._operation = None
        self.command = command

    def operations(self) -> list[int]:
        """The keys of all operations of this gate, in their order."""
        return [*self._sealed, *([] if self._operation is None else [self._operation])]

    def finish(self) -> None:
        """The last act before the commit."""
        self.refresh()
        if self._operation is not None:
            chain.seal(self.connection, self._operation)

    def mark(self) -> Mark:
        """Where the operation stands, to go back to after a part that failed."""
        self.refresh()
        return Mark(self._operation, len(self._sealed), self.changes)

    def forget(self, mark: Mark) -> None:
        """Go back to `mark` after the database was rolled back to it."""
        self._operation, self.changes = mark.operation, mark.changes
        del self._sealed[mark.complete :]
        self._stale.clear()
        self._active.clear()

    def _uid(self) -> str:
        return uid7(self.moment, self._randomness)

    def _complete(self, table: str, values: Mapping[str, Any]) -> Row:
        row = dict(blank(table))
        unknown = values.keys() - row.keys() - {"id"}
        if unknown:
            raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
        row.update(values)
        for name in ("created_at", "updated_at"):
            if name in row and row[name] is None:
                row[name] = self.now
        if "uid" in row and row["uid"] is None:
            row["uid"] = self._uid()
        return row

    def _check(self, table: str, row: Mapping[str, Any]) -> None:
        checked(table, row)

    def _note(self, table: str, row_id: int, before: Any, after: Any, row: Mapping[str, Any]) -> None:
        entry = journal.Entry(table, row_id, before, after, self.renew(table, row_id, row))
        self.changes += 1
        if self._actor is None:
            self._unsigned.append(entry)
        else:
            self._journal(entry)

    def _journal(self, entry: journal.Entry) -> None:
        noun, record_id = entry.record or (None, None)
        salt = self._randomness(journal.SALT_BYTES).hex()
        said = [journal.image(entry.before), journal.image(entry.after), salt, None]
        if self._wordless:
            said = [None, None, None, journal.digest(entry, salt)]
        self.connection.execute(
            "INSERT INTO change (operation_id, table_name, row_id, noun, record_id, before, after, salt, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [self.operation(), entry.table, entry.row_id, noun, record_id, *said],
        )


def checked(table: str, row: Mapping[str, Any]) -> None:
    """Refuse a row that does not fit its table. Raises UsageError."""
    columns = TABLES[table].columns
    for name, value in row.items():
        if value is not None:
            _check_value(columns[name], value)
        elif columns[name].required:
            raise UsageError(f"{name} is missing", f"{name} needs a value")


def _without_empty(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _check_value(column: Column, value: object) -> None:
    """Refuse what the column cannot hold, in words that name the column and the limit."""
    if isinstance(value, str):
        if column.length and len(value) > column.length:
            message = f"{column.name} has {len(value):,} characters"
            raise UsageError(message, f"at most {column.length:,} are kept; put long text into notes or a logged note")
        if "\0" in value:
            raise UsageError(f"{column.name} holds a NUL character", "remove it; everything else is kept as it is")
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise UsageError(f"{column.name} holds bytes that are not UTF-8 text", "convert the text to UTF-8")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise UsageError(f"{column.name} is too large a number", "at most 9,223,372,036,854,775,807 fits")
    if column.kind == "enum" and value not in column.values:
        raise UsageError(f"'{value}' is not a {column.name}", f"use one of: {', '.join(column.values)}")

"""What the store needs of a database."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

Row = dict[str, Any]
Rows = Callable[..., list[Row]]
"""Runs a query: the `rows` of a connection or of a store."""
PORTION = 2_000
"""So many rows of a stream are held at a time."""


class Connection(Protocol):
    """A DB-API connection behind the few things that differ between databases; SQL has `?` for every value."""

    dialect: str
    name: str
    is_stand_in: bool  # an empty database for one that is not there
    notes: Sequence[str]  # what a person should know of its being opened

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run one statement; returns a cursor over rows as dicts."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[list[Row]]:
        """The rows of a query in portions, however many there are; a transaction has to be open."""

    def insert(self, sql: str, parameters: Sequence[object]) -> int:
        """Run an INSERT; returns the key of the new row."""

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, ignore: bool = False
    ) -> None:
        """Write many rows; with `ignore` those that are there already are left out."""

    def begin(self, *, writing: bool, load: bool = False) -> None:
        """Start a transaction; `load` says that it will write very much."""

    def commit(self) -> None:
        """Make everything since `begin` durable."""

    def rollback(self) -> None:
        """Forget everything since `begin`."""

    def close(self) -> None:
        """Close the connection; a second call does nothing."""

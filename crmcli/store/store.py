"""The one connection of a command: reads, and the transaction in which it writes.

SQL is written in the common dialect of SQLite and PostgreSQL with `?` for every value. All reads of a command see one
moment; everything that it writes is committed together or not at all.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotPermitted
from crmcli.store.actor import Actor
from crmcli.store.connection import Connection, Row

if TYPE_CHECKING:
    from crmcli.store.gate import Gate


class Store:
    """Reads and the write gate over one connection.

    Args:
        connect: opens the database. Called with True when it must exist afterwards, with False when a database that is
            not there yet may be stood in for by an empty one in memory, so that reading never creates a file.
        stand_in_on_disk: opens such an empty database for the rehearsal of a large load, for which memory is too small.
    """

    def __init__(self, connect: Callable[[bool], Connection], stand_in_on_disk: Callable[[], Connection]) -> None:
        self._connect = connect
        self._stand_in_on_disk = stand_in_on_disk
        self._connection: Connection | None = None
        self._gate: Gate | None = None

    @property
    def connection(self) -> Connection:
        """The open connection."""
        if self._connection is None:
            self._connection = self._connect(False)
        return self._connection

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self.connection.dialect

    @property
    def gate(self) -> "Gate | None":
        """The gate of the transaction that is open for writing, or None."""
        return self._gate

    def reading(self) -> Connection:
        """The connection with a transaction open, so that all that is read over it sees one moment."""
        if not self.connection.in_transaction:
            self.connection.begin(writing=False)
        return self.connection

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, as dicts."""
        return self.reading().rows(sql, parameters)

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, parameters)
        return None if found is None else next(iter(found.values()))

    @contextmanager
    def writing(
        self,
        make_gate: "Callable[[Connection], Gate]",
        actor: "Callable[[Gate], Actor]",
        *,
        rehearsal: bool = False,
        load: bool = False,
    ) -> "Iterator[Gate]":
        """One transaction that writes: committed when the block ends, rolled back when it raises.

        Inside another such block the outer one goes on: its command is one operation.

        Args:
            make_gate: makes the write gate over the open transaction.
            actor: tells who acts; asked once inside the transaction, since a first write may add the user.
            rehearsal: roll back in any case; a database that is not there is then not made.
            load: very much will be written; see `Connection.begin`.
        """
        if self._gate is not None:
            yield self._gate
            return
        self._reconnect(create=not rehearsal)
        if load and self.connection.is_stand_in:
            self.close()
            self._connection = self._stand_in_on_disk()
        self.connection.begin(writing=True, load=load)
        try:
            self._gate = make_gate(self.connection)
            who = actor(self._gate)
            if who.role == "readonly":
                raise NotPermitted(f"{who.name} may read and not change", "ask an administrator to change the role")
            self._gate.sign(who)
            yield self._gate
            self._gate.finish()
            if rehearsal:
                self.connection.rollback()
            else:
                self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            self._gate = None

    @contextmanager
    def restoring(self, *, rehearsal: bool) -> Iterator[Connection]:
        """One transaction without gate and journal, for `crmcli.store.restore` and `rebuild`; a rehearsal is undone."""
        assert self._gate is None, "what is restored here is no part of a change"
        self._reconnect(create=not rehearsal)
        self.connection.begin(writing=True)
        try:
            yield self.connection
            if not rehearsal:
                self.connection.commit()
        finally:
            self.connection.rollback()

    @contextmanager
    def recording(self) -> Iterator[Connection]:
        """One transaction for what the program keeps of its own doings, such as reminders: no gate, no journal."""
        assert self._gate is None, "what is recorded here is no part of a change"
        self._reconnect(create=True)
        self.connection.begin(writing=True)
        try:
            yield self.connection
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a writing transaction that can fail by itself."""
        assert self._gate is not None, "a savepoint belongs inside a writing transaction"
        mark = self._gate.mark()
        self.connection.execute("SAVEPOINT part")
        try:
            yield
            self._gate.refresh()
        except BaseException:
            # A full disk ends the whole transaction by itself; the error that told so is the one to be seen.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO SAVEPOINT part")
                self.connection.execute("RELEASE SAVEPOINT part")
            self._gate.forget(mark)
            raise
        self.connection.execute("RELEASE SAVEPOINT part")

    def idle(self) -> Connection:
        """The connection without a transaction: for what a database does to itself, such as VACUUM."""
        assert self._gate is None, "a change is being written"
        self._reconnect(create=False)
        return self.connection

    def _reconnect(self, *, create: bool) -> None:
        """Leave the reading transaction, and any stand-in for a file that does not exist yet."""
        if self._connection is None or self._connection.is_stand_in:
            self.close()
            self._connection = self._connect(create)
        if self._connection.in_transaction:
            self._connection.commit()

    def close(self) -> None:
        """Close the connection, if it was ever opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

"""The whole database as one file, and back: moving house, also from SQLite to PostgreSQL and the other way."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmcli.importers.source import Source
from crmcli.kernel.errors import DatabaseUnavailable, UsageError
from crmcli.kernel.sealed import check, sealed, unsealed
from crmcli.store import archive, comparison, restore
from crmcli.store.bulk import Bulk
from crmcli.store.gate import Gate

if TYPE_CHECKING:
    from crmcli.app import App


class Archives:
    """Writing and restoring archives."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def write(self) -> Iterator[str]:
        """Everything in the database, a line with its end at a time: the same records give the same bytes."""
        return sealed(archive.lines(self.app.store), archive.SCHEMA)

    def can_restore(self) -> bool:
        """Whether the database is empty: nothing but who made it may be there."""
        return restore.is_fresh(self.app.store.rows)

    def bring_back(self, source: Source, *, dry_run: bool = False) -> dict[str, int]:
        """As `restore`, of an archive that stands for a database, as a backup does.

        Raises:
            DatabaseUnavailable: the archive is incomplete, was changed or is of a newer program.
            UsageError: the database is not empty.
            NotPermitted: the acting user may only read.
        """
        restore.refuse_others(self.app.store.rows)
        try:
            return self.restore(source, dry_run=dry_run)
        except UsageError as error:
            raise DatabaseUnavailable(error.message, error.hint) from error

    def restore(self, source: Source, *, dry_run: bool = False) -> dict[str, int]:
        """Load an archive into an empty database; returns how much there is then, see `comparison.counts`.

        Afterwards the database is the archived one: the same ids, the same team, the same journal. Restoring adds no
        operation to it, and who made the empty database is no longer there. With `dry_run` all is done and taken back.
        Whom the list beside the file says to be erased is erased again, in an operation of its own.

        Raises:
            UsageError: the archive is incomplete or was changed, a line is wrong, or the database is not empty.
            NotPermitted: the acting user may only read.
        """
        self.app.users.refuse_reader()
        known = self.app.privacy.known()
        try:
            with source.open() as file:
                check(file, archive.SCHEMA)  # what was damaged on its way is told as such
            with source.open() as file, self.app.store.restoring(rehearsal=dry_run) as connection:
                # Nobody signs this gate, and it writes and journals nothing: words of names are remembered through it.
                gate = Gate(connection, self.app.command, self.app.clock.now(), self.app.randomness)
                given = restore.load(connection, Bulk(gate), unsealed(file, archive.SCHEMA))
                counted = comparison.counts(connection.rows)
                if not dry_run:  # last, since it cannot be taken back
                    restore.give_keys(connection, given)
        except UsageError as error:
            raise UsageError(f"{source.name}: {error.message}", error.hint) from error
        if not dry_run:
            self.app.privacy.carry_over(known)
        return counted

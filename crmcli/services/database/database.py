"""Looking after the database as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.place import file_of, shown_place
from crmcli.services.database import files, rotation
from crmcli.services.database.backups import Backups
from crmcli.services.database.purges import Purges
from crmcli.services.database.rebuilding import rebuilt
from crmcli.services.database.restoring import Restoration, into_empty, restoring
from crmcli.services.database.verification import Progress, Verification
from crmcli.store import chain, comparison, engine, purging, space, sqlite, upkeep
from crmcli.store.connection import Connection
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.app import App

SHORTEST_SEAL, LONGEST_SEAL = 16, 64


class Database:
    """What is done with a database, not with its records."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def backup(self, file: str = "", *, keep: str = "", force: bool = False) -> dict[str, Any]:
        """Copy the database into a file, and check the copy; see `Backups.make`.

        Args:
            file: where to; by default a dated file in the folder of backups.
            keep: which of the older backups there are kept: `7d,4w,12m`.
            force: write over a file that is there.
        """
        rule = rotation.parse(keep) if keep else None
        made = Backups(self.app).make(file, force=force, rule=rule)
        made["operation"] = ref("operation", made["operation"]) if made["operation"] else None
        self._note("backup", made["id"])
        return made

    def verify(
        self, file: str = "", *, quick: bool = False, seal: str = "", progress: Progress = lambda *_: None
    ) -> dict[str, Any]:
        """Look whether everything is as it should be, and change nothing; see `Verification.run` for what is returned.

        The record has `id` and `place`, too: where the database is.

        Args:
            file: a backup or an archive instead of the database.
            quick: leave out what takes time: the changes, rows, and the search index.
            seal: one that was written down, or at least its first 16 digits; it must be in the journal.
            progress: is told how far it is.

        Raises:
            DatabaseUnavailable: there is none, or it cannot be opened.
            UsageError: `seal` is none.
        """
        _check_seal(seal)
        if file:
            path = files.plain_file(file)
            with files.current(self.app, path) as place, files.opened(place) as connection:
                looked = Verification(connection, lambda: sqlite.open_file(place), progress)
                record = looked.run(quick=quick, seal=seal)
        else:
            path = shown_place(self.app.place)
            connection = self.app.store.reading()
            files.refuse_none(connection, self.app.place)
            looked = Verification(connection, self._aside, progress)
            record = looked.run(quick=quick, seal=seal)
            if record["sound"]:  # into a damaged database nothing is written
                self._note("verify", "quick" if quick else "whole")
        self.app.notes += looked.notes
        return {"id": path, **record}

    @contextmanager
    def restoring(self, file: str, progress: Progress = lambda *_: None) -> Iterator[Restoration]:
        """A backup or an archive, ready to take the place of the database, for a block; see `Restoration`.

        Raises:
            DatabaseUnavailable: the backup or archive is damaged, newer than this program or none of ours.
            UsageError: FILE is the database itself, or the database is PostgreSQL's.
        """
        with restoring(self.app, file, progress) as ready:
            yield ready

    def restore_into_empty(self, file: str, *, dry_run: bool) -> dict[str, Any]:
        """Restore an archive into an empty PostgreSQL database; returns a record as `Restoration` has one."""
        return into_empty(self.app, file, dry_run=dry_run)

    def folders(self) -> list[Path]:
        """The folders in which backups of a database that is a file are made: beside it, and that of the setting."""
        return Backups(self.app).folders

    @property
    def is_file(self) -> bool:
        """Whether the database is an SQLite file."""
        return file_of(self.app.place) is not None

    @property
    def is_there(self) -> bool:
        """Whether there is a file where the database should be, whatever it holds."""
        path = file_of(self.app.place)
        return path is not None and path.exists()

    def info(self) -> dict[str, Any]:
        """What the database is: `id`, the place, `kind` with version, `size` in bytes, `schema`, `journal_mode`.

        And how many `contacts`, `companies`, `interactions`, `followups`, `deals`, `orders`, `cases`, `products`,
        `deleted` records and `operations` it has, the last `backup`, `verify` and `vacuum` with `at` and `detail`, and
        the `seal` of the last `operation`.
        """
        store = self.app.store
        head = chain.head(store.reading())
        path = file_of(self.app.place)
        sqlite_kind = f"SQLite {'.'.join(str(part) for part in engine.sqlite_version())}"
        record: dict[str, Any] = {
            "id": str(path) if path else shown_place(self.app.place),
            "exists": not store.connection.is_stand_in,
            "kind": sqlite_kind if path else f"PostgreSQL {engine.server_version(store.connection)}",
            "size": space.used(store.connection),
            "schema": engine.schema_version(store.connection),
            "journal_mode": engine.journal_mode(store.connection) if path else None,
            **comparison.counts(store.rows),
            "deleted": purging.waiting(store.rows),
        }
        done = upkeep.last(store.rows)
        for kind in ("backup", "verify", "vacuum"):
            row = done.get(kind)
            record[kind] = {"at": row["at"], "detail": row["detail"]} if row else None
        return {**record, "operation": ref("operation", head[0]) if head else None, "seal": head[1] if head else None}

    def vacuum(self) -> dict[str, Any]:
        """Give back what deleted rows took, and write the list of erasures anew.

        Returns `id`, and the bytes `before` and `after`.

        Raises:
            CrmError: the list cannot be written.
        """
        connection = self.app.store.connection
        files.refuse_none(connection, self.app.place)
        before = space.used(connection)
        self.app.store.close()
        beside = self._aside()
        try:
            space.vacuum(beside)
            after = space.used(beside)
        finally:
            beside.close()
        self._note("vacuum", f"{before} {after}")
        self.app.privacy.relist()
        return {"id": shown_place(self.app.place), "before": before, "after": after}

    def rebuild(self, *, dry_run: bool) -> dict[str, Any]:
        """Make anew what is only computed, and indexes and triggers that are missing; see `rebuilt`."""
        return rebuilt(self.app, dry_run=dry_run)

    def purge(self, older_than: str, *, dry_run: bool) -> dict[str, Any]:
        """Remove for good what was deleted before that; see `Purges.purge`."""
        return Purges(self.app).purge(older_than, dry_run=dry_run)

    def _aside(self) -> Connection:
        connection: Connection = self.app.peek()
        return connection

    def _note(self, kind: str, detail: str) -> None:
        """Keep when it was done; a database that cannot be written is as well looked after without."""
        try:
            if self._is_older():  # no backup should be the moment at which a database is changed
                return
            with self.app.store.recording() as connection:
                upkeep.note(connection, kind, self.app.now, detail)
        except CrmError as error:
            self.app.notes.append(f"when this was done is not kept: {error.message}")

    def _is_older(self) -> bool:
        connection = self.app.peek()
        try:
            return connection.is_stand_in or is_behind(connection)
        finally:
            connection.close()


def _check_seal(seal: str) -> None:
    if seal and (not SHORTEST_SEAL <= len(seal) <= LONGEST_SEAL or set(seal.lower()) - set("0123456789abcdef")):
        raise UsageError(f"'{seal[:80]}' is no seal", "64 digits and letters a to f, or the first 16 or more of them")

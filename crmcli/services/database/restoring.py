"""Bringing a backup back: looked at first, beside the database, and put into its place in one step.

The database that comes back is made whole before anything is touched: checked, brought to this program's schema, the
erased erased again. Only then it takes the place of the one that is there, which is kept.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.importers.source import Source
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, NotPermitted, UsageError
from crmcli.kernel.files import sync_names
from crmcli.kernel.ids import ref
from crmcli.kernel.place import file_of, shown_place
from crmcli.services.database import files, rotation
from crmcli.services.database.backups import unwritable
from crmcli.services.database.verification import Progress, Verification
from crmcli.services.erasing import sidecar
from crmcli.services.erasing.sidecar import Known
from crmcli.store import comparison, copies, rebuild, sqlite, structure, upkeep, verifyfacts

if TYPE_CHECKING:
    from crmcli.app import App

MOST_NAMED = 5
MOST_FINDINGS = 3


class Restoration:
    """A backup that is ready to take the place of the database.

    `record` says what that changes: `id`, the place; `file`; `now` and `then`, how many records there are and would be,
    `now` None where there is no database that can be read; `lost`, how many operations would be gone, and `newest`, the
    last of those; `related`, whether both have any in common; `damage`, why the database that is there cannot be read,
    None where it can; `erased`, how many people would be erased again; `kept`, where the replaced database is
    afterwards; `findings`, what is not right in what comes back, as of `crm db verify`.
    """

    def __init__(self, app: "App", draft: str, record: dict[str, Any], damage: str, known: Known) -> None:
        self._app, self._draft, self._damage, self._known = app, draft, damage, known
        self.record = record

    def apply(self) -> dict[str, Any]:
        """Do it; returns the record.

        Raises:
            DatabaseUnavailable: it could not be done; all is as it was.
        """
        path = str(file_of(self._app.place))
        self.record["erased"] = _erase_again(self._app, self._draft, self._known)
        _note_backup(self._draft, self.record["file"], self._app.now)
        self._app.close()
        kept = _free_name(f"{path}.before-restore-{rotation.stamp(self._app.now)}")
        try:
            if self._damage or not os.path.lexists(path):
                kept = _move_aside(path, kept)
                os.rename(self._draft, path)
                sync_names(path)
            else:
                _swap(self._draft, path, kept)
            sidecar.move(self._draft, path)
        except OSError as error:
            raise unwritable(path, error, "nothing was restored") from error
        self.record["kept"] = kept or None
        return self.record


@contextmanager
def restoring(app: "App", file: str, progress: Progress) -> Iterator[Restoration]:
    """A backup or an archive, ready to be restored, for a block.

    Raises:
        DatabaseUnavailable: the backup or archive is damaged, newer than this program or none of ours.
        NotPermitted: the acting user may only read.
        UsageError: FILE is the database itself, or the database is PostgreSQL's.
    """
    _refuse_reader(app)
    source = files.plain_file(file)
    path = file_of(app.place)
    if path is None:
        raise UsageError(
            "into PostgreSQL an archive of crm export all is restored, and it must be empty",
            "a dump is restored by pg_restore; see the how-to on backups",
        )
    if path.exists() and Path(source).samefile(path):
        raise UsageError("this is the database itself", "name a backup, or an archive of crm export all")
    path = path.resolve() if path.is_symlink() else path
    damage = _damage(str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with copies.draft(str(path)) as draft:
            with files.naming_the_file():
                files.become(app, source, draft)
            _complete(draft)
            findings = _looked_at(draft, source, progress)
            known = app.privacy.known()
            record = {"id": str(path), "file": source, "erased": len(known.erasures), "kept": None}
            record["findings"] = findings
            record |= _compared(app, draft, damage)
            try:
                yield Restoration(app, draft, record, damage, known)
            finally:
                sidecar.path_of(draft).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(str(path), error, "nothing was restored") from error


def into_empty(app: "App", file: str, *, dry_run: bool) -> dict[str, Any]:
    """Restore an archive into an empty PostgreSQL database; returns a record as `Restoration` has it."""
    source = files.plain_file(file)
    if not files.is_archive(source):
        hint = f"make one: crm --db {file} export all --to all.jsonl; a dump is restored by pg_restore"
        raise UsageError(f"{file} is not an archive, and PostgreSQL takes no other file", hint)
    app.archives.bring_back(Source(file, Path(source)), dry_run=True)
    record: dict[str, Any] = {"id": shown_place(app.place), "file": source, "now": None, "erased": 0, "kept": None}
    record |= {"findings": [], "lost": 0, "newest": [], "related": True, "damage": None}
    counted = app.archives.bring_back(Source(file, Path(source)), dry_run=dry_run)
    return {**record, "then": counted}


# --- looking


def _refuse_reader(app: "App") -> None:
    """Refuse whoever may only read, as far as the database that is there can still tell. Raises NotPermitted."""
    try:
        app.users.refuse_reader()
    except NotPermitted:
        raise
    except CrmError:  # it is what a backup is for
        return


def _damage(path: str) -> str:
    """Why the database that is there cannot be read; "" for one that can, or where none is.

    Raises:
        UsageError: it is in order, and another program's.
    """
    if not os.path.lexists(path):
        return ""
    if os.path.isdir(path):
        raise UsageError(f"'{path}' is a folder", "name another place with --db or CRM_DB")
    if sqlite.is_foreign(path):
        raise UsageError(f"{path} is another program's database", "name another place with --db or CRM_DB")
    try:
        with files.opened(path) as connection:
            fault = next(verifyfacts.integrity(connection, quick=True), None)
            return fault.text if fault else ""
    except CrmError as error:
        return error.message


def _complete(draft: str) -> None:
    """Give what comes back the indexes and triggers that it lost: they hold nothing, and a backup is of use without."""
    with suppress(CrmError):  # what cannot be mended is told by the look at all of it
        connection = sqlite.open_file(draft)
        try:
            connection.begin(writing=True)
            if structure.mend(connection):
                rebuild.full_text(connection)
            connection.commit()
        finally:
            connection.close()


def _note_backup(draft: str, source: str, now: str) -> None:
    """Let what comes back know its backup: it was copied before it could, and nothing is in it that is not there."""
    connection = sqlite.open_file(draft)
    try:
        connection.begin(writing=True)
        upkeep.note(connection, "backup", now, source)
        connection.commit()
    finally:
        connection.close()


def _looked_at(draft: str, source: str, progress: Progress) -> list[dict[str, Any]]:
    """Look at all of what would come back; returns what is not as the journal says, which is no reason to be without.

    Raises:
        DatabaseUnavailable: it cannot be worked with.
    """
    with files.opened(draft) as connection:

        def look(*, quick: bool) -> dict[str, Any]:
            return Verification(connection, lambda: sqlite.open_file(draft), progress).run(quick=quick)

        refused = look(quick=True)["findings"]
        if refused:
            found = [one["finding"] for one in refused[:MOST_FINDINGS]]
            raise DatabaseUnavailable(f"{source} is damaged", "use another backup; see: crm db verify FILE", found)
        return list(look(quick=False)["findings"])


def _compared(app: "App", draft: str, damage: str) -> dict[str, Any]:
    with files.opened(draft) as then:
        counted = comparison.counts(then.rows)
        here = None
        if not damage and os.path.lexists(str(file_of(app.place))):
            with files.opened(str(file_of(app.place))) as now:
                here = comparison.counts(now.rows)
                parting = comparison.parting(now.rows, then.rows, MOST_NAMED)
        lost = parting if here is not None else comparison.Parting(0, [], True)
        newest = [
            {"id": ref("operation", row["id"]), "at": row["at"], "actor": row["actor"], "command": row["command"]}
            for row in lost.newest
        ]
        return {
            "now": here,
            "then": counted,
            "lost": lost.operations,
            "newest": newest,
            "related": lost.related or not (here or {}).get("operations"),
            "damage": damage or None,
        }


# --- the erased stay erased


def _erase_again(app: "App", draft: str, known: Known) -> int:
    if not known.erasures and not known.suppressions:
        return 0
    there = files.over(app, draft)
    try:
        return there.privacy.carry_over(known)
    finally:
        there.close()


# --- changing places


def _swap(draft: str, path: str, kept: str) -> None:
    """Let the database hold what the draft does, in one transaction, also while others have it open."""

    def keep(there: Any) -> None:
        with copies.draft(kept) as copy:
            copies.copy_open(there, copy)
            os.rename(copy, kept)
            sync_names(kept)

    try:
        copies.overwrite(draft, path, keep)
    except ValueError as error:
        raise DatabaseUnavailable(f"{path} cannot be kept: {error}", "move it away, and restore again") from error
    except sqlite.DRIVER.Error as error:
        raise sqlite.explain(error, path) from error


def _move_aside(path: str, kept: str) -> str:
    """Give a damaged database, with all that belongs to it, another name: it may still be of use.

    Of one that was lost its log may be left, which would be taken for changes of the new one.

    Returns:
        The new name; "" where nothing was there.
    """
    moved = False
    for ending in (*copies.BESIDE, ""):
        with suppress(FileNotFoundError):
            os.rename(path + ending, kept + ending)
            os.chmod(kept + ending, 0o600)
            moved = True
    return kept if moved else ""


def _free_name(name: str) -> str:
    number, found = 1, name
    while os.path.lexists(found):
        number += 1
        found = f"{name}.{number}"
    return found

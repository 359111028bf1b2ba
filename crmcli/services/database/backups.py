"""Backups: a whole copy of the database in one file, made while it is in use, and looked at before it counts."""

import os
from errno import EACCES, ENOENT, ENOTDIR, EPERM, EROFS
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.files import replacing, sync_names
from crmcli.kernel.paths import expanded
from crmcli.kernel.place import file_of
from crmcli.services.database import rotation
from crmcli.services.database.files import opened, refuse_none
from crmcli.services.database.rotation import Rule
from crmcli.store import chain, comparison, copies, sqlite
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.app import App

FOLDER = "backups"
STEM = "crm"
NONE_MADE = "no backup was made"
MOST_OF_A_SECOND = 999
LINES_TO_THE_TEAM = 50
Head = tuple[int, str | None] | None


class Backups:
    """Making backups, and deleting old ones."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self.path = file_of(app.place)

    def make(self, file: str, *, force: bool, rule: Rule | None) -> dict[str, Any]:
        """Write one; returns `id`, where it is, `size` in bytes, its last `operation`, and what was `deleted`.

        Raises:
            UsageError: the file is there already, or the rule has no folder to go by.
            DatabaseUnavailable: there is no database, it is damaged, or the file cannot be written; nothing is left.
        """
        if rule is not None and file:
            raise UsageError("--keep is for the folder of backups", "leave FILE out; the setting is backup.folder")
        self._refuse_nothing()
        target = expanded(file).absolute() if file else self._dated()
        self._refuse_place(file, target)
        if os.path.lexists(target) and not force:
            raise UsageError(f"there is a file {target} already", "name another one, or give --force")
        head = self._copy(str(target)) if self.path else self._archive(str(target))
        deleted = self._rotate(target, rule) if rule else []
        operation = head[0] if head else None
        return {"id": str(target), "size": target.stat().st_size, "operation": operation, "deleted": deleted}

    # --- where

    def _refuse_place(self, file: str, target: Path) -> None:
        """Refuse what no copy may take the place of, whatever --force says."""
        if file == "-":
            raise UsageError("a backup is a file, and is not written to standard output", "name one, or leave it out")
        if target.is_dir():
            raise UsageError(
                f"'{file}' is a folder", "name a file in it, or leave it out; see: crm config get backup.folder"
            )
        if target.exists() and not target.is_file():
            raise UsageError(f"'{file}' is no ordinary file", "a backup is one that can be read again: name another")
        database = self.path.resolve() if self.path else None
        if database and str(target.resolve()) in [f"{database}{ending}" for ending in ("", *copies.BESIDE)]:
            raise UsageError("the database is no backup of itself", "name another file")

    @property
    def folder(self) -> Path:
        """The folder of backups: the setting, or `backups` beside the database."""
        if not self.folders:
            raise UsageError("there is no folder for backups", "name a FILE, or: crm config set backup.folder FOLDER")
        return self.folders[0]

    @property
    def folders(self) -> list[Path]:
        """Where backups may be: the folder of the setting, and the one beside a database that is a file."""
        named = self.app.config.get("backup.folder")
        set_here = [expanded(named).absolute()] if named else []
        return set_here + ([self.path.parent / FOLDER] if self.path else [])

    @property
    def _stem(self) -> str:
        return self.path.stem if self.path else STEM

    def _dated(self) -> Path:
        folder = self.folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise unwritable(str(folder), error, NONE_MADE) from error
        ending = ".db" if self.path else ".jsonl"
        for number in range(1, MOST_OF_A_SECOND + 1):
            target = folder / rotation.file_name(self._stem, self.app.now, number, ending)
            if not os.path.lexists(target):
                return target
        raise UsageError(f"{folder} is full of backups of this second", "name a FILE")

    def _refuse_nothing(self) -> None:
        connection = self.app.peek()
        try:
            refuse_none(connection, self.app.place)
            is_behind(connection)
        finally:
            connection.close()

    # --- making

    def _copy(self, target: str) -> Head:
        """Copy the file beside the target, look at the copy, and give it its name."""
        assert self.path is not None
        before = _head(str(self.path))
        try:
            with copies.draft(target) as draft:
                copies.copy(str(self.path), draft)
                head = self._checked(draft, before)
                os.replace(draft, target)
                sync_names(target)
        except ValueError as error:
            hint = "restore an older backup: crm db restore FILE; see: crm db verify"
            raise DatabaseUnavailable(f"{self.path} cannot be backed up: {error}", hint) from error
        except OSError as error:
            raise unwritable(target, error, NONE_MADE) from error
        except sqlite.DRIVER.Error as error:
            raise _explained(error, target) from error
        return head

    def _checked(self, draft: str, before: Head) -> Head:
        """The last operation of a copy, which has to be one of the database, and none that was there may be missing.

        Raises:
            ValueError: it is not.
        """
        head = _head(draft)
        if (head or (0, None))[0] < (before or (0, None))[0]:
            raise ValueError("its copy lacks the newest changes")
        if head is not None and head[1] is not None:
            with opened(str(self.path)) as connection:
                if connection.rows("SELECT seal FROM operation WHERE id = ?", [head[0]]) != [{"seal": head[1]}]:
                    raise ValueError("its copy has another journal")
        return head

    def _archive(self, target: str) -> Head:
        """Write an archive, which holds a whole database of any kind, and look at it."""
        with replacing(target) as file:
            file.writelines(self.app.archives.write())
        return chain.head(self.app.store.connection)

    def _rotate(self, newest: Path, rule: Rule) -> list[str]:
        folder = newest.parent
        names = [
            entry.name
            for entry in folder.iterdir()
            if entry.suffix == newest.suffix and rotation.made_here(self._stem, entry.name) and self._is_mine(entry)
        ]
        deleted = []
        for name in rotation.superfluous(self._stem, names, rule, newest.name):
            if name == newest.name:
                continue
            try:
                (folder / name).unlink()
            except OSError as error:
                raise CrmError(
                    f"cannot delete {folder / name}: {error.strerror}", f"the backup is in {newest}"
                ) from error
            deleted.append(str(folder / name))
        return deleted

    def _is_mine(self, file: Path) -> bool:
        """Whether a file is a backup of this database, not of another one with its name that shares the folder.

        What cannot be read is nobody's: it is neither deleted nor kept in the place of a whole one.
        """
        if file.is_symlink() or not file.is_file():
            return False
        rows = self.app.store.rows
        try:
            if self.path is None:
                return comparison.founder(rows) in _founders(file)
            with opened(str(file)) as connection:
                first = comparison.first(connection.rows)
        except (CrmError, OSError, ValueError, sqlite.DRIVER.Error):
            return False
        return first is not None and first == comparison.first(rows)


def _founders(archive: Path) -> set[str]:
    """The uid of the first of the team in an archive, which stands near its beginning."""
    with archive.open(encoding="utf-8") as file:
        head = [jsonlines.decode_object(line) for line in islice(file, LINES_TO_THE_TEAM)]
    return {str(line["row"]["uid"]) for line in head if line.get("table") == "user_account" and line["row"]["id"] == 1}


def _head(path: str) -> Head:
    """The last operation and its seal, which an older schema has not."""
    with opened(path) as connection:
        if is_behind(connection):
            rows = connection.rows("SELECT max(id) AS last FROM operation")
            return (rows[0]["last"], None) if rows[0]["last"] else None
        return chain.head(connection)


_REMEDIES = {
    ENOENT: "make its folder first",
    ENOTDIR: "name a folder that there is",
    EACCES: "check the permissions of its folder",
    EPERM: "check the permissions of its folder",
    EROFS: "name a place that can be written to",
}


def unwritable(target: str, error: OSError, outcome: str) -> DatabaseUnavailable:
    """The error that tells of a file that cannot be written, and what to do."""
    remedy = _REMEDIES.get(error.errno or 0, "is the disk full?")
    return DatabaseUnavailable(f"cannot write {target}: {error.strerror or error}", f"{outcome}; {remedy}")


def _explained(error: Exception, target: str) -> CrmError:
    """A full disk is that of the backup, not of the database."""
    text = str(error).lower()
    if "full" in text or "i/o" in text or "unable to open" in text:
        reason = "the disk is full, or a limit is reached" if "open" not in text else "it cannot be opened"
        return DatabaseUnavailable(f"cannot write {target}: {reason}", f"{NONE_MADE}; free some space")
    return sqlite.explain(error, target)

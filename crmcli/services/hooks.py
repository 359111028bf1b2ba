"""Hooks: a person's own programs, run before and after the commit of a change.

A hook is an executable file in the folder `hooks` beside the settings, named after the first word of the command:
`pre-log` is run before what `crm log` wrote is committed and may refuse it, `post-log` after it. It gets what changed
as JSON on its standard input. It is run without a shell, in a process group of its own, for at most SECONDS.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from errno import ENOENT, ENOEXEC
from json import dumps, loads
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import CrmError
from crmcli.kernel.ids import noun_of, ref
from crmcli.kernel.place import shown_place
from crmcli.store import history
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

SECONDS = 10.0
MOST = 1000
"""Changes that a hook is told; of a larger import it gets the first ones and the count."""
MOST_LINES = 10
# Of what a hook says, this much is read.
MOST_BYTES = 4000
OTHERS_MAY_WRITE = 0o022
DAMAGED = "run without it: --no-hooks"


class Ended(NamedTuple):
    """How a hook ended: its status, None when it took too long, negative for a signal; and its first lines."""

    status: int | None
    lines: list[str]

    @property
    def why(self) -> str:
        """Why it did not succeed."""
        if self.status is None:
            return f"took longer than {SECONDS:g} seconds and was stopped"
        if self.status < 0:
            return f"was ended by signal {-self.status}"
        return f"failed with status {self.status}"


class Hooks:
    """The hooks of one command.

    Args:
        app: the App whose command it is.
        folder: where hooks are.
    """

    def __init__(self, app: "App", folder: Path) -> None:
        self.app = app
        self.folder = folder
        self.word = app.command.partition(" ")[0]
        self._told: dict[str, Any] = {}

    def before(self, gate: "Gate") -> None:
        """Run the hook that is asked before the commit.

        Raises:
            CrmError: it refuses the change, cannot be run, or takes too long. Nothing is committed then.
        """
        if not gate.changes or not any(map(self._is_there, ("pre", "post"))):
            return
        self._told = self._tell(gate)
        if not self._is_there("pre"):
            return
        ended = self._run("pre")
        if ended.status is None or ended.status < 0:
            raise CrmError(f"the hook pre-{self.word} {ended.why}", f"nothing was changed; {DAMAGED}", ended.lines)
        if ended.status:
            said = ended.lines or [f"status {ended.status}"]
            raise CrmError(f"the hook pre-{self.word} refuses this: {said[0]}", "nothing was changed", said[1:])
        self.app.notes += ended.lines

    def after(self) -> None:
        """Run the hook that is told after the commit; what goes wrong with it is a note, since all is done by then."""
        if not self._told or not self._is_there("post"):
            return
        try:
            ended = self._run("post")
        except CrmError as error:
            self.app.notes += [error.message, error.hint]
            return
        if ended.status != 0:
            self.app.notes.append(f"the hook post-{self.word} {ended.why}; the change itself is done")
        self.app.notes += ended.lines

    def _is_there(self, when: str) -> bool:
        return self.word.isalnum() and os.path.lexists(self.folder / f"{when}-{self.word}")

    def _run(self, when: str) -> Ended:
        name = f"{when}-{self.word}"
        path = self.checked(name)
        # The hook's own calls see the same database, and run no hooks again.
        environ = {**self.app.environ, "CRM_NO_HOOKS": "1", "CRM_HOOK": name, "CRM_DB": self.app.place}
        document = dumps({"schema": "crm.hook/1", "item": {"hook": name, **self._told}}, separators=(",", ":"))
        # Files, not pipes: a hook may leave its input unread, and what it starts in the background may outlive it.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as warned:
            given.write(document.encode("ascii"))
            given.seek(0)
            try:
                process = subprocess.Popen(
                    [path], stdin=given, stdout=said, stderr=warned, env=environ, start_new_session=True
                )
            except (OSError, ValueError) as error:
                raise CrmError(*_not_run(path, error)) from error
            status = _wait(process)
            lines = list(_lines(warned)) or (list(_lines(said)) if status else [])
        return Ended(status, lines)

    def checked(self, name: str) -> str:
        """The path of a hook that nobody else could have written. Raises CrmError for any other."""
        path = self.folder / name
        _refuse_foreign(path, is_folder=False)
        for place in (self.folder.parent, *_folders_of_links(path)):
            _refuse_foreign(place, is_folder=True)
        if not os.access(path, os.X_OK):
            raise CrmError(f"the hook {path} is not executable", f"chmod u+x it, or {DAMAGED}")
        return str(path)

    def _tell(self, gate: "Gate") -> dict[str, Any]:
        """What hooks are told of the operation."""
        rows: list[Row] = []
        for key in gate.operations():
            rows += history.changes(self.app.store, key, MOST - len(rows)) if len(rows) < MOST else []
        return {
            "command": gate.command.split(" "),
            "user": gate.actor.name,
            "at": gate.now,
            "database": shown_place(self.app.place),
            "operation": ref("operation", gate.operation()),
            "changes": [_change(row) for row in rows],
            "count": gate.changes,
            "truncated": gate.changes > len(rows),
        }


def _not_run(path: str, error: OSError | ValueError) -> tuple[str, str]:
    """Why the system did not run a hook that is there, and what to do."""
    why = error.strerror if isinstance(error, OSError) else str(error)
    # The file is there, so what is not found is the program in its first line.
    if isinstance(error, OSError) and error.errno in (ENOENT, ENOEXEC):
        why = "its first line has to name a program that is there, as in #!/bin/sh"
    return f"cannot run the hook {path}: {why}", DAMAGED


def _change(row: Row) -> dict[str, Any]:
    before, after = (row[name] and loads(row[name]) for name in ("before", "after"))
    action = "insert" if before is None else "delete" if after is None else "update"
    if row["before"] is None and row["after"] is None:  # of an erased person only that there was something is told
        action = "erase"
    record = row["noun"] and ref(noun_of(row["noun"]), row["record_id"])
    return {"table": row["table_name"], "id": record, "action": action, "before": before, "after": after}


def _wait(process: "subprocess.Popen[bytes]") -> int | None:
    """The status of a hook; None when it took too long. Whatever goes wrong here, it does not go on."""
    try:
        return process.wait(SECONDS)
    except BaseException as error:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return None
        raise


def _lines(file: IO[bytes]) -> Iterator[str]:
    """The first lines that say something."""
    file.seek(0)
    lines = file.read(MOST_BYTES).decode("utf-8", "replace").splitlines()
    yield from [line.rstrip() for line in lines if line.strip()][:MOST_LINES]


def _folders_of_links(path: Path) -> Iterator[Path]:
    """The folders of a file and of what its links lead to one by one: who may write one of them can turn the link."""
    yield path.parent
    while path.is_symlink():
        path = path.parent / os.readlink(path)
        yield path.parent
    yield Path(os.path.realpath(path)).parent


def _refuse_foreign(path: Path, *, is_folder: bool) -> None:
    """Refuse a file or folder into which others could have put something."""
    try:
        found = path.stat()
    except OSError as error:
        raise CrmError(f"the hook {path} cannot be read: {error.strerror}", DAMAGED) from error
    if not (S_ISDIR if is_folder else S_ISREG)(found.st_mode):
        raise CrmError(f"{path} is no {'folder' if is_folder else 'ordinary file'}, so no hook is run", DAMAGED)
    if found.st_uid not in (0, os.geteuid()):
        raise CrmError(f"hooks are not run: {path} belongs to another user", f"make it yours, or {DAMAGED}")
    if found.st_mode & OTHERS_MAY_WRITE:
        raise CrmError(f"hooks are not run: others may write {path}", f"chmod go-w {path}, or {DAMAGED}")

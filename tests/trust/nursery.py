"""Processes of the program, each forked from one that has imported everything, and killed where a suite wants it.

Starting Python takes longer than most commands. `python tests/trust/nursery.py` is the mother process; it reads jobs as
JSON lines and answers each with a line when its child has ended.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg

from crmcli import cli
from crmcli.services import imports
from crmcli.services.importing import run as importing
from crmcli.store import bulk, migrate, sqlite
from tests.trust import shim

ROOT = Path(__file__).parents[2]
BEFORE, HALF, AFTER = range(3)
# So many rows are a large load here, so that one takes a fifth of a second.
LARGE, CHUNK, PROOF = 400, 100, 200


class Command(NamedTuple):
    """The words of a command, or `!NAME` of a function below with its arguments, and its standard input."""

    words: Sequence[str]
    stdin: str = ""


class Death(NamedTuple):
    """When a process dies: at its n-th `call` of the system, `statement` to the database, or after n microseconds.

    `way` is for a call: before it, half-way, or after it.
    """

    kind: str
    number: int
    way: int = BEFORE


class Life(NamedTuple):
    """What a process came to.

    `codes` are the exit statuses of the commands that ended, `outs` what each that began wrote to standard output,
    `err` what they said. `calls`, `statements` and `microseconds` tell how long it lived, if it was not killed.
    """

    killed: bool
    codes: list[int]
    outs: list[str]
    err: str
    calls: int = 0
    statements: int = 0
    microseconds: int = 0


class Nursery:
    """The mother process, asked from another one."""

    def __init__(self, folder: Path) -> None:
        """`folder` is for notes of the nursery, beside the one in which databases are."""
        self.folder = folder
        environ = dict(os.environ)
        library = shim.library()
        if library:
            environ["LD_PRELOAD"] = library
        self._mother = subprocess.Popen(
            [sys.executable, __file__], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self,
        commands: Sequence[Command],
        environ: Mapping[str, str],
        *,
        below: Path,
        death: Death | None = None,
        **more: Any,
    ) -> Life:
        """Run commands one after the other in one process; see `Child` for what may be asked `more`."""
        job = {"commands": commands, "environ": environ, "death": death, "below": str(below), "notes": str(self.folder)}
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps({**job, **more}) + "\n")
        self._mother.stdin.flush()
        return Life(**json.loads(self._mother.stdout.readline()))

    def close(self) -> None:
        """Let the mother process end."""
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        self._mother.wait()


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """A nursery, closed at the end."""
    folder.mkdir(exist_ok=True)
    made = Nursery(folder)
    try:
        yield made
    finally:
        made.close()


# --- in the mother process


class Child:
    """A forked process that runs the commands of a job, and notes what comes of them.

    A job may name a `log` for the shim, a database to `hold` open beside the commands, and a level of `synchronous`,
    and have databases stay `unlogged`, without a write-ahead log.
    """

    def __init__(self, job: Mapping[str, Any]) -> None:
        self.job = job
        self.notes = Path(job["notes"])
        self.statements = 0
        self.death = Death(*job["death"]) if job["death"] else Death("", 0)

    def live(self) -> None:
        """Run everything; may be killed at any moment."""
        os.environ.clear()
        os.environ.update(self.job["environ"])
        _redirect(2, self.notes / "err")
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for the life of the process
        if "synchronous" in self.job:
            sqlite.PRAGMAS = ("foreign_keys=ON", f"synchronous={self.job['synchronous']}", "trusted_schema=OFF")
        if "unlogged" in self.job:
            sqlite.SqliteConnection._use_log = lambda *_: None  # type: ignore[method-assign]
        self._count_statements()
        self._arm()
        held = self._hold() if "hold" in self.job else None
        started = time.perf_counter()
        codes = []
        for number, (words, stdin) in enumerate(self.job["commands"]):
            _redirect(1, self.notes / f"out{number}")
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            (self.notes / "stdin").write_text(stdin, "utf-8")
            sys.stdin = (self.notes / "stdin").open(encoding="utf-8")
            codes.append(_run(words))
            sys.stdout.flush()
            if shim.library_is_loaded():
                shim.mark()
            _append(self.notes / "codes", f"{codes[-1]}\n")
        microseconds = int((time.perf_counter() - started) * 1e6)
        counted = shim.count() if shim.library_is_loaded() else 0
        _append(self.notes / "spans", json.dumps([counted, self.statements, microseconds]))
        del held

    def _arm(self) -> None:
        kind, number, way = self.death
        if shim.library_is_loaded():
            log = os.open(self.job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if "log" in self.job else -1
            shim.arm(number if kind == "call" else 0, way, log, self.job["below"])
        if kind == "moment":
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, number / 1e6)

    def _hold(self) -> Any:
        """A reader beside the commands, so that none of them is the last to leave and empties the log."""
        held = sqlite.connect(self.job["hold"])
        held.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return held

    def _count_statements(self) -> None:
        connect, execute = sqlite.connect, psycopg.Cursor.execute

        def count(*_: object) -> None:
            self.statements += 1
            if self.death.kind == "statement" and self.statements == self.death.number:
                os.kill(os.getpid(), signal.SIGKILL)

        def connected(path: str) -> Any:
            db = connect(path)
            db.set_trace_callback(count)
            return db

        def executed(*args: Any, **options: Any) -> Any:
            count()
            return execute(*args, **options)

        sqlite.connect = connected
        psycopg.Cursor.execute = executed  # type: ignore[method-assign]


def _redirect(fd: int, path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, fd)
    os.close(file)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _run(words: Sequence[str]) -> int:
    if not words[0].startswith("!"):
        return cli.run(words)
    FUNCTIONS[words[0]](*words[1:])
    return 0


def _back_up(path: str) -> None:
    sys.stdout.write(migrate.back_up(path, "now") + "\n")


def _count_operations(path: str) -> None:
    connection = sqlite.open_file(path)
    sys.stdout.write(f"{connection.rows('SELECT count(*) AS n FROM operation')[0]['n']}\n")
    connection.close()


FUNCTIONS: dict[str, Callable[..., None]] = {"!back_up": _back_up, "!count": _count_operations}


def _answer(job: Mapping[str, Any]) -> Life:
    notes = Path(job["notes"])
    for old in notes.iterdir():
        old.unlink()
    child = os.fork()
    if child == 0:
        status = 99
        try:
            Child(job).live()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    outs = sorted(notes.glob("out*"), key=lambda path: int(path.name[3:]))
    # Empty where the child was killed between opening the note and writing it.
    noted = (notes / "spans").read_text() if (notes / "spans").exists() else ""
    spans = json.loads(noted) if noted else (0, 0, 0)
    codes = (notes / "codes").read_text().split() if (notes / "codes").exists() else []
    return Life(
        os.WIFSIGNALED(status),
        [int(code) for code in codes] + ([99] if status and not os.WIFSIGNALED(status) else []),
        [path.read_text("utf-8") for path in outs],
        (notes / "err").read_text("utf-8") if (notes / "err").exists() else "",
        *spans,
    )


def main() -> None:
    """Be the mother process: answer jobs until there are none."""
    imports.MANY = bulk.MANY = LARGE  # type: ignore[attr-defined]
    importing.CHUNK, bulk.PROOF = CHUNK, PROOF
    for name, (module, _) in cli.ROOMS.items():
        del name
        cli.import_module(f"crmcli.commands.{module}")
    for line in sys.stdin:
        answer = _answer(json.loads(line))
        sys.stdout.write(json.dumps(answer._asdict()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

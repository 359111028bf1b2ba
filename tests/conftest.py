"""What all tests share: a fresh database of each kind, an App over it, and the program run in process.

`crm` and `app` come twice, over SQLite and over PostgreSQL; `crm_sqlite` and `app_sqlite` once, for tests that have
nothing to do with SQL. Without a PostgreSQL server its half is skipped, loudly; see `tests.servers`.
"""

import io
import json
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from crmcli import cli
from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.store import sqlite
from tests import servers

# No law depends on how fast the machine is, and each example sees to a clean state itself.
settings.register_profile(
    "crmcli",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
settings.load_profile("crmcli")

NOW = "2026-11-20T10:00:00Z"
DIALECTS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


class Stream(io.TextIOWrapper):
    """A standard stream in memory, which may claim to be a terminal."""

    def __init__(self, data: str | bytes = b"", *, terminal: bool = False) -> None:
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        super().__init__(io.BytesIO(raw), encoding="utf-8", newline="", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        """All that was written."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode("utf-8")


class Result(NamedTuple):
    """How a command ended, and what it wrote to each stream."""

    code: int
    out: str
    err: str


class Crm:
    """The program, run in this process over one database.

    `CRM_NOW` is 2026-11-20T10:00:00Z, the zone UTC, the user ada; HOME is empty and there are no settings. A defect of
    the program (an error that it has no words for) is raised, so that a test shows where it happened.

    Args:
        dialect: sqlite or postgresql.
        place: the database, as CRM_DB.
        home: an empty folder.
    """

    def __init__(self, dialect: str, place: str, home: Path) -> None:
        self.dialect = dialect
        self.place = place
        self.home = home

    def environ(self, **more: str | None) -> dict[str, str]:
        """The environment of a command; None takes a variable out."""
        base = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "TERM": "xterm-256color",
            "CRM_DB": self.place,
            "CRM_NOW": NOW,
            "CRM_TIMEZONE": "UTC",
            "CRM_USER": "ada",
        }
        return {name: value for name, value in {**base, **more}.items() if value is not None}

    def __call__(
        self,
        *args: str,
        stdin: str | bytes = "",
        tty: bool = False,
        env: Mapping[str, str | None] = {},
        width: int = 80,
        asks: bool = False,
    ) -> Result:
        """Run one command.

        With `tty` all three streams are terminals of `width` columns, without colour or pager (`env` can change that),
        and nobody answers prompts unless `asks`.
        """
        terminal: dict[str, str | None] = (
            {"COLUMNS": str(width), "LINES": "24", "NO_COLOR": "1", "PAGER": ""} if tty else {}
        )
        if tty and not asks:
            terminal["CRM_NO_INPUT"] = "1"
        streams = Stream(stdin, terminal=tty), Stream(terminal=tty), Stream(terminal=tty)
        with _process(self.environ(**{**terminal, **env}), streams), _defects() as defects:
            code = cli.run(list(args))
        if defects:
            raise defects[0]
        return Result(code, streams[1].text(), streams[2].text())

    def ok(self, *args: str, **options: Any) -> str:
        """Run a command that must succeed; returns its output."""
        result = self(*args, **options)
        assert result.code == 0, f"crm {' '.join(args)} ended with {result.code}:\n{result.err}{result.out}"
        return result.out

    def json(self, *args: str, **options: Any) -> Any:
        """Run a command with --json; returns the whole document."""
        return json.loads(self.ok(*args, "--json", **options))

    def batch(self, *operations: Mapping[str, Any], code: int = 0) -> str:
        """Apply operations by `crm batch`, which ends with `code`; returns the ids, then the messages."""
        result = self("batch", stdin="\n".join(map(json.dumps, operations)))
        assert result.code == code, result.err
        return result.out + result.err


@contextmanager
def _process(environ: dict[str, str], streams: tuple[Stream, Stream, Stream]) -> Iterator[None]:
    with (
        mock.patch.dict(os.environ, environ, clear=True),
        mock.patch.object(sys, "stdin", streams[0]),
        mock.patch.object(sys, "stdout", streams[1]),
        mock.patch.object(sys, "stderr", streams[2]),
    ):
        yield


@contextmanager
def _defects() -> Iterator[list[Exception]]:
    """Collect the errors that the program could only report as its own defect."""
    found: list[Exception] = []
    explain = cli.explain

    def listen(error: Exception) -> tuple[list[str], int]:
        lines, code = explain(error)
        if "unexpected error" in lines[0]:
            found.append(error)
        return lines, code

    with mock.patch.object(cli, "explain", listen):
        yield found


# --- databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and no records."""
    path = tmp_path_factory.mktemp("template") / "crm.db"
    sqlite.create_file(str(path))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[servers.Server | str]:
    """The server, shared by all test processes of this run; a text says why there is none."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    with ExitStack() as stack:
        try:
            # Not in pytest's own folder: that is closed to the user that a server started by root runs as.
            yield stack.enter_context(servers.running(Path(tempfile.gettempdir()) / f"crm-test-{run[:16]}"))
        except servers.NoServer as error:
            yield str(error)


@pytest.fixture
def sqlite_place(sqlite_template: Path, tmp_path: Path) -> str:
    """The path of a fresh SQLite database."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return str(shutil.copy(sqlite_template, folder / "crm.db"))


@pytest.fixture
def postgresql_place(postgresql_server: servers.Server | str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database."""
    if isinstance(postgresql_server, str):
        servers.give_up(postgresql_server)
    else:
        with postgresql_server.database() as place:
            yield place


@pytest.fixture(params=DIALECTS)
def place(request: pytest.FixtureRequest) -> str:
    """Where a fresh database is, on each kind in turn."""
    return str(request.getfixturevalue(f"{request.param}_place"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


# --- the program


@pytest.fixture
def crm(place: str, home: Path) -> Crm:
    """The program over a fresh database, on each kind in turn."""
    return Crm("postgresql" if place.startswith("postgresql") else "sqlite", place, home)


@pytest.fixture
def crm_sqlite(sqlite_place: str, home: Path) -> Crm:
    """The program over a fresh SQLite database."""
    return Crm("sqlite", sqlite_place, home)


@pytest.fixture
def app(crm: Crm) -> Iterator[App]:
    """An App over the database of `crm`. After `crm` wrote something, `app.close()` lets it read afresh."""
    with _app(crm) as made:
        yield made


@pytest.fixture
def app_sqlite(crm_sqlite: Crm) -> Iterator[App]:
    """An App over the database of `crm_sqlite`."""
    with _app(crm_sqlite) as made:
        yield made


@contextmanager
def _app(crm: Crm) -> Iterator[App]:
    made = App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    try:
        yield made
    finally:
        made.close()

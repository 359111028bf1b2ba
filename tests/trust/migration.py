"""Killed at any statement of a migration: the old database stays usable as it was, and the next start migrates it."""

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import Engine, event

from crmcli.kernel.errors import CrmError
from crmcli.model import compile as compiler
from crmcli.store import migrate
from tests.store import old
from tests.trust import places
from tests.trust.suite import Bench, Outcome, Suite


def run(bench: Bench) -> Outcome:
    """Kill at `count` statements, spread evenly over the migrations from every earlier version."""
    templates = {version: places.old(bench.place(), version) for version in old.VERSIONS}
    folder = bench.folder / "migration"
    points = [
        (version, number)
        for version, template in templates.items()
        for number in range(1, _statements(template, folder) + 1)
    ]
    step = max(1, len(points) // bench.count)
    chosen = points[bench.seed % step :: step]
    faults = []
    for version, number in chosen:
        with places.copied(templates[version], folder) as place:
            faults += _kill(place, version, number)
    figure = f"{len(chosen):,} of {len(points):,} statements, from {len(old.VERSIONS)} versions: {len(faults)} faults"
    return Outcome(figure, faults)


def _statements(template: str, folder: Path) -> int:
    """How many statements a migration of a copy of that database takes."""
    with places.copied(template, folder) as place, _counting(None) as count:
        migrate.upgrade(place)
    return count[0]


@contextlib.contextmanager
def _counting(fatal: int | None) -> Iterator[list[int]]:
    """Count the statements that are run, in the one element of the list; kill this process before the fatal one."""
    count = [0]

    def step(*_: object) -> None:
        count[0] += 1
        if count[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    try:
        yield count
    finally:
        event.remove(Engine, "before_cursor_execute", step)


def _kill(place: str, version: str, number: int) -> Iterator[str]:
    """Let a process die before that statement; what is wrong afterwards."""
    before = old.rows(place)
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException), _counting(number):
            migrate.upgrade(place)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    where = f"from {version}, killed before statement {number}"
    if not os.WIFSIGNALED(status):
        yield f"{where}: it was not killed"
        return
    if _version(place) != version or old.rows(place) != before:
        yield f"{where}: the database is not what it was"
        return
    try:
        migrate.upgrade(place)
    except CrmError as error:
        yield f"{where}: the next start did not migrate: {error.message}"
        return
    records = [table for table in before if table != "search_name"]  # its words are made anew
    if _version(place) != compiler.VERSION or old.rows(place, records) != {name: before[name] for name in records}:
        yield f"{where}: rows were lost"
    if "://" not in place:
        yield from _after(place, where)


def _after(place: str, where: str) -> Iterator[str]:
    """What is wrong with the file, and with what lies beside it."""
    with contextlib.closing(sqlite3.connect(place)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        yield f"{where}: {verdict}"
    for path in Path(place).parent.iterdir():
        if path.stat().st_mode & 0o077:
            yield f"{where}: others can read {path.name}"


def _version(place: str) -> str:
    if place.startswith("postgresql"):
        with psycopg.connect(place) as server:
            return str(server.execute("SELECT version_num FROM schema_version").fetchone()[0])  # type: ignore[index]
    with contextlib.closing(sqlite3.connect(place)) as connection:
        return str(connection.execute("SELECT version_num FROM schema_version").fetchone()[0])


SUITE = Suite(full=10_000, short=6, run=run)

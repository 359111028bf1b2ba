"""Whole copies of an SQLite database: one way to make them, for backups, for restoring and before a migration.

A copy is made by SQLite's own backup, which sees one moment while others go on writing; it has what the write-ahead log
holds, which a mere copy of the file would lack. It is one file, whole in itself, for its owner alone.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmcli.kernel.files import draft_beside, sync
from crmcli.store import sqlite

BESIDE = ("-wal", "-shm", "-journal")
"""What may stand beside a database file and belongs to it."""
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
PATIENCE_SECONDS = 10
_PAUSE_SECONDS = 0.05
_KEPT_WAITING = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED


@contextmanager
def draft(target: str) -> Iterator[str]:
    """An empty file beside `target`, for its owner alone, which is gone when the block ends unless it was renamed.

    Raises:
        OSError: it cannot be made.
    """
    path = draft_beside(target)
    os.close(os.open(path, NEW, 0o600))
    try:
        yield path
    finally:
        remove(path)


def remove(path: str) -> None:
    """Remove a database file with what stands beside it, as far as it is there."""
    for ending in ("", *BESIDE):
        Path(path + ending).unlink(missing_ok=True)


def copy(path: str, to: str) -> None:
    """Copy the database at `path` as it is now into the empty file `to`, and check the copy.

    Raises:
        ValueError: the copy is damaged, as the database then is.
        sqlite3.Error: it cannot be read or written.
    """
    source = sqlite.connect(path)
    try:
        copy_open(source, to)
    finally:
        source.close()


def copy_open(source: Any, to: str) -> None:
    """The same for a database that is open in a connection of the driver."""
    made = sqlite.DRIVER.connect(to)
    try:
        source.backup(made, progress=_patience(), sleep=_PAUSE_SECONDS)
        made.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        sqlite.add_functions(made)  # an index may need them
        verdict = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
    finally:
        made.close()
    if verdict != "ok":
        raise ValueError(f"its copy is damaged ({verdict.splitlines()[-1]})")
    sync(to)


def overwrite(path: str, live: str, keep: Callable[[Any], None]) -> None:
    """Let the database at `live` hold what that at `path` does.

    It is one transaction of `live`: who has it open goes on reading what was there until it ends, and afterwards reads
    the new. `keep` is called while nobody can write, with a connection of the driver to what is there: what it copies
    has all that was ever acknowledged. What it raises ends all of it, as a failure does, with `live` as it was.

    Raises:
        sqlite3.Error: it cannot be done, or others kept it busy.
    """
    source, there = sqlite.connect(path), sqlite.connect(live)
    try:
        if there.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal":
            _overwrite_logged(source, there, live, keep)
        else:
            _overwrite_locked(source, there, keep)
    finally:
        source.close()
        there.close()


def _overwrite_logged(source: Any, there: Any, live: str, keep: Callable[[Any], None]) -> None:
    """With a write-ahead log: from the first page on the lock is ours, and others still see what was there."""
    patience, kept = _patience(), False

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal kept
        patience(status, remaining, total)
        if status == 0 and not kept:
            kept = True
            beside = sqlite.connect(live)
            try:
                keep(beside)
            finally:
                beside.close()

    # In two steps at least: what is there is kept between them.
    half = source.execute("PRAGMA page_count").fetchone()[0] // 2 + 1
    source.backup(there, pages=half, progress=step, sleep=_PAUSE_SECONDS)


def _overwrite_locked(source: Any, there: Any, keep: Callable[[Any], None]) -> None:
    """Without one nobody can read meanwhile: the lock is taken first and held for both copies."""
    there.execute("PRAGMA locking_mode=EXCLUSIVE")
    there.execute("BEGIN EXCLUSIVE")
    there.execute("COMMIT")
    keep(there)
    source.backup(there, progress=_patience(), sleep=_PAUSE_SECONDS)


def _patience() -> Any:
    """What ends a copy that others keep waiting: the driver itself would wait for ever."""
    left = int(PATIENCE_SECONDS / _PAUSE_SECONDS)

    def step(status: int, _remaining: int, _total: int) -> None:
        nonlocal left
        if status in _KEPT_WAITING:
            left -= 1
            if left < 0:
                raise sqlite.DRIVER.OperationalError("database is locked")

    return step

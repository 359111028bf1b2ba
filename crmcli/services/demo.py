"""A throw-away database with the year of a small workshop, built in a file of its own; nothing else is touched."""

import contextlib
import os
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from crmcli.kernel import files, paths
from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.paths import expanded
from crmcli.kernel.settings import Settings
from crmcli.services.demodata.records import SEED, Records
from crmcli.store import sqlite

if TYPE_CHECKING:
    from crmcli.app import App

FILE = "demo.db"
COUNTED = ("contact", "company", "interaction", "followup")
BESIDE = ("-wal", "-shm", "-journal")
ELSEWHERE = "name another file with --path"


class Built(NamedTuple):
    """A demo database: where it is, how many records of each noun it holds, and somebody to look at."""

    path: str
    counts: dict[str, int]
    hero: str


class Demo:
    """Building demo databases. The same day gives the same database."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def build(self, path: str = "") -> Built:
        """Build the demo database, in place of an older one.

        Args:
            path: the file; `demo.db` in the cache folder when empty.

        Raises:
            UsageError: `path` is something else than a demo database; it stays as it is.
            DatabaseUnavailable: `path` is no database of ours, or cannot be written.
        """
        target = expanded(path).absolute() if path else paths.folder("cache", self.app.environ) / FILE
        _refuse_foreign(target)
        draft = Path(files.draft_beside(str(target)))
        try:
            built = self._build_beside(draft)
            _remove(target, BESIDE)
            os.replace(draft, target)
        except OSError as error:
            raise DatabaseUnavailable(f"cannot write {target}: {error.strerror}", ELSEWHERE) from error
        finally:
            _remove(draft, ("", *BESIDE))
        return built._replace(path=str(target))

    def _build_beside(self, draft: Path) -> Built:
        there = self.app_over(str(draft))
        try:
            return fill(there)
        finally:
            there.close()

    def app_over(self, place: str) -> "App":
        """An App of its own over `place`, at the first moment of today, so that a day makes one demo."""
        clock = self.app.clock
        morning = Clock(clock.midnight(clock.today()))
        environ = {**self.app.environ, "CRM_NOW": stamp(morning.now()), "CRM_TIMEZONE": clock.zone_name}
        streams = self.app.stdin, self.app.stdout, self.app.stderr
        random = Random(SEED)
        return type(self.app)(
            Settings(db=place), environ=environ, streams=streams, command="demo", randomness=random.randbytes
        )


def fill(app: "App") -> Built:
    """Write the demo into the empty database of `app`, as one operation."""
    with app.writing() as gate:
        Records(app, gate).write()
        app.cadences.set("6w", {"max": "10w"}, where="lifecycle_stage:customer")
        app.cadences.set("3w", {}, where="tag:vip")
    counts = {noun: int(app.store.value(f"SELECT count(*) AS n FROM {noun}")) for noun in COUNTED}
    return Built(app.place, counts, str(app.store.value("SELECT display_name FROM contact ORDER BY id LIMIT 1")))


def _refuse_foreign(target: Path) -> None:
    """Make sure that there is nothing at `target`, or a demo. It is not migrated: it may be somebody's real data."""
    if target.is_symlink() or target.is_dir():
        raise UsageError(f"{target} is not a plain file", ELSEWHERE)
    if not target.exists():
        return
    connection = sqlite.open_file(str(target))
    try:
        demo = connection.execute("SELECT value FROM meta WHERE key = 'demo'").fetchone()
    except DatabaseUnavailable:
        raise
    except CrmError:  # a schema without that table
        demo = None
    finally:
        connection.close()
    if demo is None:
        raise UsageError(f"{target} is a real database and not a demo; it was left as it is", ELSEWHERE)


def _remove(path: Path, endings: tuple[str, ...]) -> None:
    for ending in endings:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{path}{ending}")

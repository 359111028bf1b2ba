"""Bringing an older database to this program's schema.

Imported only when a database is behind, since Alembic costs as much as forty commands. Everything happens in one
transaction that others wait for: the version is looked at again inside, so that of many starters one migrates; rows
are counted before and after; whatever fails leaves the database as it was.
"""

import filecmp
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.files import sync_names
from crmcli.kernel.paths import expanded
from crmcli.kernel.place import URLS
from crmcli.store import copies, sqlite

try:
    from crmcli.store import postgresql
except ImportError:  # without the extra there is no PostgreSQL database to migrate
    postgresql = None  # type: ignore[assignment]

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "schema_version"
# How long a starter waits for another one that is migrating.
PATIENCE_SECONDS = 600
Keep = Callable[[str], str | None]


def upgrade(place: str, folder: Path = MIGRATIONS) -> str | None:
    """Bring the database at `place` to the newest schema; does nothing when another process was faster.

    Args:
        place: a path or a PostgreSQL URL.
        folder: where the migrations are.

    Returns:
        Where the copy is that was made of an SQLite file before, `FILE.before-VERSION`; None when there was nothing to
        do, and for PostgreSQL, whose copies are its administrator's.

    Raises:
        DatabaseUnavailable: it could not be done; the database is as it was, and the hint names the copy.
    """
    if place.startswith(URLS):
        return _run(_postgresql, place, folder, lambda version: None)
    path = str(expanded(place).absolute())
    sqlite.open_file(path).close()
    return _run(_sqlite, path, folder, lambda version: back_up(path, version))


def _run(opened: Callable[[str], Any], place: str, folder: Path, keep: Keep) -> str | None:
    scripts = _scripts(folder)
    copy = None
    try:
        with opened(place) as connection:
            version = _version(connection)
            if not is_older(scripts, version):
                return None
            copy = keep(version or "empty")
            before = _counts(connection)
            _apply(connection, scripts)
            _compare(before, _counts(connection), _meant_to_change(scripts, version))
            _check_references(connection)
    except CrmError:
        raise
    except Exception as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        message = f"the database could not be brought to schema {scripts.get_current_head()}: {reason}"
        kept = f"; a copy of it is in {copy}" if copy else ""
        raise DatabaseUnavailable(message, f"nothing was changed{kept}") from error
    return copy


def _scripts(folder: Path) -> ScriptDirectory:
    config = Config()
    # Alembic reads its options with % as an escape.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def is_older(scripts: ScriptDirectory, version: str | None) -> bool:
    """Whether a database of that version lacks a migration. Versions are numbers of four digits, so text compares."""
    return (version or "") < str(scripts.get_current_head())


@contextmanager
def _sqlite(path: str) -> Iterator[Connection]:
    engine = create_engine(
        "sqlite://",
        creator=lambda: _sqlite_driver(path),
        module=sqlite.DRIVER,
        poolclass=NullPool,
        hide_parameters=True,
    )
    # The lock is taken before anything is read, so that a second starter waits here.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        yield connection


def _sqlite_driver(path: str) -> Any:
    driver = sqlite.connect(path)
    driver.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
    # A table is changed by making it anew, and dropping the old one would take its child rows with it.
    driver.execute("PRAGMA foreign_keys=OFF")
    return driver


@contextmanager
def _postgresql(url: str) -> Iterator[Connection]:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: postgresql.connect(url), poolclass=NullPool, hide_parameters=True
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({postgresql.SCHEMA_LOCK})")
        yield connection


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _apply(connection: Connection, scripts: ScriptDirectory) -> None:
    def steps(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def _counts(connection: Connection) -> dict[str, int]:
    """The rows of every table of records; the index of the full text is not one."""
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
        for name in connection.dialect.get_table_names(connection)
        if name != VERSION_TABLE and "_fts" not in name
    }


def _meant_to_change(scripts: ScriptDirectory, version: str | None) -> set[str]:
    """The tables that the migrations after `version` name as `changes_rows`."""
    revisions = scripts.iterate_revisions("head", version or "base")
    return {name for revision in revisions for name in getattr(revision.module, "changes_rows", ())}


def _compare(before: dict[str, int], after: dict[str, int], meant: set[str]) -> None:
    for name, count in before.items():
        if name not in meant and after.get(name) != count:
            raise ValueError(f"{name} had {count:,} rows and would have {after.get(name, 0):,}")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise ValueError(f"{broken[0]} {broken[1]} would point to a {broken[2]} that does not exist")


# --- the copy of an SQLite file


def back_up(path: str, version: str) -> str:
    """Copy the database at `path` as it is now, for its owner alone, and check the copy; returns where it is.

    A copy that is there already is never overwritten; one that says the same is enough.

    Raises:
        DatabaseUnavailable: no good copy could be made.
    """
    target = f"{path}.before-{version}"
    try:
        with copies.draft(target) as draft:
            copies.copy(path, draft)
            return _keep(draft, target)
    except (OSError, ValueError, sqlite.DRIVER.Error) as error:
        message = f"no copy of the database could be made before changing it: {error}"
        raise DatabaseUnavailable(message, "nothing was changed") from error


def _keep(draft: str, target: str) -> str:
    number = 1
    while True:
        name = target if number == 1 else f"{target}.{number}"
        if not os.path.lexists(name):
            os.rename(draft, name)
            sync_names(name)
            return name
        if os.path.isfile(name) and filecmp.cmp(draft, name, shallow=False):
            return name
        number += 1

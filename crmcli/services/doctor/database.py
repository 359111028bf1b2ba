"""The database: whether it is there and ours, its engine, its schema. Looking makes and migrates nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmcli.kernel.errors import CrmError
from crmcli.kernel.place import file_of
from crmcli.services.doctor.files import megabytes
from crmcli.services.doctor.finding import OK, WARN, Finding, at_home
from crmcli.store import engine as engines
from crmcli.store.connection import Connection
from crmcli.store.schema import VERSION
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.app import App


@contextmanager
def peeking(app: "App") -> Iterator[Connection | None]:
    """The database as it is, for a block; None where it cannot be opened, which the check `database` tells."""
    try:
        connection = app.peek()
    except CrmError:
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()


def database(app: "App") -> Iterator[Finding]:
    """Where the database is, and whether it can be opened."""
    path = file_of(app.place)
    shown = f"SQLite, {at_home(str(path), app.environ)}" if path else "PostgreSQL"
    connection = app.peek()  # what is wrong with it is raised, and becomes the finding
    try:
        if connection.is_stand_in:
            yield Finding(WARN, f"{shown}: there is none yet", "the first change makes it; see: crm init")
        elif path:
            yield Finding(OK, f"{shown}, {megabytes(path.stat().st_size)}")
        else:
            yield Finding(OK, f"{shown} {engines.server_version(connection)}")
    finally:
        connection.close()


def engine(app: "App") -> Iterator[Finding]:
    """Which SQLite, and whether it is one that can damage a database; how changes are logged."""
    path = file_of(app.place)
    if path is None:
        return
    if engines.can_damage(engines.SQLITE_VERSION):
        text = f"SQLite {_version()} has a defect that can damage a database, though seldom"
        yield Finding(WARN, text, "pip install pysqlite3, or a Python with SQLite 3.51.3 or newer")
    else:
        yield Finding(OK, f"SQLite {_version()}")
    with peeking(app) as connection:
        mode = engines.journal_mode(connection) if connection else ""
    if mode not in ("wal", "memory", ""):
        text = f"its journal is {mode}: who reads waits for who writes"
        yield Finding(WARN, text, "the next change makes it wal, unless the file system cannot")


def _version() -> str:
    return ".".join(str(part) for part in engines.SQLITE_VERSION)


def schema(app: "App") -> Iterator[Finding]:
    """Whether the database has this program's schema."""
    with peeking(app) as connection:
        if connection is None or connection.is_stand_in:
            return
        if is_behind(connection):  # raises for a newer one
            found = engines.schema_version(connection)
            text = f"schema {found} is older than this program's, {VERSION}"
            keeps = "the next command changes it" + (
                ", and keeps a copy" if file_of(app.place) else "; make a backup first"
            )
            yield Finding(WARN, text, keeps)
        else:
            yield Finding(OK, f"schema {VERSION}")

"""The database: whether it is there and ours, its engine, its schema. Looking makes and migrates nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmcli.kernel import mounts
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


@contextmanager
def current(app: "App") -> Iterator[Connection | None]:
    """The same, and None also where there is no database yet, or one of another schema, which `schema` tells."""
    with peeking(app) as connection:
        try:
            usable = connection is not None and not connection.is_stand_in and not is_behind(connection)
        except CrmError:  # newer
            usable = False
        yield connection if usable else None


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
    version = ".".join(str(part) for part in engines.sqlite_version())
    if engines.can_damage():
        text = f"SQLite {version} has a defect that can damage a database with a write-ahead log, though seldom"
        yield Finding(WARN, text, "pip install pysqlite3, or a Python with SQLite 3.51.3 or newer")
    else:
        yield Finding(OK, f"SQLite {version}")
    with peeking(app) as connection:
        mode = engines.journal_mode(connection) if connection else ""
    unsafe = engines.can_damage() or bool(mounts.shared(str(path)))
    if mode == "wal" and unsafe:
        yield Finding(WARN, "it has a write-ahead log, which is not safe here", WITHOUT_LOG)
    elif mode == "wal":
        yield Finding(OK, "it has a write-ahead log: who reads waits for nobody")
    elif mode not in ("memory", "") and unsafe:
        yield Finding(OK, f"its journal is {mode}, as is safe here: who reads waits for who writes")
    elif mode not in ("memory", ""):
        text = f"its journal is {mode}: who reads waits for who writes"
        yield Finding(WARN, text, "the next change makes it wal, unless the file system cannot")


WITHOUT_LOG = "crm export all > all.jsonl, then crm --db NEW import all.jsonl: a new one is made without"


def network(app: "App") -> Iterator[Finding]:
    """Whether the database is on a file system that other machines, or another system, share."""
    path = file_of(app.place)
    if path is None:
        return
    kind = mounts.shared(str(path))
    if kind:
        text = f"the database is on a shared file system ({kind}), whose locks may not hold"
        yield Finding(WARN, text, "keep it on a disk of this machine; for a team use PostgreSQL")
    else:
        yield Finding(OK, "the database is on a disk of this machine")


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

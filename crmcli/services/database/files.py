"""Database files of ours: opened as they are, and made new from a backup or an archive."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crmcli.importers.source import Source
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.paths import expanded
from crmcli.kernel.settings import Settings
from crmcli.store import copies, sqlite
from crmcli.store.connection import Connection
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.app import App

NAMED = "name a backup, or an archive of crm export all"
ARCHIVE = b'{"schema":"crm.archive/'
_HEAD = 64


def refuse_none(connection: Connection, place: str) -> None:
    """Refuse the stand-in for a database that is not there. Raises DatabaseUnavailable."""
    if connection.is_stand_in:
        raise DatabaseUnavailable(f"there is no database at {place} yet", "see: crm init")


def is_archive(path: str) -> bool:
    """Whether a file is an archive of `crm export all`, as far as its beginning tells.

    Raises:
        CrmError: it cannot be read.
    """
    with Source(path, Path(path)).open() as file:
        return file.read(_HEAD).replace(b" ", b"").startswith(ARCHIVE)


def plain_file(name: str) -> str:
    """The whole path of a file that is there. Raises UsageError for anything else, CrmError for none."""
    path = expanded(name).absolute()
    if path.is_dir():
        raise UsageError(f"'{name}' is a folder", "name a file in it")
    if not path.exists():
        raise CrmError(f"there is no file {name}", NAMED)
    if not path.is_file():  # whoever opens a pipe waits for another one to do so
        raise UsageError(f"'{name}' is no ordinary file", NAMED)
    return str(path)


@contextmanager
def naming_the_file() -> Iterator[None]:
    """A block that opens a backup: what is no database is told with what a backup is, not as if it were the database.

    Raises:
        DatabaseUnavailable: as the block does.
    """
    try:
        yield
    except DatabaseUnavailable as error:
        if error.hint in (sqlite.OTHER, sqlite.RESTORE):
            raise DatabaseUnavailable(error.message, NAMED, error.details) from error
        raise


def over(app: "App", place: str) -> "App":
    """An App like this one over the database at `place`; it runs no hooks, for nobody works there yet."""
    settings = Settings(db=place, hooks=False)
    streams = app.stdin, app.stdout, app.stderr
    return type(app)(settings, environ=app.environ, streams=streams, command=app.command, randomness=app.randomness)


@contextmanager
def opened(path: str) -> Iterator[Connection]:
    """A database file of ours as it is, with a reading transaction open.

    Raises:
        DatabaseUnavailable: it is none, damaged, or of a newer program.
    """
    connection = sqlite.open_file(path)
    try:
        is_behind(connection)  # refuses what has no schema, or a newer one
        connection.begin(writing=False)
        yield connection
    finally:
        connection.close()


def older(path: str) -> bool:
    """Whether a database file of ours has an older schema than this program. Raises as `opened` does."""
    connection = sqlite.open_file(path)
    try:
        return is_behind(connection)
    finally:
        connection.close()


@contextmanager
def current(app: "App", path: str) -> Iterator[str]:
    """The database of a backup or an archive with this program's schema, for a block: itself, or one made of it."""
    with naming_the_file():
        as_it_is = not is_archive(path) and not older(path)
    if as_it_is:
        yield path
        return
    with TemporaryDirectory(prefix="crm-") as folder:
        made = os.path.join(folder, "crm.db")
        os.close(os.open(made, copies.NEW, 0o600))
        become(app, path, made)
        yield made


def become(app: "App", path: str, draft: str) -> None:
    """Make the empty file `draft` the database that a backup or an archive holds, with this program's schema.

    Raises:
        DatabaseUnavailable: the backup or archive is damaged or newer, or there is no room.
    """
    if is_archive(path):
        os.unlink(draft)
        there = over(app, draft)
        try:
            there.archives.bring_back(Source(path, Path(path)))
        finally:
            there.close()
        return
    older(path)  # refuses what is not ours before it is copied
    try:
        copies.copy(path, draft)
    except ValueError as error:
        raise DatabaseUnavailable(f"{path} is damaged: {error}", "use another backup") from error
    except OSError as error:
        raise DatabaseUnavailable(f"cannot write {draft}: {error.strerror}", "nothing was changed") from error
    except sqlite.DRIVER.Error as error:
        raise sqlite.explain(error, path) from error
    if older(draft):
        there = over(app, draft)
        try:
            there.store.reading()  # opening it brings it to this schema
        finally:
            there.close()
        for kept in Path(draft).parent.glob(f"{Path(draft).name}.before-*"):  # the backup itself is the copy
            kept.unlink()

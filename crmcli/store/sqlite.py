"""One SQLite database: opening it safely, and saying in plain words why it cannot be opened.

Settings follow measurements (docs/trust.md): synchronous=EXTRA lost no acknowledged commit, where FULL without a
write-ahead log did, since it leaves the removal of the journal unsynced. `BEGIN IMMEDIATE` with a timeout
lost no concurrent write. The newer SQLite of `pysqlite3` is used where a wheel of it exists, since SQLite before 3.51.3
can corrupt a WAL database; where the log is not safe, a new database does without
(docs/decisions/0032-journal-mode.md).
"""

import os
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from crmcli.kernel import mounts
from crmcli.kernel.errors import CrmError, DatabaseBusy, DatabaseUnavailable, UsageError
from crmcli.kernel.files import draft_beside, sweep, sync_names
from crmcli.kernel.paths import expanded
from crmcli.kernel.text import fold
from crmcli.store.connection import PORTION, Row
from crmcli.store.ddl import statements

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:  # no wheel for this platform
    import sqlite3

DRIVER = sqlite3
"""The module that was chosen."""

ENGINE_VERSION: tuple[int, ...] = tuple(sqlite3.sqlite_version_info)
"""The SQLite in it."""

APPLICATION_ID = 0x63726D31  # "crm1"
BUSY_SECONDS = 5.0
# Who waits to write looks again so often; SQLite's own wait sleeps ever longer, and then others are always faster.
LOOK_AGAIN_SECONDS = 0.003
# A cache of 16 MB holds what a page of a list touches in a database of millions; the usual 2 MB do not.
PRAGMAS = ("foreign_keys=ON", "synchronous=EXTRA", "trusted_schema=OFF", "cache_size=-16000")
MEMORY = ":memory:"


class SqliteConnection:
    """A DB-API connection with the few things that differ between databases."""

    dialect = "sqlite"
    notes: Sequence[str] = ()

    def __init__(self, path: str, known_as: str = "") -> None:
        self.path = known_as or path
        self.name = self.path
        self.is_stand_in = path == MEMORY
        self._db = connect(path)
        self._db.row_factory = _as_dict
        self._uses_log: bool | None = None
        self._does_without = False

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run one statement; returns a cursor over rows as dicts.

        Raises:
            DatabaseUnavailable: locked, full, read-only or corrupt.
        """
        try:
            return self._db.execute(sql, parameters)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise explain(error, self.path) from error

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query; the names of its columns are looked up once, which halves the time of a list."""
        try:
            cursor = self._db.cursor()
            cursor.row_factory = None
            cursor.execute(sql, parameters)
            names = [entry[0] for entry in cursor.description or ()]
            return [dict(zip(names, row)) for row in cursor]  # noqa: B905 - a row has as many values as the query columns
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise explain(error, self.path) from error

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[list[Row]]:
        """The rows of a query in portions, however many there are."""
        try:
            cursor = self._db.execute(sql, parameters)
            while portion := cursor.fetchmany(PORTION):
                yield portion
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise explain(error, self.path) from error

    def insert(self, sql: str, parameters: Sequence[object]) -> int:
        """Run an INSERT; returns the key of the new row."""
        return int(self.execute(sql, parameters).lastrowid)

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, ignore: bool = False
    ) -> None:
        """Write many rows; with `ignore` those that are there already are left out."""
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        sql += " ON CONFLICT DO NOTHING" if ignore else ""
        try:
            self._db.executemany(sql, rows)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise explain(error, self.path) from error

    def begin(self, *, writing: bool, load: bool = False) -> None:
        """Start a transaction; one that will write takes the write lock now, so that it cannot fail half-way.

        A large load into a database in which nothing was ever written bypasses the write-ahead log, where each page
        would be written twice. Until it ends nobody else can read the database.
        """
        if not writing:
            self.execute("BEGIN")
            return
        bypasses = load and self._is_unused()
        self._use_log(not bypasses)
        # Without the log a reader would keep the load waiting at every step: it is kept out from the beginning.
        self._take_turn("BEGIN EXCLUSIVE" if bypasses and self._uses_log is False else "BEGIN IMMEDIATE")

    def _take_turn(self, begin: str) -> None:
        """Begin to write as soon as nobody else does; raises DatabaseBusy when that takes longer than BUSY_SECONDS."""
        end = time.monotonic() + BUSY_SECONDS
        self.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    self.execute(begin)
                    return
                except DatabaseBusy:
                    if time.monotonic() >= end:
                        raise
                time.sleep(LOOK_AGAIN_SECONDS)
        finally:
            self.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")

    def commit(self) -> None:
        """Make everything since `begin` durable."""
        self.execute("COMMIT")
        self._use_log(True)

    def rollback(self) -> None:
        """Forget everything since `begin`."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
            self._use_log(True)

    def _is_unused(self) -> bool:
        return self.execute("SELECT 1 AS used FROM operation LIMIT 1").fetchone() is None

    def _use_log(self, wanted: bool) -> None:
        """Go over to the write-ahead log, or away from it; while another process is in the database all stays as it is.

        A process that died during a large load has left it without the log, so every writing transaction asks for it;
        only then does it matter whether the log is safe at this place.
        """
        if self._uses_log is wanted or (wanted and self._does_without):
            return
        try:
            self._uses_log = self._db.execute("PRAGMA journal_mode").fetchone()["journal_mode"] == "wal"
            self._does_without = wanted and not self._uses_log and bool(why_without_log(self.path))
            if self._uses_log is not wanted and not self._does_without:
                row = self._db.execute(f"PRAGMA journal_mode={'WAL' if wanted else 'DELETE'}").fetchone()
                self._uses_log = row["journal_mode"] == "wal"
        except sqlite3.OperationalError:
            return

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._db.in_transaction)

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self._db.close()


def explain(error: Exception, path: str) -> CrmError:
    """What an error of the driver means for a person: what was wrong, and what to do."""
    where = "the database" if path == MEMORY else f"the database {path}"
    text = str(error).lower()
    if isinstance(error, UnicodeEncodeError):
        return UsageError("a value holds bytes that are not UTF-8 text", "convert it to UTF-8")
    if isinstance(error, OverflowError):
        return UsageError("a number is too large", "at most 9,223,372,036,854,775,807 fits")
    for words, message, hint in _EXPLANATIONS:
        if any(word in text for word in words):
            kind = DatabaseBusy if "busy" in words else DatabaseUnavailable
            return kind(f"{where} {message}", hint)
    return CrmError(f"the database refused the change: {error}")


def is_damage(error: CrmError) -> bool:
    """Whether an error that `explain` made tells of a damaged file."""
    return any(word in str(error.__cause__).lower() for word in _DAMAGED)


OTHER = "name another file with --db or CRM_DB"
RESTORE = "restore it from a backup: crm db restore FILE"
# Text that is none any more is met in rows, in names of columns and in the words of an error.
_DAMAGED = ("malformed", "not a database", "could not decode", "codec can't decode")
_EXPLANATIONS = (
    (("locked", "busy"), "is busy with another program's change", "try again in a moment"),
    (("disk is full",), "cannot grow: the disk is full", "free some space; nothing was changed"),
    (("readonly", "read-only"), "or its folder is read-only", "check the permissions of the file and its folder"),
    (("unable to open",), "cannot be opened", "check that the folder exists and is yours"),
    (("i/o error",), "cannot be read or written", "is the disk full, or a limit reached? nothing was changed"),
    (_DAMAGED, "is damaged or not a database", RESTORE),
)


def _as_dict(cursor: Any, values: tuple[Any, ...]) -> Row:
    return {entry[0]: value for entry, value in zip(cursor.description, values, strict=True)}


SHORT = 60
"""Texts of at most so many characters are folded once."""


def _fold(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return _fold_short(text) if len(text) <= SHORT else fold(text)


# Job titles, cities, sources: a list has few of them, and each many times.
_fold_short = lru_cache(10_000)(fold)


def connect(path: str) -> Any:
    """A connection of the driver, with our settings and functions; transactions are begun by hand.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256)
    add_functions(db)
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    return db


def add_functions(db: Any) -> None:
    """Give a connection of the driver the functions that our statements use."""
    db.create_function("crm_fold", 1, _fold, deterministic=True)


def open_file(path: str) -> SqliteConnection:
    """Open an existing database file after making sure that it is one of ours.

    Raises:
        DatabaseUnavailable: it is empty, foreign, damaged or unreadable; the file stays as it was.
    """
    refuse_foreign(path)
    try:
        connection = SqliteConnection(path)
    except (sqlite3.Error, UnicodeError) as error:
        raise explain(error, path) from error
    if connection.execute("PRAGMA application_id").fetchone()["application_id"] != APPLICATION_ID:
        connection.close()
        raise DatabaseUnavailable(f"{path} is not a crm database", OTHER)
    return connection


# SQLite 3.7.0 to 3.51.2 can damage a WAL database; 3.51.3, and these releases of older lines, are mended.
_FIRST_WITH_LOG, _MENDED = (3, 7, 0), ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def can_damage(version: tuple[int, ...]) -> bool:
    """Whether an SQLite has the defect of the write-ahead log that can damage a database."""
    if version < _FIRST_WITH_LOG or version >= _MENDED[-1]:
        return False
    return not any(version[:2] == mended[:2] and version >= mended for mended in _MENDED)


def why_without_log(path: str) -> str:
    """Why a database at `path` had better do without the write-ahead log, for a person; "" where the log is safe."""
    if path == MEMORY:
        return ""
    if kind := mounts.shared(path):
        better = "better is a disk of this machine, or PostgreSQL for a team"
        return f"the database is on a shared file system ({kind}), so it is kept without a write-ahead log; {better}"
    if can_damage(ENGINE_VERSION):
        version = ".".join(str(part) for part in ENGINE_VERSION)
        defect = f"SQLite {version} has a defect in its write-ahead log"
        return f"{defect}, so the database is kept without one; crm doctor says what mends it"
    return ""


def refuse_foreign(path: str) -> None:
    """Look at the first bytes, so that no foreign file is ever opened for writing."""
    try:
        # Whoever opens a pipe waits for another one to do so, and a device may do anything.
        mode = os.stat(path).st_mode
        if not S_ISREG(mode):
            raise DatabaseUnavailable(f"{path} is {'a folder' if S_ISDIR(mode) else 'no file'}, no database", OTHER)
        with open(path, "rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
            if os.fstat(file.fileno()).st_nlink > 1:  # who made it was killed before its draft was gone
                sweep(path)
    except OSError as error:
        raise DatabaseUnavailable(
            f"cannot open the database {path}: {error.strerror}", "check its permissions"
        ) from error
    if not head:
        raise DatabaseUnavailable(f"{path} is empty and not a database", f"{RESTORE}; or remove it")
    if not head.startswith(b"SQLite format 3\x00"):
        raise DatabaseUnavailable(f"{path} is not a crm database", OTHER)
    _refuse_cut_off(path, head, size)


def _refuse_cut_off(path: str, head: bytes, size: int) -> None:
    """Refuse a file that is shorter than its header says: SQLite would read what is missing of a page as zeros.

    While another process changes it, or when one died then, what is missing stands in a file beside it.
    """
    page, changes, pages, valid_for = (int.from_bytes(head[a:b]) for a, b in ((16, 18), (24, 28), (28, 32), (92, 96)))
    meant = pages * (65536 if page == 1 else page)
    if size >= meant or changes != valid_for or any(os.path.exists(path + suffix) for suffix in ("-wal", "-journal")):
        return
    size = os.path.getsize(path)  # whoever changed it may have finished since
    if size < meant:
        raise DatabaseUnavailable(f"{path} is damaged: it has {size:,} of {meant:,} bytes", RESTORE)


def is_foreign(path: str) -> bool:
    """Whether a file is an SQLite database of another program, and in order as far as it can be read."""
    try:
        refuse_foreign(path)
        connection = SqliteConnection(path)
    except (CrmError, sqlite3.Error, UnicodeError):
        return False
    try:
        ours = connection.rows("PRAGMA application_id")[0]["application_id"] == APPLICATION_ID
        return not ours and not connection.rows("SELECT 1 AS found FROM sqlite_master WHERE name = 'schema_version'")
    except CrmError:
        return False
    finally:
        connection.close()


def create_file(path: str) -> None:
    """Make a fresh database at `path`, readable by its owner alone; harmless when another process was faster.

    It is built under another name and linked into place, so that nobody ever sees half a database.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(draft_beside(path))
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600))
        try:
            connection = SqliteConnection(str(draft), path)
            # Only a database that is whole becomes a WAL one: a full disk is then noticed before it has a name.
            fill(connection)
            if not why_without_log(path):
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            _publish(draft, target)
            sync_names(path)
        except sqlite3.Error as error:
            raise explain(error, path) from error
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        reason = f"{target.parent} is no folder" if isinstance(error, FileExistsError) else error.strerror
        message = f"cannot create the database {path}: {reason}"
        raise DatabaseUnavailable(message, "choose another place with --db or CRM_DB") from error


def _publish(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not target.exists():
            draft.rename(target)


def fill(connection: SqliteConnection) -> None:
    """Give an empty database its schema."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute("BEGIN IMMEDIATE")
    for statement in statements(connection.dialect):
        connection.execute(statement)
    connection.execute("COMMIT")


def open_place(place: str, *, writing: bool) -> SqliteConnection:
    """Open the database file at `place`.

    One that is not there yet is made when it will be written to; for reading, an empty one in memory stands in for it.

    Raises:
        DatabaseUnavailable: see `open_file` and `create_file`.
    """
    path = _path(place)
    if os.path.lexists(path):
        return open_file(str(path))
    if writing:
        create_file(str(path))
        connection = open_file(str(path))
        connection.notes = [why] if (why := why_without_log(str(path))) else []
        return connection
    return stand_in()


def stand_in() -> SqliteConnection:
    """An empty database in memory, for reading where there is none yet."""
    connection = SqliteConnection(MEMORY)
    fill(connection)
    return connection


def _path(place: str) -> Path:
    try:
        return expanded(place).absolute()
    except UsageError as error:
        raise DatabaseUnavailable(error.message, error.hint) from error

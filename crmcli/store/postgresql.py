"""One PostgreSQL database through psycopg 3 (the extra `crmcli[postgres]`)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.rows import dict_row

from crmcli.kernel.errors import CrmError, DatabaseBusy, DatabaseUnavailable, NotPermitted, UsageError
from crmcli.store import sqlite
from crmcli.store.connection import PORTION, Row
from crmcli.store.ddl import statements

# Whoever holds this advisory lock is creating or migrating the schema.
SCHEMA_LOCK = 0x63726D31
# Whoever holds this one is writing.
WRITER_LOCK = 0x63726D32
BUSY_SECONDS = 5


class PostgresqlConnection:
    """A DB-API connection with the few things that differ between databases."""

    dialect = "postgresql"
    is_stand_in = False
    notes: Sequence[str] = ()

    def __init__(self, url: str) -> None:
        self._db = connect(url, autocommit=True, row_factory=dict_row)
        info = self._db.info
        self.name = f"postgresql://{info.host}:{info.port}/{info.dbname}"
        self._open = False

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run one statement; returns a cursor over rows as dicts.

        Raises:
            DatabaseUnavailable: the server is gone, full or read-only.
            NotPermitted: this login may not do it.
        """
        with self._explained():
            if not parameters:  # psycopg then takes the text as it is
                return self._db.execute(sql)
            return self._db.execute(_translated(sql), parameters)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """A block in which errors of the driver become ours."""
        try:
            yield
        except UnicodeEncodeError as error:
            raise UsageError("a value holds bytes that are not UTF-8 text", "convert it to UTF-8") from error
        except psycopg.errors.NumericValueOutOfRange as error:
            raise UsageError("a number is too large", "at most 9,223,372,036,854,775,807 fits") from error
        except psycopg.errors.LockNotAvailable as error:
            message = "the database is busy with another program's change"
            raise DatabaseBusy(message, "try again in a moment") from error
        except psycopg.Error as error:
            raise self._explain(error) from error

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        found: list[Row] = self.execute(sql, parameters).fetchall()
        return found

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[list[Row]]:
        """The rows of a query in portions, however many there are; a transaction has to be open."""
        with self._explained(), self._db.cursor(name="crm_stream") as cursor:
            cursor.execute(_translated(sql), parameters)
            while portion := cursor.fetchmany(PORTION):
                yield portion

    def insert(self, sql: str, parameters: Sequence[object]) -> int:
        """Run an INSERT; returns the key of the new row."""
        return int(self.execute(f"{sql} RETURNING id", parameters).fetchone()["id"])

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, ignore: bool = False
    ) -> None:
        """Write many rows; with `ignore` those that are there already are left out."""
        names = ", ".join(columns)
        with self._explained(), self._db.cursor() as cursor:
            if ignore:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows)
                return
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def begin(self, *, writing: bool, load: bool = False) -> None:
        """Start a transaction; a reading one sees one moment throughout."""
        self.execute("BEGIN" if writing else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._open = True
        if writing:
            # One writer at a time, as on SQLite: what a command read stays true until it has written.
            self.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
            self.execute("SELECT pg_advisory_xact_lock(?)", [WRITER_LOCK])

    def commit(self) -> None:
        """Make everything since `begin` durable."""
        self.execute("COMMIT")
        self._open = False

    def rollback(self) -> None:
        """Forget everything since `begin`."""
        if self._open and not self._db.closed:
            self._db.execute("ROLLBACK")
        self._open = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._open

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self._db.close()

    def _explain(self, error: psycopg.Error) -> CrmError:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if isinstance(error, psycopg.errors.InsufficientPrivilege):
            return NotPermitted(f"the database login may not do this: {reason}")
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction | psycopg.errors.InsufficientResources):
            return DatabaseUnavailable(f"the database cannot take changes: {reason}")
        if isinstance(error, psycopg.errors.OperationalError):
            return DatabaseUnavailable(f"the database is unavailable: {reason}", "try again in a moment")
        return CrmError(f"the database refused the change: {reason}")


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """A connection of the driver.

    Raises:
        DatabaseUnavailable: the server or the database cannot be reached.
    """
    try:
        return psycopg.connect(url, application_name="crm", **options)
    except (psycopg.Error, UnicodeError) as error:  # a host that is no name fails where it is written for the network
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = lines[0] if lines else type(error).__name__
        message = f"cannot reach the PostgreSQL database: {reason}"
        raise DatabaseUnavailable(message, "check CRM_DB, for example postgresql://user@host/name") from error


@lru_cache(maxsize=512)
def _translated(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def open_place(place: str, *, writing: bool) -> PostgresqlConnection | sqlite.SqliteConnection:
    """Open the database at a URL.

    An empty one gets its schema when it will be written to, once: racing starters wait for the first. For reading, an
    empty database in memory stands in for it.

    Raises:
        DatabaseUnavailable: the server or the database cannot be reached.
    """
    connection = PostgresqlConnection(place)
    _refuse_foreign(connection)
    if not has_schema(connection):
        if not writing:
            connection.close()
            return sqlite.stand_in()
        connection.begin(writing=True)
        connection.execute("SELECT pg_advisory_xact_lock(?)", [SCHEMA_LOCK])
        if not has_schema(connection):
            for statement in statements(connection.dialect):
                connection.execute(statement)
        connection.commit()
    return connection


def _refuse_foreign(connection: PostgresqlConnection) -> None:
    """Refuse a database that cannot hold every script, or that holds the tables of another program."""
    row = connection.execute(
        "SELECT current_setting('server_encoding') AS encoding, to_regclass('contact') AS contact,"
        " to_regclass('schema_version') AS version"
    ).fetchone()
    if row["encoding"] != "UTF8":
        connection.close()
        message = f"{connection.name} is encoded in {row['encoding']}, which cannot hold every name"
        raise DatabaseUnavailable(message, "make a database with ENCODING 'UTF8'")
    if row["contact"] is not None and row["version"] is None:
        connection.close()
        message = f"{connection.name} holds another program's tables"
        raise DatabaseUnavailable(message, "name an empty database, or a schema: ?options=-csearch_path%3Dcrm")


def has_schema(connection: PostgresqlConnection) -> bool:
    """Whether the current schema of the database holds our tables."""
    found = connection.execute("SELECT to_regclass('schema_version') AS name").fetchone()
    return found["name"] is not None

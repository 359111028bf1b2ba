"""One PostgreSQL database through psycopg 3 (the extra `crmcli[postgres]`)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg.rows import dict_row

from crmcli.kernel.errors import CrmError, DatabaseUnavailable, NotPermitted
from crmcli.store.connection import Row
from crmcli.store.ddl import statements

# Whoever holds this advisory lock is creating or migrating the schema.
SCHEMA_LOCK = 0x63726D31


class PostgresqlConnection:
    """A DB-API connection with the few things that differ between databases."""

    dialect = "postgresql"

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
        try:
            if not parameters:  # psycopg then takes the text as it is
                return self._db.execute(sql)
            return self._db.execute(_translated(sql), parameters)
        except psycopg.Error as error:
            raise self._explain(error) from error

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        found: list[Row] = self.execute(sql, parameters).fetchall()
        return found

    def insert(self, sql: str, parameters: Sequence[object]) -> int:
        """Run an INSERT; returns the key of the new row."""
        return int(self.execute(f"{sql} RETURNING id", parameters).fetchone()["id"])

    def begin(self, *, writing: bool) -> None:
        """Start a transaction; a reading one sees one moment throughout."""
        self.execute("BEGIN" if writing else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._open = True

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
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        message = f"cannot reach the PostgreSQL database: {reason}"
        raise DatabaseUnavailable(message, "check CRM_DB, for example postgresql://user@host/name") from error


@cache
def _translated(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def open_place(place: str, *, writing: bool) -> PostgresqlConnection:
    """Open the database at a URL; an empty one gets its schema, once: racing starters wait for the first.

    Raises:
        DatabaseUnavailable: the server or the database cannot be reached.
    """
    connection = PostgresqlConnection(place)
    if not has_schema(connection):
        connection.begin(writing=True)
        connection.execute("SELECT pg_advisory_xact_lock(?)", [SCHEMA_LOCK])
        if not has_schema(connection):
            for statement in statements(connection.dialect):
                connection.execute(statement)
        connection.commit()
    return connection


def has_schema(connection: PostgresqlConnection) -> bool:
    """Whether the current schema of the database holds our tables."""
    found = connection.execute("SELECT to_regclass('schema_version') AS name").fetchone()
    return found["name"] is not None

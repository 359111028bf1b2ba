"""Databases that are copied for each try, and ones with the schema of an earlier version."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import servers
from tests.store import old as databases
from tests.trust import laws


@contextmanager
def copied(template: str, folder: Path) -> Iterator[str]:
    """A copy of a database, gone at the end: of a file, with what stands beside it, as `crm.db` in `folder`."""
    if "://" not in template:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if template:
            for path in Path(template).parent.glob(f"{Path(template).name}*"):
                shutil.copy(path, folder / path.name.replace(Path(template).name, "crm.db", 1))
        yield str(folder / "crm.db")
        return
    name = f"crm_copy_{uuid.uuid4().hex}"
    with psycopg.connect(_named(template, "postgres"), autocommit=True) as admin:
        source = urlsplit(template).path[1:]
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        try:
            yield _named(template, name)
        finally:
            servers.drop(admin, name)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def old(place: str, version: str) -> str:
    """Make the empty database at `place` one of an earlier version with rows in it; returns `place`."""
    if "://" in place:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    else:
        Path(place).unlink()
    databases.fill(place, version)
    if "://" not in place:
        Path(place).chmod(0o600)
    return place


def use_log(place: str, *, wanted: bool) -> None:
    """Give a file that nobody has open a write-ahead log, or none."""
    connection = sqlite3.connect(place)
    connection.execute(f"PRAGMA journal_mode={'WAL' if wanted else 'DELETE'}")
    connection.close()


def settle(place: str) -> None:
    """Wait until a PostgreSQL server has noticed that who wrote is dead."""
    if "://" in place:
        app = laws.over(place)
        try:
            app.store.connection.begin(writing=True)
            app.store.connection.rollback()
        finally:
            app.close()


def rows(place: str, sql: str) -> list[dict[str, Any]]:
    """The rows of a query over a database of this program's version."""
    app = laws.over(place)
    try:
        return app.store.rows(sql)
    finally:
        app.close()

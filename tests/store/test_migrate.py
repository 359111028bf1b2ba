"""Migrating: what it makes, what it keeps, and that whatever goes wrong changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crmcli.kernel.errors import DatabaseUnavailable
from crmcli.model import compile as compiler
from crmcli.model.tables import metadata
from crmcli.store import copies, migrate, sqlite
from tests import servers
from tests.conftest import Crm

ADD_COLUMN = 'op.add_column("contact", sa.Column("shoe_size", sa.Integer()))'
REBUILD = """
    with op.batch_alter_table("contact", recreate="always") as batch:
        batch.add_column(sa.Column("shoe_size", sa.Integer()))"""
LOSE_ROWS = 'op.execute("DELETE FROM email")'
FAIL = ADD_COLUMN + '\n    op.execute("SELECT no_such_column FROM contact")'
NEXT = f"{int(compiler.VERSION) + 1:04}"
FIRST = "0001"
# What a migration gives to every journal.
SEALS = ("seal", "digest", "salt")
AT = "2026-01-05T09:00:00Z"
# A row in every table that a database of the first version can hold rows in.
OLD_ROWS = {
    "meta": {"key": "uid", "value": "x"},
    "user_account": {"uid": "u1", "name": "ada", "name_key": "ada", "created_at": AT, "updated_at": AT},
    "company": {
        "uid": "k1", "name": "Engines", "owner_id": 1, "created_at": AT, "updated_at": AT, "name_key": "engines",
        "sort_key": "engines", "last_inbound_at": AT,
    },
    "contact": {
        "uid": "p1", "display_name": "Grace Hopper", "notes": "Likes\nships; and more", "owner_id": 1, "created_at": AT,
        "updated_at": AT, "name_key": "grace hopper", "sort_key": "hopper grace", "last_inbound_at": AT,
    },
    "interaction": {
        "uid": "i1", "direction": "inbound", "channel": "call", "occurred_at": AT, "body": "Asked", "user_id": 1,
        "created_at": AT, "updated_at": AT,
    },
    "participant": {
        "interaction_id": 1, "contact_id": 1, "company_id": 1, "occurred_at": AT, "direction": "inbound",
    },
    "followup": {
        "uid": "f1", "contact_id": 1, "subject": "Call", "due_at": AT, "first_due_at": AT, "interaction_id": 1,
        "owner_id": 1, "created_at": AT, "updated_at": AT,
    },
    "email": {
        "contact_id": 1, "value": "Grace@navy.example", "value_key": "grace@navy.example", "domain": "navy.example",
        "is_primary": 1,
    },
    "phone": {"contact_id": 1, "raw": "+44 20 7946 0958", "e164": "+442079460958", "digits": "442079460958"},
    "address": {"company_id": 1, "locality": "London"},
    "url": {"company_id": 1, "value": "https://engines.example"},
    "consent": {"contact_id": 1, "purpose": "marketing", "state": "granted", "at": AT},
    "company_domain": {"company_id": 1, "domain": "engines.example"},
    "employment": {"contact_id": 1, "company_id": 1, "role": "Admiral", "is_primary": 1},
    "tag": {"name": "VIP", "name_key": "vip"},
    "tagging": {"tag_id": 1, "contact_id": 1},
    "custom_field": {"name": "ship"},
    "custom_value": {"field_id": 1, "contact_id": 1, "value": "12", "number": 12.0},
    "preference": {"contact_id": 1, "key": "coffee", "value": "black"},
    "external_id": {"source": "hubspot", "key": "1", "contact_id": 1},
    "operation": {"uid": "o1", "at": AT, "user_id": 1, "actor": "ada", "command": "contact add"},
    "change": {"operation_id": 1, "table_name": "contact", "row_id": 1, "after": "{}"},
    "search_name": {"noun": "contact", "record_id": 1, "text": "grace hopper"},
    "search_text": {"noun": "contact", "record_id": 1, "text": "ships"},
    "search_word": {"key": "ship", "word": "ships"},
}  # fmt: skip


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        path = tmp_path / "empty.db"
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        connection.close()
        yield str(path)
        return
    server = request.getfixturevalue("postgresql_server")
    if isinstance(server, str):
        servers.give_up(server)
    with server.database("template0") as place:
        yield place


def later(tmp_path: Path, body: str, extra: str = "") -> Path:
    """A folder with today's migrations and one more, NEXT."""
    folder = tmp_path / f"migrations{abs(hash(body))}"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_test.py").write_text(
        f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{NEXT}"\n'
        f'down_revision = "{compiler.VERSION}"\n{extra}\n\ndef upgrade():\n    {body}\n'
    )
    return folder


def fill(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--tag", "vip")
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")


def fill_first(place: str) -> None:
    """Make the schema of the first version, word for word, with a row in each table."""
    dialect = "postgresql" if place.startswith("postgresql") else "sqlite"
    text = (migrate.MIGRATIONS / "versions" / f"{FIRST}_{dialect}.sql").read_text("utf-8")
    made = [statement for statement in text.split(";\n") if statement]
    made += compiler.VERSION_TABLE[:1] + [f"INSERT INTO schema_version (version_num) VALUES ('{FIRST}')"]
    connection: Any = psycopg.connect(place) if dialect == "postgresql" else sqlite3.connect(place)
    for statement in made:
        connection.execute(statement)
    for table, row in OLD_ROWS.items():
        marks = ", ".join(["%s" if dialect == "postgresql" else "?"] * len(row))
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    connection.commit()
    connection.close()


def rows(place: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of the tables that the first version had, without their empty columns."""
    with migrate._postgresql(place) if place.startswith("postgresql") else migrate._sqlite(place) as connection:
        return {
            table: [
                {name: value for name, value in row._mapping.items() if value is not None and name not in SEALS}
                for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")
            ]
            for table in OLD_ROWS
        }


def schema(place: str) -> Any:
    """Everything that a database says of its tables, comparable."""
    if place.startswith("postgresql"):
        return _postgresql_schema(place)
    with sqlite3.connect(place) as connection:
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        return sorted((*row[:3], "".join((row[3] or "").split())) for row in rows)


def _postgresql_schema(place: str) -> list[Any]:
    queries = (
        "SELECT table_name, column_name, ordinal_position, data_type, collation_name, is_nullable, column_default,"
        " is_identity FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    )
    with psycopg.connect(place) as connection:
        return [sorted(connection.execute(query).fetchall(), key=str) for query in queries]


def version(place: str) -> str:
    return str(query(place, "SELECT version_num FROM schema_version"))


def query(place: str, sql: str) -> Any:
    connection: Any = psycopg.connect(place) if place.startswith("postgresql") else sqlite3.connect(place)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


both_empty = pytest.mark.parametrize(
    "empty", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@both_empty
def test_a_database_migrated_from_nothing_equals_a_fresh_one(empty: str, request: pytest.FixtureRequest) -> None:
    migrate.upgrade(empty)
    fresh = request.getfixturevalue("postgresql_place" if empty.startswith("postgresql") else "sqlite_place")
    assert schema(empty) == schema(fresh)
    assert version(empty) == version(fresh) == compiler.VERSION


@both_empty
def test_a_database_of_the_first_version_keeps_every_row(
    empty: str, home: Path, request: pytest.FixtureRequest
) -> None:
    fill_first(empty)
    before = rows(empty)
    migrate.upgrade(empty)
    assert version(empty) == compiler.VERSION
    assert rows(empty) == before
    fresh = request.getfixturevalue("postgresql_place" if empty.startswith("postgresql") else "sqlite_place")
    assert schema(empty) == schema(fresh)
    assert len(query(empty, "SELECT seal FROM operation")) == 64
    assert len(query(empty, "SELECT salt FROM change")) == 16
    crm = Crm("postgresql" if empty.startswith("postgresql") else "sqlite", empty, home)
    assert crm.json("contact", "show", "grace@navy.example")["item"]["display_name"] == "Grace Hopper"
    assert [hit["id"] for hit in crm.json("find", "ships")["items"]] == ["c1"]
    assert "Changed" in crm.ok("contact", "edit", "c1", "--job-title", "Admiral", tty=True)
    assert crm.ok("db", "verify", "--quick", "-q") == ""


def test_a_row_of_every_old_table_is_tried() -> None:
    text = (migrate.MIGRATIONS / "versions" / f"{FIRST}_sqlite.sql").read_text("utf-8")
    made = {line.split()[2] for line in text.splitlines() if line.startswith("CREATE TABLE")}
    assert made == set(OLD_ROWS)


def test_the_newest_migration_is_the_version_of_a_fresh_database() -> None:
    assert migrate._scripts(migrate.MIGRATIONS).get_current_head() == compiler.VERSION


def test_the_model_says_what_the_database_has(place: str) -> None:
    opened = migrate._postgresql(place) if place.startswith("postgresql") else migrate._sqlite(place)

    def ours(entry: Any, name: str | None, kind: str, *_: Any) -> bool:
        # Indexes are declared as text, which Alembic cannot compare; they are held against the model by the test above.
        return kind != "index" and not (kind == "table" and ("_fts" in str(name) or name == migrate.VERSION_TABLE))

    with opened as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": False}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert differences == []


def test_nothing_happens_to_a_database_that_is_up_to_date(crm: Crm) -> None:
    before = schema(crm.place)
    assert migrate.upgrade(crm.place) is None
    assert schema(crm.place) == before
    assert not list(Path(crm.home).parent.glob("**/*.before-*"))


def test_a_later_migration_keeps_every_row(crm: Crm, tmp_path: Path) -> None:
    fill(crm)
    migrate.upgrade(crm.place, later(tmp_path, ADD_COLUMN))
    assert version(crm.place) == NEXT
    assert query(crm.place, "SELECT count(*) FROM contact WHERE shoe_size IS NULL") == 2
    assert query(crm.place, "SELECT count(*) FROM email") == 2


def test_making_a_table_anew_keeps_its_child_rows(crm_sqlite: Crm, tmp_path: Path) -> None:
    fill(crm_sqlite)
    migrate.upgrade(crm_sqlite.place, later(tmp_path, REBUILD))
    assert query(crm_sqlite.place, "SELECT count(*) FROM email e JOIN contact c ON c.id = e.contact_id") == 2


@pytest.mark.parametrize(
    ("body", "reason"), [(FAIL, "no_such_column"), (LOSE_ROWS, "email had 2 rows and would have 0")]
)
def test_a_failing_migration_changes_nothing(crm: Crm, tmp_path: Path, body: str, reason: str) -> None:
    fill(crm)
    before = schema(crm.place)
    with pytest.raises(DatabaseUnavailable) as caught:
        migrate.upgrade(crm.place, later(tmp_path, body))
    assert f"could not be brought to schema {NEXT}" in caught.value.message
    assert reason in caught.value.message
    assert schema(crm.place) == before
    assert version(crm.place) == compiler.VERSION
    assert query(crm.place, "SELECT count(*) FROM email") == 2
    if crm.dialect == "sqlite":
        assert f"a copy of it is in {crm.place}.before-{compiler.VERSION}" in (caught.value.hint or "")


def test_rows_may_change_where_the_migration_says_so(crm: Crm, tmp_path: Path) -> None:
    fill(crm)
    migrate.upgrade(crm.place, later(tmp_path, LOSE_ROWS, 'changes_rows = {"email"}'))
    assert query(crm.place, "SELECT count(*) FROM email") == 0


def test_a_reference_to_nothing_is_refused(crm_sqlite: Crm, tmp_path: Path) -> None:
    fill(crm_sqlite)
    lose_parent = 'op.execute("DELETE FROM contact")'
    with pytest.raises(DatabaseUnavailable, match="does not exist"):
        migrate.upgrade(crm_sqlite.place, later(tmp_path, lose_parent, 'changes_rows = {"contact"}'))
    assert query(crm_sqlite.place, "SELECT count(*) FROM contact") == 2


def test_a_copy_of_the_file_is_kept(crm_sqlite: Crm, tmp_path: Path) -> None:
    fill(crm_sqlite)
    before = schema(crm_sqlite.place)
    copy = migrate.upgrade(crm_sqlite.place, later(tmp_path, ADD_COLUMN))
    assert copy == f"{crm_sqlite.place}.before-{compiler.VERSION}"
    assert os.stat(copy).st_mode & 0o777 == 0o600
    assert schema(copy) == before
    assert query(copy, "SELECT count(*) FROM contact") == 2
    assert sorted(path.name for path in Path(crm_sqlite.place).parent.iterdir()) == [
        "crm.db",
        f"crm.db.before-{compiler.VERSION}",
    ]


def test_a_copy_is_never_overwritten_and_not_made_twice(crm_sqlite: Crm, tmp_path: Path) -> None:
    fill(crm_sqlite)
    folder = later(tmp_path, FAIL)
    first = Path(f"{crm_sqlite.place}.before-{compiler.VERSION}")
    first.write_text("something else")
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable, match="no_such_column") as caught:
            migrate.upgrade(crm_sqlite.place, folder)
        assert f"{first}.2" in (caught.value.hint or "")
    assert first.read_text() == "something else"
    assert len(list(first.parent.glob("*.before-*"))) == 2


def test_without_a_copy_nothing_is_migrated(crm_sqlite: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "copy", fail)
    with pytest.raises(DatabaseUnavailable, match="No space left"):
        migrate.upgrade(crm_sqlite.place, later(tmp_path, ADD_COLUMN))
    assert version(crm_sqlite.place) == compiler.VERSION
    assert [path.name for path in Path(crm_sqlite.place).parent.iterdir()] == ["crm.db"]


def test_of_many_starters_one_migrates(place: str, tmp_path: Path) -> None:
    """A second one to add the same column would fail."""
    folder = later(tmp_path, ADD_COLUMN)
    scripts = migrate._scripts(folder)
    applied = []
    apply = migrate._apply
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_scripts", lambda _: scripts)
        patch.setattr(migrate, "_apply", lambda *args: (applied.append(1), apply(*args)))
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: migrate.upgrade(place, folder), range(3)))
    assert version(place) == NEXT
    assert applied == [1]


def test_a_newer_schema_is_refused_and_left_alone(crm: Crm) -> None:
    connection: Any = psycopg.connect(crm.place) if crm.dialect == "postgresql" else sqlite3.connect(crm.place)
    connection.execute("UPDATE schema_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = schema(crm.place)
    for command in (("contact", "list"), ("contact", "add", "Ada")):
        result = crm(*command)
        assert result.code == 7
        assert "newer" in result.err
    assert schema(crm.place) == before
    assert query(crm.place, "SELECT count(*) FROM contact") == 0
    assert version(crm.place) == "9999"


def test_an_older_database_is_migrated_by_any_command(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(crm)
    monkeypatch.setattr("crmcli.store.version.VERSION", NEXT)
    monkeypatch.setattr(migrate.upgrade, "__defaults__", (later(tmp_path, ADD_COLUMN),))
    assert [item["display_name"] for item in crm.json("contact", "list")["items"]] == ["Ada Lovelace", "Grace Hopper"]
    assert version(crm.place) == NEXT

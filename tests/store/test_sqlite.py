"""Opening a file safely, and saying in plain words why it cannot be opened."""

import os
import sqlite3 as standard
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.store import sqlite
from tests.conftest import Crm


@pytest.fixture
def opened(sqlite_place: str) -> Any:
    connection = sqlite.open_file(sqlite_place)
    yield connection
    connection.close()


def pragma(connection: Any, name: str) -> Any:
    return next(iter(connection.execute(f"PRAGMA {name}").fetchone().values()))


def test_settings_are_the_safe_ones(opened: Any) -> None:
    assert pragma(opened, "journal_mode") == "wal"
    assert pragma(opened, "synchronous") == 3  # EXTRA
    assert pragma(opened, "foreign_keys") == 1
    assert pragma(opened, "trusted_schema") == 0
    assert pragma(opened, "busy_timeout") == 5000
    assert pragma(opened, "application_id") == sqlite.APPLICATION_ID


def test_every_table_is_strict_and_keys_are_never_reused(opened: Any) -> None:
    tables = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    ours = [
        row for row in tables if "_fts" not in row["name"] and row["name"] not in ("sqlite_sequence", "schema_version")
    ]
    assert len(ours) > 20
    for row in ours:
        assert row["sql"].endswith("STRICT"), row["name"]
        assert "AUTOINCREMENT" in row["sql"], row["name"]


def test_folding_is_that_of_names(opened: Any) -> None:
    row = opened.execute("SELECT crm_fold('MÜLLER') AS a, crm_fold(NULL) AS b, crm_fold(7) AS c").fetchone()
    assert row == {"a": "muller", "b": None, "c": "7"}


def test_a_reading_transaction_sees_one_moment(opened: Any, sqlite_place: str) -> None:
    opened.begin(writing=False)
    opened.execute("SELECT * FROM tag").fetchall()
    other = sqlite.open_file(sqlite_place)
    other.begin(writing=True)
    other.insert("INSERT INTO tag (name, name_key) VALUES (?, ?)", ["a", "a"])
    other.commit()
    other.close()
    assert opened.execute("SELECT count(*) AS n FROM tag").fetchone()["n"] == 0
    opened.commit()
    assert opened.execute("SELECT count(*) AS n FROM tag").fetchone()["n"] == 1


def test_a_busy_database_says_so(crm_sqlite: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    other = sqlite.open_file(crm_sqlite.place)
    other.begin(writing=True)
    result = crm_sqlite("contact", "add", "Ada")
    assert result.code == 7
    assert "busy" in result.err
    assert crm_sqlite.json("contact", "list")["items"] == []
    other.close()


def test_a_new_file_is_its_owners_alone(crm_sqlite: Crm, tmp_path: Path) -> None:
    umask = os.umask(0o022)
    place = tmp_path / "new folder" / "crm.db"
    try:
        crm_sqlite.ok("contact", "add", "Ada", env={"CRM_DB": str(place)})
    finally:
        os.umask(umask)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert {path.name for path in place.parent.iterdir()} <= {"crm.db", "crm.db-wal", "crm.db-shm"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in place.parent.iterdir())


def test_reading_makes_no_file(crm_sqlite: Crm, tmp_path: Path) -> None:
    place = tmp_path / "none" / "crm.db"
    assert crm_sqlite.json("contact", "list", env={"CRM_DB": str(place)})["items"] == []
    assert not place.parent.exists()


def test_making_a_file_never_replaces_one(sqlite_place: str) -> None:
    with standard.connect(sqlite_place) as connection:
        connection.execute("INSERT INTO tag (name, name_key) VALUES ('a', 'a')")
    connection.close()
    sqlite.create_file(sqlite_place)
    with standard.connect(sqlite_place) as connection:
        assert connection.execute("SELECT count(*) FROM tag").fetchone() == (1,)
    connection.close()


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    sqlite.create_file(str(tmp_path / "crm.db"))
    sqlite.open_file(str(tmp_path / "crm.db")).close()
    assert [path.name for path in tmp_path.iterdir()] == ["crm.db"]


def empty(path: Path) -> None:
    path.touch()


def text(path: Path) -> None:
    path.write_text("name,email\nAda,ada@engines.example\n")


def foreign(path: Path) -> None:
    connection = standard.connect(path)
    connection.execute("CREATE TABLE contact (id INTEGER)")
    connection.close()


def without_tables(path: Path) -> None:
    connection = standard.connect(path)
    connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    connection.close()


def cut_off(path: Path) -> None:
    sqlite.create_file(str(path))
    path.write_bytes(path.read_bytes()[:5000])


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize("make", [empty, text, foreign, without_tables, cut_off, folder, dangling])
@pytest.mark.parametrize("command", [("contact", "list"), ("contact", "add", "Ada")], ids=" ".join)
def test_what_is_no_database_of_ours_is_refused_and_left_alone(
    crm_sqlite: Crm, tmp_path: Path, make: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    place = tmp_path / "x.db"
    make(place)
    before = place.read_bytes() if place.is_file() else None
    result = crm_sqlite(*command, env={"CRM_DB": str(place)})
    assert result.code == 7, result.err
    assert str(place) in result.err
    assert len(result.err.splitlines()) <= 3
    assert before is None or place.read_bytes() == before


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("database is locked", "is busy"),
        ("database or disk is full", "the disk is full"),
        ("attempt to write a readonly database", "read-only"),
        ("unable to open database file", "cannot be opened"),
        ("database disk image is malformed", "is damaged"),
        ("disk I/O error", "cannot be read or written"),
    ],
)
def test_failures_are_told_in_plain_words(opened: Any, sqlite_place: str, raised: str, told: str) -> None:
    error = sqlite.explain(standard.OperationalError(raised), sqlite_place)
    assert isinstance(error, DatabaseUnavailable)
    assert told in error.message
    assert sqlite_place in error.message
    assert error.hint


def test_a_broken_rule_is_an_error_and_not_an_outage(opened: Any) -> None:
    with pytest.raises(CrmError, match="refused the change") as caught:
        opened.execute("INSERT INTO email (contact_id, value, value_key) VALUES (99, 'a', 'a')")
    assert not isinstance(caught.value, DatabaseUnavailable)


def test_closing_twice_does_no_harm(sqlite_place: str) -> None:
    connection = sqlite.open_file(sqlite_place)
    connection.close()
    connection.close()


def test_the_draft_of_who_was_killed_right_after_naming_it_is_removed(sqlite_place: str) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=subprocess.PIPE, check=True)
    draft = Path(sqlite_place).with_name(f".crm.db.{int(ended.stdout)}.0123abcd")
    os.link(sqlite_place, draft)
    sqlite.open_file(sqlite_place).close()
    assert not draft.exists()
    assert Path(sqlite_place).stat().st_nlink == 1

"""Where a backup may go and what may come back; which backups `--keep` may delete."""

import os
import stat
from pathlib import Path
from unittest import mock

import pytest

from crmcli.app import App
from crmcli.store.sqlite import DRIVER, SqliteConnection
from tests.conftest import Crm

DAYS = [f"2026-11-{day:02}T09:00:00Z" for day in range(10, 21)]


@pytest.fixture
def file(crm_sqlite: Crm) -> Crm:
    crm_sqlite.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    return crm_sqlite


def other(crm: Crm, folder: Path, name: str) -> Crm:
    """Another database that keeps its backups in the same folder."""
    there = Crm("sqlite", str(folder / "other" / "crm.db"), crm.home)
    there.ok("contact", "add", name)
    return there


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_the_database_and_what_belongs_to_it_are_no_place_for_a_backup(file: Crm, ending: str, tmp_path: Path) -> None:
    before = Path(file.place).read_bytes()
    link = tmp_path / "link.db"
    link.symlink_to(file.place)
    for place in (file.place + ending, *([] if ending else [str(link)])):
        refused = file("db", "backup", place, "--force")
        assert (refused.code, "no backup of itself" in refused.err) == (2, True)
    assert Path(file.place).read_bytes() == before
    assert link.is_symlink()


def test_a_device_or_a_pipe_is_not_replaced(file: Crm, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused = file("db", "backup", str(pipe), "--force")
    assert (refused.code, stat.S_ISFIFO(pipe.stat().st_mode)) == (2, True)
    assert "no ordinary file" in refused.err
    refused = file("db", "backup", "-")
    assert (refused.code, refused.out) == (2, "")


@pytest.mark.parametrize("verb", [["restore", "--yes"], ["verify"]])
def test_nobody_waits_for_a_pipe(file: Crm, tmp_path: Path, verb: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (str(tmp_path / "pipe"), "/dev/zero"):
        refused = file("db", *verb, place)
        assert (refused.code, "no ordinary file" in refused.err) == (2, True)


def test_what_is_no_backup_is_told_as_one_that_was_named(file: Crm, tmp_path: Path) -> None:
    """Not as the database, of which --db would tell another place."""
    notes = tmp_path / "notes.txt"
    notes.write_text("hello")
    for verb in (["restore", "--yes"], ["verify"]):
        refused = file("db", *verb, str(notes))
        assert refused.code == 7
        assert refused.err.splitlines()[1:] == ["name a backup, or an archive of crm export all"]


@pytest.mark.parametrize(
    ("place", "remedy"),
    [("none/copy.db", "make its folder first"), ("text/copy.db", "name a folder that there is")],
)
def test_a_place_that_cannot_be_written_says_what_to_do(file: Crm, tmp_path: Path, place: str, remedy: str) -> None:
    (tmp_path / "text").write_text("hello")
    refused = file("db", "backup", str(tmp_path / place))
    assert (refused.code, remedy in refused.err) == (7, True)


# --- who may


def test_who_may_only_read_restores_nothing(file: Crm, tmp_path: Path) -> None:
    file.ok("user", "add", "bob", "--role", "readonly")
    copy = file.ok("db", "backup", str(tmp_path / "copy")).strip()
    archive = str(tmp_path / "all.jsonl")
    file.ok("export", "all", "--to", archive)
    before = file.ok("export", "all")
    for backup in (copy, archive):
        refused = file("db", "restore", backup, "--yes", env={"CRM_USER": "bob"})
        assert (refused.code, refused.out) == (6, "")
    assert file.ok("export", "all") == before
    assert not list(Path(file.place).parent.glob("*restore*"))
    assert file("db", "backup", str(tmp_path / "mine"), env={"CRM_USER": "bob"}).code == 0
    Path(file.place).write_bytes(b"hello")  # a lost one can be brought back by whoever has the files
    file.ok("db", "restore", copy, "--yes", env={"CRM_USER": "bob"})


# --- keeping


def dated(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_two_databases_of_one_name_share_a_folder(file: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    file.ok("config", "set", "backup.folder", str(folder))
    there = other(file, tmp_path, "Grace Hopper")
    for now in DAYS:
        for one in (file, there):
            one.ok("db", "backup", "--keep", "3d", env={"CRM_NOW": now})
    left = dated(folder)
    assert left == [f"crm-2026-11-{day}-090000{number}.db" for day in (18, 19, 20) for number in ("-2", "")]
    names = {
        Crm("sqlite", str(folder / name), file.home).json("contact", "list")["items"][0]["display_name"]
        for name in left
    }
    assert names == {"Ada Lovelace", "Grace Hopper"}


@pytest.mark.postgresql
def test_two_databases_of_servers_share_a_folder(file: Crm, postgresql_place: str, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    file.ok("config", "set", "backup.folder", str(folder))
    crm = Crm("postgresql", postgresql_place, file.home)
    crm.ok("contact", "add", "Ada")
    foreign = other(file, tmp_path, "Grace Hopper").ok("export", "all")
    folder.mkdir()
    for day in (10, 11, 12):
        (folder / f"crm-2026-11-{day}-100000.jsonl").write_text(foreign)
    for now in DAYS:
        crm.ok("db", "backup", "--keep", "2d", env={"CRM_NOW": now})
    assert dated(folder) == [
        *(f"crm-2026-11-{day}-100000.jsonl" for day in (10, 11, 12)),
        *(f"crm-2026-11-{day}-090000.jsonl" for day in (19, 20)),
    ]


def test_what_only_looks_like_a_backup_is_left(file: Crm, tmp_path: Path) -> None:
    folder = Path(file.place).parent / "backups"
    made = [file.ok("db", "backup", env={"CRM_NOW": now}).strip() for now in DAYS]
    (folder / "crm-2018-01-01-090000.db").mkdir()
    (folder / "crm-2018-01-02-090000.db").symlink_to(made[0])
    (folder / "crm-2018-01-03-090000.db").write_text("broken")
    (folder / "crm-2018-01-04-090000.jsonl").write_text("an archive")
    (folder / "crm-old-2018-01-05-090000.db").write_bytes(Path(made[0]).read_bytes())
    mine = {path.name for path in folder.iterdir() if "2018" in path.name}
    file.ok("db", "backup", "--keep", "1d")
    assert set(dated(folder)) == {*mine, "crm-2026-11-20-100000.db"}


def test_a_clock_that_was_set_back_loses_no_backup_of_now(file: Crm) -> None:
    folder = Path(file.place).parent / "backups"
    file.ok("db", "backup", env={"CRM_NOW": "2099-01-01T09:00:00Z"})
    for now in DAYS:
        file.ok("db", "backup", "--keep", "2d", env={"CRM_NOW": now})
    assert dated(folder)[-1] == "crm-2099-01-01-090000.db"
    assert f"crm-{DAYS[-1][:10]}-090000.db" in dated(folder)


# --- verify, where nothing can be written


def test_verify_finds_nothing_wrong_with_a_file_that_is_read_only(app_sqlite: App) -> None:
    """SQLite counts the look at its index of words as writing."""
    app_sqlite.contacts.add("Ada Lovelace", {})
    peek = app_sqlite.peek

    def reading() -> SqliteConnection:
        connection = peek()
        assert isinstance(connection, SqliteConnection)
        connection.execute("PRAGMA query_only=ON")
        return connection

    with mock.patch.object(app_sqlite, "peek", reading):
        record = app_sqlite.database.verify()
    assert (record["sound"], record["findings"]) == (True, [])
    assert any("full-text index was not held" in note and "read-only" in note for note in app_sqlite.notes)


def test_where_no_database_is_nothing_is_called_sound(crm_sqlite: Crm) -> None:
    """A mistyped place in a line for cron."""
    place = str(Path(crm_sqlite.place).with_name("none.db"))
    for verb in (["verify", "-q"], ["verify", "--json"], ["vacuum"], ["backup"]):
        refused = crm_sqlite("--db", place, "db", *verb)
        assert (refused.code, refused.out) == (7, "")
        assert f"there is no database at {place} yet" in refused.err
    assert not Path(place).exists()


def test_a_purge_of_all_names_no_moment(file: Crm) -> None:
    assert file("db", "purge", "--older-than", "now", "--yes").err == "Nothing is deleted\n"


# --- what verify advises


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM sqlite_sequence WHERE name = 'contact'",
        "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'change'",
        "UPDATE contact SET name_key = 'zzz' WHERE id = 1",
        "UPDATE contact SET last_inbound_at = '2026-01-01T00:00:00Z'",
        "DELETE FROM search_word",
        "DELETE FROM search_name_fts_data WHERE id > 10",
    ],
)
@pytest.mark.parametrize("by", ["rebuild", "an archive"])
def test_to_make_it_anew_mends_what_can_be_computed(file: Crm, tmp_path: Path, sql: str, by: str) -> None:
    connection = DRIVER.connect(file.place)
    connection.execute(sql)
    connection.commit()
    connection.close()
    found = file("db", "verify")
    assert (found.code, "crm db rebuild" in found.out) == (1, True)
    archive = str(tmp_path / "all.jsonl")
    file.ok("export", "all", "--to", archive)
    if by == "rebuild":
        file.ok("db", "rebuild")
    else:
        file.ok("db", "restore", archive, "--yes")
    assert file.ok("db", "verify", "-q") == ""
    assert file.ok("contact", "add", "Next") == "c2\n"

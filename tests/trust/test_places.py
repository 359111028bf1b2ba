"""Disks that are full, files that may not grow, places that are read-only, and files that are no database of ours."""

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crmcli.kernel.errors import DatabaseUnavailable
from crmcli.store import sqlite
from tests.conftest import Crm
from tests.trust.processes import NOBODY, contents, crm, folder_of, refused

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits, modes and mounts of POSIX")
PAGE = 4096
READS = [("contact", "list"), ("show", "Ada"), ("find", "Ada"), ("queue",), ("export", "all"), ("remind",)]
WRITES = [
    ("contact", "add", "Grace"),
    ("log", "in", "Ada", "Hello"),
    ("undo", "--yes"),
    ("cadence", "set", "Ada", "6w"),
]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A file of 3,000 people."""
    file = tmp_path / "people.csv"
    file.write_text("name,email\n" + "".join(f"P{n},p{n}@engines.example\n" for n in range(3000)))
    return file


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 1.2 MB and a database on it: mounted in memory, which only root can do."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1200k,mode=700", "tmpfs", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        assert crm("contact", "add", "Ada", place=folder / "crm.db").out == "c1\n"
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill a disk but for so many bytes."""
    file = folder / "fill"
    with open(file, "wb", buffering=0) as out:
        try:
            while out.write(bytes(1024)):
                pass
        except OSError:
            pass
    os.truncate(file, max(0, file.stat().st_size - leave))
    return file


# --- a full disk


@pytest.mark.parametrize("command", [*READS[:1], *WRITES], ids=" ".join)
def test_a_disk_without_any_room(small: Path, command: tuple[str, ...]) -> None:
    place = small / "crm.db"
    before = place.read_bytes()
    file = fill(small)
    refused(crm(*command, place=place), str(place), "full")
    assert place.read_bytes() == before
    file.unlink()
    assert crm("contact", "list", "--fields", "display_name", place=place).out == "display_name\nAda\n"


@pytest.mark.parametrize("room", [50_000, 100_000, 200_000, 300_000])
def test_a_disk_that_fills_up_during_an_import(small: Path, people: Path, room: int) -> None:
    place = small / "crm.db"
    file = fill(small, room)
    refused(crm("import", str(people), place=place), str(place), "full")
    assert crm("contact", "list", "-o", "ids", place=place).out == "c1\n"
    file.unlink()
    assert crm("contact", "add", "Grace", place=place).out == "c2\n"


def test_a_database_that_does_not_fit_is_not_begun(small: Path) -> None:
    fill(small, 100_000)
    refused(crm("contact", "add", "Grace", place=small / "new.db"), str(small / "new.db"), "full")
    assert sorted(path.name for path in small.iterdir()) == ["crm.db", "fill"]


def test_an_export_that_does_not_fit(small: Path) -> None:
    fill(small, 40_000)
    with open("/dev/full", "wb") as full:
        refused(crm("export", "all", place=small / "crm.db", stdout=full), "No space left", code=1)


# --- a limit of the size of files


@pytest.mark.parametrize("blocks", [1, 64, 1400])
def test_files_that_may_not_grow(tmp_path: Path, people: Path, blocks: int) -> None:
    """RLIMIT_FSIZE, in blocks of 512 bytes; whether the signal kills or the write fails."""
    place = tmp_path / "crm.db"
    crm("contact", "add", "Ada", place=place)
    for command in (("contact", "add", "Grace"), ("import", str(people))):
        done = crm(*command, place=place, preexec_fn=lambda: _limit(blocks * 512))
        if done.code:
            refused(done, str(place))
    assert crm("contact", "list", "-o", "ids", "--limit", "1", place=place).out == "c1\n"
    new = tmp_path / "new.db"
    done = crm("contact", "add", "Grace", place=new, preexec_fn=lambda: _limit(blocks * 512))
    if done.code:
        refused(done, str(new))
    assert (done.code == 0) == new.exists()
    assert not list(tmp_path.glob(".new*"))


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# --- what may not be written


@pytest.fixture
def theirs() -> Iterator[Path]:
    """The folder of a login without rights, with a database in it."""
    with folder_of(NOBODY) as folder:
        assert crm("contact", "add", "Ada", place=folder / "crm.db", login=NOBODY).out == "c1\n"
        yield folder


def test_a_file_that_is_read_only(theirs: Path) -> None:
    place = theirs / "crm.db"
    place.chmod(0o400)
    before = contents(theirs)["crm.db"]
    for command in READS[:-1]:
        assert crm(*command, place=place, login=NOBODY).code == 0, command
    for command in (READS[-1], *WRITES):  # what was reminded of is written down
        refused(crm(*command, place=place, login=NOBODY), str(place), "read-only")
    assert contents(theirs)["crm.db"] == before


def test_a_folder_that_is_read_only(theirs: Path) -> None:
    place = theirs / "crm.db"
    theirs.chmod(0o500)
    before = contents(theirs)
    for command in (*READS, *WRITES):
        refused(crm(*command, place=place, login=NOBODY), str(place), "read-only")
    refused(crm("contact", "add", "Ada", place=theirs / "new.db", login=NOBODY), "new.db", "Permission denied")
    assert contents(theirs) == before


def test_a_file_that_may_not_be_read(theirs: Path) -> None:
    place = theirs / "crm.db"
    place.chmod(0)
    for command in (*READS[:2], *WRITES[:2]):
        refused(crm(*command, place=place, login=NOBODY), str(place), "Permission denied")


# --- what is no database of ours


def empty(path: Path) -> None:
    path.touch()


def text(path: Path) -> None:
    path.write_text("name,email\nAda,ada@engines.example\n")


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE contact (id INTEGER, display_name TEXT)")
    connection.commit()
    connection.close()


def another_application(path: Path) -> None:
    sqlite.create_file(str(path))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id=1")
    connection.close()


def header_alone(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00")


def garbage_behind_the_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 64)


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


KINDS = [
    empty,
    text,
    foreign,
    another_application,
    header_alone,
    garbage_behind_the_header,
    folder,
    pipe,
    link_to_nothing,
    link_to_itself,
]


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_database_of_ours(crm_sqlite: Crm, tmp_path: Path, make: Callable[[Path], None]) -> None:
    place = tmp_path / "odd" / "x.db"
    place.parent.mkdir()
    make(place)
    before = contents(place.parent)
    for command in (*READS, *WRITES):
        refused(crm_sqlite(*command, env={"CRM_DB": str(place)}), str(place))
    assert contents(place.parent) == before
    assert crm_sqlite("doctor", env={"CRM_DB": str(place)}).code == 1
    assert contents(place.parent) == before


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "/dev/zero"])
def test_devices(crm_sqlite: Crm, device: str) -> None:
    for command in (READS[0], WRITES[0]):
        refused(crm_sqlite(*command, env={"CRM_DB": device}), device)


def test_a_place_below_a_file(crm_sqlite: Crm, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    refused(crm_sqlite("contact", "add", "Ada", env={"CRM_DB": str(tmp_path / "x" / "crm.db")}), "is no folder")


def test_what_is_damaged_says_how_to_restore_it(crm_sqlite: Crm, tmp_path: Path) -> None:
    for make in (empty, garbage_behind_the_header):
        place = tmp_path / f"{make.__name__}.db"
        make(place)
        assert "crm db restore FILE" in crm_sqlite("contact", "list", env={"CRM_DB": str(place)}).err


# --- files that were cut off


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people in it, whole in its one file."""
    place = tmp_path_factory.mktemp("whole") / "crm.db"
    assert crm("contact", "add", "Ada", place=place).code == 0
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return place


@pytest.mark.parametrize("beside", [0, -1, 1, PAGE // 2])
def test_a_file_that_was_cut_off(crm_sqlite: Crm, whole: Path, tmp_path: Path, beside: int) -> None:
    """At every page, and one byte and half a page beside it."""
    data = whole.read_bytes()
    assert len(data) % PAGE == 0
    place = tmp_path / "cut.db"
    env = {"CRM_DB": str(place)}
    for size in range(0, len(data), PAGE):
        cut = data[: max(0, size + beside)]
        place.write_bytes(cut)
        with pytest.raises(DatabaseUnavailable):
            sqlite.open_file(str(place))
        if size % (20 * PAGE) == 0:
            for command in (READS[0], WRITES[0]):
                refused(crm_sqlite(*command, env=env), str(place))
        assert place.read_bytes() == cut, size
    place.write_bytes(data)
    assert crm_sqlite.ok("contact", "list", "-o", "ids", env=env) == "c1\n"


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
@pytest.mark.parametrize("garbage", [b"", b"hello", bytes(range(256)) * 256, b"\x37\x7f\x06\x82" + bytes(8000)])
def test_garbage_beside_it_changes_nothing(
    crm_sqlite: Crm, whole: Path, tmp_path: Path, suffix: str, garbage: bytes
) -> None:
    place = tmp_path / "crm.db"
    place.write_bytes(whole.read_bytes())
    Path(f"{place}{suffix}").write_bytes(garbage)
    env = {"CRM_DB": str(place)}
    assert crm_sqlite.ok("contact", "list", "-o", "ids", env=env) == "c1\n"
    assert crm_sqlite.ok("contact", "add", "Grace", env=env) == "c2\n"
    connection = sqlite3.connect(place)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


# --- odd places that are fine


@pytest.mark.parametrize(
    "name",
    ["two words.db", "50%.db", "a?b#c.db", "quote'\".db", "file:x.db", "-odd.db", "Zoë 山田.db", ":memory:", "a\nb.db"],
)
def test_odd_names(crm_sqlite: Crm, tmp_path: Path, name: str) -> None:
    place = tmp_path / "odd" / name
    env = {"CRM_DB": str(place)}
    assert crm_sqlite.ok("contact", "add", "Ada", env=env) == "c1\n"
    assert crm_sqlite.ok("contact", "list", "-o", "ids", env=env) == "c1\n"
    assert {one.name for one in place.parent.iterdir()} == {name}


def test_a_name_that_is_too_long(crm_sqlite: Crm, tmp_path: Path) -> None:
    refused(crm_sqlite("contact", "add", "Ada", env={"CRM_DB": str(tmp_path / ("x" * 300))}), "too long")


def test_a_link_to_a_database(crm_sqlite: Crm, tmp_path: Path) -> None:
    (tmp_path / "near").mkdir()
    link = tmp_path / "near" / "l.db"
    link.symlink_to(crm_sqlite.place)
    assert crm_sqlite.ok("contact", "add", "Ada", env={"CRM_DB": str(link)}) == "c1\n"
    assert link.is_symlink()
    assert [path.name for path in link.parent.iterdir()] == ["l.db"]
    assert crm_sqlite.ok("contact", "list", "-o", "ids") == "c1\n"

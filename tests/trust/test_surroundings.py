"""Surroundings in which programs break: cron's, no home, no login, odd locales and zones, failing streams, signals."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.store import sqlite
from tests.conftest import Crm
from tests.house.source import ROOT
from tests.trust.processes import COMMAND, NOBODY, STRANGER, contents, crm, folder_of, refused

pytestmark = pytest.mark.skipif(os.name == "nt", reason="streams, logins and signals of POSIX")
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
DAY = [("contact", "list"), ("show", "Zoë"), ("queue",), ("export", "all"), ("doctor",)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database with a contact whose name is not ASCII."""
    path = tmp_path / "crm.db"
    assert crm("contact", "add", "Zoë 山田", place=path).out == "c1\n"
    return path


# --- environments


ENVIRONMENTS = {
    "nothing at all": {},
    "cron": {"HOME": "/root", "LOGNAME": "ada", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"},
    "C": {"LANG": "C", "LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX"},
    "a locale that is not there": {"LANG": "xx_YY.ISO-8859-15"},
    "an empty home": {"HOME": ""},
    "a home that is not there": {"HOME": "/nonexistent/home"},
    "a home that is no folder": {"HOME": "/dev/null"},
    "a home that cannot be written": {"HOME": "/proc"},
    "no folder for temporary files": {"TMPDIR": "/nonexistent"},
    "a zone that is not there": {"TZ": "Nowhere/Land"},
    "a zone of POSIX": {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"},
    "a zone that is a path": {"TZ": ":/etc/passwd"},
    "an empty zone": {"TZ": ""},
    "no terminal": {"TERM": "dumb", "COLUMNS": "nonsense", "LINES": "-5"},
    "a terminal that is unknown": {"TERM": "nonsense-999color"},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_works_anywhere(place: Path, name: str) -> None:
    env = ENVIRONMENTS[name]
    assert "Zoë 山田" in crm("show", "Zoë", place=place, env=env).out
    doctor = crm("doctor", place=place, env=env)
    assert (doctor.code, doctor.err) == (0, ""), doctor
    assert crm("contact", "add", "Grace", place=place, env=env).out == "c2\n"
    reminded = crm("remind", place=place, env=env)
    assert (reminded.code, reminded.out, reminded.err) == (0, "", "")


@pytest.mark.parametrize("zone", ["Nowhere/Land", "CET-1CEST", "../../etc/passwd", "x" * 5000, "Europe/Vienna\n"])
def test_a_zone_of_ours_that_is_not_there(place: Path, zone: str) -> None:
    result = crm("agenda", place=place, env={"CRM_TIMEZONE": zone})
    assert result.code in (0, 2)
    if result.code:
        refused(result, code=2)


def test_a_login_that_nobody_knows() -> None:
    with folder_of(STRANGER) as folder:
        place = folder / "crm.db"
        assert crm("contact", "add", "Ada", place=place, env={}, login=STRANGER).out == "c1\n"
        for command in (DAY[0], *DAY[2:]):
            result = crm(*command, place=place, env={}, login=STRANGER)
            assert (result.code, result.err) == (0, ""), (command, result)
        if os.geteuid() == 0:
            refused(crm("contact", "list", env={}, login=STRANGER), "no home folder", "CRM_DB", code=1)


def test_a_home_that_cannot_be_written_is_told() -> None:
    with folder_of(NOBODY) as folder:
        home = folder / "home"
        home.mkdir(mode=0o555)
        env = {"HOME": str(home)}
        assert crm("contact", "list", env=env, login=NOBODY).code == 0
        if os.geteuid() == 0:
            refused(crm("contact", "add", "Ada", env=env, login=NOBODY), str(home), "CRM_DB")
            refused(crm("config", "set", "user", "ada", env=env, login=NOBODY), str(home), code=1)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_whatever_the_umask_is_the_database_is_its_owners(tmp_path: Path, umask: int) -> None:
    place = tmp_path / "new" / "crm.db"
    place.parent.mkdir(mode=0o700)
    assert crm("contact", "add", "Ada", place=place, umask=umask).out == "c1\n"
    assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0
    file = place.with_name("all.jsonl")
    with open(file, "wb") as out:
        assert crm("export", "all", place=place, stdout=out, umask=umask).code == 0
    assert [path.name for path in place.parent.iterdir() if path != file] == ["crm.db"]


@pytest.mark.parametrize("now", ["2000-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "2999-12-31T23:59:59Z"])
def test_a_clock_that_was_set_back_or_on(crm_sqlite: Crm, now: str) -> None:
    env = {"CRM_NOW": now}
    crm_sqlite.ok("contact", "add", "Ada")
    crm_sqlite.ok("contact", "edit", "c1", "--job-title", "Engineer", env=env)
    assert crm_sqlite.ok("log", "in", "c1", "Hello", "--channel", "call", env=env) == "i1\n"
    crm_sqlite.ok("undo", "--yes", env=env)
    crm_sqlite.ok("undo", "op2", "--yes", env=env)
    for command in (("contact", "list"), ("show", "c1"), ("agenda",), ("queue",), ("export", "all"), ("remind",)):
        assert crm_sqlite(*command, env=env).err == "", command
    journal = [one for one in crm_sqlite.json("doctor")["items"] if one["check"] == "journal"]
    assert journal[0]["status"] == "ok"  # the seals fit, whatever the clock said


# --- streams


@FULL
def test_an_output_that_is_full(place: Path) -> None:
    before = contents(place.parent)
    for command in DAY:
        with open("/dev/full", "wb") as full:
            refused(crm(*command, place=place, stdout=full), "cannot write the output: No space left", code=1)
    assert contents(place.parent) == before


@FULL
def test_a_change_that_cannot_be_told_is_made(place: Path) -> None:
    with open("/dev/full", "wb") as full:
        refused(crm("contact", "add", "Grace", place=place, stdout=full), "it is saved", code=1)
    assert crm("contact", "list", "-o", "ids", place=place).out.split() == ["c2", "c1"]


@FULL
def test_errors_that_cannot_be_told(place: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert crm("show", "nobody", place=place, stderr=full).code == 3
    with open("/dev/full", "wb") as out, open("/dev/full", "wb") as err:
        assert crm("contact", "list", place=place, stdout=out, stderr=err).code == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(place: Path, closed: str) -> None:
    before = contents(place.parent)
    for command in ("contact list", "show c1", "queue", "--help", "--version"):
        words = f"exec '{sys.executable}' -m crmcli --db '{place}' {command} {closed}"
        words = words.replace(f"--db '{place}' --version", "--version")
        done = subprocess.run(
            ["sh", "-c", words], cwd=ROOT, env={"HOME": "/nonexistent"}, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), (command, done)
    assert contents(place.parent) == before


@pytest.mark.parametrize(
    "command", ["contact list --limit 2000", "export all", "find person --limit 2000", "--help", "help dates"]
)
def test_a_reader_that_leaves(place: Path, tmp_path: Path, command: str) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,email\n" + "".join(f"Person {n},p{n}@engines.example\n" for n in range(2000)))
    assert crm("import", str(people), place=place).code == 0
    words = f"'{sys.executable}' -m crmcli --db '{place}' {command} | head -n 1"
    done = subprocess.run(["sh", "-c", words], cwd=ROOT, env={}, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


# --- signals


@pytest.fixture
def waiting(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command in the middle of a change: it waits for the rest of its input inside its transaction."""
    process = subprocess.Popen(
        [*COMMAND, "--db", str(place), "batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={"HOME": "/nonexistent", "CRM_USER": "ada"},
        preexec_fn=_heed,
    )
    assert process.stdin
    process.stdin.write(b'{"op": "contact.add", "name": "Grace"}\n')
    process.stdin.flush()
    yield process
    process.kill()
    process.communicate()


def _heed() -> None:
    """Whoever runs the tests by nohup, or behind a shell, hands down that these signals are ignored."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _is_inside(place: Path) -> bool:
    """Whether somebody holds the right to write."""
    connection = sqlite.DRIVER.connect(str(place), timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite.DRIVER.OperationalError:
        return True
    finally:
        connection.close()
    return False


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGKILL, -9)],
)
def test_a_signal_in_the_middle_changes_nothing(
    waiting: subprocess.Popen[bytes], place: Path, number: int, status: int
) -> None:
    """A shell tells 143 of a program that SIGTERM ended, which is what -15 is here."""
    while not _is_inside(place):
        assert waiting.poll() is None
    waiting.send_signal(number)
    out, err = waiting.communicate()
    assert waiting.returncode == status
    assert (out, err) == (b"", b"")
    assert crm("contact", "list", "-o", "ids", place=place).out == "c1\n"
    assert not _is_inside(place)
    assert crm("doctor", place=place).code == 0

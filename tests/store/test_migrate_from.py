"""Migrating from every schema version there ever was: what is kept; racing starters, newer ones, a full disk."""

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.model import compile as compiler
from crmcli.store import chain, postgresql, sqlite
from tests import servers
from tests.conftest import Crm
from tests.house.source import ROOT
from tests.store import old
from tests.store.test_migrate import query, schema, version

FROM = [
    pytest.param(
        (dialect, one), marks=[pytest.mark.postgresql] if dialect == "postgresql" else [], id=f"{dialect}-{one}"
    )
    for dialect in ("sqlite", "postgresql")
    for one in old.VERSIONS
]


@pytest.fixture(params=FROM)
def older(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> Iterator[tuple[Crm, str]]:
    """The program over a database of each earlier version, on each kind, with a row in every table."""
    yield from _older(request, tmp_path, home, worked=False)


@pytest.fixture(params=FROM)
def worked(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> Iterator[tuple[Crm, str]]:
    """The same with what the program of that version wrote."""
    yield from _older(request, tmp_path, home, worked=True)


def _older(request: pytest.FixtureRequest, tmp_path: Path, home: Path, *, worked: bool) -> Iterator[tuple[Crm, str]]:
    dialect, one = request.param
    if dialect == "sqlite":
        (tmp_path / "old").mkdir(mode=0o700)
        place = str(tmp_path / "old" / "crm.db")
        old.fill(place, one, worked=worked)
        yield Crm(dialect, place, home), one
        return
    server = request.getfixturevalue("postgresql_server")
    if isinstance(server, str):
        servers.give_up(server)
    with server.database("template0") as place:
        old.fill(place, one, worked=worked)
        yield Crm(dialect, place, home), one


def test_every_earlier_version_is_kept() -> None:
    assert tuple(f"{number:04}" for number in range(1, int(compiler.VERSION))) == old.VERSIONS


def test_every_table_has_a_row(older: tuple[Crm, str]) -> None:
    crm, _ = older
    assert [name for name, rows in old.rows(crm.place).items() if not rows] == []


def test_nothing_is_lost(older: tuple[Crm, str], request: pytest.FixtureRequest) -> None:
    crm, _ = older
    before = old.rows(crm.place)
    result = crm("contact", "list", "--json")
    assert (result.code, result.err) == (0, "")
    assert version(crm.place) == compiler.VERSION
    after = old.rows(crm.place, list(before))
    if older[1] == "0001":  # it found numbers by every end of them
        assert after.pop("search_name") != before.pop("search_name")
    assert after == before
    assert schema(crm.place) == schema(request.getfixturevalue(f"{crm.dialect}_place"))


def test_verify_raises_no_false_alarm(worked: tuple[Crm, str]) -> None:
    crm, one = worked
    names = crm.json("contact", "list", "--fields", "display_name")["items"]
    assert {"display_name": "Éva Ødegård"} in names
    assert crm.ok("db", "verify", "-q") == ""
    crm.ok("contact", "edit", "c1", "--job-title", "Countess")
    crm.ok("contact", "rm", "c2", "--yes")
    if one != "0001":
        crm.ok("undo", "--yes")
    crm.ok("db", "purge", "--older-than", "now", "--yes")
    assert crm.ok("db", "verify", "-q") == ""


def test_the_journal_is_sealed(older: tuple[Crm, str]) -> None:
    crm, _ = older
    crm.ok("contact", "list")
    opened = (postgresql if crm.dialect == "postgresql" else sqlite).open_place(crm.place, writing=False)
    assert list(chain.breaks(opened)) == []
    assert opened.rows("SELECT count(*) AS n FROM operation WHERE seal IS NOT NULL")[0]["n"] == 2
    opened.close()


def test_it_can_be_worked_with(older: tuple[Crm, str]) -> None:
    crm, one = older
    assert crm.json("contact", "show", "grace@navy.example")["item"]["display_name"] == "Grace Hopper"
    assert [hit["id"] for hit in crm.json("find", "ships")["items"]] == ["c1"]
    assert [item["id"] for item in crm.json("queue")["items"]] == ["f1"]
    assert "Changed" in crm.ok("contact", "edit", "c1", "--job-title", "Admiral", tty=True)
    assert crm.ok("db", "verify", "--quick", "-q") == ""
    assert crm.ok("contact", "add", "Ada Lovelace") == "c2\n"
    assert crm.ok("followup", "add", "c2", "Write", "--due", "+3d") == "f2\n"
    crm.ok("undo", "--yes")
    if one == "0004":
        assert [item["ideal"] for item in crm.json("cadence", "list")["items"]] == ["6w"]


def test_a_copy_of_what_was_there_is_kept(older: tuple[Crm, str]) -> None:
    crm, one = older
    if crm.dialect != "sqlite":
        pytest.skip("copies of a server are its administrator's")
    was, rows = schema(crm.place), old.rows(crm.place)
    crm.ok("contact", "list")
    (copy,) = Path(crm.place).parent.glob("*.before-*")
    assert copy.name == f"crm.db.before-{one}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert schema(str(copy)) == was
    assert query(str(copy), "PRAGMA integrity_check") == "ok"
    assert old.rows(str(copy)) == rows


STARTER = """
import os, sys
from crmcli import cli
from crmcli.store import migrate
apply = migrate._apply
def counted(*args):
    with open(os.environ["CRM_TEST_APPLIED"], "a") as file:
        file.write("x")
    apply(*args)
migrate._apply = counted
os.read(0, 3)
sys.exit(cli.run(["contact", "list", "--fields", "display_name"]))
"""


@pytest.mark.parametrize("dialect", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_eight_starters_one_migrates(
    dialect: str, tmp_path: Path, home: Path, request: pytest.FixtureRequest
) -> None:
    if dialect == "sqlite":
        place = str(tmp_path / "crm.db")
        old.fill(place, "0004")
        _race(Crm(dialect, place, home), tmp_path)
        assert [path.name for path in tmp_path.glob("*.before-*")] == ["crm.db.before-0004"]
        return
    server = request.getfixturevalue("postgresql_server")
    if isinstance(server, str):
        servers.give_up(server)
    with server.database("template0") as place:
        old.fill(place, "0004")
        _race(Crm(dialect, place, home), tmp_path)


def _race(crm: Crm, folder: Path) -> None:
    environ = {**crm.environ(), "CRM_TEST_APPLIED": str(folder / "applied")}
    command = [sys.executable, "-c", STARTER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    starters = [subprocess.Popen(command, env=environ, cwd=ROOT, text=True, **pipes) for _ in range(8)]  # type: ignore[call-overload]
    for starter in starters:
        starter.stdin.write("go\n")
        starter.stdin.flush()
    ended = [(*starter.communicate(), starter.returncode) for starter in starters]
    assert ended == [("display_name\nGrace Hopper\n", "", 0)] * 8
    assert (folder / "applied").read_text() == "x"
    assert version(crm.place) == compiler.VERSION


NEWER = f"{int(compiler.VERSION) + 1:04}"


def contents(folder: Path) -> dict[str, str]:
    """The files of a folder, by what is in them."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_newer_database_is_not_touched(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("contact", "add", "Ada")
    connection = sqlite3.connect(crm_sqlite.place)
    connection.execute(f"UPDATE schema_version SET version_num = '{NEWER}'")
    connection.commit()
    connection.close()
    before = contents(Path(crm_sqlite.place).parent)
    for command in (("contact", "list"), ("contact", "add", "Grace"), ("undo", "--yes"), ("remind",), ("find", "a")):
        result = crm_sqlite(*command)
        assert (result.code, result.out) == (7, ""), command
        assert f"newer crm (schema {NEWER}" in result.err
    assert crm_sqlite("doctor").code == 1
    assert contents(Path(crm_sqlite.place).parent) == before


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("limit", [0.2, 0.5, 0.9, 1.02, 1.1, 1.2])
def test_a_disk_that_fills_up_leaves_the_old_one(crm_sqlite: Crm, tmp_path: Path, limit: float) -> None:
    """No file may grow beyond a limit: the copy first, the log of the migration with a higher one."""
    place = tmp_path / "crm.db"
    old.fill(str(place), "0001")
    before = old.rows(str(place))
    size = int(place.stat().st_size * limit)
    shell = f"ulimit -f {max(1, size // 512)}; trap '' XFSZ; exec '{sys.executable}' -m crmcli contact list"
    environ = {**crm_sqlite.environ(), "CRM_DB": str(place)}
    done = subprocess.run(["sh", "-c", shell], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        assert done.returncode == 7, done.stderr
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) <= 3
        assert version(str(place)) == "0001"
        assert old.rows(str(place)) == before
    assert crm_sqlite.json("contact", "list", env={"CRM_DB": str(place)})["items"][0]["display_name"] == "Grace Hopper"
    assert version(str(place)) == compiler.VERSION

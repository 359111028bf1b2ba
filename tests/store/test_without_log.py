"""Where the write-ahead log is not safe, a new database is made and kept without one, and that is said once."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from crmcli.kernel import mounts
from crmcli.store import sqlite
from tests.conftest import Crm

LOCAL = "27 1 254:0 / / rw - ext4 /dev/vda rw\n"
ON_NFS = "the database is on a shared file system (nfs4), so it is kept without a write-ahead log"
DEFECT = "SQLite 3.40.1 has a defect in its write-ahead log, so the database is kept without one"


@pytest.fixture(params=["network", "defect"])
def unsafe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A machine on which the log is not safe; what it says of that."""
    (tmp_path / "shared").mkdir(mode=0o700)
    table = f"{LOCAL}28 27 0:30 / {tmp_path}/shared rw - nfs4 nas:/crm rw\n"
    network = request.param == "network"
    version = (3, 51, 3) if network else (3, 40, 1)
    with (
        mock.patch.object(mounts, "table", return_value=table if network else LOCAL),
        mock.patch.object(sqlite, "ENGINE_VERSION", version),
    ):
        yield ON_NFS if network else DEFECT


def mode(place: object) -> str:
    connection = sqlite.DRIVER.connect(str(place))
    try:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        connection.close()


def test_it_is_made_without_and_told_once(crm_sqlite: Crm, unsafe: str, tmp_path: Path) -> None:
    place = tmp_path / "shared" / "crm.db"
    env = {"CRM_DB": str(place)}
    first = crm_sqlite("contact", "add", "Ada", env=env)
    assert (first.code, first.out) == (0, "c1\n")
    assert first.err.startswith(unsafe)
    assert len(first.err.splitlines()) == 1
    assert mode(place) == "delete"
    assert crm_sqlite("contact", "add", "Grace", env=env).err == ""
    assert crm_sqlite("contact", "list", env=env).err == ""
    assert mode(place) == "delete"
    assert [path.name for path in place.parent.iterdir()] == ["crm.db"]


def test_the_first_run_says_it(crm_sqlite: Crm, unsafe: str, tmp_path: Path) -> None:
    place = str(tmp_path / "shared" / "crm.db")
    assert unsafe in crm_sqlite("init", "--db", place, env={"CRM_DB": None}).err
    assert unsafe not in crm_sqlite("init", "--db", place, env={"CRM_DB": None}).err


def test_commits_stay_durable(unsafe: str, tmp_path: Path) -> None:
    connection = sqlite.open_place(str(tmp_path / "shared" / "crm.db"), writing=True)
    assert connection.notes[0].startswith(unsafe)
    assert connection.execute("PRAGMA synchronous").fetchone() == {"synchronous": 3}  # EXTRA
    connection.begin(writing=True)
    connection.commit()
    assert connection.execute("PRAGMA journal_mode").fetchone() == {"journal_mode": "delete"}
    connection.close()


def test_a_large_load_leaves_it_without(crm_sqlite: Crm, unsafe: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\n" + "".join(f"P{n},p{n}@engines.example\n" for n in range(50)))
    place = tmp_path / "shared" / "crm.db"
    crm_sqlite.ok("import", str(file), env={"CRM_DB": str(place)})
    assert mode(place) == "delete"


def test_one_that_has_a_log_keeps_it(crm_sqlite: Crm, unsafe: str, tmp_path: Path) -> None:
    place = tmp_path / "shared" / "crm.db"
    place.write_bytes(Path(crm_sqlite.place).read_bytes())
    assert crm_sqlite("contact", "add", "Ada", env={"CRM_DB": str(place)}).err == ""
    assert mode(place) == "wal"


def test_one_that_lost_its_log_on_a_safe_place_gets_it_back(crm_sqlite: Crm) -> None:
    connection = sqlite.DRIVER.connect(crm_sqlite.place)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    with mock.patch.object(mounts, "table", return_value=LOCAL):
        crm_sqlite.ok("contact", "add", "Ada")
    assert mode(crm_sqlite.place) == "wal"


def test_nobody_looks_at_mounts_where_there_is_a_log(crm_sqlite: Crm) -> None:
    with mock.patch.object(mounts, "table", side_effect=AssertionError):
        crm_sqlite.ok("contact", "add", "Ada")
        crm_sqlite.ok("contact", "list")

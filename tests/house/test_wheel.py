"""What is installed: the package with everything that it reads, the manual page, and both commands."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.source import PACKAGE, ROOT

pytest.importorskip("hatchling")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "NO_COLOR": "1"})
    (built,) = folder.glob("*.whl")
    return ZipFile(built)


def test_every_file_of_the_package_is_there(wheel: ZipFile) -> None:
    packed = {name for name in wheel.namelist() if name.startswith("crmcli/")}
    own = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert packed == {path.relative_to(ROOT).as_posix() for path in own}
    assert {Path(name).name for name in packed} >= {"schema_sqlite.sql", "0001_postgresql.sql", "0001_first.py"}


def test_beside_it_are_the_manual_page_and_two_commands(wheel: ZipFile) -> None:
    rest = {name.partition("/")[2] for name in wheel.namelist() if not name.startswith("crmcli/")}
    assert "data/share/man/man1/crm.1" in rest
    assert {name.split("/")[0] for name in rest} <= {
        "METADATA",
        "WHEEL",
        "RECORD",
        "entry_points.txt",
        "licenses",
        "data",
    }
    (commands,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert wheel.read(commands).decode().count("crmcli.__main__:main") == 2

"""`crm remind` in the odd places from which jobs are run: it tells what is due, and says nothing when nothing is."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Crm

CODE = "import sys; sys.path.insert(0, {root!r}); from crmcli.__main__ import main; sys.argv[0] = 'crm'; main()"
ROOT = str(Path(__file__).parents[2])
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "nothing": {},
    "LANG=C": {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "a locale that is not there": {"LC_ALL": "xx_YY.UTF-8"},
    "a home that cannot be written": {"HOME": "/proc"},
    "a home that is not there": {"HOME": "/nowhere/at/all"},
    "an empty home": {"HOME": ""},
    "a home that is relative": {"HOME": "here"},
    "a zone that is not there": {"TZ": "Mars/Olympus"},
    "an empty path": {"PATH": ""},
    "a terminal that is not there": {"TERM": "dumb", "COLUMNS": "0", "LINES": "-1"},
    "MAILTO and SHELL": {"MAILTO": "ada@engines.example", "SHELL": "/bin/sh", "LOGNAME": "ada"},
}


def remind(
    crm: Crm, env: Mapping[str, str], *, now: str = "2026-11-20T10:00:00Z", shell: str = "", user: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it with this environment and nothing else; `shell` is written behind the command, to redirect."""
    command = f'exec "$0" -c "$1" remind --db "$2" {shell}'
    return subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, CODE.format(root=ROOT), crm.place],
        env={"CRM_NOW": now, "CRM_USER": "ada", **env},
        cwd="/",
        capture_output=True,
        stdin=subprocess.DEVNULL,
        user=user,
        check=False,
    )


@pytest.fixture
def promised(crm_sqlite: Crm) -> Crm:
    crm_sqlite.ok("contact", "add", "Zoë Müller")
    crm_sqlite.ok("followup", "add", "c1", "Ring 山田", "--due", "2026-11-20 09:00")
    return crm_sqlite


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_tells_once_and_is_silent_then(promised: Crm, name: str) -> None:
    told = remind(promised, ENVIRONMENTS[name])
    assert (told.returncode, told.stderr) == (0, b"")
    assert "Ring 山田" in told.stdout.decode("utf-8")
    again = remind(promised, ENVIRONMENTS[name])
    assert (again.returncode, again.stdout, again.stderr) == (0, b"", b"")


@pytest.mark.parametrize("shell", ["<&-", "2>&-", "<&- 2>&-"])
def test_streams_that_are_closed(promised: Crm, shell: str) -> None:
    told = remind(promised, {}, shell=shell)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "Zoë".encode() in told.stdout


@pytest.mark.parametrize("shell", [">&-", "<&- >&- 2>&-"])
def test_without_an_output_nothing_is_lost(promised: Crm, shell: str) -> None:
    assert remind(promised, {}, shell=shell).returncode == 1
    assert "Zoë".encode() in remind(promised, {}).stdout
    assert remind(promised, {}, shell=shell).returncode == 0  # there is nothing to tell any more


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes somebody else")
def test_a_user_that_no_one_knows(promised: Crm) -> None:
    if Path(sys.executable).resolve().is_relative_to("/root"):
        pytest.skip("the interpreter is root's alone")
    nobody = 54321
    with tempfile.TemporaryDirectory() as folder:
        place = shutil.copy(promised.place, folder)
        for path in (folder, place):
            os.chown(path, nobody, nobody)
        told = remind(Crm("sqlite", place, promised.home), {}, user=nobody)
        assert (told.returncode, told.stderr) == (0, b"")
        assert "Zoë".encode() in told.stdout


def test_a_clock_that_was_set_back_tells_nothing_twice(promised: Crm) -> None:
    assert remind(promised, {}).stdout
    for now in ("2026-11-19T10:00:00Z", "2026-11-20T09:30:00Z", "2026-11-20T10:00:00Z", "1970-01-01T00:00:00Z"):
        again = remind(promised, {}, now=now)
        assert (again.returncode, again.stdout, again.stderr) == (0, b"", b"")

"""The program as a process of its own, in whatever surroundings a test gives it."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import NOW, Result
from tests.house.source import ROOT

NOBODY = 65534
"""A login without rights."""

STRANGER = 54321
"""A number that no login has."""

COMMAND = (sys.executable, "-m", "crmcli")
TOLD = 3
"""Lines that an error may have."""


def crm(
    *args: str, place: object = None, env: Mapping[str, str] | None = None, login: int | None = None, **options: Any
) -> Result:
    """Run one command to its end.

    Args:
        args: its words.
        place: the database, as --db.
        env: the whole environment, by default an ordinary one.
        login: the number of the login that runs it; only root can give one.
        options: for `subprocess.run`.
    """
    environ = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "CRM_USER": "ada", "CRM_NOW": NOW, "TZ": "UTC"}
    words = [*COMMAND, *(["--db", str(place)] if place else []), *args]
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT, **options}
    if login is not None and os.geteuid() == 0:
        given |= {"user": login, "group": login, "extra_groups": []}
    done = subprocess.run(words, env=environ if env is None else dict(env), check=False, timeout=120, **given)
    return Result(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


@contextmanager
def folder_of(login: int) -> Iterator[Path]:
    """A folder of a login's own, which it can reach."""
    with tempfile.TemporaryDirectory(prefix="crm-trust-") as made:
        if os.geteuid() == 0:
            os.chown(made, login, login)
        yield Path(made)
        os.chmod(made, 0o700)


def contents(folder: Path) -> dict[str, str]:
    """What is in the ordinary files of a folder, by their names."""
    return {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file()}


def digest(path: Path) -> str:
    """What is in a file, comparable."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(result: Result, *words: str, code: int = 7) -> None:
    """Assert that a command failed as it should: its status, nothing on the output, a few plain lines."""
    assert result.code == code, result
    assert result.out == ""
    assert 1 <= len(result.err.splitlines()) <= TOLD, result.err
    assert result.err.startswith("crm: "), result.err
    assert "Traceback" not in result.err
    assert "defect of the program" not in result.err
    for word in words:
        assert word in result.err, (word, result.err)

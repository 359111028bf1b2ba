"""Install and run every check and every test: `python3 tests/run.py [PYTEST ARGUMENT ...]`.

Needs Python 3.11 or newer and pip, nothing else: tools and libraries, a PostgreSQL server among them, go into the
folder `.venv`, in the versions of `.ci/requirements.lock`. A server of your own is used when CRM_TEST_POSTGRES names
it by URL; CRM_REQUIRE_POSTGRES=1 makes its absence a failure. The exit status is 0 when everything passed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".ci" / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WORKERS = "2"
# A file system in memory, and how much must be free there for the tests.
MEMORY, ENOUGH = Path("/dev/shm"), 4_000_000_000

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "compiled schema": ["-m", "crmcli.model.compile", "--check"],
    "generated pages": ["docs/generate.py", "--check"],
}


def main(arguments: list[str]) -> int:
    """Run all; returns the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have any
        sys.stderr.write(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}\n")
        return 2
    if not installed() and not install():
        return 1
    failed = [name for name, command in CHECKS.items() if not run(name, command)]
    with scratch() as place:
        if not run("tests", ["-m", "pytest", "-n", WORKERS, "--dist", "worksteal", *arguments], place):
            failed.append("tests")
    say(f"FAILED: {', '.join(failed)}" if failed else "everything passed")
    return int(bool(failed))


def fingerprint() -> str:
    """What the environment was made from."""
    made_from = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode() + bytes(ROOT)
    return hashlib.sha256(made_from).hexdigest()


def installed() -> bool:
    """Whether the environment is there and up to date."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8") == fingerprint()


def install() -> bool:
    """Make the environment anew; returns whether that worked."""
    say(f"making {VENV}")
    venv.create(VENV, with_pip=True, clear=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = run("libraries", [*pip, "--require-hashes", "-r", str(LOCK)]) and run(
        "crmcli itself", [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    )
    if done:
        STAMP.write_text(fingerprint(), "utf-8")
    return done


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """Where the tests put their databases, as environment: in memory where there is plenty, since none has to last.

    A person's TMPDIR is left alone.
    """
    if os.environ.get("TMPDIR") or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="crm-tests-", dir=MEMORY) as folder:
        os.chmod(folder, 0o755)  # a server that root starts runs as another user
        yield {"TMPDIR": folder}


def run(name: str, command: list[str], more: Mapping[str, str] = {}) -> bool:
    """Run the environment's Python; returns whether it succeeded."""
    say(f"{name}: python {' '.join(command)}")
    environ = {**os.environ, **more}
    arguments = [str(PYTHON), *command]
    return subprocess.run(arguments, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, check=False).returncode == 0


def say(text: str) -> None:
    """Tell what happens, at once."""
    sys.stdout.write(f"== {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

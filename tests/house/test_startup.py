"""What each class of command imports: start-up is most of what a command costs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Crm
from tests.house.source import ROOT

SPY = """
import os, sys
leave = os._exit
def tell(status):
    open(os.environ["CRM_TEST_MODULES"], "w").write("\\n".join([str(status), *sys.modules]))
    leave(status)
os._exit = tell
from crmcli.__main__ import main
main()
"""
# Never on a working day: these are for migrating, for editing, for asking, or for the other database.
HEAVY = {"sqlalchemy", "sqlmodel", "pydantic", "alembic", "questionary", "prompt_toolkit", "psycopg", "tomli_w"}
SLOW = {"zoneinfo", "tomllib", "tempfile", "logging", "platformdirs", "phonenumbers", "email_validator", "holidays"}
DRAWING = {"rich", "pygments", "markdown_it"}


@pytest.fixture
def filled(crm_sqlite: Crm) -> Crm:
    crm_sqlite.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm_sqlite.ok("log", "in", "c1", "Asked about delivery", "--channel", "call")
    crm_sqlite.ok("followup", "add", "c1", "Call back", "--due", "2026-11-21 09:00")
    crm_sqlite.ok("cadence", "set", "c1", "6w")
    crm_sqlite.ok("cadence", "set", "--where", "created<2027-01-01", "1m")
    return crm_sqlite


def modules(crm: Crm, tmp_path: Path, *args: str, **env: str) -> set[str]:
    """The packages that a command imports beyond those of a bare Python."""
    told = tmp_path / "modules"
    environ = {**crm.environ(**env), "CRM_TEST_MODULES": str(told)}
    done = subprocess.run(
        [sys.executable, "-c", SPY, *args],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    status, *names = told.read_text().splitlines()
    assert status == "0", done.stderr.decode()
    return {name.split(".")[0] for name in names} - bare()


def bare() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_version_needs_almost_nothing(crm_sqlite: Crm, tmp_path: Path) -> None:
    assert modules(crm_sqlite, tmp_path, "--version") <= {"crmcli", "gc"}


def test_completion_starts_no_typer(filled: Crm, tmp_path: Path) -> None:
    met = modules(filled, tmp_path, "__complete", "zsh", "crm show Ad")
    assert met & (HEAVY | DRAWING | SLOW | {"typer", "json"}) == set()


READS = [
    ("contact", "list"),
    ("contact", "show", "c1"),
    ("interaction", "list"),
    ("followup", "list"),
    ("queue",),
    ("cadence", "list"),
    ("cadence", "list", "--due"),
    ("find", "Ada"),
    ("show", "c1"),
    ("remind",),
    (),
]
# Amounts are counted in fractions, which bring decimals along.
SALES = [
    ("deal", "list"),
    ("order", "list"),
    ("product", "list"),
    ("case", "list"),
    ("pipeline", "list"),
]
WRITES = [
    ("contact", "edit", "c1", "--job-title", "Engineer"),
    ("contact", "tag", "c1", "vip"),
    ("log", "out", "c1", "Called", "--channel", "call"),
    ("followup", "add", "c1", "Write", "--due", "2026-11-22 09:00"),
    ("followup", "done", "f1"),
    ("followup", "add", "c1", "Write", "--every", "monday"),
    ("cadence", "set", "c1", "7w"),
    ("deal", "add", "Engine", "--contact", "c1", "--amount", "12000 EUR", "--no-next"),
    ("order", "add", "c1", "--line", "2 x Box @ 7.50 EUR"),
    ("case", "open", "c1", "Wheel stuck"),
]


@pytest.mark.parametrize("args", READS, ids=" ".join)
def test_a_piped_read_draws_nothing(filled: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(filled, tmp_path, *args) & (HEAVY | SLOW | DRAWING | {"decimal"}) == set()


@pytest.mark.parametrize("args", SALES, ids=" ".join)
def test_a_piped_read_of_sales_draws_nothing(filled: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(filled, tmp_path, *args) & (HEAVY | SLOW | DRAWING) == set()


@pytest.mark.parametrize("args", READS, ids=" ".join)
def test_json_draws_nothing(filled: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(filled, tmp_path, *args, "--json") & (HEAVY | SLOW | DRAWING) == set()


@pytest.mark.parametrize("args", READS, ids=" ".join)
def test_a_table_needs_rich_and_no_more(filled: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(filled, tmp_path, *args, "-o", "table") & (HEAVY | SLOW | {"pygments"}) == set()


@pytest.mark.parametrize("args", WRITES, ids=" ".join)
def test_a_write_draws_nothing(filled: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(filled, tmp_path, *args) & (HEAVY | SLOW | DRAWING) == set()


@pytest.mark.parametrize("args", [("--help",), ("contact", "--help"), ("contact", "add", "--help")], ids=" ".join)
def test_help_is_plain(crm_sqlite: Crm, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert modules(crm_sqlite, tmp_path, *args) & (HEAVY | {"pygments", "markdown_it"}) == set()


@pytest.mark.postgresql
def test_postgresql_needs_psycopg_and_no_more(postgresql_place: str, home: Path, tmp_path: Path) -> None:
    crm = Crm("postgresql", postgresql_place, home)
    crm.ok("contact", "add", "Ada")
    met = modules(crm, tmp_path, "contact", "list")
    assert "psycopg" in met
    assert met & ((HEAVY | DRAWING) - {"psycopg"}) == set()

"""A backup that is made while another process writes all the time."""

import subprocess
import sys
from pathlib import Path

from crmcli.app import App
from tests.conftest import Crm
from tests.everything import fill
from tests.house.source import ROOT

WRITER = """
import sys
from crmcli.app import App
app = App(command="contact add")
for number in range(10_000):
    app.contacts.add(f"Person {number}", {"email": [f"p{number}@load.example"], "tag": ["many"]})
    print(number, flush=True)
"""
BACKUPS = 3


def test_it_is_whole_and_has_what_was_acknowledged(crm_sqlite: Crm, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER]
    with subprocess.Popen(command, env=crm_sqlite.environ(), cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = -1
        try:
            for number in range(BACKUPS):
                acknowledged = int(writer.stdout.readline())
                target = str(tmp_path / f"copy{number}")
                crm_sqlite.ok("db", "backup", target)
                assert crm_sqlite.ok("db", "verify", target, "-q") == ""
                there = Crm("sqlite", target, crm_sqlite.home)
                assert there.json("contact", "list", f"Person {acknowledged}")["items"] != []
        finally:
            writer.kill()
    assert acknowledged >= BACKUPS - 1
    assert crm_sqlite.ok("db", "verify", "-q") == ""


def test_what_the_program_writes_is_sound(app: App) -> None:
    fill(app)
    record = app.database.verify()
    assert record["findings"] == []
    app.history.undo()
    assert app.database.verify()["findings"] == []


def test_the_demo_is_sound(crm_sqlite: Crm, tmp_path: Path) -> None:
    place = str(tmp_path / "demo.db")
    crm_sqlite.ok("demo", "--path", place)
    assert crm_sqlite.ok("db", "verify", "--db", place, "-q") == ""


def test_an_import_is_sound(crm: Crm, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(
        "Name,Email,Phone,Company,Tags\nAda Lovelace,ada@x.example,+442079460958,Engines,vip\n"
        "Éva Ødegård,e@x.example,,,\n"
    )
    crm.ok("import", str(table), "--yes")
    assert crm.ok("db", "verify", "-q") == ""
    crm.ok("undo")
    assert crm.ok("db", "verify", "-q") == ""

"""Where the database is, and what happens where there is none, no room or no right."""

import os
import subprocess
import sys

import pytest

from tests.house.source import ROOT


@pytest.mark.parametrize("place", ["mysql://x/y", "sqlite:///x", "postgressql://ada:secret@host/crm"])
def test_an_unknown_kind_of_place_is_refused(crm_sqlite, place, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for command in (("contact", "list"), ("contact", "add", "Ada")):
        result = crm_sqlite(*command, "--db", place)
        assert (result.code, "secret" in result.err) == (2, False)
    assert list(here.iterdir()) == []


def test_an_empty_place_is_not_the_usual_one(crm_sqlite):
    assert crm_sqlite("contact", "add", "Ada", "--db", "").code == 2
    assert crm_sqlite.json("contact", "list")["items"] == []


@pytest.mark.parametrize(
    "command",
    ["demo --path {}", "export contacts --to {}", "export all --to {}", "privacy replay {}", "db backup {}",
     "import {}", "contact list --db {}", "contact add Ada --db {}", "db info --db {}", "calendar publish {}"],
)  # fmt: skip
def test_a_path_with_a_nul_character_is_refused_in_words(crm_sqlite, command):
    crm_sqlite.ok("contact", "add", "Ada")
    refused = crm_sqlite(*(word.format("a\0b") for word in command.split()))
    assert (refused.code, refused.out) == (2, "")
    assert "\0" not in refused.err


def test_the_doctor_looks_at_no_place_with_a_nul_character(crm_sqlite):
    looked = crm_sqlite("doctor", "--db", "a\0b")
    assert looked.code == 1
    assert "holds a NUL character" in looked.out


@pytest.mark.parametrize("size", [100, 300, 400])
def test_a_limit_reached_at_first_use_leaves_nothing_behind(crm_sqlite, tmp_path, size):
    place = tmp_path / "new" / "crm.db"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size * 1024},) * 2)"
    code = f"{limited}; import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    code += "; from crmcli import cli; raise SystemExit(cli.run(['contact', 'add', 'Ada']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=crm_sqlite.environ(CRM_DB=str(place)),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    assert list(place.parent.iterdir()) == []
    crm_sqlite.ok("contact", "add", "Ada", "--db", str(place))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_settings_that_may_not_be_read(crm_sqlite, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o000)
    assert crm_sqlite("contact", "list", env={"CRM_CONFIG": str(folder / "config.toml")}).code == 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["contact", "list"], ["contact", "add", "Ada"]])
def test_no_room_for_the_output(crm_sqlite, arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crmcli", *arguments],
            env=crm_sqlite.environ(),
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z", "yesterday"])
def test_a_moment_at_the_end_of_the_calendar(crm_sqlite, now):
    assert crm_sqlite(env={"CRM_NOW": now}).code == 2


def test_a_limit_beyond_all_lists(crm_sqlite):
    assert crm_sqlite("contact", "list", "-n", "9" * 20).code == 2

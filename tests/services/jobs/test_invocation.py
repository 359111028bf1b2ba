"""What a job runs."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.kernel.settings import Settings
from crmcli.services.jobs import invocation as module
from crmcli.services.jobs.invocation import invocation, program


@pytest.fixture
def crm_file(tmp_path: Path) -> Path:
    """A program called crm, in a folder with a space."""
    file = tmp_path / "my programs" / "crm"
    file.parent.mkdir()
    file.write_text("#!/bin/sh\n", "utf-8")
    file.chmod(0o755)
    return file


def of(tmp_path: Path, db: str | None = None, **environ: str) -> App:
    """An App of the login whose home is `tmp_path`."""
    return App(Settings(db=db), environ=environ)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, crm_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine knows `tmp_path` as the home of this login, and the program is that of the test."""
    monkeypatch.setattr(module, "login_home", lambda: str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(crm_file)])


def test_the_program_that_runs_now(crm_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program(str(crm_file), {}) == [str(crm_file)]
    assert program("crm", {"PATH": str(crm_file.parent)}) == [str(crm_file)]
    monkeypatch.chdir(crm_file.parent)
    assert program("./crm", {}) == [str(crm_file)]
    other = crm_file.with_name("crmcli")
    other.symlink_to(crm_file)
    assert program(str(other), {}) == [str(other)]


@pytest.mark.parametrize("called", ["", "-c", "/usr/lib/crmcli/__main__.py", "/usr/bin/pytest", "/nowhere/crm", "crm"])
def test_else_the_module(called: str) -> None:
    assert program(called, {"PATH": "/nowhere"}) == [os.path.abspath(sys.executable), "-m", "crmcli"]


def test_a_bare_shell_needs_no_variables(tmp_path: Path, crm_file: Path) -> None:
    found = invocation(of(tmp_path), ["email"], "daily")
    assert found.environ == {}
    assert found.words[0] == str(crm_file)
    assert found.words[3:] == ("remind", "--channel", "email", "--digest", "daily")
    data = str(tmp_path / ".local/share/crm/crm.db")
    assert invocation(of(tmp_path, HOME=str(tmp_path)), [], "").words[1:] == ("--db", data, "remind")


def test_what_the_job_could_not_know_is_told(tmp_path: Path) -> None:
    there = {"HOME": str(tmp_path / "x"), "CRM_USER": "grace", "CRM_TIMEZONE": "Asia/Tokyo", "CRM_CONFIG": "c.toml"}
    found = invocation(of(tmp_path, **there), [], "").environ
    expected = {**there, "CRM_CONFIG": os.path.abspath("c.toml")}
    assert found == expected
    elsewhere = invocation(of(tmp_path, HOME=str(tmp_path), XDG_CONFIG_HOME="/srv/etc"), [], "").environ
    assert elsewhere["CRM_CONFIG"] == "/srv/etc/crm/config.toml"


def test_what_the_settings_say_is_not_repeated(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    app = of(tmp_path, **home)
    app.setup.set("user", "grace")
    app.setup.set("timezone", "Asia/Tokyo")
    again = of(tmp_path, **home, CRM_USER="grace", CRM_TIMEZONE="Asia/Tokyo")
    assert invocation(again, [], "").environ == {}


def test_programs_of_the_settings_are_found(tmp_path: Path, crm_file: Path) -> None:
    path = f"{crm_file.parent}:/usr/bin:/bin"
    app = of(tmp_path, HOME=str(tmp_path), PATH=path)
    app.setup.set("remind.program", "sh -c true")
    assert "PATH" not in invocation(of(tmp_path, HOME=str(tmp_path), PATH=path), [], "").environ
    shutil.copy(crm_file, crm_file.with_name("my-pass"))
    app.setup.set("smtp.password_command", "my-pass show mail")
    assert invocation(of(tmp_path, HOME=str(tmp_path), PATH=path), [], "").environ["PATH"] == path


@pytest.mark.parametrize(
    "url", ["postgresql://ada:secret@h/crm", "postgres://h/crm?user=ada&password=secret", "postgresql://:secret@h/crm"]
)
def test_a_password_never_comes_into_a_job(tmp_path: Path, url: str) -> None:
    for app in (of(tmp_path, db=url), of(tmp_path, CRM_DB=url)):
        with pytest.raises(UsageError) as refused:
            invocation(app, [], "")
        assert "secret" not in f"{refused.value.message} {refused.value.hint}"
        assert "crm config set db" in refused.value.hint
    kept = of(tmp_path, HOME=str(tmp_path))
    kept.setup.set("db", url)
    assert invocation(kept, [], "").words[1:] == ("remind",)  # the job reads the settings


def test_a_url_without_one_does(tmp_path: Path) -> None:
    found = invocation(of(tmp_path, CRM_DB="postgresql://ada@h/crm"), [], "")
    assert found.words[1:] == ("--db", "postgresql://ada@h/crm", "remind")


def test_the_bus_of_the_desktop(tmp_path: Path) -> None:
    bus = "unix:path=/run/user/1000/bus"
    app = of(tmp_path, HOME=str(tmp_path), DBUS_SESSION_BUS_ADDRESS=bus)
    assert invocation(app, ["desktop"], "").environ == {"DBUS_SESSION_BUS_ADDRESS": bus}
    assert invocation(app, ["email"], "").environ == {}


@pytest.mark.parametrize("place", ["/srv/a\nb.db", "/srv/a\\b.db", "/srv/\x1b[31m.db"])
def test_what_no_crontab_can_hold(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="cannot stand in a job"):
        invocation(of(tmp_path, db=place), [], "")

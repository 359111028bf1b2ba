"""Completion finds the database where the program finds it."""

from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.completion import place
from crmcli.kernel import config
from crmcli.kernel.settings import Settings

PATHS = ["/srv/crm.db", "~/my crm.db", 'C:\\data\\"x".db', "postgresql://ada@host.example/crm", "ünï.db"]


def of_the_program(option: str, environ: dict[str, str]) -> str:
    return App(Settings(db=option or None), environ=environ).place


@pytest.mark.parametrize("path", PATHS)
def test_the_setting_is_read_as_the_program_reads_it(tmp_path: Path, path: str) -> None:
    config.save(tmp_path / ".config/crm/config.toml", {"user": "db", "db": path})
    environ = {"HOME": str(tmp_path)}
    assert of_the_program("", environ) == path
    assert place.find("", environ) == str(Path(path).expanduser() if path.startswith("~") else path)


@pytest.mark.parametrize(
    "line", ["db = '/a b.db'", 'db="/a b.db"', ' db  =  "/a b.db" # mine', "user = 'x'\ndb = '/a b.db'"]
)
def test_toml_written_by_hand(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings").write_text(line + "\n[later]\ndb = 'no'\n".replace("[later]\ndb = 'no'\n", ""))
    environ = {"HOME": str(tmp_path), "CRM_CONFIG": str(tmp_path / "settings")}
    assert place.find("", environ) == of_the_program("", environ) == "/a b.db"


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/home/ada"},
        {"HOME": "/home/ada", "XDG_DATA_HOME": "/data"},
        {"HOME": "/home/ada", "CRM_DB": "/elsewhere.db"},
        {"HOME": "/home/ada", "CRM_DB": ""},
    ],
)
@pytest.mark.parametrize("option", ["", "/given.db"])
def test_option_variable_and_usual_place(option: str, environ: dict[str, str]) -> None:
    assert place.find(option, environ) == of_the_program(option, environ)


def test_what_the_shell_would_have_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert place.find("~/x.db", {}) == place.find("$HOME/x.db", {}) == "/home/ada/x.db"

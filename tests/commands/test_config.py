"""`crm config`."""

import tomllib
from pathlib import Path
from stat import S_IMODE

import pytest

from crmcli.kernel.config import SETTINGS
from tests.conftest import Crm


@pytest.fixture
def file(home: Path) -> Path:
    """The file of settings."""
    return home / ".config" / "crm" / "config.toml"


def test_a_setting_is_written_read_and_taken_out(crm_sqlite: Crm, file: Path) -> None:
    crm = crm_sqlite
    assert crm.ok("config", "set", "timezone", "europe/vienna") == "timezone\n"
    assert crm.ok("config", "set", "country", "at", tty=True) == "country is AT\n"
    assert tomllib.loads(file.read_text("utf-8")) == {"timezone": "Europe/Vienna", "country": "AT"}
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert crm.ok("config", "get", "timezone") == "Europe/Vienna\n"
    assert crm.ok("config", "unset", "timezone") == "timezone\n"
    assert crm("config", "get", "timezone").code == 3
    assert tomllib.loads(file.read_text("utf-8")) == {"country": "AT"}


def test_the_list_shows_every_setting(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("config", "set", "currency", "eur")
    document = crm_sqlite.json("config", "list")
    assert document["schema"] == "crm.setting.list/1"
    values = {item["key"]: item["value"] for item in document["items"]}
    assert values == {**dict.fromkeys(SETTINGS), "currency": "EUR"}
    assert crm_sqlite.json("config", "get", "currency")["item"]["value"] == "EUR"


def test_the_path(crm_sqlite: Crm, file: Path, tmp_path: Path) -> None:
    assert crm_sqlite.ok("config", "path") == f"{file}\n"
    other = str(tmp_path / "other.toml")
    assert crm_sqlite.ok("config", "path", env={"CRM_CONFIG": other}) == f"{other}\n"


def test_a_relative_place_is_kept_whole(crm_sqlite: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    crm_sqlite.ok("config", "set", "db", "crm.db")
    assert crm_sqlite.ok("config", "get", "db") == f"{tmp_path / 'crm.db'}\n"
    crm_sqlite.ok("config", "set", "db", "postgresql://ada@db.example/crm")
    assert crm_sqlite.ok("config", "get", "db") == "postgresql://ada@db.example/crm\n"


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["get", "timezon"], 2, "did you mean timezone?"),
        (["set", "colour", "red"], 2, "there is no setting 'colour'"),
        (["unset", "zzz"], 2, "there is no setting 'zzz'"),
        (["unset", "user"], 3, "user is not set"),
        (["set", "timezone", "Europe/Viena"], 2, "Europe/Vienna"),
        (["set", "language", "klingon!"], 2, "is not a language tag"),
        (["set", "country", "UK"], 2, "the United Kingdom is GB"),
        (["set", "currency", "EUX"], 2, "there is no currency 'EUX'"),
        (["set", "user", "me"], 2, "cannot be a user name"),
        (["set", "user", ""], 2, "user"),
        (["set", "db", "mysql://root:secret@host/crm"], 2, "is not a place for the database"),
        (["set", "db", "a\0b"], 2, "NUL"),
    ],
)
def test_what_is_refused(crm_sqlite: Crm, file: Path, args: list[str], code: int, words: str) -> None:
    result = crm_sqlite("config", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert "secret" not in result.err
    assert not file.exists()


def test_nothing_is_written_twice(crm_sqlite: Crm, file: Path) -> None:
    crm_sqlite.ok("config", "set", "user", "ada")
    before = file.stat().st_mtime_ns, file.read_bytes()
    assert crm_sqlite.ok("config", "set", "user", "ada", tty=True) == "user was ada already\n"
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_settings_take_effect(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("config", "set", "country", "GB")
    crm_sqlite.ok("contact", "add", "Ada", "--phone", "020 7946 0958")
    assert crm_sqlite.json("contact", "show", "c1")["item"]["phones"][0]["e164"] == "+442079460958"


def test_no_place_for_settings(crm_sqlite: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.expanduser", lambda path: "/nowhere/at/all")
    result = crm_sqlite("config", "set", "user", "ada", env={"HOME": None})
    assert (result.code, result.out) == (1, "")
    assert "CRM_CONFIG" in result.err


def test_our_own_addresses(crm_sqlite: Crm, file: Path) -> None:
    crm_sqlite.ok("config", "set", "team.addresses", "Ada@engines.example @navy.example, ada@engines.example")
    assert crm_sqlite.ok("config", "get", "team.addresses") == "ada@engines.example, @navy.example\n"
    file.write_text('[team]\naddresses = "ada@engines.example"\n', "utf-8")
    assert crm_sqlite.ok("config", "get", "team.addresses") == "ada@engines.example\n"
    refused = crm_sqlite("config", "set", "team.addresses", "ada")
    assert (refused.code, "'ada' is not an e-mail address" in refused.err) == (2, True)

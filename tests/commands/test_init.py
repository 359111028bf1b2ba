"""`crm init`."""

import tomllib
from pathlib import Path
from stat import S_IMODE

import pytest

from tests.conftest import Crm

BARE: dict[str, str | None] = {"CRM_DB": None, "CRM_USER": None, "CRM_TIMEZONE": None, "LOGNAME": "ada", "TZ": "UTC"}


@pytest.fixture
def file(home: Path) -> Path:
    """The file of settings."""
    return home / ".config" / "crm" / "config.toml"


def settings(file: Path) -> dict[str, str]:
    """What is in the file of settings."""
    return {name: str(value) for name, value in tomllib.loads(file.read_text("utf-8")).items()}


def test_without_questions_the_defaults_do(crm_sqlite: Crm, home: Path, file: Path) -> None:
    result = crm_sqlite("init", "--no-input", env=BARE)
    database = home / ".local" / "share" / "crm" / "crm.db"
    assert (result.code, result.out) == (0, f"{database}\n")
    assert settings(file) == {"user": "ada", "timezone": "UTC"}
    assert S_IMODE(database.stat().st_mode) == 0o600
    users = crm_sqlite.json("user", "list", env=BARE)["items"]
    assert [(user["name"], user["timezone"], user["role"]) for user in users] == [("ada", "UTC", "admin")]


def test_flags_are_checked_and_written(crm_sqlite: Crm, tmp_path: Path, file: Path) -> None:
    database = tmp_path / "deep" / "mine.db"
    flags = [
        "--user",
        "tom",
        "--timezone",
        "europe/vienna",
        "--language",
        "de-at",
        "--country",
        "at",
        "--currency",
        "eur",
    ]
    assert crm_sqlite.ok("init", "--db", str(database), *flags, env=BARE) == f"{database}\n"
    assert settings(file) == {
        "db": str(database),
        "user": "tom",
        "timezone": "Europe/Vienna",
        "language": "de-AT",
        "country": "AT",
        "currency": "EUR",
    }
    assert crm_sqlite.ok("user", "list", "--fields", "name", env=BARE) == "name\ntom\n"


def test_again_changes_only_what_is_given(crm_sqlite: Crm, file: Path) -> None:
    crm_sqlite.ok("init", "--user", "tom", "--currency", "eur", env=BARE)
    crm_sqlite.ok("contact", "add", "Ada", env=BARE)
    before = settings(file)
    result = crm_sqlite("init", "--no-input", env=BARE)
    assert "was there already" in result.err
    assert "Nothing to change" in result.err
    assert settings(file) == before
    crm_sqlite.ok("init", "--currency", "usd", env=BARE)
    assert settings(file) == {**before, "currency": "USD"}
    assert crm_sqlite.ok("contact", "list", "--fields", "id", env=BARE) == "id\nc1\n"
    assert crm_sqlite.ok("user", "list", "--fields", "name", env=BARE) == "name\ntom\n"


def test_questions_show_what_is_likely(crm_sqlite: Crm, tmp_path: Path, file: Path) -> None:
    database = tmp_path / "asked.db"
    answers = f"{database}\n\nEurope/Viena\nEurope/Vienna\n\nAT\n\n"
    env = {**BARE, "TERM": "dumb", "LANG": "de_AT.UTF-8"}
    result = crm_sqlite("init", tty=True, asks=True, stdin=answers, env=env)
    assert result.code == 0, result.err
    assert "Where should the data live?" in result.err
    assert "there is no time zone 'Europe/Viena'" in result.err
    assert "[de-AT]" in result.err
    assert f"This goes into {file}:" in result.err
    expected = {"db": str(database), "user": "ada", "timezone": "Europe/Vienna", "language": "de-AT", "country": "AT"}
    assert settings(file) == expected
    assert f"Made the database {database}" in result.err
    assert result.err.count("  crm ") == 3


def test_giving_up_at_a_question_writes_nothing(crm_sqlite: Crm, home: Path, file: Path) -> None:
    result = crm_sqlite("init", tty=True, asks=True, stdin="\n", env={**BARE, "TERM": "dumb"})
    assert result.code == 130
    assert not file.exists()
    assert not (home / ".local").exists()


def test_what_the_environment_decides_is_not_asked(crm_sqlite: Crm, file: Path) -> None:
    result = crm_sqlite("init", tty=True, asks=True, stdin="\n\n\n", env={"TERM": "dumb"})
    assert result.code == 0, result.err
    assert "CRM_DB says so" in result.err
    assert settings(file) == {"user": "ada", "timezone": "UTC"}


def test_a_team_is_joined(crm: Crm, file: Path) -> None:
    crm.ok("contact", "add", "Grace")
    result = crm("init", "--db", crm.place, "--user", "tom", env=BARE)
    assert result.code == 0, result.err
    assert "Added you to its team as tom" in result.err
    assert settings(file)["db"] == crm.place
    assert crm.ok("contact", "list", "--fields", "display_name", env=BARE) == "display_name\nGrace\n"
    assert crm.ok("user", "list", "--fields", "name", env=BARE) == "name\nada\ntom\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--timezone", "Nowhere"], "there is no time zone 'Nowhere'"),
        (["--currency", "EURO"], "there is no currency 'EURO'"),
        (["--country", "Austria"], "there is no country 'Austria'"),
        (["--language", "?"], "is not a language tag"),
        (["--user", "me"], "cannot be a user name"),
        (["--db", "/"], "is a folder"),
    ],
)
def test_a_bad_value_writes_nothing(crm_sqlite: Crm, home: Path, flags: list[str], words: str) -> None:
    result = crm_sqlite("init", *flags, env=BARE)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert not list(home.iterdir())


def test_a_foreign_file_is_left_alone(crm_sqlite: Crm, tmp_path: Path, file: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada, how are you?")
    result = crm_sqlite("init", "--db", str(letter), env=BARE)
    assert (result.code, result.out) == (7, "")
    assert letter.read_text() == "Dear Ada, how are you?"
    assert not file.exists()


def test_a_password_is_not_shown(crm_sqlite: Crm, file: Path) -> None:
    result = crm_sqlite("init", "--db", "postgresql://ada:secret@127.0.0.1:1/crm", env=BARE)
    assert result.code != 0
    assert "secret" not in result.err
    assert not file.exists()


def test_another_program_of_that_name_is_told(crm_sqlite: Crm, tmp_path: Path) -> None:
    for folder, name in (("theirs", "crm"), ("ours", "crmcli")):
        program = tmp_path / folder / name
        program.parent.mkdir()
        program.touch(0o755)
    path = f"{tmp_path / 'theirs'}:{tmp_path / 'ours'}"
    told = crm_sqlite("init", "--no-input", env={**BARE, "PATH": path}).err
    assert f"{tmp_path / 'theirs' / 'crm'} owns the name crm" in told
    assert "  crmcli show ada" in told


def test_the_settings_as_json(crm_sqlite: Crm) -> None:
    document = crm_sqlite.json("init", "--no-input", env=BARE)
    assert {item["key"]: item["value"] for item in document["items"]}["user"] == "ada"

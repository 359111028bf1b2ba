"""Passwords and keys stay in their files: no command shows them, keeps them, or hands them to another program."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.conftest import Crm
from tests.notifiers.servers import free_port

SECRET = "correct-horse-7f3a"
PLACE = f"postgresql://ada:{SECRET}@127.0.0.1:1/crm?connect_timeout=1"
READING = (
    ("config", "list"),
    ("config", "list", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("contact", "list"),
    ("history",),
    ("remind", "status"),
    ("remind", "log", "--json"),
    ("remind", "install", "--cron", "--dry-run"),
    ("remind", "install", "--systemd", "--dry-run"),
    ("export", "all"),
)
# Writes down how every program was called that the program starts.
WITNESS = """#!/bin/sh
echo "$0 $*" >> {calls}
env >> {calls}.environ
"""


@pytest.fixture
def keeper(crm_sqlite: Crm, tmp_path: Path) -> Crm:
    """A program whose settings name a secret of every kind, each in a file of its own."""
    crm, port = crm_sqlite, str(free_port())
    crm.ok("contact", "add", "Ada")
    crm.ok("followup", "add", "c1", "Call", "--due", "2026-11-19")
    for name, words in {
        "smtp.password_file": SECRET,
        "webhook.secret_file": SECRET,
        "apprise.urls_file": f"json://ada:{SECRET}@127.0.0.1:{port}/",
    }.items():
        path = tmp_path / name
        path.write_text(words + "\n")
        path.chmod(0o600)
        crm.ok("config", "set", name, str(path))
    for name, value in {
        "smtp.host": "127.0.0.1",
        "smtp.port": port,
        "smtp.security": "none",
        "smtp.user": "ada",
        "smtp.from": "ada@engines.example",
        "webhook.url": f"http://127.0.0.1:{port}/",
        "remind.program": str(tmp_path / "witness"),
    }.items():
        crm.ok("config", "set", name, value)
    witness = tmp_path / "witness"
    witness.write_text(WITNESS.format(calls=tmp_path / "calls"))
    witness.chmod(0o700)
    return crm


def everything(folder: Path) -> bytes:
    """The bytes of all files below a folder but the secrets' own."""
    own = ("smtp.password_file", "webhook.secret_file", "apprise.urls_file")
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name not in own)


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["", "debug"])
def test_no_channel_tells_its_secret(keeper: Crm, tmp_path: Path, debug: tuple[str, ...]) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    for channel in ("email", "webhook", "apprise", "program"):
        result = keeper("remind", "--channel", channel, *debug)
        assert SECRET not in result.out + result.err, channel
    assert (tmp_path / "calls").exists()
    for words in READING:
        result = keeper(*words, *debug)
        assert SECRET not in result.out + result.err, words
    assert SECRET.encode() not in everything(tmp_path)


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["", "debug"])
@pytest.mark.parametrize("given", ["option", "environment", "setting"])
def test_the_password_of_a_database_is_shown_nowhere(keeper: Crm, given: str, debug: tuple[str, ...]) -> None:
    before, env = (), {"CRM_DB": None}
    if given == "option":
        before = ("--db", PLACE)
    elif given == "environment":
        env = {"CRM_DB": PLACE}
    else:
        settings = keeper.home / ".config" / "crm" / "config.toml"
        settings.write_text(f'db = "{PLACE}"\n')
    for words in (*READING, ("config", "get", "db"), ("log", "note", "c1", "x"), ("init", "--user", "ada")):
        result = keeper(*before, *words, *debug, env=env)
        if words[:1] == ("config",) and given == "setting":
            continue  # it stands in a file of mine, which this prints to me
        assert SECRET not in result.out + result.err, words


def test_files_of_settings_and_data_are_mine_alone(keeper: Crm) -> None:
    made = keeper.home / "made.db"
    keeper.ok("contact", "add", "Ada", env={"CRM_DB": str(made)})
    settings = keeper.home / ".config" / "crm" / "config.toml"
    assert [stat.S_IMODE(os.stat(path).st_mode) for path in (settings, made)] == [0o600, 0o600]


@pytest.mark.parametrize("name", ["smtp.password_file", "webhook.secret_file", "apprise.urls_file"])
def test_a_secret_that_others_can_read_is_refused(keeper: Crm, tmp_path: Path, name: str) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    (tmp_path / name).chmod(0o640)
    channel = {"smtp": "email"}.get(name.split(".")[0], name.split(".")[0])
    result = keeper("remind", "--channel", channel)
    assert result.code != 0
    assert "chmod 600" in result.err and SECRET not in result.err


def test_no_secret_is_an_argument_of_a_program(keeper: Crm, tmp_path: Path) -> None:
    asked = tmp_path / "ask"
    asked.write_text(
        f"#!{sys.executable}\nimport sys\nprint('{SECRET}')\nopen('{tmp_path}/argv', 'w').write(repr(sys.argv))\n"
    )
    asked.chmod(0o700)
    keeper.ok("config", "unset", "smtp.password_file")
    keeper.ok("config", "set", "smtp.password_command", str(asked))
    assert SECRET not in keeper("remind", "--channel", "email", "--debug").err
    keeper("remind", "--channel", "program")
    assert SECRET not in (tmp_path / "calls").read_text() + (tmp_path / "calls.environ").read_text()

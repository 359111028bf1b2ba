"""Notifications on the desktop, with a stand-in for notify-send."""

import os
from pathlib import Path

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import desktop
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure
from tests.notifiers.notices import ITEM, NOTICE, items, script, surroundings


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    script(
        tmp_path,
        f'printf "%s\\0" "$@" > {tmp_path}/told; echo "$DBUS_SESSION_BUS_ADDRESS" > {tmp_path}/bus',
        "notify-send",
    )
    return surroundings({}, PATH=f"{tmp_path}:/usr/bin:/bin")


def told(tmp_path: Path, setup: Setup, notice: Notice = NOTICE) -> list[str]:
    desktop.send(notice, setup)
    return (tmp_path / "told").read_text("utf-8").split("\0")[:-1]


def test_title_and_entries(tmp_path: Path, setup: Setup) -> None:
    desktop.check(setup)
    assert told(tmp_path, setup) == [
        "--app-name=crm",
        "--urgency=normal",
        "--",
        "Due: Call about the offer (Ada Lovelace)",
        "Call about the offer - Ada Lovelace",
    ]


@pytest.mark.parametrize(
    ("priorities", "urgency"),
    [(("low",), "low"), (("low", "high"), "normal"), (("normal", "urgent", "low"), "critical"), ((), "normal")],
)
def test_the_most_urgent_counts(tmp_path: Path, setup: Setup, priorities: tuple[str, ...], urgency: str) -> None:
    assert f"--urgency={urgency}" in told(tmp_path, setup, NOTICE._replace(items=items(*priorities)))


def test_many_are_told_in_a_few_lines(tmp_path: Path, setup: Setup) -> None:
    body = told(tmp_path, setup, NOTICE._replace(items=items(*["low"] * 30)))[-1].split("\n")
    assert len(body) == 6
    assert body[-1] == "and 25 more: crm queue"


def test_hostile_words_are_no_options_and_no_markup(tmp_path: Path, setup: Setup) -> None:
    item = {**ITEM, "subject": '<a href="x">&\x1b[31m\n\u202e', "contact": None, "company": {"name": "--help"}}
    *options, title, body = told(tmp_path, setup, NOTICE._replace(title="--version", items=(item,)))
    assert options[-1] == "--"
    assert title == "--version"
    assert body == '&lt;a href="x"&gt;&amp;\\x1b[31m\\n\\u202e - --help'


def test_cron_does_not_tell_the_bus(tmp_path: Path, setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "RUN", str(tmp_path))
    told(tmp_path, setup)
    assert (tmp_path / "bus").read_text() == "\n"
    (tmp_path / str(os.getuid())).mkdir()
    (tmp_path / str(os.getuid()) / "bus").touch()
    told(tmp_path, setup)
    assert (tmp_path / "bus").read_text() == f"unix:path={tmp_path}/{os.getuid()}/bus\n"
    given = setup._replace(environ={**setup.environ, desktop.BUS: "unix:path=/given"})
    told(tmp_path, given)
    assert (tmp_path / "bus").read_text() == "unix:path=/given\n"


def test_without_a_desktop_it_was_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "echo Cannot autolaunch D-Bus >&2; exit 1", "notify-send")
    with pytest.raises(NotSent, match="status 1: Cannot autolaunch"):
        desktop.send(NOTICE, surroundings({}, PATH=str(tmp_path)))
    script(tmp_path, "exec /bin/sleep 60", "notify-send")
    monkeypatch.setattr(desktop, "SECONDS", 0.2)
    with pytest.raises(Unsure, match="did not end"):
        desktop.send(NOTICE, surroundings({}, PATH=str(tmp_path)))


def test_without_the_program(tmp_path: Path) -> None:
    empty = surroundings({}, PATH=str(tmp_path))
    with pytest.raises(UsageError, match="notify-send, which is not in PATH"):
        desktop.check(empty)
    with pytest.raises(NotSent, match="not in PATH"):
        desktop.send(NOTICE, empty)

"""`crm doctor`."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from crmcli.app import App
from crmcli.kernel import mounts
from crmcli.kernel.errors import UsageError
from crmcli.notifiers import loader, stdout
from crmcli.services.doctor import cron, files, surroundings
from crmcli.services.doctor import machine as machine_checks
from crmcli.services.doctor.doctor import CHECKS
from crmcli.services.doctor.finding import Finding, at_home, discreet
from crmcli.store import sqlite
from tests.conftest import NOW, Crm, Stream
from tests.house.source import ROOT
from tests.jobs import Here, Machine, made

LOCAL = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
TAG = "  # crm remind due since 2026-11-10T10:00:00Z\n"


@pytest.fixture
def machine(tmp_path: Path, home: Path) -> Iterator[Machine]:
    """A machine whose login is that of the test, in UTC, with a large disk and a sound SQLite."""
    room = shutil.disk_usage(tmp_path)._replace(free=10**12)
    with (
        made(tmp_path / "machine", home) as machine,
        mock.patch.object(machine_checks, "system_zone", return_value="UTC"),
        mock.patch.object(files.shutil, "disk_usage", return_value=room),
        mock.patch.object(sqlite, "ENGINE_VERSION", (3, 51, 3)),
        mock.patch.object(cron, "runs", return_value=True),
        mock.patch.object(mounts, "table", return_value=LOCAL),
        mock.patch.dict(loader.CHANNELS, {"email": "stdout"}),
        mock.patch.object(loader, "load", return_value=stdout),
    ):
        yield machine


@pytest.fixture
def here(crm_sqlite: Crm, machine: Machine) -> Here:
    """The program on that machine, over SQLite."""
    return Here(crm_sqlite, machine)


@pytest.fixture
def both(crm: Crm, machine: Machine) -> Here:
    """The program on that machine, over each database."""
    return Here(crm, machine)


def found(here: Crm, check: str, **options: Any) -> list[tuple[str, str, str]]:
    """Status, finding and advice of a check."""
    document = json.loads(here("doctor", "--json", **options).out)
    assert document["schema"] == "crm.doctor.list/1"
    return [(one["status"], one["finding"], one["advice"] or "") for one in document["items"] if one["check"] == check]


def status(here: Crm, check: str, **options: Any) -> str:
    (only,) = found(here, check, **options)
    return only[0]


def ran(here: Here, at: str = NOW, channel: str = "email", counts: tuple[str, ...] = (), **values: Any) -> None:
    """Write what `crm remind` would have at that moment."""
    app = App(environ=here.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.writing() as gate:
        insert, user = app.store.connection.insert, gate.actor.id
        row = {"user_id": user, "channel": channel, "ran_at": at, "told": 0, **values}
        insert(f"INSERT INTO reminder_state ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
        for number, one in enumerate(counts):
            insert(
                "INSERT INTO reminder (user_id, channel, occurrence, subject, due_at, run, status, claimed_at)"
                " VALUES (?, ?, ?, 'Call', ?, ?, ?, ?)",
                [user, channel, f"f{number}", NOW, "0" * 36, one, NOW],
            )
    app.close()


def job(here: Here, fields: str = "*/15 * * * *", tag: str = TAG, words: str = "--channel email") -> None:
    """Put a job into the crontab."""
    program = f"CRM_USER=ada '{here.machine.bin}/crm' --db '{here.place}' remind {words}"
    here.machine.table.write_text(f"{fields} {program}{tag}", "utf-8")


# --- the whole


def test_all_is_well(both: Here) -> None:
    both.ok("contact", "add", "Ada Lovelace")
    result = both("doctor", "--json")
    assert result.code == 0, result.out
    assert '"fail"' not in result.out
    for form in ("table", "csv", "tsv", "jsonl", "md", "ids", "plain"):
        assert both.ok("doctor", "-o", form)
    assert "SQLite" in found(both, "database")[0][1] or "PostgreSQL" in found(both, "database")[0][1]


def test_every_check_says_something(here: Here) -> None:
    here.ok("contact", "add", "Ada Lovelace")
    assert [name for name in CHECKS if not found(here, name)] == []


@pytest.mark.parametrize("width", [80, 40, 20])
def test_it_fits_the_terminal(here: Here, width: int) -> None:
    here.place = "/nowhere/at/all/crm.db"
    shown = here("doctor", tty=True, width=width)
    assert max(len(line) for line in shown.out.splitlines()) <= width
    assert "→ " in shown.out
    assert shown.err == f"{shown.out.count('ok  ')} ok, {shown.out.count('warn  ')} to look at, 0 failed\n"


def test_a_check_that_cannot_look_is_a_finding(here: Here) -> None:
    with mock.patch.dict(CHECKS, {"extra": lambda app: iter([Finding("fail", "no", "yes")])}):
        result = here("doctor")
    assert result.code == 1
    assert "fail\textra\tno\tyes\n" in result.out


def test_in_a_bare_environment(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crmcli", "--db", str(tmp_path / "crm.db"), "doctor"]
    done = subprocess.run(command, env={}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "there is none yet" in done.stdout
    assert list(tmp_path.iterdir()) == []


# --- the database


def test_a_missing_database_is_not_made(here: Here, tmp_path: Path) -> None:
    here.place = str(tmp_path / "new" / "crm.db")
    assert status(here, "database") == "warn"
    assert here("doctor").code == 0
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_not_a_database(here: Here, content: bytes) -> None:
    Path(here.place).write_bytes(content)
    result = here("doctor")
    assert result.code == 1
    assert result.out.count("\nfail\t") == 1
    assert status(here, "database") == "fail"
    assert Path(here.place).read_bytes() == content


@pytest.mark.parametrize(("version", "expected", "code"), [("0003", "warn", 0), ("9999", "fail", 1)])
def test_looking_does_not_migrate(here: Here, version: str, expected: str, code: int) -> None:
    with sqlite3.connect(here.place) as database:
        database.execute("UPDATE schema_version SET version_num = ?", [version])
    database.close()
    assert here("doctor").code == code
    assert status(here, "schema") == expected
    with sqlite3.connect(here.place) as database:
        assert database.execute("SELECT version_num FROM schema_version").fetchone() == (version,)
    database.close()
    assert sorted(path.name for path in Path(here.place).parent.iterdir()) == ["crm.db"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_database_that_others_can_read(here: Here, mode: int) -> None:
    os.chmod(here.place, mode)
    ((state, _, advice),) = found(here, "permissions")
    assert (state, advice) == ("warn", f"chmod 600 {here.place}")


def test_nobody_is_named_when_the_server_is_away(here: Here) -> None:
    pytest.importorskip("psycopg")
    here.place = "postgresql://zelda:geheim@127.0.0.1:1/kunden"
    result = here("doctor", env={"CRM_USER": "zelda"})
    assert result.code == 1
    assert status(here, "database") == "fail"
    for word in ("zelda", "geheim", "127.0.0.1", "kunden"):
        assert word not in result.out


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_which_sqlite_can_damage_a_database(here: Here, version: tuple[int, ...], bad: bool) -> None:
    assert sqlite.can_damage(version) is bad
    with mock.patch.object(sqlite, "ENGINE_VERSION", version):
        assert found(here, "sqlite")[0][0] == ("warn" if bad else "ok")


def test_a_database_without_its_log(here: Here) -> None:
    with sqlite3.connect(here.place) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    assert [one[0] for one in found(here, "sqlite")] == ["ok", "warn"]


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("28 27 0:30 / {folder} rw - nfs4 nas:/crm rw", (3, 51, 3)),
        ("28 27 0:30 / {folder} rw - fuse.sshfs ada@nas:/crm rw", (3, 51, 3)),
        (LOCAL, (3, 40, 1)),
    ],
)
def test_a_log_where_none_is_safe(here: Here, line: str, version: tuple[int, ...]) -> None:
    table = LOCAL + line.format(folder=Path(here.place).parent)
    shared = table != LOCAL + LOCAL
    with mock.patch.object(mounts, "table", return_value=table), mock.patch.object(sqlite, "ENGINE_VERSION", version):
        assert found(here, "sqlite")[-1][:2] == ("warn", "it has a write-ahead log, which is not safe here")
        assert status(here, "network") == ("warn" if shared else "ok")
        assert "nas" not in here("doctor").out
        with sqlite3.connect(here.place) as database:
            database.execute("PRAGMA journal_mode=DELETE")
        database.close()
        assert found(here, "sqlite")[-1][0] == "ok"


# --- settings, secrets, zone, terminal, disk


def test_settings_that_cannot_be_read(here: Here) -> None:
    file = here.home / ".config/crm/config.toml"
    here.ok("config", "set", "user", "ada")
    assert status(here, "settings") == "ok"
    file.chmod(0o644)
    assert status(here, "settings") == "warn"
    assert found(here, "settings")[0][2] == "chmod 600 ~/.config/crm/config.toml"
    for text in ("user = ", 'colour = "red"\n', "user = 1\n"):
        file.write_text(text, "utf-8")
        result = here("doctor", tty=True)
        assert result.code == 1
        assert status(here, "settings") == "fail"
        assert status(here, "database") == "ok"


def test_files_with_secrets(here: Here) -> None:
    file = here.home / "smtp-password"
    here.ok("config", "set", "smtp.password_file", str(file))
    assert status(here, "secrets") == "fail"
    file.write_text("geheim", "utf-8")
    file.chmod(0o644)
    assert found(here, "secrets")[0][0] == "fail"
    assert found(here, "secrets")[0][2] == "chmod 600 ~/smtp-password"
    file.chmod(0o600)
    assert status(here, "secrets") == "ok"
    assert "geheim" not in here("doctor").out


def test_zones(here: Here) -> None:
    for text in ("UTC", "UTC0", ":Etc/UTC", ""):
        assert status(here, "zone", env={"CRM_TIMEZONE": None, "TZ": text}) == "ok"
    (warned,) = found(here, "zone", env={"CRM_TIMEZONE": "Europe/Berlin"})
    assert (warned[0], warned[2]) == ("warn", "crm config set timezone Europe/Berlin")
    assert status(here, "zone", env={"CRM_TIMEZONE": "Europe/Nowhere"}) == "fail"
    for text in ("Europe/Nowhere", "CET-1CEST"):
        ((state, told, _),) = found(here, "zone", env={"CRM_TIMEZONE": None, "TZ": text})
        assert (state, told) == ("warn", "UTC, since TZ of this shell names no zone that is known here")
    here.ok("config", "set", "timezone", "Europe/Berlin")
    assert found(here, "zone", env={"CRM_TIMEZONE": None}) == [
        ("ok", "Europe/Berlin, by the settings; the machine's is UTC", "")
    ]


@pytest.mark.parametrize(("free", "expected"), [(5_000_000, "fail"), (50_000_000, "warn"), (500_000_000, "ok")])
def test_room_on_the_disk(here: Here, tmp_path: Path, free: int, expected: str) -> None:
    room = shutil.disk_usage(tmp_path)._replace(free=free)
    with mock.patch.object(files.shutil, "disk_usage", return_value=room):
        assert status(here, "disk") == expected


def test_a_terminal_of_few_letters(app_sqlite: App) -> None:
    (fine,) = surroundings.terminal(app_sqlite)
    assert (fine.status, fine.text) == ("ok", "utf-8; the output goes to a file or a pipe")
    poor = mock.Mock(stdout=mock.Mock(encoding="ANSI_X3.4-1968"))
    (poor_finding,) = surroundings.terminal(poor)
    assert (poor_finding.status, "LANG=C.UTF-8" in poor_finding.advice) == ("warn", True)


def test_locales(here: Here) -> None:
    assert status(here, "locale", env={"LANG": "C.UTF-8"}) == "ok"
    assert status(here, "locale", env={"LANG": None}) == "ok"
    ((state, text, _),) = found(here, "locale", env={"LANG": "xx_YY.UTF-8"})
    assert (state, text) == ("warn", "this machine does not know xx_YY.UTF-8, which LANG names")
    assert status(here, "locale", env={"LC_ALL": "C", "LANG": "xx_YY"}) == "ok"


@pytest.mark.parametrize(("width", "expected"), [(80, "utf-8, 80 x 24, without colour"), (30, "only 30 columns")])
def test_what_the_terminal_is(here: Here, width: int, expected: str) -> None:
    shown = here("doctor", "-o", "csv", tty=True, width=width).out
    assert expected in shown


def test_libraries(here: Here) -> None:
    ((state, text, _),) = found(here, "libraries")
    assert (state, "typer 0." in text, "sqlmodel" in text) == ("ok", True, True)
    versions = {"typer": "0.29.2", "rich": ""}
    installed = machine_checks._installed
    with mock.patch.object(machine_checks, "_installed", lambda name: versions.get(name, installed(name))):
        assert [(one[0], one[1][:12]) for one in found(here, "libraries")][:2] == [
            ("fail", "rich cannot "),
            ("warn", "typer 0.29.2"),
        ]


def test_completion(here: Here) -> None:
    for shell in ("bash", "zsh", "fish"):
        env = {"SHELL": f"/usr/bin/{shell}"}
        assert found(here, "completion", env=env)[0][2] == f"crm completion {shell} --install"
        here.ok("completion", shell, "--install", env=env)
        assert found(here, "completion", env=env)[0][1].startswith(f"{shell} completes (~/")
    for env in ({}, {"SHELL": "/bin/tcsh"}, {"SHELL": "/bin/bash", "HOME": ""}):
        assert status(here, "completion", env=env) in ("ok", "fail")


def test_a_folder_that_others_can_write_to(here: Here) -> None:
    folder = Path(here.place).parent
    for mode, expected in ((0o775, "warn"), (0o777, "warn"), (0o1777, "ok"), (0o755, "ok")):
        folder.chmod(mode)
        assert status(here, "permissions") == expected, oct(mode)


def test_hooks(here: Here) -> None:
    folder = here.home / ".config/crm/hooks"
    assert status(here, "hooks") == "ok"
    folder.mkdir(parents=True)
    (folder / "notes.txt").touch()
    assert found(here, "hooks") == [("ok", "there are none", "")]
    (folder / "pre-log").write_text("#!/bin/sh\n")
    ((state, text, advice),) = found(here, "hooks")
    assert (state, text) == ("fail", "the hook ~/.config/crm/hooks/pre-log is not executable")
    assert advice.startswith("chmod u+x it")
    (folder / "pre-log").chmod(0o755)
    assert found(here, "hooks") == [("ok", "1 can be run", "")]
    (folder / "post-contcat").touch()
    assert found(here, "hooks")[0][:2] == ("warn", "post-contcat is named after no command: it never runs")


# --- what is done to keep the database well


def look_after(here: Here, kind: str, at: str) -> None:
    """Write what `crm db` would have at that moment."""
    app = App(environ=here.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.store.recording() as connection:
        connection.insert("INSERT INTO upkeep (kind, at) VALUES (?, ?)", [kind, at])
    app.close()


@pytest.mark.parametrize(
    ("kind", "at", "state", "text"),
    [
        ("backup", "2026-11-19T10:00:00Z", "ok", "the last one was made yesterday"),
        ("backup", "2026-11-10T10:00:00Z", "warn", "the last one was made 10 days ago"),
        ("verify", "2026-11-10T10:00:00Z", "ok", "the database was verified 10 days ago"),
        ("verify", "2026-09-20T10:00:00Z", "warn", "the database was last verified"),
    ],
)
def test_how_the_database_was_looked_after(both: Here, kind: str, at: str, state: str, text: str) -> None:
    look_after(both, kind, at)
    ((told, said, _),) = found(both, kind)
    assert told == state
    assert said.startswith(text)


def test_a_database_that_was_never_looked_after(both: Here) -> None:
    backup, verify = found(both, "backup"), found(both, "verify")
    assert backup[0][0] == ("warn" if both.dialect == "sqlite" else "ok")
    assert verify == [("ok", "the database was never verified", "crm db verify")]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        ("UPDATE operation SET actor = 'eve' WHERE id = 2", "fit its seal"),
        ("UPDATE change SET after = '{}' WHERE operation_id = 2", "fit its changes"),
        ("DELETE FROM operation WHERE id = 1", "fit its seal"),
    ],
)
def test_a_journal_that_was_tampered_with(both: Here, tamper: str, told: str) -> None:
    assert found(both, "journal") == [("ok", "nothing was changed yet", "")]
    both.ok("contact", "add", "Ada")
    both.ok("contact", "add", "Grace")
    assert found(both, "journal") == [("ok", "the last operation is sealed", "")]
    app = App(environ=both.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.store.recording() as connection:
        if tamper.startswith("DELETE"):
            connection.execute("DELETE FROM change WHERE operation_id = 1")
        connection.execute(tamper)
    app.close()
    result = both("doctor")
    assert result.code == 1
    ((state, text, _),) = found(both, "journal")
    assert state == "fail"
    assert told in text


def test_a_cadence_whose_filter_is_not_understood(both: Here) -> None:
    both.ok("contact", "add", "Ada")
    assert found(both, "cadences") == [("ok", "there are none for filters", "")]
    both.ok("cadence", "set", "--where", "tag:vip", "6w")
    both.ok("cadence", "set", "--where", "created>2020-01-01", "6w")
    assert found(both, "cadences") == [("ok", "2 for filters, all of them understood", "")]
    app = App(environ=both.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.store.recording() as connection:
        connection.execute("UPDATE cadence SET filter = 'size>3' WHERE id = 1")
    app.close()
    assert found(both, "cadences")[0][:2] == (
        "warn",
        "1 of 2 for filters are not understood any more, and do not count",
    )


# --- cron


def test_a_cron_that_does_not_run(here: Here) -> None:
    assert found(here, "cron") == [("ok", "it runs; 0 jobs wait for it", "")]
    job(here)
    with mock.patch.object(cron, "runs", return_value=False):
        ((state, text, advice),) = found(here, "cron")
        assert (state, text) == ("warn", "it does not run on this machine, and 1 job waits for it")
        assert "start it" in advice
    with mock.patch.object(cron, "runs", return_value=None):
        assert found(here, "cron") == [("ok", "whether it runs cannot be seen from here; 1 job waits for it", "")]


def test_how_a_cron_is_seen(tmp_path: Path) -> None:
    def process(number: int, name: str) -> None:
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "comm").write_text(name + "\n")

    assert cron.processes(str(tmp_path / "none")) is None
    process(77, "bash")
    assert cron.processes(str(tmp_path)) is None  # those of others are hidden
    process(1, "systemd")
    process(8, "crond")
    assert cron.processes(str(tmp_path)) == {"bash", "systemd", "crond"}
    file = tmp_path / "crond.pid"
    with mock.patch.object(cron, "PID_FILES", (str(file),)), mock.patch.object(cron, "processes", return_value=set()):
        assert cron.runs() is False
        file.write_text(f"{os.getpid()}\n")
        assert cron.runs() is True
        file.write_text("99999999\n")
        assert cron.runs() is False


# --- reminders


@pytest.mark.parametrize(
    ("fields", "at", "expected"),
    [
        ("*/15 * * * *", "2026-11-20T09:30:00Z", "ok"),
        ("*/15 * * * *", "2026-11-20T08:59:00Z", "fail"),
        ("0 8 * * *", "2026-11-19T08:00:00Z", "ok"),
        ("0 8 * * *", "2026-11-19T07:59:00Z", "fail"),
        ("0 8 * * 1", "2026-11-13T09:00:00Z", "ok"),
        ("0 8 * * 1", "2026-11-12T09:00:00Z", "fail"),
        ("0 8 * * 1-5", "2026-11-17T09:00:00Z", "ok"),
        ("0 8 * * 1-5", "2026-11-16T09:00:00Z", "fail"),
    ],
)
def test_reminders_that_stopped(both: Here, fields: str, at: str, expected: str) -> None:
    ran(both, at)
    job(both, fields)
    ((state, text, advice),) = found(both, "reminders")
    assert state == expected
    assert both("doctor").code == (1 if expected == "fail" else 0)
    if expected == "fail":
        assert text.startswith("reminders last ran ")
        assert "due should run" in text
        assert advice


def test_a_line_of_ones_own_that_stopped(here: Here) -> None:
    ran(here, "2026-11-17T10:00:00Z")
    job(here, tag="\n")
    assert found(here, "reminders")[0][1] == (
        "reminders last ran 3 days ago: a line of your crontab should run every 15 minutes"
    )


def test_a_job_that_never_ran(here: Here) -> None:
    job(here, tag="  # crm remind due since 2026-11-20T09:50:00Z\n")
    assert found(here, "reminders") == [("ok", "due has not run yet: it runs every 15 minutes", "")]
    job(here)
    ((state, text, _),) = found(here, "reminders")
    assert (state, text) == ("fail", "due, installed 10 days ago, never ran: it should run every 15 minutes")


def test_a_timer_that_stopped(here: Here) -> None:
    here.ok("remind", "install", "--systemd", env={"CRM_NOW": "2026-11-10T10:00:00Z"})
    ran(here, "2026-11-17T10:00:00Z", "stdout")
    ((state, _, advice),) = found(here, "reminders")
    assert (state, "systemctl --user status crm-remind-due.timer" in advice) == ("fail", True)


def test_reminders_that_nothing_runs_any_more(both: Here) -> None:
    assert status(both, "reminders") == "ok"
    ran(both, "2026-11-17T10:00:00Z")
    assert found(both, "reminders") == [
        (
            "warn",
            "reminders last ran 3 days ago, and nothing on this machine runs them",
            "crm remind install --cron (or --systemd)",
        )
    ]


def test_what_failed_and_what_may_not_have_arrived(both: Here) -> None:
    job(both)
    both.ok("config", "set", "smtp.host", "mail.engines.example")
    error = 'host mail.engines.example refused <ada@engines.example> ("550 no such user zelda")'
    ran(both, counts=("unknown", "failed", "sent"), failed_at=NOW, error=error)
    failed, unsure = found(both, "reminders")
    assert (failed[0], unsure[0]) == ("fail", "warn")
    assert unsure[1] == "1 reminder on email may have arrived or not"
    assert "ada@" not in failed[1]
    assert "engines.example" not in failed[1]
    assert "zelda" not in failed[1]


def test_what_other_people_are_told_is_theirs(both: Here) -> None:
    ran(both, "2026-11-01T10:00:00Z", error="away")
    assert found(both, "reminders", env={"CRM_USER": "grace"})[0][0] == "ok"
    job(both, words="--db /srv/other.db")
    assert found(both, "reminders", env={"CRM_USER": "grace"}) == [
        ("warn", "1 of 1 jobs tell of another database, or another user", "see: crm remind status")
    ]


def test_a_channel_that_is_not_set_up(here: Here) -> None:
    ran(here)
    job(here)
    broken = mock.Mock()
    broken.check.side_effect = UsageError("smtp.host is not set", "crm config set smtp.host HOST")
    with mock.patch.object(loader, "load", return_value=broken):
        assert found(here, "reminders") == [
            ("fail", "email is not set up: smtp.host is not set", "crm config set smtp.host HOST")
        ]
    job(here, words="--channel pigeon")
    assert "there is no channel 'pigeon'" in found(here, "reminders")[0][1] + found(here, "reminders")[1][1]


def test_a_crontab_that_cannot_be_read(here: Here) -> None:
    here.machine.is_("broken")
    assert status(here, "reminders") == "warn"


# --- discretion


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot open /home/ada/crm.db", "cannot open ~/crm.db"),
        ("/home/adam/crm.db", "/home/adam/crm.db"),
        ('role "ada" does not exist', 'role "…" does not exist'),
        ("mail to <ada@engines.example> failed", "mail to <…> failed"),
        ("server at 10.0.0.7, port 5432", "server at …, port 5432"),
        ("failed to resolve host 'crm.acme.example': unknown", "failed to resolve host …: unknown"),
        ("postgresql://db.example:5432/crm was made", "… was made"),
    ],
)
def test_what_tells_who_and_where_is_left_out(text: str, shown: str) -> None:
    assert discreet(text, {"HOME": "/home/ada"}) == shown


def test_a_home_that_is_all() -> None:
    assert at_home("/srv/x", {"HOME": "/"}) == "/srv/x"


def test_a_folder_that_is_named_after_me() -> None:
    assert at_home("/data/zelda/crm.db, /data/zeldas/x", {"LOGNAME": "zelda"}) == "/data/…/crm.db, /data/zeldas/x"


SECRETS = ("Zelda", "zelda", "Ganon", "geheim", "hyrule", "engines.example", "nas.", "castle")


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_personal_is_told(here: Here, tmp_path: Path, broken: bool) -> None:
    """Whatever is stored, set or wrong: names, mail addresses, hosts, users and the home folder stay out."""
    folder = tmp_path / "zelda" / "crm.db"
    home = tmp_path / "castle"
    home.mkdir()
    env = {"CRM_USER": "zelda", "LOGNAME": "zelda", "USER": "zelda", "HOME": str(home), "CRM_DB": str(folder)}
    run = partial(here.ok, env=env)
    run("contact", "add", "Ganon", "--email", "ganon@engines.example", "--owner", "me")
    run("cadence", "set", "--where", "name~Ganon", "6w")
    for name, value in (
        ("smtp.host", "mail.hyrule.example"),
        ("smtp.user", "zelda@engines.example"),
        ("smtp.from", "zelda@engines.example"),
        ("smtp.password_file", str(home / "keys" / "password")),
        ("webhook.url", "https://hooks.hyrule.example/geheim"),
    ):
        run("config", "set", name, value)
    hooks = home / ".config/crm/hooks"
    hooks.mkdir()
    (hooks / "pre-log").write_text("#!/bin/sh\n")
    job(here)
    if broken:
        folder.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    table = f"{LOCAL}28 27 0:30 / {tmp_path}/zelda rw - nfs4 nas.hyrule.example:/zelda rw\n"
    with mock.patch.object(mounts, "table", return_value=table):
        for form in ("tsv", "json"):
            told = here("doctor", "-o", form, env=env)
            assert told.code == 1  # the password is not there
            told_text = told.out + told.err
            name = str(tmp_path)
            assert [word for word in SECRETS if word in told_text.replace(name, "")] == []
        shown = here("doctor", tty=True, width=200, env=env).out
        assert [word for word in SECRETS if word in shown.replace(name, "")] == []

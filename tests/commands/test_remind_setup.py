"""`crm remind install`, `uninstall` and `status`."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.notifiers import loader, stdout
from crmcli.services.jobs import crontab
from tests.conftest import NOW, Crm, Stream
from tests.jobs import Here, Machine, made

MINE = 'MAILTO=""\n# crm remind due\n5 4 * * * /usr/bin/true 100\\%\n'
CHANNELS = {"stdout": "stdout", "email": "stdout", "desktop": "stdout"}


@pytest.fixture
def machine(tmp_path: Path, home: Path) -> Iterator[Machine]:
    """A machine whose login is that of the test, and whose cron is in UTC."""
    with (
        made(tmp_path / "the machine", home) as machine,
        mock.patch.dict(loader.CHANNELS, CHANNELS),
        mock.patch.object(loader, "load", return_value=stdout),
    ):
        yield machine


@pytest.fixture
def here(crm_sqlite: Crm, machine: Machine) -> Here:
    """The program on that machine, over SQLite."""
    crm_sqlite.ok("config", "set", "user", "ada")
    crm_sqlite.ok("config", "set", "timezone", "UTC")
    return Here(crm_sqlite, machine)


@pytest.fixture
def both(crm: Crm, machine: Machine) -> Here:
    """The program on that machine, over each database; the settings name it."""
    crm.ok("config", "set", "user", "ada")
    crm.ok("config", "set", "timezone", "UTC")
    crm.ok("config", "set", "db", crm.place)
    return Here(crm, machine)


def line(here: Here, fields: str, name: str, words: str = "") -> str:
    program = f"'{here.machine.bin}/crm'"
    return f"{fields} {program} --db {here.place} remind{words}  # crm remind {name} since {NOW}\n"


# --- cron


def test_a_dry_run_prints_the_line_and_touches_nothing(here: Here) -> None:
    shown = here.ok("remind", "install", "--cron", "--dry-run")
    assert shown == line(here, "*/15 * * * *", "due")
    assert here.ok("remind", "install", "--cron", "--dry-run", tty=True, width=40) == shown
    assert here.machine.calls == []


def test_jobs_stand_beside_each_other(here: Here) -> None:
    here.machine.table.write_text(MINE, "utf-8")
    assert here.ok("remind", "install", "--cron", "--channel", "desktop") == "due-desktop\n"
    told = here("remind", "install", "--cron", "--digest", "daily", "--channel", "email", "--at", "8am", tty=True)
    assert told.out == "Installed daily-email: daily at 08:00, in your crontab\n"
    first = line(here, "*/15 * * * *", "due-desktop", " --channel desktop")
    second = line(here, "0 8 * * *", "daily-email", " --channel email --digest daily")
    assert here.machine.table.read_text("utf-8") == MINE + first + second


def test_the_same_again_is_unchanged_and_another_time_replaces(here: Here) -> None:
    here.ok("remind", "install", "--cron")
    calls = len(here.machine.calls)
    again = here("remind", "install", "--cron", tty=True, env={"CRM_NOW": "2026-11-27T10:00:00Z"})
    assert again.out == "Unchanged: due: every 15 minutes, in your crontab\n"
    assert "crontab -" not in here.machine.calls[calls:]
    here.ok("remind", "install", "--cron", "--every", "hourly")
    assert here.machine.table.read_text("utf-8") == line(here, "0 * * * *", "due")


def test_taking_out_leaves_what_was_there(here: Here) -> None:
    here.machine.table.write_text(MINE, "utf-8")
    here.ok("remind", "install", "--cron")
    here.ok("remind", "install", "--cron", "--name", "mine", "--at", "noon")
    assert here("remind", "uninstall").code == 2  # two of them want a yes
    assert here("remind", "uninstall", "--name", "mine", tty=True).out == "Took out mine (cron)\n"
    here.ok("remind", "uninstall", "--yes")
    assert here.machine.table.read_text("utf-8") == MINE
    gone = here("remind", "uninstall")
    assert (gone.code, gone.err) == (3, "crm: no reminders are installed\nsee: crm remind status\n")


def test_a_crontab_that_was_not_there_is_not_there_again(here: Here) -> None:
    here.ok("remind", "install", "--cron")
    here.ok("remind", "uninstall", "--cron")
    assert not here.machine.table.exists()


def test_another_name_is_not_taken_for_it(here: Here) -> None:
    here.ok("remind", "install", "--cron")
    refused = here("remind", "uninstall", "--name", "daily")
    assert (refused.code, refused.err) == (3, "crm: no reminders called 'daily' are installed\nthere is: due\n")
    assert here("remind", "uninstall", "--systemd").code == 3


def test_a_crontab_that_cannot_be_read_is_not_written(here: Here) -> None:
    here.machine.table.write_text(MINE, "utf-8")
    here.machine.is_("broken")
    result = here("remind", "install", "--cron")
    assert (result.code, result.out) == (1, "")
    assert result.err == "crm: your crontab cannot be read: crontab: no space left\nnothing was changed\n"
    assert here.machine.calls == ["crontab -l"]
    assert here.machine.table.read_text("utf-8") == MINE


def test_without_cron_the_line_is_told(here: Here) -> None:
    here.machine.without("crontab")
    result = here("remind", "install", "--cron")
    assert result.code == 1
    assert "there is no crontab on this machine" in result.err
    assert line(here, "*/15 * * * *", "due") in result.err
    assert here.ok("remind", "status") != ""


def test_what_nobody_would_get_is_told(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cron throws away what it cannot mail."""
    assert "sendmail" not in here("remind", "install", "--cron").err
    monkeypatch.setattr(crontab, "SBIN", "")
    here.machine.without("sendmail")
    assert "this machine has no sendmail: name a --channel" in here("remind", "install", "--cron", "--name", "b").err
    assert "sendmail" not in here("remind", "install", "--cron", "--channel", "email").err


def test_the_zone_of_cron_is_told(here: Here) -> None:
    result = here("remind", "install", "--cron", "--at", "08:00", "--dry-run", env={"CRM_TIMEZONE": "Europe/Berlin"})
    assert result.out.startswith("0 7 * * * CRM_TIMEZONE=Europe/Berlin ")
    assert "daily at 08:00 Europe/Berlin is daily at 07:00 UTC, the zone of cron; when clocks change" in result.err
    steady = here("remind", "install", "--cron", "--at", "08:00", "--dry-run", env={"CRM_TIMEZONE": "Asia/Tokyo"})
    assert steady.err == "daily at 08:00 Asia/Tokyo is daily at 23:00 UTC, the zone of cron\n"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "say what shall run the reminders"),
        (["--cron", "--systemd"], "would tell everything twice"),
        (["--cron", "--every", "7m"], "does not divide"),
        (["--cron", "--at", "25:00"], "is not a time of day"),
        (["--cron", "--channel", "emial"], "did you mean email?"),
        (["--cron", "--digest", "monthly"], "there is no digest 'monthly'"),
        (["--cron", "--name", "My Job"], "cannot name a job"),
        (["--cron", "-o", "xml"], "is not an output format"),
    ],
)
def test_what_is_refused_changes_nothing(here: Here, words: list[str], part: str) -> None:
    result = here("remind", "install", *words)
    assert (result.code, result.out) == (2, "")
    assert part in result.err
    assert here.machine.calls == []


def test_a_channel_that_is_not_set_up_is_refused(here: Here) -> None:
    broken = mock.Mock()
    broken.check.side_effect = UsageError("smtp.host is not set")
    with mock.patch.object(loader, "load", return_value=broken):
        result = here("remind", "install", "--cron", "--channel", "email")
    assert (result.code, result.err) == (2, "crm: smtp.host is not set\n")


def test_no_password_comes_into_a_job(here: Here) -> None:
    url = "postgresql://ada:secret@db.example/crm"
    result = here("remind", "install", "--cron", env={"CRM_DB": url})
    assert result.code == 2
    assert "secret" not in result.err
    here.ok("config", "set", "db", url)
    assert "secret" not in here.ok("remind", "install", "--cron", "--dry-run", env={"CRM_DB": None})
    noted = here("remind", "install", "--cron", "--dry-run", env={"CRM_DB": None, "PGPASSWORD": "secret"})
    assert "~/.pgpass" in noted.err
    assert "secret" not in noted.out + noted.err


# --- systemd


def test_units_are_written_and_started(here: Here) -> None:
    folder = here.home / ".config/systemd/user"
    told = here("remind", "install", "--systemd", "--digest", "weekly", "--channel", "email", tty=True)
    assert told.out == "Installed weekly-email: Mondays at 08:00, as a timer of systemd\n"
    assert "loginctl enable-linger" in told.err
    timer = "crm-remind-weekly-email.timer"
    assert [call for call in here.machine.calls if call.startswith("systemctl")] == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable {timer}",
        f"systemctl --user restart {timer}",
    ]
    assert "OnCalendar=Mon *-*-* 08:00:00 UTC\nPersistent=true\n" in (folder / timer).read_text("utf-8")
    words = f'"{here.machine.bin}/crm" --db {here.place} remind --channel email --digest weekly\n'
    assert f"ExecStart={words}" in (folder / "crm-remind-weekly-email.service").read_text("utf-8")
    again = here("remind", "install", "--systemd", "--digest", "weekly", "--channel", "email", tty=True)
    assert again.out.startswith("Unchanged: weekly-email")
    here.ok("remind", "uninstall", "--name", "weekly-email")
    assert list(folder.iterdir()) == []
    assert here.machine.calls[-2:] == [f"systemctl --user disable --now {timer}", "systemctl --user daemon-reload"]


def test_a_dry_run_shows_both_files(here: Here) -> None:
    shown = here.ok("remind", "install", "--systemd", "--dry-run")
    assert f"# {here.home}/.config/systemd/user/crm-remind-due.service\n" in shown
    assert "OnCalendar=*:0/15\n" in shown
    assert not (here.home / ".config/systemd").exists()


def test_without_a_manager_the_units_are_kept_and_what_to_do_is_told(here: Here) -> None:
    here.machine.is_("nobus")
    result = here("remind", "install", "--systemd", "--channel", "email")
    assert result.code == 1
    assert "Failed to connect to bus: No medium found" in result.err
    assert "systemctl --user enable --now crm-remind-due-email.timer" in result.err
    os.unlink(here.machine.folder / "nobus")
    assert here("remind", "install", "--systemd", "--channel", "email", tty=True).out.startswith("Installed")
    here.machine.is_("nobus")
    gone = here("remind", "uninstall")
    assert gone.code == 0
    assert "systemd said: Failed to connect" in gone.err


def test_without_systemd_nothing_is_written(here: Here) -> None:
    here.machine.without("systemctl")
    result = here("remind", "install", "--systemd", env={"PATH": str(here.machine.bin)})
    assert (result.code, result.err) == (1, "crm: there is no systemctl on this machine\nuse --cron\n")
    assert not (here.home / ".config/systemd").exists()


def test_a_unit_of_somebody_else_is_not_overwritten(here: Here) -> None:
    folder = here.home / ".config/systemd/user"
    folder.mkdir(parents=True)
    (folder / "crm-remind-due.timer").write_text("[Timer]\n", "utf-8")
    result = here("remind", "install", "--systemd")
    assert (result.code, "was not written by crm" in result.err) == (1, True)
    assert (folder / "crm-remind-due.timer").read_text("utf-8") == "[Timer]\n"


def test_the_same_job_twice_is_told(here: Here) -> None:
    here.ok("remind", "install", "--cron")
    assert "due runs from cron, too" in here("remind", "install", "--systemd").err


# --- status


def reminded(here: Here, channel: str = "email", **values: object) -> None:
    """Write what `crm remind` would have."""
    app = App(environ=here.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.writing() as gate:
        row = {"user_id": gate.actor.id, "channel": channel, "ran_at": NOW, "told": 0, **values}
        app.store.connection.insert(
            f"INSERT INTO reminder_state ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        for number, status in enumerate(["unknown", "failed", "failed", "sent"]):
            app.store.connection.insert(
                "INSERT INTO reminder (user_id, channel, occurrence, subject, due_at, run, status, claimed_at)"
                " VALUES (?, ?, ?, 'Call', ?, ?, ?, ?)",
                [gate.actor.id, channel, f"f{number}", NOW, "0" * 36, status, NOW],
            )
    app.close()


def test_how_they_fare(both: Here) -> None:
    here = both
    reminded(here, told_at="2026-11-19T08:00:00Z", told=3, failed_at=NOW, error="the server is away")
    here.ok("remind", "install", "--cron", "--digest", "daily", "--channel", "email", env={"CRM_DB": None})
    here.ok("remind", "install", "--systemd", "--channel", "desktop", env={"CRM_DB": None})
    document = here.json("remind", "status")
    assert document["schema"] == "crm.reminder_status.list/1"
    first, second = document["items"]
    assert {**first, "command": None} == {
        "id": "daily-email",
        "job": "daily-email",
        "how": "cron",
        "schedule": "daily at 08:00",
        "channel": "email",
        "user": "ada",
        "ran_at": NOW,
        "told_at": "2026-11-19T08:00:00Z",
        "told": 3,
        "failed_at": NOW,
        "error": "the server is away",
        "unknown": 1,
        "failed": 2,
        "since": NOW,
        "command": None,
        "other_database": False,
    }
    assert first["command"].endswith("remind --channel email --digest daily")
    assert (second["job"], second["how"], second["ran_at"]) == ("due-desktop", "systemd", None)
    for form in ("table", "csv", "tsv", "jsonl", "md", "ids", "plain"):
        assert here.ok("remind", "status", "-o", form)
    assert here("remind", "status", tty=True, width=40).err.endswith("\nemail failed just now: the server is away\n")


def test_what_runs_elsewhere_is_told_apart(both: Here, tmp_path: Path) -> None:
    reminded(both)
    both.machine.table.write_text(f"0 * * * * crm --db {tmp_path}/other.db remind --channel=email\n", "utf-8")
    own, rest = both.json("remind", "status")["items"]
    assert (own["job"], own["schedule"], own["other_database"], own["ran_at"]) == (None, "every hour", True, None)
    assert (rest["id"], rest["how"], rest["ran_at"]) == ("ada:email", None, NOW)


def test_nothing_is_installed(here: Here) -> None:
    shown = here("remind", "status", tty=True)
    assert (shown.code, shown.out) == (0, "")
    assert "crm remind install --cron" in shown.err
    assert here.json("remind", "status")["items"] == []

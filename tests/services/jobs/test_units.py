"""Units of systemd."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.services.jobs.invocation import Invocation
from crmcli.services.jobs.schedule import parse
from crmcli.services.jobs.units import folder, jobs, units, write

SINCE = "2026-11-20T10:00:00Z"
PATHS = st.text(st.characters(exclude_characters="\\", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)


def test_what_they_say() -> None:
    invocation = Invocation({"CRM_USER": "zoë q"}, ("/opt/my crm/crm", "--db", "/srv/100% $HOME.db", "remind"))
    made = units("daily", parse("", "", "daily"), "Europe/Berlin", invocation, SINCE)
    head = f"# crm remind daily since {SINCE}\n# To take it out: crm remind uninstall --systemd --name daily\n"
    assert made == {
        "crm-remind-daily.service": head
        + "[Unit]\nDescription=crm reminders (daily)\n\n[Service]\nType=oneshot\n"
        + 'Environment="CRM_USER=zoë q"\n'
        + 'ExecStart="/opt/my crm/crm" --db "/srv/100%% $$HOME.db" remind\n',
        "crm-remind-daily.timer": head
        + "[Unit]\nDescription=crm reminders (daily), daily at 08:00\n\n[Timer]\n"
        + "OnCalendar=*-*-* 08:00:00 Europe/Berlin\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
    }


@given(PATHS, PATHS)
def test_a_job_is_read_as_it_was_written(tmp_path: Path, path: str, user: str) -> None:
    environ = {"HOME": str(tmp_path)}
    words = (f"/srv/{path}/crm", "--db", f"/srv/{path}", "remind", "--channel", "email")
    invocation = Invocation({"CRM_USER": user, "HOME": f"/home/{path}"}, words)
    write(units("due-email", parse("", "", ""), "UTC", invocation, SINCE), environ)
    (job,) = jobs(environ, "UTC")
    assert (job.name, job.how, job.schedule, job.since) == ("due-email", "systemd", "every 15 minutes", SINCE)
    assert (job.words, job.environ) == (words, invocation.environ)


def test_units_of_others_are_not_jobs(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    folder(environ).mkdir(parents=True)
    (folder(environ) / "crm-remind-x.timer").write_text("[Timer]\nOnCalendar=daily\n", "utf-8")
    assert jobs(environ, "UTC") == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="NO SYSTEMD on this machine")
@pytest.mark.parametrize("name", ["crm", "my crm/50% off/crm", 'it\'s "new"; $HOME/crm'])
def test_systemd_finds_nothing_wrong(tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    invocation = Invocation({"CRM_USER": "zoë 100% $x"}, (str(program), "--db", "/srv/100% $x.db", "remind"))
    environ = {"HOME": str(tmp_path)}
    made = units("due", parse("", "", "weekly"), "Europe/Berlin", invocation, SINCE)
    write(made, environ)
    files = [str(folder(environ) / file) for file in made]
    command = ["systemd-analyze", "--user", "verify", *files]
    # In a folder of a short name, since units of the machine have sockets there.
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        runtime = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place, **environ}
        done = subprocess.run(command, env=runtime, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""Whether cron itself runs, as far as anybody may see."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmcli.kernel.errors import CrmError
from crmcli.services.doctor.finding import OK, WARN, Finding
from crmcli.services.jobs.job import CRON

if TYPE_CHECKING:
    from crmcli.app import App

DAEMONS = frozenset({"cron", "crond", "fcron", "dcron", "bcron-start", "systemd-cron"})
PID_FILES = ("/run/crond.pid", "/run/cron.pid", "/var/run/crond.pid", "/var/run/cron.pid")


def cron(app: "App") -> Iterator[Finding]:
    """Whether a cron runs, where jobs wait for one. Whether they ran is what `reminders` tells."""
    try:
        waiting = sum(job.how == CRON for job in app.jobs.installed())
    except CrmError:  # reminders tells of it
        waiting = 0
    jobs = f"{waiting} job{'s wait' if waiting != 1 else ' waits'} for it"
    seen = runs()
    if seen is None:
        yield Finding(OK, f"whether it runs cannot be seen from here; {jobs}")
    elif seen:
        yield Finding(OK, f"it runs; {jobs}")
    elif waiting:
        advice = "start it: sudo systemctl enable --now cron (crond on some systems)"
        yield Finding(WARN, f"it does not run on this machine, and {jobs}", advice)
    else:
        yield Finding(OK, "it does not run on this machine, and nothing waits for it")


def runs() -> bool | None:
    """Whether a cron runs on this machine; None where the processes of others are hidden, or unknown."""
    if any(_alive(path) for path in PID_FILES):
        return True
    found = processes()
    return None if found is None else bool(found & DAEMONS)


def processes(folder: str = "/proc") -> set[str] | None:
    """The names of all processes; None where those of others cannot be seen."""
    try:
        numbers = [name for name in os.listdir(folder) if name.isdigit()]
    except OSError:
        return None
    if "1" not in numbers:  # others' are hidden, or this is no table of processes
        return None
    return set(filter(None, (_line(os.path.join(folder, number, "comm")) for number in numbers)))


def _alive(path: str) -> bool:
    number = _line(path)
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline(100).strip()
    except OSError:
        return ""

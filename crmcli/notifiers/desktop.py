"""A notification on the desktop: notify-send of libnotify, which speaks the Desktop Notifications Specification."""

import os
import shutil
from collections.abc import Mapping
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import clip, safe
from crmcli.notifiers import processes
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure

PROGRAM = "notify-send"
SECONDS = 30.0
MOST_LINES = 5
WIDTH = 100
URGENCIES = {"urgent": "critical", "high": "normal", "normal": "normal", "low": "low"}
RANKS = ("low", "normal", "critical")
BUS = "DBUS_SESSION_BUS_ADDRESS"
RUN = "/run/user"
# The body may hold markup (a small part of HTML).
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def check(setup: Setup) -> None:
    """Raises UsageError when notify-send is not there."""
    if not _program(setup):
        raise UsageError(
            f"the channel 'desktop' needs {PROGRAM}, which is not in PATH", "it comes with libnotify (libnotify-bin)"
        )


def send(notice: Notice, setup: Setup) -> None:
    """Show the title and the first few entries.

    Raises:
        NotSent: notify-send is not there, or could not reach the desktop.
        Unsure: it did not end, or was ended by a signal.
    """
    program = _program(setup)
    if not program:
        raise NotSent(f"{PROGRAM} is not in PATH")
    argv = [program, "--app-name=crm", f"--urgency={_urgency(notice)}", "--", safe(notice.title), _body(notice)]
    try:
        ended = processes.run(argv, _session(setup.environ), SECONDS)
    except TimeoutError as error:
        raise Unsure(f"{PROGRAM} {error}") from error
    except (OSError, ValueError) as error:
        raise NotSent(f"{PROGRAM} cannot be run: {getattr(error, 'strerror', None) or error}") from error
    if ended.status < 0:
        raise Unsure(f"{PROGRAM} {ended.reason}")
    if ended.status:
        raise NotSent(f"{PROGRAM} {ended.reason}")


def _program(setup: Setup) -> str | None:
    return shutil.which(PROGRAM, path=setup.environ.get("PATH") or os.defpath)


def _session(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the bus of the person's desktop, which cron does not tell."""
    found = dict(environ)
    if not found.get(BUS) and hasattr(os, "getuid"):
        bus = f"{RUN}/{os.getuid()}/bus"
        if os.path.exists(bus):
            found[BUS] = f"unix:path={bus}"
    return found


def _urgency(notice: Notice) -> str:
    met = [RANKS.index(URGENCIES.get(str(item.get("priority")), "normal")) for item in notice.items]
    return RANKS[max(met, default=1)]


def _body(notice: Notice) -> str:
    lines = [_line(item) for item in notice.items[:MOST_LINES]]
    more = len(notice.items) - len(lines)
    return "\n".join([*lines, *([f"and {more} more: crm queue"] if more else [])])


def _line(item: Mapping[str, Any]) -> str:
    customer = item.get("contact") or item.get("company") or {}
    name = customer.get("display_name") or customer.get("name") or ""
    parts = [str(part) for part in (item.get("subject"), name) if part]
    return clip(safe(" - ".join(parts)), WIDTH).translate(_MARKUP)

"""A program of the person's own: it gets the text on standard input, and what it is in three variables."""

import shlex

from crmcli.notifiers import needs, processes
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure

SECONDS = 60.0


def check(setup: Setup) -> None:
    """Raises UsageError when no program is named."""
    needs.setting(setup, "remind.program", "program")


def send(notice: Notice, setup: Setup) -> None:
    """Run the program, without a shell; exit status 0 means that it took the notice.

    CRM_NOTICE_KIND, CRM_NOTICE_TITLE and CRM_NOTICE_KEY say what it is. What it writes to standard output is dropped.

    Raises:
        NotSent: it could not be started, or ended with another status.
        Unsure: it was ended by a signal, or by us after SECONDS.
    """
    named = {"KIND": notice.kind, "TITLE": notice.title, "KEY": notice.key}
    environ = {**setup.environ, **{f"CRM_NOTICE_{name}": value.replace("\0", "") for name, value in named.items()}}
    try:
        argv = shlex.split(setup.settings["remind.program"]) or [""]
    except ValueError as error:
        raise NotSent(f"remind.program cannot be read: {error}") from error
    try:
        ended = processes.run(argv, environ, SECONDS, notice.text)
    except TimeoutError as error:
        raise Unsure(f"{argv[0]} {error}") from error
    except (OSError, ValueError) as error:  # of the command only the program is told: its arguments may be secret
        raise NotSent(f"'{argv[0]}' cannot be run: {getattr(error, 'strerror', None) or error}") from error
    if ended.status < 0:
        raise Unsure(f"{argv[0]} {ended.reason}")
    if ended.status:
        raise NotSent(f"{argv[0]} {ended.reason}")

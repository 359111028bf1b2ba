"""Showing a long text through the user's pager."""

import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping


def command(environ: Mapping[str, str]) -> list[str]:
    """The pager to run, as an argument list: CRM_PAGER, PAGER, or `less`. Empty when there shall be none.

    An empty value, `cat`, and a program that does not exist all mean none.
    """
    chosen = environ.get("CRM_PAGER", environ.get("PAGER", "less -FRX"))
    try:
        argv = shlex.split(chosen)
    except ValueError:
        return []
    if not argv or argv == ["cat"] or not shutil.which(argv[0], path=environ.get("PATH")):
        return []
    return argv


def run(argv: list[str], text: str, environ: Mapping[str, str]) -> bool:
    """Show `text` in the pager `argv` and wait for its end. False when it could not be started.

    A pager that is left early is no failure. It may not start other programs or write files (LESSSECURE), because
    what it shows was written by others.
    """
    secure = {"LESS": "FRX", **environ, "LESSSECURE": "1"}
    try:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, env=secure)
    except OSError:
        return False
    # The terminal sends Ctrl-C to both of us; what it means is the pager's to decide.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.communicate(text.encode("utf-8", "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, interrupt)
    return True

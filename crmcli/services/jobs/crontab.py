"""The crontab: one line a job, which ends with a comment that names it, and everybody else's lines as they are.

The comment stands on the line itself, where the shell skips it, so that line and name can never part.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.services.jobs.invocation import NAMES, Invocation
from crmcli.services.jobs.job import CRON, Job
from crmcli.services.jobs.schedule import read_cron

SECONDS = 30
LONGEST = 998
"""Characters of a command that every cron takes."""
MAILER, SBIN = "sendmail", "/usr/sbin:/usr/lib"
"""What every mail server brings, and where, beside PATH."""
OTHER_VERBS = ("install", "uninstall", "status", "log", "retry")
"""Verbs of `crm remind` that remind of nothing."""
_TAG = re.compile(r"  # crm remind ([a-z0-9-]+) since (\S+)$")
_TIMES = re.compile(r"\s*(@\w+|(?:[\w*/,-]+\s+){4}[\w*/,-]+)\s+(.*)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


def line(fields: str, invocation: Invocation, name: str, since: str) -> str:
    """The line of a job. Raises UsageError when it is longer than cron takes."""
    words = [f"{key}={shlex.quote(value)}" for key, value in invocation.environ.items()]
    command = " ".join([*words, shlex.join(invocation.words)]) + f"  # crm remind {name} since {since}"
    if len(command.encode()) > LONGEST:
        raise UsageError(f"the command has more than the {LONGEST} characters that cron takes", "use shorter paths")
    return f"{fields} {command.replace('%', chr(92) + '%')}"  # a bare % ends the command


def put(text: str, name: str, new: str) -> str:
    """The crontab with the line of a job: in the place of its old one, or at the end."""
    lines = text.split("\n")
    mine = [at for at, old in enumerate(lines) if _name(old) == name]
    if mine:
        if _untagged(lines[mine[0]]) != _untagged(new):
            lines[mine[0]] = new
        kept = [old for at, old in enumerate(lines) if at not in mine[1:]]
        return "\n".join(kept)
    begun = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{begun}{new}\n"


def drop(text: str, name: str) -> str:
    """The crontab without the line of a job."""
    return "\n".join(one for one in text.split("\n") if _name(one) != name)


def jobs(text: str, suffix: str = "") -> list[Job]:
    """The jobs in a crontab: ours, and lines of a person's own that run `crm remind`.

    `suffix` names the zone of cron where that is not the person's.
    """
    return [found for one in text.split("\n") if (found := _job(one, suffix))]


def _job(text: str, suffix: str) -> Job | None:
    times = None if text.lstrip().startswith("#") else _TIMES.match(text)
    if times is None:
        return None
    tag = _TAG.search(text)
    command = _TAG.sub("", times[2]).replace("\\%", "%")
    try:
        words = shlex.split(command, comments=not tag)
    except ValueError:
        return None
    environ = {}
    while words and _ASSIGNMENT.match(words[0]):
        key, _, value = words.pop(0).partition("=")
        environ[key] = value
    if not tag and not _reminds(words):
        return None
    schedule, minutes = read_cron(" ".join(times[1].split()), suffix)
    return Job(tag[1] if tag else "", CRON, schedule, minutes, environ, tuple(words), tag[2] if tag else "")


def _reminds(words: list[str]) -> bool:
    """Whether a command that a person wrote has a `crm remind` in it, with whatever options."""
    begin = next((at for at, word in enumerate(words) if os.path.basename(word) in NAMES), len(words))
    at = words.index("remind", begin) if "remind" in words[begin:] else 0
    return bool(at) and words[at + 1 : at + 2] not in [[verb] for verb in OTHER_VERBS]


def _name(text: str) -> str:
    tag = None if text.lstrip().startswith("#") else _TAG.search(text)
    return tag[1] if tag else ""


def _untagged(text: str) -> str:
    return _TAG.sub("", text)


# --- the program crontab


def there(environ: Mapping[str, str]) -> bool:
    """Whether this machine has the program."""
    return _program(environ) is not None


def mails(environ: Mapping[str, str]) -> bool:
    """Whether this machine has the program by which cron mails what a job prints."""
    return shutil.which(MAILER, path=f"{environ.get('PATH') or os.defpath}:{SBIN}") is not None


def read(environ: Mapping[str, str]) -> str:
    """The crontab of this login; empty when there is none.

    Raises:
        CrmError: it cannot be read.
    """
    done = _run(["-l"], "", environ)
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "surrogateescape")
    reason = done.stderr.decode("utf-8", "replace").strip()
    if not done.stdout and ("no crontab" in reason.lower() or "no such file" in reason.lower()):
        return ""
    raise CrmError(f"your crontab cannot be read: {_first(reason, done.returncode)}", "nothing was changed")


def write(text: str, environ: Mapping[str, str]) -> None:
    """Make `text` the crontab of this login; an empty one is taken away.

    Raises:
        CrmError: it was not taken.
    """
    done = _run(["-"] if text else ["-r"], text, environ)
    if done.returncode:
        reason = _first(done.stderr.decode("utf-8", "replace").strip(), done.returncode)
        raise CrmError(f"crontab did not take the change: {reason}", "your crontab is as it was")
    if read(environ) != text:
        raise CrmError("crontab holds something else than what was written", "look at it with: crontab -l")


def _program(environ: Mapping[str, str]) -> str | None:
    return shutil.which("crontab", path=environ.get("PATH") or os.defpath)


def _run(arguments: list[str], text: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    program = _program(environ)
    if program is None:
        raise CrmError("there is no crontab on this machine", "install cron, or use --systemd")
    data = text.encode("utf-8", "surrogateescape")
    environ = {**environ, "LC_ALL": "C"}  # its messages are read
    try:
        return subprocess.run([program, *arguments], input=data, capture_output=True, env=environ, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CrmError(f"crontab cannot be run: {error}", "nothing was changed") from error


def _first(reason: str, code: int) -> str:
    return reason.partition("\n")[0] or f"it ended with {code}"

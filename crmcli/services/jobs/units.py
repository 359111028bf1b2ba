"""A service and a timer of systemd for each job, among the units of the person (`systemd.timer(5)`)."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from crmcli.kernel.errors import CrmError
from crmcli.kernel.files import replacing
from crmcli.services.jobs.invocation import Invocation, login_home
from crmcli.services.jobs.job import SYSTEMD, Job
from crmcli.services.jobs.schedule import Schedule, read_calendar

SECONDS = 60
ENV = "/usr/bin/env"
_HEAD = re.compile(r"# crm remind ([a-z0-9-]+) since (\S+)\n")


def folder(environ: Mapping[str, str]) -> Path:
    """Where the units of a person are. Raises CrmError without a home folder."""
    named = environ.get("XDG_CONFIG_HOME", "").strip()
    home = environ.get("HOME", "").strip() or login_home()
    if not named and not home:
        raise CrmError("there is no home folder to keep units of systemd in", "set HOME, or use --cron")
    return (Path(named) if named else Path(home) / ".config") / "systemd" / "user"


def units(name: str, schedule: Schedule, zone: str, invocation: Invocation, since: str) -> dict[str, str]:
    """The files of a job: their names, each with its text."""
    head = f"# crm remind {name} since {since}\n# To take it out: crm remind uninstall --systemd --name {name}\n"
    variables = "".join(f"Environment={_quoted(f'{key}={value}')}\n" for key, value in invocation.environ.items())
    # As the program itself systemd takes no such signs; as a word of another one it does.
    words = [*([ENV] if set(invocation.words[0]) & set("'\"$") else []), *invocation.words]
    # A dollar stands for a variable in a command, and for itself in Environment=.
    command = " ".join(_quoted(word).replace("$", "$$") for word in words)
    calendar = f"{schedule.calendar} {zone}" if schedule.at else schedule.calendar
    service = f"[Unit]\nDescription=crm reminders ({name})\n\n[Service]\nType=oneshot\n{variables}ExecStart={command}\n"
    timer = (
        f"[Unit]\nDescription=crm reminders ({name}), {schedule.words}\n\n"
        f"[Timer]\nOnCalendar={calendar}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{_stem(name)}.service": head + service, f"{_stem(name)}.timer": head + timer}


def _quoted(text: str) -> str:
    """A word as systemd reads it; % stands for something there."""
    plain = re.fullmatch(r"[\w@:,./+=-]+", text, re.ASCII)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if plain else f'"{escaped}"'


def _stem(name: str) -> str:
    return f"crm-remind-{name}"


def jobs(environ: Mapping[str, str], zone: str) -> list[Job]:
    """The jobs whose units are installed, by name; `zone` is the person's."""
    try:
        timers = sorted(folder(environ).glob("crm-remind-*.timer"))
    except CrmError:
        return []
    return [found for path in timers if (found := _job(path, zone))]


def _job(path: Path, zone: str) -> Job | None:
    timer, service = _text(path), _text(path.with_suffix(".service"))
    head = _HEAD.match(timer)
    if head is None:
        return None
    schedule, minutes = read_calendar(next(iter(_values(timer, "OnCalendar")), ""), zone)
    words = [word.replace("$$", "$") for word in _words(next(iter(_values(service, "ExecStart")), ""))]
    words = words[1:] if words[:1] == [ENV] else words
    pairs = [word.partition("=") for text in _values(service, "Environment") for word in _words(text)]
    return Job(head[1], SYSTEMD, schedule, minutes, {key: value for key, _, value in pairs}, tuple(words), head[2])


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _values(text: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in text.split("\n") if line.startswith(f"{key}=")]


def _words(text: str) -> list[str]:
    try:
        return [word.replace("%%", "%") for word in shlex.split(text)]
    except ValueError:
        return []


def same(made: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """Whether the files say already what `made` says, whenever they were written.

    Raises:
        CrmError: a file of that name is somebody else's.
    """
    there = {name: _text(folder(environ) / name) for name in made}
    for name, text in there.items():
        if text and not _HEAD.match(text):
            raise CrmError(f"{folder(environ) / name} was not written by crm", "give the job another --name")
    return all(_HEAD.sub("", there[name]) == _HEAD.sub("", text) for name, text in made.items())


def write(made: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """Write the files. Raises CrmError when that is not possible."""
    place = folder(environ)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrmError(f"cannot make {place}: {error.strerror}") from error
    for name, text in made.items():
        with replacing(str(place / name)) as file:
            file.write(text)


def start(name: str, environ: Mapping[str, str]) -> str:
    """Let systemd run the job from now on; returns why it could not, or ""."""
    timer = f"{_stem(name)}.timer"
    # A timer that runs already must be started anew to take another time.
    return _each((["daemon-reload"], ["enable", timer], ["restart", timer]), environ)


def runs(name: str, environ: Mapping[str, str]) -> bool:
    """Whether systemd runs the job, also after the next login."""
    timer = f"{_stem(name)}.timer"
    return not _each((["is-enabled", timer], ["is-active", timer]), environ)


def remove(name: str, environ: Mapping[str, str]) -> str:
    """Stop the job and take its files away; returns what systemd had against it, or "".

    Raises:
        CrmError: a file cannot be taken away.
    """
    place, timer = folder(environ), f"{_stem(name)}.timer"
    trouble = _each((["disable", "--now", timer],), environ)
    try:
        for path in (place / timer, place / f"{_stem(name)}.service", place / "timers.target.wants" / timer):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CrmError(f"cannot take {error.filename} away: {error.strerror}") from error
    return trouble or _each((["daemon-reload"],), environ)


def need(environ: Mapping[str, str]) -> None:
    """Raise CrmError where this machine has no systemd."""
    if _program(environ) is None:
        raise CrmError("there is no systemctl on this machine", "use --cron")


def start_by_hand(name: str) -> str:
    """The command that does what `start` does."""
    return f"systemctl --user daemon-reload && systemctl --user enable --now {_stem(name)}.timer"


def _program(environ: Mapping[str, str]) -> str | None:
    return shutil.which("systemctl", path=environ.get("PATH") or os.defpath)


def _each(commands: Sequence[list[str]], environ: Mapping[str, str]) -> str:
    """Run commands of systemctl until one fails; returns its first line, "" when all went well."""
    program = _program(environ)
    if program is None:
        return "there is no systemctl on this machine"
    environ = {**_runtime(), **environ}
    for words in commands:
        try:
            done = subprocess.run(
                [program, "--user", *words], capture_output=True, env=environ, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode:
            text = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            return text.partition("\n")[0] or f"systemctl {words[0]} ended with {done.returncode}"
    return ""


def _runtime() -> dict[str, str]:
    """Where the manager of a person's units listens, for a shell that was not told."""
    place = f"/run/user/{os.getuid()}" if hasattr(os, "getuid") else ""
    return {"XDG_RUNTIME_DIR": place} if os.path.isdir(place) else {}


def lingers(user: str) -> bool:
    """Whether systemd runs the jobs of a login also while it is logged out."""
    return os.path.exists(f"/var/lib/systemd/linger/{user}")

"""What a job runs: the program by its whole path, over this database, as the person that this shell knows.

A job starts in a bare environment. What this shell has that the bare one lacks is written into the job: who I am, my
zone, where the settings are. Secrets never are: everybody on a machine can read the words of a command.
"""

import os
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.place import file_of, shown_place
from crmcli.kernel.settings import Settings
from crmcli.services import channels

try:
    import pwd
except ImportError:  # Windows
    pwd = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from crmcli.app import App

NAMES = ("crm", "crmcli")
BARE_PATH = "/usr/bin:/bin"
PROGRAMS = ("remind.program", "smtp.password_command")
"""Settings that name a program, which a bare PATH may not reach."""


class Invocation(NamedTuple):
    """The variables that are set for a command, and its words."""

    environ: dict[str, str]
    words: tuple[str, ...]


def invocation(app: "App", told_on: Sequence[str], digest: str) -> Invocation:
    """The command of a job that tells on these channels (those of the settings, when empty).

    Raises:
        UsageError: the database is a URL with a password, or a path holds what no crontab and no unit can.
    """
    words = [*program(sys.argv[0], app.environ), *_database(app), "remind"]
    words += [word for channel in told_on for word in ("--channel", channel)]
    words += ["--digest", digest] if digest else []
    found = Invocation(_environment(app, told_on, words), tuple(words))
    for text in (*found.environ.values(), *words):
        if not text.isprintable() or "\\" in text:
            raise UsageError(f"'{text}' cannot stand in a job", "name it without control characters and backslashes")
    return found


def program(called: str, environ: Mapping[str, str]) -> list[str]:
    """The words that start this program from anywhere: its file, or the module under this Python.

    The file is not resolved: a link stays right when what it points to is renewed.
    """
    if os.path.basename(called) in NAMES:
        file = called if os.path.dirname(called) else shutil.which(called, path=environ.get("PATH")) or ""
        if file and os.access(file, os.X_OK):
            return [os.path.abspath(file)]
    return [os.path.abspath(sys.executable), "-m", "crmcli"]


def _database(app: "App") -> list[str]:
    place, file = app.place, file_of(app.place)
    if file is not None:
        return ["--db", str(file)]
    if not app.settings.db and not app.environ.get("CRM_DB"):
        return []  # the job reads the same settings
    if shown_place(place) != place:
        hint = "put it into the settings, which only you can read: crm config set db URL; or into ~/.pgpass"
        raise UsageError(f"a job would show the password in {shown_place(place)} to everybody", hint)
    return ["--db", place]


def _environment(app: "App", told_on: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """What the job must be told, since its own environment would say otherwise."""
    found: dict[str, str] = {}
    home, usual = app.environ.get("HOME", "").strip(), login_home()
    if home and os.path.realpath(home) != os.path.realpath(usual):
        found["HOME"] = os.path.abspath(home)
    config = app.config_path
    if config is not None and os.path.abspath(config) != str(seen_by(app, found).config_path):
        found["CRM_CONFIG"] = os.path.abspath(config)
    there = seen_by(app, found)
    if there.users.my_name != app.users.my_name:
        found["CRM_USER"] = app.users.my_name
    if there.clock.zone_name != app.clock.zone_name:
        found["CRM_TIMEZONE"] = app.clock.zone_name
    if "-m" in words and (folder := str(Path(__file__).parents[3])) != sysconfig.get_paths()["purelib"]:
        found["PYTHONPATH"] = folder
    if any(_out_of_reach(app, name) for name in PROGRAMS):
        found["PATH"] = app.environ["PATH"]
    bus = app.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if "desktop" in (told_on or channels.usual(app)) and bus.startswith("unix:path="):
        found["DBUS_SESSION_BUS_ADDRESS"] = bus
    return found


def login_home() -> str:
    """The home folder that the machine knows for this login; empty when it knows none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except (AttributeError, KeyError):
        return ""


def seen_by(app: "App", environ: Mapping[str, str], place: str = "") -> "App":
    """The App that a job with these variables has, over the database that its command names."""
    home = login_home()
    bare = {"HOME": home} if home else {}
    streams = app.stdin, app.stdout, app.stderr
    return type(app)(Settings(db=place or None), environ={**bare, **environ}, streams=streams)


def _out_of_reach(app: "App", setting: str) -> bool:
    words = shlex.split(app.config.get(setting, ""))
    path = app.environ.get("PATH")
    return bool(words and path and not shutil.which(words[0], path=BARE_PATH) and shutil.which(words[0], path=path))

"""Files: the settings, secrets and the database with who may read them, and the room on the disk."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.kernel import config
from crmcli.kernel.errors import CrmError
from crmcli.kernel.place import file_of
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding, at_home

if TYPE_CHECKING:
    from crmcli.app import App

SECRETS = ("smtp.password_file", "webhook.secret_file", "apprise.urls_file")
MEGABYTE = 1_000_000
SCARCE, LOW = 10 * MEGABYTE, 100 * MEGABYTE


def settings(app: "App") -> Iterator[Finding]:
    """Whether the settings can be read, and by their owner alone."""
    path = app.config_path
    if path is None:
        yield Finding(WARN, "there is no home folder to keep settings in", "name a file with CRM_CONFIG")
        return
    shown = at_home(str(path), app.environ)
    if not os.path.exists(path):
        yield Finding(OK, f"none are kept ({shown})")
        return
    config.load(path)
    advice = _too_open(str(path), app)
    if advice:
        yield Finding(WARN, f"others can read {shown}", advice)
    else:
        yield Finding(OK, f"{shown}, {len(app.config)} set")


def secrets(app: "App") -> Iterator[Finding]:
    """Whether the files with secrets that the settings name are there, and whether others can read them."""
    named = {name: app.config[name] for name in SECRETS if app.config.get(name)}
    sound = 0
    for name, value in named.items():
        path = os.path.expanduser(value)
        if not os.path.isfile(path):
            yield Finding(
                FAIL, f"there is no file {at_home(path, app.environ)}", f"make it, or: crm config unset {name}"
            )
        elif advice := _too_open(path, app):
            yield Finding(FAIL, f"others can read {at_home(path, app.environ)} ({name})", advice)
        else:
            sound += 1
    if sound == len(named):
        yield Finding(OK, f"{sound} files, for my eyes alone" if sound else "the settings name no files with secrets")


def permissions(app: "App") -> Iterator[Finding]:
    """Whether others can read the database: on SQLite, who can read the file can read everything."""
    path = file_of(app.place)
    if path is None or not path.exists():
        return
    if not path.is_file():
        yield Finding(
            FAIL, f"{at_home(str(path), app.environ)} is no ordinary file", "name another one: CRM_DB, or --db"
        )
        return
    open_ones = [one for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if _too_open(str(one), app)]
    for one in open_ones:
        yield Finding(WARN, f"others can read {at_home(str(one), app.environ)}", _too_open(str(one), app))
    folder = os.path.realpath(path.parent)
    replaceable = os.name != "nt" and os.stat(folder).st_mode & (0o022 | stat.S_ISVTX) in (0o002, 0o020, 0o022)
    if replaceable:
        shown = at_home(folder, app.environ)
        yield Finding(WARN, f"others can put another file in its place, in {shown}", f"chmod go-w {shown}")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        yield Finding(WARN, "the database, or its folder, is read-only", "nothing can be changed in it")
    elif not open_ones and not replaceable:
        yield Finding(OK, "the database is for my eyes alone")


def disk(app: "App") -> Iterator[Finding]:
    """Whether there is room: for the next changes, and for a copy of the database when a new version changes it."""
    path = file_of(app.place)
    if path is None:
        return
    folder = next((one for one in path.parents if one.is_dir()), Path("/"))
    try:
        free = shutil.disk_usage(folder).free
        size = path.stat().st_size if path.exists() else 0
    except OSError as error:
        raise CrmError(f"the disk cannot be looked at: {error.strerror}") from error
    if free < SCARCE:
        yield Finding(FAIL, f"{megabytes(free)} are free where the database is", "free some space")
    elif free < max(LOW, 2 * size):
        yield Finding(
            WARN, f"{megabytes(free)} are free where the database is", "free some space: a copy would not fit"
        )
    else:
        yield Finding(OK, f"{megabytes(free)} are free where the database is")


def megabytes(size: int) -> str:
    """A size for a person."""
    return f"{size / MEGABYTE:,.1f} MB" if size < 1000 * MEGABYTE else f"{size / MEGABYTE / 1000:,.1f} GB"


def _too_open(path: str, app: "App") -> str:
    """How to close a file that others can read or write; "" where it is closed, or the system knows no modes."""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return ""
    if os.name == "nt" or not mode & 0o077:
        return ""
    return f"chmod 600 {at_home(path, app.environ)}"

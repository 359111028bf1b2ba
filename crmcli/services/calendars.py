"""Publishing a calendar: as one file to subscribe to, or as a folder with a file for each entry.

A folder is what vdirsyncer and others call a vdir: a file `UID.ics` for each entry, rewritten only when it changes, so
that its time tells whether it did. Of what is in the folder only our own files are ever touched.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from crmcli.exporters.base import Job, check_shape
from crmcli.exporters.calendar import PRODUCT, Entry, alone, entries, published
from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.files import PUBLIC, replacing
from crmcli.kernel.paths import expanded
from crmcli.services.users import ME
from crmcli.store import calendar, followups
from crmcli.store.due import horizon
from crmcli.store.filters import mentions, parse

if TYPE_CHECKING:
    from crmcli.app import App

DAYS_BACK = 30
SUFFIX = ".ics"
DISPLAY_NAME = "displayname"
"""The file in a folder that says how the calendar is called."""
PRIVATE, PRIVATE_FOLDER, PUBLIC_FOLDER = 0o600, 0o700, 0o755
# An entry of a calendar of ours, and its UID, which stands on one line.
_ENTRY = re.compile(r"BEGIN:(VEVENT|VTODO)\r\nUID:([^\r]*)\r\n.*?END:\1\r\n", re.DOTALL)
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,60}")
_OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n"


class Wishes(NamedTuple):
    """What a calendar holds, and for whom.

    Args:
        shape: what follow-ups are, see `crmcli.exporters.base.SHAPES`.
        everyone: everyone's follow-ups and birthdays instead of mine.
        days_back: for how many days what is done stays, counted from when it was due.
        birthdays: whether those of contacts are in it.
        public: whether everybody on this machine may read it, as a web server has to.
        name: how the calendar is called; a file of itself, whose follow-ups it has, a folder as the folder.
    """

    shape: str = "events"
    everyone: bool = False
    days_back: int = DAYS_BACK
    birthdays: bool = False
    public: bool = False
    name: str = ""


class Published(NamedTuple):
    """What became of a calendar: the place, how many entries it has, and how many are new, changed or gone."""

    place: str
    total: int
    new: int
    changed: int
    removed: int


class Calendars:
    """Calendars for other programs to read."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def publish(self, place: str, text: str = "", wishes: Wishes = Wishes()) -> Published:  # noqa: B008 - a tuple
        """Write the calendar, whole or not at all; what is as it was is not touched.

        Args:
            place: a file that ends with .ics, or a folder: one that is there, or with a / at its end.
            text: a filter on follow-ups. One that asks for an owner is about everyone's.
            wishes: what is in it.

        Raises:
            UsageError: a filter, place or shape that is wrong.
            CrmError: the place holds something that is not ours, or cannot be written.
        """
        check_shape(wishes.shape)
        path = expanded(place)
        folder = place.endswith(("/", os.sep)) or path.is_dir()
        if not folder and path.suffix.lower() != SUFFIX:
            hint = f"a file is named something{SUFFIX}; a folder that is not there yet has a / at its end"
            raise UsageError(f"'{place}' is neither a calendar nor a folder", hint)
        found = list(self._entries(text, wishes))
        try:
            counts = _write_folder(path, found, wishes) if folder else self._write_file(path, found, wishes)
        except OSError as error:
            raise CrmError(f"cannot publish to {place}: {error.strerror or error}") from error
        return Published(str(path), len(found), *counts)

    def _entries(self, text: str, wishes: Wishes) -> Iterator[Entry]:
        store, clock = self.app.store, self.app.clock
        at, node = horizon(clock), parse(text)
        where = followups.condition(store, node, clock, self.app.users.key, at)
        me = None if wishes.everyone else self.app.users.key(ME)
        whose = None if mentions(node, "owner") else me
        since = stamp(clock.midnight(clock.today() - timedelta(days=wishes.days_back)))
        for record in calendar.followups(store, where, whose, since, at):
            yield from entries(record, Job("followup", shape=wishes.shape, zone=clock.zone_name))
        if wishes.birthdays and wishes.shape != "todos":
            for row in calendar.birthdays(store, me):
                yield from entries(row, Job("contact"))

    def _write_file(self, path: Path, found: Sequence[Entry], wishes: Wishes) -> tuple[int, int, int]:
        before = _read(path)
        if path.exists() and not before.startswith(_OURS):
            raise CrmError(f"{path} is no calendar of ours", "name another file, or remove it first")
        usual = "Follow-ups" if wishes.everyone else f"Follow-ups of {self.app.users.my_name}"
        whole = published(found, wishes.name or usual)
        _settle(path, before, whole, wishes.public)
        old = {entry[2]: entry[0] for entry in _ENTRY.finditer(before)}
        new = {entry[2]: entry[0] for entry in _ENTRY.finditer(whole)}
        return _compare(old, new)


def _write_folder(path: Path, found: Sequence[Entry], wishes: Wishes) -> tuple[int, int, int]:
    path.mkdir(parents=True, exist_ok=True, mode=PUBLIC_FOLDER if wishes.public else PRIVATE_FOLDER)
    wanted = {entry.uid: alone(entry) for entry in found if _NAME.fullmatch(entry.uid)}
    names = [name for name in os.listdir(path) if name.endswith(SUFFIX) and not name.startswith(".")]
    old = {name.removesuffix(SUFFIX): _read(path / name) for name in names}
    old = {uid: text for uid, text in old.items() if uid in wanted or _is_ours(text, uid)}
    for uid, text in wanted.items():
        _settle(path / f"{uid}{SUFFIX}", old.get(uid, ""), text, wishes.public)
    if wishes.name:
        # https://vdirsyncer.pimutils.org/en/stable/vdir.html#metadata
        _settle(path / DISPLAY_NAME, _read(path / DISPLAY_NAME), wishes.name, wishes.public)
    for uid in old.keys() - wanted.keys():
        with suppress(FileNotFoundError):  # another run was faster
            os.unlink(path / f"{uid}{SUFFIX}")
    return _compare(old, wanted)


def _is_ours(text: str, uid: str) -> bool:
    """Whether a file is one that we wrote for this entry: a whole calendar of ours, put there by hand, is not."""
    found = _ENTRY.search(text)
    return text.startswith(_OURS) and found is not None and found[2] == uid


def _settle(path: Path, before: str, after: str, public: bool) -> None:
    """Write a file if it changes, and make it readable as it should be."""
    if before != after:
        with replacing(str(path), public=public) as file:
            file.write(after)
    elif S_IMODE(path.stat().st_mode) != (PUBLIC if public else PRIVATE):
        path.chmod(PUBLIC if public else PRIVATE)


def _read(path: Path) -> str:
    """What an ordinary file holds; "" where there is none that can be read."""
    try:
        if not S_ISREG(path.lstat().st_mode):
            return ""
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, PermissionError):
        return ""


def _compare(old: dict[str, str], new: dict[str, str]) -> tuple[int, int, int]:
    """How many entries are new, changed and gone."""
    changed = sum(old[uid] != text for uid, text in new.items() if uid in old)
    return len(new.keys() - old.keys()), changed, len(old.keys() - new.keys())

"""A disk that loses what was not synced: files and names as a log of the shim says, and what a power cut leaves.

What a file held at its last sync stays. Each later write may be there or not, sector by sector and in any order, and so
may a change of its length; a name that was made, moved or removed is certain only after its folder was synced. That is
more than a real file system loses, and no less than SQLite is made for.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.trust.shim import Record

SECTOR = 512


class File:
    """What a file holds for certain, and what was done to it since: writes (offset, bytes) and lengths."""

    def __init__(self, content: bytes = b"") -> None:
        self.certain = bytearray(content)
        self.since: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        """Make all certain."""
        for offset, data in self.since:
            _apply(self.certain, offset, data)
        self.since.clear()

    def after(self, chance: Random) -> bytes:
        """What may be left of it."""
        left = bytearray(self.certain)
        share = chance.choice((0.0, 1.0, chance.random()))
        for offset, data in self.since:
            for start, part in _sectors(offset, data):
                if chance.random() < share:
                    _apply(left, start, part)
        return bytes(left)


def _sectors(offset: int, data: bytes | None) -> Iterator[tuple[int, bytes | None]]:
    if data is None:
        yield offset, None
        return
    end = offset + len(data)
    while offset < end:
        size = min(SECTOR - offset % SECTOR, end - offset)
        yield offset, data[len(data) - (end - offset) :][:size]
        offset += size


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write, or with None set the length."""
    end = offset if data is None else offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:end] = data


class Disk:
    """The files below a folder, which are certain as they are now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[int, File] = {}
        self.names: dict[str, File] = {}
        for path in folder.rglob("*"):
            if path.is_file():
                self.files[path.stat().st_ino] = self.names[str(path)] = File(path.read_bytes())
        self.certain = dict(self.names)
        # What was done to names since their folders were synced: each is a few (name, file or None) at once.
        self.since: list[list[tuple[str, File | None]]] = []

    def take(self, record: Record) -> None:
        """Let happen what the shim wrote down."""
        first, second = record.first.decode("utf-8", "replace"), record.second.decode("utf-8", "replace")
        if record.what == "W" and record.inode in self.files:
            self.files[record.inode].since.append((record.offset, record.first))
        elif record.what == "T" and record.inode in self.files:
            self.files[record.inode].since.append((record.offset, None))
        elif record.what == "S":
            self._sync(record.inode, first)
        elif record.what == "O":
            self.files[record.inode] = File()
            self._name([(first, self.files[record.inode])])
        elif record.what == "U":
            self._name([(first, None)])
        elif record.what == "L":
            self._name([(second, self.names[first])])
        elif record.what == "R":
            self._name([(second, self.names[first]), (first, None)])

    def _sync(self, inode: int, path: str) -> None:
        if inode in self.files and not Path(path).is_dir():
            self.files[inode].sync()
            return
        kept = []
        for change in self.since:
            if str(Path(change[0][0]).parent) == path:
                _rename(self.certain, change)
            else:
                kept.append(change)
        self.since = kept

    def _name(self, change: list[tuple[str, File | None]]) -> None:
        _rename(self.names, change)
        self.since.append(change)

    def cut(self, chance: Random, into: Path) -> None:
        """Write what a power cut at this moment may leave into an empty folder."""
        names = dict(self.certain)
        how = chance.choice(("lost", "kept", "until", "some"))
        until = chance.randint(0, len(self.since))
        for number, change in enumerate(self.since):
            if how == "kept" or (how == "until" and number < until) or (how == "some" and chance.random() < 0.5):
                _rename(names, change)
        for name, file in names.items():
            if name.endswith("-shm"):  # memory, which does not outlive the machine
                continue
            path = into / Path(name).relative_to(self.folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.after(chance))


def _rename(names: dict[str, File], change: list[tuple[str, File | None]]) -> None:
    for name, file in change:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file

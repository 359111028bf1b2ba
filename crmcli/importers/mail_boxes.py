"""Where messages stand: one after the other in an mbox file, each in a file of its own in a Maildir, or alone.

Sources: RFC 4155 (mbox), https://cr.yp.to/proto/maildir.html, and the Maildir++ folders of Courier and Dovecot.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from crmcli.importers.source import Source
from crmcli.kernel.errors import CrmError, UsageError

LARGEST = 60_000_000
"""Bytes of a message."""
_CHUNK = 1 << 20
_AHEAD = 1000
"""Bytes of a separator and the name of the field that follows."""
_MONTHS = b"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# From, an address (or a dash, or nothing that Gmail's export lacks), a month, a time of day and a year.
_SEPARATOR = re.compile(
    rb"From [^\r\n]{0,400}?\b(?:" + _MONTHS + rb")\b[^\r\n]{0,60}\d\d:\d\d[^\r\n]{0,60}\r?\n", re.IGNORECASE
)
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>?From ")
_BLANK_LINE = re.compile(rb"\n[ \t]*\r?\n\Z")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
# Mail in these folders was never sent, or nobody wants it.
LEFT_OUT = frozenset(
    (
        *("trash", "bin", "deleted", "deleted messages", "deleted items", "junk", "junk e-mail", "junk email", "spam"),
        *("drafts", "papierkorb", "entwürfe", "brouillons", "corbeille", "borradores", "papelera"),
    )
)
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_MOST_LISTED = 1000


class Stored(NamedTuple):
    """Where a message stands: in the file itself (path ""), or in a file of the folder; offset and length in bytes.

    In an mbox lines that begin with `From ` are `escaped` by a `>`.
    """

    path: str
    offset: int
    length: int
    escaped: bool = False


class Message(NamedTuple):
    """The bytes of a message, without its separator, and the number of the message; `problem` when it is none."""

    place: int
    stored: Stored
    data: bytes
    separator: bytes = b""
    problem: str = ""


# --- mbox


def begins_mbox(head: bytes) -> bool:
    """Whether a file begins as an mbox does."""
    return _separates(head.lstrip(b"\xef\xbb\xbf\r\n"), 0)


def mbox(source: Source) -> Iterator[Message]:
    """The messages of an mbox.

    A line that begins with `From ` is a separator when it names a day and a time, stands at the beginning or after a
    blank line, and a field follows: others are text that was not escaped.

    Raises:
        UsageError: there is no message in it.
    """
    count = 0
    with source.open() as file:
        for offset, size, data in _cut(file):
            skipped = 0 if offset else len(data) - len(data.lstrip(b"\xef\xbb\xbf\r\n"))
            data = data[skipped:]
            offset, size = offset + skipped, size - skipped
            if offset or _separates(data, 0):  # whatever is cut further on begins with a separator
                count += 1
                separator, text = _parted(data)
                text = _ESCAPED.sub(rb"\1", text) if b">From " in text else text
                yield Message(count, Stored("", offset, size, escaped=True), text, separator, _too_large(size))
    if not count:
        hint = "an mbox begins with a line such as: From ada@engines.example Fri Nov 20 10:00:00 2026"
        raise UsageError(f"{source.name} is no mbox", hint)


def _cut(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """A file cut before each separator: where a piece begins, its size, and its bytes, or the first of very many."""
    buffer, offset, scan, lost, head = b"", 0, 0, 0, b""
    while True:
        chunk = file.read(_CHUNK)
        buffer += chunk
        # A separator is only known for one when the line after it is there.
        end = len(buffer) - (_AHEAD if chunk else 0)
        start = 0
        while (place := buffer.find(b"\nFrom ", scan, end)) >= 0:
            scan = place + 1
            blank = buffer[place - 1 : place] == b"\n" or _BLANK_LINE.search(buffer, max(start, place - 80), scan)
            if blank and _separates(buffer, scan):
                yield offset, scan - start + lost, head or buffer[start:scan]
                offset, start, lost, head = offset + scan - start + lost, scan, 0, b""
        if not chunk:
            yield offset, len(buffer) - start + lost, head or buffer[start:]
            return
        scan = max(scan, end - len(b"\nFrom ") + 1) - start
        buffer = buffer[start:]
        if len(buffer) > LARGEST + _CHUNK:
            head = head or buffer[:_AHEAD]
            lost += scan
            buffer, scan = buffer[scan:], 0


def _separates(data: bytes, place: int) -> bool:
    """Whether a separator begins there, and a field follows."""
    found = _SEPARATOR.match(data, place, place + _AHEAD)
    return found is not None and _FIELD.match(data, found.end(), found.end() + _AHEAD) is not None


def _too_large(size: int) -> str:
    return f"the message has {size:,} bytes; at most {LARGEST:,} are read" if size > LARGEST else ""


# --- one message, a folder of messages


def alone(source: Source) -> Iterator[Message]:
    """The one message that a file is."""
    with source.open() as file:
        data = file.read(LARGEST + 1)
    size = max(source.size, len(data))
    yield _whole(1, Stored("", 0, size), data, size)


def _whole(place: int, stored: Stored, data: bytes, size: int) -> Message:
    separator, data = _parted(data)
    return Message(place, stored, data, separator, _too_large(size))


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """The separator, if there is one, and the message."""
    if not data.startswith(b"From "):
        return b"", data
    separator, _, rest = data.partition(b"\n")
    return separator.strip(), rest


def is_maildir(folder: Path) -> bool:
    """Whether a folder is a Maildir, or holds some."""
    inner = [entry for entry in _listed(folder) if entry.is_dir(follow_symlinks=False)]
    if {"cur", "new"} & {entry.name for entry in inner}:
        return True
    return any(_is_dir(os.path.join(entry.path, "cur")) for entry in inner)


def holds_messages(folder: Path) -> bool:
    """Whether files in a folder, or in one of its folders, are called as messages are: `*.eml`."""
    for entry in _listed(folder):
        if _is_message(entry.name):
            return True
        if entry.is_dir(follow_symlinks=False) and any(_is_message(inner.name) for inner in _listed(Path(entry.path))):
            return True
    return False


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry, _ in zip(entries, range(_MOST_LISTED), strict=False)]
    except OSError:
        return []


def _is_dir(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _is_message(name: str) -> bool:
    return name.lower().endswith(".eml") and not name.startswith(".")


def folder(source: Source) -> Iterator[Message]:
    """The messages of a Maildir with its folders, or else of all `.eml` files in a folder, the oldest name first.

    Drafts, spam and what was thrown away are left out. A file that is moved away meanwhile is found by the next import.

    Raises:
        UsageError: the source is no folder of messages.
    """
    root = source.path
    if root is None or not source.is_folder:
        raise UsageError(f"{source.name} is no folder", "name a Maildir, or a folder of .eml files")
    place = 0
    for path in _paths(root, source):
        try:
            with open(root / path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            continue
        except OSError as error:
            place += 1
            yield Message(place, Stored(path, 0, 0), b"", b"", f"{path} cannot be read: {error.strerror}")
            continue
        place += 1
        yield _whole(place, Stored(path, 0, size), data, size)
    if not place:
        source.note(f"{source.name} holds no messages")


def _paths(root: Path, source: Source) -> Iterator[str]:
    """The files of messages, relative to the folder."""
    maildir = is_maildir(root)
    left_out: set[str] = set()
    unwanted = 0
    for place, folders, files in os.walk(root, followlinks=False):
        folders.sort()
        inner = os.path.relpath(place, root)
        if maildir:
            if os.path.basename(place) not in ("cur", "new"):
                folders[:] = [name for name in folders if not _is_unwanted(name, left_out)]
                continue
            wanted = [name for name in files if not name.startswith(".") and not _is_flagged(name)]
            unwanted += sum(_is_flagged(name) for name in files)
        else:
            wanted = [name for name in files if _is_message(name)]
        for name in sorted(wanted):
            if not os.path.islink(os.path.join(place, name)):
                yield os.path.normpath(os.path.join(inner, name))
    if left_out:
        source.note(f"left out of {source.name}: {', '.join(sorted(left_out))}")
    if unwanted:
        source.note(f"{unwanted} drafts and deleted messages of {source.name} are left out")


def _is_unwanted(name: str, left_out: set[str]) -> bool:
    """Whether a folder of a Maildir holds what nobody wants; its name is remembered then."""
    last = name.rpartition(".")[2].strip()
    if last.lower() in LEFT_OUT:
        left_out.add(last)
        return True
    return name == "tmp"


def _is_flagged(name: str) -> bool:
    """Whether a message is marked as a draft or as thrown away."""
    found = _FLAGS.search(name)
    return found is not None and bool(set("DT") & set(found[1]))


# --- once more


def again(source: Source, stored: Stored) -> tuple[bytes, bytes]:
    """The separator and the bytes of a message; nothing when it was moved away."""
    try:
        if stored.path:
            assert source.path is not None
            with open(source.path / stored.path, "rb") as file:
                data = file.read(stored.length)
        else:
            data = _read_at(source, stored)
    except (OSError, CrmError):
        return b"", b""
    separator, message = _parted(data)
    return separator, _ESCAPED.sub(rb"\1", message) if stored.escaped else message


def _read_at(source: Source, stored: Stored) -> bytes:
    if source.held is None:
        with source.open() as file:
            file.seek(stored.offset)
            return file.read(stored.length)
    # All who read what is held share one position, and somebody may be in the middle of it.
    number = source.held.fileno()
    before = os.lseek(number, 0, os.SEEK_CUR)
    try:
        os.lseek(number, stored.offset, os.SEEK_SET)
        found = bytearray()
        while len(found) < stored.length and (part := os.read(number, stored.length - len(found))):
            found += part
        return bytes(found)
    finally:
        os.lseek(number, before, os.SEEK_SET)

"""A file to import, or the standard input: read as often as needed, its beginning looked at once."""

import codecs
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO

from crmcli.kernel.errors import CrmError

HEAD = 65_536
"""Bytes that recognising may look at."""
_CHUNK = 1 << 20
# The longer marks first: UTF-32 begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Source:
    """Something to import.

    Args:
        name: what the person called it: a path, or `-`.
        path: where it is; a folder for a Maildir.
        held: the bytes of what can be read only once, such as standard input; a file of the caller's.

    `team` holds the e-mail addresses of the team, folded, `zone` and `now` the person's time zone and the moment of the
    import, `currency` that of amounts without one ("" where nobody said), and `notes` what the reader found worth
    telling.
    """

    def __init__(self, name: str, path: Path | None = None, held: IO[bytes] | None = None) -> None:
        self.name = name
        self.path = path
        self.held = held
        self.team: frozenset[str] = frozenset()
        self.keep_attachments = False
        self.zone = "UTC"
        self.currency = ""
        self.now = datetime.now(UTC)
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Remember something worth telling, once however often the source is read."""
        if text not in self.notes:
            self.notes.append(text)

    def become(self, made: IO[bytes]) -> None:
        """From now on be the text that was made of what stood here before: the sheet of a workbook."""
        self.path, self.held = None, made
        for known in ("size", "head", "encoding", "_mark", "text", "layout"):
            self.__dict__.pop(known, None)

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder."""
        return self.path is not None and self.path.is_dir()

    def open(self) -> IO[bytes]:
        """The bytes from the beginning. Raises CrmError when they cannot be read."""
        if self.held is not None:
            self.held.seek(0)
            # The same file, so one reader at a time; a descriptor of its own, so that the caller's stays open.
            return os.fdopen(os.dup(self.held.fileno()), "rb")
        assert self.path is not None
        try:
            return open(self.path, "rb")
        except OSError as error:
            raise CrmError(f"cannot read {self.name}: {error.strerror}", "name a file that you may read") from error

    @cached_property
    def size(self) -> int:
        """Bytes of the whole; 0 for a folder."""
        if self.held is not None:
            return os.fstat(self.held.fileno()).st_size
        assert self.path is not None
        return 0 if self.is_folder else self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """The first bytes; none of a folder."""
        if self.is_folder:
            return b""
        with self.open() as file:
            return file.read(HEAD)

    @cached_property
    def encoding(self) -> str:
        """How the text is encoded: what a byte order mark says, else UTF-8 where all of it is, else Windows-1252.

        UTF-16 and UTF-32 without a mark, or with a wrong one, are told by their zero bytes.
        """
        for mark, name in _MARKS:
            if self.head.startswith(mark):
                told = by_zeros(self.head[len(mark) :]) if name == "utf-16" else None
                return told if told and told.startswith("utf-32") else name
        if told := by_zeros(self.head):
            return told
        if b"\0" in self.head or self._is_utf8():  # with NULs it is no text at all
            return "utf-8"
        self.notes.append(f"{self.name} is not UTF-8; it is read as Windows-1252 (cp1252)")
        return "cp1252"

    @cached_property
    def _mark(self) -> int:
        """Bytes before the text that are no part of it: a mark of UTF-16 before UTF-32."""
        return 2 if self.encoding.startswith("utf-32-") and self.head[:2] in _MARKS_16 else 0

    def _is_utf8(self) -> bool:
        if self.is_folder:
            return True
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self.open() as file:
            try:
                while chunk := file.read(_CHUNK):
                    if decoder.getstate()[0] or not chunk.isascii():
                        decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True

    @cached_property
    def text(self) -> str:
        """The head as text; what is cut off or broken in it becomes U+FFFD."""
        return self.head[self._mark :].decode(self.encoding, "replace").removesuffix("\ufffd")

    def lines(self) -> Iterator[str]:
        """The lines of the text, with their ends as they stand; what cannot be decoded becomes U+FFFD."""
        with self.open_text() as file:
            yield from file

    def open_text(self) -> IO[str]:
        """The text from the beginning, line ends untouched."""
        encoding, file = self.encoding, self.open()
        file.read(self._mark)
        return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def by_zeros(data: bytes) -> str | None:
    """UTF-32 or UTF-16 when every second byte, or two or three of four, are mostly zero; else None."""
    zero = "".join("0" if data[start::4].count(0) * 8 > len(data) else "x" for start in range(4))
    return {
        "x000": "utf-32-le",
        "xx00": "utf-32-le",
        "000x": "utf-32-be",
        "00xx": "utf-32-be",
        "x0x0": "utf-16-le",
        "0x0x": "utf-16-be",
    }.get(zero)

"""Looking into attached files: whether a person is named in one, as far as it can be read without a program of its own.

Texts are read in the usual encodings, also those within web pages, mails and zip archives, which documents of office
programs are. What is compressed otherwise, encrypted, a picture or a PDF stays closed: nobody can say what is in it.
"""

import html
import quopri
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from enum import IntEnum
from io import BytesIO

Find = Callable[[str], object]
"""Tells whether, or where, the person stands in a text."""
# Bytes that no text has, whatever its encoding, but those of 16 and 32 bits.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
          (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_OF_BYTES = ("cp1252", "cp1250", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp437", "mac-roman",
             "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")  # fmt: skip
# In these a text may be cut up, or packed, although all of it is letters.
_CLOSED_TEXTS = (b"%PDF", b"%!PS", b"{\\rtf")
# Something packed into letters: a picture in a web page or an address card.
_PACKED = re.compile(rb"[A-Za-z0-9+/]{400}|(?:^[ \t]?[A-Za-z0-9+/]{60,}\r?\n){4}", re.MULTILINE)
_TAGS = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(rb"=[0-9A-Fa-f]{2}|=\r?\n")
_MAIL = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_MAIL_FIELD = re.compile(rb"^(?:mime-version|content-type|message-id):", re.IGNORECASE | re.MULTILINE)
# An archive within an archive within one is enough, and so many bytes of one.
DEEPEST = 3
MOST_BYTES = 200_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class Seen(IntEnum):
    """What looking into a file came to; of several parts the highest counts."""

    FREE = 0
    CLOSED = 1
    NAMED = 2


def look(data: bytes, finds: Find, depth: int = 0) -> Seen:
    """Whether a person is named in the bytes of a file: NAMED, FREE of the person, or CLOSED where that cannot be told.

    Args:
        data: the bytes.
        finds: tells whether the person stands in a text.
        depth: of how many archives and mails it is a part.
    """
    texts, whole = _texts(data)
    if any(_finds(text, finds, marked=whole) for text in texts):
        return Seen.NAMED
    seen = Seen.FREE if whole else Seen.CLOSED
    inner = _parts(data)
    if inner is None:
        return seen
    if depth >= DEEPEST:
        return Seen.CLOSED
    seen = Seen.FREE
    for name, part in inner:
        if name and _finds(name, finds, marked=True):
            return Seen.NAMED
        seen = max(seen, Seen.CLOSED if part is None else look(part, finds, depth + 1))
        if seen == Seen.NAMED:
            break
    return seen


def _finds(text: str, finds: Find, *, marked: bool) -> bool:
    """Whether it stands there, also between marks of a web page or document, which may stand within a word."""
    forms = [text]
    if marked and ("<" in text or "&" in text):
        forms += [html.unescape(_TAGS.sub(between, text)) for between in ("", " ")]
    if marked and not unicodedata.is_normalized("NFC", text):
        forms += [unicodedata.normalize("NFC", form) for form in forms]
    return any(finds(form) for form in dict.fromkeys(forms))


def _texts(data: bytes) -> tuple[list[str], bool]:
    """The texts that some bytes may be, and whether they are a text, so that nothing of it was overlooked."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            return [text], "\ufffd" not in text and "\0" not in text
    if _CONTROLS.search(data):
        wide = [data[start:].decode(f"utf-16-{end}", "replace") for start in (0, 1) for end in ("le", "be")]
        return [data.decode("utf-8", "replace"), data.decode("cp1252", "replace"), *wide], False
    whole = not data.startswith(_CLOSED_TEXTS) and not _PACKED.search(data)
    forms = [data, quopri.decodestring(data)] if _QUOTED.search(data) else [data]
    return [text for form in forms for text in _decoded(form)], whole


def _decoded(data: bytes) -> Iterator[str]:
    if b"\x1b" in data:
        yield data.decode("iso2022_jp", "replace")
    try:
        yield data.decode("utf-8")
    except UnicodeDecodeError:
        for encoding in _OF_BYTES:
            yield data.decode(encoding, "replace")


def _parts(data: bytes) -> Iterator[tuple[str, bytes | None]] | None:
    """The files of an archive, or the parts of a mail, with the name of each; None where it is neither."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if _MAIL.match(data) and _MAIL_FIELD.search(data):
        return _mailed(data)
    return None


def _zipped(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """The files of a zip archive; None for the bytes of one that cannot be read."""
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                try:
                    with archive.open(entry) as file:
                        part = file.read(left + 1)
                except _BROKEN:
                    yield entry.filename, None
                    continue
                left -= len(part)
                if left < 0:
                    yield entry.filename, None
                    return
                yield entry.filename, part
    except _BROKEN:
        yield "", None


def _mailed(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """The fields of a mail and its parts."""
    for part in message_from_bytes(data).walk():
        for _, value in part.items():
            yield _field(value), b""
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield "", payload


def _field(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        return str(value)

"""The header of a message: its fields, words in other character sets, addresses, dates, message identifiers.

Sources: RFC 5322 (the fields, sections 2.2 and 3.4), RFC 2047 (encoded words). Python's own parser is not used for
them: it took eight seconds for an address field of twenty thousand quotation marks, and raised for bytes that many
programs write. Everything here takes time in proportion to what it reads, and reads no more than the limits below.
"""

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from hashlib import sha256
from typing import NamedTuple

from crmcli.kernel.contentlines import decode

MOST_HEADER = 256_000
"""Bytes of a header; what comes after them is not looked at."""
MOST_FIELD = 64_000
"""Characters of a field."""
MOST_ADDRESSES = 1000
MOST_IDS = 200
LONGEST_ADDRESS = 320
LONGEST_NAME = 200
LONGEST_ID = 998
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""A message with an earlier date comes from a machine whose clock was not set."""

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)(?:\r?\n|\Z)")
_BLANK = re.compile(rb"[ \t]*\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_BETWEEN_WORDS = re.compile(r"\?=\s+=\?")
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
# What is not closed goes to the end, so that no text is looked at twice.
_TOKEN = re.compile(
    r'"((?:[^"\\]++|\\.)*+)("|\\?\Z)'  # a quoted text, and whether it is closed
    r"|\(((?:[^()\\]++|\\.)*+)(?:\)|(?=\()|\\?\Z)"  # a comment
    r"|<([^<>]*+)(?:>|(?=<)|\Z)"  # an address
    r"|([,;])"
    r'|([^",;<>()]++|[>)])',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r"[^\s:,;<>\"]+@[^\s:,;<>\"]+")
# What needs no taking apart.
_ALONE = re.compile(r"[\w.+-]++@[\w.-]*\w", re.ASCII)
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
# Names of character sets that the kernel does not know, and one that is declared for what is UTF-8 as often as not.
_CHARSETS = {"ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "iso-8859-8-i": "iso-8859-8", "us-ascii": "", "ascii": ""}


class Address(NamedTuple):
    """An address with the name that stands beside it, or ""."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """The form in which addresses are compared."""
        return self.email.casefold()


class Headers:
    """The fields of a header, or of a part of a message.

    Args:
        fields: the names in lower case, each with its values as they stand there.
    """

    def __init__(self, fields: dict[str, list[bytes]]) -> None:
        self._fields = fields

    def raw(self, name: str) -> str:
        """The first field of that name (in lower case), unfolded, its encoded words still encoded; "" for none."""
        found = self._fields.get(name)
        return _unfolded(found[0]) if found else ""

    def every(self, name: str) -> list[str]:
        """All fields of that name, as `raw` gives them."""
        return [_unfolded(value) for value in self._fields.get(name, ())]

    def text(self, name: str) -> str:
        """The first field of that name as people read it; "" for none."""
        return " ".join(words(self.raw(name)).split())

    def has(self, *names: str) -> bool:
        """Whether there is a field of one of these names."""
        return not self._fields.keys().isdisjoint(names)

    def addresses(self, *names: str) -> list[Address]:
        """The addresses in all fields of these names, each once."""
        if not self.has(*names):
            return []
        found: dict[str, Address] = {}
        for name in names:
            for value in self._fields.get(name, ()):
                for one in addresses(_unfolded(value)):
                    found.setdefault(one.key, one)
        return list(found.values())[:MOST_ADDRESSES]

    def ids(self, name: str) -> list[str]:
        """The message identifiers in a field, without their angle brackets."""
        if name not in self._fields:
            return []
        text = self.raw(name)
        found = _ID.findall(text)
        if not found and text.strip() and len(text.split()) == 1:
            found = [text.strip().strip("<>")]
        return [short_id(one) for one in found[:MOST_IDS] if one]


def parse(data: bytes) -> tuple[Headers, bytes]:
    """The header of a message or part, and its body. A line that is no field ends the header."""
    fields: dict[str, list[bytes]] = {}
    place, end = 0, min(len(data), MOST_HEADER)
    while place < end:
        found = _FIELD.match(data, place, end)
        if found is None:
            break
        fields.setdefault(found[1].decode("ascii").lower(), []).append(found[2])
        place = found.end()
    blank = _BLANK.match(data, place)
    return Headers(fields), data[blank.end() if blank else place :]


def _unfolded(value: bytes) -> str:
    text = decode(value[:MOST_FIELD])
    return (_FOLD.sub(" ", text) if "\n" in text else text).strip()


def charset(name: str) -> str:
    """The name of a character set as it is looked up."""
    plain = name.strip().strip("\"'").lower()
    return _CHARSETS.get(plain, plain)


def words(text: str) -> str:
    """A text with its encoded words decoded (RFC 2047). Those that cannot be stay as they are."""
    if "=?" not in text:
        return text
    text = _BETWEEN_WORDS.sub("?==?", text)
    parts: list[str] = []
    # Careless programs cut a word within a character: neighbours of one character set are decoded together.
    held, held_charset, place = b"", "", 0
    for found in _WORD.finditer(text):
        name, kind, content = charset(found[1]), found[2], found[3]
        if held and (name != held_charset or found.start() > place):
            parts.append(decode(held, held_charset))
            held = b""
        parts.append(text[place : found.start()])
        held += unquoted(content) if kind in "qQ" else base64(content.encode("ascii", "replace"))
        held_charset, place = name, found.end()
    return "".join([*parts, decode(held, held_charset), text[place:]])


def unquoted(text: str) -> bytes:
    """The bytes of a "Q" encoded word."""
    return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)


def base64(data: bytes) -> bytes:
    """The bytes of base64, whatever stands between its letters, and without the end when it was cut off."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def addresses(text: str) -> list[Address]:
    """The addresses of an address field, as far as there are any in it."""
    if len(text) <= LONGEST_ADDRESS and _ALONE.fullmatch(text):
        return [Address("", text)]
    found: list[Address] = []
    names: list[str] = []
    comments: list[str] = []
    angled = ""
    for token in _TOKEN.finditer(text):
        quoted, closed, comment, address, mark, plain = token.groups()
        another = address is not None or quoted is not None or (plain is not None and not plain.isspace())
        if mark or plain in (">", ")") or (angled and another):  # between two addresses the separator may be missing
            _add(found, names, comments, angled)
            names, comments, angled = [], [], ""
        if mark or plain in (">", ")"):
            continue
        if address is not None:
            angled = address
        elif quoted is not None:
            if not closed.startswith('"') and '"' in text:
                return addresses(text.replace('"', " "))
            names.append(_ESCAPED.sub(r"\1", quoted))
        elif comment is not None:
            comments.append(comment)
        else:
            names.append(plain)
    _add(found, names, comments, angled)
    return found


def _add(found: list[Address], names: list[str], comments: list[str], angled: str) -> None:
    """Add the address that stands between two separators, if there is one."""
    if len(found) >= MOST_ADDRESSES:
        return
    said = " ".join(names)
    email = _usable(angled)
    if not email:
        bare = _BARE.search(said[-LONGEST_ADDRESS:])
        email = _usable(bare[0]) if bare else ""
        said = " ".join(comments) if email else ""
    if email:
        found.append(Address(shown_name(words(said), email), email))


def _usable(text: str) -> str:
    """The address that a text is, or ""."""
    email = text.strip().strip("'\"").removeprefix("mailto:").removeprefix("MAILTO:").rstrip(".")
    local, at, domain = email.rpartition("@")
    usable = at and local and domain and len(email) <= LONGEST_ADDRESS and email.isprintable() and " " not in email
    return email if usable else ""


def shown_name(text: str, email: str) -> str:
    """A name on one line; "" for one that only repeats the address."""
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    name = name.strip("'\" ")[:LONGEST_NAME].strip()
    return "" if name.casefold() == email.casefold() else name


def short_id(text: str) -> str:
    """A message identifier; of one that is too long its digest."""
    return text if len(text) <= LONGEST_ID else f"{sha256(text.encode('utf-8', 'replace')).hexdigest()}@long.invalid"


def moment(text: str) -> datetime | None:
    """The moment that a date field tells (RFC 5322, section 3.3, and older forms); None for none."""
    text = text.strip()[:100]
    if not text:
        return None
    try:
        found = parsedate_tz(text)
        if found is not None:
            when = datetime(*found[:6], tzinfo=UTC)
            return when - timedelta(seconds=found[9]) if found[9] else when
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def first_moment(texts: Iterable[str], now: datetime) -> datetime | None:
    """The first of these dates that a message can have; `now` when all that there are lie in the future."""
    later = False
    for text in texts:
        when = moment(text)
        if when is not None and EARLIEST <= when <= now:
            return when
        later = later or (when is not None and when > now)
    return now if later else None

"""What a message is made of: its text, what is attached, and what a report of failed delivery says.

Source: RFC 2045 and 2046 (MIME), RFC 2231 (parameters), RFC 3464 (delivery status). The structure is read by ourselves:
Python's parser asks every open part about every line, so that parts within parts cost minutes, and recurses.
"""

import binascii
import re
from collections.abc import Iterator
from email.message import Message
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from crmcli.importers import mail_headers
from crmcli.importers.mail_headers import Headers
from crmcli.importers.mail_html import text_of
from crmcli.kernel.contentlines import decode

MOST_PARTS = 500
DEEPEST = 10
MOST_TEXT = 1_000_000
"""Letters of a message's text."""
MOST_PARAMETERS = 4000
LONGEST_NAME = 200
_ENDINGS = {
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/html": "html",
    "text/plain": "txt",
}
_RECIPIENT = re.compile(r"^(?:Final|Original)-Recipient:[ \t]*[^;\n]*;[ \t]*<?([^\s<>]+)", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^Action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_UU_BEGIN = re.compile(rb"^begin \d{3,4} [^\r\n]*\r?\n", re.MULTILINE)
# What follows a boundary: two dashes at the last one, and the end of the line.
_REST_OF_MARK = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\Z)")


class Broken(ValueError):
    """A message that cannot be read, and why."""


class Attachment(NamedTuple):
    """A file in a message, with its bytes."""

    name: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes."""
        return sha256(self.data).hexdigest()


class Part(NamedTuple):
    """A part that has no parts: its media type, parameters and bytes, still encoded."""

    media_type: str
    charset: str
    name: str
    attached: bool
    headers: Headers
    data: bytes

    def bytes(self) -> bytes:
        """The content."""
        encoding = self.headers.raw("content-transfer-encoding").strip().lower()
        if encoding == "base64":
            return mail_headers.base64(self.data)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.data)
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _uudecoded(self.data)
        return self.data

    def text(self) -> str:
        """The content as text, its lines ending in LF; of HTML what is to be read."""
        text = decode(self.bytes()[: 4 * MOST_TEXT], self.charset).replace("\r\n", "\n").replace("\r", "\n")
        return text_of(text) if self.media_type == "text/html" else text[:MOST_TEXT]


class Content:
    """What a message holds.

    `attachments` are in their order; `reports` are the texts of delivery reports, and `returned` the header of the
    message that they are about.
    """

    def __init__(self, headers: Headers, body: bytes) -> None:
        self.attachments: list[Attachment] = []
        self.reports: list[str] = []
        self.returned: Headers | None = None
        self._count = 0
        self._pieces = self._read(headers, body, "", 0)

    def text(self) -> str:
        """The text of the message; "" when there is none."""
        texts = [text for piece in self._pieces if (text := piece.text().strip("\n")).strip()]
        return "\n\n".join(texts)[:MOST_TEXT]

    def failed(self) -> list[str]:
        """The addresses that a report says could not be reached."""
        return [address for text in self.reports for address in _RECIPIENT.findall(text)]

    def is_failure(self) -> bool:
        """Whether a report says that something could not be delivered, and not that it will be later."""
        actions = [action.lower() for text in self.reports for action in _ACTION.findall(text)]
        return bool(self.reports) and (not actions or "failed" in actions)

    def _read(self, headers: Headers, body: bytes, within: str, depth: int) -> list[Part]:
        """The parts that are the text; what is attached is remembered. Raises Broken beyond the limits."""
        self._count += 1
        if self._count > MOST_PARTS:
            raise Broken(f"the message has more than {MOST_PARTS} parts")
        if depth > DEEPEST:
            raise Broken("its parts stand too deep within one another")
        part, boundary = _part(headers, body, "message/rfc822" if within == "multipart/digest" else "text/plain")
        if not part.media_type.startswith("multipart/"):
            return self._leaf(part, within)
        # Of each level only what stands within is held while that is read.
        parts = map(mail_headers.parse, _split(body, boundary) if boundary else ())
        inner = [self._read(fields, data, part.media_type, depth + 1) for fields, data in parts]
        if not inner:  # the boundary does not occur
            return [part._replace(media_type="text/plain")]
        return _best(inner) if part.media_type == "multipart/alternative" else list(chain.from_iterable(inner))

    def _leaf(self, part: Part, within: str) -> list[Part]:
        kind = part.media_type
        if kind == "message/delivery-status":
            self.reports.append(decode(part.bytes()[:100_000]))
        elif within == "multipart/report" and kind in ("message/rfc822", "text/rfc822-headers"):
            self.returned = mail_headers.parse(part.bytes())[0]
        elif kind in ("text/plain", "text/html") and not part.attached and not part.name:
            return [part]
        elif kind != "message/external-body" and not _is_decoration(part, within):
            data = part.bytes()
            if data.strip() or part.name:
                self.attachments.append(Attachment(_file_name(part, data), kind, data))
        return []


def _is_decoration(part: Part, within: str) -> bool:
    """Whether a part is a picture of an HTML text, such as the sign of a company below it."""
    return within == "multipart/related" and not part.attached and part.media_type.startswith("image/")


def _best(alternatives: list[list[Part]]) -> list[Part]:
    """Of the same text in several forms the plain one, unless nothing stands in it."""
    for plain in (True, False):
        for pieces in alternatives:
            fits = pieces and (not plain or all(piece.media_type == "text/plain" for piece in pieces))
            if fits and any(piece.data.strip() for piece in pieces):
                return pieces
    return []


def _part(headers: Headers, body: bytes, usual: str) -> tuple[Part, str]:
    """A part and its boundary."""
    fields = headers.raw("content-type")[:MOST_PARAMETERS], headers.raw("content-disposition")[:MOST_PARAMETERS]
    kind, charset, name, boundary, attached = _described(*fields, usual)
    return Part(kind, charset, name, attached, headers, body), boundary


@lru_cache(maxsize=500)
def _described(content_type: str, disposition: str, usual: str) -> tuple[str, str, str, str, bool]:
    """Media type, character set, file name, boundary and whether it is attached, as two fields describe a part.

    What cannot be understood is taken for the usual.
    """
    fields = Message()
    fields.set_default_type(usual)
    if content_type:
        fields["content-type"] = content_type
    if disposition:
        fields["content-disposition"] = disposition
    try:
        kind = fields.get_content_type().lower()
        name = mail_headers.words(fields.get_filename() or "")
        charset = mail_headers.charset(fields.get_content_charset() or "")
        boundary = fields.get_boundary() or ""
        attached = fields.get_content_disposition() == "attachment"
    except (ValueError, LookupError, TypeError, AttributeError):
        return usual, "", "", "", False
    if not kind.isascii() or not kind.isprintable() or len(kind) > 200:
        kind = "application/octet-stream"
    return kind, charset, name, boundary, attached


def _split(body: bytes, boundary: str) -> Iterator[bytes]:
    """The parts between boundaries; of what was cut off the part that is there."""
    mark = b"--" + boundary.rstrip().encode("utf-8", "replace")
    start, place = -1, -1
    while (place := body.find(mark, place + 1)) >= 0:
        found = _REST_OF_MARK.match(body, place + len(mark))
        if found is None or body[place - 1 : place] not in (b"\n", b""):
            continue
        if start >= 0:
            yield _content_of(body[start:place])
        start = found.end()
        if found[1]:
            return
    if start >= 0:
        yield _content_of(body[start:])


def _content_of(data: bytes) -> bytes:
    """What stands between two boundaries; the line end before the second belongs to that."""
    return data.removesuffix(b"\n").removesuffix(b"\r")


def _uudecoded(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data
    end = data.find(b"\nend", begin.end())
    try:
        return b"".join(binascii.a2b_uu(line) for line in data[begin.end() : end if end >= 0 else None].splitlines())
    except binascii.Error:
        return data


def _file_name(part: Part, data: bytes) -> str:
    """A file name without a path and without letters that none should have; one by its kind when it has none."""
    name = part.name.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter if letter.isprintable() else "_" for letter in name).strip(" .")
    if not name and part.media_type == "message/rfc822":
        name = mail_headers.parse(data[:10_000])[0].text("subject").replace("/", "-").strip(" .")[:80]
        name = f"{name or 'message'}.eml"
    if not name:
        name = f"attachment.{_ENDINGS.get(part.media_type, 'bin')}"
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = (
            stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if stem and len(ending) < 20 else name[:LONGEST_NAME]
        )
    return name

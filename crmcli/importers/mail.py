"""Mail: an mbox file, a single message, a Maildir or a folder of messages."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from crmcli.importers import mail_boxes, mail_headers
from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Format, Item, Read, Refused
from crmcli.importers.mail_boxes import Message, Stored
from crmcli.importers.mail_message import values
from crmcli.importers.mail_parts import Attachment, Broken, Content
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError

_TELLING = frozenset(("from", "date", "subject", "message-id", "received", "return-path", "to", "delivered-to"))
_SURE = frozenset(("message-id", "received", "return-path", "mime-version"))
_PLACE, _REASON = b"X-Crm-Place", b"X-Crm-Reason"
_TOLD = re.compile(rb"^(?:X-Crm-Place|X-Crm-Reason):.*\r?\n", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
# A time that no message has: it is not taken for the date of one that lacks its own.
_NO_SEPARATOR = b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970"
TEAM_HINT = "crm config set team.addresses 'ada@engines.example, @engines.example'"


def need_team(source: Source) -> None:
    """Refuse what goes both ways as long as nobody knows which side is ours. Raises UsageError."""
    if not source.team:
        raise UsageError("it cannot be told which way mail goes: no address of the team is known", TEAM_HINT)


def _reader(messages: Callable[[Source], Iterator[Message]]) -> Read:
    def read(source: Source) -> Iterator[Item]:
        need_team(source)
        for message in messages(source):
            yield _item(message, source)

    return read


def _item(message: Message, source: Source) -> Item:
    try:
        found = values(message, source, partial(_kept, source, message.stored))
    except Broken as error:
        return Refused(message.place, message.stored, str(error))
    except (ValueError, LookupError, OverflowError) as error:
        return Refused(message.place, message.stored, f"it cannot be read: {type(error).__name__}")
    return Draft("interaction", found, message.place, message.stored)


def _kept(source: Source, stored: Stored, attachment: Attachment) -> Callable[[], str]:
    """What reads an attachment once more when it is to be stored, so that few are held at a time."""
    return partial(_content, source, stored, attachment.digest)


def _content(source: Source, stored: Stored, digest: str) -> str:
    _, data = mail_boxes.again(source, stored)
    found = Content(*mail_headers.parse(data.lstrip(b"\xef\xbb\xbf\r\n"))).attachments
    return next((base64.b64encode(one.data).decode("ascii") for one in found if one.digest == digest), "")


# --- recognising


def _is_mbox(source: Source) -> int:
    return CERTAIN if mail_boxes.begins_mbox(source.head) else NO


def _is_message(source: Source) -> int:
    head = source.head.lstrip(b"\xef\xbb\xbf\r\n")
    fields, rest = mail_headers.parse(head[: mail_headers.MOST_HEADER])
    known = {name for name in _TELLING if fields.has(name)}
    if len(known) < 2 or not fields.addresses("from", "sender", "return-path"):
        return NO
    # A table or another text does not go on with a blank line, nor does a header that is longer than what was read.
    ends = len(rest) < len(head) and head[: len(head) - len(rest)].endswith(b"\n")
    return CERTAIN if ends and any(fields.has(name) for name in _SURE) else LIKELY


def _is_folder(source: Source) -> int:
    if not source.is_folder or source.path is None:
        return NO
    if mail_boxes.is_maildir(source.path):
        return CERTAIN
    return LIKELY if mail_boxes.holds_messages(source.path) else NO


# --- rejects


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """The refused messages as an mbox, each with its number and the reason in its header."""
    for item in refused:
        separator, data = mail_boxes.again(source, item.raw)
        header, blank, body = re.split(rb"(\r?\n\r?\n|\Z)", data.lstrip(b"\r\n"), maxsplit=1)
        kept = _TOLD.sub(b"", header + b"\n").rstrip(b"\r\n")
        reason = " ".join(item.reason.split()).encode("utf-8", "replace")
        told = b"%s: %d\n%s: %s\n" % (_PLACE, item.place, _REASON, reason)
        message = told + kept + (blank or b"\n\n") + body.rstrip(b"\r\n")
        yield (separator or _NO_SEPARATOR) + b"\n" + _FROM.sub(rb">\1", message) + b"\n\n"


FORMATS = (
    Format("mbox", "mbox mail folder", "interaction", _is_mbox, _reader(mail_boxes.mbox), rejects),
    Format("eml", "E-mail message", "interaction", _is_message, _reader(mail_boxes.alone), rejects),
    Format(
        "maildir", "Maildir, or a folder of messages", "interaction", _is_folder, _reader(mail_boxes.folder), rejects
    ),
)

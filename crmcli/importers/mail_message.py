"""One message as a contact that happened: which way it went, who took part, what was written.

Sources: RFC 5322 (messages and threads), RFC 3834 (automatic answers), RFC 2919 and 2369 (lists).
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from crmcli.importers.mail_boxes import Message
from crmcli.importers.mail_headers import Address, Headers, addresses, first_moment, parse
from crmcli.importers.mail_parts import Attachment, Broken, Content
from crmcli.importers.mail_quotes import split
from crmcli.importers.source import Source
from crmcli.kernel.clock import stamp

MOST_ATTACHMENTS = 200
LARGEST_KEPT = 7_000_000
"""Bytes of an attachment that is kept; a larger one is listed."""
LONGEST_SUBJECT = 1000
_EXPUNGED = 0x0008
_AUTOMATIC = re.compile(
    r"(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?)\b", re.IGNORECASE
)
_ANGLED = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_SPACES = bytes.maketrans(b" \t\r\v\f", b"\n" * 5)
_UNANSWERED = ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-failed-recipients")
_BULK = frozenset(("bulk", "junk", "list"))
_AUTHORS = ("from", "sender", "reply-to", "return-path")

Values = dict[str, Any]
Keep = Callable[[Attachment], Callable[[], str]]
"""Makes what gives the content of an attachment later, as base64."""


class Sides(NamedTuple):
    """Who wrote, and who took part on the other side and on ours."""

    direction: str
    people: list[Values]
    team: list[str]


def is_team(key: str, team: frozenset[str]) -> bool:
    """Whether an address (as it is compared) is the team's: by itself or by its domain."""
    return key in team or f"@{key.rpartition('@')[2]}" in team


def values(message: Message, source: Source, keep: Keep) -> Values:
    """What a message says, as the values of an interaction.

    Raises:
        Broken: it is no message, or lacks what nobody can guess.
    """
    if message.problem:
        raise Broken(message.problem)
    data = message.data.replace(b"\r", b"\n") if b"\n" not in message.data else message.data
    headers, body = parse(data.lstrip(b"\xef\xbb\xbf\r\n"))
    content = Content(headers, body)
    author = _author(headers, content)
    bounced = _is_failure(headers, content, author)
    sides = _failure_sides(headers, content, author, source.team) if bounced else _sides(headers, author, source.team)
    text, quoted = split(content.text())
    own_id, replied, thread = _ids(headers, content, body)
    found: Values = {
        "direction": sides.direction,
        "channel": "email",
        "occurred_at": _when(headers, message, source),
        "subject": headers.text("subject")[:LONGEST_SUBJECT],
        "body": text,
        "quoted": quoted,
        "outcome": "bounced" if bounced else "",
        "message_id": own_id,
        "in_reply_to": replied,
        "thread": thread,
        "people": sides.people,
        "team": sides.team,
        "automatic": bounced or _is_automatic(headers, author),
        "left_out": _left_out(headers),
        "attachments": list(_attachments(content, source, keep)),
    }
    return {name: value for name, value in found.items() if value}


# --- who


def _author(headers: Headers, content: Content) -> Address:
    """Who wrote the message. Raises Broken when nobody is named; a report of a machine may come from nobody."""
    for name in _AUTHORS:
        found = headers.addresses(name)
        if found:
            return found[0]
    if content.reports:
        return Address("", "")
    if not headers.has("from", "to", "date", "subject", "received", "message-id"):
        raise Broken("it is no message: there is no header")
    raise Broken("it does not say who wrote it")


def _sides(headers: Headers, author: Address, team: frozenset[str]) -> Sides:
    """The direction and who took part. Those who answer for the author are asked, unless a list does that."""
    to = [role for role in ("to", "cc", "bcc") if headers.has(role)]
    receivers = [(one, role) for role in to for one in headers.addresses(role)]
    took_part = [(author, "from")]
    if not headers.has("list-id") and not is_team(author.key, team):
        took_part += [(one, "from") for one in headers.addresses("reply-to")[:1]]
    took_part += [(one, "cc" if role == "bcc" else role) for one, role in receivers]
    people: dict[str, Values] = {}
    ours: dict[str, str] = {}
    for one, role in took_part:
        if is_team(one.key, team):
            ours.setdefault(one.key, one.email)
        elif one.key in people:
            people[one.key]["name"] = people[one.key]["name"] or one.name
        else:
            people[one.key] = {"email": one.email, "name": one.name, "role": role}
    direction = "inbound"
    if is_team(author.key, team):
        direction = "outbound" if people or not receivers else "internal"
    return Sides(direction, list(people.values()), list(ours.values()))


def _failure_sides(headers: Headers, content: Content, author: Address, team: frozenset[str]) -> Sides:
    """Those whom a message of ours did not reach. The customer did nothing, so it is no contact in either direction."""
    texts = [*content.failed(), *headers.every("x-failed-recipients")]
    failed = {one.key: one for text in texts for one in addresses(text)}
    if not failed and content.returned is not None:
        failed = {one.key: one for one in content.returned.addresses("to")}
    if not failed:
        failed = {one.key: one for text in _ANGLED.findall(content.text()[:4000])[:5] for one in addresses(text)}
    people = [
        {"email": one.email, "name": one.name, "role": "to"}
        for key, one in failed.items()
        if not is_team(key, team) and key != author.key
    ]
    return Sides("internal", people, [one.email for one in headers.addresses("to") if is_team(one.key, team)])


def _is_failure(headers: Headers, content: Content, author: Address) -> bool:
    if content.reports:
        return content.is_failure()
    by_machine = author.email.partition("@")[0].lower() in ("mailer-daemon", "postmaster")
    return headers.has("x-failed-recipients") or (by_machine and headers.raw("return-path").strip() in ("", "<>"))


def _is_automatic(headers: Headers, author: Address) -> bool:
    if headers.has(*_UNANSWERED) or headers.raw("precedence").strip().lower() in _BULK:
        return True
    answered = headers.raw("auto-submitted").strip().lower()
    return answered not in ("", "no") or _AUTOMATIC.match(author.email) is not None


def _left_out(headers: Headers) -> str:
    """Why a message is no contact: mail programs mark so what was deleted or never sent, and keep it in the file."""
    if not headers.has("x-gmail-labels", "x-mozilla-status", "x-status"):
        return ""
    labels = {label.strip().lower() for label in headers.text("x-gmail-labels").split(",")}
    status = headers.raw("x-mozilla-status").strip()
    deleted = re.fullmatch(r"[0-9a-fA-F]{4}", status) is not None and bool(int(status, 16) & _EXPUNGED)
    if deleted or "D" in headers.raw("x-status") or "trash" in labels:
        return "it was deleted"
    if "T" in headers.raw("x-status") or labels & {"draft", "drafts"}:
        return "it is a draft"
    return "it is spam" if "spam" in labels else ""


# --- when, and in which conversation


def _when(headers: Headers, message: Message, source: Source) -> str:
    """When it was sent. A time that is still to come is put right: by who received it, else it is now."""
    when = first_moment(_dates(headers, message), source.now)
    if when is None:
        raise Broken("it has no date that can be read")
    return stamp(when)


def _dates(headers: Headers, message: Message) -> Iterator[str]:
    """What may tell when it was sent, the best first."""
    yield headers.raw("date")
    for text in headers.every("received")[:20]:
        yield text.rpartition(";")[2]
    yield headers.raw("delivery-date")
    yield headers.raw("resent-date")
    yield " ".join(message.separator.decode("ascii", "replace").split()[2:])  # behind From and the address


def _ids(headers: Headers, content: Content, body: bytes) -> tuple[str, str, str]:
    """The identifiers of the message, of the one that it answers, and of the first of the conversation."""
    own = (headers.ids("message-id") or [""])[0]
    if not own:
        said = "\n".join(headers.raw(name) for name in ("date", "from", "to", "subject"))
        whole = said.encode("utf-8", "replace") + b"\n" + _spaced(body)
        own = f"{sha256(whole).hexdigest()[:40]}@message-id.invalid"
    references = headers.ids("references")
    answered = headers.ids("in-reply-to") or references[-1:]
    if not answered and content.returned is not None:
        answered = content.returned.ids("message-id")
        references = content.returned.ids("references")
    first = references[0] if references else answered[0] if answered else own
    return own, answered[0] if answered else "", first


def _spaced(body: bytes) -> bytes:
    """The words of a text, a line feed between two; without a list of them, which takes fifty times the text's room."""
    text = body.translate(_SPACES).strip(b"\n")
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    return text


# --- what is attached


def _attachments(content: Content, source: Source, keep: Keep) -> Iterator[Values]:
    for one in content.attachments[:MOST_ATTACHMENTS]:
        entry: Values = {"name": one.name, "media_type": one.media_type, "size": len(one.data), "digest": one.digest}
        if source.keep_attachments and len(one.data) <= LARGEST_KEPT:
            entry["content"] = keep(one)
        elif source.keep_attachments:
            source.note(f"attachments of more than {LARGEST_KEPT // 1_000_000} MB are listed, not kept")
        yield entry

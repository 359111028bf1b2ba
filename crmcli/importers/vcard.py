"""vCards 2.1, 3.0 and 4.0, as address books, phones and mail programs write them.

The reader is tolerant, and every card stands by itself: a broken one is refused, and the others are read. Whatever a
file holds, there is an item for each `BEGIN:VCARD` but those of AGENT properties, which belong to the card around them.
"""

import re
from collections.abc import Iterable, Iterator

from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Format, Item, Refused
from crmcli.importers.source import Source
from crmcli.importers.vcard_mapping import NamesNobody, NotAParty, values_of
from crmcli.importers.vcard_terms import BINARY, PLACE, REASON
from crmcli.kernel import contentlines
from crmcli.kernel.contentlines import Property
from crmcli.kernel.errors import UsageError

MOST_CARD = 8_000_000
"""Bytes of one card, each line counting _LINE_COST more."""
MOST_VALUE = 4_000_000
MOST_PARAMETERS = 10_000
"""Characters of the value and of the parameters of a property. A longer picture is left out, and the card is read."""
MOST_PROPERTIES = 5000
DEEPEST = 5
"""Cards within cards."""
_LINE_COST = 40
_CHUNK = 1 << 18
_BEGIN, _END, _MARK = b"BEGIN:VCARD", b"END:VCARD", b"\xef\xbb\xbf"
_AGENT = re.compile(rb"(?i)(?:[a-z0-9-]+\.)?AGENT[^:]*:\s*")
_VERSION = re.compile(rb"(?mi)^VERSION[^:\n]*:[ \t]*([0-9.]+)")
_FOLD = re.compile(rb"\n[ \t]")
# vCard 2.1 folds where white space is, and keeps it.
_OLD_FOLD = re.compile(rb"\n(?=[ \t])")
_MULTILINE = frozenset(("NOTE", "ADR", "LABEL"))
"""Properties whose further lines careless programs write without folding them."""


class _Broken(ValueError):
    """A card that cannot be read, and why."""


class _Card:
    """A card that is being collected: its lines, the number of the first, and what is wrong with it."""

    __slots__ = ("agent", "lines", "number", "problem", "size")

    def __init__(self, number: int, line: bytes, agent: bool) -> None:
        self.number = number
        self.lines = [line]
        self.agent = agent
        self.size = 0
        self.problem = ""

    def add(self, line: bytes) -> None:
        """Take in a line, as long as the card is not too large."""
        self.size += len(line) + _LINE_COST
        if self.size <= MOST_CARD:
            self.lines.append(line)
        elif not self.problem:
            self.problem = f"the card is longer than {MOST_CARD:,} bytes; its end is left out here"

    def raw(self) -> bytes:
        """The card as it stands in the file."""
        return b"\r\n".join(self.lines) + b"\r\n"

    def refused(self, reason: str) -> Refused:
        """The card as one that cannot be read."""
        return Refused(self.number, self.raw(), self.problem or reason)


def match(source: Source) -> int:
    """CERTAIN when the file begins as a vCard does, LIKELY when one begins further on."""
    head = source.head.replace(b"\0", b"").upper()  # UTF-16 has NUL bytes between its letters
    if head.lstrip(_MARK + b"\xff\xfe \t\r\n").startswith(_BEGIN):
        return CERTAIN
    return LIKELY if re.search(rb"[\r\n]BEGIN:VCARD\s*[\r\n]", head) else NO


def read(source: Source) -> Iterator[Item]:
    """The cards of a file, each a contact or a company.

    Raises:
        UsageError: there is no card in it.
    """
    found = False
    for card in _cards(source):
        found = True
        yield _item(card, source) if isinstance(card, _Card) else card
    if not found:
        raise UsageError(f"{source.name} holds no vCard", "a vCard begins with a line BEGIN:VCARD")


def _cards(source: Source) -> Iterator[_Card | Refused]:
    """The cards that have an end, as they end, and the others refused."""
    open_cards: list[_Card] = []
    outside = 0
    left_out = 0
    empty = 0  # of a run of cards that are no more than their first line, one is told
    for number, line in enumerate(_lines(source), 1):
        start = line[:9].upper()
        if start[:1] == b"\xef" and line.startswith(_MARK):  # of a file that was appended to another
            line = line[3:]
            start = line[:9].upper()
        if start == _END:
            yield from _end(open_cards, source)
            line = line[9:].strip()
            start = line[:9].upper()
        if start == b"BEGIN:VCA" and line.strip().upper() == _BEGIN:
            agent = bool(open_cards) and _AGENT.fullmatch(open_cards[-1].lines[-1]) is not None
            open_cards.append(_Card(number, line.strip(), agent))
            if len(open_cards) > DEEPEST:
                card = open_cards.pop(0)
                empty = empty + 1 if len(card.lines) == 1 and not card.problem else 0
                if empty > 1:
                    left_out += 1
                    continue
                yield card.refused("it has no END:VCARD, or cards stand too deep within one another")
        elif line and open_cards:
            open_cards[-1].add(line)
        elif line and not line.isspace():
            outside += 1
    for card in open_cards:
        yield card.refused("it has no END:VCARD")
    if left_out:
        _note(source, f"{source.name}: lines BEGIN:VCARD with nothing behind them are ignored ({left_out})")
    if outside:
        _note(source, f"{source.name}: lines outside of any card are ignored ({outside})")


def _end(open_cards: list[_Card], source: Source) -> Iterator[_Card]:
    """Close the innermost card: the agent of another one becomes a line of that one."""
    if not open_cards:
        return
    card = open_cards.pop()
    card.lines.append(_END)
    if card.agent and open_cards:
        parent = open_cards[-1]
        try:
            if card.problem:
                raise _Broken(card.problem)
            inner = "\n".join(["BEGIN:VCARD", "VERSION:3.0", *_lines_again(card, source), "END:VCARD"])
        except _Broken as error:
            parent.problem = f"the card within its AGENT is broken: {error}"
            return
        start = parent.lines.pop().strip()
        parent.add(start + contentlines.escape(inner).encode("utf-8", "replace"))
    else:
        yield card


def _lines_again(card: _Card, source: Source) -> Iterator[str]:
    return (found.line() for found in _properties(card, source) if found.key not in ("VERSION", "BEGIN", "END"))


def _lines(source: Source) -> Iterator[bytes]:
    """The lines of the file without their ends, in UTF-8 where the file is UTF-16 or UTF-32."""
    if source.head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")) or b"\0" in source.head[:64]:
        with source.open_text() as text:
            yield from _split(iter(lambda: text.read(_CHUNK).encode("utf-8", "replace"), b""))
    else:
        with source.open() as file:
            yield from _split(iter(lambda: file.read(_CHUNK), b""))


def _split(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines, whatever their ends are. What a line has beyond the length of any card is left out."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        lines = data.splitlines()
        # The last one may go on in the next chunk, and so may its end.
        rest = lines.pop()[: MOST_CARD + 1] + (data[-1:] if data[-1:] in b"\r\n" else b"")
        yield from lines
    if rest:
        yield rest.rstrip(b"\r\n")


def _item(card: _Card, source: Source) -> Item:
    try:
        if card.problem:
            raise _Broken(card.problem)
        noun, values = values_of(_properties(card, source))
    except (_Broken, NamesNobody, NotAParty) as error:
        return card.refused(str(error))
    return Draft(noun, values, card.number, card.raw())


def _properties(card: _Card, source: Source) -> list[Property]:
    """The properties of a card, unfolded; see `_Card`. Raises _Broken."""
    blob = b"\n".join(card.lines[1:-1])
    version = _VERSION.search(blob)
    old = version is not None and version[1].startswith(b"2")
    blob = (_OLD_FOLD if old else _FOLD).sub(b"", blob.replace(b"\0", b""))
    found: list[Property] = []
    more: list[str] = []  # further lines of the last property
    soft = False
    lost = 0
    for line in blob.decode("utf-8", "surrogateescape").split("\n"):
        if soft:
            more.append(line)
            soft = line.endswith("=")
            continue
        made = contentlines.parse(line, old=old)
        if made is not None:
            if more:
                _join(found[-1], more)
            found.append(made)
            soft = line.endswith("=") and made.quoted_printable
        elif not line.startswith("#") and not (found and _goes_on(found[-1], line, more)):
            lost += bool(line.strip())
    if more:
        _join(found[-1], more)
    if lost:
        _note(source, f"the card in line {card.number}: lines that are no vCard properties are ignored ({lost})")
    return _within_limits(found, card, source) if len(blob) > MOST_PARAMETERS else found


def _goes_on(last: Property, line: str, more: list[str]) -> bool:
    """Whether a line that is no property belongs to the one before: base64 that is not folded, or a text of lines."""
    if last.binary:
        more.append(line)
    elif last.key in _MULTILINE or (more or [last.value])[-1].endswith("\\"):
        more.append("\n" + line)
    else:
        return False
    return True


def _join(last: Property, more: list[str]) -> None:
    """Put the further lines of a property where they belong."""
    soft = last.quoted_printable
    lines = [last.value, *more]
    last.value = "".join([line[:-1] if soft and line.endswith("=") else line for line in lines])
    more.clear()


def _within_limits(found: list[Property], card: _Card, source: Source) -> list[Property]:
    """The properties without a picture that is too large. Raises _Broken for what no honest card has."""
    if len(found) > MOST_PROPERTIES:
        raise _Broken(f"the card has {len(found):,} properties; at most {MOST_PROPERTIES:,} are read")
    kept = []
    for one in found:
        if len(one.raw) > MOST_PARAMETERS:
            raise _Broken(f"the parameters of {one.key[:40]} are longer than {MOST_PARAMETERS:,} characters")
        if len(one.value) <= MOST_VALUE:
            kept.append(one)
        elif one.key in BINARY:
            _note(source, f"the card in line {card.number}: its {one.key} is larger than 3 MB and is left out")
        else:
            raise _Broken(f"{one.key[:40]} is longer than {MOST_VALUE:,} characters")
    return kept


def _note(source: Source, text: str) -> None:
    if text not in source.notes:  # a source may be read more than once
        source.notes.append(text)


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """The refused cards as they stand in the file, each with the number of its line and the reason."""
    for item in refused:
        lines = [line for line in item.raw.splitlines(keepends=True) if not _is_told(line)]
        told = contentlines.write(PLACE, str(item.place)) + contentlines.write(REASON, contentlines.escape(item.reason))
        # The version comes first, where a card has one.
        place = 2 if len(lines) > 1 and lines[1].upper().startswith(b"VERSION") else 1
        yield b"".join([*lines[:place], told.encode("utf-8", "replace"), *lines[place:]])


def _is_told(line: bytes) -> bool:
    return line.upper().startswith((PLACE.encode() + b":", REASON.encode() + b":"))


FORMATS = (
    Format(
        name="vcard",
        title="vCard 2.1, 3.0, 4.0",
        noun="contact",
        match=match,
        read=read,
        rejects=rejects,
    ),
)

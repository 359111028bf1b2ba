"""The records in a JSON text, one by one: JSON Lines, a list, a document with a list in it, objects one after another.

No more than one record is held, however long the file is. Every record is by itself: what is broken costs no other one.
"""

import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from crmcli.importers.base import Refused
from crmcli.importers.source import Source
from crmcli.kernel import jsonlines
from crmcli.kernel.errors import UsageError

PLACE, REASON, TEXT = "_place", "_reason", "_text"
"""The keys that rejected records have in addition; read again, they are ignored. TEXT holds what was no object."""
# Under these keys other programs put the list of their records.
LISTS = ("items", "results", "records", "data", "contacts", "people", "companies", "interactions", "followups", "value")
_DOCUMENT = re.compile(r'\s*+\{\s*+"schema"\s*+:\s*+"crm\.([a-z]{1,40})\.list/\d+"\s*+,\s*+"items"\s*+:\s*+\[')
_LIST = re.compile(r"\s*+\[")
# A whole string, a bracket, or the beginning of a string whose end is not read yet.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}"]', re.DOTALL)
_BEGIN = re.compile(r'["{\[\]]')
_CHUNK = 1 << 16
LOOKED_AT = 20
"""Lines of a file whose first one is broken."""


class Found(NamedTuple):
    """A record: where it stands, its text, and the object; `noun` where the document says it."""

    place: int
    text: str
    record: dict[str, Any]
    noun: str = ""


def is_json(text: str) -> bool:
    """Whether the beginning of a text looks like JSON with objects in it."""
    if re.match(r"[\s\ufeff]*+(?:\[\s*+)?\{\s*+[\"}]", text) or re.match(r"[\s\ufeff]*+\[\s*+\]", text):
        return True
    return text.lstrip("\ufeff \t\r\n").startswith("{") and _has_whole_line(text)


def is_our_list(text: str) -> bool:
    """Whether a text begins as one of our lists does, which may be empty."""
    return bool(_DOCUMENT.match(text))


def records(source: Source) -> Iterator[Found | Refused]:
    """The records of a source, in order, and what is none."""
    text = source.text
    document = _DOCUMENT.match(text)
    start = document or _LIST.match(text)
    noun = document[1] if document else ""
    by_line = start is None and _one_a_line(text)
    found = _lines(source) if by_line else _elements(source, start.end() if start else 0)
    for place, piece in found:
        if isinstance(piece, Refused):
            yield piece
        else:
            yield from _decoded(place, piece, noun)


def _one_a_line(text: str) -> bool:
    """Whether the first line is whole in itself."""
    first = next((line for line in text.splitlines() if line.strip()), "").rstrip()
    if first.endswith("}") or "\n" not in text.strip():
        return True
    return not first.endswith(("{", "[", ",")) and _has_whole_line(text)


def _has_whole_line(text: str) -> bool:
    """Whether one of the first lines is an object by itself, whatever is wrong with the very first."""
    return any(re.match(r'\{\s*+".*\}\s*+$', line) for line in text.splitlines()[:LOOKED_AT])


def _lines(source: Source) -> Iterator[tuple[int, str | Refused]]:
    with source.open_text() as file:
        for number, line in enumerate(jsonlines.lines(file), 1):
            text = line.removeprefix("\ufeff").strip()
            if text:
                yield number, text


def _decoded(place: int, text: str, noun: str, *, nested: bool = False) -> Iterator[Found | Refused]:
    try:
        value = jsonlines.decode(text, "one object a record")
    except UsageError as error:
        yield Refused(place, text[: jsonlines.LONGEST_LINE], error.message.replace("the line", "the record"))
        return
    if isinstance(value, dict):
        value.pop(PLACE, None)
        value.pop(REASON, None)
        if value.keys() == {TEXT} and isinstance(value[TEXT], str) and not nested:
            yield from _decoded(place, value[TEXT], noun, nested=True)
            return
    problem = ""
    if not isinstance(value, dict):
        problem = "the record is no object"
    elif "\\u" in text:  # only so can it say what is no text
        problem = jsonlines.broken_text(value)
    if problem:
        yield Refused(place, text, problem if "record" in problem else f"the record holds {problem}")
        return
    inner = _list_in(value)
    if inner is None:
        yield Found(place, text, value, noun)
        return
    noun = _noun_of(value) or noun
    for number, one in enumerate(inner, 1):
        if isinstance(one, dict):
            yield Found(number, jsonlines.encode(one), one, noun)
        else:
            yield Refused(number, jsonlines.encode(one), "the record is no object")


def _list_in(value: dict[str, Any]) -> list[Any] | None:
    """The records of a document that is no record itself."""
    if isinstance(value.get("item"), dict) and isinstance(value.get("schema"), str):
        return [value["item"]]
    lists = [name for name, inner in value.items() if isinstance(inner, list)]
    if len(lists) != 1 or lists[0] not in LISTS or len(value) > 7:
        return None
    inner: list[Any] = value[lists[0]]
    named = {"name", "display_name", "uid", "email", "first_name", "firstname", "firstName", "subject"} & value.keys()
    return inner if not named and all(isinstance(one, dict) for one in inner) else None


def _noun_of(document: dict[str, Any]) -> str:
    """What the records of a document are, as its schema or the name of its list says."""
    schema = document.get("schema")
    if isinstance(schema, str) and (found := re.fullmatch(r"crm\.([a-z]+)(?:\.list)?/\d+", schema)):
        return found[1]
    names = {"contacts": "contact", "people": "contact", "companies": "company"}
    names |= {"interactions": "interaction", "followups": "followup"}
    return next((noun for name, noun in names.items() if name in document), "")


# --- a list, or objects one after the other


def _elements(source: Source, start: int) -> Iterator[tuple[int, str | Refused]]:
    """The texts of the elements of a list that begins at `start`, or, from 0, of the values one after the other."""
    with source.open_text() as file:
        file.read(start)
        for place, (piece, whole) in enumerate(_Splitter(file, within=start > 0), 1):
            yield place, piece if whole else Refused(place, piece[:10_000], _why(piece))


def _why(piece: str) -> str:
    if len(piece) > jsonlines.LONGEST_LINE:
        return f"the record has more than {jsonlines.LONGEST_LINE:,} characters; nothing behind it was read"
    if not piece:
        return "the file ends before its list does: something may be missing"
    return "the file ends within this record" if piece.lstrip().startswith(("{", "[")) else "the record is no object"


class _Splitter:
    """The pieces of a text at the outermost level, each with whether it is a whole value in brackets.

    Args:
        file: the text.
        within: the text begins within a list, and what comes behind its end does not count.
    """

    def __init__(self, file: IO[str], *, within: bool) -> None:
        self.file = file
        self.text = ""
        self.within = within

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        start = place = depth = 0
        while True:
            token = _TOKEN.search(self.text, place)
            if token is None or token[0] == '"':
                waiting = (token.start() if token else len(self.text)) - start
                if not self._more(start):
                    yield from self._rest(depth)
                    return
                start, place = 0, waiting
                if len(self.text) > jsonlines.LONGEST_LINE + 4 * _CHUNK and depth:
                    yield self.text, False
                    return
                continue
            place = token.end()
            if token[0] in "{[":
                if not depth:
                    yield from _between(self.text[start : token.start()])
                    start = token.start()
                depth += 1
            elif token[0] in "}]":
                if not depth and self.within and token[0] == "]":
                    yield from _between(self.text[start : token.start()])
                    return
                if not depth:  # it closes nothing: what comes until the next value is none
                    found = _BEGIN.search(self.text, place)
                    place = found.start() if found else len(self.text)
                    continue
                depth -= 1
                if not depth:
                    yield self.text[start:place], True
                    start = place

    def _more(self, start: int) -> bool:
        """Read on, and forget what stands before `start`; the more is held, the more is read."""
        chunk = self.file.read(max(_CHUNK, len(self.text) - start))
        self.text = self.text[start:] + chunk
        return bool(chunk)

    def _rest(self, depth: int) -> Iterator[tuple[str, bool]]:
        if depth:
            yield self.text, False
        else:
            yield from _between(self.text)
            if self.within:
                yield "", False


def _between(text: str) -> Iterator[tuple[str, bool]]:
    """What stands between values, unless that is a comma."""
    bare = text.strip(" \t\r\n,\ufeff")
    if bare:
        yield bare, False

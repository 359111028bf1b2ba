"""Where searched words stand in a text: the piece of it that holds most of them, and their places in that piece."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crmcli.kernel.text import FIRST_IDEOGRAPH, tokens

# Characters of an excerpt, and how far into a text it is looked for.
LENGTH = 160
REACH = 200_000
ELLIPSIS = "…"


class Excerpt(NamedTuple):
    """A piece of a text in one line; `marks` are the (start, end) of the words in it; `words` how many it holds."""

    text: str
    marks: list[list[int]]
    words: int


def excerpt(text: str, words: Sequence[str]) -> Excerpt | None:
    """The piece of `text` that holds most of the words, the first of equals; None when it holds none.

    Args:
        text: as a person wrote it.
        words: search words (see `crmcli.kernel.text.tokens`); each is held by a word that begins with it.
    """
    best, most = (0, 0), 0
    for start, end in _pieces(text[:REACH]):
        held = _held(text[start:end], words)
        if held > most:
            best, most = (start, end), held
            if held == len(words):
                break
    if not most:
        return None
    start, end = best
    line = " ".join(text[start:end].split())
    shown = f"{ELLIPSIS if start else ''}{line}{ELLIPSIS if end < len(text.rstrip()) else ''}"
    return Excerpt(shown, _marks(shown, words), most)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text between words."""
    if len(text) <= LENGTH:
        yield 0, len(text)
        return
    for found in re.finditer(rf"(?s).{{1,{LENGTH}}}(?=\s|\Z)|\S{{1,{LENGTH}}}", text):
        yield found.span()


def _held(piece: str, words: Sequence[str]) -> int:
    held = " " + " ".join(tokens(piece))
    return sum(f" {word}" in held for word in words)


def _marks(line: str, words: Sequence[str]) -> list[list[int]]:
    """The places of words that begin with a searched one; neighbours of scripts without spaces become one."""
    marks: list[list[int]] = []
    for start, end in _units(line):
        if any(token.startswith(word) for token in tokens(line[start:end]) for word in words):
            if marks and marks[-1][1] == start:
                marks[-1][1] = end
            else:
                marks.append([start, end])
    return marks


def _units(line: str) -> Iterator[tuple[int, int]]:
    """The words of a line; in scripts without spaces every character by itself."""
    start = None
    for at, c in enumerate(line + " "):
        inside = c.isalnum() or (start is not None and unicodedata.category(c)[0] == "M")
        if start is not None and (not inside or c >= FIRST_IDEOGRAPH):
            yield start, at
            start = None
        if inside and c >= FIRST_IDEOGRAPH:
            yield at, at + 1
        elif inside and start is None:
            start = at

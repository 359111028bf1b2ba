"""JSON that others wrote, read so that nothing in it can do harm, and JSON of ours, in ASCII.

Python's own decoder takes NaN, keeps the last of two equal keys and makes of ten megabytes of brackets a gigabyte of
lists. Here each of these is an error that says what is wrong.
"""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import IO, Any

from crmcli.kernel.errors import UsageError

LONGEST_LINE = 20_000_000
"""Characters of a line or record."""
MOST_PARTS = 400_000
"""Brackets and commas outside of texts; a part costs up to some hundred bytes of memory."""
# A text from quote to quote; possessive, so that nothing is remembered to go back to.
_TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def decode(text: str, example: str = "", *, longest: int = 0) -> Any:
    """The value of a JSON text (RFC 8259).

    Args:
        text: the whole text; messages call it "the line".
        example: what would be right, for messages.
        longest: how many characters are read at most; 0 for LONGEST_LINE.

    Raises:
        UsageError: it is not JSON, too long or has too many parts, a key stands twice, a number is not finite.
    """
    longest = longest or LONGEST_LINE
    if len(text) > longest:
        raise UsageError("the line is too long", f"at most {longest:,} characters")
    if _parts(text) > MOST_PARTS:
        raise UsageError("the line has too many parts", f"at most {MOST_PARTS:,}; write one record a line")
    try:
        return _DECODER.decode(text.strip())
    except RecursionError as error:
        raise UsageError("the line is nested too deeply", example or "a record is one flat object") from error
    except ValueError as error:
        raise UsageError(f"the line is not JSON: {error}", example) from error


def decode_object(text: str, example: str = "", *, longest: int = 0) -> dict[str, Any]:
    """The object of a JSON text. Raises UsageError as `decode` does, and for what is no object."""
    value = decode(text, example, longest=longest)
    if not isinstance(value, dict):
        raise UsageError("the line is not an object", example)
    return value


def broken_text(value: Any) -> str:
    """What no database can hold in a decoded value: "a NUL character", "half a character", or ""."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one:
                return "a NUL character"
            if not one.isascii() and any("\ud800" <= letter <= "\udfff" for letter in one):
                return "half a character (a lone surrogate)"
        elif isinstance(one, dict):
            waiting += one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return ""


def encode(value: Any) -> str:
    """`value` as compact JSON of printable ASCII."""
    # DEL is the one control character that the encoder lets through.
    return _encode(value).replace("\x7f", "\\u007f")


def lines(file: IO[str], longest: int = 0) -> Iterator[str]:
    """The lines of a text; of one that is too long only so much that it can be seen to be."""
    longest = longest or LONGEST_LINE
    while line := file.readline(longest + 2):
        rest = line
        while rest and not rest.endswith(("\n", "\r")):
            rest = file.readline(longest)
        yield line


def _parts(text: str) -> int:
    """The brackets and commas of a text; those within its strings are counted only where they are few."""
    found = text.count(",") + text.count("[") + text.count("{")
    if found <= MOST_PARTS:
        return found
    found = end = 0
    for string in _TEXT.finditer(text):
        between = text[end : string.start()]
        end = string.end()
        found += between.count(",") + between.count("[") + between.count("{")
        if found > MOST_PARTS:
            return found
    rest = text[end:]
    return found + rest.count(",") + rest.count("[") + rest.count("{")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
_encode = json.JSONEncoder(separators=(",", ":")).encode

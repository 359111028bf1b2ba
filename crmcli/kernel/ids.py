"""Names of records: short references for people (`c42`) and UUIDs that travel between databases."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

PREFIXES = {
    "contact": "c",
    "company": "co",
    "interaction": "i",
    "followup": "f",
    "cadence": "cad",
    "user": "u",
    "operation": "op",
    "deal": "d",
    "case": "cs",
    "order": "o",
    "product": "p",
    "goal": "g",
    "segment": "s",
    "campaign": "cm",
}
"""Noun -> the letters before its number."""

# Words that are keywords of SQL have a table of another name.
_TABLE_OF = {"user": "user_account", "order": "sales_order", "case": "support_case"}
_NOUN_OF = {table: noun for noun, table in _TABLE_OF.items()}
_NOUNS = {prefix: noun for noun, prefix in PREFIXES.items()}
_LARGEST = 2**63 - 1  # the largest integer both databases hold


def ref(noun: str, number: int) -> str:
    """Return the reference of a record, such as `c42`. Raises KeyError for an unknown noun."""
    return f"{PREFIXES[noun]}{number}"


def noun_of(table: str) -> str:
    """The noun by which people know the records of a table."""
    return _NOUN_OF.get(table, table)


def table_of(noun: str) -> str:
    """The table that holds the records of a noun."""
    return _TABLE_OF.get(noun, noun)


def parse_ref(text: str) -> tuple[str, int] | None:
    """Return (noun, number) when `text` has the form of a reference in any case, else None."""
    if not 2 <= len(text) <= 22 or not text.isascii():
        return None
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    noun = _NOUNS.get(text[: len(text) - len(digits)].lower())
    if noun is None or not digits.isdigit() or digits[0] == "0":
        return None
    number = int(digits)
    return (noun, number) if number <= _LARGEST else None


def key_of(text: str) -> int:
    """Return the key in an id that comes from the program itself, such as that of a record."""
    named = parse_ref(text)
    assert named is not None
    return named[1]


def uid7(now: datetime, randomness: Callable[[int], bytes] = os.urandom) -> str:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Args:
        now: the aware moment of creation; one before 1970 counts as 1970.
        randomness: returns that many random bytes.
    """
    return _uid7(_hex_time(now), int.from_bytes(randomness(10), "big"))


class Uids:
    """UUIDs version 7 of one moment, each greater than the one before, so that an index of them grows at its end.

    As RFC 9562, section 6.2, method 2, has it: a random number to begin with, and a random step from each to the next.

    Args:
        now: see `uid7`.
        randomness: see `uid7`.
    """

    def __init__(self, now: datetime, randomness: Callable[[int], bytes]) -> None:
        self._time = _hex_time(now)
        self._randomness = randomness
        self._last = int.from_bytes(randomness(9), "big")

    def next(self, count: int) -> Iterator[str]:
        """The next `count` of them."""
        steps = self._randomness(_STEP * count)
        for place in range(0, len(steps), _STEP):
            self._last += int.from_bytes(steps[place : place + _STEP], "big") + 1
            yield _uid7(self._time, self._last)


_STEP = 5


def _hex_time(now: datetime) -> str:
    return f"{max(0, int(now.timestamp() * 1000)) & 0xFFFF_FFFF_FFFF:012x}"


def _uid7(time: str, random: int) -> str:
    high, low = random >> 62 & 0xFFF, random & (1 << 62) - 1
    return f"{time[:8]}-{time[8:]}-7{high:03x}-{low >> 48 | 0x8000:04x}-{low & 0xFFFF_FFFF_FFFF:012x}"

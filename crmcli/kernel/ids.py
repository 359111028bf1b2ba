"""Names of records: short references for people (`c42`) and UUIDs that travel between databases."""

import os
from collections.abc import Callable
from datetime import datetime

PREFIXES = {
    "contact": "c",
    "company": "co",
    "interaction": "i",
    "followup": "f",
    "user": "u",
    "operation": "op",
    "deal": "d",
    "case": "cs",
    "order": "o",
    "product": "p",
    "segment": "s",
    "campaign": "cm",
}
"""Noun -> the letters before its number."""

_NOUNS = {prefix: noun for noun, prefix in PREFIXES.items()}
_LARGEST = 2**63 - 1  # the largest integer both databases hold


def ref(noun: str, number: int) -> str:
    """Return the reference of a record, such as `c42`. Raises KeyError for an unknown noun."""
    return f"{PREFIXES[noun]}{number}"


def parse_ref(text: str) -> tuple[str, int] | None:
    """Return (noun, number) when `text` has the form of a reference in any case, else None."""
    if not 2 <= len(text) <= 21 or not text.isascii():
        return None
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    noun = _NOUNS.get(text[: len(text) - len(digits)].lower())
    if noun is None or not digits.isdigit() or digits[0] == "0":
        return None
    number = int(digits)
    return (noun, number) if number <= _LARGEST else None


def uid7(now: datetime, randomness: Callable[[int], bytes] = os.urandom) -> str:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Args:
        now: the aware moment of creation; one before 1970 counts as 1970.
        randomness: returns that many random bytes.
    """
    milliseconds = max(0, int(now.timestamp() * 1000)) & 0xFFFF_FFFF_FFFF
    random = int.from_bytes(randomness(10), "big")
    value = milliseconds << 80 | 7 << 76 | (random >> 62 & 0xFFF) << 64 | 2 << 62 | random & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

"""Columns that follow from others of the same row: the keys that names, addresses and numbers are found and sorted by.

They are written with the row and neither journalled nor exported, since they can always be computed again.
"""

import re
from collections.abc import Callable, Mapping
from math import isclose, isfinite
from typing import Any

from crmcli.kernel.text import fold

Row = Mapping[str, Any]
LONGEST_KEY = 2000
FEWEST_DIGITS = 5
"""A text with fewer is not taken for a whole phone number."""
_NO_DIGIT = re.compile("[^0-9]+")


def name_key(text: str) -> str:
    """The key under which an exact name is found: folded, white space single."""
    return " ".join(fold(text).split())[:LONGEST_KEY]


def email_key(text: str) -> str:
    """The key under which an e-mail address is found: in practice no host tells upper from lower case."""
    return text.strip().casefold()


def email_domain(key: str) -> str:
    """The internet domain of an e-mail address, given as its key; "" for what has none."""
    return key.rpartition("@")[2] if "@" in key else ""


def digits(text: str) -> str:
    """The digits of a phone number, as a number in any notation is compared."""
    return _NO_DIGIT.sub("", text)


def looks_like_phone(text: str, *, fewest: int = FEWEST_DIGITS) -> bool:
    """Whether a text reads as a phone number: at least `fewest` digits, and else only what is written between them."""
    plain = all(letter in "0123456789+()-./ " or letter.lower() in "ext" for letter in text)
    return plain and len(digits(text)) >= fewest


def number(text: str) -> float | None:
    """The number that a custom value stands for, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _contact(row: Row) -> dict[str, Any]:
    by_family = f"{row['family_name']} {row['given_name'] or ''}" if row["family_name"] else row["display_name"]
    return {"name_key": name_key(row["display_name"]), "sort_key": name_key(by_family)}


def _email(row: Row) -> dict[str, Any]:
    key = email_key(row["value"])
    return {"value_key": key, "domain": email_domain(key)}


def _company(row: Row) -> dict[str, Any]:
    key = name_key(row["name"])
    return {"name_key": key, "sort_key": key}


_RULES: dict[str, Callable[[Row], dict[str, Any]]] = {
    "contact": _contact,
    "company": _company,
    "user_account": lambda row: {"name_key": name_key(row["name"])[:200]},
    "product": lambda row: {"name_key": name_key(row["name"])},
    "pipeline": lambda row: {"name_key": name_key(row["name"])[:400]},
    "stage": lambda row: {"name_key": name_key(row["name"])[:400]},
    "tag": lambda row: {"name_key": name_key(row["name"])[:400]},
    "email": _email,
    "phone": lambda row: {"digits": digits(row["e164"] or row["raw"])},
    "custom_value": lambda row: {"number": number(row["value"])},
}


DERIVED = tuple(_RULES)
"""The tables that have derived columns."""


def columns(table: str, row: Row) -> dict[str, Any]:
    """The derived columns of a row that is about to be written."""
    rule = _RULES.get(table)
    return rule(row) if rule else {}


def wrong(table: str, row: Row) -> dict[str, Any]:
    """The derived columns of a stored row that are not what they should be, with what they should be.

    Raises:
        UNREADABLE of `fault`: a value that they follow from cannot be read.
    """
    return {name: value for name, value in columns(table, row).items() if not _same(row[name], value)}


def _same(found: Any, value: Any) -> bool:
    """Whether two values are one; a fraction loses some digits on PostgreSQL."""
    if isinstance(found, float) and isinstance(value, float):
        return isclose(found, value, rel_tol=1e-6)
    return bool(found == value)

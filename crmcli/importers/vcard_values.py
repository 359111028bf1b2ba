"""One property of a vCard as the value it stands for; None where it stands for none that has a place here."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from crmcli.importers.vcard_terms import OWN, label
from crmcli.kernel import dates
from crmcli.kernel.contentlines import Property
from crmcli.kernel.countrynames import country_code
from crmcli.kernel.errors import UsageError

FLAGS = ("opted_out", "invalid")
LONGEST_EMAIL, LONGEST_PHONE, LONGEST_URL, LONGEST_KEY, LONGEST_COUNTRY = 320, 100, 2000, 290, 60
FEWEST_DIGITS = 3
"""A phone number has at least as many."""
# The parts of an address in their order, and what their columns hold.
_ADDRESS = {
    "post_office_box": 100,
    "extended_address": 500,
    "street_address": 500,
    "locality": 200,
    "region": 200,
    "postal_code": 40,
}
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?", re.ASCII | re.DOTALL)
# Apple's programs write the year 1604, a leap year, when there is none.
_NO_YEAR = ("--", "0000", "1604")
_IN_BRACKETS = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>\s*")
_SCHEME = re.compile(r"[A-Za-z]+:")


def email_address(text: str) -> str | None:
    """An e-mail address, taken out of `Name <address>` or a mailto: URI where it stands in one."""
    text = text[7:] if text[:7].lower() == "mailto:" else text
    in_brackets = _IN_BRACKETS.fullmatch(text) if "<" in text else None
    text = in_brackets[1] if in_brackets else text
    local, at, domain = text.rpartition("@")
    if not (at and local and domain) or len(text) > LONGEST_EMAIL or not text.isprintable() or len(text.split()) > 1:
        return None
    return text


def phone_number(text: str) -> str | None:
    """A phone number; one in a tel: URI (RFC 3966) with its extension as people write it."""
    if text[:4].lower() == "tel:":
        text, *parameters = text[4:].split(";")
        extension = next((one[4:] for one in parameters if one.lower().startswith("ext=")), "")
        text = f"{text} ext. {extension}" if extension else text
    elif _SCHEME.match(text):  # an address of another kind, such as sip:
        return None
    usable = len(text) <= LONGEST_PHONE and sum(letter.isdigit() for letter in text) >= FEWEST_DIGITS
    return text if usable else None


def details(found: Property, given: str) -> dict[str, Any]:
    """The label and flags of an address, number or link.

    `is_primary` tells how much it is preferred, 1 the most; see `choose_primary`.

    Args:
        found: the property.
        given: the label that the helper of its group gives it, or "".
    """
    entry: dict[str, Any] = {}
    if not found.raw and not given:
        return entry
    types, rank = found.types, found.param("PREF")
    word = label(types, given)
    if word:
        entry["label"] = word
    if "pref" in types or (rank.isascii() and rank.isdigit()):
        entry["is_primary"] = int(rank[:4] or 1)
    entry.update({flag: True for flag in FLAGS if OWN + flag.upper().replace("_", "-") in found.params})
    return entry


def choose_primary(entries: Sequence[dict[str, Any]]) -> None:
    """Make the most preferred of these the primary one, the first of several such."""
    preferred = [entry for entry in entries if "is_primary" in entry]
    best = min(preferred, key=lambda entry: int(entry["is_primary"]), default=None)
    for entry in preferred:
        if entry is best:
            entry["is_primary"] = True
        else:
            del entry["is_primary"]


def address(found: Property, hint: str) -> dict[str, Any] | None:
    """The parts of a postal address; {} for an empty one, None for one that no column can hold.

    A country that has no code here stays a word, after the region.

    Args:
        found: an ADR property.
        hint: the code of the country that the helper of its group gives, or "".
    """
    pieces = [together(piece, ", ") for piece in found.lists()]
    if not any(pieces):
        pieces = ["", "", found.param("LABEL")]
    elif len(pieces) == 1:
        pieces = ["", "", pieces[0]]
    entry = {name: piece for name, piece in zip(_ADDRESS, pieces, strict=False) if piece}
    country = ", ".join(piece for piece in pieces[6:] if piece)
    named = country_code(country) if country and len(country) <= LONGEST_COUNTRY else None
    code = named or (country_code(hint) if len(hint) == 2 else None)
    if country and named is None:
        entry["region"] = f"{entry['region']}, {country}" if "region" in entry else country
    if any(len(piece) > _ADDRESS[name] for name, piece in entry.items()):
        return None
    return {**entry, "country_code": code} if code else entry


def together(pieces: Sequence[str], between: str) -> str:
    """One text of a list. A comma with a space after it was not meant to begin another piece."""
    if len(pieces) == 1:
        return pieces[0].strip()
    text = pieces[0]
    for piece in pieces[1:]:
        text += f",{piece}" if piece.startswith(" ") else f"{between}{piece}" if piece else ""
    return text.strip(" ,")


def birth_date(text: str, omitted: str) -> str | None:
    """A day as `1990-05-12`, or `--05-12` without a year, of any form that a BDAY has.

    Args:
        text: the day, basic or extended, with or without a time (ISO 8601).
        omitted: the year that means none, of X-APPLE-OMIT-YEAR.
    """
    form = _DAY.fullmatch(text)
    if form is None:
        return None
    year, month, day = form.groups()
    year = "-" if year in _NO_YEAR or year == omitted else year
    try:
        return dates.parse_birth_date(f"{year}-{month}-{day}")
    except UsageError:
        return None


def uuid(text: str) -> str | None:
    """A UUID in lower case, also of a urn:uuid: URI (RFC 9562)."""
    form = _UUID.fullmatch(text)
    return form[1].lower() if form else None


def zone(text: str) -> str | None:
    """A time zone by its IANA name, in whatever case."""
    return _zones().get(text.lower())


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}

"""Mailchimp: the contacts of an audience, and what they agreed to.

The export is a file each for subscribed, unsubscribed, cleaned and non-subscribed contacts. The first two have their
own columns, and all are told by the beginning of their names. Subscribed is consent to marketing by e-mail, given when
they confirmed; unsubscribed is consent withdrawn; cleaned is an address that mail did not reach. Moments are in UTC.
"""

import re
from collections.abc import Iterator
from typing import Any

from crmcli.importers import table
from crmcli.importers.base import CERTAIN, LIKELY, NO, Columns, Item
from crmcli.importers.readings import consent, moment
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, meanings, table_format

Values = dict[str, Any]
_MARKETING, _WITHDRAWN = "marketing/email", "marketing/email/withdrawn"
MEMBER = {
    "email address": "email",
    "first name": "given_name",
    "last name": "family_name",
    "name": "name",
    "full name": "name",
    "phone number": "phone",
    "phone": "phone",
    "sms phone number": "phone.mobile",
    "address": "address",
    "birthday": "birth_date",
    "company": "company",
    "language": "preferred_language",
    "timezone": "timezone",
    "cc": "set.country",
    "region": "set.region",
    "member rating": "set.member_rating",
    "optin time": f"consent.{_MARKETING}",
    "confirm time": f"consent.{_MARKETING}",
    "unsub time": f"consent.{_WITHDRAWN}",
    "unsub reason": "set.unsub_reason",
    "unsub reason other": "set.unsub_reason_other",
    "clean time": "email.invalid",
    "euid": "external.mailchimp",
    "notes": "notes",
    "tags": "tag",
    "leid": "",
    "optin ip": "",
    "confirm ip": "",
    "latitude": "",
    "longitude": "",
    "gmtoff": "",
    "dstoff": "",
    "last changed": "",
    "unsub campaign title": "",
    "unsub campaign id": "",
    "clean campaign title": "",
    "clean campaign id": "",
}
_OWN = frozenset(
    {
        "member rating", "optin time", "optin ip", "confirm time", "confirm ip", "gmtoff", "dstoff", "last changed",
        "leid", "euid", "unsub time", "clean time",
    }
)  # fmt: skip
_STATES = ("unsubscribed", "nonsubscribed", "non_subscribed", "cleaned", "subscribed")


def _match(header: Header) -> int:
    own = len(_OWN.intersection(header))
    if not own or not {"email address", "email"}.intersection(header):
        return NO
    return CERTAIN if own >= 2 else LIKELY


def _read(source: Source, columns: Columns) -> Iterator[Item]:
    name = re.split(r"[/\\]", source.name.lower())[-1]
    state = next((word for word in _STATES if name.startswith(word)), "")
    return table.drafts(source, "contact", columns, lambda values, cells: _finish(values, state))


def _finish(values: Values, state: str) -> None:
    """Put a row right.

    Args:
        values: of the row.
        state: what the name of the file says of all its contacts, or "".
    """
    if "tag" in values:  # "Spring fair","VIP"
        values["tag"] = list(filter(None, (word.strip(' "') for word in values["tag"])))
    _birthday(values)
    _address(values)
    granted, left, others = "", "", []
    for text in values.pop("consent", ()):
        key, _, told = str(text).partition("=")
        if key == _WITHDRAWN:
            left = left or told
        elif key == _MARKETING and moment(told):
            granted = max(granted, told)
        else:
            others.append(text)
    cleaned = [entry for entry in values.get("email", ()) if "invalid" in entry or state == "cleaned"]
    for entry in cleaned:
        entry["invalid"] = "yes"
    if left or state == "unsubscribed":
        others.append(consent(_MARKETING, "withdrawn", "mailchimp", moment(left)))
    elif not cleaned and (state == "subscribed" or (granted and not state)):
        others.append(consent(_MARKETING, "granted", "mailchimp", moment(granted)))
    if others:
        values["consent"] = others


def _birthday(values: Values) -> None:
    """A day without a year, which is written month first."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", str(values.get("birth_date", "")))
    if found:
        values["birth_date"] = f"--{int(found[1]):02d}-{int(found[2]):02d}"


def _address(values: Values) -> None:
    """An address: street, perhaps a second line, city, state, zip and country, with two spaces between."""
    if "address" not in values:
        return
    parts = [part.strip() for part in str(values["address"][0].get("street_address", "")).split("  ")]
    if len(parts) in (5, 6):
        names = ("locality", "region", "postal_code", "country_code")
        entry = dict(zip(names, parts[-4:], strict=True))
        entry["street_address"] = ", ".join(filter(None, parts[:-4]))
        values["address"] = [{name: part for name, part in entry.items() if part}]


FORMATS = (
    table_format(
        "mailchimp",
        "Mailchimp audience",
        "contact",
        _match,
        lambda header: meanings(header, MEMBER),
        read=_read,
    ),
)

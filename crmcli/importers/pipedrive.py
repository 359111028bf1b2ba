"""Pipedrive: people, organizations and deals; every column says whose it is: `Person - Name`, `Deal - Title`.

One row may hold a deal, its person and their organization. It is taken in as what its first column of ids belongs to,
or as what `--as` names: the same file can be read once for the deals and once for the people. Pipedrive counts people,
organizations and deals each from 1, so their keys here are told apart: `pipedrive:7` is a person, and organizations
and deals are known as `pipedrive-organization:7` and `pipedrive-deal:7`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO, Columns, Item
from crmcli.importers.dealrows import finish_deal, read_deals
from crmcli.importers.readings import consents, domain_of_website, take
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, custom_field, table_format

Values = dict[str, Any]
PREFIXES = {"person": "contact", "organization": "company", "deal": "deal"}
_TITLE = re.compile(r"(person|organization|deal) - (.+?)\*?")
_CHANNEL = re.compile(r"(email|phone)(?: - | \()(work|home|mobile|other|main|fax)\)?")
# An address is told as a whole and in parts: `City/town/village/locality of Address`, `Address - Country of Address`.
_PART = re.compile(r"(?:(?:postal )?address - )?(.+?)(?: of (?:postal )?address)?")
_PARTS = {
    "apartment/suite no": "address#1.extended_address",
    "house number": "set.house_number",
    "street/road name": "address#1.street",
    "district/sublocality": "",
    "city/town/village/locality": "address#1.city",
    "city": "address#1.city",
    "state/county": "address#1.region",
    "state": "address#1.region",
    "region": "",
    "country": "address#1.country",
    "zip/postal code": "address#1.postcode",
    "zip": "address#1.postcode",
    "full/combined address": "address",
    "latitude": "",
    "longitude": "",
}
_ADDRESS = {"address": "address", "postal address": "address"}
# Counts and moments that Pipedrive computes.
_NOISE = dict.fromkeys(
    (
        "update time", "profile picture", "picture", "visible to", "last activity date", "next activity date",
        "total activities", "done activities", "activities to do", "email messages count", "last email received",
        "last email sent", "open deals", "won deals", "lost deals", "closed deals", "people", "last stage change",
        "weighted value", "product quantity", "product amount", "product name", "creator", "archive status",
    ),
    "",
)  # fmt: skip
PERSON = {
    **_NOISE,
    **_ADDRESS,
    "id": "external.pipedrive",
    "pipedrive system id": "external.pipedrive",
    "name": "name",
    "first name": "given_name",
    "last name": "family_name",
    "email": "email",
    "phone": "phone",
    "organization": "company",
    "organization id": "company.external.pipedrive-organization",
    "job title": "job_title",
    "title": "job_title",
    "birthday": "birth_date",
    "label": "tag",
    "labels": "tag",
    "notes": "notes",
    "note": "notes",
    "owner": "set.owner_name",
    "marketing status": "consent.marketing/email",
    "linkedin page": "url.linkedin",
    "website": "url.website",
}
ORGANIZATION = {
    **_NOISE,
    **_ADDRESS,
    "id": "external.pipedrive-organization",
    "pipedrive system id": "external.pipedrive-organization",
    "name": "name",
    "email": "email",
    "phone": "phone",
    "website": "url.website",
    "linkedin profile": "url.linkedin",
    "industry": "industry",
    "number of employees": "employee_count",
    "employee count": "employee_count",
    "label": "tag",
    "labels": "tag",
    "notes": "notes",
    "owner": "set.owner_name",
}
DEAL = {
    **_NOISE,
    "id": "external.pipedrive-deal",
    "pipedrive system id": "external.pipedrive-deal",
    "title": "name",
    "value": "amount",
    "currency": "currency",
    "currency of value": "currency",
    "stage": "stage",
    "pipeline": "pipeline",
    "status": "type",
    "probability": "probability",
    "expected close date": "close_date",
    "deal created": "created_at",
    "deal closed on": "closed_at",
    "won time": "closed_at",
    "lost time": "closed_at",
    "lost reason": "lost_reason",
    "label": "tag",
    "labels": "tag",
    "notes": "notes",
    "owner": "owner_name",
    "organization": "company",
    "contact person": "contact",
    "source origin": "lead_source",
}
# What the columns of others mean in a row: the person of a deal, the organization of a person.
_OTHERS = {
    "contact": {
        "organization - name": "company",
        "organization - id": "company.external.pipedrive-organization",
        "organization - pipedrive system id": "company.external.pipedrive-organization",
    },
    "deal": {
        "organization - name": "company",
        "organization - id": "company.external.pipedrive-organization",
        "organization - pipedrive system id": "company.external.pipedrive-organization",
        "person - name": "contact",
        "person - id": "contact.external.pipedrive",
        "person - pipedrive system id": "contact.external.pipedrive",
        "person - email": "contact.email",
        "person - email - work": "contact.email",
        "person - email (work)": "contact.email",
        "person - phone": "contact.phone",
        "person - phone - work": "contact.phone",
        "person - phone (work)": "contact.phone",
        "person - phone - mobile": "contact.phone",
    },
}
_OWN = {"contact": PERSON, "company": ORGANIZATION, "deal": DEAL}
_MARKETING = {"subscribed": "granted", "unsubscribed": "withdrawn", "no consent": "denied", "bounced": ""}


def leading(header: Header) -> str:
    """What a row of this header is: what its first column of ids, else its first column, belongs to."""
    found = [title for title in map(_TITLE.fullmatch, header) if title]
    ids = [title for title in found if title[2] in ("id", "pipedrive system id")]
    return next((PREFIXES[title[1]] for title in (*ids, *found)), "")


def _match(noun: str, header: Header) -> int:
    found = [title for title in header if _TITLE.fullmatch(title)]
    if not found or leading(header) != noun:
        return NO
    return CERTAIN if len(found) >= 2 and len(found) * 2 > len(header) else LIKELY


def _targets(noun: str, header: Header) -> Sequence[str]:
    found: list[str] = []
    for title in header:
        named = _TITLE.fullmatch(title)
        others = _OTHERS.get(noun, {}).get(title.removesuffix("*"))
        if others is not None or named is None or PREFIXES[named[1]] != noun:
            found.append(others or "")
        else:
            found.append(_target(noun, named[2], found))
    return found


def _target(noun: str, title: str, taken: Sequence[str]) -> str:
    """The target of a column of the noun's own, whose title is told without the prefix."""
    own = _OWN[noun]
    if title in own:
        return own[title]
    if noun != "deal" and (entry := _CHANNEL.fullmatch(title)):
        return f"{entry[1]}.{entry[2]}"
    if noun != "deal" and "address" in title and (part := _PART.fullmatch(title)) and part[1] in _PARTS:
        return _PARTS[part[1]]
    return custom_field(title, taken)


def _finish_person(values: Values, cells: Sequence[str]) -> None:
    _finish_entries(values)
    if "email" in values and any(str(text).lower().endswith("=bounced") for text in values.get("consent", ())):
        values["email"][0]["invalid"] = "yes"
    consents(values, "pipedrive", _MARKETING)


def _finish_organization(values: Values, cells: Sequence[str]) -> None:
    _finish_entries(values)
    domain_of_website(values)


def _finish_entries(values: Values) -> None:
    """Numbers of which a cell holds several, and the address: in parts where they are told, else as a whole."""
    if "phone" in values:
        values["phone"] = [
            {**entry, "raw": number.strip()}
            for entry in values["phone"]
            for number in entry["raw"].split(",")
            if number.strip()
        ]
    number = take(values, "house_number")
    if "address" in values:
        in_parts = [entry for entry in values["address"] if entry.keys() - {"street_address"}]
        entry = (in_parts or values["address"])[0]
        if number and in_parts and "street_address" in entry:
            entry["street_address"] += f" {number}"
        values["address"] = [entry]
    if "company" in values:
        values["company"] = [_one(values["company"])]


def _one(entries: Sequence[Values]) -> Values:
    """One entry of several that tell parts of the same: a deal has one person, and they one organization."""
    whole: Values = {}
    for entry in entries:
        whole = {**entry, **whole}
    return whole


def _finish_deal(values: Values, cells: Sequence[str]) -> None:
    if str(values.get("type", "")).lower() == "deleted":
        raise ValueError("the deal is deleted in Pipedrive")
    for field in ("contact", "company"):
        if field in values:
            values[field] = [_one(values[field])]
    finish_deal(values)


def _read_deals(source: Source, columns: Columns) -> Iterator[Item]:
    people = sum(title.strip().lower().startswith("person - ") for title in columns.header)
    if people > 1:
        source.notes.append(f"the rows of {source.name} also hold people; take those in with --as pipedrive")
    return read_deals(source, columns, _finish_deal)


FORMATS = (
    table_format(
        "pipedrive",
        "Pipedrive people",
        "contact",
        lambda header: _match("contact", header),
        lambda header: _targets("contact", header),
        _finish_person,
    ),
    table_format(
        "pipedrive-organizations",
        "Pipedrive organizations",
        "company",
        lambda header: _match("company", header),
        lambda header: _targets("company", header),
        _finish_organization,
    ),
    table_format(
        "pipedrive-deals",
        "Pipedrive deals",
        "deal",
        lambda header: _match("deal", header),
        lambda header: _targets("deal", header),
        read=_read_deals,
    ),
)

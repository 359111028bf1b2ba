"""What the keys of other programs' objects mean: `firstName`, `emails[0].value`, `company.name`, `address.city`.

An object is made flat first: the key of a value is its path, with points between and, from the second entry of a list
on, its number: `emails.value`, `emails#2.value`.
"""

import re
from collections.abc import Iterable
from typing import Any

from crmcli.importers.csvtitles import target_of, word
from crmcli.importers.table_format import custom_field
from crmcli.importers.targets import PARTS
from crmcli.kernel import jsonlines
from crmcli.services.children import LABELS

MOST_KEYS = 500
DEEPEST = 6

# Words for several of what `csvtitles` knows as one, and those that mean something else in a table.
_SEVERAL = {
    "emails": "email", "emailaddresses": "email", "mails": "email", "phones": "phone", "phonenumbers": "phone",
    "telephones": "phone", "urls": "url", "websites": "url", "links": "url", "addresses": "address",
    "location": "address", "companies": "company", "organizations": "company", "organisations": "company",
    "org": "company", "domains": "domain", "uuid": "uid", "title": "job_title", "occupation": "job_title",
    "locale": "preferred_language", "nickname": "nickname",
}  # fmt: skip
_ENTRIES = ("email", "phone", "url", "address", "company")
_VALUE = ("value", "address", "email", "number", "phone", "raw", "url", "uri", "name", "displayname", "href")
_LABEL = ("label", "type", "kind", "category", "rel")
_PRIMARY = ("primary", "isprimary", "preferred", "pref", "default")
_ADDRESS = {
    **{word(name): part for name, part in PARTS.items()},
    "streetaddress": "street_address", "street1": "street_address", "street2": "extended_address",
    "line1": "street_address", "line2": "extended_address", "address1": "street_address",
    "address2": "extended_address", "town": "locality", "province": "region", "formatted": "street_address",
}  # fmt: skip
_COMPANY = {
    "name": "name",
    "title": "role",
    "domain": "domain",
    "website": "domain",
    "role": "role",
    "position": "role",
}
# Where other programs put the fields of a record.
_AROUND = re.compile(r"(?:properties|attributes|fields|person|contact|data)\.(.+)", re.DOTALL)


def flat(record: dict[str, Any]) -> dict[str, str]:
    """The texts of an object by their paths; what is empty is left out.

    Raises:
        ValueError: there are too many of them.
    """
    found: dict[str, str] = {}
    _flatten(record, "", found, DEEPEST)
    return found


def _flatten(record: dict[str, Any], before: str, found: dict[str, str], deep: int) -> None:
    for key, value in record.items():
        if len(found) > MOST_KEYS:
            raise ValueError(f"the record has more than {MOST_KEYS} values")
        path = f"{before}{key.replace('.', ' ').replace('#', ' ')}"
        if isinstance(value, str):
            if value:
                found[path] = value
        elif isinstance(value, dict) and deep:
            _flatten(value, f"{path}.", found, deep - 1)
        elif isinstance(value, list) and deep and any(isinstance(one, dict) for one in value):
            for number, one in enumerate(value, 1):
                entry = one if isinstance(one, dict) else {"value": one}
                _flatten(entry, f"{path}#{number}." if number > 1 else f"{path}.", found, deep - 1)
        elif isinstance(value, list) and len(value) > 1 and _target(path) in _ENTRIES:
            for number, one in enumerate(value, 1):
                found[f"{path}#{number}" if number > 1 else path] = _text(one)
        elif value not in (None, "", [], {}):
            found[path] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return "; ".join(_text(one) for one in value if one not in (None, ""))
    return jsonlines.encode(value) if isinstance(value, list | dict) else str(value)


def targets(paths: Iterable[str]) -> tuple[str, ...]:
    """What each path means; those that are not known become custom fields."""
    found: list[str] = []
    for path in paths:
        target = _target(path)
        found.append(custom_field(path.replace("#", " "), found) if target is None else target)
    return tuple(found)


def is_known(path: str) -> bool:
    """Whether a path means something by itself."""
    return bool(_target(path))


def _target(path: str) -> str | None:
    """What a path means; "" for what is of no use here, None for what is not known."""
    inner = _AROUND.fullmatch(path)
    first, *rest = (inner[1] if inner else path).split(".")
    name, _, number = first.partition("#")
    target = _SEVERAL.get(word(name)) or target_of(name)
    if not rest and not number:
        return target
    field, _, label = (target or "").partition(".")
    label = label.partition(".")[0] if label.partition(".")[0] in LABELS else ""
    if field not in _ENTRIES or len(rest) > 1:
        return None
    if not rest:
        return f"{field}#{number}"
    return _detail(field, f"{field}#{number or 1}", "" if number else label, word(rest[0]))


def _detail(field: str, entry: str, label: str, part: str) -> str | None:
    """What a part of an entry means: `address.city`, `emails#2.type`."""
    if field == "address":
        place = _ADDRESS.get(part)
        if place:
            return f"address.{label}.{place}" if label else f"{entry}.{place}"
    elif field == "company":
        return f"{entry}.{_COMPANY[part]}" if part in _COMPANY else None
    elif part in _VALUE:
        return f"{field}.{label}" if label else entry
    if part in _LABEL:
        return f"{entry}.label"
    return f"{entry}.is_primary" if part in _PRIMARY else None

"""Google Contacts: the export up to 2024 (`Given Name`, `E-mail 1 - Type`) and the one since (`First Name`, `Labels`).

Columns are numbered as often as the fullest contact needs. One cell may hold several values with ` ::: ` between; the
type or label of the first entry begins with `* ` (or is `*`). Groups beginning with `* ` are Google's own.
"""

import re
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO
from crmcli.importers.birthdays import Birthdays
from crmcli.importers.rowreader import free_key
from crmcli.importers.table_format import Header, meanings, table_format

Values = dict[str, Any]

_SHARED = {
    "name prefix": "honorific_prefix",
    "name suffix": "honorific_suffix",
    "nickname": "nickname",
    "birthday": "birth_date",
    "notes": "notes",
    "photo": "",
}
_OLD = {
    **_SHARED,
    "name": "name",
    "given name": "given_name",
    "additional name": "additional_name",
    "family name": "family_name",
    "given name yomi": "phonetic_given_name",
    "family name yomi": "phonetic_family_name",
    "yomi name": "",
    "additional name yomi": "",
    "initials": "",
    "language": "preferred_language",
    "occupation": "set.occupation",
    "location": "set.location",
    "group membership": "tag",
    "directory server": "",
    "mileage": "",
    "sensitivity": "",
    "priority": "",
}
_NEW = {
    **_SHARED,
    "first name": "given_name",
    "middle name": "additional_name",
    "last name": "family_name",
    "phonetic first name": "phonetic_given_name",
    "phonetic last name": "phonetic_family_name",
    "phonetic middle name": "",
    "file as": "",
    "organization name": "company",
    "organization title": "job_title",
    "organization department": "department",
    "labels": "tag",
}
_NUMBERED = tuple(
    (re.compile(like), target)
    for like, target in (
        (r"e-mail (\d+) - (?:type|label)", r"email#\1.label"),
        (r"e-mail (\d+) - value", r"email#\1"),
        (r"phone (\d+) - (?:type|label)", r"phone#\1.label"),
        (r"phone (\d+) - value", r"phone#\1"),
        (r"website (\d+) - (?:type|label)", r"url#\1.label"),
        (r"website (\d+) - value", r"url#\1"),
        (r"address (\d+) - (?:type|label)", r"address#\1.label"),
        (r"address (\d+) - street", r"address#\1.street"),
        (r"address (\d+) - extended address", r"address#\1.extended_address"),
        (r"address (\d+) - po box", r"address#\1.post_office_box"),
        (r"address (\d+) - city", r"address#\1.city"),
        (r"address (\d+) - region", r"address#\1.region"),
        (r"address (\d+) - postal code", r"address#\1.postcode"),
        (r"address (\d+) - country", r"address#\1.country"),
        (r"address (\d+) - formatted", ""),  # the same once more, in one piece
        (r"organization 1 - title", "job_title"),
        (r"organization 1 - department", "department"),
        (r"organization 1 - job description", "set.job_description"),
        (r"organization 1 - location", "set.office"),
        (r"organization (\d+) - name", r"company#\1"),
        (r"organization (\d+) - title", r"company#\1.role"),
        (r"organization \d+ - .*", ""),
        (r"event (\d+) - (?:type|label)", r"set#1\1.key"),
        (r"event (\d+) - value", r"set#1\1.event"),
        (r"relation (\d+) - (?:type|label)", r"set#2\1.key"),
        (r"relation (\d+) - value", r"set#2\1.relation"),
        (r"im (\d+) - service", r"set#3\1.key"),
        (r"im (\d+) - value", r"set#3\1.im"),
        (r"im \d+ - type", ""),
        (r"external id (\d+) - (?:type|label)", r"set#4\1.key"),
        (r"external id (\d+) - value", r"set#4\1.external_id"),
        (r"custom field (\d+) - (?:type|label)", r"set#5\1.key"),
        (r"custom field (\d+) - value", r"set#5\1.custom_field"),
    )
)
_BETWEEN = re.compile(r"\s*:::\s*")
_BIRTHDAYS = Birthdays()


def _match_old(header: Header) -> int:
    cells = set(header)
    if not {"given name", "family name"} <= cells or "labels" in cells:
        return NO
    numbered = any(
        re.fullmatch(r"(?:e-mail|phone|address|organization|website) \d+ - (?:type|value|name)", cell) for cell in cells
    )
    return CERTAIN if "group membership" in cells else LIKELY if numbered else NO


def _match_new(header: Header) -> int:
    cells = set(header)
    if not {"first name", "last name"} <= cells:
        return NO
    numbered = any(re.fullmatch(r"(?:e-mail|phone|address|website) \d+ - (?:label|value)", cell) for cell in cells)
    own = cells & {"labels", "file as", "organization name", "phonetic first name"}
    return CERTAIN if len(own) > 1 else LIKELY if numbered else NO


def _finish(values: Values, cells: list[str]) -> None:
    for field, part in (("email", "value"), ("phone", "raw"), ("url", "value")):
        if field in values:
            values[field] = _entries(values[field], part)
    if "address" in values:
        values["address"] = [_labelled(entry) for entry in values["address"]]
    if "tag" in values:
        values["tag"] = [tag for tag in values["tag"] if not tag.startswith("*")]
        if not values["tag"]:
            del values["tag"]
    if "set" in values:
        _fields(values)


def _entries(entries: list[Values], part: str) -> list[Values]:
    """Entries with plain labels, each value by itself."""
    found: list[Values] = []
    for entry in entries:
        plain = _labelled(entry)
        found += ({**plain, part: text} for text in _BETWEEN.split(plain[part]) if text)
    return found


def _labelled(entry: Values) -> Values:
    """An entry whose label has no mark of Google's: `* Work` is work, and the primary one."""
    label = entry.pop("label", "")
    if label.startswith("*"):
        entry["is_primary"] = True
    plain = label.strip("* ").lower()
    if plain and plain != "obsolete":
        entry["label"] = plain
    return entry


def _fields(values: Values) -> None:
    """Custom fields named without Google's mark; an event that is a birthday is the birthday."""
    found: list[Values] = []
    for entry in values.pop("set"):
        for key, text in entry.items():
            if key == "birthday":
                day = _BIRTHDAYS.read(text)
                if day and "birth_date" not in values:
                    values["birth_date"] = day
                if not day or values.get("birth_date") == day:
                    continue
            for part in filter(None, _BETWEEN.split(text)):
                taken = any(key in entry for entry in found)
                found.append({free_key(re.sub(r"_\d+$", "", key) if taken else key, found): part})
    if found:
        values["set"] = found


FORMATS = (
    table_format(
        "google", "Google contacts", "contact", _match_new, lambda header: meanings(header, _NEW, _NUMBERED), _finish
    ),
    table_format(
        "google-old",
        "Google contacts (up to 2024)",
        "contact",
        _match_old,
        lambda header: meanings(header, _OLD, _NUMBERED),
        _finish,
    ),
)

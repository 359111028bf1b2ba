"""The rows that a new record consists of, as far as they can be told without asking the database.

A record's own row and those of its addresses, numbers and links are made where values are read, beside the process that
writes; keys, and what records share with others (tags, fields, companies), come with the writing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.services.children import PARTS, domain_name, split_commas
from crmcli.store import derive
from crmcli.store.blank import blank
from crmcli.store.derive import email_domain, name_key

Row = tuple[Any, ...]
LONGEST_VALUE = 100_000
NAME = {"contact": "display_name", "company": "name"}
GIVEN_BY_WRITER = ("uid", "created_at", "updated_at")
# Of each noun the columns of its own row, behind the key and those above.
COLUMNS = {
    noun: tuple(
        column
        for column in (*blank(noun), *derive.columns(noun, {**blank(noun), NAME[noun]: ""}))
        if column not in GIVEN_BY_WRITER
    )
    for noun in NAME
}
# Of each table of children the columns behind the one that names the owner.
CHILDREN = {
    "email": ("value", "label", "is_primary", "opted_out", "invalid", "value_key", "domain"),
    "phone": ("raw", "e164", "label", "is_primary", "opted_out", "digits"),
    "url": ("value", "label", "is_primary"),
    "address": (*PARTS, "label", "is_primary"),
    "external_id": ("source", "key"),
    "company_domain": ("domain", "is_primary"),
}
_LONGEST_PART = {"locality": 200, "region": 200, "postal_code": 40, "post_office_box": 100, "label": 100}
_LONGEST_OF_OTHER_PARTS = 500
_BLANK = {noun: {**dict.fromkeys(COLUMNS[noun]), "do_not_contact": 0} for noun in NAME}


def record_row(noun: str, name: str, key: str, given: Mapping[str, Any]) -> Row:
    """The record's own row, in the order of COLUMNS; `key` is that of its name."""
    row = {**_BLANK[noun], **given, NAME[noun]: name}
    row["name_key"] = row["sort_key"] = key
    if noun == "contact" and row["family_name"]:
        row["sort_key"] = name_key(f"{row['family_name']} {row['given_name'] or ''}")
    return tuple(row.values())


def child_rows(
    values: Mapping[str, Any], emails: Sequence[Any], phones: Sequence[Any], externals: Sequence[tuple[str, str]]
) -> dict[str, list[Row]]:
    """The rows of each table of children, in the order of CHILDREN."""
    found: dict[str, list[Row]] = {}
    if emails:
        found["email"] = [
            (one.value, one.label, one.is_primary, one.opted_out, one.invalid, one.key, email_domain(one.key))
            for one in emails
        ]
    if phones:
        found["phone"] = [
            (one.raw, one.e164, one.label, one.is_primary, one.opted_out, derive.digits(one.e164 or one.raw))
            for one in phones
        ]
    if "url" in values:
        found["url"] = [(*link(entry), int(place == 0)) for place, entry in enumerate(values["url"])]
    if "address" in values:
        found["address"] = [
            (*map(entry.get, PARTS), entry.get("label"), int(place == 0))
            for place, entry in enumerate(values["address"])
        ]
    if externals:
        found["external_id"] = list(externals)
    if "domain" in values:
        domains = dict.fromkeys(domain_name(str(text)) for text in values["domain"])
        found["company_domain"] = [(domain, int(place == 0)) for place, domain in enumerate(domains)]
    return found


def link(entry: Any) -> tuple[str, str | None]:
    """The address and the label of a link."""
    if isinstance(entry, Mapping):
        return str(entry.get("value") or "").strip(), entry.get("label") or None
    return str(entry).strip(), None


def refuse_long(values: Mapping[str, Any], externals: Iterable[tuple[str, str]]) -> None:
    """Refuse what is too long for its column. Raises UsageError."""
    if "url" in values:
        links = [link(entry) for entry in values["url"]]
        _check("link", 2000, [address for address, _ in links])
        _check("label", 100, [label or "" for _, label in links])
    if "domain" in values:
        _check("domain", 253, [domain_name(str(text)) for text in values["domain"]])
    if "tag" in values:
        _check("tag", 100, split_commas(values["tag"]))
    for source, key in externals:
        _check("external id", 300, [key])
        _check("source of an external id", 60, [source])
    for entry in values.get("company", ()):
        named = entry if isinstance(entry, Mapping) else {"name": entry}
        _check("company name", 500, [str(named.get("name", ""))])
        _check("role", 500, [str(named.get("role") or "")])
    if "uid" in values:
        _check("uid", 36, [str(values["uid"])])
    if "role" in values:
        _check("role", 500, [str(values["role"])])
    if "set" in values:
        _check("value", LONGEST_VALUE, [str(text) for entry in values["set"] for text in entry.values()])
    for entry in values.get("address", ()):
        for part, text in entry.items():
            _check(part.replace("_", " "), _LONGEST_PART.get(part, _LONGEST_OF_OTHER_PARTS), [text])


def _check(what: str, most: int, texts: Iterable[str]) -> None:
    for text in texts:
        if len(text) > most:
            raise UsageError(f"a {what} has {len(text):,} characters", f"at most {most:,} are kept")

"""What a column means: the targets that `--map "Column=target"` and the importers of tables name.

name, given_name, job_title …      a field of the record
email   email.work   email#2       an address; with a label; several columns of one entry share a number
email#1.label                      the column that holds the label of that entry; also is_primary, opted_out, invalid
phone.mobile   url.website         the same for numbers and links
address.city   address.home.city   parts of an address; address#1.street, address#1.label
company   company.domain   company.external.hubspot   company#2.role   the employer, how to know it again
role       the role there
tag        words with commas or semicolons between
set.size   custom.size             a custom field
set#1.key   set#1.event            a custom field whose name is in a column; `event` where that is empty
prefer.channel   external.hubspot   consent.marketing   consent.marketing/email
uid   skip
"""

import re
from typing import NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

ENTRIES = {"email": "value", "phone": "raw", "url": "value"}
"""Fields with several entries, and the part that a column without one means."""
DETAILS = ("label", "is_primary", "opted_out", "invalid")
PARTS = {
    "street": "street_address",
    "street_address": "street_address",
    "extended_address": "extended_address",
    "post_office_box": "post_office_box",
    "city": "locality",
    "locality": "locality",
    "region": "region",
    "state": "region",
    "postcode": "postal_code",
    "zip": "postal_code",
    "postal_code": "postal_code",
    "country": "country_code",
    "country_code": "country_code",
}
KEYED = ("set", "prefer", "external", "consent")
PLAIN = ("name", "uid", "role", "started_on", "ended_on")
WORDS = ("domain", "tag")
"""Fields of which one cell may hold several, with commas or semicolons between."""
LISTS = {
    "emails": "email",
    "phones": "phone",
    "addresses": "address",
    "urls": "url",
    "companies": "company",
    "domains": "domain",
    "tags": "tag",
    "preferences": "prefer",
    "consents": "consent",
    "external_ids": "external",
    "extra": "extra",
}
"""Columns of our own tables whose cells hold several values, and the fields that they fill."""
SKIP = "skip"
FIELDS = {
    "deal": (
        "name", "stage", "pipeline", "type", "amount", "currency", "probability", "close_date", "owner_name",
        "forecast_category", "lost_reason", "lead_source", "created_at", "closed_at", "notes", "uid",
    ),
    "order": (
        "number", "ordered_at", "cancelled_at", "shipped_at", "delivered_at", "paid_at", "due_at", "currency", "status",
        "financial_status", "fulfillment_status", "subtotal", "discounts", "shipping", "taxes", "total", "refunded",
        "paid", "outstanding", "payment_method", "source", "customer_name", "customer_id", "product", "sku", "quantity",
        "price", "discount", "line_total", "line_tax", "line_status", "tax_rate", "notes", "uid",
    ),
}  # fmt: skip
"""The fields of deals and orders; see `crmcli.importers.base.Draft`."""
_ALIASES = {"stage": "lifecycle_stage", "language": "preferred_language", "custom": "set", "display_name": "name"}
_FORM = re.compile(r"([a-z_]+)(?:#(\d{1,6}))?(?:\.(.+))?", re.DOTALL)
_LONGEST_KEY = 60
_TAKEN = {name for noun in PARTIES for name in TABLES[noun].columns}
_TAKEN |= {name.removesuffix("_id") for name in _TAKEN}


class Target(NamedTuple):
    """A target that was understood: the field, which of several entries, the part of it or the key, and a label."""

    field: str
    number: int = 0
    part: str = ""
    label: str = ""


def parse(text: str, noun: str) -> Target | None:
    """The target that a text names; None for `skip` and nothing.

    Raises:
        UsageError: there is no such target for a record of this noun; the hint names the nearest.
    """
    text = text.strip()
    if text in ("", SKIP):
        return None
    form = _FORM.fullmatch(text)
    if form is None:
        raise _unknown(text, noun)
    field, number, rest = _ALIASES.get(form[1], form[1]), int(form[2] or 0), form[3] or ""
    if noun in FIELDS:
        field = "set" if form[1] == "custom" else form[1]
    if field == "contact" and noun == "deal" and (rest in ("", "name", "email", "phone") or rest[:9] == "external."):
        return Target(field, number, rest or "name")
    if field == "company":
        if rest not in ("", "name", "domain", "role") and not rest.startswith("external."):
            raise _unknown(text, noun)
        return Target(field, number, rest or "name")
    if field in ENTRIES:
        return Target(field, number, *_entry(rest, ENTRIES[field]))
    if field == "address":
        return Target(field, number, *_address(text, rest, noun))
    if field == "birth_date" and rest in ("year", "month", "day"):
        return Target(field, 0, rest)
    if field in KEYED and rest:
        return Target(field, number if field == "set" else 0, rest)
    if (field in WORDS or field in LISTS or field in plain_fields(noun)) and not rest:
        return Target(field)
    raise _unknown(text, noun)


def plain_fields(noun: str) -> list[str]:
    """The fields of a noun that one column fills."""
    if noun in FIELDS:
        return list(FIELDS[noun])
    columns = TABLES.get(noun, TABLES["contact"]).columns.values()
    return [*PLAIN, *(column.name.removesuffix("_id") for column in columns if column.settable)]


def custom_key(title: str) -> str:
    """A title as the name of a custom field: lower case, a letter first, then letters, digits and `_`, 60 at most.

    What every record has (`industry`) is named differently (`field_industry`).
    """
    key = re.sub(r"\W+", "_", title.lower()).strip("_")
    if not key[:1].isalpha() or key in _TAKEN:
        key = f"field_{key}"
    return key[:_LONGEST_KEY].rstrip("_")


def _entry(rest: str, usual: str) -> tuple[str, str]:
    if rest in ("", "value", "raw", usual):
        return usual, ""
    return (rest, "") if rest in DETAILS else (usual, rest.lower())


def _address(text: str, rest: str, noun: str) -> tuple[str, str]:
    label, _, part = rest.rpartition(".")
    if part in ("label", "is_primary") and not label:
        return part, ""
    if part in PARTS:
        return PARTS[part], label.lower()
    if not label:
        return "street_address", part.lower()
    raise _unknown(text, noun)


def _unknown(text: str, noun: str) -> UsageError:
    known = [*plain_fields(noun), *WORDS, *ENTRIES, "address.city", "address.street", "set.KEY", "external.SOURCE"]
    close = nearest(text.partition(".")[0], known, count=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return UsageError(f"there is no field '{text}'", f"{hint}one of: email, phone, name, company, tag, set.KEY, skip …")

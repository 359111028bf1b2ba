"""Pieces that several nouns' views share."""

from typing import Any

from crmcli.render.view import Record

PARTS = (
    "street_address",
    "extended_address",
    "post_office_box",
    "postal_code",
    "locality",
    "region",
    "country_code",
)
# What a time of day on the other side means for calling, and its style.
PARTS_OF_DAY = {
    "night": ("night there", "warning"),
    "morning": ("early morning there", "warning"),
    "working_hours": ("working hours there", "good"),
    "evening": ("evening there", "warning"),
    "weekend": ("weekend there", "warning"),
}


def primary(record: Record, name: str, value: str) -> Any:
    """The value of the primary child row, or None: children are listed with the primary one first."""
    children = record.get(name) or []
    return children[0].get(value) if children else None


def phone(record: Record) -> Any:
    """The primary phone number: in E.164, else as it was written."""
    return primary(record, "phones", "e164") or primary(record, "phones", "raw")


def place(record: Record) -> Any:
    """City and country of the primary address."""
    found = [primary(record, "addresses", name) for name in ("locality", "country_code")]
    return ", ".join(part for part in found if part) or None


def address(record: Record) -> Any:
    """The primary address in one line."""
    found = addresses(record)
    return found[0] if found else None


def addresses(record: Record) -> list[str]:
    """Every address in one line."""
    return [", ".join(row[part] for part in PARTS if row.get(part)) for row in record.get("addresses") or ()]


def consents(record: Record) -> list[str]:
    """Every consent as `marketing/email=granted`."""
    return [
        f"{row['purpose']}{'/' + row['channel'] if row['channel'] else ''}={row['state']}"
        for row in record.get("consents") or ()
    ]


def key_values(record: Record, name: str) -> Any:
    """A mapping as `key=value` texts."""
    return [f"{key}={value}" for key, value in (record.get(name) or {}).items()]

"""The flags of records: what each column is called, and the flags of contacts and companies that take many values."""

from crmcli.store.description import Column
from crmcli.store.schema import TABLES

# Short flag -> the column that it sets.
ALIASES = {
    "language": "preferred_language",
    "stage": "lifecycle_stage",
    "at": "occurred_at",
    "close": "close_date",
    "date": "ordered_on",
    "due": "due_on",
}

SHARED = {
    "email": "E-mail address, or LABEL=ADDRESS (repeatable)",
    "phone": "Phone number in any notation, or LABEL=NUMBER (repeatable)",
    "address": "Postal address: a line, or 'street=…; city=…; postcode=…; country=DE' (repeatable)",
    "url": "Link, or LABEL=URL (repeatable)",
    "tag": "Tag (repeatable)",
    "set": "Custom field KEY=VALUE (repeatable)",
    "prefer": "Preference KEY=VALUE (repeatable)",
    "external": "Key in another system, SOURCE:KEY (repeatable)",
}
SHARED_REMOVALS = {
    "remove_email": "E-mail address to remove (repeatable)",
    "remove_phone": "Phone number to remove (repeatable)",
    "remove_address": "Address to remove, by a part of it (repeatable)",
    "remove_url": "Link to remove (repeatable)",
    "untag": "Tag to take off (repeatable)",
    "unset": "Custom field to empty (repeatable)",
}
PRIMARY = {
    "primary_email": "Which e-mail address comes first",
    "primary_phone": "Which phone number comes first",
    "primary_url": "Which link comes first",
}
LISTS = {
    "contact": {
        **SHARED,
        "company": "Company: its name or id; a new name makes a company (repeatable)",
        "consent": "Consent PURPOSE=STATE or PURPOSE/CHANNEL=STATE (repeatable)",
    },
    "company": {**SHARED, "domain": "Internet domain; mail from it belongs to the company (repeatable)"},
}
REMOVALS = {
    "contact": {**SHARED_REMOVALS, "remove_company": "Company that the contact has left (repeatable)"},
    "company": {**SHARED_REMOVALS, "remove_domain": "Domain to remove (repeatable)"},
}


def settable(table: str) -> list[Column]:
    """The columns of a table that people may set."""
    return [column for column in TABLES[table].columns.values() if column.settable]


def flag_name(column: Column) -> str:
    """The name of a column in flags, JSON and TOML: a reference is called by what it points to."""
    return column.name.removesuffix("_id")


def aliases(column: Column) -> list[str]:
    """Other names that flags have for a column."""
    return [short for short, long in ALIASES.items() if long == column.name]


def key_name(text: str) -> str:
    """A key that people make up (of a custom field, a preference), as it is stored and asked for."""
    return text.strip().lower().replace("-", "_").replace(" ", "_")

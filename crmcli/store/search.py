"""What is searched: which words of a record can be found, and in which of the two indexes; written by `indexing`.

`search_name` holds what a contact or company is called by; `search_text` everything else that a person wrote;
`search_word` the words of names under their misspelling keys.
"""

from collections.abc import Iterable, Sequence

from crmcli.kernel.codes import calling_code_length
from crmcli.kernel.text import tokens
from crmcli.store.connection import Connection
from crmcli.store.sql import listed

# A text longer than this many characters is indexed in parts: PostgreSQL bounds the words of one row.
PART = 200_000
INDEXES = {"search_name": "search_name_fts", "search_text": "search_text_fts"}
"""SQLite's own indexes over the tables of words."""
SHORTEST_WORD = 3

# The one description of what is searched: `crmcli.store.findings` shows the places that it names. Of each noun the
# columns by which it is called, the first being its name, and those of other texts.
NAMES = {
    "contact": (
        "display_name",
        "nickname",
        "given_name",
        "additional_name",
        "family_name",
        "phonetic_given_name",
        "phonetic_family_name",
    ),
    "company": ("name", "legal_name"),
}
TEXTS = {
    "contact": ("job_title", "department", "lead_source", "notes"),
    "company": ("industry", "notes"),
    "interaction": ("subject", "body"),
    "followup": ("subject", "note", "outcome_note"),
    "deal": ("name", "note", "lost_reason", "source", "external", "custom"),
    "sales_order": ("number", "note", "source", "external", "custom"),
    "support_case": ("subject", "description", "resolution", "external", "custom"),
    "product": ("name", "sku", "category", "description", "external", "custom"),
}
# Child rows of contacts and companies: table and the columns that hold a person's words.
NAME_CHILDREN = {"email": ("value",), "phone": ("raw", "e164")}
TEXT_CHILDREN = {
    "address": ("street_address", "extended_address", "post_office_box", "postal_code", "locality", "region"),
    "url": ("value",),
    "custom_value": ("value",),
    "preference": ("key", "value"),
    "external_id": ("source", "key"),
}


def drop(connection: Connection, noun: str, keys: Sequence[int]) -> None:
    """Remove the index rows of records that are no more."""
    for table in INDEXES if noun in NAMES else ("search_text",):
        connection.execute(f"DELETE FROM {table} WHERE noun = ? AND record_id IN ({listed(keys)})", [noun])


def called(values: Iterable[str | None]) -> str:
    """The words of what a record is called by; a text whose words stand there already, in their order, adds none."""
    found = " "
    for value in values:
        if value and (words := " ".join(tokens(value))) and f" {words} " not in found:
            found += f"{words} "
    return found.strip()


def words(values: Sequence[str | None]) -> list[str]:
    """The words of texts, in their order."""
    return [word for value in values if value for word in tokens(value)]


def national(numbers: Sequence[str | None]) -> list[str | None]:
    """Numbers in E.164 as they are dialled within their country: without its code."""
    return [number[1 + calling_code_length(number) :] for number in numbers if number]


def parts(words: Sequence[str]) -> list[str]:
    """The words as texts that are short enough to be indexed each."""
    if not words:
        return []
    found: list[str] = []
    current: list[str] = []
    size = 0
    for word in words:
        current.append(word)
        size += len(word) + 1
        if size >= PART:
            found.append(" ".join(current))
            current, size = [], 0
    return [*found, " ".join(current)] if current else found


def is_spelt(word: str) -> bool:
    """Whether a word of a name can be mistyped so that it is still recognised."""
    return len(word) >= SHORTEST_WORD and not word.isdigit()

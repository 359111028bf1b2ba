"""Keeping the search index in step: which words of a record can be found, and in which of its two indexes.

`search_name` holds what a contact or company is called by; `search_text` everything else that a person wrote;
`search_word` the words of names under their misspelling keys.
"""

from collections.abc import Iterable, Mapping, Sequence

from crmcli.kernel.codes import calling_code_length
from crmcli.kernel.similarity import deletes
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


def refresh(connection: Connection, records: Iterable[tuple[str, int]]) -> None:
    """Write the index rows of these records anew; those of deleted records go."""
    for noun, record_id in records:
        row = connection.execute(f"SELECT * FROM {noun} WHERE id = ?", [record_id]).fetchone()
        if row is None or row["deleted_at"] is not None:
            _store_names(connection, noun, record_id, "")
            _store_texts(connection, noun, record_id, [])
            continue
        texts = [row[name] for name in TEXTS[noun]]
        if noun in NAMES:
            names = [row[name] for name in NAMES[noun]]
            _remember_words(connection, names)
            names += _children(connection, noun, record_id, NAME_CHILDREN)
            names += national(_values(connection, "phone", ("e164",), noun, record_id))
            if noun == "company":
                names += _values(connection, "company_domain", ("domain",), noun, record_id)
            _store_names(connection, noun, record_id, called(names))
            texts += _children(connection, noun, record_id, TEXT_CHILDREN) + _tags(connection, noun, record_id)
        _store_texts(connection, noun, record_id, words(texts))


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


def _children(
    connection: Connection, noun: str, record_id: int, tables: Mapping[str, Sequence[str]]
) -> list[str | None]:
    return [text for table, names in tables.items() for text in _values(connection, table, names, noun, record_id)]


def _values(connection: Connection, table: str, names: Sequence[str], noun: str, record_id: int) -> list[str | None]:
    sql = f"SELECT {', '.join(names)} FROM {table} WHERE {noun}_id = ? ORDER BY id"
    return [row[name] for row in connection.execute(sql, [record_id]).fetchall() for name in names]


def national(numbers: Sequence[str | None]) -> list[str | None]:
    """Numbers in E.164 as they are dialled within their country: without its code."""
    return [number[1 + calling_code_length(number) :] for number in numbers if number]


def _tags(connection: Connection, noun: str, record_id: int) -> list[str | None]:
    sql = f"SELECT tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id WHERE tagging.{noun}_id = ? ORDER BY 1"
    return [row["name"] for row in connection.execute(sql, [record_id]).fetchall()]


def _store_names(connection: Connection, noun: str, record_id: int, text: str) -> None:
    if noun not in NAMES:
        return
    if not text:
        connection.execute("DELETE FROM search_name WHERE noun = ? AND record_id = ?", [noun, record_id])
        return
    connection.execute(
        "INSERT INTO search_name (noun, record_id, text) VALUES (?, ?, ?) ON CONFLICT (noun, record_id)"
        " DO UPDATE SET text = excluded.text WHERE search_name.text <> excluded.text",
        [noun, record_id, text],
    )


def _store_texts(connection: Connection, noun: str, record_id: int, words: list[str]) -> None:
    found = parts(words)
    for number, text in enumerate(found):
        connection.execute(
            "INSERT INTO search_text (noun, record_id, part, text) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (noun, record_id, part)"
            " DO UPDATE SET text = excluded.text WHERE search_text.text <> excluded.text",
            [noun, record_id, number, text],
        )
    connection.execute(
        "DELETE FROM search_text WHERE noun = ? AND record_id = ? AND part >= ?", [noun, record_id, len(found)]
    )


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


def _remember_words(connection: Connection, names: Sequence[str | None]) -> None:
    """Put new words of names under their misspelling keys."""
    for word in set(words(names)):
        if not is_spelt(word):
            continue
        if connection.execute("SELECT 1 AS known FROM search_word WHERE key = ? AND word = ?", [word, word]).fetchone():
            continue
        for key in sorted(deletes(word)):
            connection.execute(
                "INSERT INTO search_word (key, word) VALUES (?, ?) ON CONFLICT (key, word) DO NOTHING", [key, word]
            )

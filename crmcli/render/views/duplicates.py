"""Pairs of records that may be the same."""

from collections.abc import Callable
from typing import Any

from crmcli.render.view import Column, Record, View


def _of(side: str, key: str) -> Callable[[Record], Any]:
    return lambda record: record[side][key]


def _title(record: Record) -> str:
    return f"{record['first']['name']} / {record['second']['name']}"


def _style(record: Record) -> str:
    return "good" if record["certain"] else ""


VIEW = View(
    schema="crm.duplicate",
    columns=(
        Column("id", "Pair", "id", help="Ids of both records"),
        Column("score", "Score", "number", style=_style, help="How surely they are one, 0 to 100"),
        Column("first", "First", get=_of("first", "name"), shown=False, help="Name of the first"),
        Column("second", "Second", get=_of("second", "name"), shown=False, help="Name of the second"),
        Column("reasons", "Why", "list", wide=True, help="What speaks for it, and what against"),
        Column("noun", "Noun", "enum", shown=False, help="contact or company"),
        Column("certain", "Certain", "bool", shown=False, help="Whether --merge-certain merges them"),
        Column(
            "keep", "Keep", "id", get=_of("proposal", "keep"), shown=False, help="Which one to keep", part="proposal"
        ),
        Column("first_id", "First id", "id", get=_of("first", "id"), shown=False, help="Id of the first", part="first"),
        Column("second_id", "Second id", "id", get=_of("second", "id"), shown=False, help="Id of the second"),
    ),
    json=("id", "noun", "score", "certain", "reasons", "first", "second", "proposal"),
    title=_title,
    empty="No duplicates were found.",
)

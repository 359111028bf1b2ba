"""Which columns hold what somebody wrote."""

from crmcli.store.schema import TABLES

KINDS = ("text", "long", "email", "json", "birth")
"""Kinds of columns that take whatever is written, or nearly: codes of languages, countries and zones are none."""


def text_columns(table: str) -> list[str]:
    """The columns of a table that hold texts."""
    return [name for name, column in TABLES[table].columns.items() if column.kind in KINDS]

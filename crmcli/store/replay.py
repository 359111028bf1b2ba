"""Rows as the journal says they are: each change in its order, from the first to a certain one.

What the journal says of a record at any moment is what it was then; what it says of now is what the tables must hold.
"""

from collections.abc import Iterable
from json import loads
from typing import NamedTuple

from crmcli.store.blank import blank
from crmcli.store.connection import Row
from crmcli.store.schema import TABLES

Key = tuple[str, int]
"""A table and the key of a row in it."""


class Replayed(NamedTuple):
    """The rows that there are, whole but for derived columns; and those of which the journal lost a part by erasure."""

    rows: dict[Key, Row]
    erased: set[Key]


def replay(changes: Iterable[Row]) -> Replayed:
    """The rows that are left by changes, rows of the journal in their order, from the first of each row on."""
    rows: dict[Key, Row] = {}
    erased: set[Key] = set()
    for change in changes:
        key = (change["table_name"], change["row_id"])
        before, after = change["before"], change["after"]
        if before is None and after is None:
            erased.add(key)
            rows.pop(key, None)
        elif before is None:
            rows[key] = {"id": key[1], **blank(key[0]), **_known(key[0], after)}
        elif after is None:
            rows.pop(key, None)
        elif key in rows:
            rows[key].update(_known(key[0], after))
    return Replayed(rows, erased)


def _known(table: str, image: str) -> Row:
    """The columns of an image that the table still has."""
    columns = TABLES[table].columns
    return {name: value for name, value in loads(image).items() if name in columns}

"""A change of the journal, read: which row, whose it is, what was done with it, and its columns before and after."""

from json import loads
from typing import Any, NamedTuple

from crmcli.kernel.ids import noun_of, ref
from crmcli.store.connection import Row

ERASED = "erased"
"""The action of a change whose words an erasure took."""


class Field(NamedTuple):
    """A column before and after a change, as it is stored."""

    column: str
    before: Any
    after: Any


class Change(NamedTuple):
    """A row of the journal: its table and key, whose it is, its action, and its columns."""

    table: str
    key: int
    record: tuple[str, int] | None
    action: str
    fields: list[Field]

    @property
    def image(self) -> Row:
        """The columns as they are known, after it or else before it."""
        return {field.column: field.before if field.after is None else field.after for field in self.fields}


def read(row: Row) -> Change:
    """A row of the journal; its action is added, changed, removed or erased."""
    before, after = (None if row[name] is None else loads(row[name]) for name in ("before", "after"))
    action = (ERASED if after is None else "added") if before is None else "removed" if after is None else "changed"
    record = None if row["record_id"] is None else (row["noun"], row["record_id"])
    fields = [
        Field(name, (before or {}).get(name), (after or {}).get(name)) for name in {**(before or {}), **(after or {})}
    ]
    return Change(row["table_name"], row["row_id"], record, action, fields)


def called(table: str, key: int) -> str:
    """The id by which people know a record."""
    return ref(noun_of(table), key)

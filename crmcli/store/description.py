"""The shape of the compiled schema: what run time knows of a table without importing SQLAlchemy."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column: how its values are parsed, checked and shown.

    `kind` is one of those of `crmcli.model.base.column`; `length` is in characters, 0 for no limit; `to` is the table a
    reference points to; `derived` columns are computed by the store; `settable` ones are offered to people.
    """

    name: str
    kind: str
    help: str = ""
    required: bool = False
    length: int = 0
    values: tuple[str, ...] = ()
    default: str | int | None = None
    to: str = ""
    derived: bool = False
    settable: bool = False


class Table(NamedTuple):
    """A table and its columns by name, in the order of the database."""

    name: str
    columns: dict[str, Column]

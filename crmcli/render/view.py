"""What a noun looks like: its columns for people and spreadsheets, and its JSON contract for programs.

A record is a plain dict with JSON-ready values: an instant is `2026-11-21T14:00:00Z`, a day `2026-11-21`, an id `c42`,
a duration a number of seconds, money the text `120.00` beside its currency, with `…_minor`, a number of minor units.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

Record = Mapping[str, Any]
Kind = Literal["text", "id", "time", "day", "number", "bool", "list", "enum", "duration", "tags", "money", "markdown"]


class Column(NamedTuple):
    """One flat field of a noun.

    `name` is the field's name in `--fields` and in the headers of CSV and TSV; `title` is its header on a terminal.
    `get` reads the value from a record (the record's own `name` when absent). `shown` columns make the default list.
    On a narrow terminal the column with the highest `drop` is left out first, and 0 is never left out. A `wide` column
    may take several lines; others are cut to one. `style` names the style (see `theme`) of a record's value.
    `part` is the record's own key that `get` reads, where that is not `name`; what no column reads need not be loaded.
    """

    name: str
    title: str
    kind: Kind = "text"
    get: Callable[[Record], Any] | None = None
    shown: bool = True
    drop: int = 0
    wide: bool = False
    style: Callable[[Record], str] | None = None
    help: str = ""
    part: str = ""

    def value(self, record: Record) -> Any:
        """The value of this column in `record`, or None."""
        return self.get(record) if self.get else record.get(self.name)


class View(NamedTuple):
    """How one noun is shown.

    `schema` is the name of the JSON contract without its version (`crm.contact`), `json` its keys in order. `title`
    gives the heading of one record. `empty` is what a terminal says of an empty list.
    """

    schema: str
    columns: tuple[Column, ...]
    json: tuple[str, ...]
    title: Callable[[Record], str]
    empty: str = "Nothing found."

    def of_the_past(self) -> "View":
        """The view of records that say in `as_of` at which moment they were so."""
        return self._replace(json=(*self.json, "as_of"))

"""What an exporter is: something that writes records as another program, a spreadsheet or we ourselves read them.

An exporter is a module of this package with `write(records, job)`, which yields pieces of text as they are ready, each
with its line ends. It holds no more than one record.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Record = Mapping[str, Any]


class Field(NamedTuple):
    """A column or key: its name, and what gives its value of a record.

    For a nested format the value is ready for JSON, for a flat one it is a text.
    """

    name: str
    value: Callable[[Record], Any]


class Job(NamedTuple):
    """What is to be written.

    Args:
        noun: what the records are.
        fields: what is written of each, in order.
        excel_safe: protect cells that a spreadsheet would take for formulas, and mark the file as UTF-8 for it.
    """

    noun: str
    fields: tuple[Field, ...] = ()
    excel_safe: bool = False

"""What an exporter is: something that writes records as another program, a spreadsheet or we ourselves read them.

An exporter is a module of this package with `write(records, job)`, which yields pieces of text as they are ready, each
with its line ends. It holds no more than one record.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest

Record = Mapping[str, Any]
SHAPES = ("events", "todos", "both")
"""What follow-ups are in a calendar: events (VEVENT), which all calendars show, or things to do (VTODO), or both."""


def check_shape(text: str) -> str:
    """The text itself, if it is one of SHAPES. Raises UsageError for any other."""
    if text not in SHAPES:
        close = nearest(text, SHAPES, count=1)
        hint = f"did you mean {close[0]}?" if close else f"use one of: {', '.join(SHAPES)}"
        raise UsageError(f"'{text}' is nothing that a calendar holds", hint)
    return text


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
        shape: what follow-ups are in a calendar; see SHAPES.
        zone: the zone of whom a calendar is for; what is meant in another one says so.
    """

    noun: str
    fields: tuple[Field, ...] = ()
    excel_safe: bool = False
    shape: str = "todos"
    zone: str = "UTC"

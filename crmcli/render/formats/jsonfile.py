"""JSON documents: one object that names its schema, in ASCII.

One record is indented, so that it can be read and compared. A list has a line for each record: the encoder of the
standard library is several times slower with indentation, and a line a record is what grep and diff like.
"""

import json
from collections.abc import Sequence
from typing import Any

from crmcli.kernel.page import Page
from crmcli.render.out import Out
from crmcli.render.view import Column, Record, View

VERSION = 1
"""The version of every schema. Within a version fields are only ever added."""


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write `{"schema": "crm.contact.list/1", "items": […]}`, followed by the lists that the page has beside them."""
    lists = {"items": [pick(record, columns) for record in page.items], **(page.beside or {})}
    lines = [f'{{"schema": "{view.schema}.list/{VERSION}"']
    for name, records in lists.items():
        lines[-1] += f', "{name}": ['
        lines += [ascii_json(record) + "," for record in records]
        lines[-1] = lines[-1].removesuffix(",")
        lines.append("]")
    lines[-1] += "}"
    out.emit(lines)


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write `{"schema": "crm.contact/1", "item": {…}}`."""
    out.emit(_document(view, pick(record, columns)))


def document(view: View, record: Record) -> list[str]:
    """The lines that `write_record` writes of a whole record."""
    return _document(view, {name: record[name] for name in view.json})


def _document(view: View, item: Record) -> list[str]:
    return ascii_json({"schema": f"{view.schema}/{VERSION}", "item": item}, indent=2).split("\n")


def pick(record: Record, columns: Sequence[Column]) -> dict[str, Any]:
    """The chosen fields of a record, in the order of `columns`."""
    return {column.name: column.value(record) for column in columns}


def ascii_json(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON of printable ASCII; compact without `indent`."""
    separators = (",", ": ") if indent else (",", ":")
    # DEL is the one control character that ensure_ascii lets through.
    return json.dumps(value, indent=indent, separators=separators).replace("\x7f", "\\u007f")

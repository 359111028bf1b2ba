"""Comma-separated values (RFC 4180, with line feeds): the values themselves, quoted where needed, None as nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from crmcli.kernel.page import Page
from crmcli.kernel.text import safe
from crmcli.render.out import Out
from crmcli.render.values import flat
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write a header and one row a record."""
    out.emit(_rows(page.items, columns, escape=out.on_terminal))


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write a header and the record's row."""
    out.emit(_rows([record], columns, escape=out.on_terminal))


def _rows(records: Iterable[Record], columns: Sequence[Column], *, escape: bool) -> Iterator[str]:
    """The lines of the file. A file gets the values whole; `escape` is for a terminal, which they could drive."""
    buffer = io.StringIO(newline="")
    # Python before 3.13 quotes only those line ends that its own terminator has, so it has to have both.
    writer = csv.writer(buffer, lineterminator="\r\n")

    def row(values: Iterable[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe(value, newlines=True) for value in values] if escape else values)
        return buffer.getvalue().removesuffix("\r\n")

    yield row(column.name for column in columns)
    for record in records:
        yield row(flat(column.value(record)) for column in columns)

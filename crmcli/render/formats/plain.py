"""`Field: value` lines without boxes or colour: for screen readers, and for terminals that can do nothing else."""

from collections.abc import Iterator, Sequence

from crmcli.kernel.page import Page
from crmcli.render.out import Out
from crmcli.render.values import detail, prose
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write the filled fields of every record, with a blank line between records."""
    out.emit(_lines(page.items, columns, out))


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write the filled fields of the record."""
    out.emit(f"{column.title}: {text}" for column in columns if (text := detail(column, record, out.clock)))


def _lines(records: Sequence[Record], columns: Sequence[Column], out: Out) -> Iterator[str]:
    for position, record in enumerate(records):
        if position:
            yield ""
        for column in columns:
            if text := prose(column, record, out.clock):
                yield f"{column.title}: {text}"

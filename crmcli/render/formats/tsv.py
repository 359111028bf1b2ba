"""Tab-separated values: what a pipe gets. A header, then one line a record, every value whole, controls escaped."""

from collections.abc import Iterable, Iterator, Sequence

from crmcli.kernel.page import Page
from crmcli.kernel.text import safe
from crmcli.render.out import Out
from crmcli.render.values import flat
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write a header and one line a record; the header alone for an empty page."""
    out.emit(_lines(page.items, columns))


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write a header and the record's line."""
    out.emit(_lines([record], columns))


def _lines(records: Iterable[Record], columns: Sequence[Column]) -> Iterator[str]:
    yield "\t".join(column.name for column in columns)
    for record in records:
        yield "\t".join(safe(flat(column.value(record))) for column in columns)

"""Markdown tables (GitHub Flavored Markdown): for issues, notes and mail."""

from collections.abc import Iterable, Sequence

from crmcli.kernel.markdown import escaped
from crmcli.kernel.page import Page
from crmcli.kernel.text import safe
from crmcli.render.out import Out
from crmcli.render.values import flat
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write a table with one row a record."""
    rows = ([flat(column.value(record)) for column in columns] for record in page.items)
    out.emit(_table([column.title or column.name for column in columns], rows))


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write a table of two columns, the fields that have a value and the values."""
    pairs = ((column.title or column.name, flat(column.value(record))) for column in columns)
    out.emit(_table(["Field", "Value"], (pair for pair in pairs if pair[1])))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield _row(header)
    yield _row(["---"] * len(header))
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(safe(cell)) for cell in cells) + " |"

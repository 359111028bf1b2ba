"""JSON lines (jsonlines.org): one bare, compact object a line."""

from collections.abc import Sequence

from crmcli.kernel.page import Page
from crmcli.render.formats.jsonfile import ascii_json, pick
from crmcli.render.out import Out
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write one object a line; nothing for an empty page."""
    out.emit(ascii_json(pick(record, columns)) for record in page.items)


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write the record on one line."""
    out.emit([ascii_json(pick(record, columns))])

"""Tables for people: they fit the terminal, at the price of the least important columns."""

from collections.abc import Sequence

from crmcli.kernel.page import Page
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import Drawing, Line, Span, beside, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP, Layout, fit
from crmcli.render.loader import load
from crmcli.render.out import Out
from crmcli.render.sheet import heading, sheet, styled
from crmcli.render.values import detail, prose
from crmcli.render.view import Column, Record, View

# Characters; a longer text is shown as it was written, since laying it out would take long.
_LONGEST_DOCUMENT = 50_000
_TO_THE_RIGHT = ("number", "money", "duration")


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Draw a table as wide as the terminal allows, or one card a record where no table fits."""
    cells = [[writable(prose(column, record, out.clock), out) for column in columns] for record in page.items]
    natural = [
        max(cell_width(text) for text in (column.title, *(row[i] for row in cells))) for i, column in enumerate(columns)
    ]
    layout = fit(columns, natural, out.width, whole=out.settings.fields is not None)
    if layout is None:
        cards: list[Line] = []
        for record, row in zip(page.items, cells, strict=True):
            cards += [[], *_entry(view, record, columns, row, out, indent=2)]
        out.emit(_drawn(cards[1:], out))
        return
    out.emit(_drawn(_table(page.items, columns, cells, layout, out), out))
    if layout.hidden:
        out.message(f"hidden at this width: {', '.join(layout.hidden)}; widen the terminal, or use --fields")


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Draw the title of the record and its filled fields, and below them what is written in Markdown."""
    texts = {column.name: column.value(record) for column in columns if column.kind == "markdown"}
    documents = {name: text for name, text in texts.items() if text and len(text) <= _LONGEST_DOCUMENT}
    fields = [column for column in columns if column.name not in documents]
    row = [writable(detail(column, record, out.clock), out) for column in fields]
    lines = _drawn(_entry(view, record, fields, row, out), out)
    for text in documents.values():
        lines += ["", *load("markdown").render(text, out)]
    out.emit(lines)


def _drawn(lines: Sequence[Line], out: Out) -> list[str]:
    return draw([Drawing(lines, unicode=out.unicode)], out)


def _table(
    records: Sequence[Record], columns: Sequence[Column], cells: list[list[str]], layout: Layout, out: Out
) -> list[Line]:
    kept = [(columns[i], i, width) for i, width in zip(layout.kept, layout.widths, strict=True)]
    titles = [_cell(column, (column.title, "header"), width, out) for column, _, width in kept]
    lines = beside(list(zip(titles, layout.widths, strict=True)), GAP)
    lines.append([("─" * (sum(layout.widths) + GAP * (len(kept) - 1)), "rule")])
    for record, row in zip(records, cells, strict=True):
        parts = [_cell(column, styled(column, record, row[i]), width, out) for column, i, width in kept]
        lines += beside(list(zip(parts, layout.widths, strict=True)), GAP)
    return lines


def _cell(column: Column, span: Span, width: int, out: Out) -> list[Line]:
    """The lines of a cell: one, cut to its width, unless the column may take several."""
    text, style = span
    if column.wide:
        return wrap([span], width)
    shown = writable(clip(text, width), out)
    if column.kind in _TO_THE_RIGHT:
        shown = " " * (width - cell_width(shown)) + shown
    return [[(shown, style)]]


def _entry(
    view: View, record: Record, columns: Sequence[Column], row: Sequence[str], out: Out, *, indent: int = 0
) -> list[Line]:
    """The title of a record, and below it the filled fields that say more than the title and one another.

    A list of one says no more than the field of the primary value.
    """
    title = writable(safe(view.title(record)), out)
    shown = [
        (column.title, styled(column, record, text))
        for i, (column, text) in enumerate(zip(columns, row, strict=True))
        if text and text != title and column.kind != "id" and not (column.kind == "list" and text in row[:i])
    ]
    return [*heading(title, record, out.width), *sheet(shown, out, indent=indent)]

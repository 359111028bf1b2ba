"""Tables of delimited text: their records, one a row, and what was refused of them.

Where the header is and how rows are told apart stands in `tablelayout` and `tablerows`, what columns mean in `targets`.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from crmcli.importers.base import Columns, Draft, Item, Refused
from crmcli.importers.rowreader import Tidy, Values, reader
from crmcli.importers.source import Source
from crmcli.importers.tablelayout import MOST_COLUMNS, PREAMBLE, Layout, folded_header, layout
from crmcli.importers.tablerows import Row, rows, runs

PLACE, REASON = "_line", "_reason"
"""The columns that a file of rejects has in addition; read again, they are ignored."""
MOST_REFUSED = 100_000
"""Rows that are refused before the rest of a table is given up; see `bounded`."""

Finish = Callable[[Values, list[str]], str | None]
"""Puts the values of a row right, given those and its cells; returns its noun where that is another."""


def drafts(
    source: Source,
    noun: str,
    columns: Columns,
    finish: Finish | None = None,
    *,
    tidy: Tidy | None = None,
) -> Iterator[Item]:
    """The records of a table, one a row; rows without any text are passed over.

    When nearly all of very many rows are refused, the last item says that the rest is not read.

    Args:
        source: the table.
        noun: what a row is.
        columns: what its columns mean.
        finish: puts the values of a row right; it may return another noun, or raise ValueError with what is wrong.
        tidy: changes the text of every cell, for example to take a protecting apostrophe off.
    """
    form = layout(source)
    assert form is not None
    width = len(columns.header)
    read = reader(columns.targets, noun, tidy=tidy, samples=lambda place: column(source, form, place))
    seen = refused = 0
    for run in runs(source, form):
        if refused >= MOST_REFUSED and _is_hopeless(refused, seen - refused):
            yield _rest(run.place if isinstance(run, Refused) else run.lines[0], refused, seen - refused)
            return
        if isinstance(run, Refused):
            seen += 1
            refused += 1
            yield run
            continue
        seen += len(run.rows)
        for line, cells in zip(*run, strict=True):
            if not cells:
                continue
            if len(cells) != width:
                made = fitted(cells, width)
                if made is None:
                    if any(map(str.strip, cells)):
                        refused += 1
                        yield Refused(line, cells, f"the row has {len(cells)} cells, the header {width}")
                    continue
                cells = made
            values = read(cells)
            actual = noun
            if finish and values:
                try:
                    actual = finish(values, cells) or noun
                except ValueError as error:
                    refused += 1
                    yield Refused(line, cells, str(error))
                    continue
            if values:
                yield Draft(actual, values, line, cells)
            elif any(map(str.strip, cells)):
                refused += 1
                yield Refused(line, cells, "no column that was understood holds anything")


def fitted(cells: list[str], width: int) -> list[str] | None:
    """A row made as long as the header by leaving out or adding empty cells at its end; None when it does not fit.

    Some programs end rows early when the last cells are empty, or end each with a delimiter.
    """
    if len(cells) < width:
        return [*cells, *[""] * (width - len(cells))] if len(cells) > 1 or width <= 2 else None
    return cells[:width] if not any(map(str.strip, cells[width:])) else None


def bounded(items: Iterable[Item]) -> Iterator[Item]:
    """The same items, up to the point where it is plain that this is no table: nearly all of very many are refused."""
    refused = accepted = 0
    for item in items:
        yield item
        if not isinstance(item, Refused):
            accepted += 1
            continue
        refused += 1
        if refused >= MOST_REFUSED and _is_hopeless(refused, accepted):
            yield _rest(item.place + 1, refused, accepted)
            return


def _is_hopeless(refused: int, accepted: int) -> bool:
    return refused > 10 * accepted


def _rest(line: int, refused: int, accepted: int) -> Refused:
    return Refused(line, "", f"from here on nothing is read: {refused:,} rows are refused, {accepted:,} are not")


def column(source: Source, form: Layout, place: int) -> Iterator[str]:
    """The texts of a column in the first rows."""
    try:
        for cells in csv.reader(io.StringIO(source.text, newline=""), delimiter=form.delimiter):
            if place < len(cells):
                yield cells[place]
    except csv.Error:
        return


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """The refused rows below the header of their table, with two columns more: the line, and what was wrong."""
    form = layout(source)
    assert form is not None
    kept = [place for place, title in enumerate(form.header) if title not in (PLACE, REASON)]
    yield _line([*(form.header[place] for place in kept), PLACE, REASON], form.delimiter)
    for entry in refused:
        # A line that is no row becomes one cell: it can be seen and mended.
        raw = [entry.raw] if isinstance(entry.raw, str) else list(entry.raw)
        raw += [""] * (len(form.header) - len(raw))
        cells = [raw[place] for place in kept]
        yield _line([*cells, str(entry.place), entry.reason, *raw[len(form.header) :]], form.delimiter)


def _line(cells: Sequence[str], delimiter: str) -> bytes:
    return (delimiter.join(_quoted(cell, delimiter) for cell in cells) + "\r\n").encode("utf-8", "replace")


def _quoted(cell: str, delimiter: str) -> str:
    if any(mark in cell for mark in (delimiter, '"', "\r", "\n")) or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


__all__ = [
    "MOST_COLUMNS",
    "PLACE",
    "PREAMBLE",
    "REASON",
    "Columns",
    "Finish",
    "Layout",
    "Row",
    "Tidy",
    "column",
    "drafts",
    "folded_header",
    "layout",
    "rejects",
    "rows",
]

"""How a table of delimited text is written: what stands between two cells, and where its header is.

`csv.Sniffer` is not used: it took 37 seconds for 60 KB. Cells are counted instead: a header is the first line whose
rows below have as many cells as it has.
"""

import csv
import io
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from crmcli.importers.base import folded
from crmcli.importers.source import HEAD, Source

DELIMITERS = (",", ";", "\t", "|")
PREAMBLE = 20
"""Lines before the header that may be something else."""
MOST_COLUMNS = 2000
HEADER_LINES = 10
"""Lines that a header may have: its cells may hold line ends within quotes."""
_LOOKED_AT = 10
"""Rows below a header that are counted."""
_OTHER_KIND = re.compile(
    r"\s*(BEGIN:V|[{\[]|PK\x03\x04|From \S+ .*\d\d:\d\d|(Return-Path|Received|Delivered-To|Message-ID|MIME-Version): )"
)
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")


class Layout(NamedTuple):
    """How a table is written: what stands between two cells, the header, and the number of lines before it."""

    delimiter: str
    header: tuple[str, ...]
    before: int


def layout(source: Source) -> Layout | None:
    """How a source is written as a table; None when it is none."""
    known = source.__dict__
    if "layout" not in known:
        known["layout"] = None if source.is_folder else _layout(source.text, whole=source.size <= HEAD)
    found: Layout | None = known["layout"]
    return found


def _layout(text: str, *, whole: bool) -> Layout | None:
    text = text.removeprefix("\ufeff")
    if not text.strip() or _OTHER_KIND.match(text) or text.count("\0") * 10 > len(text):
        return None
    lines = list(io.StringIO(text, newline=""))
    if not whole and len(lines) > 1:
        lines.pop()  # it was cut off
    delimiters: Sequence[str] = DELIMITERS
    start = 0
    if declared := re.fullmatch(r"sep=(.)", lines[0].strip("\r\n")):  # what Excel understands
        delimiters, start = (declared[1],), 1
    found = _agreeing(lines, start, delimiters) or _widest(lines, start, delimiters)
    if found is None or _CONTROL.search("".join(found.header)) or len(found.header) > MOST_COLUMNS:
        return None
    return found


def _agreeing(lines: Sequence[str], start: int, delimiters: Sequence[str]) -> Layout | None:
    """The first line with two cells or more of which most rows below have as many."""
    for number in range(start, min(len(lines), start + PREAMBLE)):
        if not lines[number].strip():
            continue
        best: tuple[int, Layout] | None = None
        for delimiter in delimiters:
            if delimiter not in lines[number]:
                continue
            header = _header(lines, number, delimiter)
            width = len(header)
            filled = sum(1 for cell in header if cell.strip())
            wider = best is None or width > best[0]
            if wider and filled > 1 and 2 * filled >= width and _agree(lines, number, delimiter, width):
                best = width, Layout(delimiter, tuple(header), number)
        if best:
            return best[1]
    return None


def _header(lines: Sequence[str], number: int, delimiter: str) -> list[str]:
    """The cells of the record that begins on a line."""
    try:
        return next(csv.reader(islice(lines, number, number + HEADER_LINES), delimiter=delimiter), [])
    except csv.Error:
        return []


def _agree(lines: Sequence[str], number: int, delimiter: str, width: int) -> bool:
    """Whether most records below a header have as many cells, or most lines, in case a quote is never closed.

    Rows may be shorter: some programs end them when the last cells are empty.
    """
    below = list(islice(lines, number, number + HEADER_LINES + _LOOKED_AT))
    for readers in (
        [csv.reader(below, delimiter=delimiter)],
        [csv.reader((line,), delimiter=delimiter) for line in below],
    ):
        try:
            counts = [len(cells) for rows in readers for cells in rows if cells][1 : 1 + _LOOKED_AT]
        except csv.Error:
            continue
        if counts and 2 * sum(1 < count <= width for count in counts) >= len(counts):
            return True
    return False


def _widest(lines: Sequence[str], start: int, delimiters: Sequence[str]) -> Layout | None:
    """Of a table of one column, or with rows that differ, the first line, unless a later one has twice the cells."""
    best: tuple[int, Layout] | None = None
    for number in range(start, min(len(lines), start + PREAMBLE)):
        for delimiter in delimiters:
            header = _header(lines, number, delimiter)
            filled = sum(1 for cell in header if cell.strip())
            needed = 1 if best is None else best[0] + 1 if best[1].before == number else 2 * best[0]
            if filled >= needed:
                best = filled, Layout(delimiter, tuple(header), number)
    return best[1] if best else None


@lru_cache(maxsize=64)
def folded_header(header: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of a header as they are compared."""
    return tuple(folded(cell) for cell in header)

"""The rows of a table of delimited text, each by itself, as fast as the csv module can.

RFC 4180 and what is met instead of it: rows of another length, quotes that never close, NULs. Every line belongs to a
row that is read or refused: a quote that is not closed costs its own line, not the rest of the file.

Text is read in pieces that end with a line. A piece is first given to the csv module as a whole; only when that cannot
be right is it read row by row, with a way back to the line after the one that was wrong.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, NamedTuple

from crmcli.importers.base import Refused
from crmcli.importers.source import Source
from crmcli.importers.tablelayout import HEADER_LINES, Layout

LONGEST_RECORD = 12_000_000
"""Characters of a row."""
MOST_CELLS = 200_000
"""Cells of a row; more are not even taken apart."""
MOST_LINES = 20_000
"""Lines that one row may have; a quote that is open for longer was not meant as one."""
_PIECE = 1 << 17
# What may be read in vain in search of the end of quotes: characters, to begin with and for each that was read well,
# and as how many of them a line counts. This bounds the time that a file full of stray quotes takes.
_CREDIT, _MORE_CREDIT, _LINE = 16_000_000, 4, 40
UNCLOSED = "a quote is opened and never closed"
_UNCLOSED = "unexpected end of data"

csv.field_size_limit(LONGEST_RECORD)


class Row(NamedTuple):
    """A row, and the line on which it begins."""

    line: int
    cells: list[str]


class Run(NamedTuple):
    """Rows that follow each other, and the line of each."""

    lines: Sequence[int]
    rows: list[list[str]]


def rows(source: Source, form: Layout) -> Iterator[Row | Refused]:
    """The rows below the header, without empty lines.

    What cannot be a row is refused: a quote that never closes, a row that is too long, a NUL character.
    """
    for run in runs(source, form):
        if isinstance(run, Refused):
            yield run
        else:
            yield from (Row(line, cells) for line, cells in zip(*run, strict=True) if cells)


def runs(source: Source, form: Layout) -> Iterator[Run | Refused]:
    """The same in runs of many rows; the cells of an empty line are an empty list."""
    with source.open_text() as stream:
        line = _after_header(stream, form)
        careful = _Careful(stream, form)
        begun: list[str] = []  # lines of a row that goes on in the next piece
        while (piece := _piece(stream)) or begun:
            if not begun and piece.isspace():
                line += piece.count("\n") + piece.count("\r") - piece.count("\r\n")
                continue
            is_odd = "\0" in piece or (len(piece) > 2 * _PIECE and piece.count(form.delimiter) > MOST_CELLS)
            if not begun and not is_odd and '"' not in piece:
                read = list(csv.reader(io.StringIO(piece, newline=""), delimiter=form.delimiter))
                yield Run(range(line, line + len(read)), read)
                line += len(read)
                continue
            lines = begun + list(io.StringIO(piece, newline=""))
            run, used, is_open = _whole([] if is_odd else lines, line, form)
            if run.rows:
                yield run
            line += used
            begun = lines[used:] if used and is_open else []
            if not begun and used < len(lines):
                yield from careful.read(lines[used:], line)
                line = careful.line


def _after_header(stream: IO[str], form: Layout) -> int:
    """Pass over the header and what is before it; returns the number of the next line."""
    for _ in range(form.before):
        stream.readline()
    header = csv.reader(islice(iter(stream.readline, ""), HEADER_LINES), delimiter=form.delimiter)
    next(header, None)
    return form.before + header.line_num + 1


def _piece(stream: IO[str]) -> str:
    """The next characters up to the end of a line; "" at the end of the text."""
    text = stream.read(_PIECE)
    return text + stream.readline() if len(text) == _PIECE else text


def _whole(lines: list[str], first: int, form: Layout) -> tuple[Run, int, bool]:
    """As many of these lines as are rows for sure, how many lines that are, and whether the rest may just go on."""
    reader = csv.reader(lines, delimiter=form.delimiter, strict=True)
    read: list[list[str]] = []
    starts: list[int] = []
    start = 0
    is_open = False
    try:
        for cells in reader:
            end = reader.line_num
            if end - start > 1 and (end - start > MOST_LINES or _is_stray(cells, lines[start + 1], form)):
                break
            read.append(cells)
            starts.append(first + start)
            start = end
    except csv.Error as error:
        is_open = _UNCLOSED in str(error)
    return Run(starts, read), start, is_open


def _is_stray(cells: list[str], second: str, form: Layout) -> bool:
    """Whether a row of several lines is none: it is not as wide as the header, and its second line alone would be."""
    width = len(form.header)
    return len(cells) != width and second.count(form.delimiter) >= width - 1 and len(_alone(second, form)[0]) == width


def _alone(line: str, form: Layout) -> tuple[list[str], str]:
    """A line as a row, and what is wrong with it."""
    if len(line) > MOST_CELLS and line.count(form.delimiter) > MOST_CELLS:
        return [], f"the row has more than {MOST_CELLS:,} cells"
    try:
        return next(csv.reader((line,), delimiter=form.delimiter, strict=True), []), ""
    except csv.Error as error:
        return [], _why(str(error))


class _Careful:
    """Reading row by row, where the csv module cannot read all at once.

    Args:
        stream: where more lines come from when a row does not end in those that were given.
        form: how the table is written.
    """

    def __init__(self, stream: IO[str], form: Layout) -> None:
        self.stream = stream
        self.form = form
        self.width = len(form.header)
        self.line = 0
        self.credit = _CREDIT
        # Up to this line a quote that was not one was read: rows there must be as wide as the header.
        self.doubtful = 0

    def read(self, lines: list[str], first: int) -> Iterator[Run | Refused]:
        """The rows of these lines, of which the first is line `first`; `line` is then the number after the last."""
        at = 0
        while at < len(lines):
            number, line = first + at, lines[at]
            cells, used, problem = self._row(lines, at, number)
            if problem:
                yield Refused(number, line.rstrip("\r\n"), problem)
                used = 1
            elif "\0" in (text := line if used == 1 else "".join(lines[at : at + used])):
                yield Refused(number, cells, "a cell holds a NUL character")
            elif number < self.doubtful and len(cells) != self.width and text.strip():
                yield Refused(number, text.rstrip("\r\n"), "the line belongs to a row whose quote is never closed")
            else:
                self.credit += _MORE_CREDIT * len(text)
                yield Run((number,), [cells])
            at += used
        self.line = first + at

    def _row(self, lines: list[str], at: int, number: int) -> tuple[list[str], int, str]:
        """The row that begins on a line, how many lines it has, and what is wrong with it."""
        cells, problem = _alone(lines[at], self.form)
        if problem != UNCLOSED or self.credit <= 0:
            return cells, 1, problem
        reader = csv.reader(_Taken(self, lines, at), delimiter=self.form.delimiter, strict=True)
        try:
            cells, problem = next(reader, []), ""
            if _is_stray(cells, lines[at + 1], self.form):
                problem = UNCLOSED
        except csv.Error as error:
            problem = _why(str(error))
        used = max(reader.line_num, 1)
        if problem:
            self.credit -= sum(map(len, lines[at : at + used])) + _LINE * used
            self.doubtful = max(self.doubtful, number + used)
        return cells, used, problem


class _Taken:
    """The lines of one row, as long as there is hope that its quotes end."""

    def __init__(self, careful: _Careful, lines: list[str], at: int) -> None:
        self.careful = careful
        self.lines = lines
        self.at = at
        self.most = at + MOST_LINES
        self.left = min(LONGEST_RECORD, careful.credit)

    def __iter__(self) -> "_Taken":
        return self

    def __next__(self) -> str:
        if self.at >= self.most or self.left <= 0:
            raise StopIteration
        if self.at >= len(self.lines):
            line = self.careful.stream.readline()
            if not line:
                raise StopIteration
            self.lines.append(line)
        line = self.lines[self.at]
        self.at += 1
        self.left -= len(line)
        return line


def _why(error: str) -> str:
    if _UNCLOSED in error:
        return UNCLOSED
    if "expected after" in error:
        return "a quote stands within a cell that is quoted; write it twice"
    if "field larger" in error:
        return f"a cell has more than {LONGEST_RECORD:,} characters"
    return f"this is no row of a table: {error}"

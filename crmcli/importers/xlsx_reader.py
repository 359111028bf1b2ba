"""The rows of a workbook as text, by openpyxl: imported only when a workbook is read (`loader.with_extra`).

A small file may claim to hold much: what is unpacked, the columns and the text are limited by the size of the file.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import IO, Any

from openpyxl import load_workbook

from crmcli.importers.tablelayout import MOST_COLUMNS
from crmcli.kernel.errors import UsageError

# Ordinary workbooks unpack to about ten times their size.
_ALWAYS, _TIMES = 20_000_000, 40
_LOOKED_AT = 20
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def write(workbook: IO[bytes], size: int, text: IO[bytes]) -> list[tuple[int, int]]:
    """Write the first sheet with a header as CSV in UTF-8, one row below the other as in the sheet.

    Args:
        workbook: the file.
        size: its bytes.
        text: where to write.

    Returns:
        Where lines and rows part, because cells have line ends: a line of the text, and by how much lines are ahead of
        rows from there on.

    Raises:
        UsageError: it is no workbook, none of its sheets has a header, or it holds far more than its size allows.
    """
    most = _ALWAYS + _TIMES * size
    try:
        with zipfile.ZipFile(workbook) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > most:
            raise UsageError(f"the workbook would unpack to {unpacked:,} bytes", "save it anew, or as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, which are not read
            book = load_workbook(workbook, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible" and (rows := _rows(sheet)) is not None:
                    return _write(rows, text, most)
    except UsageError:
        raise
    except Exception as error:  # whatever a broken file makes openpyxl raise
        raise UsageError(f"the workbook cannot be read: {error}"[:200], "save it anew, or as CSV") from error
    raise UsageError("no sheet of the workbook has a header", "put a line with the names of the columns first")


def _rows(sheet: Any) -> Iterator[Sequence[Any]] | None:
    """The rows of a sheet; None when the first ones hold no more than one cell each."""
    if not hasattr(sheet, "reset_dimensions"):  # a chart
        return None
    sheet.reset_dimensions()  # what the file claims they are may be far too much
    rows = sheet.iter_rows(values_only=True)
    first = list(islice(rows, _LOOKED_AT))
    if not any(sum(value is not None for value in row) > 1 for row in first):
        return None
    return chain(first, rows)


def _write(rows: Iterator[Sequence[Any]], text: IO[bytes], most: int) -> list[tuple[int, int]]:
    stream = io.TextIOWrapper(text, encoding="utf-8", errors="replace", newline="", write_through=False)
    writer = csv.writer(stream, lineterminator="\n")
    ahead: list[tuple[int, int]] = []
    line = written = extra = width = 0
    for row in rows:
        if len(row) > MOST_COLUMNS:
            raise UsageError(f"a row of the sheet has {len(row):,} columns", f"at most {MOST_COLUMNS:,} are read")
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            width = width or (len(cells) if len(cells) > 1 else 0)
            cells += [""] * (width - len(cells))
        written += sum(map(len, cells))
        if written > most:
            raise UsageError(f"the sheet holds more than {most:,} characters", "save it as CSV")
        writer.writerow(cells)
        line += 1
        ends = sum(cell.count("\n") for cell in cells)
        if ends:
            extra += ends
            line += ends
            ahead.append((line, extra))
    stream.flush()
    stream.detach()
    return ahead


def _text(value: Any) -> str:
    """A cell as a person would write it: whole numbers without a point, days without a time."""
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("_x000D_\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)

"""Excel workbooks (Office Open XML, ECMA-376): the first sheet that has a header, read as the table it is.

The sheet is written as text first; what it holds is recognised as in a text file, so that the export of a program which
somebody saved as a workbook is still known. Needs `crmcli[xlsx]`.
"""

import tempfile
import zipfile
from bisect import bisect_right
from collections.abc import Iterator

from crmcli.importers import loader, table
from crmcli.importers.base import CERTAIN, NO, Columns, Format, Item
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError

_PK = b"PK\x03\x04"


def _match(source: Source) -> int:
    if not source.head.startswith(_PK):
        return NO
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            return CERTAIN if "xl/workbook.xml" in archive.namelist() else NO
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return NO


def _ahead(source: Source) -> list[tuple[int, int]]:
    """The source as the text of its sheet; returns where lines and rows part."""
    known: list[tuple[int, int]] | None = source.__dict__.get("sheet")
    if known is None:
        if _match(source) == NO:
            raise UsageError(f"{source.name} is no Excel workbook", "workbooks end in .xlsx; save older ones anew")
        reader = loader.with_extra("xlsx_reader", "xlsx")
        text = tempfile.TemporaryFile()  # noqa: SIM115 - the source keeps it
        with source.open() as file:
            known = reader.write(file, source.size, text)
        source.become(text)
        source.__dict__["sheet"] = known
    assert known is not None
    return known


def _table(source: Source) -> Format:
    """The format of the table in the sheet."""
    found: Format | None = source.__dict__.get("sheet_format")
    if found is None:
        _ahead(source)
        surest = max((one for one in loader.formats() if one.name != "xlsx"), key=lambda one: one.match(source))
        found = surest if surest.match(source) else loader.named("csv")
        source.__dict__["sheet_format"] = found
    return found


def _columns(source: Source) -> Columns:
    form = _table(source)
    if form.columns is not None:
        return form.columns(source)
    found = table.layout(source)
    header = found.header if found else ()
    return Columns(header, header)  # one of our own tables, whose columns mean what they are called


def _read(source: Source, columns: Columns | None = None) -> Iterator[Item]:
    ahead = _ahead(source)
    form = _table(source)
    if columns is not None and form.with_columns is not None:
        form = form.with_columns(columns)
    for item in form.read(source):
        place = bisect_right(ahead, (item.place, 0))
        yield item._replace(place=item.place - ahead[place - 1][1]) if place else item


def _with_columns(columns: Columns) -> Format:
    return XLSX._replace(
        read=lambda source: _read(source, columns), columns=lambda source: columns, with_columns=_with_columns
    )


XLSX = Format(
    "xlsx",
    "Excel workbook",
    "contact",
    match=_match,
    read=_read,
    rejects=table.rejects,
    columns=_columns,
    with_columns=_with_columns,
)
FORMATS = (XLSX,)

"""Excel workbooks: the sheet is read as the table it is."""

import io
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from importlib import import_module
from typing import Any

import pytest

from crmcli.importers import loader
from crmcli.importers.base import CERTAIN, NO, Draft, Refused
from crmcli.importers.csvfile import FORMATS as TABLES
from crmcli.importers.google import FORMATS as GOOGLE
from crmcli.importers.source import Source
from crmcli.importers.xlsx import XLSX
from crmcli.kernel.errors import UsageError
from tests.importers.tables import source

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")


@pytest.fixture(autouse=True)
def few_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are of these formats, so that no other can be in the way."""
    monkeypatch.setattr(loader, "formats", lambda: [*GOOGLE, *TABLES, XLSX])


def workbook(*sheets: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(data: bytes) -> list[Any]:
    return list(XLSX.read(source(data, "people.xlsx")))


PEOPLE = [
    ["First Name", "Last Name", "Email", "Phone", "Birthday", "Met", "Notes"],
    ["Ada", "Lovelace", "ada@engines.example", 442079460958, date(1815, 12, 10), datetime(1833, 6, 5, 20, 30), "a\nb"],
    ["Grace", "Hopper", "grace@navy.example", "+1 555 0100", datetime(1906, 12, 9), None, None],
    [],
    ["Mary", None, None, None, None, 12.5, "#N/A"],
]


def test_cells_are_read_as_people_see_them() -> None:
    found = read(workbook(PEOPLE))
    assert [item.values for item in found] == [
        {
            "given_name": "Ada",
            "family_name": "Lovelace",
            "email": [{"value": "ada@engines.example"}],
            "phone": [{"raw": "442079460958"}],
            "birth_date": "1815-12-10",
            "set": [{"met": "1833-06-05 20:30:00"}],
            "notes": "a\nb",
        },
        {
            "given_name": "Grace",
            "family_name": "Hopper",
            "email": [{"value": "grace@navy.example"}],
            "phone": [{"raw": "+1 555 0100"}],
            "birth_date": "1906-12-09",
        },
        {"given_name": "Mary", "set": [{"met": "12.5"}]},
    ]
    assert [item.place for item in found] == [2, 3, 5], "the rows of the sheet, whatever line ends its cells hold"


def test_kinds_of_cells() -> None:
    (draft,) = read(workbook([["Name", "A", "B", "C", "D"], ["Ada", True, time(9, 30), 3.0, "x\r\ny"]]))
    assert draft.values["set"] == [{"a": "yes"}, {"b": "09:30:00"}, {"c": "3"}, {"d": "x\ny"}]


def test_a_saved_export_is_still_known_as_what_it_is() -> None:
    file = source(
        workbook([["First Name", "Last Name", "File As", "Labels", "E-mail 1 - Value"], ["Ada", "", "", "VIP", ""]])
    )
    (draft,) = XLSX.read(file)
    assert isinstance(draft, Draft)
    assert draft.values == {"given_name": "Ada", "tag": ["VIP"]}
    assert XLSX.columns is not None
    assert XLSX.columns(file).targets == ("given_name", "family_name", "", "tag", "email#1")


def test_one_of_our_own_tables_is_read() -> None:
    rows = [
        ["uid", "direction", "channel", "occurred_at", "subject"],
        ["u4", "inbound", "call", "2026-11-20T10:00:00Z", "Tea"],
    ]
    file = source(workbook(rows))
    (draft,) = XLSX.read(file)
    assert isinstance(draft, Draft)
    assert (draft.noun, draft.values["subject"]) == ("interaction", "Tea")
    assert XLSX.columns is not None
    assert XLSX.columns(file).header == tuple(rows[0])


def test_columns_may_be_given_other_meanings() -> None:
    file = source(workbook([["Name", "Size"], ["Ada", 38]]))
    assert XLSX.columns is not None
    assert XLSX.with_columns is not None
    columns = XLSX.columns(file)
    (draft,) = XLSX.with_columns(columns._replace(targets=("nickname", ""))).read(file)
    assert isinstance(draft, Draft)
    assert draft.values == {"nickname": "Ada"}


def test_the_first_sheet_with_a_header_is_read() -> None:
    (draft,) = read(workbook([], [["Contents"]], [["Name", "Email"], ["Ada", "ada@engines.example"]]))
    assert draft.values["name"] == "Ada"


def test_refused_rows_are_written_as_a_table() -> None:
    file = source(workbook([["Name", "Email"], ["Ada", "x", "surplus"]]))
    (refused,) = XLSX.read(file)
    assert isinstance(refused, Refused)
    assert b"".join(XLSX.rejects(file, [refused])) == (
        b'Name,Email,_line,_reason\r\nAda,x,2,"the row has 3 cells, the header 2",surplus\r\n'
    )


def test_it_is_recognised_by_what_is_in_it() -> None:
    assert XLSX.match(source(workbook(PEOPLE))) == CERTAIN
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert XLSX.match(source(other.getvalue())) == NO
    assert XLSX.match(source(b"PK\x03\x04 no archive at all")) == NO
    assert XLSX.match(source("Name,Email\n")) == NO


def broken(name: str, content: str) -> bytes:
    """A workbook in which one part is something else."""
    data, out = workbook(PEOPLE), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
START = f"<worksheet {NAMESPACE}>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/workbook.xml", "no XML"),
        (SHEET, f"{START}<sheetData><row"),
        (SHEET, f'{START}<sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'),
        ("xl/worksheets/sheet1.xml", ""),
        ("[Content_Types].xml", "<Types/>"),
    ],
)
def test_a_broken_workbook_is_said_so(name: str, content: str) -> None:
    with pytest.raises(UsageError):
        read(broken(name, content))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    with pytest.raises(UsageError, match="would unpack to"):
        read(broken("xl/styles.xml", " " * 30_000_000))


def shared(strings: Sequence[str], rows: int) -> bytes:
    """A workbook as Excel writes it: its strings in one place, each row naming all of them."""
    data, out = workbook(PEOPLE), io.BytesIO()
    named = [f'<c r="{chr(65 + at)}%d" t="s"><v>{at}</v></c>' for at in range(len(strings))]
    row = '<row r="%d">' + "".join(named) + "</row>"
    text = "".join(row % ((number,) * (len(strings) + 1)) for number in range(1, rows + 1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {entry.filename: old.read(entry).decode() for entry in old.infolist()}
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", part)
        parts["xl/sharedStrings.xml"] = f"<sst {NAMESPACE}>{''.join(f'<si><t>{one}</t></si>' for one in strings)}</sst>"
        parts[SHEET] = f"{START}<sheetData>{text}</sheetData></worksheet>"
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_strings_in_one_place_are_read() -> None:
    (draft,) = read(shared(["Name", "Notes"], 2))
    assert draft.values == {"name": "Name", "notes": "Notes"}


def test_a_string_that_is_repeated_without_end_is_refused() -> None:
    with pytest.raises(UsageError, match="the sheet holds more than"):
        read(shared(["Name", "x" * 32_000], 1000))


def test_a_sheet_that_claims_to_be_huge_is_read_as_what_it_is() -> None:
    cells = [f'<c r="{at}1" t="inlineStr"><is><t>{title}</t></is></c>' for at, title in (("A", "Name"), ("B", "Email"))]
    rows = f'<row r="1">{"".join(cells)}</row>'
    text = f'{START}<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    assert read(broken(SHEET, text)) == []


def test_a_row_of_too_many_columns_is_refused() -> None:
    with pytest.raises(UsageError, match="a row of the sheet has 2,001 columns"):
        read(workbook([["Name", "Email"], ["x"] * 2001]))


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "crmcli.importers.xlsx_reader", raising=False)
    monkeypatch.delattr(import_module("crmcli.importers"), "xlsx_reader", raising=False)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError) as caught:
        read(workbook(PEOPLE))
    assert "openpyxl" in caught.value.message
    assert caught.value.hint == "pip install 'crmcli[xlsx]'"


def test_what_is_no_workbook_is_said_so() -> None:
    with pytest.raises(UsageError, match="old.xls is no Excel workbook"):
        next(XLSX.read(Source("old.xls", held=source(b"\xd0\xcf\x11\xe0 old").held)))

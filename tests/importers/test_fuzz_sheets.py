"""A thousand odd workbooks and tables of our own activities: nothing raises, and no row is lost.

`CRM_FUZZ` names another number of files.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator

import pytest

from crmcli.importers import csvfile, google, loader, owntables, xlsx
from crmcli.importers.base import Draft, Format, Item
from crmcli.kernel.errors import UsageError
from tests.importers.tables import source
from tests.importers.test_fuzz_tables import FILES, TEXTS

ACTIVITIES = [made for made in owntables.FORMATS if made.columns is None]
TITLES = {
    "interaction": [
        "uid", "direction", "channel", "occurred_at", "duration", "subject", "body", "satisfaction", "people",
        "attachments",
    ],
    "followup": [
        "uid", "subject", "note", "due_at", "all_day", "status", "priority", "owner", "snooze_count", "people",
        "closed_at",
    ],
}  # fmt: skip
VALUES = (*TEXTS, "inbound", "call", "2026-11-20T10:00:00Z", "90", "Ada; email=a@x.example; uid=u1 | Engines", "a=b; c")


def read(made: Format, data: bytes) -> Iterator[Item]:
    file = source(data, "file")
    try:
        yield from made.read(file)
    except UsageError:
        return
    finally:
        assert file.held is not None
        file.held.close()


def check(items: list[Item]) -> None:
    for item in items:
        assert item.place > 0
        if isinstance(item, Draft):
            json.dumps(item.values)
        else:
            assert item.reason


def damaged(rng: random.Random, data: bytes) -> bytes:
    """The same with some bytes changed, taken out, or cut off."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(found) + 1)
        found[place : place + rng.choice((0, 1, 1, 4))] = rng.choice(
            (b"", b'"', b"\0", b"<", b"\xff", bytes([rng.randrange(256)]))
        )
    return bytes(found[: rng.randrange(len(found))]) if rng.random() < 0.1 else bytes(found)


@pytest.mark.parametrize("made", ACTIVITIES, ids=lambda made: made.name)
def test_tables_of_activities(made: Format) -> None:
    rng = random.Random(f"activities {made.name}")
    titles = TITLES[made.noun]
    for number in range(FILES):
        rows = [[rng.choice(VALUES) for _ in titles] for _ in range(rng.randint(0, 4))]
        text = io.StringIO()
        csv.writer(text).writerows([titles, *rows])
        data = text.getvalue().encode()
        if number % 2:
            check(list(read(made, damaged(rng, data))))
            continue
        found = list(read(made, data))
        check(found)
        assert len(found) == sum(any(cell.strip() for cell in row) for row in rows)


def workbook(rng: random.Random, rows: list[list[str]]) -> bytes:
    """A workbook as small as can be."""
    space = "http://schemas.openxmlformats.org"
    start = '<?xml version="1.0"?>'
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c t="inlineStr"><is><t>{cell.encode("ascii", "xmlcharrefreplace").decode()}</t></is></c>' for cell in row
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    main, office = f"{space}/spreadsheetml/2006/main", f"{space}/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'{start}<Types xmlns="{space}/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{start}<Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{start}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{start}<Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{start}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, content in parts.items():
            data = content.encode()
            archive.writestr(name, damaged(rng, data) if rng.random() < 0.1 else data)
    return out.getvalue()


def test_workbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    formats = [*google.FORMATS, *csvfile.FORMATS, xlsx.XLSX]
    monkeypatch.setattr(loader, "formats", lambda: formats)
    rng = random.Random("workbooks")
    texts = [text.replace("&", "").replace("<", "") for text in VALUES if text.isprintable() and len(text) < 99]
    taken = 0
    for _ in range(FILES):
        titles = rng.choice(
            (["Name", "Email", "Notes"], ["First Name", "Last Name", "Labels", "File As"], TITLES["interaction"])
        )
        rows = [[rng.choice(texts) for _ in range(rng.randint(1, len(titles)))] for _ in range(rng.randint(0, 4))]
        data = workbook(rng, [titles, *rows])
        if rng.random() < 0.2:
            data = damaged(rng, data)
        assert xlsx.XLSX.match(source(data)) in (0, 90)
        found = list(read(xlsx.XLSX, data))
        check(found)
        taken += sum(isinstance(item, Draft) for item in found)
    assert taken > FILES / 2

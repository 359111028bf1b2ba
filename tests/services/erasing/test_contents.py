"""Looking into attached files for a person."""

import base64
import gzip
import quopri
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from crmcli.services.erasing.contents import Seen, look
from crmcli.services.erasing.words import Eraser, Words

WORDS = Words(names={"Zoë Quibbleton"}, emails={"zoe@quib.example"}, numbers={"+442079460958"})
FINDS = Eraser(WORDS).found
NAME = "Zoë Quibbleton"


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def deep(data: bytes, times: int) -> bytes:
    """An archive within an archive."""
    for _ in range(times):
        data = zipped({"inner.zip": data})
    return data


def mail(body: bytes) -> bytes:
    """A mail whose text is packed."""
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(body)


@pytest.mark.parametrize(
    "data",
    [
        f"Dear {NAME}".encode(),
        "Dear ZOË\nQUIBBLETON".encode(),
        f"Dear {NAME}".encode("cp1252"),
        f"Dear {NAME}".encode("mac-roman"),
        f"Dear {NAME}".encode("utf-16"),
        b"\0" + f"Dear {NAME}".encode("utf-16-le"),
        "Dear Zoe\u0308 Quibbleton".encode(),
        b"Dear Zo&euml; <i>Quib</i>bleton",
        quopri.encodestring(f"FN:{NAME}".encode()),
        b"\x89PNG\0\0 tEXt zoe@quib.example",
        b"ring 020 7946-0958 in the morning",
        ("lorem ipsum\n" * 5_000 + "ring (020) 79460958").encode(),
        ("lorem ipsum\n" * 5_000 + "zoë-quibbleton.pdf").encode(),
        zipped({"xl/sharedStrings.xml": b"<si><t>Zo\xc3\xab</t></si><si><t>Quibbleton</t></si>"}),
        zipped({f"{NAME}.bin": b""}),
        deep(zipped({"a.txt": NAME.encode()}), 2),
        mail(NAME.encode()),
        b"From: =?utf-8?q?Zo=C3=AB_Quibbleton?= <z@y.example>\nMIME-Version: 1.0\n\nHello\n",
    ],
)
def test_a_person_is_found(data: bytes) -> None:
    assert look(data, FINDS) == Seen.NAMED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Dear all",
        "Dear Zoë, dear Mrs Quibbletone".encode(),
        "Ящик для писем".encode("cp1251"),
        "Dear all".encode("utf-16"),
        b"ring 020 7946 09581",
        ("lorem ipsum\n" * 5_000).encode(),
        zipped({"word/document.xml": b"<t>Dear all</t>"}),
        mail(b"Dear all"),
    ],
)
def test_a_file_is_free_of_the_person(data: bytes) -> None:
    assert look(data, FINDS) == Seen.FREE


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\nstream",
        b"{\\rtf1 Zo\\'eb}",
        gzip.compress(NAME.encode(), mtime=0),
        b"PK\x03\x04 broken",
        zipped({"a.txt": b"Dear all", "b.png": b"\x89PNG\0"}),
        deep(zipped({"a.txt": NAME.encode()}), 5),
        mail(b"\x89PNG\0"),
        b"PHOTO;ENCODING=b:" + base64.b64encode(b"\x89PNG" * 200),
    ],
)
def test_a_file_stays_closed(data: bytes) -> None:
    assert look(data, FINDS) == Seen.CLOSED

"""What is attached to mails that others have, too, when one of the people is erased."""

import base64
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from crmcli.app import App
from crmcli.store import chain
from crmcli.store.erasing_files import contents
from tests.conftest import Crm

NAME = "Desmond Okafor"
DESMOND, ROS = "Desmond Okafor <desmond@hollow.example>", "Ros Kiln <ros@kiln.example>"
PDF = b"%PDF-1.7\n\x00\x01\x02 nobody can see who is in here"


def mail(sender: str, copy: str, files: dict[str, bytes], number: int = 1) -> bytes:
    """A mail with files."""
    parts = "".join(
        f'--b\nContent-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n{base64.encodebytes(data).decode()}'
        for name, data in files.items()
    )
    return (
        f"From: {sender}\nTo: me@us.example\nCc: {copy}\nDate: Mon, 16 Nov 2026 08:00:00 +0000\n"
        f"Message-ID: <m{number}@x.example>\nSubject: Papers\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n{parts}--b--\n"
    ).encode()


def document(text: str) -> bytes:
    """A document of an office program, in which another font begins within each word."""
    made = BytesIO()
    runs = "</w:t></w:r><w:r><w:t>".join((text[:4], text[4:]))
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:p><w:r><w:t>{runs}</w:t></w:r></w:p>")
    return made.getvalue()


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Desmond and Ros."""
    crm.ok("config", "set", "team.addresses", "me@us.example")
    crm.ok("contact", "add", "Desmond Okafor", "--email", "desmond@hollow.example", "--phone", "+44 20 7946 0958")
    crm.ok("contact", "add", "Ros Kiln", "--email", "ros@kiln.example")
    return crm


def take_in(crm: Crm, folder: Path, *mails: bytes) -> None:
    """Import mails with what is attached."""
    for number, one in enumerate(mails):
        (folder / f"m{number}.eml").write_bytes(one)
        crm.ok("import", str(folder / f"m{number}.eml"), "--attachments", "--yes")


def files(crm: Crm, app: App) -> list[bytes]:
    """The bytes of every file that rows and journal hold; the chain is whole and the database in order."""
    found = sorted(data for _, data in contents(app.store))
    assert list(chain.breaks(app.store.connection)) == []
    app.close()
    assert crm.ok("db", "verify", "-q") == ""
    return found


def test_what_the_person_sent_goes_whatever_is_in_it(office: Crm, app: App, tmp_path: Path) -> None:
    sent = {"a-Desmond Okafor.txt": b"attached words", "scan.pdf": PDF}
    take_in(office, tmp_path, mail(DESMOND, ROS, sent))
    planned = office("privacy", "erase", "c1", "--dry-run")
    assert "attached to what others have, too, and goes: a-Desmond Okafor.txt of i1, scan.pdf of i1" in planned.err
    assert files(office, app) == sorted(sent.values())
    done = office("--yes", "privacy", "erase", "c1")
    assert (done.code, "none of" in done.err) == (0, True), done.err
    assert files(office, app) == []
    assert office.json("interaction", "show", "i1")["item"]["attachments"] == []
    assert "scan.pdf" not in office.ok("export", "all")


@pytest.mark.parametrize(
    "data",
    [
        b"Attached for Desmond Okafor",
        "Für DESMOND OKAFOR".encode("utf-16"),
        "Für Desmond Okafor".encode("latin-1"),
        b"call 020 7946 0958",
        b"<p>Desmond&nbsp;<b>Oka</b>for</p>",
        document(f"of {NAME}"),
    ],
    ids=["text", "utf-16", "latin-1", "number", "web page", "document"],
)
def test_of_what_others_sent_goes_what_names_the_person(office: Crm, app: App, tmp_path: Path, data: bytes) -> None:
    take_in(office, tmp_path, mail(ROS, DESMOND, {"named.bin": data, "other.txt": b"Nobody is in here"}))
    assert "named.bin of i1" in office("privacy", "erase", "c1", "--dry-run").err
    done = office("--yes", "privacy", "erase", "c1")
    assert (done.code, "none of" in done.err) == (0, True), done.err
    assert files(office, app) == [b"Nobody is in here"]
    assert [one["name"] for one in office.json("interaction", "show", "i1")["item"]["attachments"]] == ["other.txt"]


def test_what_cannot_be_looked_into_is_told(office: Crm, app: App, tmp_path: Path) -> None:
    take_in(office, tmp_path, mail(ROS, DESMOND, {"contract.pdf": PDF}))
    planned = office("privacy", "erase", "c1", "--dry-run")
    assert "look into it (--unread-files: it goes): contract.pdf of i1" in planned.err
    done = office("--yes", "privacy", "erase", "c1", "--json")
    assert done.code == 1
    assert '"name": "contract.pdf"' in done.out
    assert files(office, app) == [PDF]


def test_what_cannot_be_looked_into_goes_when_that_is_asked_for(office: Crm, app: App, tmp_path: Path) -> None:
    take_in(office, tmp_path, mail(ROS, DESMOND, {"contract.pdf": PDF}))
    assert office("--yes", "privacy", "erase", "c1", "--unread-files").code == 0
    assert files(office, app) == []
    office.ok("import", str(tmp_path / "m0.eml"), "--attachments", "--yes")
    assert files(office, app) == []


def test_a_file_that_a_mail_of_others_has_too_stays_there(office: Crm, app: App, tmp_path: Path) -> None:
    price, letter = b"Prices of apples", b"Written by Desmond Okafor"
    sent = {"prices.txt": price, "letter.txt": letter}
    take_in(office, tmp_path, mail(DESMOND, ROS, sent), mail(ROS, "x@y.example", sent, 2))
    done = office("--yes", "privacy", "erase", "c1")
    assert done.code == 1
    assert "Desmond Okafor in the attached file 'letter.txt' of i2" in done.err
    assert files(office, app) == [price, letter]
    assert office.json("interaction", "show", "i1")["item"]["attachments"] == []


def test_what_the_person_sent_and_others_have_too_is_told_when_it_cannot_be_looked_into(
    office: Crm, tmp_path: Path
) -> None:
    sent = {"scan.pdf": PDF}
    take_in(office, tmp_path, mail(DESMOND, ROS, sent), mail(ROS, "x@y.example", sent, 2))
    done = office("--yes", "privacy", "erase", "c1")
    assert (done.code, "scan.pdf of i2" in done.err) == (1, True)


def test_files_of_others_are_looked_into(office: Crm, app: App, tmp_path: Path) -> None:
    sent = {"list.txt": b"Guests: Desmond Okafor", "scan.pdf": PDF}
    take_in(office, tmp_path, mail(ROS, "x@y.example", sent))
    done = office("--yes", "privacy", "erase", "c1")
    assert done.code == 1
    assert "Desmond Okafor in the attached file 'list.txt' of i1" in done.err
    assert "1 attached file of others cannot be looked into" in done.err
    assert files(office, app) == sorted(sent.values())


@pytest.mark.parametrize("way", ["undo", "purge"])
def test_files_that_the_journal_alone_has_go(office: Crm, app: App, tmp_path: Path, way: str) -> None:
    take_in(office, tmp_path, mail(DESMOND, ROS, {"a.txt": b"attached words"}))
    if way == "undo":
        office.ok("undo")
    else:
        office.ok("interaction", "rm", "i1", "--yes")
        office.ok("db", "purge", "--older-than", "now", "--yes")
    assert office("--yes", "privacy", "erase", "c1").code == 0
    assert files(office, app) == []


def test_an_import_does_not_bring_a_file_back(office: Crm, app: App, tmp_path: Path) -> None:
    named = {"for Desmond Okafor.txt": b"For Desmond Okafor", "Desmond Okafor.txt": b"Nobody"}
    take_in(office, tmp_path, mail(ROS, DESMOND, named), mail(DESMOND, ROS, {"a.txt": b"attached words"}, 2))
    assert office("--yes", "privacy", "erase", "c1").code == 0
    office.ok("import", str(tmp_path / "m0.eml"), str(tmp_path / "m1.eml"), "--attachments", "--yes")
    assert files(office, app) == [b"Nobody"]
    office.ok("interaction", "rm", "i1", "--yes")
    office.ok("db", "purge", "--older-than", "now", "--yes")
    office.ok("import", str(tmp_path / "m0.eml"), "--attachments", "--yes")
    assert files(office, app) == [b"Nobody"]
    assert "Okafor" not in office.ok("export", "all")

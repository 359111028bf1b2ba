"""Files that no program wrote, through every importer: every record of them is taken or refused with its place.

Half are damaged from good ones of their kind (bytes cut, doubled, exchanged), half are tables that are well formed and
hold odd values. Every format is asked whether it knows each file, and reads those of its kind whatever it answered.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import NamedTuple

from crmcli.importers import archive, calendar, cdnow, csvfile, jsonfile, mail, owntables, vcard, xlsx
from crmcli.importers.base import Draft, Format, Item, Refused
from crmcli.importers.source import Source
from crmcli.importers.table import layout
from crmcli.kernel.errors import CrmError
from tests.importers.letters import mutations
from tests.importers.test_fuzz_sheets import workbook
from tests.importers.test_fuzz_tables import TABLES, TEXTS, broken, written
from tests.trust.suite import Bench, Outcome, Suite

SLOWEST = 5.0
"""CPU seconds that a file may take."""
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LETTER = b"""From ada@engines.example Thu Nov 19 09:00:00 2026
From: =?utf-8?q?Ada_L=C3=B6velace?= <ada@engines.example>
To: me@shop.example, "Bob, B." <bob@x.example>
Date: Thu, 19 Nov 2026 09:00:00 +0100
Message-ID: <1@engines.example>
References: <0@engines.example>
Subject: =?iso-8859-1?b?RGVsaXZlcnk=?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="==x"

--==x
Content-Type: text/html; charset=cp1252
Content-Transfer-Encoding: quoted-printable

<p>When does it come=3F</p><blockquote>On Monday</blockquote>
--==x
Content-Type: application/pdf; name*=utf-8''%e2%82%ac.pdf
Content-Disposition: attachment; filename="../../offer.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjcK
--==x--

"""
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:Here\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1@x.example\r
DTSTART;TZID=Here:20261119T090000\r
DURATION:PT1H\r
SUMMARY:Talk\\, again\r
ATTENDEE;CN="Ada; L":mailto:ada@engines.example\r
ORGANIZER:mailto:me@shop.example\r
RRULE:FREQ=WEEKLY;COUNT=3\r
END:VEVENT\r
BEGIN:VTODO\r
UID:2@x.example\r
DUE;VALUE=DATE:20261201\r
SUMMARY:Call\r
 back\r
END:VTODO\r
END:VCALENDAR\r
"""
CARD = b"""BEGIN:VCARD\r
VERSION:3.0\r
FN;CHARSET=utf-8:Ada L\xc3\xb6velace\r
N:Lovelace;Ada;;;\r
item1.EMAIL;TYPE=work,pref:ada@engines.example\r
item1.X-ABLabel:_$!<Work>!$_\r
TEL;TYPE=cell:+44 20 7946 0958\r
ADR;TYPE=home:;;1 Mill Lane;London;;SW1;GB\r
BDAY:--1210\r
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r
NOTE;ENCODING=QUOTED-PRINTABLE:a=0Ab=\r
c\r
END:VCARD\r
"""
JSON = (
    b'[{"name": "Ada", "email": ["a@x.example"], "custom": {"a": 1e3}, "tags": ["a", "b"]}, {"name": "B", "n": 0}]',
    b'{"op": "contact.add", "name": "Ada \\ud83d\\ude00", "email": "a@x.example"}\n{"name": "B", "name": "C"}\n',
    b'{"schema": "crm.order.list/1", "items": [{"uid": "u", "ordered_on": "2026-11-02", "financial_status": "paid", '
    b'"currency": "EUR", "total": "1.50", "lines": [{"name": "Apple", "quantity": "1", "unit_price": "1.50"}]}]}',
    b'{"schema": "crm.contact.list/1", "items": [\n'
    b'{"uid": "u", "display_name": "A", "emails": [{"value": "a@x.example"}]}\n]}',
)  # fmt: skip
TRANSACTIONS = b""" 00004 0001 19970101  2   29.33
 00004 0001 19970118  2   29.73
 00021 0002 19970101  3   63.34
"""
ARCHIVE = (
    b'{"schema":"crm.archive/1","version":"0005","rows":{"contact":1}}\n'
    b'{"table":"contact","row":{"id":1,"uid":"u","display_name":"Ada","do_not_contact":0}}\n{"sequences":{"contact":1}}\n'
)


class Kind(NamedTuple):
    """A kind of file: the formats that read it, and what makes one, with the number of its records if that is known."""

    formats: tuple[Format, ...]
    make: Callable[[random.Random], tuple[bytes, int | None]]


def damaged(*originals: bytes) -> Callable[[random.Random], tuple[bytes, None]]:
    """Makes of these what somebody broke."""
    return lambda chance: (next(mutations(list(originals), 1, chance.getrandbits(32))), None)


def table(made: Format) -> Kind:
    """A format of tables: files that are well formed, and files that are not."""

    def make(chance: random.Random) -> tuple[bytes, int | None]:
        return written(chance, made) if chance.random() < 0.5 else (broken(chance, made), None)

    return Kind((made,), make)


def sheet(chance: random.Random) -> tuple[bytes, None]:
    """A workbook."""
    texts = [text for text in TEXTS if text.isprintable() and len(text) < 99 and not set(text) & set("&<")]
    rows = [[chance.choice(texts) for _ in range(chance.randint(1, 3))] for _ in range(chance.randint(0, 4))]
    data = workbook(chance, [["Name", "Email", "Notes"], *rows])
    return (next(mutations([data], 1, chance.getrandbits(32))) if chance.random() < 0.2 else data), None


def kinds() -> list[Kind]:
    """All kinds of files."""
    messages = {made.name: made for made in mail.FORMATS}
    own = damaged(
        b"uid,subject,body,people\nu1,Call,,Ada; email=a@x.example\n", b"uid,name,email\nu,Ada,a@x.example\n", *JSON
    )
    sheets = [Kind((xlsx.XLSX,), sheet)] if find_spec("openpyxl") else []
    return [
        *map(table, TABLES),
        *sheets,
        *[Kind((made,), own) for made in owntables.FORMATS],
        *[Kind((messages["mbox"], messages["eml"]), damaged(LETTER, LETTER * 3))] * 4,
        *[Kind(calendar.FORMATS, damaged(CALENDAR, CALENDAR * 2))] * 4,
        *[Kind(vcard.FORMATS, damaged(CARD, CARD * 3))] * 4,
        *[Kind(jsonfile.FORMATS, damaged(*JSON))] * 4,
        Kind(cdnow.FORMATS, damaged(TRANSACTIONS, TRANSACTIONS * 3)),
        Kind(archive.FORMATS, damaged(ARCHIVE)),
        Kind((csvfile.FORMATS[0],), damaged(LETTER, CALENDAR, CARD, *JSON)),
    ]


def run(bench: Bench) -> Outcome:
    """Read them."""
    chance, everything = bench.chance, kinds()
    faults: list[str] = []
    taken = refused = 0
    slowest = 0.0
    for number in range(bench.count):
        kind = everything[number % len(everything)]
        data, records = kind.make(chance)
        started = time.process_time()
        for made in kind.formats:
            try:
                found = read(made, data, records)
            except Exception as error:
                faults.append(f"{made.name}: {type(error).__name__}: {ascii(str(error))[:200]} from {data[:300]!r}")
                continue
            drafts = sum(isinstance(item, Draft) for item in found)
            taken, refused = taken + drafts, refused + len(found) - drafts
        spent = time.process_time() - started
        slowest = max(slowest, spent)
        if spent > SLOWEST:
            faults.append(f"{kind.formats[0].name}: {spent:.1f} s for {data[:300]!r}")
    formats = len({made.name for kind in everything for made in kind.formats})
    figure = (
        f"{bench.count:,} files for {formats} formats: {taken:,} records taken, {refused:,} refused with place and "
        f"reason, {len(faults)} tracebacks or lost records, "
        f"the slowest file {slowest:.2f} s of CPU"
    )
    return Outcome(figure, faults)


def read(made: Format, data: bytes, records: int | None) -> list[Item]:
    """The items of a file; none when it is refused as a whole, in words.

    Raises:
        AssertionError: an item says nothing of its place or reason, or there are not as many as there are records.
    """
    with tempfile.TemporaryFile() as held:
        held.write(data)
        source = Source("export.csv", held=held)
        source.currency = "EUR"
        source.now, source.team = NOW, frozenset({"me@shop.example"})
        assert 0 <= made.match(source) <= 100
        try:
            found = list(made.read(source))
        except CrmError as error:
            assert error.message
            return []
        for item in found:
            assert item.place > 0
            if isinstance(item, Draft):
                json.dumps(item.values, default=_loader)
            else:
                assert item.reason
        refused = [item for item in found if isinstance(item, Refused)]
        assert not refused or any(made.rejects(source, refused))
        form = layout(source) if records is not None else None
        if form is not None and form.before == 0 and form.delimiter == ",":
            # Several lines of an order are one record.
            assert len(found) == records or (made.noun == "order" and len(found) <= (records or 0)), "a record is lost"
        return found


def _loader(value: object) -> str:
    """What stands for the content of an attachment, which is a function until it is wanted."""
    assert callable(value)
    return "content"


SUITE = Suite(full=100_000, short=300, run=run, databases=("sqlite",))

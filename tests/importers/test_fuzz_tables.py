"""A thousand odd files for every format of tables: nothing raises, and no row is lost.

`CRM_FUZZ` names another number of files.
"""

import csv
import io
import json
import os
import random
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

from crmcli.importers.base import Draft, Format, Refused
from crmcli.importers.source import Source
from crmcli.importers.table import layout
from crmcli.kernel.errors import UsageError
from tests.importers.tables import source

FILES = int(os.environ.get("CRM_FUZZ", "1000"))
MODULES = (
    "google",
    "outlook",
    "linkedin",
    "hubspot",
    "salesforce",
    "pipedrive",
    "mailchimp",
    "shopify",
    "stripe",
    "thunderbird",
    "ordercsv",
    "dealcsv",
    "csvfile",
)
TABLES = [made for name in MODULES for made in import_module(f"crmcli.importers.{name}").FORMATS if made.columns]
# Columns that several formats know, so that their readings of money, moments, consent and the like are reached.
_TITLES = """
Name,First Name,Last Name,Email,E-mail Address,Email Address,Phone,Mobile,Company,Organization,Title,Notes,Tags
Birthday,Language,Time Zone,TIMEZONE,Record ID,Lifecycle Stage,Lead Status,Associated Company,Contact owner
Associated Company IDs,Deal Name,Deal Stage,Amount,Currency,Close Date,Deal probability,Forecast Category
Unsubscribed from all email,Invalid email address,Account Name,Mailing Street,Mailing Country,Stage
Opportunity Name,Probability (%),ID,ISDELETED,ACCOUNTID,LASTNAME,STAGENAME,AMOUNT,CLOSEDATE,SIZE__C,ISCONVERTED
HASOPTEDOUTOFEMAIL,Company / Account,Person - ID,Person - Name,Person - Email,Person - Phone - Work,Deal - ID
Person - Marketing status,Deal - Title,Deal - Value,Deal - Status,Deal - Contact person,Organization - Name
Organization - Address,Organization - Country of Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME
CLEAN_TIME,TAGS,Address,EUID,Customer ID,Accepts Email Marketing,Default Address Zip,Total Spent,Total Orders
Country Code,Created at,Total,Refunded Amount,Financial Status,Lineitem name,Lineitem quantity,Lineitem price,Id
id,Created (UTC),Delinquent,plan (metadata),E-mail 1 - Type,E-mail 1 - Value,Labels,Address 1 - Street
Connected On,URL,Position,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value,Display Name
Order ID,Order Date,Customer,Product,SKU,Quantity,Unit price,Shipping,Tax,Discount,Status,Paid,Line total,Deal,Pipeline
Primary Email,Business Phone,Home Address,Birth Year,Birth Month,Birth Day,Web Page 1,_line,_reason
"""
TITLES = [title for line in _TITLES.split("\n") for title in line.split(",") if title]
TEXTS = (
    "", "", "", " ", "Ada Lovelace", "山田 太郎", "ada@engines.example", "a@x.example, b@x.example; c",
    "+44 20 7946 0958", "'0612345678", "yes", "no", "true", "false", "12,000.50", "1.234,5", "(12)", "EUR 5", "lots",
    "0.6", "1e999", "nan", "2026-11-30", "2026-11-30 10:00:00 -0500", "2026-11-30T10:00:00.000Z", "30/11/26", "12/25",
    "0000-00-00", "#1001", "#1001", "51", "51;52", "Engines;Looms", "Closed Won (Sales Pipeline)", "OPEN_DEAL",
    "Marketing Qualified Lead", '"VIP","Fair"', "1 Mill Lane  London  LND  SW1  GB", "006x0000001YtCr", "=1+1", "@x",
    "-1", "a\nb", "a\r\nb", '"', '""', 'say "so"', "{", "\x1b[31m", "\u202eabc", "\ufeff", "a\x00b", "x" * 3000,
    ";", ",", "|", "\t", ":::", "* Friends", "usd", "Won", "deleted", "won", "%", "60 %", "\u00a0", "\ud7ff", "😀",
    "--05-12", "1604-05-12", "Europe/London",
)  # fmt: skip


@cache
def own(made: Format) -> tuple[list[str], list[str]]:
    """The titles that a format knows, and those of them without which there is no record."""
    assert made.columns is not None
    columns = made.columns(source(",".join(TITLES)))
    known = [pair for pair in zip(*columns[:2], strict=True) if pair[1] and not pair[1].startswith("set.")]
    return [title for title, _ in known], [title for title, target in known if target in ("name", "number")]


def written(rng: random.Random, made: Format) -> tuple[bytes, int]:
    """A well-formed table, and how many of its rows hold anything."""
    known, needed = own(made)
    titles = rng.sample(needed, min(1, len(needed))) + rng.sample(known, rng.randint(2, min(10, len(known))))
    titles = list(dict.fromkeys(titles + rng.sample(TITLES, rng.randint(0, 4))))
    rows = [[rng.choice(TEXTS) for _ in titles] for _ in range(rng.randint(0, 5))]
    text = io.StringIO()
    csv.writer(text, lineterminator=rng.choice(("\n", "\r\n"))).writerows([titles, *rows])
    return text.getvalue().encode(), sum(any(cell.strip() for cell in row) for row in rows)


def broken(rng: random.Random, made: Format) -> bytes:
    """A table with something wrong in it."""
    data, _ = written(rng, made)
    text = data.decode()
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(text) + 1)
        piece = rng.choice(('"', ",", "\n", "\r", ";", "\t", "\x00", "\ufeff", ",,,,", '"\n', "sep=;\n", ""))
        text = text[:place] + piece + text[place + rng.randint(0, 3) :]
    codec = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"))
    data = text.encode(codec, "replace")
    if rng.random() < 0.3:
        data = bytes(byte if rng.random() > 0.02 else rng.randrange(256) for byte in data)
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.2 else data


def read(made: Format, file: Source) -> Iterator[Draft | Refused]:
    """All that a file holds; nothing when it is no file of this kind at all."""
    try:
        yield from made.read(file)
    except UsageError:
        return


@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.name)
def test_nothing_raises_and_no_row_is_lost(made: Format) -> None:
    rng = random.Random(f"tables {made.name}")
    for number in range(FILES):
        data, rows = written(rng, made) if number % 2 else (broken(rng, made), -1)
        file = source(data, rng.choice(("export.csv", "cleaned_1.csv", "unsubscribed_1.csv")))
        file.currency = rng.choice(("EUR", "JPY", "KWD"))
        assert 0 <= made.match(file) <= 100
        found = list(read(made, file))
        places = [item.place for item in found]
        assert places == sorted(places), data
        for item in found:
            assert item.place > 0
            if isinstance(item, Draft):
                assert item.values, data
                json.dumps(item.values)
            else:
                assert item.reason, data
        form = layout(file)
        if rows >= 0 and form is not None and form.before == 0 and form.delimiter == ",":
            assert len(found) == rows or (made.noun == "order" and len(found) <= rows), data
        refused = [item for item in found if isinstance(item, Refused)]
        if refused:
            assert b"".join(made.rejects(file, refused)), data
        file.held.close()

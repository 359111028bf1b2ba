"""Bits that flip in the file: `crm db verify` finds every one that changes what the database says.

A flip counts when a row of a journalled table, or of the journal, reads differently afterwards, or cannot be read. What
is in no row (free pages, indexes) may be found or not, and so may the protocols of the program's own doings, which have
no journal: reminders, imports and their sources, upkeep.
"""

import sqlite3
from io import StringIO
from pathlib import Path

from crmcli.app import App
from crmcli.kernel.errors import CrmError
from crmcli.kernel.settings import Settings
from crmcli.store.verifyrows import JOURNALLED
from tests.everything import fill
from tests.trust.suite import Bench, Outcome, Suite

TABLES = (*JOURNALLED, "operation", "change")
PEOPLE = 300


def run(bench: Bench) -> Outcome:
    """Flip single bits until `count` of them changed what the database says."""
    path = Path(bench.place())
    _fill(bench, path)
    whole, before, chance = path.read_bytes(), _said(path), bench.chance
    counted = flips = missed = 0
    # The control: where a whole file is told of, too, what is told of a flipped one proves nothing.
    faults = ["the file that nothing was done to was told of"] if _found(path) else []
    while counted < bench.count:
        flips += 1
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        if _said(path) == before:
            continue
        counted += 1
        if not _found(path):
            missed += 1
            faults.append(f"bit {bit} of byte {place} (page {place // 4096 + 1}) was not found")
    figure = f"{counted - missed} of {counted} flips found that changed a row, among {flips} flips"
    return Outcome(figure, faults)


def _fill(bench: Bench, path: Path) -> None:
    app = _app(path)
    fill(app)
    chance = bench.chance
    with app.writing():
        for number in range(PEOPLE):
            given = {"email": [f"p{number}@rot.example"], "phone": [f"+4420794{number:05}"], "tag": ["many"]}
            app.contacts.add(f"{chance.choice(('Ada', 'Grace', 'Zoë'))} {chance.randrange(10**9):x}", given)
    app.store.connection.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
    app.close()


def _app(path: Path) -> App:
    environ = {"HOME": str(path.parent), "CRM_DB": str(path), "CRM_USER": "ada", "CRM_TIMEZONE": "UTC"}
    environ["CRM_NOW"] = "2026-11-20T10:00:00Z"
    return App(Settings(), environ=environ, streams=(StringIO(), StringIO(), StringIO()), command="test")


def _said(path: Path) -> object:
    """All rows, or that they cannot be read."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return [connection.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid").fetchall() for table in TABLES]
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        return str(error)
    finally:
        connection.close()


def _found(path: Path) -> bool:
    app = _app(path)
    try:
        return not app.database.verify()["sound"]
    except CrmError:
        return True
    finally:
        app.close()
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{path}{ending}").unlink(missing_ok=True)


SUITE = Suite(full=300, short=12, run=run, databases=("sqlite",))

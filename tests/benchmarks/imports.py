"""What imports take: `python tests/benchmarks/imports.py [--rows N] [--orders] [--postgresql] [--write]`.

The same invented people stand in two files: an export of Google Contacts with all its columns, most of them empty, as
such files are, and the barest table that holds the same. Each is taken in by `sqlite3 .import` into a bare table, by
`sqlite-utils insert` where that is installed, and by `crm import` into an empty database, then once more; times are of
the clock, since both processors may be used, and compared within this run. A tenth of the bare table tells whether the
time grows in step with the rows. With `--orders` as many lines of orders are taken in instead, as a table and as a list
of transactions, beside the barest table of people; see `tests.benchmarks.orders`.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.store import sqlite
from crmcli.store.bulk import LARGE_CACHE_KIB
from crmcli.store.schema import TABLES
from crmcli.store.search import INDEXES
from tests.benchmarks import orders
from tests.benchmarks.measure import ROOT, machine
from tests.servers import running

CRM = [sys.executable, "-m", "crmcli"]
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- imports -->"
END = "<!-- end of imports -->"
ORDERS_MARK = "<!-- orders -->"
ORDERS_END = "<!-- end of orders -->"
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wen", "dor", "fal", "gri", "han", "jor", "pel")
COMMON = ("Smith", "Müller", "García", "Rossi", "Novák", "Tanaka", "Silva", "Andersson", "Kowalski", "Nguyen")
# What Google Contacts writes since 2024, for people with up to four addresses.
GOOGLE = (
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels",
    *(f"E-mail {number} - {part}" for number in (1, 2, 3, 4) for part in ("Label", "Value")),
    *(f"Phone {number} - {part}" for number in (1, 2, 3) for part in ("Label", "Value")),
    *(f"Address 1 - {part}" for part in ("Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code",
                                         "Country", "Extended Address")),
    "Website 1 - Label", "Website 1 - Value",
    *(f"Event {number} - {part}" for number in (1, 2) for part in ("Label", "Value")),
    "Custom Field 1 - Label", "Custom Field 1 - Value",
)  # fmt: skip
ALWAYS = {
    "Labels": "* myContacts",
    "E-mail 1 - Label": "* Work",
    "Phone 1 - Label": "Mobile",
    "Address 1 - Label": "Work",
}
JOBS = ("Engineer", "Buyer", "Owner", "Director", "Sales manager", "Accountant")


class Kind(NamedTuple):
    """A kind of file: its columns, and in which of them stand given and family name, e-mail, phone, job title, city."""

    title: str
    columns: Sequence[str]
    said: Sequence[str]


PLAIN = ("First Name", "Last Name", "Email", "Phone", "Job Title", "City")
BAREST = Kind("The barest table", PLAIN, PLAIN)
EXPORT = Kind(
    "An export of Google Contacts",
    GOOGLE,
    ("First Name", "Last Name", "E-mail 1 - Value", "Phone 1 - Value", "Organization Title", "Address 1 - City"),
)


class Took(NamedTuple):
    """Seconds of the clock, and the most memory of the process that was started, in MB."""

    seconds: float
    memory: float


def people(path: Path, rows: int, kind: Kind) -> None:
    """A file of invented people: common and rare names, numbers in E.164, a tenth as many mail domains as people."""
    chance = random.Random(1)

    def word(least: int, most: int) -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(least, most))).capitalize()

    given = [word(2, 2) for _ in range(600)]
    family = [word(2, 4) for _ in range(60_000)]
    domains = [word(3, 4).lower() for _ in range(max(10, rows // 10))]
    cities = [word(2, 3) for _ in range(500)]
    usual = [ALWAYS.get(title, "") for title in kind.columns]
    places = [kind.columns.index(title) for title in kind.said]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(kind.columns) + "\n")
        for number in range(rows):
            first = chance.choice(given)
            last = chance.choice(COMMON) if chance.random() < 0.2 else chance.choice(family)
            mail = f"{first.lower()}.{number}@{chance.choice(domains)}.example"
            phone = f"+4420{number + 10_000_000:08d}"
            cells = list(usual)
            said = (first, last, mail, phone, chance.choice(JOBS), chance.choice(cities))
            for place, text in zip(places, said, strict=True):
                cells[place] = text
            file.write(",".join(cells) + "\n")


def took(command: Sequence[str], environ: Mapping[str, str]) -> Took:
    """Run a command to its end. Raises RuntimeError when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Took(time.perf_counter() - start, usage.ru_maxrss / 1024)


def copy(source: str, target: str) -> None:
    """Bring the rows of a database into a new one as fast as SQLite can by itself: the floor of an import."""
    sqlite.create_file(target)
    connection = sqlite.open_file(target)
    connection.execute(f"PRAGMA cache_size=-{LARGE_CACHE_KIB}")
    connection.execute("ATTACH ? AS source", [source])
    connection.begin(writing=True, load=True)
    made = connection.rows("SELECT type, name, sql FROM main.sqlite_master WHERE type IN ('index', 'trigger')")
    late = [row for row in made if row["sql"]]
    for row in late:
        connection.execute(f"DROP {row['type']} main.{row['name']}")
    for table in TABLES:
        connection.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM source.{table}")
    for table, index in INDEXES.items():
        connection.execute(f"INSERT INTO main.{index}(rowid, text) SELECT id, text FROM main.{table}")
    for row in late:
        connection.execute(row["sql"])
    connection.commit()
    connection.close()


def main() -> None:
    """Measure, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--orders", action="store_true")
    parser.add_argument("--copy", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.copy:
        copy(*options.copy)
        return
    with tempfile.TemporaryDirectory() as name:
        lines = []
        made = _orders if options.orders else _table
        for line in made(Path(name), options.rows, options.postgresql):
            lines.append(line)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    if options.write:
        mark, end = (ORDERS_MARK, ORDERS_END) if options.orders else (MARK, END)
        head, _, rest = PAGE.read_text("utf-8").partition(mark)
        tail = rest.partition(end)[2]
        PAGE.write_text(f"{head}{mark}\n\n" + "\n".join(lines) + f"\n\n{end}{tail}", "utf-8")


def _table(folder: Path, rows: int, postgresql: bool) -> Iterator[str]:
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "CRM_USER": "ada", "CRM_TIMEZONE": "UTC"}
    yield f"{rows:,} people. Measured on {machine()}."
    for kind in (EXPORT, BAREST):
        whole = folder / "people.csv"
        people(whole, rows, kind)
        yield ""
        yield f"{kind.title}: {len(kind.columns)} columns, {whole.stat().st_size / 1e6:.0f} MB."
        yield ""
        yield "| command | seconds | against `.import` | memory, MB |"
        yield "|---|---|---|---|"
        bare = took(["sqlite3", str(folder / "bare.db"), ".mode csv", f".import {whole} people"], environ)
        yield _row("`sqlite3 .import`, a bare table", bare, bare)
        if shutil.which("sqlite-utils"):
            other = [str(folder / "utils.db"), "people", str(whole), "--csv"]
            yield _row("`sqlite-utils insert --csv`", took(["sqlite-utils", "insert", *other], environ), bare)
        for place, name in _places(folder, postgresql and kind is BAREST):
            here = {**environ, "CRM_DB": place}
            if kind is BAREST:
                tenth = folder / "tenth.csv"
                people(tenth, rows // 10, kind)
                small = took([*CRM, "import", str(tenth), "--dry-run"], here)
                yield _row(f"`crm import --dry-run` of a tenth, {name}", small, bare)
            yield _row(f"`crm import`, {name}", took([*CRM, "import", str(whole)], here), bare)
            yield _row(f"the same again, {name}", took([*CRM, "import", str(whole)], here), bare)
        if kind is BAREST:
            command = [sys.executable, __file__, "--copy", str(folder / "crm.db"), str(folder / "copy.db")]
            yield _row("SQLite alone: its rows copied, indexes and search made", took(command, environ), bare)
        for left in folder.glob("*.db*"):
            left.unlink()


def _orders(folder: Path, rows: int, postgresql: bool) -> Iterator[str]:
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "CRM_USER": "ada", "CRM_TIMEZONE": "UTC"}
    yield f"{rows:,} lines each. Measured on {machine()}."
    yield ""
    yield "| command | seconds | lines a second | memory, MB |"
    yield "|---|---|---|---|"
    path = folder / "lines"
    files = (
        ("the barest table of people", lambda: people(path, rows, BAREST), ()),
        ("a table of orders", lambda: orders.table(path, rows), ()),
        ("a list of transactions", lambda: orders.transactions(path, rows), ("--currency", "USD")),
    )
    for title, make, flags in files:
        make()
        for place, name in _places(folder, postgresql):
            here = {**environ, "CRM_DB": place}
            for again in (f"{title}, {name}", f"the same again, {name}"):
                used = took([*CRM, "import", str(path), *flags], here)
                yield f"| {again} | {used.seconds:.1f} | {rows / used.seconds:,.0f} | {used.memory:.0f} |"
        for left in folder.glob("*.db*"):
            left.unlink()


def _places(folder: Path, postgresql: bool) -> Iterator[tuple[str, str]]:
    yield str(folder / "crm.db"), "SQLite"
    if postgresql:
        with running(folder / "server") as server, server.database() as place:
            yield place, "PostgreSQL"


def _row(title: str, took: Took, bare: Took) -> str:
    return f"| {title} | {took.seconds:.1f} | {took.seconds / bare.seconds:.1f} | {took.memory:.0f} |"


if __name__ == "__main__":
    main()

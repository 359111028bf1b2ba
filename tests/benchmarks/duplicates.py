"""`crm dedupe` over a believable database: `python tests/benchmarks/duplicates.py [--contacts N] [--keep FOLDER]`.

It is made with a tenth of the rows and with all of them: common and rare names, companies with a handful and with
thousands of people, public mail hosts, a switchboard whose number thousands have, an info@ address, a town that a tenth
lives in, and records that were entered twice: with a nickname, an initial, a typo, the names swapped, another notation
of the number. Printed are seconds, the peak of memory, how many of the planted pairs were found, and how the time grew.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.kernel.ids import uid7
from crmcli.kernel.nicknames import _lines
from crmcli.store import sqlite
from crmcli.store.derive import columns
from tests.benchmarks.large import NOW, stamp, word
from tests.benchmarks.measure import ROOT, machine, run

FAMILIES = 20_000
COMMON = ("Smith", "Müller", "García", "Rossi", "Novák", "Tanaka", "Silva", "Andersson", "Kowalski", "Nguyen")
HOSTS = ("gmail.com", "gmx.de", "yahoo.co.uk", "outlook.com")
TWICE = 0.03
SWITCHBOARD = "+442079460000"


class Builder:
    """Filling one database; `planted` are the pairs of ids that are one person.

    Args:
        path: the file to make.
        contacts: how many there are, those that were entered twice among them.
    """

    def __init__(self, path: Path, contacts: int) -> None:
        self.contacts = contacts
        self.chance = random.Random(contacts)
        self.planted: set[tuple[int, int]] = set()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        sqlite.create_file(str(path))
        self.db = sqlite.sqlite3.connect(str(path), isolation_level=None)

    def build(self) -> None:
        """Make the file."""
        self._companies(max(20, self.contacts // 15))
        given = [names[0].capitalize() for names in _lines()] + [word(self.chance, 3) for _ in range(600)]
        family = [word(self.chance, self.chance.randint(2, 4)) for _ in range(FAMILIES)]
        for number in range(self.contacts):
            if number > 20 and self.chance.random() < TWICE:
                self._again(self.chance.randint(1, number - 1))
            else:
                first = given[int(self.chance.random() ** 2 * len(given))]
                last = self.chance.choice(COMMON) if self.chance.random() < 0.06 else _skewed(self.chance, family)
                self._contact(f"{first} {last}")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("BEGIN")
        for table, rows in self.rows.items():
            names = list(rows[0])
            marks = ", ".join("?" * len(names))
            values = ([row[name] for name in names] for row in rows)
            self.db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append({"id": len(rows) + 1, **row, **columns(table, row)})
        return len(rows)

    def _companies(self, count: int) -> None:
        chance = self.chance
        self.firms: list[tuple[int, str]] = []
        for _ in range(count):
            name = f"{word(chance, 3)} {word(chance, 2)}"
            shown = f"{name} {chance.choice(('Ltd', 'GmbH', 'AB', 'Inc.', ''))}".strip()
            stamps = {"uid": uid7(NOW, chance.randbytes), "created_at": stamp(900), "updated_at": stamp(900)}
            key = self._insert("company", {**stamps, "name": shown})
            domain = f"{name.replace(' ', '').lower()}.example"
            self._insert("company_domain", {"company_id": key, "domain": domain, "is_primary": 1})
            self.firms.append((key, domain))
        self.towns = [(word(chance, 3), f"{chance.randint(10000, 99999)}") for _ in range(count)]

    def _contact(self, name: str) -> int:
        chance = self.chance
        key = self._person(name)
        company, domain = _skewed(chance, self.firms)
        employed = chance.random() < 0.7
        if employed:
            self._insert("employment", {"contact_id": key, "company_id": company, "is_primary": 1})
        if chance.random() < 0.85:
            host = domain if employed and chance.random() < 0.8 else chance.choice(HOSTS)
            self._email(key, f"{name.lower().replace(' ', '.')}{key}@{host}")
        if chance.random() < 0.05:
            self._phone(key, SWITCHBOARD)
        elif chance.random() < 0.5:
            self._phone(key, f"+44{chance.randint(1_000_000_000, 9_999_999_999)}")
        if chance.random() < 0.002:
            self._email(key, "info@trade.example")
        if chance.random() < 0.4:
            town, code = (
                ("London", f"{chance.randint(10, 999)}") if chance.random() < 0.1 else chance.choice(self.towns)
            )
            self._insert("address", {"contact_id": key, "locality": town, "postal_code": code, "is_primary": 1})
        return key

    def _person(self, name: str) -> int:
        days = self.chance.random() * 900
        stamps = {"uid": uid7(NOW, self.chance.randbytes), "created_at": stamp(days), "updated_at": stamp(days)}
        return self._insert("contact", {**stamps, "display_name": name, "family_name": None, "given_name": None})

    def _email(self, key: int, value: str) -> None:
        self._insert("email", {"contact_id": key, "value": value, "is_primary": 1})

    def _phone(self, key: int, value: str, e164: str | None = "") -> None:
        row = {"contact_id": key, "raw": value, "e164": value if e164 == "" else e164, "is_primary": 1}
        self._insert("phone", row)

    def _again(self, original: int) -> None:
        """Enter somebody once more, with something of what was known and the name written otherwise."""
        chance = self.chance
        source = self.rows["contact"][original - 1]
        key = self._person(_otherwise(source["display_name"], chance))
        self.planted.add((original, key))
        for table in ("email", "phone", "employment", "address"):
            for row in self._of(table, original):
                if chance.random() < 0.75:
                    copy = {name: value for name, value in row.items() if name != "id"}
                    if table == "phone" and chance.random() < 0.3:
                        copy |= {"raw": "0" + copy["raw"][3:], "e164": None}
                    self._insert(table, {**copy, "contact_id": key})

    def _of(self, table: str, key: int) -> list[dict[str, Any]]:
        """The rows of a contact: they were inserted in the order of contacts."""
        rows = self.rows.get(table, [])
        low, high = 0, len(rows)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if rows[middle]["contact_id"] < key else (low, middle)
        found = []
        while low < len(rows) and rows[low]["contact_id"] == key:
            found.append(rows[low])
            low += 1
        return found


def _skewed(chance: random.Random, things: Sequence[Any]) -> Any:
    """One of some things, the first ones far more often."""
    return things[int(chance.random() ** 3 * len(things))]


def _otherwise(name: str, chance: random.Random) -> str:
    """A name as somebody else would enter it."""
    first, _, last = name.partition(" ")
    short = next((names[-1] for names in _lines() if names[0] == first.lower() and len(names) > 1), first)
    at = chance.randint(1, len(last) - 2) if len(last) > 4 else 0
    typo = last[:at] + last[at + 1] + last[at] + last[at + 2 :] if at else last
    ways = (name, name, f"{short.capitalize()} {last}", f"{first[0]}. {last}", f"{last}, {first}", f"{first} {typo}")
    return chance.choice((*ways, f"Dr. {first} M. {last}", name.upper()))


def measured(path: Path) -> tuple[float, float, dict[str, Any]]:
    """Seconds and megabytes of `crm dedupe contact`, and its answer."""
    command = [sys.executable, "-m", "crmcli", "dedupe", "contact", "--json", "--min-score", "0"]
    environ = {"HOME": str(path.parent), "PATH": "/usr/bin:/bin", "CRM_DB": str(path), "PYTHONPATH": str(ROOT)}
    usage = run(command, environ)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, cwd=ROOT)
    sys.stderr.write(done.stderr)
    return usage.cpu, usage.memory, json.loads(done.stdout)


def report(folder: Path, contacts: int) -> Iterator[str]:
    """Measure at a tenth and at the whole size; yields lines of Markdown."""
    yield "| contacts | seconds (CPU) | MB | pairs | certain | planted pairs found |"
    yield "|---|---|---|---|---|---|"
    times = []
    for count in (contacts // 10, contacts):
        path = folder / f"{count}.db"
        start = time.perf_counter()
        builder = Builder(path, count)
        builder.build()
        sys.stderr.write(f"made {count:,} contacts in {time.perf_counter() - start:.0f} s\n")
        seconds, memory, answer = measured(path)
        times.append(seconds)
        yield _row(count, seconds, memory, answer["items"], builder.planted)
    yield ""
    yield f"10 times the contacts take {times[1] / times[0]:.1f} times as long."


def _row(
    count: int, seconds: float, memory: float, items: Sequence[Mapping[str, Any]], planted: set[tuple[int, int]]
) -> str:
    found = {(int(item["first"]["id"][1:]), int(item["second"]["id"][1:])) for item in items}
    certain = [item for item in items if item["certain"]]
    share = len(planted & found) / len(planted)
    return f"| {count:,} | {seconds:.1f} | {memory:.0f} | {len(items):,} | {len(certain):,} | {share:.0%} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        sys.stdout.write(f"Measured on {machine()}.\n\n")
        for line in report(folder, options.contacts):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()

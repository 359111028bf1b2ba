"""What imports take: `python tests/benchmarks/imports.py [--rows N] [--postgresql] [--write]`.

One file of invented people is taken in by `sqlite3 .import` into a bare table, by `sqlite-utils insert` where that is
installed, and by `crm import` into an empty database, then once more; times are of the clock, since both processors
may be used, and compared within this run. A tenth of the file tells whether the time grows in step with the rows.
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

from tests.benchmarks.measure import ROOT, machine
from tests.servers import running

CRM = [sys.executable, "-m", "crmcli"]
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- imports -->"
END = "<!-- end of imports -->"
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wen", "dor", "fal", "gri", "han", "jor", "pel")
COMMON = ("Smith", "Müller", "García", "Rossi", "Novák", "Tanaka", "Silva", "Andersson", "Kowalski", "Nguyen")
JOBS = ("Engineer", "Buyer", "Owner", "Director", "Sales manager", "Accountant")


class Took(NamedTuple):
    """Seconds of the clock, and the most memory of the process that was started, in MB."""

    seconds: float
    memory: float


def people(path: Path, rows: int) -> None:
    """A file of invented people: common and rare names, numbers in E.164, a tenth as many mail domains as people."""
    chance = random.Random(1)

    def word(least: int, most: int) -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(least, most))).capitalize()

    given = [word(2, 2) for _ in range(600)]
    family = [word(2, 4) for _ in range(60_000)]
    domains = [word(3, 4).lower() for _ in range(max(10, rows // 10))]
    cities = [word(2, 3) for _ in range(500)]
    with path.open("w", encoding="utf-8") as file:
        file.write("First Name,Last Name,Email,Phone,Job Title,City\n")
        for number in range(rows):
            first = chance.choice(given)
            last = chance.choice(COMMON) if chance.random() < 0.2 else chance.choice(family)
            mail = f"{first.lower()}.{number}@{chance.choice(domains)}.example"
            file.write(f"{first},{last},{mail},+4420{number + 10_000_000:08d}")
            file.write(f",{chance.choice(JOBS)},{chance.choice(cities)}\n")


def took(command: Sequence[str], environ: Mapping[str, str]) -> Took:
    """Run a command to its end. Raises RuntimeError when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Took(time.perf_counter() - start, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lines = []
        for line in _table(Path(name), options.rows, options.postgresql):
            lines.append(line)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    if options.write:
        head, _, rest = PAGE.read_text("utf-8").partition(MARK)
        tail = rest.partition(END)[2]
        PAGE.write_text(f"{head}{MARK}\n\n" + "\n".join(lines) + f"\n\n{END}{tail}", "utf-8")


def _table(folder: Path, rows: int, postgresql: bool) -> Iterator[str]:
    whole, tenth = folder / "people.csv", folder / "tenth.csv"
    people(whole, rows)
    people(tenth, rows // 10)
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "CRM_USER": "ada", "CRM_TIMEZONE": "UTC"}
    yield f"{rows:,} people from CSV ({whole.stat().st_size / 1e6:.0f} MB). Measured on {machine()}."
    yield ""
    yield "| command | seconds | against `.import` | memory, MB |"
    yield "|---|---|---|---|"
    bare = took(["sqlite3", str(folder / "bare.db"), ".mode csv", f".import {whole} people"], environ)
    yield _row("`sqlite3 .import`, a bare table", bare, bare)
    if shutil.which("sqlite-utils"):
        other = [str(folder / "utils.db"), "people", str(whole), "--csv"]
        yield _row("`sqlite-utils insert --csv`", took(["sqlite-utils", "insert", *other], environ), bare)
    for place, title in _places(folder, postgresql):
        here = {**environ, "CRM_DB": place}
        small = took([*CRM, "import", str(tenth), "--dry-run"], here)
        first = took([*CRM, "import", str(whole)], here)
        yield _row(f"`crm import`, {title}", first, bare)
        again = took([*CRM, "import", str(whole)], here)
        yield _row(f"the same again, {title}", again, bare)
        yield _row(f"`crm import --dry-run` of a tenth, {title}", small, bare)


def _places(folder: Path, postgresql: bool) -> Iterator[tuple[str, str]]:
    yield str(folder / "crm.db"), "SQLite"
    if postgresql:
        with running(folder / "server") as server, server.database() as place:
            yield place, "PostgreSQL"


def _row(title: str, took: Took, bare: Took) -> str:
    return f"| {title} | {took.seconds:.1f} | {took.seconds / bare.seconds:.1f} | {took.memory:.0f} |"


if __name__ == "__main__":
    main()

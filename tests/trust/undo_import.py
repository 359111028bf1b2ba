"""A whole import is taken back at once, exactly, and brought back; also with what was done to its records since.

A try is a row of the file. States are compared as in the suite `undo`.
"""

from time import perf_counter

from tests.conftest import Crm
from tests.trust.suite import Bench, Outcome, Suite
from tests.trust.undo import Try

LATER = 20
"""So many of the imported people are edited, tagged and talked with before all of it is taken back."""


def run(bench: Bench) -> Outcome:
    """Import so many rows into a database with one contact, and take that back."""
    home = bench.folder / "home"
    home.mkdir(exist_ok=True)
    file = bench.folder / "rows.csv"
    with file.open("w") as out:
        out.write("name,email,phone,company,tags,job title\n")
        for number in range(bench.count):
            phone = f"+4420{70000000 + number:08}"
            out.write(
                f"Person {number},p{number}@works{number % 997}.example,{phone},Works {number % 997},fair,Engineer\n"
            )
    one = Try(Crm(bench.dialect, bench.place(), home), bench.folder, bench.chance)
    one.run("contact add Alpha --email p0@works0.example --tag old")
    before, faults, told = one.state(), [], []

    def timed(name: str, line: str, expected: list[str] | None) -> None:
        start = perf_counter()
        if not one.run(line):
            faults.append(f"{line} was refused")
        told.append(f"{name} in {perf_counter() - start:.0f} s")
        if expected is not None and one.state() != expected:
            faults.append(f"{line} did not give the state that it should")

    timed("taken in", f"import {file}", None)
    imported = one.newest()
    after = one.state()
    timed("undone", "undo", before)
    timed("redone", "redo", after)
    for number in range(LATER):
        key = one.chance.randint(2, max(2, bench.count // 2))
        one.run(f"contact edit c{key} --job-title Chief{number}")
        one.run(f"contact tag c{key} chosen")
        one.run(f"log in c{key} hello --followup +3d")
    later = one.newest() - imported - 2
    timed(f"undone with {later} later operations", f"undo op{imported} --with-dependents --yes", before)
    return Outcome(f"{bench.count:,} rows {', '.join(told)}; {len(faults)} faults", faults)


SUITE = Suite(full=100_000, short=120, run=run)

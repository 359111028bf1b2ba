"""`crm remind` with nothing to tell, over 1,000,000 follow-ups: `python tests/benchmarks/reminders.py [--write]`.

Of a million follow-ups of one person most are done, a fifth is still to come, and some are overdue and were told
before. Whole commands by the CPU of the process against `python -c pass`, in pairs. `--write` puts the table into
docs/performance.md.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.store import sqlite
from tests.benchmarks.large import stamp
from tests.benchmarks.measure import ROOT, against_pass, machine, run

PAGE = ROOT / "docs" / "performance.md"
MARK, END = "<!-- reminders -->", "<!-- end of reminders -->"
NOW = "2026-11-20T10:00:00Z"
FOLLOWUPS, OPEN = 1_000_000, 200_000
OVERDUE = (0, 1_000, 20_000)
TARGET = 7.0


def main() -> None:
    """Measure, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=21)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = [
        f"Measured on {machine()}; the target is {TARGET:g} times `python -c pass`.",
        "",
        f"| `crm remind` with nothing to tell, {FOLLOWUPS:,} follow-ups | CPU, times `pass` | memory |",
        "|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for overdue in OVERDUE:
            ratio = against_pass([REMIND] * (options.pairs + 1), filled(Path(folder) / f"{overdue}.db", overdue))
            lines.append(f"| {overdue:,} overdue and told before | {ratio.cpu:.1f} | {ratio.memory:.0f} MB |")
    sys.stdout.write("\n".join(lines) + "\n")
    if options.write:
        head, _, rest = PAGE.read_text("utf-8").partition(MARK)
        tail = rest.partition(END)[2]
        PAGE.write_text(f"{head}{MARK}\n\n" + "\n".join(lines) + f"\n\n{END}{tail}", "utf-8")


REMIND = [sys.executable, "-m", "crmcli", "remind"]


def filled(path: Path, overdue: int) -> dict[str, str]:
    """A database with that many overdue follow-ups among FOLLOWUPS; returns the environment to use it in."""
    sqlite.create_file(str(path))
    db = sqlite.sqlite3.connect(str(path), isolation_level=None)
    now = stamp(0)
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO user_account (uid, name, name_key, created_at, updated_at) VALUES ('u', 'ada', 'ada', ?, ?)",
        [now, now],
    )
    db.executemany(
        "INSERT INTO contact (uid, display_name, name_key, sort_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
        ((f"c{n}", f"Person {n}", f"person {n}", f"person {n}", now, now) for n in range(1000)),
    )
    statement = (
        "INSERT INTO followup"
        " (uid, contact_id, subject, owner_id, due_at, first_due_at, status, created_at, updated_at)"
        " VALUES (?, ?, 'Call', 1, ?, ?, ?, ?, ?)"
    )
    db.executemany(statement, (_row(number, overdue) for number in range(FOLLOWUPS)))
    db.execute("COMMIT")
    db.close()
    environ = {
        "HOME": str(path.parent),
        "PATH": os.environ["PATH"],
        "CRM_DB": str(path),
        "CRM_USER": "ada",
        "CRM_TIMEZONE": "UTC",
        "CRM_NOW": NOW,
    }
    run(REMIND, environ)  # tells what is overdue
    return environ


def _row(number: int, overdue: int) -> tuple[str, int, str, str, str, str, str]:
    status = "open" if number < OPEN else "done"
    days = (number + 1) / overdue * 90 if number < overdue else -1 - number % 300 if status == "open" else number % 900
    due = stamp(days)
    return f"f{number}", number % 1000 + 1, due, due, status, due, due


if __name__ == "__main__":
    main()

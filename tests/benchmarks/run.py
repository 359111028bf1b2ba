"""Every figure of docs/performance.md: `python tests/benchmarks/run.py [--large PATH] [--write]`.

Whole commands are measured by the CPU of the process against `python -c pass`, in pairs within this run. `--large`
names a database made by `tests/benchmarks/large.py` (with `--orders`), which is only read.
PostgreSQL is the server of the tests, which does not sync. `--write` puts the tables into docs/performance.md.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.app import App
from tests.benchmarks.measure import ROOT, against, against_pass, in_process, machine, run
from tests.servers import running

CRM = [sys.executable, "-m", "crmcli"]
BATCH = 10_000
TIMES = {"snapshot": 2000, "panorama": 5}
"""How often what is called in process; without a number here, a hundred times."""
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- measured -->"
RICH = ("-o", "table", "--color", "always")

# What is run, and how many times `python -c pass` it may cost.
START = {("--version",): 2.0, ("__complete", "bash", "crm show Ros"): 3.0, ("--help",): 13.0}
READ: list[tuple[str, ...]] = [
    *(("show", "c1"), ("find", "press"), ("queue",), ("contact", "list", "--limit", "50"), ()),
    *(("pipeline",), ("deal", "list"), ("order", "list", "--limit", "50"), ("case", "list")),
]
WRITE: list[tuple[str, ...]] = [
    ("log", "in", "c1", "Asked about delivery"),
    ("followup", "add", "c1", "Call", "--due", "+3d"),
    ("followup", "done", "f{n}"),
    ("contact", "edit", "c1", "--job-title", "Cellar master {n}"),
    ("deal", "add", "An engine", "--contact", "c1", "--amount", "12000 EUR"),
    ("order", "add", "c1", "--line", "2 x Gear @ 7.50 EUR"),
    ("case", "open", "c1", "It squeaks"),
]


def main() -> None:
    """Measure, and print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--pairs", type=int, default=21)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"Measured on {machine()}.", ""]
        for line in _tables(Path(folder), options.large, options.pairs):
            lines.append(line)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    if options.write:
        head = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(head + MARK + "\n\n" + "\n".join(lines) + "\n", "utf-8")


def _tables(folder: Path, large: Path | None, pairs: int) -> Iterator[str]:
    demo = _environ(folder, str(folder / "demo.db"))
    run([*CRM, "demo", "--path", demo["CRM_DB"]], demo)
    yield from _commands("SQLite, the demo database", demo, pairs, 8.0)
    yield from _batch("SQLite", _environ(folder, str(folder / "batch.db")), folder)
    with running(folder / "server") as server, server.database() as place:
        postgres = _environ(folder, place)
        run([*CRM, "batch"], postgres, _operations(folder, 50))
        yield from _postgresql(postgres, pairs)
        yield from _batch("PostgreSQL", postgres, folder)
    if large:
        yield from _large(large, _environ(folder, str(large)), demo, pairs)


def _environ(folder: Path, place: str) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "CRM_DB": place,
        "CRM_USER": "ada",
        "CRM_TIMEZONE": "UTC",
        "COLUMNS": "80",
    }


def _commands(title: str, environ: Mapping[str, str], pairs: int, write: float) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| command | CPU, times `pass` | at most | memory, MB |"
    yield "|---|---|---|---|"
    for words, most in START.items():
        yield _row(words, environ, pairs, most)
    for words in READ:
        yield _row((*words, *RICH), environ, pairs, 10.0)
        yield _row(words, environ, pairs, 7.0)
        yield _row((*words, "--json"), environ, pairs, 7.0)
    yield from (_row(words, environ, pairs, write) for words in WRITE)
    yield ""


def _postgresql(environ: Mapping[str, str], pairs: int) -> Iterator[str]:
    yield "### PostgreSQL"
    yield ""
    yield "| command | CPU, times `pass` | at most | memory, MB |"
    yield "|---|---|---|---|"
    for words in READ:
        yield _row(words, environ, pairs, 25.0)
    yield from (_row(words, environ, pairs, 25.0) for words in WRITE)
    yield ""


def _row(words: tuple[str, ...], environ: Mapping[str, str], pairs: int, most: float) -> str:
    """A row of the table; `{n}` in a word is another number in every run, so that every run changes something."""
    found = against_pass(_filled(words, environ, pairs), environ)
    shown = " ".join(("crm", *words)).replace("{n}", "1")
    return f"| `{shown}` | {found.cpu:.1f} | {most:g} | {found.memory:.0f} |"


def _filled(words: tuple[str, ...], environ: Mapping[str, str], pairs: int) -> Iterator[list[str]]:
    for number in range(pairs + 1):
        ready = _new_followup(environ) if words[:2] == ("followup", "done") else number
        yield [*CRM, *(word.format(n=ready) for word in words)]


def _new_followup(environ: Mapping[str, str]) -> int:
    app = App(environ=environ)
    try:
        return int(app.followups.add("c1", "Call", {"due": "+3d"})["id"].removeprefix("f"))
    finally:
        app.close()


def _operations(folder: Path, count: int) -> str:
    path = folder / f"{count}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(20):
            file.write(json.dumps({"op": "contact.add", "name": f"Customer {number}"}) + "\n")
        for number in range(count):
            operation = {
                "op": "log.in",
                "who": f"c{number % 20 + 1}",
                "text": f"Asked about order {number}",
                "channel": "call",
            }
            file.write(json.dumps(operation) + "\n")
    return str(path)


def _batch(title: str, environ: Mapping[str, str], folder: Path) -> Iterator[str]:
    little = min(run([*CRM, "batch"], environ, _operations(folder, 1)).cpu for _ in range(3))
    usage = min(
        (run([*CRM, "batch"], environ, _operations(folder, BATCH)) for _ in range(3)), key=lambda found: found.cpu
    )
    rate = BATCH / (usage.cpu - little)
    yield f"`crm batch`, {title}: {rate:,.0f} logged contacts a second of CPU, journal and search included,"
    yield f"{usage.memory:.0f} MB."
    yield ""


def _large(path: Path, environ: Mapping[str, str], demo: Mapping[str, str], pairs: int) -> Iterator[str]:
    app = App(environ={**environ, "CRM_NOW": "2026-11-20T10:00:00Z"})
    contacts = app.store.value("SELECT max(id) AS n FROM contact")
    interactions = app.store.value("SELECT max(id) AS n FROM interaction")
    orders = app.store.value("SELECT max(id) AS n FROM sales_order")
    anybody = random.Random(1)
    names = [
        row["display_name"] for row in app.store.rows("SELECT display_name FROM contact WHERE id % 9973 = 1 LIMIT 100")
    ]
    rare = [row["body"].split()[-1] for row in app.store.rows("SELECT body FROM interaction WHERE id <= 100")]
    shown = ("emails", "phones", "companies", "tags", "lifecycle_stage", "last_inbound_at", "last_outbound_at", "owner")

    def slip(name: str) -> str:
        return name[:2] + name[3] + name[2] + name[4:]

    calls = {
        "snapshot": (lambda n: app.snapshots.of(f"c{anybody.randint(1, contacts)}"), 5.0),
        "snapshot, the busiest": (lambda n: app.snapshots.of(f"c{n % 20 + 1}"), 5.0),
        "queue": (lambda n: app.queue.page(limit=50), 2.0),
        "list, a page of 50": (lambda n: app.contacts.page("", limit=50, parts=shown), 1.0),
        "find, a name": (lambda n: app.find.page(names[n % len(names)]), 25.0),
        "find, a rare word": (lambda n: app.find.page(rare[n % len(rare)]), 25.0),
        "find, three letters": (lambda n: app.find.page(names[n % len(names)][:3]), 25.0),
        "find, a common word": (lambda n: app.find.page(("delivery", "smith", "wheel", "invoice")[n % 4]), 60.0),
        "find, two letters": (lambda n: app.find.page(names[n % len(names)][:2]), 60.0),
        "find, with a slip": (lambda n: app.find.page(slip(names[n % len(names)].split()[-1])), 150.0),
        "orders, a page of 50": (lambda n: app.orders.page("", limit=50), 2.0),
        "deals, a page of 50": (lambda n: app.deals.page("", limit=50), 2.0),
        "cases, a page of 50": (lambda n: app.cases.page("", limit=50), 2.0),
        "panorama": (lambda n: app.panorama.of(), 1000.0),
    }
    size = path.stat().st_size / 1e9
    yield f"### {contacts:,} contacts, {interactions:,} interactions, {orders or 0:,} orders ({size:.1f} GB)"
    yield ""
    yield "| in process, SQLite | median, ms | p99, ms | at most |"
    yield "|---|---|---|---|"
    for name, (call, most) in calls.items():
        call(0)
        found = in_process(call, TIMES.get(name, 100))
        yield f"| {name} | {found.median:.2f} | {found.p99:.2f} | {most:g} |"
    app.close()
    yield ""
    yield "| whole command | CPU, times the demo database's | at most |"
    yield "|---|---|---|"
    for words in (
        ("show", "c1"),
        ("find", "press"),
        ("queue", "--limit", "50"),
        ("contact", "list", "--limit", "50"),
        (),
    ):
        yield (
            f"| `crm {' '.join(words)}`".rstrip("` ").rstrip()
            + f"` | {against([*CRM, *words], environ, demo, pairs):.2f} | 1.3 |"
        )
    yield ""


if __name__ == "__main__":
    main()

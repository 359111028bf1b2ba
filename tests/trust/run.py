"""Run a suite of docs/trust.md in full: `python tests/trust/run.py NAME [--write]`.

A suite is a file of this folder with a `SUITE`. `--count` and `--seed` try other cases, `--database` one kind alone.
`--write` puts the figures into docs/trust.md, into the row whose command names the suite. The exit status is 1 when a
fault was found.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.store import sqlite
from tests import servers
from tests.benchmarks.measure import machine
from tests.trust.suite import Bench, Outcome, Suite

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "trust.md"
MOST_TOLD = 20


def names() -> list[str]:
    """The names of all suites."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.py") if "\nSUITE = " in path.read_text("utf-8"))


def load(name: str) -> Suite:
    """The suite of that name."""
    found = import_module(f"tests.trust.{name}").SUITE
    assert isinstance(found, Suite)
    return found


def main() -> int:
    """Run one; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    suite = load(options.name)
    outcomes = {}
    for dialect in [options.database] if options.database else suite.databases:
        with bench(dialect, options.count or suite.full, options.seed) as made:
            outcomes[dialect] = suite.run(made)
        tell(dialect, outcomes[dialect])
    if options.write:
        write(options.name, outcomes)
    return int(any(outcome.faults for outcome in outcomes.values()))


def tell(dialect: str, outcome: Outcome) -> None:
    """Print what came of a run."""
    print(f"{dialect}: {outcome.figure}", flush=True)
    for fault in outcome.faults[:MOST_TOLD]:
        print(f"  FAULT: {fault}")
    if len(outcome.faults) > MOST_TOLD:
        print(f"  and {len(outcome.faults) - MOST_TOLD} more")


def write(name: str, outcomes: dict[str, Outcome]) -> None:
    """Put the figures into the row of docs/trust.md whose command names the suite.

    Raises:
        SystemExit: there is no such row.
    """
    figure = "; ".join(f"{dialect}: {outcome.figure}" for dialect, outcome in outcomes.items())
    row = re.compile(rf"^(\| .* \|) [^|]* (\| `python tests/trust/run\.py {name}` \|)$", re.MULTILINE)
    text, count = row.subn(lambda found: f"{found[1]} {figure} ({machine()}) {found[2]}", PAGE.read_text("utf-8"))
    if count != 1:
        raise SystemExit(f"docs/trust.md has {count} rows with the command of {name}")
    PAGE.write_text(text, "utf-8")


@contextmanager
def bench(dialect: str, count: int, seed: int) -> Iterator[Bench]:
    """A bench of its own, on a server of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-trust-")))
        place = sqlite_places(folder)
        if dialect == "postgresql":
            server = stack.enter_context(servers.running(Path(tempfile.gettempdir()) / f"{folder.name}-server"))
            place = lambda: stack.enter_context(server.database())  # noqa: E731
        yield Bench(dialect, folder, place, count, seed)


def sqlite_places(folder: Path) -> Callable[[], str]:
    """A function that makes fresh SQLite databases in a folder."""
    made = 0

    def place() -> str:
        nonlocal made
        made += 1
        path = folder / f"crm{made}.db"
        sqlite.create_file(str(path))
        return str(path)

    return place


if __name__ == "__main__":
    sys.exit(main())

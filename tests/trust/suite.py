"""What every suite of docs/trust.md is: a promise, so many tries to break it, and what came of them."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

BOTH = ("sqlite", "postgresql")


class Bench(NamedTuple):
    """What a run of a suite works with: a database kind, an empty folder, and how often to try.

    `place` makes a fresh database with the schema and no records, and returns its path or URL. `seed` gives the same
    run again.
    """

    dialect: str
    folder: Path
    place: Callable[[], str]
    count: int
    seed: int

    @property
    def chance(self) -> random.Random:
        """A generator for this run, the same each time."""
        return random.Random(self.seed)


class Outcome(NamedTuple):
    """What came of a run: the figure in words, as docs/trust.md has it, and every fault, each in a line."""

    figure: str
    faults: Sequence[str] = ()


class Suite(NamedTuple):
    """A suite: `full` tries for the figure in docs/trust.md, `short` ones in every run of the tests."""

    full: int
    short: int
    run: Callable[[Bench], Outcome]
    databases: Sequence[str] = BOTH

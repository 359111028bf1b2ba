"""Pairs within blocks: records that share something are compared with one another, and never all with all.

A large block (a switchboard's number, a name that hundreds have in one town) is put in the order of names, and each
record compared with the next few only. The work then grows as the number of records does.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from crmcli.store.nouns import PARTIES

MOST = 25
NEIGHBOURS = 8
# What more records than this have in common is theirs by chance, or a department's.
FEW = 4
MOST_NOTES = 3

Pair = tuple[int, int]


class Crowd(NamedTuple):
    """A block that was too large to compare each with each: what its members share, and how many they are."""

    what: str
    size: int


class Blocks:
    """Collecting pairs.

    Args:
        order: what a record is put next to others by.
    """

    def __init__(self, order: Callable[[int], tuple[str, ...]]) -> None:
        self.order = order
        self.pairs: set[Pair] = set()
        self.crowds: list[Crowd] = []

    def add(self, members: Sequence[int], what: str, alike: Callable[[int, int], bool] | None = None) -> None:
        """Take in the pairs of a block, or those of them that are `alike`."""
        found = sorted(set(members))
        if len(found) > MOST:
            self.crowds.append(Crowd(what, len(found)))
        for pair in self._within(found):
            if pair not in self.pairs and (alike is None or alike(*pair)):
                self.pairs.add(pair)

    def _within(self, members: list[int]) -> Iterator[Pair]:
        if len(members) <= MOST:
            yield from combinations(members, 2)
            return
        ordered = sorted(members, key=lambda member: (self.order(member), member))
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + NEIGHBOURS]:
                yield min(one, other), max(one, other)

    def notes(self, noun: str) -> list[str]:
        """What a person should know of the large blocks, the largest first."""
        largest = Counter({crowd.what: crowd.size for crowd in sorted(self.crowds)}).most_common()
        told = [
            f"{size:,} {noun} records share {what}: of them only those with neighbouring names were compared"
            for what, size in largest[:MOST_NOTES]
        ]
        more = len(largest) - MOST_NOTES
        return [*told, f"so were {more:,} smaller crowds"] if more > 0 else told


class Holders(NamedTuple):
    """Who has a value: the records of the noun that is looked at, and how many of the other noun have it too."""

    members: list[int]
    elsewhere: list[int]


def by_value(rows: Iterable[Mapping[str, Any]], noun: str) -> dict[str, Holders]:
    """The holders of each value that several have, of which one at least is of the noun."""
    found: dict[str, Holders] = {}
    for row in rows:
        held = found.setdefault(row["value"], Holders([], []))
        for owner in PARTIES:
            if row.get(f"{owner}_id") is not None:
                (held.members if owner == noun else held.elsewhere).append(row[f"{owner}_id"])
    return {value: held for value, held in found.items() if held.members}

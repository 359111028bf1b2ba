"""Pieces of SQL that several reads share."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
ENDLESS = 2**62
"""All of them: a limit that both databases take."""
SLICE = 500
"""So many values are asked about at once: within what every statement takes."""


def marks(values: Sequence[object]) -> str:
    """A `?` for each value, for a list between parentheses."""
    return ", ".join("?" * len(values))


def listed(keys: Iterable[int]) -> str:
    """Keys for a list between parentheses, where there may be more of them than a statement takes parameters."""
    return ", ".join(str(int(key)) for key in keys)


def slices(values: Sequence[T], size: int = SLICE) -> Iterator[Sequence[T]]:
    """The values in their order, so many at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))

"""Pieces of SQL that several reads share."""

from collections.abc import Iterable, Sequence


def marks(values: Sequence[object]) -> str:
    """A `?` for each value, for a list between parentheses."""
    return ", ".join("?" * len(values))


def listed(keys: Iterable[int]) -> str:
    """Keys for a list between parentheses, where there may be more of them than a statement takes parameters."""
    return ", ".join(str(int(key)) for key in keys)

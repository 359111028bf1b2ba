"""Pieces of SQL that several reads share."""

from collections.abc import Sequence


def marks(values: Sequence[object]) -> str:
    """A `?` for each value, for a list between parentheses."""
    return ", ".join("?" * len(values))

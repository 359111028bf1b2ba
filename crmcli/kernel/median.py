"""The middle of some numbers: `statistics` costs more to import than a command has time for."""

from collections.abc import Iterable


def median(numbers: Iterable[float]) -> float:
    """The median; of an even count the mean of the two in the middle. Raises IndexError for no numbers."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

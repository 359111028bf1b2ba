"""Shares with their uncertainty, and quartiles: what Python's own `statistics` does not have, or imports slowly."""

from collections.abc import Sequence
from math import sqrt

Z95 = 1.959963984540054
"""The quantile of the normal distribution for intervals that hold the true value 95 times of 100."""


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """The interval in which the true share lies, by Wilson's score without continuity correction.

    Wilson 1927; method 3 of Newcombe, Two-sided confidence intervals for the single proportion, 1998: 81 of 263 is
    .2553 to .3662, 0 of 20 is 0 to .1611. Without trials it is all there is, 0 to 1.

    Raises:
        ValueError: more successes than trials, or fewer than none.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}")
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, z * z
    middle = 2 * successes + square
    spread = z * sqrt(square + 4 * successes * (1 - share))
    below, above = middle - spread, middle + spread
    whole = 2 * (trials + square)
    # At the ends the interval ends there too, whatever the last digit of the arithmetic says.
    return (below / whole if successes else 0.0), (above / whole if successes < trials else 1.0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of ordered values lies, between two of them in proportion to their distance.

    Definition 7 of Hyndman and Fan 1996, as spreadsheets have it. Raises IndexError for no values.
    """
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median and the third quartile. Raises IndexError for no values."""
    ordered = sorted(values)
    return quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75)

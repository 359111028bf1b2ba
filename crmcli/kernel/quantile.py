"""Quantiles of some numbers by the nearest rank: always one of the numbers themselves."""

from collections.abc import Sequence


def nearest_rank(numbers: Sequence[int], percent: int) -> int:
    """The smallest of the numbers that at least so many percent of them do not exceed. Raises IndexError for none.

    Source: the nearest-rank definition, the ordinal rank ceil(P/100 * N).
    """
    ordered = sorted(numbers)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]

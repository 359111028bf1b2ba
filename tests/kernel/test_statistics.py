"""Intervals and quartiles against published numbers and definitions."""

import pytest

from crmcli.kernel.statistics import quantile, quartiles, wilson

# Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("successes", "trials", "low", "high"), PUBLISHED)
def test_wilson_is_as_published(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize("trials", range(1, 60))
def test_an_interval_holds_the_share_and_lies_within_0_and_1(trials: int) -> None:
    for successes in range(trials + 1):
        low, high = wilson(successes, trials)
        assert 0 <= low <= successes / trials <= high <= 1
        other = wilson(trials - successes, trials)
        assert (1 - other[1], 1 - other[0]) == (pytest.approx(low), pytest.approx(high))


def test_nothing_tells_nothing() -> None:
    assert wilson(0, 0) == (0, 1)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_quartiles_are_those_of_spreadsheets() -> None:
    assert quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)
    assert quartiles([7]) == (7, 7, 7)
    assert quantile([0, 10], 0.1) == 1
    with pytest.raises(IndexError):
        quartiles([])

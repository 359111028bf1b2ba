"""Sums of uncertain amounts, held against all that can happen."""

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest

from crmcli.kernel import chances
from crmcli.kernel.chances import Chance, Quantiles, quantiles, weighted
from crmcli.kernel.money import rounded


def enumerated(deals: Sequence[Chance]) -> dict[int, Fraction]:
    """The exact probability of every sum, by trying all combinations of what may come."""
    found: dict[int, Fraction] = {}
    for comes in product((False, True), repeat=len(deals)):
        chance = Fraction(1)
        for (_, likely), came in zip(deals, comes, strict=True):
            chance *= likely if came else 1 - likely
        total = sum(amount for (amount, _), came in zip(deals, comes, strict=True) if came)
        found[total] = found.get(total, Fraction(0)) + chance
    return found


def exact(deals: Sequence[Chance]) -> Quantiles:
    """The exact quantiles."""
    sums = enumerated(deals)

    def at(share: Fraction) -> int:
        below = Fraction(0)
        for total in sorted(sums):
            below += sums[total]
            if below >= share:
                return total
        raise AssertionError

    return Quantiles(at(Fraction(1, 10)), at(Fraction(1, 2)), at(Fraction(9, 10)))


def some(seed: int, count: int, step: int = 1, lowest: int = 1) -> list[Chance]:
    picked = random.Random(seed)
    return [(picked.randrange(lowest, 2000) * step, Fraction(picked.randrange(101), 100)) for _ in range(count)]


def test_twenty_deals_of_ten_thousand_at_thirty_percent() -> None:
    deals = [(1_000_000, Fraction(30, 100))] * 20
    assert weighted(deals) == 6_000_000
    assert quantiles(deals) == (3_000_000, 6_000_000, 9_000_000, 0)


@pytest.mark.parametrize("seed", range(40))
def test_quantiles_are_those_of_all_combinations(seed: int) -> None:
    deals = some(seed, seed % 10, lowest=-500 if seed % 3 == 0 else 1)
    assert quantiles(deals) == exact(deals)


@pytest.mark.parametrize("seed", range(20))
def test_a_grid_that_leaves_amounts_as_they_are_is_exact(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chances, "MOST_STEPS", 0)
    deals = some(seed, 9, step=250)
    found = quantiles(deals)
    assert found == exact(deals)
    assert found.error == 0


@pytest.mark.parametrize("seed", range(40))
def test_a_coarse_grid_keeps_within_its_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chances, "MOST_STEPS", 0)
    monkeypatch.setattr(chances, "GRID_STEPS", 0)  # the least number of cells
    deals = some(seed, 9, step=97, lowest=1 if seed % 2 else -300)
    found, wanted = quantiles(deals), exact(deals)
    assert found.error > 0
    for one, other in zip(found[:3], wanted[:3], strict=True):
        assert abs(one - other) <= found.error


def test_a_bound_is_told_and_small_for_thousands_of_odd_amounts() -> None:
    picked = random.Random(1)
    deals = [(picked.randrange(1, 10_000_000), Fraction(picked.randrange(1, 100), 100)) for _ in range(3000)]
    found = quantiles(deals)
    assert 0 < found.error < found.p50 // 500
    # With so many the sum is all but normal: the middle is its mean, and P10 and P90 are 1.2816 deviations away.
    mean = sum(amount * chance for amount, chance in deals)
    deviation = float(sum(amount * amount * chance * (1 - chance) for amount, chance in deals)) ** 0.5
    assert found.p50 == pytest.approx(float(mean), abs=found.error + deviation / 50)
    assert found.p90 - found.p50 == pytest.approx(1.2816 * deviation, rel=0.02)
    assert found.p50 - found.p10 == pytest.approx(1.2816 * deviation, rel=0.02)
    assert quantiles(list(reversed(deals))) == found  # the order of deals says nothing


def test_round_amounts_stay_exact_however_many() -> None:
    picked = random.Random(2)
    deals = [(picked.randrange(1, 100) * 50_000, Fraction(picked.choice([10, 20, 50, 80]), 100)) for _ in range(800)]
    found = quantiles(deals)
    assert found.error == 0
    assert all(one % 50_000 == 0 for one in found[:3])


def test_what_is_certain_is_in_all_of_them() -> None:
    deals = [(500, Fraction(1)), (200, Fraction(0)), (0, Fraction(1, 2)), (-100, Fraction(1))]
    assert quantiles(deals) == (400, 400, 400, 0)
    assert quantiles([]) == (0, 0, 0, 0)
    assert weighted([]) == 0


def test_a_quantile_that_is_just_reached_counts() -> None:
    assert quantiles([(1000, Fraction(90, 100))]) == (0, 1000, 1000, 0)
    assert quantiles([(1000, Fraction(10, 100))]) == (0, 0, 0, 0)
    assert quantiles([(1000, Fraction(50, 100))]) == (0, 0, 1000, 0)


@pytest.mark.parametrize("seed", range(20))
def test_each_deal_is_rounded_by_itself(seed: int) -> None:
    deals = [*some(seed, 50, lowest=-2000), (1, Fraction(1, 2)), (-1, Fraction(1, 2)), (7, Fraction(1, 3))]
    assert weighted(deals) == sum(rounded(amount * chance) for amount, chance in deals)
    assert weighted([(1, Fraction(1, 2))]) == 1
    assert weighted([(-1, Fraction(1, 2))]) == -1


def test_an_unlikely_whale_takes_no_room() -> None:
    deals = [(10**14, Fraction(1, 1000)), *((1 + place, Fraction(1, 2)) for place in range(400))]
    found = quantiles(deals)
    assert found.p90 < 10**14

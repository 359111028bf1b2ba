"""What a number of uncertain amounts may add up to: the distribution of their sum, and its quantiles.

Each amount comes with its probability or does not come, independently of all others. The distribution is the
convolution of these (Feller, An Introduction to Probability Theory, volume 1, XI.2): computed, not drawn by lot, so
that the same amounts always give the same quantiles.

Exact as long as the different sums are few enough: amounts are round, or not many. Where sums explode, amounts are
rounded to a grid, and the result says within which bound the exact quantile lies (see `_on_a_grid`).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, fsum, gcd, log, sqrt
from typing import NamedTuple

MOST_STEPS = 400_000
"""So many sums are looked at one by one; after that they are put on a grid: a tenth of a second."""
MOST_CELLS = 65_536
GRID_STEPS = 50_000_000
"""So many cells of a grid are computed, in a second at most; with more amounts it has fewer of them."""
LEAST = 10
"""Of several sums each has a tenth of these at the least."""
NOTHING = 1e-17
"""What is less likely than this is left out, which for all amounts together stays far below TIE."""
TIE = 1e-9
"""A quantile counts as reached where the last digits of the arithmetic say that it is not."""
DOUBT = 1e-3
"""How unlikely it is that rounding to a grid moved the sum by more than its bound."""
SLOT = 128
"""Bits of a cell. Masses take WORD of them; what multiplying adds is cut off before it would reach the next cell."""
WORD = 60
COARSEST = 2**20
"""A probability is kept as a fraction with no greater denominator."""

Chance = tuple[int, Fraction]
"""An amount in minor units, and how likely it comes."""


class Quantiles(NamedTuple):
    """Sums that are not exceeded with a probability of 10, 50 and 90 %, in minor units.

    `error` is how far the exact ones are from these at the most; 0 where they are exact.
    """

    p10: int
    p50: int
    p90: int
    error: int = 0


def quantiles(chances: Sequence[Chance], among: int = 1) -> Quantiles:
    """The quantiles of the sum of independent amounts; a quantile is the least sum with P(sum <= it) >= its share.

    Args:
        chances: amounts in minor units, each with its probability from 0 to 1. A negative amount lowers the sum.
        among: how many sums share the time that there is; with more of them each has a coarser grid, but none less than
            a tenth of the time.
    """
    among = min(among, LEAST)
    certain, open_ = _plain(chances)
    found = _exact(open_, MOST_STEPS // among)
    if found is None:
        low, middle, high, error = _on_a_grid(open_, GRID_STEPS // among)
    else:
        (low, middle, high), error = (_at(found, share) for share in (0.1, 0.5, 0.9)), 0
    return Quantiles(low + certain, middle + certain, high + certain, error)


def weighted(chances: Sequence[Chance]) -> int:
    """The sum of amount x probability, each rounded to minor units by itself, halves away from zero."""
    total = 0
    for amount, chance in chances:
        parts = abs(amount) * chance.numerator * 2 + chance.denominator
        total += parts // (chance.denominator * 2) * (1 if amount >= 0 else -1)
    return total


Uncertain = tuple[int, Fraction]


def _plain(chances: Sequence[Chance]) -> tuple[int, list[Uncertain]]:
    """What comes for certain, and the amounts above zero that may come, the smallest first.

    An amount below zero that comes with p is itself for certain, and its opposite with 1 - p.
    """
    certain = 0
    uncertain = []
    for amount, chance in chances:
        if amount < 0:
            certain, amount, chance = certain + amount, -amount, 1 - chance
        if chance == 1:
            certain += amount
        elif amount and chance:
            uncertain.append((amount, chance.limit_denominator(COARSEST)))
    return certain, sorted(uncertain)


def _exact(amounts: Sequence[Uncertain], most: int) -> dict[int, float] | None:
    """The probability of every sum; None when there are too many different sums."""
    sums = {0: 1.0}
    steps = 0
    for amount, exact in amounts:
        chance = float(exact)
        steps += len(sums)
        if steps > most:
            return None
        without = 1 - chance
        following = {total: mass * without for total, mass in sums.items()}
        for total, mass in sums.items():
            part = mass * chance
            if part > NOTHING:
                following[total + amount] = following.get(total + amount, 0.0) + part
        sums = following
    return sums


def _at(sums: dict[int, float], share: float) -> int:
    """The least sum with a probability of at least `share` of not being exceeded."""
    below = 0.0
    reached = 0
    for reached in sorted(sums):
        below += sums[reached]
        if below >= share - TIE:
            break
    return reached


def _on_a_grid(amounts: Sequence[Uncertain], steps: int) -> tuple[int, int, int, int]:
    """The quantiles, and a bound of their error, with amounts rounded to multiples of a width.

    The width is such that what is likely (16 standard deviations of the sum, twice the largest amount) fits into the
    cells; where that leaves every amount as it is, the quantiles are exact. Else amounts are rounded up or down so that
    the expected sum is kept. What rounding moves, the sum of X_i r_i with X_i being 0 or 1, is by Hoeffding's
    inequality (1963, theorem 2) with a probability of DOUBT at most farther than
    t = sqrt(sum r_i^2 * ln(2 / DOUBT) / 2) from its mean. So the exact quantile of a share q lies between that of
    q - DOUBT less t and that of q + DOUBT plus t: the farther is the bound.
    """
    deviation = sqrt(fsum(amount * amount * float(chance * (1 - chance)) for amount, chance in amounts))
    cells = max(256, min(MOST_CELLS, steps // len(amounts)))
    unit = gcd(*(amount for amount, _ in amounts))
    total = sum(amount for amount, _ in amounts)
    likely = min(total, max(16 * deviation, 2 * amounts[-1][0]))
    width = max(1, ceil(likely / (cells * unit))) * unit
    rounded, drift, squares = _rounded(amounts, width)
    start, masses = _convolved(rounded)
    marks = [_places(masses, (share - DOUBT, share, share + DOUBT)) for share in (0.1, 0.5, 0.9)]
    low, middle, high = ((start + mark[1]) * width + round(drift) for mark in marks)
    if not squares:
        return low, middle, high, 0
    farthest = max(max(mark[1] - mark[0], mark[2] - mark[1]) for mark in marks) * width
    return low, middle, high, farthest + ceil(sqrt(squares * log(2 / DOUBT) / 2))


def _rounded(amounts: Sequence[Uncertain], width: int) -> tuple[list[Uncertain], float, float]:
    """Amounts in widths, what the expected sum lost by it, and the sum of the squares of what rounding took."""
    found = []
    drift = squares = 0.0
    for amount, chance in amounts:
        likely = float(chance)
        cell, rest = divmod(amount, width)
        up = rest and drift + rest * likely > width * likely / 2
        taken = rest - width if up else rest
        drift += taken * likely
        squares += float(taken) * taken
        found.append((cell + 1 if up else cell, chance))
    return found, drift, squares


def _convolved(amounts: Sequence[Uncertain]) -> tuple[int, list[int]]:
    """The masses of the sums from a first one on, as integers in proportion to their probabilities.

    All cells stand in one large integer, SLOT bits each, so that a convolution with an amount that comes or does not is
    two multiplications by a small number, a shift and a sum, whatever the number of cells (Kronecker's substitution).
    """
    start, number, whole = 0, 1 << WORD, 1 << WORD
    for cell, chance in amounts:
        if (whole * chance.denominator).bit_length() > SLOT:
            number, cut = _cut_off(number, whole.bit_length() - WORD)
            start, whole = start + cut, whole >> whole.bit_length() - WORD
        comes = number * chance.numerator
        number = number * (chance.denominator - chance.numerator) + (comes << cell * SLOT)
        whole *= chance.denominator
    size = SLOT // 8
    raw = number.to_bytes(-(-number.bit_length() // SLOT) * size, "little")
    return start, [int.from_bytes(raw[place : place + size], "little") for place in range(0, len(raw), size)]


def _cut_off(number: int, bits: int) -> tuple[int, int]:
    """The cells without their last bits, and without those below that hold nothing any more; how many these are."""
    slots = -(-number.bit_length() // SLOT)
    kept = ((1 << SLOT - bits) - 1).to_bytes(SLOT // 8, "little")
    number = number >> bits & int.from_bytes(kept * slots, "little")
    empty = ((number & -number).bit_length() - 1) // SLOT
    return number >> empty * SLOT, empty


def _places(masses: Sequence[int], shares: Sequence[float]) -> tuple[int, int, int]:
    """The first places at which the sum of masses reaches three shares of all, in rising order."""
    whole, below = sum(masses), 0
    found: list[int] = []
    for place, mass in enumerate(masses):
        below += mass
        while len(found) < len(shares) and below / whole >= shares[len(found)] - TIE:
            found.append(place)
    found += [len(masses) - 1] * (len(shares) - len(found))
    return found[0], found[1], found[2]

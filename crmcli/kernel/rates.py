"""Exchange rates as somebody said them, and amounts turned from one currency into another without a float.

A rate is what one unit of its base was worth in its quote from a day on, kept as the decimal text that was given.
Nothing is ever invented: where no rate leads from one currency to the other, there is no amount.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from crmcli.kernel.codes import minor_units
from crmcli.kernel.errors import UsageError

LONGEST = 40
"""How many characters a rate may have."""
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


class Rate(NamedTuple):
    """One unit of `base` is worth `rate` of `quote` from the day `valid_from` on."""

    base: str
    quote: str
    valid_from: str
    rate: str


class Way(NamedTuple):
    """How one currency becomes another: what to multiply with, and the rates that it comes from, in their order."""

    factor: Fraction
    rates: tuple[Rate, ...]

    @property
    def since(self) -> str:
        """The day of the oldest rate of it; "" where none was needed."""
        return min((rate.valid_from for rate in self.rates), default="")


Newest = Mapping[tuple[str, str], Rate]
"""The newest rate of each pair of base and quote, as of some day."""


def check_rate(text: str) -> str:
    """The rate as it is kept: the decimal text itself, without white space around it.

    Raises:
        UsageError: it is no decimal number above zero, or too long to be kept as it is.
    """
    plain = text.strip()
    if len(plain) > LONGEST:
        raise UsageError(f"the rate has {len(plain)} characters", f"at most {LONGEST} are kept")
    if not _DECIMAL.fullmatch(plain) or not Fraction(plain):
        raise UsageError(f"'{plain}' is not a rate", "write a number above zero with a point, such as 1.0842")
    return plain


def newest(rates: Sequence[Rate], day: str) -> dict[tuple[str, str], Rate]:
    """Of each pair the newest rate that is not after a day (`YYYY-MM-DD`)."""
    found: dict[tuple[str, str], Rate] = {}
    for rate in rates:
        known = found.get((rate.base, rate.quote))
        if rate.valid_from <= day and (known is None or known.valid_from < rate.valid_from):
            found[rate.base, rate.quote] = rate
    return found


def way(known: Newest, base: str, quote: str) -> Way | None:
    """How an amount in `base` becomes one in `quote`; None where no rate leads there.

    The rate of the pair, or its inverse, whichever is newer (the rate itself where both are of one day); where there is
    neither, both steps through one common currency: the one whose older step is newest, then the first by its code.
    """
    if base == quote:
        return Way(Fraction(1), ())
    step = _step(known, base, quote)
    if step:
        return step
    best: Way | None = None
    for middle in sorted({code for pair in known for code in pair} - {base, quote}):
        first, second = _step(known, base, middle), _step(known, middle, quote)
        if first and second:
            both = Way(first.factor * second.factor, (*first.rates, *second.rates))
            if best is None or both.since > best.since:
                best = both
    return best


def unrounded(minor: int, base: str, quote: str, factor: Fraction) -> Fraction:
    """Minor units of `quote` for minor units of `base`: whoever adds them up rounds once, at the end.

    Args:
        minor: the amount in minor units of `base`.
        base: its currency.
        quote: the currency that is wanted.
        factor: what one whole unit of `base` is worth in whole units of `quote`.
    """
    return minor * factor * Fraction(10) ** (minor_units(quote) - minor_units(base))


def _step(known: Newest, base: str, quote: str) -> Way | None:
    direct, inverse = known.get((base, quote)), known.get((quote, base))
    if direct and (inverse is None or direct.valid_from >= inverse.valid_from):
        return Way(Fraction(direct.rate), (direct,))
    return Way(1 / Fraction(inverse.rate), (inverse,)) if inverse else None

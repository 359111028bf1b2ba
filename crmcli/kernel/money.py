"""Amounts of money: integers of minor units with a currency, read, written, shared out and added up without a float."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crmcli.kernel.codes import check_currency, minor_units
from crmcli.kernel.errors import UsageError

if TYPE_CHECKING:  # it costs more to import than a command that only shows amounts has time for
    from fractions import Fraction

MOST = 10**15
"""An amount is below so many minor units, so that sums of thousands of amounts fit into a database."""
# No thousands begin with 0: who writes 0,500 means a half.
_PLAIN = re.compile(r"([+-]?)([1-9][0-9]{0,2}(?:[,_ '][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_WITH_CODE = re.compile(r"(?:([A-Za-z]{3})\s*)?([+-]?[0-9][^A-Za-z]*?)(?:\s*([A-Za-z]{3}))?")


def parse_amount(text: str, currency: str) -> int:
    """Minor units of an amount as people write it: `12000`, `7.50`, `12,000.50`; the decimal mark is a point.

    Raises:
        UsageError: it is no amount, or has more decimals than the currency.
    """
    found = _PLAIN.fullmatch(text.strip())
    if not found:
        example = "12000 or 7.50" if minor_units(currency) else "12000"
        raise UsageError(f"'{text.strip()[:40]}' is not an amount", f"write {example}, with a point before decimals")
    units = minor_units(currency)
    decimals = (found[3] or "").rstrip("0")
    if len(decimals) > units:
        raise UsageError(f"{text.strip()[:40]} has more decimals than {currency}", f"{currency} has {units}")
    whole = re.sub("[^0-9]", "", found[2]).lstrip("0") or "0"
    # Python reads no number of thousands of digits.
    amount: int = (
        MOST if len(whole) >= len(str(MOST)) else int(whole) * 10**units + int(decimals.ljust(units, "0") or "0")
    )
    if amount >= MOST:
        raise UsageError(f"{text.strip()[:40]} is too large an amount", "amounts have at most fifteen digits")
    return -amount if found[1] == "-" else amount


def split_currency(text: str) -> tuple[str, str | None]:
    """The amount and the currency of `12000 EUR` or `EUR 12000`; None where none is named, or no number.

    Raises:
        UsageError: what stands there is no currency.
    """
    found = _WITH_CODE.fullmatch(text.strip())
    if not found or bool(found[1]) == bool(found[3]):
        return text.strip(), None
    return found[2].strip(), check_currency(found[1] or found[3])


def plain(minor: int, currency: str) -> str:
    """An amount as data: 123450 of EUR is `1234.50`."""
    units = minor_units(currency)
    whole, part = divmod(abs(minor), 10**units)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{units}d}" if units else "")


def divided(amount: int, by: int) -> int:
    """The integer nearest to `amount / by`; halves go away from zero, as on invoices."""
    found = (2 * abs(amount) + abs(by)) // (2 * abs(by))
    return -found if (amount < 0) != (by < 0) else found


def rounded(amount: "Fraction") -> int:
    """The integer nearest to a fraction, in the same way."""
    return divided(amount.numerator, amount.denominator)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A total shared out in proportion to weights, so that the parts add up to it (largest remainders, first come).

    Without any weight all goes to the first part.
    """
    whole = sum(weights)
    if not weights:
        return []
    if not whole:
        return [total, *[0] * (len(weights) - 1)]
    found = [total * weight // whole for weight in weights]
    # What is left of each, in parts of `whole`: the largest first.
    order = sorted(range(len(weights)), key=lambda place: (-abs(total * weights[place] - found[place] * whole), place))
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


def totals(amounts: Iterable[tuple[int, str]]) -> dict[str, int]:
    """The sums of amounts by currency, in the order of the codes."""
    found: dict[str, int] = {}
    for minor, currency in amounts:
        found[currency] = found.get(currency, 0) + minor
    return dict(sorted(found.items()))

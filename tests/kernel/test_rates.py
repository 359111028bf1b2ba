"""Rates and the ways between currencies: exact, and never invented."""

from fractions import Fraction

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import rounded
from crmcli.kernel.rates import Rate, check_rate, newest, unrounded, way

EUR_USD = Rate("EUR", "USD", "2026-11-01", "1.0842")
EUR_JPY = Rate("EUR", "JPY", "2026-11-05", "161.50")
ALL = [EUR_USD, EUR_JPY, Rate("EUR", "USD", "2026-01-01", "1.10")]


@pytest.mark.parametrize("text", ["1.0842", "161", "0.000001", " 1.0842 ", "1.10000000000000000000000001"])
def test_a_rate_is_kept_as_it_is_written(text: str) -> None:
    assert check_rate(text) == text.strip()


@pytest.mark.parametrize("text", ["", "0", "0.000", "-1", "1,08", "1.", ".5", "1e3", "nan", "½", "٣", "1" * 41])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        check_rate(text)


def test_the_newest_rate_not_after_the_day_counts() -> None:
    assert newest(ALL, "2026-11-01")["EUR", "USD"] == EUR_USD
    assert newest(ALL, "2026-10-31")["EUR", "USD"].rate == "1.10"
    assert newest(ALL, "2025-12-31") == {}


def test_a_way_is_direct_or_inverse_or_through_one_currency() -> None:
    known = newest(ALL, "2026-11-20")
    direct, inverse = way(known, "EUR", "USD"), way(known, "USD", "EUR")
    both = way(known, "JPY", "USD")
    assert direct and direct.factor == Fraction("1.0842")
    assert inverse and inverse.factor == 1 / Fraction("1.0842")
    assert both and both.factor == Fraction("1.0842") / Fraction("161.50")
    assert both.rates == (EUR_JPY, EUR_USD)
    assert way(known, "CHF", "USD") is None
    assert way({}, "EUR", "USD") is None
    assert way({}, "EUR", "EUR") == (1, ())


def test_two_steps_are_the_most() -> None:
    chain = [Rate("EUR", "USD", "2026-01-01", "1"), Rate("USD", "JPY", "2026-01-01", "1")]
    chain.append(Rate("JPY", "KWD", "2026-01-01", "1"))
    known = newest(chain, "2026-01-01")
    assert way(known, "EUR", "JPY") is not None
    assert way(known, "EUR", "KWD") is None


def test_of_a_rate_and_its_inverse_the_newer_counts() -> None:
    older, newer = Rate("EUR", "USD", "2026-01-01", "2"), Rate("USD", "EUR", "2026-02-01", "0.25")
    assert way(newest([older, newer], "2026-03-01"), "EUR", "USD") == (Fraction(4), (newer,))
    assert way(newest([older, newer], "2026-01-15"), "EUR", "USD") == (Fraction(2), (older,))
    same = Rate("USD", "EUR", "2026-01-01", "0.25")
    assert way(newest([older, same], "2026-03-01"), "EUR", "USD") == (Fraction(2), (older,))


def test_of_several_common_currencies_the_newest_counts() -> None:
    old = [Rate("EUR", "CHF", "2026-01-01", "1"), Rate("CHF", "USD", "2026-05-01", "1")]
    new = [Rate("EUR", "GBP", "2026-02-01", "3"), Rate("GBP", "USD", "2026-02-01", "1")]
    found = way(newest([*old, *new], "2026-06-01"), "EUR", "USD")
    assert found and found.factor == 3


@pytest.mark.parametrize(
    ("minor", "base", "quote", "factor", "expected"),
    [
        (10_000, "EUR", "USD", "1.0842", 10_842),
        (1, "EUR", "USD", "0.5", 1),  # half a cent goes away from zero
        (-1, "EUR", "USD", "0.5", -1),
        (1, "EUR", "USD", "0.49", 0),
        (10_000, "EUR", "JPY", "161.50", 16_150),  # no decimals
        (3_000, "JPY", "EUR", "0.0061919504643962848297", 1858),
        (1_000, "KWD", "EUR", "3", 300),  # three decimals
    ],
)
def test_an_amount_is_rounded_once(minor: int, base: str, quote: str, factor: str, expected: int) -> None:
    assert rounded(unrounded(minor, base, quote, Fraction(factor))) == expected


def test_there_and_back_is_the_same_within_half_of_the_smallest_unit() -> None:
    factor = Fraction("1.0842")
    for minor in range(-3000, 3000, 7):
        there = rounded(unrounded(minor, "EUR", "USD", factor))
        assert abs(rounded(unrounded(there, "USD", "EUR", 1 / factor)) - minor) <= 1

"""Division as on invoices, and amounts as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import divided, parse_amount, rounded

WHOLE = st.integers(-(10**18), 10**18)


@given(WHOLE, WHOLE.filter(bool))
def test_a_division_comes_to_the_nearest_integer_and_halves_go_away_from_zero(amount: int, by: int) -> None:
    exact, found = Fraction(amount, by), divided(amount, by)
    assert abs(exact - found) <= Fraction(1, 2)
    if abs(exact - found) == Fraction(1, 2):
        assert abs(found) > abs(exact)
    assert rounded(exact) == found
    assert divided(-amount, by) == -found


def test_halves() -> None:
    assert [divided(amount, 10) for amount in (4, 5, 15, 14, -5, -15, -4)] == [0, 1, 2, 1, -1, -2, 0]
    assert [divided(5, -10), divided(-5, -10)] == [-1, 1]


@pytest.mark.parametrize(("text", "minor"), [("1,500", 150_000), ("12 000.50", 1_200_050), ("0.500", 50), ("007", 700)])
def test_amounts_as_people_write_them(text: str, minor: int) -> None:
    assert parse_amount(text, "EUR") == minor


@pytest.mark.parametrize("text", ["1" + "0" * 15, "9" * 5000, "-" + "9" * 5000])
def test_an_amount_beyond_all_bounds_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="too large an amount"):
        parse_amount(text, "JPY")
    assert parse_amount("0" * 5000 + "7", "JPY") == 7


@pytest.mark.parametrize("text", ["0,500", "00,500", "0,333,000", "1,50"])
def test_a_comma_that_is_no_mark_of_thousands_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not an amount"):
        parse_amount(text, "EUR")

"""Division as on invoices."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.money import divided, rounded

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

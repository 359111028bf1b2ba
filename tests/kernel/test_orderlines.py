"""Lines of deals and orders: what is written is read again, to the minor unit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.kernel.orderlines import (
    Amounts,
    Line,
    amounts,
    meant,
    parse_line,
    parse_quantity,
    parse_share,
    price_of,
    write_line,
    write_quantity,
    write_share,
)

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40).map(
    str.strip
)
PRICES = st.integers(-(10**9), 10**9)
QUANTITIES = st.integers(1, 10**6) | st.integers(-(10**6), -1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2 x Red apples @ 7.50", Line(2000, "Red apples", "7.50")),
        ("2x Red apples @7.50 eur -10%", Line(2000, "Red apples", "7.50", "EUR", percent=10_000)),
        ("1.5 × Hours @ EUR 90 -15 tax 7.7 %", Line(1500, "Hours", "90", "EUR", "15", tax_rate=7700)),
        ("Red apples", Line(1000, "Red apples")),
        ("3 * p4 -12.5%", Line(3000, "p4", percent=12_500)),
        ("2xl shirts @ 19", Line(1000, "2xl shirts", "19")),
        ("1 x Tea @ home @ 4.20 USD - 0.20 USD", Line(1000, "Tea @ home", "4.20", "USD", "0.20")),
        ("2 x Mug @ 10.00 EUR -2.00 EUR", Line(2000, "Mug", "10.00", "EUR", "2.00")),
        ("2 x Mug @ 10 EUR -2", Line(2000, "Mug", "10", "EUR", "2")),
        ("2 x Mug @ 10 -2 EUR", Line(2000, "Mug", "10", "EUR", "2")),
        ("-1 x Red apples @ 7.50", Line(-1000, "Red apples", "7.50")),
        ("Voucher @ -10 EUR", Line(1000, "Voucher", "-10", "EUR")),
        ("A-Class 4x4 - red", Line(1000, "A-Class 4x4 - red")),
        ("Apples@5EUR", Line(1000, "Apples", "5", "EUR")),
        ("2 x Tea@home@4.20 -10% tax 7%", Line(2000, "Tea@home", "4.20", percent=10_000, tax_rate=7000)),
        ("help@desk.example", Line(1000, "help@desk.example")),
        ("Route@66 map", Line(1000, "Route@66 map")),
        ("1 x Desk @ 1,200.50 CHF", Line(1000, "Desk", "1,200.50", "CHF")),
    ],
)
def test_what_people_write(text: str, line: Line) -> None:
    assert parse_line(text) == line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not say what is sold"),
        ("2 x @ 7.50", "does not say what is sold"),
        ("@ 7.50", "does not say what is sold"),
        ("0 x Apples", "nothing"),
        ("1.2345 x Apples", "is not a quantity"),
        ("Apples @ cheap", "behind @ is not a price"),
        ("Apples @", "behind @ is not a price"),
        ("Apples @ 7,5", "is not an amount"),
        ("Apples @ 7.50 EUR -1 USD", "one currency"),
        ("Apples @ 7.50 EUR -101%", "is not a share"),
        ("Apples @ 7.50 ABC", "no currency"),
        ("x" + " " * 100_000 + "y", "too long"),
    ],
)
def test_what_is_no_line_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_line(text)
    assert told in error.value.message


@given(QUANTITIES, NAMES.filter(bool), PRICES, CURRENCIES, st.data())
def test_what_is_written_is_read_again(
    quantity: int, name: str, price: int, currency: str, data: st.DataObject
) -> None:
    gross = amounts(Line(quantity, name), price, currency).gross
    discount = data.draw(st.integers(0, min(abs(gross), 10**12))) * (-1 if gross < 0 else 1)
    tax = data.draw(st.none() | st.integers(0, 100_000))
    line = parse_line(write_line(quantity, name, price, currency, discount, tax))
    assert (line.quantity, line.product, line.currency, line.tax_rate) == (quantity, name, currency, tax)
    assert price_of(line, currency) == price
    assert amounts(line, price, currency) == Amounts(gross, discount, gross - discount)


@given(QUANTITIES, PRICES, st.integers(0, 100_000), CURRENCIES)
def test_a_share_is_rounded_once_to_the_nearest(quantity: int, price: int, percent: int, currency: str) -> None:
    found = amounts(Line(quantity, "x", percent=percent), price, currency)
    assert abs(Fraction(quantity * price, 1000) - found.gross) <= Fraction(1, 2)
    assert abs(Fraction(found.gross * percent, 100_000) - found.discount) <= Fraction(1, 2)
    assert found.amount == found.gross - found.discount
    assert abs(found.discount) <= abs(found.gross)


@given(QUANTITIES, st.integers(0, 100_000))
def test_quantities_and_shares_read_back(quantity: int, share: int) -> None:
    assert parse_quantity(write_quantity(quantity)) == quantity
    assert parse_share(write_share(share)) == share


def test_numbers_beyond_all_bounds_are_refused() -> None:
    with pytest.raises(UsageError, match="too large a quantity"):
        parse_quantity("9" * 5000)
    with pytest.raises(UsageError, match="is not a share"):
        parse_share("9" * 5000 + "%")
    assert parse_quantity("0" * 5000 + "2") == 2000


def test_halves_go_away_from_zero_as_on_invoices() -> None:
    assert amounts(Line(500, "x"), 1, "EUR") == Amounts(1, 0, 1)
    assert amounts(Line(-500, "x"), 1, "EUR") == Amounts(-1, 0, -1)
    assert amounts(Line(1000, "x", percent=50_000), 25, "EUR") == Amounts(25, 13, 12)


def test_a_discount_is_not_more_than_the_line() -> None:
    with pytest.raises(UsageError, match="more than the line"):
        amounts(parse_line("Apples @ 7.50 -8"), 750, "EUR")
    assert amounts(parse_line("Apples @ 7.50 -7.50"), 750, "EUR").amount == 0


def test_a_price_must_fit_its_currency() -> None:
    with pytest.raises(UsageError, match="more decimals than JPY"):
        price_of(parse_line("Apples @ 7.50"), "JPY")
    with pytest.raises(UsageError, match="is in USD, not in EUR"):
        price_of(parse_line("Apples @ 7.50 USD"), "EUR")
    assert price_of(parse_line("Apples"), "EUR") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 Cups @ 3", "2 x Cups @ 3"),
        ("2*Cup @ 3 -10%", "2 x Cup @ 3 -10%"),
        ("2×Cup", "2 x Cup"),
        ("2xCup @ 3", "2 x Cup @ 3"),
        (" 1.5 kg Rice @ 2", "1.5 x Rice @ 2"),
        ("1,5 kg of Rice @ 2", "1.5 x Rice @ 2"),
        ("1,000 Cups @ 2", "1000 x Cups @ 2"),
        ("1,5 x Rice @ 2", "1.5 x Rice @ 2"),
        ("0,500 x Rice @ 2", "0.500 x Rice @ 2"),
        ("500g Flour @ 2", "500 x Flour @ 2"),
        ("2 hours Repair @ 90", "2 x Repair @ 90"),
        ("2 hours @ 90", "2 x hours @ 90"),
        ("2 @ 3", "2 x WHAT @ 3"),
        ("2@3", "2 x WHAT @3"),
        ("3", "3 x WHAT"),
        ("1 x 2 Cups @ 3", None),
        ("2x Cups @ 3", None),
        ("Cups @ 3", None),
        ("3D printer @ 900", None),
        ("10m cable @ 4", None),
        ("2xl shirts @ 19", None),
        ("4x4 car @ 9000", None),
        ("1. Klasse @ 5", None),
        ("50% voucher @ 5", None),
    ],
)
def test_a_number_before_what_is_sold_is_a_quantity_without_its_sign(text: str, expected: str | None) -> None:
    assert meant(text) == expected

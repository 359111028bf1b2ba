"""The board: money in little room."""

import pytest

from crmcli.render.screens.pipeline import short_money


@pytest.mark.parametrize(
    ("minor", "currency", "room", "told"),
    [
        (1_200_000, "EUR", 20, "12,000 EUR"),
        (1_200_050, "EUR", 20, "12,000.50 EUR"),
        (123_456_789, "EUR", 12, "1.2M EUR"),
        (22_500, "JPY", 17, "22,500 JPY"),
        (123_456_789_012, "JPY", 12, "123G JPY"),
        (99_999, "EUR", 8, "999 EUR"),
        (-1_200_000, "EUR", 9, "-12.0k EUR"),
        (1500, "KWD", 17, "1.500 KWD"),
        (0, "EUR", 17, "0 EUR"),
    ],
)
def test_an_amount_is_shortened_where_it_must_be(minor: int, currency: str, room: int, told: str) -> None:
    assert short_money(minor, currency, room) == told

"""Amounts in records and on narrow screens."""

import pytest

from crmcli.kernel.amounts import fields, grouped, short


def test_a_record_has_both_forms() -> None:
    assert fields("EUR", {"total": 123450, "paid": None}) == {
        "total": "1234.50",
        "total_minor": 123450,
        "paid": None,
        "paid_minor": None,
    }
    assert fields("JPY", {"total": 750}) == {"total": "750", "total_minor": 750}


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "EUR", "0"),
        (95_099, "EUR", "951"),
        (100_000, "EUR", "1k"),
        (123_456, "EUR", "1.23k"),
        (1_234_567, "EUR", "12.3k"),
        (12_345_678, "EUR", "123k"),
        (-125_000_000, "EUR", "-1.25M"),
        (3_000_000_000, "JPY", "3G"),
    ],
)
def test_a_few_characters(minor: int, currency: str, text: str) -> None:
    assert short(minor, currency) == text


def test_whole_units() -> None:
    assert grouped(1_234_599, "EUR") == "12,346"
    assert grouped(1_234_549, "EUR") == "12,345"
    assert [grouped(minor, "EUR") for minor in (-99, -50, -49, 50)] == ["-1", "-1", "0", "1"]
    assert grouped(264, "JPY") == "264"
    assert short(95_060, "EUR") == "951"

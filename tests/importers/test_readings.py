"""Money, moments, days and words of business systems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.readings import amount, domain_of_website, keep, moment, standing, take, whole, yes


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,234.50", "USD", 123450),
        ("1.234,50", "EUR", 123450),
        ("1'234.50", "CHF", 123450),
        ("1 234,5", "EUR", 123450),
        ("$1234.5", "USD", 123450),
        ("EUR 1,234", "EUR", 123400),
        ("12 EUR", "EUR", 1200),
        ("1,234,567", "USD", 123456700),
        ("500000.0", None, 50000000),
        ("12000", "JPY", 12000),
        ("1.5", "KWD", 1500),
        ("-5", "EUR", -500),
        ("(12.00)", "USD", -1200),
        ("0.005", "USD", 1),
        ("0,333", "EUR", 33),
        ("-0,500", "EUR", -50),
        ("0,333", "KWD", 333),
    ],
)
def test_amounts(text: str, currency: str | None, minor: int) -> None:
    assert amount(text, currency) == minor


@pytest.mark.parametrize("text", ["", "a lot", "1..2", "12 or 13", "=1+1", "9" * 16, "1e5.2.1e", "12;30"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="is no amount of money"):
        amount(text, "EUR")


@given(st.integers(-(10**12), 10**12))
def test_an_amount_is_read_as_it_is_written(minor: int) -> None:
    text = f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
    assert amount(text, "EUR") == minor


@given(st.text(max_size=60))
def test_reading_never_fails_otherwise(text: str) -> None:
    moment(text)
    whole(text)
    yes(text)
    try:
        amount(text, None)
    except ValueError as error:
        assert "amount" in str(error)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05 10:00:00 -0500", "2026-01-05T15:00:00Z"),
        ("2026-10-14T12:00:00.000Z", "2026-10-14T12:00:00Z"),
        ("2026-10-14T12:00:00.000Z-0300", "2026-10-14T15:00:00Z"),
        ("2026-10-14 12:00", "2026-10-14T12:00:00Z"),
        ("2026-10-14 12:00 UTC", "2026-10-14T12:00:00Z"),
        ("2026-10-14T12:00:00+02:00", "2026-10-14T10:00:00Z"),
        ("2026-10-14", "2026-10-14T00:00:00Z"),
        ("2026-02-30", None),
        ("10/14/2026 12:00", None),
        ("0001-01-01 00:00:00 +0500", None),
        ("", None),
    ],
)
def test_moments(text: str, instant: str | None) -> None:
    assert moment(text) == instant


def test_words_in_our_own_terms() -> None:
    values = {"lead_status": "in_progress"}
    standing(values, "lead_status", {"in progress": "contacted"})
    assert values == {"lead_status": "contacted", "set": [{"lead_status_text": "in_progress"}]}


def test_custom_fields_come_and_go() -> None:
    values: dict[str, object] = {}
    keep(values, "size", "38")
    assert take(values, "width") == ""
    assert take(values, "size") == "38"
    assert values == {}


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("https://www.Engines.example/", ["engines.example"]),
        ("engines.example", ["engines.example"]),
        ("https://social.example/engines", None),
        ("not a site", None),
        ("http://localhost", None),
    ],
)
def test_the_domain_of_a_site(site: str, domain: list[str] | None) -> None:
    values = {"url": [{"value": site}]}
    domain_of_website(values)
    assert values.get("domain") == domain

"""Language tags, currencies, countries, money."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import codes
from crmcli.kernel.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [  # most from RFC 5646, appendix A
        ("de", "de"),
        ("en-gb", "en-GB"),
        ("EN_us", "en-US"),
        ("zh-hant", "zh-Hant"),
        ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-ch-1901", "de-CH-1901"),
        ("hy-latn-it-arevela", "hy-Latn-IT-arevela"),
        ("es-419", "es-419"),
        ("de-ch-x-phonebk", "de-CH-x-phonebk"),
        ("x-whatever", "x-whatever"),
        ("en-us-u-islamcal", "en-US-u-islamcal"),
        ("zh-cn-a-myext-x-private", "zh-CN-a-myext-x-private"),
        (" fil ", "fil"),
    ],
)
def test_language_tags_get_their_case(text: str, expected: str) -> None:
    assert codes.check_language(text) == expected
    assert codes.check_language(expected) == expected


@pytest.mark.parametrize(
    "text",
    ["", "english", "e", "en-", "-en", "en--gb", "de-419-DE", "a-DE", "ar-a-aaa-b-bbb-a-ccc", "de-de-1901-1901", "x"]
    + ["en-a", "en-a-b-cc", "en gb", "én", "en\0", "en-" + "x" * 9, "en-x-" + "a" * 1_000_000, "Deutsch", "٣٣"],
)
def test_other_words_are_no_languages(text: str) -> None:
    with pytest.raises(UsageError, match="not a language tag"):
        codes.check_language(text)


@pytest.mark.parametrize(
    ("code", "units"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("ISK", 0), ("HUF", 2), ("CLF", 4), ("UYW", 4)]
    + [("KWD", 3), ("BHD", 3), ("TND", 3), ("JOD", 3), ("OMR", 3), ("IQD", 3), ("LYD", 3), ("MGA", 2), ("XCG", 2)],
)
def test_minor_units_are_those_of_iso_4217(code: str, units: int) -> None:
    assert codes.check_currency(code.lower()) == code
    assert codes.minor_units(code) == units


@pytest.mark.parametrize("text", ["", "EU", "EURO", "XXX", "XAU", "AED AFN", "€", "ＥＵＲ"])
def test_other_words_are_no_currencies(text: str) -> None:
    with pytest.raises(UsageError, match="no currency"):
        codes.check_currency(text)


def test_the_nearest_currency_is_named() -> None:
    with pytest.raises(UsageError) as error:
        codes.check_currency("euro")
    assert "EUR" in error.value.hint


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (123450, "EUR", "1,234.50 EUR"),
        (5, "USD", "0.05 USD"),
        (-5, "USD", "-0.05 USD"),
        (1234, "JPY", "1,234 JPY"),
        (1234, "KWD", "1.234 KWD"),
        (0, "CLF", "0.0000 CLF"),
        (10**18, "EUR", "10,000,000,000,000,000.00 EUR"),
    ],
)
def test_money_is_exact(minor: int, currency: str, expected: str) -> None:
    assert codes.format_money(minor, currency) == expected


@given(st.integers(), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_no_minor_unit_is_lost(minor: int, currency: str) -> None:
    amount = codes.format_money(minor, currency).removesuffix(f" {currency}")
    assert int(amount.replace(",", "").replace(".", "")) == minor


def test_countries() -> None:
    assert codes.check_country("gb") == "GB"
    assert codes.check_country(" AX ") == "AX"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    known = 0
    for code in (a + b for a in letters for b in letters):
        try:
            known += codes.check_country(code) == code
        except UsageError:
            continue
    assert known == 249  # officially assigned codes of ISO 3166-1
    with pytest.raises(UsageError) as error:
        codes.check_country("UK")
    assert "GB" in error.value.hint


@pytest.mark.parametrize("text", ["", "Germany", "D", "AD AE", "XX", "ß"])
def test_other_words_are_no_countries(text: str) -> None:
    with pytest.raises(UsageError, match="no country"):
        codes.check_country(text)


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_calling_codes_are_as_long_as_they_are(code: int) -> None:
    assert codes.calling_code_length(f"+{code}2079460958") == len(str(code))

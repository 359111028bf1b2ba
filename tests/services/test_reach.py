"""The short ways to understand an address or a number say what the libraries say."""

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.services import emails, phones

CODES = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
DIGITS = st.text("0123456789", min_size=3, max_size=14)


def by_library(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@settings(max_examples=3000)
@given(CODES, DIGITS, st.sampled_from(["", " ", "-", ".", ")"]))
def test_a_number_with_its_country_is_what_the_library_makes_of_it(code: int, digits: str, between: str) -> None:
    text = f"+{code}{between}{digits}"
    found = phones.international(text)
    assert found is None or found == by_library(text)


@pytest.mark.parametrize("text", ["+44 20 7946 0958", "+1 (415) 555-2671", "+49 30 901820", "+61.2.9876.5432"])
def test_usual_numbers_take_the_short_way(text: str) -> None:
    assert phones.international(text) == by_library(text) is not None


@pytest.mark.parametrize(
    "text", ["+44 (0)20 7946 0958", "+999 1234567", "020 7946 0958", "+1 555", "+44 20 7946 0958 x12"]
)
def test_what_needs_thought_is_left_to_the_library(text: str) -> None:
    assert phones.international(text) is None


ATOMS = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-.", min_size=1, max_size=70)
DOMAINS = st.one_of(
    st.text("abcxyz019-.", min_size=1, max_size=70),
    st.sampled_from(["x.test", "x.invalid", "x.local", "localhost", "engines.example", "a.b.onion", "x.arpa"]),
)


@settings(max_examples=3000)
@given(ATOMS, DOMAINS)
def test_a_plain_address_is_what_the_library_makes_of_it(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    if emails._PLAIN.fullmatch(text) and len(local) <= 64 and len(text) <= 254:
        assert validate_email(text, check_deliverability=False).normalized == text

"""The keys that rows are found and sorted by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.store import derive
from crmcli.store.schema import TABLES


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ada  Lovelace ", "ada lovelace"),
        ("MÜLLER", "muller"),
        ("Straße", "strasse"),
        ("山田 太郎", "山田 太郎"),
        ("", ""),
    ],
)
def test_name_key(text: str, key: str) -> None:
    assert derive.name_key(text) == key


@given(st.text(max_size=100))
def test_a_name_key_is_its_own_key(text: str) -> None:
    key = derive.name_key(text)
    assert derive.name_key(key) == key


@pytest.mark.parametrize(("text", "key"), [(" Ada@Engines.Example ", "ada@engines.example"), ("a@b", "a@b")])
def test_email_key(text: str, key: str) -> None:
    assert derive.email_key(text) == key


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Ada@Engines.Example ", "engines.example"),
        ('"a@b"@x.example', "x.example"),
        ("ada", ""),
        ("ADA@STRAẞE.EXAMPLE", "strasse.example"),
    ],
)
def test_an_address_has_the_domain_of_its_key(text: str, domain: str) -> None:
    row = {"value": text}
    assert derive.columns("email", row) == {"value_key": derive.email_key(text), "domain": domain}


@pytest.mark.parametrize(
    ("text", "fewest", "phone"),
    [
        ("+44 (20) 7946-0958", 5, True),
        ("020 7946 0958 ext. 2", 5, True),
        ("030 9", 5, False),
        ("030 9", 1, True),
        ("12345 Berlin", 5, False),
        ("ext", 1, False),
        ("", 1, False),
    ],
)
def test_what_looks_like_a_phone_number(text: str, fewest: int, phone: bool) -> None:
    assert derive.looks_like_phone(text, fewest=fewest) == phone


@pytest.mark.parametrize(("text", "digits"), [("+44 20 7946-0958", "442079460958"), ("ext. ٣", ""), ("", "")])
def test_digits(text: str, digits: str) -> None:
    assert derive.digits(text) == digits


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12.0), ("-1.5e3", -1500.0), ("inf", None), ("nan", None), ("x", None)]
)
def test_number(text: str, number: float | None) -> None:
    assert derive.number(text) == number


def test_every_derived_column_has_a_rule_but_those_the_gate_keeps() -> None:
    kept = {"last_inbound_at", "last_outbound_at", "order_count", "first_order_on", "last_order_on"}
    row = dict.fromkeys(["display_name", "name", "value", "raw"], "x") | dict.fromkeys(
        ["family_name", "given_name", "e164"]
    )
    for table in TABLES.values():
        derived = {name for name, column in table.columns.items() if column.derived} - kept
        assert derived == derive.columns(table.name, row).keys(), table.name


def test_a_contact_without_a_family_name_is_sorted_by_its_whole_name() -> None:
    assert derive.columns("contact", {"display_name": "Åsa", "family_name": None})["sort_key"] == "asa"

"""What values become before the database is asked, and what is kept of those that no field can hold."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.services.importing.prepare import Prepared, Preparer

CLOCK = Clock(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))


def prepared(values: dict[str, Any], noun: str = "contact", country: str | None = "GB") -> Prepared:
    return Preparer(CLOCK, country).one(noun, values, 1).prepared()


@pytest.mark.parametrize(
    ("values", "name", "named"),
    [
        ({"name": "  Ada   Lovelace "}, "Ada Lovelace", True),
        ({"given_name": "Ada", "family_name": "Lovelace", "honorific_prefix": "Dr"}, "Dr Ada Lovelace", True),
        ({"email": [{"value": "ada@engines.example"}]}, "ada@engines.example", False),
        ({"phone": ["020 7946 0958"]}, "020 7946 0958", False),
        ({"company": [{"name": "Analytical Engines"}]}, "Analytical Engines", False),
        ({"nickname": "Countess", "email": ["ada@engines.example"]}, "Countess", False),
    ],
)
def test_everybody_has_a_name(values: dict[str, Any], name: str, named: bool) -> None:
    one = prepared(values)
    assert (one.name, one.named) == (name, named)


def test_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="names nobody"):
        prepared({"notes": "no name at all"})


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="is not an e-mail address"):
        prepared({"name": "Ada", "email": ["not an address"]})


@pytest.mark.parametrize("text", ["n/a", "-", "NULL", " none "])
def test_words_for_nothing_are_nothing(text: str) -> None:
    one = prepared({"name": "Ada", "email": [text], "phone": [text], "timezone": text})
    assert (one.emails, one.phones) == ((), ())
    assert "set" not in one.values


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("birth_date", "in spring"),
        ("timezone", "Eastern Time"),
        ("currency", "pounds"),
        ("preferred_language", "???"),
        ("lifecycle_stage", "hot"),
    ],
)
def test_what_a_field_cannot_hold_is_kept_beside_it(field: str, text: str) -> None:
    one = prepared({"name": "Ada", field: text})
    assert field not in one.values
    assert one.values["set"] == [{f"{field}_text": text}]


def test_numbers_that_are_none_and_unknown_countries_are_kept_as_fields() -> None:
    one = prepared({"name": "Ada", "phone": ["ask"], "address": [{"locality": "Ruritania", "country": "Ruritania"}]})
    assert one.values["set"] == [{"country_text": "Ruritania"}, {"phone_text": "ask"}]
    assert one.values["address"] == [{"locality": "Ruritania"}]


def test_numbers_are_dialled_in_the_country_of_the_address() -> None:
    one = prepared({"name": "Ada", "phone": ["030 901820"], "address": [{"city": "Berlin", "country": "Deutschland"}]})
    assert one.phones[0].e164 == "+4930901820"


def test_the_same_address_twice_is_one_and_the_primary_one_comes_first() -> None:
    one = prepared(
        {
            "name": "Ada",
            "email": [
                {"value": "ada@engines.example", "label": "Home"},
                {"value": "ADA@engines.example"},
                {"value": "office@engines.example", "is_primary": True},
            ],
        }
    )
    assert [(entry.value, entry.label, entry.is_primary) for entry in one.emails] == [
        ("office@engines.example", None, 1),
        ("ada@engines.example", "home", 0),
    ]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_no_database_can_store_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="NUL or a broken character"):
        prepared({"name": "Ada", "notes": text})


@pytest.mark.parametrize(
    "values",
    [
        {"job_title": "x" * 501},
        {"name": "x" * 501},
        {"url": ["https://" + "x" * 2000]},
        {"tag": ["x" * 101]},
        {"external": ["crm:" + "x" * 301]},
        {"company": [{"name": "x" * 501}]},
        {"address": [{"city": "x" * 201}]},
    ],
)
def test_what_is_too_long_is_refused_and_not_cut(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="characters"):
        prepared({"name": "Ada", **values})


def test_a_role_without_a_company_is_kept() -> None:
    assert prepared({"name": "Ada", "role": "Chair"}).values["set"] == [{"role": "Chair"}]


def test_a_link_that_is_none_is_no_link() -> None:
    assert prepared({"name": "Ada", "url": [{"label": "home"}]}).name == "Ada"


def test_a_domain_of_a_person_is_kept_as_a_field() -> None:
    assert prepared({"name": "Ada", "domain": ["engines.example"]}).values["set"] == [{"domain": "engines.example"}]


def test_a_domain_that_is_too_long_is_refused() -> None:
    with pytest.raises(UsageError, match="a domain has 258 characters"):
        prepared({"name": "Engines", "domain": ["x" * 250 + ".example"]}, "company")

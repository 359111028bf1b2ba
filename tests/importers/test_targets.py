"""Targets: what `--map "Column=target"` takes, and what it says to the rest."""

import pytest

from crmcli.importers.targets import Target, custom_key, parse
from crmcli.kernel.errors import UsageError
from crmcli.services.customfields import check_name


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("name", Target("name")),
        (" display_name ", Target("name")),
        ("stage", Target("lifecycle_stage")),
        ("language", Target("preferred_language")),
        ("owner", Target("owner")),
        ("email", Target("email", 0, "value")),
        ("email.work", Target("email", 0, "value", "work")),
        ("email.Work Fax", Target("email", 0, "value", "work fax")),
        ("email#2", Target("email", 2, "value")),
        ("email#2.label", Target("email", 2, "label")),
        ("phone.mobile", Target("phone", 0, "raw", "mobile")),
        ("url.website", Target("url", 0, "value", "website")),
        ("address", Target("address", 0, "street_address")),
        ("address.city", Target("address", 0, "locality")),
        ("address.home.postcode", Target("address", 0, "postal_code", "home")),
        ("address#1.label", Target("address", 1, "label")),
        ("company", Target("company", 0, "name")),
        ("company.domain", Target("company", 0, "domain")),
        ("company#2.role", Target("company", 2, "role")),
        ("company.external.hubspot", Target("company", 0, "external.hubspot")),
        ("tag", Target("tag")),
        ("emails", Target("emails")),
        ("set.shoe_size", Target("set", 0, "shoe_size")),
        ("custom.shoe_size", Target("set", 0, "shoe_size")),
        ("set#1.key", Target("set", 1, "key")),
        ("birth_date", Target("birth_date")),
        ("birth_date.year", Target("birth_date", 0, "year")),
        ("prefer.channel", Target("prefer", 0, "channel")),
        ("external.hubspot", Target("external", 0, "hubspot")),
        ("consent.marketing/email", Target("consent", 0, "marketing/email")),
        ("uid", Target("uid")),
    ],
)
def test_a_target_is_understood(text: str, target: Target) -> None:
    assert parse(text, "contact") == target


@pytest.mark.parametrize("text", ["", "  ", "skip"])
def test_nothing_is_no_target(text: str) -> None:
    assert parse(text, "contact") is None


@pytest.mark.parametrize(
    "text", ["givenname!", "set", "external", "company.size", "address.home.planet", "birth_date.hour", "Ünïcode", "#1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="there is no field"):
        parse(text, "contact")


def test_the_nearest_target_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse("given_nam", "contact")
    assert caught.value.hint.startswith("did you mean given_name? ")


def test_each_noun_has_its_fields() -> None:
    assert parse("industry", "company") == Target("industry")
    with pytest.raises(UsageError):
        parse("industry", "contact")
    with pytest.raises(UsageError):
        parse("job_title", "company")


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Shoe size", "shoe_size"),
        ("  Größe (EU)  ", "größe_eu"),
        ("2nd office", "field_2nd_office"),
        ("Industry", "field_industry"),
        ("created_at", "field_created_at"),
        ("!!!", "field"),
        ("", "field"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_title_makes_the_name_of_a_custom_field(title: str, key: str) -> None:
    assert custom_key(title) == key
    assert check_name(key) == key

"""Stripe: customers."""

import pytest

from crmcli.importers.base import CERTAIN, LIKELY
from crmcli.importers.stripe import FORMATS
from tests.importers.tables import best, custom, drafts, source, targets, values

ADA = {
    "id": "cus_NffrFeUfNV2Hib",
    "Description": "Pays in guineas",
    "Email": "ada@engines.example",
    "Name": "Ada Lovelace",
    "Created (UTC)": "2026-01-02 03:04",
    "Delinquent": "false",
    "Currency": "eur",
    "Card Last4": "4242",
    "Card Address Line1": "1 Mill Lane",
    "Card Address City": "London",
    "shoe size (metadata)": "38",
    "industry (metadata)": "Machinery",
}


def test_a_customer() -> None:
    (draft,) = drafts(FORMATS, [ADA])
    assert draft.noun == "contact"
    found = draft.values
    assert found["external"] == ["stripe:cus_NffrFeUfNV2Hib"]
    assert found["name"] == "Ada Lovelace"
    assert found["notes"] == "Pays in guineas"
    assert found["currency"] == "eur"
    assert found["address"] == [{"label": "billing", "street_address": "1 Mill Lane", "locality": "London"}]
    assert custom(found) == {
        "stripe_created": "2026-01-02 03:04",
        "stripe_delinquent": "false",
        "shoe_size": "38",
        "field_industry": "Machinery",
    }


def test_nothing_of_a_card_is_taken_in() -> None:
    assert "4242" not in str(values(FORMATS, ADA))


def test_who_has_neither_name_nor_address_is_called_by_the_description() -> None:
    found = values(FORMATS, {**ADA, "Name": "", "Email": ""})
    assert found["name"] == "Pays in guineas"
    assert "notes" not in found


def test_metadata_of_the_same_name_as_a_column_does_not_mix_with_it() -> None:
    file = source("id,Email,Created (UTC),stripe_plan (metadata),Plan,tag (metadata)\n")
    found = targets(FORMATS[0], file)
    assert found["Plan"] == "set.stripe_plan"
    assert found["stripe_plan (metadata)"] == "set.stripe_plan_2"
    assert found["tag (metadata)"] == "set.tag"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,Email,Created (UTC),Delinquent", ("stripe", CERTAIN)),
        ("id,Created (UTC),plan (metadata)", ("stripe", CERTAIN)),
        ("id,Email,Created (UTC)", ("stripe", LIKELY)),
        ("id,Amount,Amount Refunded,Currency,Created (UTC),Customer ID", ("", 0)),
        ("id,name,email", ("", 0)),
    ],
)
def test_recognising(header: str, expected: tuple[str, int]) -> None:
    assert best(FORMATS, source(f"{header}\n")) == expected

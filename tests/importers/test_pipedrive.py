"""Pipedrive: people, organizations, deals, and rows that hold several of them."""

import pytest

from crmcli.importers.base import CERTAIN, LIKELY, Refused
from crmcli.importers.pipedrive import FORMATS
from tests.importers.tables import best, custom, drafts, items, sheet, source, targets, values

PERSON = {
    "Person - ID": "7",
    "Person - Name": "Ada Lovelace",
    "Person - First name": "Ada",
    "Person - Last name": "Lovelace",
    "Person - Organization": "Analytical Engines",
    "Person - Email - Work": "ada@engines.example, countess@engines.example",
    "Person - Email - Home": "ada@home.example",
    "Person - Phone - Mobile": "+44 7700 900123, +44 7700 900124",
    "Person - Labels": "Hot lead, Customer",
    "Person - Owner": "Grace Hopper",
    "Person - Marketing status": "Subscribed",
    "Person - Open deals": "3",
    "Person - Shoe size": "38",
}


def test_a_person() -> None:
    (draft,) = drafts(FORMATS, [PERSON])
    assert draft.noun == "contact"
    found = draft.values
    assert found["external"] == ["pipedrive:7"]
    assert found["name"] == "Ada Lovelace"
    assert found["company"] == [{"name": "Analytical Engines"}]
    assert [(entry["value"], entry["label"]) for entry in found["email"]] == [
        ("ada@engines.example", "work"),
        ("countess@engines.example", "work"),
        ("ada@home.example", "home"),
    ]
    assert [(entry["raw"], entry["label"]) for entry in found["phone"]] == [
        ("+44 7700 900123", "mobile"),
        ("+44 7700 900124", "mobile"),
    ]
    assert found["tag"] == ["Hot lead", "Customer"]
    assert custom(found) == {"owner_name": "Grace Hopper", "shoe_size": "38"}
    (entry,) = found["consent"]
    assert (entry["state"], entry["legal_basis"], entry["source"]) == ("granted", "consent", "pipedrive")


@pytest.mark.parametrize(("text", "state"), [("Unsubscribed", "withdrawn"), ("No consent", "denied")])
def test_what_a_person_does_not_want(text: str, state: str) -> None:
    (entry,) = values(FORMATS, {**PERSON, "Person - Marketing status": text})["consent"]
    assert entry["state"] == state
    assert "legal_basis" not in entry


def test_an_address_that_bounced_and_a_status_that_is_not_known() -> None:
    found = values(FORMATS, {**PERSON, "Person - Marketing status": "Bounced"})
    assert [entry.get("invalid") for entry in found["email"]] == ["yes", None, None]
    assert "consent" not in found
    found = values(FORMATS, {**PERSON, "Person - Marketing status": "Archived"})
    assert custom(found)["consent_text"] == "marketing/email=Archived"


def test_an_organization_with_an_address_in_parts() -> None:
    row = {
        "Organization - ID": "7",
        "Organization - Name*": "Analytical Engines",
        "Organization - Address": "1 Mill Lane, London, UK",
        "Organization - House number of Address": "1",
        "Organization - Street/road name of Address": "Mill Lane",
        "Organization - City/town/village/locality of Address": "London",
        "Organization - Address - ZIP/Postal code of Address": "SW1Y 4LB",
        "Organization - Country of Address": "United Kingdom",
        "Organization - Website": "engines.example",
        "Organization - People": "2",
    }
    (draft,) = drafts(FORMATS, [row])
    assert draft.noun == "company"
    assert draft.values["external"] == ["pipedrive-organization:7"]
    assert draft.values["domain"] == ["engines.example"]
    assert draft.values["address"] == [
        {
            "street_address": "Mill Lane 1",
            "locality": "London",
            "postal_code": "SW1Y 4LB",
            "country_code": "United Kingdom",
        }
    ]
    assert custom(draft.values) == {}
    only = {title: text for title, text in row.items() if " of Address" not in title}
    assert values(FORMATS, only)["address"] == [{"street_address": "1 Mill Lane, London, UK"}]


DEAL = {
    "Deal - ID": "3",
    "Deal - Title": "Engine No. 2",
    "Deal - Value": "12000",
    "Deal - Currency": "JPY",
    "Deal - Stage": "Proposal made",
    "Deal - Pipeline": "Sales",
    "Deal - Status": "Open",
    "Deal - Expected close date": "2026-11-30",
    "Deal - Owner": "Grace Hopper",
    "Deal - Contact person": "Ada Lovelace",
    "Deal - Organization": "Analytical Engines",
}


def test_a_deal_with_its_person_and_organization() -> None:
    row = {
        **DEAL,
        "Person - ID": "7",
        "Person - Name": "Ada Lovelace",
        "Person - Email - Work": "ada@engines.example",
        "Organization - ID": "9",
        "Organization - Name": "Analytical Engines",
    }
    (draft,) = drafts(FORMATS, [row])
    assert draft.noun == "deal"
    assert draft.values == {
        "name": "Engine No. 2",
        "external": ["pipedrive-deal:3"],
        "amount": {"minor": 12000, "currency": "JPY"},
        "stage": "Proposal made",
        "pipeline": "Sales",
        "type": "open",
        "close_date": "2026-11-30",
        "owner_name": "Grace Hopper",
        "contact": [{"name": "Ada Lovelace", "external": "pipedrive:7", "email": "ada@engines.example"}],
        "company": [{"name": "Analytical Engines", "external": "pipedrive-organization:9"}],
    }


def test_the_people_of_the_same_rows() -> None:
    file = source(sheet([{**DEAL, **PERSON}]), "deals.csv")
    assert best(FORMATS, file) == ("pipedrive-deals", CERTAIN)
    assert len(items(FORMATS, file)) == 1
    assert "--as pipedrive" in file.notes[0]
    (draft,) = items(FORMATS, file, "pipedrive")
    assert not isinstance(draft, Refused)
    assert draft.noun == "contact"
    assert draft.values["name"] == "Ada Lovelace"
    assert "amount" not in draft.values
    assert targets(FORMATS[0], file)["Deal - Title"] == ""


def test_a_row_is_what_its_first_column_of_ids_belongs_to() -> None:
    assert best(FORMATS, source("Person - ID,Person - Name,Deal - ID,Deal - Title\n"))[0] == "pipedrive"
    assert best(FORMATS, source("Person - Name,Deal - ID,Person - ID,Deal - Title\n"))[0] == "pipedrive-deals"
    assert best(FORMATS, source("Organization - Name,Person - Name\n"))[0] == "pipedrive-organizations"


def test_a_deleted_deal_is_refused() -> None:
    (item,) = items(FORMATS, source(sheet([{**DEAL, "Deal - Status": "Deleted"}])))
    assert isinstance(item, Refused)
    assert "deleted" in item.reason


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Person - Name,Person - Email", ("pipedrive", CERTAIN)),
        ("Person - Name", ("pipedrive", LIKELY)),
        ("Name,Person,Email", ("", 0)),
        ("Deal Name,Deal Stage", ("", 0)),
    ],
)
def test_recognising(header: str, expected: tuple[str, int]) -> None:
    assert best(FORMATS, source(f"{header}\n")) == expected

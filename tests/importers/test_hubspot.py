"""HubSpot: contacts, companies and deals."""

import pytest

from crmcli.importers.base import CERTAIN, LIKELY, Refused
from crmcli.importers.hubspot import FORMATS
from tests.importers.tables import best, custom, drafts, items, sheet, source, targets, values

ADA = {
    "Record ID": "51",
    "First Name": "Ada",
    "Last Name": "Lovelace",
    "Email": "ada@engines.example",
    "Lifecycle Stage": "Marketing Qualified Lead",
    "Contact owner": "Grace Hopper",
}


def test_a_contact_is_known_by_its_record_id() -> None:
    found = values(FORMATS, ADA)
    assert found["external"] == ["hubspot:51"]
    assert (found["given_name"], found["family_name"]) == ("Ada", "Lovelace")
    assert found["email"] == [{"value": "ada@engines.example"}]


def test_owners_need_not_be_users() -> None:
    found = values(FORMATS, ADA)
    assert "owner" not in found
    assert custom(found)["owner_name"] == "Grace Hopper"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Marketing Qualified Lead", "marketing_qualified"),
        ("marketingqualifiedlead", "marketing_qualified"),
        ("salesqualifiedlead", "sales_qualified"),
        ("Customer", "customer"),
        ("Evangelist", "evangelist"),
        ("Other", "other"),
    ],
)
def test_stages_of_the_life_cycle_by_label_and_by_internal_name(text: str, stage: str) -> None:
    found = values(FORMATS, {**ADA, "Lifecycle Stage": text})
    assert found["lifecycle_stage"] == stage
    assert "lifecycle_stage_text" not in custom(found)


@pytest.mark.parametrize(
    ("text", "status", "kept"),
    [
        ("New", "new", None),
        ("Open", "new", None),
        ("Open - Not Contacted", "new", None),
        ("IN_PROGRESS", "contacted", "IN_PROGRESS"),
        ("Attempted to Contact", "contacted", "Attempted to Contact"),
        ("OPEN_DEAL", "qualified", "OPEN_DEAL"),
        ("BAD_TIMING", "nurturing", "BAD_TIMING"),
        ("Unqualified", "unqualified", None),
    ],
)
def test_lead_statuses_and_those_that_say_more_than_ours(text: str, status: str, kept: str | None) -> None:
    found = values(FORMATS, {**ADA, "Lead Status": text})
    assert found["lead_status"] == status
    assert custom(found).get("lead_status_text") == kept


def test_a_status_of_the_team_s_own_is_left_as_it_is() -> None:
    assert values(FORMATS, {**ADA, "Lead Status": "Waiting for spring"})["lead_status"] == "Waiting for spring"


def test_companies_belong_together_by_their_place_in_the_cell() -> None:
    row = {**ADA, "Associated Company": "Engines;Looms", "Associated Company IDs": "900;901"}
    assert values(FORMATS, row)["company"] == [
        {"name": "Engines", "external": "hubspot-company:900"},
        {"name": "Looms", "external": "hubspot-company:901"},
    ]


def test_one_company_may_have_a_semicolon_in_its_name() -> None:
    row = {**ADA, "Associated Company": "Engines; Looms", "Associated Company IDs": "900"}
    assert values(FORMATS, row)["company"] == [{"name": "Engines; Looms", "external": "hubspot-company:900"}]


def test_ids_and_names_that_do_not_belong_together_are_all_told() -> None:
    row = {**ADA, "Associated Company": "Engines", "Associated Company IDs": "900;901"}
    found = values(FORMATS, row)["company"]
    assert found == [{"external": "hubspot-company:900"}, {"external": "hubspot-company:901"}, {"name": "Engines"}]


def test_the_primary_company_is_not_told_twice() -> None:
    row = {
        **ADA,
        "Associated Company IDs (Primary)": "900",
        "Associated Company (Primary)": "Engines",
        "Associated Company IDs": "900;901",
        "Associated Company": "Engines;Looms",
    }
    names = [entry["name"] for entry in values(FORMATS, row)["company"]]
    assert names == ["Engines", "Looms"]


def test_the_property_company_name_counts_where_no_company_is_associated() -> None:
    row = {**ADA, "Company Name": "Engines", "Associated Company": "", "Associated Company IDs": ""}
    assert values(FORMATS, row)["company"] == [{"name": "Engines"}]
    found = values(FORMATS, {**row, "Associated Company IDs": "900"})
    assert found["company"] == [{"name": "Engines", "external": "hubspot-company:900"}]
    found = values(FORMATS, {**row, "Company Name": "engines", "Associated Company": "Engines"})
    assert found["company"] == [{"name": "Engines"}]
    assert "company_name" not in custom(found)
    found = values(FORMATS, {**row, "Company Name": "The Works", "Associated Company": "Engines"})
    assert found["company"] == [{"name": "Engines"}]
    assert custom(found)["company_name"] == "The Works"


def test_who_unsubscribed_has_withdrawn_consent() -> None:
    row = {**ADA, "Unsubscribed from all email": "true", "Opted out of email: One to One": "No"}
    (entry,) = values(FORMATS, row)["consent"]
    assert (entry["purpose"], entry["channel"], entry["state"]) == ("marketing", "email", "withdrawn")
    assert entry["source"] == "hubspot"
    assert "consent" not in values(FORMATS, {**row, "Unsubscribed from all email": "false"})


def test_several_addresses_and_an_invalid_one() -> None:
    row = {**ADA, "Additional email addresses": "ada@home.example;ada@mill.example", "Invalid email address": "TRUE"}
    assert values(FORMATS, row)["email"] == [
        {"value": "ada@engines.example", "invalid": "yes"},
        {"value": "ada@home.example"},
        {"value": "ada@mill.example"},
    ]


def test_columns_of_the_team_become_custom_fields() -> None:
    found = custom(values(FORMATS, {**ADA, "Stage of Journey": "Trial", "Industry": "MILLING"}))
    assert found["stage_of_journey"] == "Trial"
    assert found["field_industry"] == "MILLING"


def test_a_time_zone_by_its_internal_name() -> None:
    assert values(FORMATS, {**ADA, "Time Zone": "america_slash_new_york"})["timezone"] == "america/new_york"


def test_a_company_with_the_domain_of_its_site() -> None:
    row = {
        "Record ID": "900",
        "Company name": "Analytical Engines",
        "Company owner": "Grace Hopper",
        "Website URL": "https://www.engines.example/",
        "Number of Employees": "12",
        "Legal entity address": "1 Mill Lane, London",
    }
    (draft,) = drafts(FORMATS, [row])
    assert draft.noun == "company"
    assert draft.values["name"] == "Analytical Engines"
    assert draft.values["domain"] == ["engines.example"]
    assert draft.values["employee_count"] == "12"
    assert draft.values["address"] == [{"street_address": "1 Mill Lane, London"}]
    assert values(FORMATS, {**row, "Company Domain Name": "ae.example"})["domain"] == ["ae.example"]
    assert "domain" not in values(FORMATS, {**row, "Website URL": "https://social.example/engines"})


DEAL = {
    "Record ID": "7001",
    "Deal Name": "Engine No. 2",
    "Deal Stage": "Closed won (Sales Pipeline)",
    "Amount": "12000.5",
    "Currency": "EUR",
    "Close Date": "2026-11-30 23:00",
    "Deal probability": "0.6",
    "Deal owner": "Grace Hopper",
    "Associated Company": "Engines",
    "Associated Company IDs": "900",
    "Associated Contact": "Ada Lovelace (ada@engines.example);Charles Babbage (cb@engines.example)",
    "Associated Contact IDs": "51;52",
}


def test_a_deal_is_complete() -> None:
    (draft,) = drafts(FORMATS, [DEAL])
    assert draft.noun == "deal"
    assert draft.values == {
        "name": "Engine No. 2",
        "external": ["hubspot-deal:7001"],
        "stage": "Closed won",
        "pipeline": "Sales Pipeline",
        "type": "won",
        "amount": {"minor": 1200050, "currency": "EUR"},
        "close_date": "2026-11-30",
        "probability": 60,
        "owner_name": "Grace Hopper",
        "company": [{"name": "Engines", "external": "hubspot-company:900"}],
        "contact": [
            {"name": "Ada Lovelace", "email": "ada@engines.example", "external": "hubspot:51"},
            {"name": "Charles Babbage", "email": "cb@engines.example", "external": "hubspot:52"},
        ],
    }


def test_an_amount_without_a_currency_says_so() -> None:
    assert values(FORMATS, {**DEAL, "Currency": ""})["amount"] == {"minor": 1200050, "currency": None}


@pytest.mark.parametrize(("title", "text"), [("Amount", "a lot"), ("Deal Name", "")])
def test_what_makes_no_deal_is_refused_with_its_reason(title: str, text: str) -> None:
    (item,) = items(FORMATS, source(sheet([{**DEAL, title: text}])))
    assert isinstance(item, Refused)
    assert item.place == 2
    assert text in item.reason
    assert "amount" in item.reason or "name" in item.reason


def test_a_few_columns_are_likely_hubspot_s() -> None:
    assert best(FORMATS, source("Record ID,Email,Lifecycle Stage\n")) == ("hubspot", CERTAIN)
    assert best(FORMATS, source("Email,First Name,Lifecycle Stage\n")) == ("hubspot", LIKELY)
    assert best(FORMATS, source("Deal Name,Amount,Create Date\n")) == ("hubspot-deals", CERTAIN)
    assert best(FORMATS, source("Deal Name,Deal Stage,Amount,Deal owner\n"))[0] != "hubspot-deals"
    assert best(FORMATS, source("Record ID,Company name,Email,Company owner\n")) == ("hubspot-companies", CERTAIN)
    assert best(FORMATS, source("Company name,Company owner\n")) == ("hubspot-companies", LIKELY)


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Email",
        "Name,Company,Phone",
        "Name,Email,Company,Lifecycle Stage",
        "Email,First Name,Phone,Lifecycle Stage",
        "Record Id,Contact Owner.id,Contact Owner,First Name,Email",
        "Company name,City",
        "name,amount,stage",
    ],
)
def test_tables_of_others_are_left_alone(header: str) -> None:
    assert best(FORMATS, source(f"{header}\n")) == ("", 0)


def test_columns_can_be_mapped_anew() -> None:
    file = source(sheet([ADA]))
    made = FORMATS[0]
    assert targets(made, file)["Contact owner"] == "set.owner_name"
    assert made.columns and made.with_columns
    columns = made.columns(file)
    changed = tuple("owner" if title == "Contact owner" else target for title, target in zip(*columns[:2], strict=True))
    again = made.with_columns(columns._replace(targets=changed))
    (item,) = again.read(file)
    assert not isinstance(item, Refused)
    assert item.values["owner"] == "Grace Hopper"
    assert "set" not in item.values

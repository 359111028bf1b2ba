"""Salesforce: reports and Data Loader exports of contacts, leads, accounts and opportunities."""

import pytest

from crmcli.importers.base import CERTAIN, LIKELY, Draft, Refused
from crmcli.importers.salesforce import FORMATS, full_id
from tests.importers.tables import SAMPLES, best, custom, drafts, items, sheet, source, values

REPORT = {
    "Salutation": "Ms.",
    "First Name": "Ada",
    "Last Name": "Lovelace",
    "Title": "Engineer",
    "Mailing Street": "1 Mill Lane\nFloor 2",
    "Mailing City": "London",
    "Mailing State/Province": "LND",
    "Mailing Zip/Postal Code": "SW1Y 4LB",
    "Mailing Country": "United Kingdom",
    "Phone": "+44 20 7946 0958",
    "Mobile": "+44 7700 900123",
    "Email": "ada@engines.example",
    "Account Owner": "Grace Hopper",
    "Account Name": "Analytical Engines",
}
EXPORT = {
    "ID": "003x0000001YtCrAAK",
    "ISDELETED": "false",
    "ACCOUNTID": "001x0000002xLD0AAM",
    "LASTNAME": "Lovelace",
    "FIRSTNAME": "Ada",
    "MAILINGSTREET": "1 Mill Lane",
    "MAILINGCITY": "London",
    "EMAIL": "ada@engines.example",
    "HASOPTEDOUTOFEMAIL": "true",
    "DONOTCALL": "false",
    "SYSTEMMODSTAMP": "2026-06-15T20:47:07.000Z",
    "SHOE_SIZE__C": "38",
}


def test_a_contact_of_a_report() -> None:
    found = values(FORMATS, REPORT)
    assert found["honorific_prefix"] == "Ms."
    assert found["job_title"] == "Engineer"
    assert found["company"] == [{"name": "Analytical Engines"}]
    assert [(entry["raw"], entry["label"]) for entry in found["phone"]] == [
        ("+44 20 7946 0958", "work"),
        ("+44 7700 900123", "mobile"),
    ]
    (address,) = found["address"]
    assert address["locality"] == "London"
    assert address["region"] == "LND"
    assert address["postal_code"] == "SW1Y 4LB"
    assert address["country_code"] == "United Kingdom"
    assert address["label"] == "work"
    assert custom(found)["account_owner"] == "Grace Hopper"
    assert "owner" not in found


def test_a_contact_of_data_loader() -> None:
    found = values(FORMATS, EXPORT)
    assert found["external"] == ["salesforce:003x0000001YtCrAAK"]
    assert found["company"] == [{"external": "salesforce:001x0000002xLD0AAM"}]
    assert custom(found) == {"shoe_size": "38"}
    (entry,) = found["consent"]
    assert (entry["purpose"], entry["channel"], entry["state"]) == ("marketing", "email", "withdrawn")


def test_a_deleted_record_is_refused_with_its_reason() -> None:
    (item,) = items(FORMATS, source(sheet([{**EXPORT, "ISDELETED": "true"}])))
    assert isinstance(item, Refused)
    assert "deleted" in item.reason


def test_short_and_long_ids_are_the_same() -> None:
    # The samples' own ids, which Salesforce wrote.
    assert full_id("006x0000001YtCr") == "006x0000001YtCrAAK"
    assert full_id("001x0000002xLD0") == "001x0000002xLD0AAM"
    assert full_id("006x0000001YtCrAAK") == "006x0000001YtCrAAK"
    assert full_id("ACCT_0") == "ACCT_0"
    row = {"Contact ID": "003x0000001YtCr", "First Name": "Ada", "Account Name": "Engines", "Account ID": ""}
    assert values(FORMATS, row)["external"] == ["salesforce:003x0000001YtCrAAK"]


LEAD = {
    "Lead Owner": "Grace Hopper",
    "First Name": "Charles",
    "Last Name": "Babbage",
    "Title": "Inventor",
    "Company / Account": "Difference Engines",
    "Lead Source": "Fair",
    "Rating": "Hot",
    "Street": "2 Mill Lane",
    "Email": "cb@difference.example",
}


def test_a_lead() -> None:
    (draft,) = drafts(FORMATS, [LEAD])
    assert draft.noun == "contact"
    assert draft.values["company"] == [{"name": "Difference Engines"}]
    assert draft.values["lead_source"] == "Fair"
    assert draft.values["lifecycle_stage"] == "lead"
    assert custom(draft.values) == {"owner_name": "Grace Hopper", "rating": "Hot"}


@pytest.mark.parametrize(
    ("text", "status", "stage"),
    [
        ("Open - Not Contacted", "new", "lead"),
        ("Working - Contacted", "contacted", "lead"),
        ("Closed - Converted", "converted", None),
        ("Closed - Not Converted", "unqualified", "lead"),
    ],
)
def test_statuses_of_leads(text: str, status: str, stage: str | None) -> None:
    found = values(FORMATS, {**LEAD, "Lead Status": text})
    assert found["lead_status"] == status
    assert found.get("lifecycle_stage") == stage


def test_a_converted_lead_is_converted_whatever_its_status() -> None:
    row = {"ID": "00Qx0000001YtCrAAK", "LASTNAME": "Babbage", "ISCONVERTED": "true", "STATUS": "Warm", "COMPANY": "D"}
    (draft,) = drafts(FORMATS, [row])
    assert draft.values["lead_status"] == "converted"
    assert custom(draft.values) == {"lead_status_text": "Warm"}
    assert "lifecycle_stage" not in draft.values


def test_an_account_of_a_report() -> None:
    row = {
        "Account Name": "Analytical Engines",
        "Account ID": "001x0000002xLD0",
        "Account Owner": "Grace Hopper",
        "Billing State/Province": "LND",
        "Billing City": "London",
        "Website": "http://www.Engines.example",
        "Employees": "12",
        "Industry": "Machinery",
    }
    (draft,) = drafts(FORMATS, [row])
    assert draft.noun == "company"
    assert draft.values["external"] == ["salesforce:001x0000002xLD0AAM"]
    assert draft.values["domain"] == ["engines.example"]
    assert draft.values["employee_count"] == "12"
    assert draft.values["industry"] == "Machinery"
    assert draft.values["address"] == [{"label": "billing", "region": "LND", "locality": "London"}]


def test_an_opportunity_of_a_report() -> None:
    row = {
        "Opportunity Name": "Engine No. 2",
        "Opportunity Owner": "Grace Hopper",
        "Account Name": "Analytical Engines",
        "Stage": "Negotiation/Review",
        "Close Date": "11/30/2026",
        "Amount": "EUR 12,000.00",
        "Probability (%)": "90",
        "Next Step": "Call",
    }
    (draft,) = drafts(FORMATS, [row])
    assert draft.noun == "deal"
    assert draft.values["amount"] == {"minor": 1200000, "currency": "EUR"}
    assert draft.values["probability"] == 90
    assert draft.values["stage"] == "Negotiation/Review"
    assert draft.values["company"] == [{"name": "Analytical Engines"}]
    assert "type" not in draft.values
    assert draft.values["close_date"] == "2026-11-30"
    assert custom(draft.values) == {"next_step": "Call"}


@pytest.mark.parametrize(
    ("closed", "won", "expected"), [("false", "false", "open"), ("true", "true", "won"), ("true", "false", "lost")]
)
def test_whether_an_opportunity_of_a_stage_of_the_team_s_own_is_open(closed: str, won: str, expected: str) -> None:
    row = {"NAME": "Engine No. 2", "STAGENAME": "Brass", "ISCLOSED": closed, "ISWON": won}
    found = values(FORMATS, row)
    assert (found["stage"], found["type"]) == ("Brass", expected)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("First Name,Last Name,Mailing Zip/Postal Code,Email", ("salesforce", LIKELY)),
        ("First Name,Last Name,Account Name,Account Owner", ("salesforce", LIKELY)),
        ("LastName,FirstName,Email,AccountId,OwnerId", ("salesforce", CERTAIN)),
        ("Company / Account,Email", ("salesforce-leads", LIKELY)),
        ("Name,BillingStreet,BillingPostalCode", ("salesforce-accounts", CERTAIN)),
        ("Account Name,Account Owner,Billing City", ("salesforce-accounts", LIKELY)),
        ("Name,StageName,CloseDate", ("salesforce-opportunities", CERTAIN)),
        ("FirstName,LastName,Email", ("", 0)),
        ("First Name,Last Name,Email,Company,Phone", ("", 0)),
        ("First Name,Last Name,Account Name,Email", ("", 0)),
        ("Record Id,Account Name,Mailing Street,Lead Source,Last Name", ("", 0)),
        ("Subject,Who:Contact-email", ("", 0)),
        ("Name,Date", ("", 0)),
    ],
)
def test_recognising(header: str, expected: tuple[str, int]) -> None:
    assert best(FORMATS, source(f"{header}\n")) == expected


SALESFORCE = SAMPLES / "csv-salesforce"


@pytest.mark.skipif(not SALESFORCE.is_dir(), reason=f"{SALESFORCE} is not there")
def test_the_opportunities_of_a_real_export() -> None:
    name = "opportunityData.csv"
    found = items(FORMATS, source((SALESFORCE / name).read_bytes(), name))
    assert {type(item) for item in found} == {Draft}
    first = found[0]
    assert isinstance(first, Draft)
    assert first.noun == "deal"
    assert first.values["amount"] == {"minor": 50_000_000, "currency": None}
    assert first.values["close_date"] == "2005-11-09"
    assert first.values["type"] == "won"
    assert first.values["forecast_category"] == "closed"
    assert first.values["company"] == [{"external": "salesforce:001x0000002xLD0AAM"}]


@pytest.mark.skipif(not SALESFORCE.is_dir(), reason=f"{SALESFORCE} is not there")
@pytest.mark.parametrize(
    "name",
    [
        "insertAccountCsv.csv",
        "upsertAccountSmallTemplate.csv",
        "dateEndingInZ.csv",
        "dateOnlyWithTimeZone.csv",
        "dateUsingDefaultTimeZone.csv",
        "dateWithTimeZone.csv",
    ],
)
def test_the_accounts_of_real_exports(name: str) -> None:
    file = source((SALESFORCE / name).read_bytes(), name)
    assert best(FORMATS, file) == ("salesforce-accounts", CERTAIN)
    found = items(FORMATS, file)
    assert found
    for item in found:
        assert isinstance(item, Draft)
        assert item.noun == "company"
        assert item.values["name"].startswith("account ")
        assert custom(item.values)["oracle_id"].startswith("1-")

"""Mailchimp: an audience, and what its members agreed to."""

import pytest

from crmcli.importers.base import CERTAIN, LIKELY, Draft
from crmcli.importers.mailchimp import FORMATS
from tests.importers.tables import best, custom, items, sheet, source, values

ADA = {
    "Email Address": "ada@engines.example",
    "First Name": "Ada",
    "Last Name": "Lovelace",
    "Address": "1 Mill Lane  Floor 2  London  LND  SW1Y 4LB  GB",
    "Birthday": "12/10",
    "MEMBER_RATING": "4",
    "OPTIN_TIME": "2025-03-04 10:11:12",
    "OPTIN_IP": "192.0.2.7",
    "CONFIRM_TIME": "2025-03-04 10:15:00",
    "TIMEZONE": "Europe/London",
    "CC": "GB",
    "LEID": "12",
    "EUID": "c2cb0681af",
    "NOTES": "",
    "TAGS": '"Spring fair","VIP"',
}


def read(row: dict[str, str], name: str) -> Draft:
    (draft,) = items(FORMATS, source(sheet([row]), name))
    assert isinstance(draft, Draft)
    return draft


def test_a_member() -> None:
    found = values(FORMATS, ADA)
    assert found["external"] == ["mailchimp:c2cb0681af"]
    assert found["email"] == [{"value": "ada@engines.example"}]
    assert found["tag"] == ["Spring fair", "VIP"]
    assert found["birth_date"] == "--12-10"
    assert found["timezone"] == "Europe/London"
    assert found["address"] == [
        {
            "street_address": "1 Mill Lane, Floor 2",
            "locality": "London",
            "region": "LND",
            "postal_code": "SW1Y 4LB",
            "country_code": "GB",
        }
    ]
    assert custom(found) == {"member_rating": "4", "country": "GB"}


def test_a_subscriber_has_granted_consent_when_they_confirmed() -> None:
    assert values(FORMATS, ADA)["consent"] == [
        {
            "purpose": "marketing",
            "channel": "email",
            "state": "granted",
            "legal_basis": "consent",
            "source": "mailchimp",
            "at": "2025-03-04T10:15:00Z",
        }
    ]


def test_consent_is_not_claimed_without_a_sign_of_it() -> None:
    row = {**ADA, "OPTIN_TIME": "", "CONFIRM_TIME": ""}
    assert "consent" not in read(row, "export.csv").values
    assert read(row, "subscribed_email_audience_export_1.csv").values["consent"][0]["state"] == "granted"
    assert "consent" not in read(ADA, "nonsubscribed_email_audience_export_1.csv").values


def test_who_unsubscribed_by_column_or_by_file() -> None:
    row = {**ADA, "UNSUB_TIME": "2026-01-02 03:04:05", "UNSUB_REASON": "NORMAL"}
    draft = read(row, "export.csv")
    (entry,) = draft.values["consent"]
    assert (entry["state"], entry["at"]) == ("withdrawn", "2026-01-02T03:04:05Z")
    assert "legal_basis" not in entry
    assert custom(draft.values)["unsub_reason"] == "NORMAL"
    (entry,) = read(ADA, "/tmp/x/unsubscribed_members_export.csv").values["consent"]
    assert entry["state"] == "withdrawn"


def test_a_cleaned_address_is_invalid_by_column_or_by_file() -> None:
    for draft in (
        read({**ADA, "CLEAN_TIME": "2026-01-02 03:04:05"}, "export.csv"),
        read(ADA, "cleaned_members_export.csv"),
    ):
        assert draft.values["email"] == [{"value": "ada@engines.example", "invalid": "yes"}]
        assert "consent" not in draft.values


def test_an_address_of_another_form_is_kept_as_a_line() -> None:
    assert values(FORMATS, {**ADA, "Address": "1 Mill Lane, London"})["address"] == [
        {"street_address": "1 Mill Lane, London"}
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Email Address,MEMBER_RATING,TAGS,EUID", ("mailchimp", CERTAIN)),
        ("Email Address,First Name,OPTIN_TIME", ("mailchimp", LIKELY)),
        ("Email Address,First Name,Last Name", ("", 0)),
        ("First Name,Last Name,Email,Tags,Notes", ("", 0)),
        ("First Name,Last Name,URL,Email Address,Company,Position,Connected On", ("", 0)),
    ],
)
def test_recognising(header: str, expected: tuple[str, int]) -> None:
    assert best(FORMATS, source(f"{header}\n")) == expected

"""Our own tables: what `crm export` writes as CSV is read as what it was."""

from typing import Any

import pytest

from crmcli.exporters import csvfile as exporter
from crmcli.exporters.base import Job
from crmcli.exporters.fields import flat
from crmcli.importers.base import CERTAIN, NO, Draft, Refused
from crmcli.importers.owntables import FORMATS
from tests.importers.tables import best, items, source, targets

CONTACT: dict[str, Any] = {
    **dict.fromkeys(field.name for field in flat("contact")),
    "uid": "01940000-0000-7000-8000-000000000001",
    "display_name": "Ada Lovelace",
    "given_name": "Ada",
    "job_title": "=Programmer; first",
    "birth_date": "--12-10",
    "lifecycle_stage": "lead",
    "do_not_contact": False,
    "owner": "ada",
    "emails": [
        {"value": "ada@engines.example", "label": "work"},
        {"value": "ada@home.example", "opted_out": True, "invalid": True},
    ],
    "phones": [{"raw": "020 7946 0958", "label": "mobile", "e164": "+442079460958"}],
    "addresses": [{"label": "work", "street_address": "1 Mill Lane; rear", "locality": "London", "country_code": "GB"}],
    "urls": [{"value": "https://ada.example/?a=b;c"}],
    "companies": [{"name": "Engines | Co", "role": "Patron", "started_on": "1843-01-01", "uid": "x", "alone": True}],
    "tags": ["vip", "semi;colon"],
    "preferences": {"channel": "email"},
    "consents": [{"purpose": "marketing", "channel": "email", "state": "granted", "at": "2026-11-20T10:00:00Z"}],
    "external_ids": ["hubspot:7"],
    "custom": {"shoe_size": "38", "x-y": "'-1"},
    "notes": '  indented\n\n\'=1+1 "so"',
}


def written(noun: str, record: dict[str, Any], *, excel_safe: bool = False, custom: tuple[str, ...] = ()) -> str:
    return "".join(exporter.write([record], Job(noun, flat(noun, custom), excel_safe)))


@pytest.mark.parametrize("excel_safe", [False, True])
def test_a_contact_comes_back_whole(excel_safe: bool) -> None:
    file = source(written("contact", CONTACT, excel_safe=excel_safe, custom=("shoe_size", "x-y")))
    assert best(FORMATS, file) == ("crm-contacts", CERTAIN)
    (draft,) = items(FORMATS, file)
    assert isinstance(draft, Draft)
    assert (draft.noun, draft.place) == ("contact", 2)
    assert draft.values == {
        "uid": "01940000-0000-7000-8000-000000000001",
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "job_title": "=Programmer; first",
        "birth_date": "--12-10",
        "lifecycle_stage": "lead",
        "do_not_contact": "false",
        "owner": "ada",
        "email": [
            {"value": "ada@engines.example", "label": "work", "is_primary": True},
            {"value": "ada@home.example", "opted_out": True, "invalid": True},
        ],
        "phone": [{"raw": "020 7946 0958", "label": "mobile", "e164": "+442079460958", "is_primary": True}],
        "address": [
            {
                "label": "work",
                "street_address": "1 Mill Lane; rear",
                "locality": "London",
                "country_code": "GB",
                "is_primary": True,
            }
        ],
        "url": [{"value": "https://ada.example/?a=b;c", "is_primary": True}],
        "company": [{"name": "Engines | Co", "role": "Patron", "started_on": "1843-01-01", "is_primary": True}],
        "tag": ["vip", "semi;colon"],
        "prefer": [{"channel": "email"}],
        "consent": [{"purpose": "marketing", "channel": "email", "state": "granted", "at": "2026-11-20T10:00:00Z"}],
        "external": ["hubspot:7"],
        "set": [{"shoe_size": "38"}, {"x_y": "'-1"}],
        "notes": '  indented\n\n\'=1+1 "so"',
    }


def test_a_company_comes_back_whole() -> None:
    record = {
        **dict.fromkeys(field.name for field in flat("company")),
        **{name: [] for name in ("emails", "phones", "addresses", "urls", "tags", "external_ids")},
        "name": "Analytical Engines",
        "uid": "u2",
        "industry": "Computing",
        "employee_count": 12,
        "do_not_contact": True,
        "domains": ["engines.example", "looms.example"],
        "preferences": {},
        "custom": {},
        "parent": {"name": "Looms", "uid": "u3"},
    }
    file = source(written("company", record))
    assert best(FORMATS, file) == ("crm-companies", CERTAIN)
    (draft,) = items(FORMATS, file)
    assert isinstance(draft, Draft)
    assert draft.noun == "company"
    assert draft.values == {
        "name": "Analytical Engines",
        "uid": "u2",
        "industry": "Computing",
        "employee_count": "12",
        "do_not_contact": "true",
        "parent": "Looms",
        "domain": ["engines.example", "looms.example"],
    }


def test_an_interaction_comes_back() -> None:
    record = {
        **dict.fromkeys(field.name for field in flat("interaction")),
        "uid": "u4",
        "direction": "inbound",
        "channel": "call",
        "occurred_at": "2026-11-20T10:00:00Z",
        "duration": 90,
        "subject": "Delivery",
        "body": "two\nlines",
        "attachments": [],
        "participants": [{"uid": "u1", "display_name": "Ada Lovelace", "email": "ada@engines.example"}],
    }
    file = source(written("interaction", record))
    assert best(FORMATS, file) == ("crm-interactions", CERTAIN)
    (draft,) = items(FORMATS, file)
    assert isinstance(draft, Draft)
    assert draft.noun == "interaction"
    assert {key: draft.values[key] for key in ("uid", "direction", "occurred_at", "duration", "body")} == {
        "uid": "u4",
        "direction": "inbound",
        "occurred_at": "2026-11-20T10:00:00Z",
        "duration": 90,
        "body": "two\nlines",
    }
    assert [(one["name"], one["email"], one["uid"]) for one in draft.values["people"]] == [
        ("Ada Lovelace", "ada@engines.example", "u1")
    ]


def test_a_follow_up_comes_back() -> None:
    record = {
        **dict.fromkeys(field.name for field in flat("followup")),
        "uid": "u5",
        "subject": "Call back",
        "due_at": "2026-11-23T10:00:00Z",
        "all_day": True,
        "status": "open",
        "priority": "high",
        "snooze_count": 2,
        "contact": {"uid": "u1", "display_name": "Ada Lovelace", "email": "ada@engines.example"},
        "company": None,
    }
    file = source(written("followup", record))
    assert best(FORMATS, file) == ("crm-followups", CERTAIN)
    (draft,) = items(FORMATS, file)
    assert isinstance(draft, Draft)
    assert draft.noun == "followup"
    assert draft.values["all_day"] is True
    assert draft.values["snooze_count"] == 2
    assert draft.values["people"][0]["uid"] == "u1"


def test_a_list_of_interactions_is_read_as_well() -> None:
    file = source(
        "id,occurred_at,direction,channel,who,summary,outcome,user\n"
        "i1,2026-11-20T10:00:00Z,inbound,call,Ada Lovelace,Asked about delivery,connected,ada\n"
    )
    (draft,) = items(FORMATS, file)
    assert isinstance(draft, Draft)
    assert draft.values["subject"] == "Asked about delivery"
    assert draft.values["people"][0]["name"] == "Ada Lovelace"


def test_columns_that_belong_to_a_database_are_ignored_and_others_become_fields() -> None:
    text = (
        "id,uid,display_name,emails,created_at,updated_at,deleted_at,last_inbound_at,Shoe size,_line,_reason\n"
        "c7,u1,Ada,a@x.example,2026,2026,,2026,38,2,wrong\n"
    )
    made = next(made for made in FORMATS if made.name == "crm-contacts")
    assert targets(made, source(text)) == {
        "id": "",
        "uid": "uid",
        "display_name": "name",
        "emails": "emails",
        "created_at": "",
        "updated_at": "",
        "deleted_at": "",
        "last_inbound_at": "",
        "Shoe size": "set.shoe_size",
        "_line": "",
        "_reason": "",
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("inbound,call,2026-11-20T10:00:00Z,soon,Tea", "'soon' is no whole number"),
        ("inbound,call,2026-11-20T10:00:00Z", "the row has 3 cells, the header 5"),
    ],
)
def test_a_row_that_cannot_be_is_refused(row: str, reason: str) -> None:
    file = source(f"direction,channel,occurred_at,duration,subject\n{row}\ninbound,call,2026-11-20T10:00:00Z,90,Tea\n")
    refused, taken = items(FORMATS, file)
    assert isinstance(refused, Refused)
    assert (refused.place, refused.reason) == (2, reason)
    assert isinstance(taken, Draft)


@pytest.mark.parametrize(
    "header",
    ["Name,Email,Tags", "uid,name,email", "display_name,emails", "subject,due_at", "direction,channel,subject"],
)
def test_other_tables_are_not_ours(header: str) -> None:
    assert best(FORMATS, source(header + "\n")) == ("", NO)

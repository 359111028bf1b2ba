"""The JSON contracts of `crm db`, `crm privacy`, `crm consent` and `crm lead`: fields are only ever added to."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm

CASE = (
    "id uid subject description status priority type channel contact company product order owner opened_at"
    " first_response_at response_due_at resolution_due_at resolved_at closed_at breached response_breached"
    " resolution_breached over due_at resolution reopen_count satisfaction external custom created_at updated_at"
    " deleted_at"
)
CONTRACTS = {
    "case list": ("crm.case.list/1", CASE),
    "case show cs1": ("crm.case/1", f"{CASE} clock history interactions followups"),
    "queue --kind cases": ("crm.case.list/1", f"{CASE} target target_at state left"),
    "report cases": (
        "crm.report.cases.list/1",
        "group since until opened resolved open reopened response_median response_p90 resolution_median resolution_p90"
        " response_breached response_counted response_breach_share resolution_breached resolution_counted"
        " resolution_breach_share satisfaction satisfaction_counted",
    ),
    "consent show c1": (
        "crm.consent.list/1",
        "id contact purpose channel state legal_basis source at may reason history",
    ),
    "db info": (
        "crm.database/1",
        "id exists kind size schema journal_mode contacts companies interactions followups deals orders cases products"
        " deleted operations backup verify vacuum operation seal",
    ),
    "db backup FILE": ("crm.backup/1", "id size operation deleted"),
    "db vacuum": ("crm.vacuum/1", "id before after"),
    "db rebuild": ("crm.rebuild/1", "id made columns contacts words keys"),
    "db purge --older-than now --dry-run": (
        "crm.purge/1",
        "id before contacts companies interactions followups deals orders cases products cadences rows names",
    ),
    "db verify --quick": ("crm.verification/1", "id sound quick operation seal checks findings"),
    "lead score c1": ("crm.score/1", "id display_name score sum parts"),
    "lead show c1": (
        "crm.lead/1",
        "id uid display_name score lifecycle_stage lead_status lead_source owner company job_title emails"
        " phones companies tags age_days untouched_days touched_days do_not_contact last_inbound_at"
        " last_outbound_at created_at updated_at deleted_at birth_date preferred_language timezone currency"
        " addresses urls consents preferences custom external_ids notes sum parts stages statuses deals",
    ),
    "privacy export c1": (
        "crm.privacy.export/1",
        "id made_at contact merged extra consents interactions followups cadences deals orders cases"
        " reminders mentions origins changes",
    ),
    "privacy erase c1 --yes": (
        "crm.privacy.erasure/1",
        "id dry_run merged removed shared figures changes mentions erased_at searched left others problem copies"
        " cleaned files unread unsearched",
    ),
}
ENTRIES = {
    ("consent show c1", "history"): "state legal_basis source at by operation",
    ("db verify --quick", "checks"): "check status finding findings",
    ("lead score c1", "parts"): "points reason rule kind at days full interaction",
    ("lead show c1", "stages"): "stage entered_at left_at duration by operation note",
    ("lead show c1", "statuses"): "status entered_at left_at duration by operation note",
    ("privacy export c1", "changes"): "at by operation command what record before after",
}


@pytest.fixture
def office(crm: Crm) -> Crm:
    """A person with a consent, and one who was deleted."""
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")
    crm.ok("consent", "grant", "c1", "marketing")
    crm.ok("company", "add", "Engines")
    crm.ok("case", "open", "co1", "Wheel stuck", "--at", "-9d")
    crm.ok("contact", "edit", "c1", "--lifecycle-stage", "lead", "--lead-status", "new")
    crm.ok("contact", "add", "Ivo Brandt")
    crm.ok("contact", "rm", "c2", "--yes")
    return crm


def said(crm: Crm, line: str, tmp_path: Path) -> dict[str, Any]:
    """What a command says as JSON."""
    args = [str(tmp_path / "made.db") if word == "FILE" else word for word in line.split()]
    return dict(json.loads(crm.ok(*args, "--json")))


@pytest.mark.parametrize("line", CONTRACTS)
def test_json_keeps_the_contract(office: Crm, tmp_path: Path, line: str) -> None:
    schema, fields = CONTRACTS[line]
    document = said(office, line, tmp_path)
    assert document["schema"] == schema
    record = document["items"][0] if "items" in document else document["item"]
    assert list(record) == fields.split()
    for (one, field), expected in ENTRIES.items():
        if one == line:
            assert list(record[field][0]) == expected.split()


def test_the_list_of_erasures_keeps_the_contract(office: Crm) -> None:
    office.ok("privacy", "erase", "c1", "--yes")
    document = office.json("privacy", "list")
    assert document["schema"] == "crm.privacy.erased.list/1"
    fields = ["id", "record_id", "uid", "erased_at", "actor", "reason", "secrets", "suppressed"]
    assert list(document["items"][0]) == fields


def test_a_restore_keeps_the_contract(crm_sqlite: Crm, tmp_path: Path) -> None:
    crm_sqlite.ok("contact", "add", "Grace Hopper")
    made = str(tmp_path / "made.db")
    crm_sqlite.ok("db", "backup", made)
    crm_sqlite.ok("contact", "add", "Ivo Brandt")
    document = crm_sqlite.json("db", "restore", made, "--yes")
    assert document["schema"] == "crm.restore/1"
    fields = ["id", "file", "now", "then", "lost", "newest", "related", "erased", "damage", "findings", "kept"]
    assert list(document["item"]) == fields
    assert list(document["item"]["newest"][0]) == ["id", "at", "actor", "command"]
    counted = "contacts companies interactions followups deals orders cases products operations"
    assert list(document["item"]["then"]) == counted.split()
    records = ["contacts", "companies", "interactions", "followups", "deals", "orders", "cases", "products"]
    assert list(document["item"]["then"]) == [*records, "operations"]

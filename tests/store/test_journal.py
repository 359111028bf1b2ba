"""Who changed what: one operation a command, and each row as it was and became."""

import json

import pytest

from crmcli.store.journal import image, record_of
from tests.conftest import Crm


@pytest.mark.parametrize(
    ("table", "row", "record"),
    [
        ("contact", {}, ("contact", 7)),
        ("email", {"contact_id": 3, "company_id": None}, ("contact", 3)),
        ("email", {"contact_id": None, "company_id": 4}, ("company", 4)),
        ("participant", {"interaction_id": 5, "contact_id": 3}, ("interaction", 5)),
        ("tag", {"name": "vip"}, None),
    ],
)
def test_a_row_belongs_to_a_record(table, row, record) -> None:
    assert record_of(table, 7, row) == record


def test_an_image_is_compact_json() -> None:
    assert image({"a": 1, "b": "ü\n"}) == '{"a":1,"b":"ü\\n"}'
    assert image(None) is None


def test_a_command_is_one_operation_of_its_user(crm: Crm, app) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--tag", "vip")
    crm.ok("contact", "edit", "c1", "--job-title", "Engineer", env={"CRM_USER": "bob"})
    operations = app.store.rows("SELECT * FROM operation ORDER BY id")
    assert [row["command"] for row in operations] == ["contact add", "contact edit"]
    assert [row["actor"] for row in operations] == ["ada", "bob"]
    assert {row["at"] for row in operations} == {"2026-11-20T10:00:00Z"}
    tables = app.store.rows("SELECT DISTINCT table_name FROM change WHERE operation_id = ? ORDER BY 1", [1])
    assert {"contact", "email", "tag", "tagging", "user_account"} == {row["table_name"] for row in tables}


def test_every_row_of_a_record_is_found_under_it(crm: Crm, app) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm.ok("contact", "edit", "c1", "--remove-email", "ada@engines.example")
    rows = app.store.rows("SELECT * FROM change WHERE noun = 'contact' AND record_id = 1 ORDER BY id")
    emails = [(bool(row["before"]), bool(row["after"])) for row in rows if row["table_name"] == "email"]
    assert emails == [(False, True), (True, False)]
    assert json.loads(rows[0]["after"])["display_name"] == "Ada Lovelace"


def test_reading_leaves_no_trace(crm: Crm, app) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "list")
    crm.ok("contact", "show", "c1")
    assert app.store.value("SELECT count(*) AS n FROM operation") == 1

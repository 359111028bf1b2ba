"""What becomes of deals, orders and cases of records that are merged, and of what is kept of them."""

import pytest

from crmcli.app import App
from tests import sales
from tests.conftest import Crm

KEPT = "SELECT order_count, first_order_on, last_order_on FROM {} WHERE id = 1"


@pytest.fixture
def shop(crm: Crm, app: App) -> Crm:
    """Two records of Ada, and two of the Engines, each with deals, orders and a case; both Adas in one deal."""
    app.companies.add("Engines", {})
    app.companies.add("Engines Ltd", {})
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("A. Lovelace", {})
    with app.writing() as gate:
        sales.deal(gate, "Shared", {1: "decision maker", 2: "budget"}, contact_id=2, company_id=2)
        sales.deal(gate, "Own", {2: "user"}, contact_id=2)
        sales.order(gate, contact_id=1, company_id=1, ordered_on="2026-03-01")
        sales.order(gate, contact_id=2, company_id=2, ordered_on="2025-01-01")
        sales.order(gate, contact_id=2, company_id=2, ordered_on="2026-06-01", status="cancelled")
        sales.order(gate, contact_id=2, company_id=2, ordered_on="2026-05-01")
        sales.case(gate, "Stuck", contact_id=2, company_id=2)
    app.close()
    return crm


@pytest.mark.parametrize("noun", ["contact", "company"])
def test_they_come_over_and_go_back(shop: Crm, noun: str) -> None:
    before = shop.ok("export", "all").splitlines()
    one, two = ("c1", "c2") if noun == "contact" else ("co1", "co2")
    shop.ok(noun, "merge", one, two, "--yes")
    app = sales.app_of(shop)
    column = f"{noun}_id"
    for table in ("deal", "sales_order", "support_case"):
        rows = app.store.rows(f"SELECT DISTINCT {column} AS key FROM {table} WHERE {column} IS NOT NULL")
        assert [row["key"] for row in rows] == [1], table
    assert app.store.row(KEPT.format(noun)) == {
        "order_count": 3, "first_order_on": "2025-01-01", "last_order_on": "2026-05-01"}  # fmt: skip
    app.close()
    assert shop.ok("db", "verify", "-q") == ""
    shop.ok("undo", "--yes")
    after = shop.ok("export", "all").splitlines()
    told = ('{"table":"operation"', '{"table":"change"', '{"schema"', '{"sequences"', '{"end"')
    assert [line for line in after if not line.startswith(told)] == [
        line for line in before if not line.startswith(told)]  # fmt: skip
    assert shop.ok("db", "verify", "-q") == ""


def test_two_roles_in_one_deal_become_one(shop: Crm) -> None:
    shop.ok("contact", "merge", "c1", "c2", "--yes")
    app = sales.app_of(shop)
    rows = app.store.rows("SELECT deal_id, contact_id, role FROM deal_contact ORDER BY deal_id")
    app.close()
    assert [tuple(row.values()) for row in rows] == [(1, 1, "decision maker"), (2, 1, "user")]

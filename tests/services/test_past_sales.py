"""Deals, orders and cases as they were."""

from crmcli.app import App
from tests import sales
from tests.conftest import Crm


def _write(crm: Crm, now: str) -> App:
    environ, crm_environ = {"CRM_NOW": now}, crm.environ
    crm.environ = lambda: {**crm_environ(), **environ}  # type: ignore[method-assign]
    try:
        return sales.app_of(crm)
    finally:
        crm.environ = crm_environ  # type: ignore[method-assign]


def test_they_are_there_as_they_were_then(crm: Crm) -> None:
    app = _write(crm, "2026-11-01T10:00:00Z")
    app.companies.add("Engines", {})
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("Grace Hopper", {})
    with app.writing() as gate:
        sales.deal(gate, "Engine", {2: "user"}, contact_id=1, company_id=1)
        sales.order(gate, contact_id=1, number="#1001", status="payment_due")
        sales.case(gate, "Stuck", contact_id=1)
    app.close()
    app = _write(crm, "2026-11-10T10:00:00Z")
    with app.writing() as gate:
        gate.update("deal", 1, {**sales.stage(gate, "Won", "won"), "amount": 5})
        gate.update("sales_order", 1, {"status": "cancelled"})
        gate.update("support_case", 1, {"contact_id": 2, "status": "closed"})
        sales.order(gate, contact_id=1, number="#1002")
    app.close()
    app = sales.app_of(crm)
    then = app.past.then("2026-11-05", "c1", ("contact",)).app.store
    assert then.row("SELECT status, amount FROM deal") == {"status": "open", "amount": 1200000}
    assert then.rows("SELECT number, status FROM sales_order") == [{"number": "#1001", "status": "payment_due"}]
    assert then.rows("SELECT contact_id, status FROM support_case") == [{"contact_id": 1, "status": "new"}]
    assert then.row("SELECT order_count, last_order_on FROM contact WHERE id = 1") == {
        "order_count": 1, "last_order_on": sales.DAY}  # fmt: skip
    assert len(then.rows("SELECT id FROM order_line")) == 1
    company = app.past.then("2026-11-05", "co1", ("company",)).app.store
    assert company.row("SELECT name, stage_id FROM deal") == {"name": "Engine", "stage_id": 1}
    assert company.row("SELECT name FROM stage WHERE id = 1") == {"name": "Proposal"}
    grace = app.past.then("2026-11-05", "c2", ("contact",)).app.store
    assert grace.row("SELECT name FROM deal") == {"name": "Engine"}
    app.close()


def test_a_deal_and_an_order_have_what_was_planned_and_asked_about_them(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    money = ("--currency", "EUR")
    crm.ok("deal", "add", "Engine", "--contact", "c1", "--amount", "5", *money, "--next", "Ring", "--next-due", "+3d")
    crm.ok("order", "add", "c1", "--line", "1 x Apples @ 5", *money, "--date", "2026-09-01", "--every", "monthly")
    crm.ok("order", "renew")
    crm.ok("case", "open", "c1", "Broken", "--order", "o1")
    for noun, which in (("deal", "d1"), ("order", "o1"), ("case", "cs1"), ("followup", "f1")):
        today = crm.json(noun, "show", which)["item"]
        as_of = crm.json(noun, "show", which, "--as-of", "now")["item"]
        assert {name: as_of[name] for name in today} == today
    assert crm.json("deal", "show", "d1", "--as-of", "now")["item"]["next"]["id"] == "f1"

"""What the history says of deals, orders and cases."""

import pytest

from crmcli.app import App
from tests import sales
from tests.conftest import Crm


@pytest.fixture
def shop(crm: Crm, app: App) -> Crm:
    """Ada's deal, that moved and was won; her order with a payment; her case."""
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("Grace Hopper", {})
    with app.writing() as gate:
        sales.deal(gate, "Engine No. 2", {2: "decision maker"}, ("Wheel",), contact_id=1)
    with app.writing() as gate:
        won = sales.stage(gate, "Won", "won")
        gate.update("deal", 1, {**won, "closed_at": gate.now, "amount": 1300000})
    with app.writing() as gate:
        sales.order(gate, contact_id=1, number="#1001", deal_id=1)
    with app.writing() as gate:
        gate.update(
            "sales_order", 1, {"status": "in_transit", "fulfillment_status": "fulfilled", "shipped_on": "2026-11-20"}
        )
        gate.insert("payment", {"order_id": 1, "amount": 500, "paid_on": "2026-11-20"})
    with app.writing() as gate:
        sales.case(gate, "Wheel stuck", contact_id=1)
    with app.writing() as gate:
        gate.update("support_case", 1, {"status": "resolved", "resolved_at": gate.now})
        gate.delete("deal_line", 1)
    app.close()
    return crm


def test_the_sentences_read_well(shop: Crm) -> None:
    app = sales.app_of(shop)
    said = app.journal.sentences(app.journal.page(who="c1").items)
    app.close()
    assert said == [
        "resolved case Wheel stuck (cs1); changed Engine No. 2 (d1): -1 × Wheel",
        "opened case Wheel stuck (cs1) for Ada Lovelace (c1)",
        "changed order #1001 (o1): status payment_due -> in_transit, shipped on none -> 2026-11-20, +payment 5.00 EUR",
        "added order #1001 (o1) for Ada Lovelace (c1): +2 × Red apples, +payment 10.00 EUR",
        "moved Engine No. 2 (d1) from Proposal to Won: amount 12,000.00 EUR -> 13,000.00 EUR",
        "added Engine No. 2 (d1) for Ada Lovelace (c1): +Grace Hopper, decision maker, +1 × Wheel",
        "added Ada Lovelace (c1)",
    ]


def test_a_person_with_a_part_in_a_deal_has_its_history(shop: Crm) -> None:
    assert "moved Engine No. 2 (d1) from Proposal to Won" in shop.ok("history", "c2", tty=True)


def test_the_fields_of_an_operation_have_amounts_and_quantities_as_people_write_them(shop: Crm) -> None:
    told = {(line[2], line[3]): line[5] for line in _fields(shop, "op5")}
    assert told["sales order", "total"] == "15.00 EUR"
    assert (told["order line", "quantity"], told["order line", "unit_price"]) == ("2", "7.50 EUR")
    assert told["payment", "amount"] == "10.00 EUR"
    changed = [line[3:6] for line in _fields(shop, "op4") if line[3] == "amount"]
    assert changed == [["amount", "12,000.00 EUR", "13,000.00 EUR"]]


def _fields(shop: Crm, operation: str) -> list[list[str]]:
    return [line.split("\t") for line in shop.ok("history", "show", operation).splitlines()]

"""Deals, orders and cases of people who are erased, or who want to know what is held on them."""

import json
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.store import chain, suppression
from tests import sales
from tests.commands.test_privacy import everything
from tests.conftest import Crm


@pytest.fixture
def shop(crm: Crm, app: App) -> Crm:
    """Grace and Ada, who works for the Engines: each has deals, orders and cases, one deal both."""
    app.companies.add("Engines", {})
    app.contacts.add("Grace Hopper", {"email": ["grace@navy.example"]})
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"]})
    with app.writing() as gate:
        sales.deal(gate, "A relay of her own", {1: "decides"}, ("Relay for Grace Hopper",), contact_id=1,
                   note="Wants it before Christmas", lost_reason="Asked for time", external="pipe:7",
                   custom='{"colour":"navy blue with stars"}')  # fmt: skip
        sales.deal(gate, "Engine for Grace Hopper", {1: "budget", 2: "user"}, contact_id=1, company_id=1)
        sales.deal(gate, "A deal of two", {1: "budget", 2: "user"}, contact_id=1)
        shipped = {"note": "Leave it with the neighbour", "source": "the fair in spring", "external": "shopify:1001",
                   "custom": '{"gift":"for the admiral"}', "deal_id": 1}  # fmt: skip
        sales.order(gate, "Thanks from the Hoppers", contact_id=1, number="#1001", **shipped)
        sales.order(gate, contact_id=1, number="Hopper-2", recurrence="every month", recurs_from="due")
        sales.order(gate, "Ship for Grace Hopper", contact_id=1, company_id=1, number="#1003", note="Call first")
        sales.order(gate, contact_id=2, number="#1004", note="Fragile")
        sales.case(gate, "The moth came back", contact_id=1, description="It sits in relay seventy", order_id=1)
        sales.case(gate, "Grace Hopper hears noises", contact_id=1, company_id=1)
        sales.case(gate, "Wheel stuck", contact_id=2)
    app.interactions.log("note", ["co1"], "They talked", {"channel": "note"})
    app.followups.add("co1", "Ask again", {"due": "2026-12-01"})
    with app.writing() as gate:
        gate.update("interaction", 1, {"deal_id": 1, "case_id": 1, "order_id": 1})
        gate.update("followup", 1, {"deal_id": 1})
        gate.update("deal", 1, {"note": "Wants it after Christmas"})
        gate.update("sales_order", 1, {"note": "Ring twice and wait"})
    app.close()
    return crm


WORDS = ("grace", "hopper", "relay of her", "christmas", "asked for time", "pipe:7", "navy blue", "neighbour",
         "fair in spring", "shopify:1001", "admiral", "moth came", "relay seventy", "ring twice")  # fmt: skip


def test_the_plan_says_what_goes_and_what_stays(shop: Crm) -> None:
    record = shop.json("privacy", "erase", "c1", "--dry-run")["item"]
    assert {key: record["removed"][key] for key in ("deal", "deal_contact", "support_case")} == {
        "deal": 1, "deal_contact": 3, "support_case": 1}  # fmt: skip
    assert record["figures"] == ["o1", "o2"]
    assert record["shared"] == ["d2", "d3", "cs2", "o3"]
    told = shop("privacy", "erase", "c1", "--dry-run", tty=True).err
    assert "whose figures the law keeps (GDPR Art. 17(3)(b))" in " ".join(told.split())


def test_nothing_of_the_person_is_left_in_deals_orders_and_cases(shop: Crm) -> None:
    before = everything(shop).lower()
    assert [word for word in WORDS if word not in before] == []
    done = shop("--yes", "privacy", "erase", "c1")
    assert (done.code, "none of" in done.err) == (0, True), done.err
    after = everything(shop).lower()
    assert [word for word in WORDS if word in after] == []
    if shop.dialect == "sqlite":
        raw = b"".join(file.read_bytes() for file in Path(shop.place).parent.glob("crm.db*")).lower()
        assert [word for word in WORDS if word.encode() in raw] == []
    assert shop.ok("db", "verify", "-q") == ""
    assert shop("undo", "--yes").code == 1


def test_what_stays_is_right(shop: Crm) -> None:
    shop("--yes", "privacy", "erase", "c1")
    app = sales.app_of(shop)
    read = app.store.rows
    assert read("SELECT id, name, contact_id, company_id FROM deal ORDER BY id") == [
        {"id": 2, "name": "Engine for [erased]", "contact_id": None, "company_id": 1},
        {"id": 3, "name": "A deal of two", "contact_id": 2, "company_id": None},
    ]
    assert read("SELECT deal_id, contact_id FROM deal_contact ORDER BY id") == [
        {"deal_id": 2, "contact_id": 2}, {"deal_id": 3, "contact_id": 2}]  # fmt: skip
    orders = read("SELECT id, number, contact_id, deal_id, note, recurrence, total, paid FROM sales_order ORDER BY id")
    assert [tuple(row.values()) for row in orders] == [
        (1, "#1001", None, None, None, None, 1500, 1000),
        (2, None, None, None, None, None, 1500, 1000),
        (3, "#1003", None, None, "Call first", None, 1500, 1000),
        (4, "#1004", 2, None, "Fragile", None, 1500, 1000),
    ]
    references = [row["reference"] for row in read("SELECT reference FROM payment ORDER BY id")]
    assert references == [None, None, "Ship for [erased]", None]
    assert [row["subject"] for row in read("SELECT subject FROM support_case ORDER BY id")] == [
        "[erased] hears noises", "Wheel stuck"]  # fmt: skip
    assert read("SELECT deal_id, case_id, order_id FROM interaction") == [
        {"deal_id": None, "case_id": None, "order_id": 1}]  # fmt: skip
    assert list(chain.breaks(app.store.connection)) == []
    secret = suppression.secrets(read)[0]
    key = suppression.sale_key("sales_order", "shopify:1001")
    assert read("SELECT kind FROM suppression WHERE digest = ?", [suppression.digest(secret, key)]) == [
        {"kind": "external"}]  # fmt: skip
    app.close()


def test_a_restored_copy_erases_them_again(shop: Crm, tmp_path: Path) -> None:
    if shop.dialect == "postgresql":
        pytest.skip("there the list is kept and replayed by hand")
    (tmp_path / "all.jsonl").write_text(shop.ok("export", "all"))
    shop("--yes", "privacy", "erase", "c1")
    Path(shop.place).unlink()
    shop.ok("import", str(tmp_path / "all.jsonl"), "--yes")
    assert [word for word in WORDS if word in everything(shop).lower()] == []
    assert shop.ok("db", "verify", "-q") == ""


def test_they_are_given_out(shop: Crm) -> None:
    record = shop.json("privacy", "export", "c1")["item"]
    assert [deal["id"] for deal in record["deals"]] == ["d3", "d2", "d1"]
    assert record["deals"][2]["stage"] == "Proposal"
    assert record["deals"][2]["amount"] == "12000.00"
    first = record["orders"][-1]
    assert (first["id"], first["total"], first["order_line"][0]["name"]) == ("o1", "15.00", "Red apples")
    assert first["payment"][0]["reference"] == "Thanks from the Hoppers"
    assert [case["subject"] for case in record["cases"]] == ["Grace Hopper hears noises", "The moth came back"]
    assert "shopify:1001" in json.dumps(record["orders"])
    page = shop.ok("privacy", "export", "c1", "-o", "md")
    assert "## Orders" in page
    assert "order line: name: Red apples" in page

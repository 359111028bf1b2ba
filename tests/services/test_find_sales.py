"""What a search finds among deals, orders, cases and products."""

from typing import Any

import pytest

from crmcli.app import App
from tests import sales
from tests.conftest import Crm


@pytest.fixture
def shop(app: App) -> App:
    """Ada with a deal, an order, a case; Grace is deleted; a product."""
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("Grace Hopper", {})
    with app.writing() as gate:
        sales.deal(gate, "Analytical engine", contact_id=1, note="Brass wheels", external="hubspot:7",
                   custom='{"colour":"emerald green"}')  # fmt: skip
        sales.order(gate, contact_id=1, number="#1001", note="Leave it with the neighbour", status="delivered")
        sales.order(gate, contact_id=1, note="No number")
        sales.case(gate, "Wheel stuck", contact_id=1, description="It creaks")
        gate.insert("product", {"name": "Engine oil", "sku": "OIL-1", "description": "For brass wheels"})
        sales.deal(gate, "Compiler for brass", contact_id=2)
    app.contacts.remove(["c2"])
    return app


def found(app: App, text: str, **options: Any) -> list[dict[str, Any]]:
    return list(app.find.page(text, **options).items)


@pytest.mark.parametrize(
    ("text", "id", "where", "snippet"),
    [
        ("analytical", "d1", "name", "Analytical engine"),
        ("d1", "d1", "id", None),
        ("hubspot:7", "d1", "external", "hubspot:7"),
        ("emerald", "d1", "custom.colour", "emerald green"),
        ("1001", "o1", "number", "#1001"),
        ("#1001", "o1", "number", "#1001"),
        ("neighbour", "o1", "note", "Leave it with the neighbour"),
        ("creaks", "cs1", "description", "It creaks"),
        ("OIL-1", "p1", "sku", "OIL-1"),
        ("engine oil", "p1", "name", "Engine oil"),
    ],
)
def test_the_place_is_told(shop: App, text: str, id: str, where: str, snippet: str | None) -> None:
    item = found(shop, text)[0]
    assert (item["id"], item["place"], item["snippet"]) == (id, where, snippet)


def test_what_is_found_says_whose_it_is_and_when(shop: App) -> None:
    (order,) = found(shop, "neighbour")
    assert (order["noun"], order["name"], order["status"]) == ("order", "#1001", "delivered")
    assert order["who"] == {"id": "c1", "name": "Ada Lovelace"}
    assert order["at"].startswith("2026-11-")
    assert found(shop, "number")[0]["name"] == "Order of 2026-11-20"


def test_what_a_deleted_customer_has_is_not_found(shop: App) -> None:
    assert [item["id"] for item in found(shop, "compiler")] == []
    assert sorted(item["id"] for item in found(shop, "brass")) == ["d1", "p1"]


def test_only_some_kinds(shop: App) -> None:
    assert [item["id"] for item in found(shop, "brass", nouns=["product"])] == ["p1"]
    assert [item["id"] for item in found(shop, "#1001", nouns=["deal"])] == []


def test_the_command_shows_them(crm_sqlite: Crm) -> None:
    app = sales.app_of(crm_sqlite)
    app.contacts.add("Ada Lovelace", {})
    with app.writing() as gate:
        sales.order(gate, contact_id=1, number="#1001", status="payment_due")
    app.close()
    line = crm_sqlite.ok("find", "1001", tty=True)
    assert "o1  #1001 · Ada Lovelace · payment due" in line
    assert [item["noun"] for item in crm_sqlite.json("find", "1001", "--in", "order")["items"]] == ["order"]


@pytest.mark.parametrize("ref", ["d1", "o1", "cs1", "p1"])
def test_show_hands_over_or_says_which_command_shows_it(crm_sqlite: Crm, ref: str) -> None:
    crm_sqlite.ok("contact", "add", "Ada")
    noun = {"d": "deal", "o": "order", "cs": "case", "p": "product"}[ref[:-1]]
    own, handed = crm_sqlite(noun, "show", ref), crm_sqlite("show", ref)
    if "no command" in own.err:
        assert (handed.code, f"crm {noun} show {ref}" in handed.err) == (2, True)
    else:
        assert handed == own

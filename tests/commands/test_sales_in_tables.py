"""Orders and deals that go to another database as CSV: they are there what they were here, on both databases."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_imports import counts
from tests.conftest import Crm

KINDS = ("contacts", "products", "deals", "orders")
SHOP = """Order ID,Order date,Customer,E-mail,Product,SKU,Qty,Line total,Shipping,Tax,Total,Refunded,Currency,Status
A-1,2026-11-02,Ada Lovelace,ada@engines.example,Record,REC,2,29.33,4.00,5.00,40.00,10.00,EUR,delivered
A-2,2026-11-09,Grace Hopper,grace@navy.example,Record,REC,3,10.00,,,10.00,,EUR,pending
"""
SHIPPED = "order add una@mugs.example --currency EUR --paid"
STORIES: dict[str, list[list[str]]] = {
    "part of a discounted line came back": [
        [*SHIPPED.split(), "--line", "4 x Hat @ 10 -10% tax 20%"],
        ["order", "ship", "o1"],
        ["order", "return", "o1", "--line", "1=1", "--refund"],
    ],
    "part came back of an order with a discount": [
        [*SHIPPED.split(), "--line", "3 x Hat @ 9.99 -1 tax 7.7%", "--line", "2 x Mug tax 19%", "--discount", "3.33"],
        ["order", "deliver", "o1"],
        ["order", "return", "o1", "--line", "1=1", "--line", "2=1"],
        ["order", "return", "o1", "--line", "1=1", "--refund"],
    ],
    "the tax is in the prices": [
        [*SHIPPED.split(), "--line", "0.7 x Hat @ 9.99 tax 19%", "--tax-included", "--discount", "10%"],
        ["order", "ship", "o1"],
        ["order", "return", "o1", "--line", "1=0.3"],
    ],
    "all of it came back": [
        [*SHIPPED.split(), "--line", "4 x Hat @ 10 -10% tax 20%", "--shipping", "5"],
        ["order", "ship", "o1"],
        ["order", "return", "o1", "--refund"],
    ],
    "a part was sent and paid": [
        ["order", "add", "una@mugs.example", "--currency", "EUR", "--line", "4 x Hat", "--line", "Gift; a | b @ 1"],
        ["order", "ship", "o1", "--line", "1=3"],
        ["order", "pay", "o1", "10", "--method", "bank transfer", "--reference", "No. 7"],
        ["order", "pay", "o1", "5", "--reference", "No. 8"],
        ["order", "pay", "o1", "1", "--method", "card", "--reference", "No. 9"],
    ],
    "nothing was sent": [
        ["order", "add", "una@mugs.example", "--currency", "JPY", "--line", "2 x Kite @ 1000 -1%", "--number", "7"],
        ["order", "add", "una@mugs.example", "--currency", "EUR", "--line", "2 x Mug", "--due", "2026-12-01"],
        ["order", "cancel", "o2", "--reason", "Too late"],
    ],
    "products were renamed, and two have one name": [
        ["product", "add", "Mug", "--category", "other"],
        [*SHIPPED.split(), "--line", "1 x p2", "--line", "2 x p1 @ 3", "--line", "1 x p3 @ 2"],
        ["product", "edit", "p2", "--name", "Top hat"],
    ],
    "deals that were won and lost before they were entered": [
        ["deal", "add", "Fair", "--contact", "una@mugs.example", "--amount", "900 EUR", "--no-next"],
        ["deal", "move", "d1", "qualification", "--no-next"],
        ["deal", "won", "d1", "--at", "2026-01-01"],
        ["deal", "add", "Ball", "--contact", "una@mugs.example", "--amount", "70 EUR", "--no-next"],
        ["deal", "lost", "d2", "--reason", "price", "--at", "2026-02-01"],
    ],
    "deals with discounts": [
        ["deal", "add", "Fair", "--contact", "una@mugs.example", "--line", "2 x Mug -10%", "--no-next"],
        ["deal", "add", "Ball", "--contact", "una@mugs.example", "--line", "3 x Hat @ 9 -1.50", "--line", "Band @ 70",
         "--currency", "EUR", "--no-next"],
    ],
}  # fmt: skip


@pytest.fixture
def here(sqlite_template: Path, tmp_path: Path, home: Path) -> Crm:
    """A database with two products and a customer."""
    made = Crm("sqlite", str(shutil.copy(sqlite_template, tmp_path / "here.db")), home)
    made.ok("product", "add", "Mug", "--price", "10 EUR")
    made.ok("product", "add", "Hat", "--sku", "HAT", "--price", "12 EUR", "--tax", "19")
    made.ok("contact", "add", "Una", "--email", "una@mugs.example")
    return made


def moved(here: Crm, crm: Crm, tmp_path: Path) -> None:
    """Take everything over as CSV; nothing is refused, and each table is the same there."""
    for what in KINDS:
        text = here.ok("export", what, "-o", "csv")
        path = tmp_path / f"{what}.csv"
        path.write_text(text, "utf-8", newline="")
        made = counts(crm, str(path))
        assert made == [sum(made), 0, 0, 0, 0], what
        assert crm.ok("export", what, "-o", "csv") == text
        assert counts(crm, str(path)) == [0, 0, sum(made), 0, 0], "a second time changes nothing"


def exported(crm: Crm, what: str) -> Any:
    return json.loads(crm.ok("export", what, "-o", "json"))["items"]


@pytest.mark.parametrize("story", STORIES)
def test_sales_are_the_same_in_another_database(here: Crm, crm: Crm, tmp_path: Path, story: str) -> None:
    for command in STORIES[story]:
        here.ok(*command)
    moved(here, crm, tmp_path)
    for what in ("orders", "deals"):
        assert exported(crm, what) == exported(here, what)
    crm.ok("db", "verify")


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_a_deal_won_before_it_was_entered_is_as_old_there(here: Crm, crm: Crm, tmp_path: Path, form: str) -> None:
    for command in STORIES["deals that were won and lost before they were entered"]:
        here.ok(*command)
    path = tmp_path / f"deals.{form}"
    path.write_text(here.ok("export", "deals", "-o", form), "utf-8")
    crm.ok("import", str(path))
    deal = crm.json("deal", "show", "Fair")["item"]
    assert (deal["stage"], deal["stage_since"], deal["stage_days"]) == ("won", "2026-01-01T10:00:00Z", 323)
    assert [(stay["stage"], stay["left_at"] is None) for stay in deal["stages"]] == [
        ("prospecting", False),
        ("qualification", False),
        ("won", True),
    ]
    assert deal["stages"] == here.json("deal", "show", "d1")["item"]["stages"]


def test_orders_of_a_shop_go_on_as_they_were(here: Crm, crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(SHOP, "utf-8")
    assert counts(here, str(path)) == [2, 0, 0, 0, 0]
    moved(here, crm, tmp_path)
    before, after = exported(here, "orders"), exported(crm, "orders")
    # Of an order that was sent, and of which nobody told how much of each line, all of each was.
    assert [line["shipped"] for line in after[0]["lines"]] == ["2", "0"]
    for order in (*before, *after):
        for line in order["lines"]:
            line.pop("shipped")
    assert after == before
    crm.ok("db", "verify")


def test_what_came_back_there_bears_the_tax_of_its_line(here: Crm, crm: Crm, tmp_path: Path) -> None:
    here.ok(*SHIPPED.split(), "--line", "4 x Hat @ 10 -10% tax 20%", "--discount", "6")
    here.ok("order", "ship", "o1")
    here.ok("order", "return", "o1", "--line", "1=1")
    moved(here, crm, tmp_path)
    for one in (here, crm):
        one.ok("order", "return", "o1", "--line", "1=2", "--refund")
    assert exported(crm, "orders") == exported(here, "orders")


def test_a_product_of_another_name_there_is_found_by_its_article_number(here: Crm, crm: Crm, tmp_path: Path) -> None:
    here.ok(*SHIPPED.split(), "--line", "1 x Hat", "--line", "1 x Mug")
    crm.ok("product", "add", "Chapeau", "--sku", "HAT")
    crm.ok("product", "add", "Mug")
    path = tmp_path / "orders.csv"
    path.write_text(here.ok("export", "orders", "-o", "csv"), "utf-8")
    assert counts(crm, str(path)) == [1, 0, 0, 0, 0]
    lines = crm.json("order", "show", "o1")["item"]["lines"]
    assert [(line["name"], line["sku"], line["product"]["id"]) for line in lines] == [
        ("Hat", "HAT", "p1"),
        ("Mug", None, "p2"),
    ]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_lines_of_orders_alone_are_refused(here: Crm, crm_sqlite: Crm, tmp_path: Path, form: str) -> None:
    here.ok(*SHIPPED.split(), "--line", "4 x Hat @ 10 -10% tax 20%", "--discount", "6")
    path = tmp_path / f"lines.{form}"
    path.write_text(here.ok("export", "orders", "--lines", "-o", form), "utf-8")
    for more in ([], ["--as", "orders"], ["--dry-run"]):
        result = crm_sqlite("import", str(path), *more)
        assert result.code == 2
        assert "crm export orders --to FILE, without --lines" in result.err
    assert crm_sqlite.json("order", "list")["items"] == []

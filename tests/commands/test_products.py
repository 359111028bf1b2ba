"""`crm product`: price lists in several currencies, prices that begin on a day, and what is deleted."""

from pathlib import Path

import pytest

from tests.conftest import Crm


@pytest.fixture
def shop(crm: Crm) -> Crm:
    crm.ok(
        "product", "add", "Red apples", "--sku", "APL-1", "--tax", "19%", "--price", "7.50 EUR", "--price", "USD 8.10"
    )
    crm.ok("product", "add", "Crate", "--price", "4.99", "--currency", "EUR", "--category", "boxes")
    return crm


def product(crm: Crm, which: str) -> dict[str, object]:
    return dict(crm.json("product", "show", which)["item"])


def test_prices_in_several_currencies(shop: Crm) -> None:
    record = product(shop, "APL-1")
    assert record["prices"] == [
        {"currency": "EUR", "amount": "7.50", "amount_minor": 750, "from": None},
        {"currency": "USD", "amount": "8.10", "amount_minor": 810, "from": None},
    ]
    assert record["tax_rate"] == "19%"


def test_the_price_of_a_day_is_the_newest_not_after_it(shop: Crm) -> None:
    shop.ok("product", "price", "p1", "8", "EUR", "--from", "2026-12-01")
    shop.ok("product", "price", "p1", "9", "EUR", "--from", "2027-01-01")
    shop.ok("contact", "add", "Ada Lovelace")
    totals = {}
    for day in ("2020-01-01", "2026-11-30", "2026-12-01", "2026-12-31", "2027-06-01"):
        made = shop.json("order", "add", "c1", "--date", day, "--currency", "EUR", "--line", "APL-1 tax 0%")
        totals[day] = made["item"]["total"]
    assert totals == {
        "2020-01-01": "7.50",
        "2026-11-30": "7.50",
        "2026-12-01": "8.00",
        "2026-12-31": "8.00",
        "2027-06-01": "9.00",
    }


def test_the_currency_of_a_price_stands_in_the_amount_behind_it_or_in_the_settings(shop: Crm) -> None:
    for words in (("8 EUR",), ("EUR 8",), ("8", "EUR"), ("8 EUR", "EUR")):
        shop.ok("product", "add", "Pears")
        shop.ok("product", "price", "Pears", *words)
        assert shop.json("product", "show", "Pears")["item"]["prices"][0]["amount"] == "8.00"
        shop.ok("product", "rm", "Pears")
    result = shop("product", "price", "p1", "8 EUR", "USD")
    assert result.code == 2 and "the price is in EUR, and USD was named" in result.err
    assert "the price 8 has no currency" in shop("product", "price", "p1", "8").err
    shop.ok("config", "set", "currency", "CHF")
    shop.ok("product", "price", "p1", "8")
    assert "CHF" in [one["currency"] for one in shop.json("product", "show", "p1")["item"]["prices"]]
    shop.ok("product", "price", "p1", "none")
    assert "CHF" not in [one["currency"] for one in shop.json("product", "show", "p1")["item"]["prices"]]


def test_a_price_without_a_day_begins_today_where_there_is_one(shop: Crm) -> None:
    shop.ok("product", "price", "p1", "8.20", "EUR")
    shop.ok("product", "price", "p1", "1200", "JPY")
    prices = product(shop, "p1")["price_list"]
    assert [(one["currency"], one["amount"], one["from"]) for one in prices] == [  # type: ignore[attr-defined]
        ("EUR", "7.50", None),
        ("EUR", "8.20", "2026-11-20"),
        ("JPY", "1200", None),
        ("USD", "8.10", None),
    ]
    shop.ok("product", "price", "p1", "none", "EUR")
    shop.ok("product", "price", "p1", "none", "USD")
    assert [one["amount"] for one in product(shop, "p1")["prices"]] == ["7.50", "1200"]  # type: ignore[attr-defined]


def test_products_are_found_by_what_they_are_called(shop: Crm) -> None:
    for named in ("p1", "APL-1", "red apples", "RED APPLES", "apples"):
        assert product(shop, named)["id"] == "p1"
    assert shop("product", "show", "aples").code == 3
    assert "did you mean: Crate" in shop("product", "show", "crat0").err


def test_lists_are_filtered_and_sorted(shop: Crm) -> None:
    for query in ("category:boxes", "price<5", "crate", "currency:EUR price<5"):
        assert shop.ok("product", "list", query, "-o", "ids").split() == ["p2"]
    assert shop.ok("product", "list", "--sort", "-name", "-o", "ids").split() == ["p1", "p2"]
    assert shop.ok("product", "list", "tax:19", "-o", "ids").split() == ["p1"]


def test_editing_and_fields_of_ones_own(shop: Crm) -> None:
    shop.ok(
        "product", "edit", "p2", "--name", "Big crate", "--set", "colour=red", "--external", "shop:1", "--no-active"
    )
    record = product(shop, "shop:1")
    assert (record["name"], record["custom"], record["active"]) == ("Big crate", {"colour": "red"}, False)
    shop.ok("product", "edit", "p2", "--unset", "colour", "--price", "5.00 EUR")
    record = product(shop, "p2")
    assert record["custom"] == {}
    assert record["prices"][0]["amount"] == "5.00"  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("product add Pears --price 7.50", "has no currency"),
        ("product add Pears --price 7.505 --currency EUR", "more decimals than EUR"),
        ("product add Pears --price 7.5 --currency JPY", "more decimals than JPY"),
        ("product add Pears --sku APL-1", "is that of Red apples (p1)"),
        ("product add Pears --tax 190%", "'190%' is not a share"),
        ("product add Pears --price 1 --price 2 --currency EUR", "two prices in EUR"),
        ("product price p1 -- -1 EUR", "below zero"),
        ("product edit p1", "nothing to change was given"),
        ("product list --sort colour", "cannot be sorted by 'colour'"),
        ("product list --sort categroy", "did you mean category? sorts: name, sku, category, created; -name reverses"),
    ],
)
def test_what_cannot_be_understood(shop: Crm, line: str, said: str) -> None:
    result = shop(*line.split())
    assert result.code == 2
    assert said in result.err


def test_deleted_products_come_back(shop: Crm) -> None:
    shop.ok("product", "rm", "p1")
    assert shop.ok("product", "list", "-o", "ids").split() == ["p2"]
    assert "crm product restore" in shop("product", "show", "APL-1").err
    shop.ok("product", "restore", "APL-1")
    assert shop.ok("product", "list", "-o", "ids").split() == ["p2", "p1"]
    shop.ok("product", "rm", "--where", "category:boxes", "--dry-run")
    shop.ok("product", "rm", "-", "--yes", stdin="id\np1\np2\n")
    assert shop.ok("product", "list", "-o", "ids") == ""
    shop.ok("undo")
    assert len(shop.ok("product", "list", "-o", "ids").split()) == 2


def test_an_export_has_every_price(shop: Crm, tmp_path: Path) -> None:
    shop.ok("product", "price", "p1", "8", "EUR", "--from", "2026-12-01")
    rows = shop.ok("export", "products", "-o", "csv").splitlines()
    assert rows[0].startswith("uid,name,sku,category,unit,description,tax_rate,active,price_list,external,custom")
    assert "7.50 EUR; 8.00 EUR from 2026-12-01; 8.10 USD" in rows[2]
    record = shop.json("export", "products", "name~apples")["items"][0]
    assert record["price_list"][1] == {"currency": "EUR", "amount": "8.00", "from": "2026-12-01"}


def test_hostile_names_do_not_drive_the_terminal(crm: Crm) -> None:
    crm.ok("product", "add", "Red \x1b[31mapples", "--price", "1 EUR")
    for line in ("product list", "product show p1"):
        assert "\x1b[31m" not in crm.ok(*line.split(), tty=True)


def test_a_field_of_its_own_is_in_filters(crm: Crm) -> None:
    crm.ok("product", "add", "Crate", "--set", "colour=red")
    crm.ok("product", "add", "Box", "--set", "colour=blue")
    assert crm.ok("product", "list", "custom.colour:red", "-o", "ids") == "p1\n"


def test_no_way_gives_two_products_one_article_number(crm: Crm) -> None:
    crm.ok("product", "add", "Apples", "--sku", "A1")
    crm.ok("product", "edit", "p1", "--sku", "A2")
    crm.ok("product", "add", "Pears", "--sku", "A1")
    assert "op3 (product add) gave its place to product p2" in crm("undo", "op2").err
    crm.ok("product", "rm", "p2", "--yes")
    crm.ok("undo", "op2")
    refused = crm("product", "restore", "p2")
    assert (refused.code, "the article number A1 is that of Apples (p1)" in refused.err) == (2, True)
    assert crm("undo", "op4").code == 1
    assert crm.json("product", "show", "A1")["item"]["id"] == "p1"
    assert "the product 'p1' is not deleted" in crm("product", "restore", "p1").err

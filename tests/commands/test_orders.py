"""`crm order`: taking orders, sending, paying, returning and cancelling them, and those that come again."""

import json
import shlex
from typing import Any

import pytest

from tests.conftest import Crm


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """A person, a company, and something to sell."""
    crm.ok("contact", "add", "Ada Lovelace", "--stage", "lead")
    crm.ok("company", "add", "Analytical Engines", "--currency", "USD")
    crm.ok(
        "product", "add", "Red apples", "--sku", "APL-1", "--tax", "19%", "--price", "7.50 EUR", "--price", "8.10 USD"
    )
    return crm


def take(crm: Crm, *words: str) -> str:
    """Take an order of Ada; returns its id."""
    return crm.ok("order", "add", "c1", "--currency", "EUR", *words).strip()


def order(crm: Crm, which: str = "o1") -> dict[str, Any]:
    return dict(crm.json("order", "show", which)["item"])


def states(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["status"], record["financial_status"], record["fulfillment_status"]


# --- taking


def test_the_canonical_call(shop: Crm) -> None:
    made = shop.ok(
        *("order", "add", "--contact", "c1", "--date", "2025-11-03", "--currency", "USD"),
        *("--line", "2 x Red apples @ 7.50"),
    )
    assert made == "o1\n"
    record = order(shop)
    assert record["ordered_on"] == "2025-11-03"
    assert record["contact"] == {"id": "c1", "display_name": "Ada Lovelace"}
    assert (record["subtotal"], record["tax"], record["total"], record["total_minor"]) == (
        "15.00",
        "2.85",
        "17.85",
        1785,
    )
    assert record["lines"][0]["product"]["id"] == "p1"
    assert states(record) == ("payment_due", "pending", "unfulfilled")


def test_lines_discount_shipping_and_taxes(shop: Crm) -> None:
    take(shop, "--line", "3 x APL-1 -10%", "--line", "Crate @ 4.99 tax 7%", "--discount", "10%", "--shipping", "4.90",
         "--due", "+14d", "--number", "1001")  # fmt: skip
    record = order(shop, "1001")
    sums = [record[name] for name in ("subtotal", "discount", "shipping", "tax", "total", "unpaid")]
    assert sums == ["25.24", "2.52", "4.90", "3.77", "31.39", "31.39"]
    assert record["due_on"] == "2026-12-04"


def test_taxes_that_prices_include(shop: Crm) -> None:
    take(shop, "--tax-included", "--tax", "19%", "--line", "1 x Box @ 119")
    record = order(shop)
    assert (record["tax"], record["total"]) == ("19.00", "119.00")


def test_the_currency_is_that_of_the_lines_or_of_the_customer(shop: Crm) -> None:
    shop.ok("order", "add", "co1", "--line", "APL-1")
    assert (order(shop)["currency"], order(shop)["lines"][0]["unit_price"]) == ("USD", "8.10")
    shop.ok("order", "add", "c1", "--line", "1 x Fee @ 10 GBP")
    assert order(shop, "o2")["currency"] == "GBP"
    result = shop("order", "add", "c1", "--line", "APL-1")
    assert result.code == 2
    assert "the order has no currency" in result.err


def test_due_days_count_from_the_day_of_the_order(shop: Crm) -> None:
    take(shop, "--date", "2026-01-31", "--due", "+14d", "--line", "APL-1")
    assert order(shop)["due_on"] == "2026-02-14"
    assert order(shop)["overdue"] is True
    assert shop.ok("order", "list", "overdue:yes", "-o", "ids").split() == ["o1"]


def test_who_orders_is_a_customer_and_that_is_told(shop: Crm) -> None:
    result = shop("order", "add", "c1", "--currency", "EUR", "--line", "APL-1")
    assert "Ada Lovelace (c1) is a customer now" in result.err
    assert shop.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "customer"
    assert "customer now" not in shop("order", "add", "c1", "--currency", "EUR", "--line", "APL-1").err
    shop.ok("contact", "edit", "c1", "--stage", "evangelist")
    take(shop, "--line", "APL-1")
    assert shop.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "evangelist"


def test_a_draft_makes_nobody_a_customer_until_it_is_confirmed(shop: Crm) -> None:
    take(shop, "--status", "draft", "--line", "APL-1")
    assert shop.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "lead"
    shop.ok("order", "edit", "o1", "--status", "payment_due")
    assert shop.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "customer"


@pytest.mark.parametrize("status", ["in_transit", "delivered"])
def test_an_order_of_the_past_is_taken_as_far_as_it_is(shop: Crm, status: str) -> None:
    take(shop, "--date", "2026-01-05", "--status", status, "--paid", "--line", "2 x APL-1")
    record = order(shop)
    assert states(record) == (status, "paid", "fulfilled")
    assert record["shipped_on"] == record["paid_on"] == "2026-01-05"


# --- what the customer's own row says


def test_what_a_customer_ordered_is_right_after_every_act(shop: Crm, app: Any) -> None:
    def told() -> tuple[Any, ...]:
        app.close()
        row = app.store.row("SELECT order_count, first_order_on, last_order_on FROM contact WHERE id = 1")
        return tuple(row.values())

    take(shop, "--date", "2026-01-05", "--line", "APL-1")
    take(shop, "--date", "2026-03-05", "--line", "APL-1")
    assert told() == (2, "2026-01-05", "2026-03-05")
    take(shop, "--status", "draft", "--line", "APL-1")
    assert told() == (2, "2026-01-05", "2026-03-05")
    shop.ok("order", "edit", "o3", "--status", "processing")
    assert told() == (3, "2026-01-05", "2026-11-20")
    shop.ok("order", "cancel", "o1")
    assert told() == (2, "2026-03-05", "2026-11-20")
    shop.ok("order", "rm", "o2")
    assert told() == (1, "2026-11-20", "2026-11-20")
    shop.ok("order", "restore", "o2")
    assert told() == (2, "2026-03-05", "2026-11-20")
    shop.ok("order", "edit", "o2", "--date", "2026-02-01")
    assert told() == (2, "2026-02-01", "2026-11-20")
    shop.ok("order", "edit", "o2", "--contact", "", "--company", "co1")
    assert told() == (1, "2026-11-20", "2026-11-20")
    shop.ok("order", "deliver", "o3")
    shop.ok("order", "return", "o3")  # all of it
    assert told() == (0, None, None)
    shop.ok("undo")
    shop.ok("undo")
    assert told() == (1, "2026-11-20", "2026-11-20")


# --- sending, paying, returning


def test_an_order_goes_its_way(shop: Crm) -> None:
    take(shop, "--line", "3 x APL-1", "--line", "Crate @ 5", "--number", "1001")
    shop.ok("order", "pay", "1001", "10", "--method", "transfer", "--reference", "RE 1", "--on", "2026-11-19")
    assert states(order(shop)) == ("payment_due", "partially_paid", "unfulfilled")
    shop.ok("order", "ship", "1001", "--line", "1=2")
    assert states(order(shop)) == ("processing", "partially_paid", "partial")
    shop.ok("order", "ship", "1001")
    assert states(order(shop)) == ("in_transit", "partially_paid", "fulfilled")
    shop.ok("order", "deliver", "1001", "--date", "today")
    shop.ok("order", "pay", "1001")
    record = order(shop)
    assert states(record) == ("delivered", "paid", "fulfilled")
    assert (record["shipped_on"], record["delivered_on"], record["paid_on"]) == ("2026-11-20",) * 3
    assert [one["amount"] for one in record["payments"]] == ["10.00", "21.78"]
    commands = [entry["command"] for entry in record["history"]]
    assert commands == ["order add", "order pay", "order ship", "order ship", "order deliver", "order pay"]


def test_returns_are_negative_lines_with_their_share_of_everything(shop: Crm) -> None:
    take(shop, "--line", "3 x APL-1 -10%", "--line", "Crate @ 4.99 tax 7%", "--discount", "10%", "--shipping", "4.90")
    shop.ok("order", "deliver", "o1")
    shop.ok("order", "pay", "o1")
    result = shop("order", "return", "o1", "--line", "1=1")
    assert "o1 comes to 7.23 EUR less\n" in result.err
    assert "7.23 EUR are to be given back: crm order pay o1 --refund" in result.err
    record = order(shop)
    assert (record["lines"][2]["quantity"], record["lines"][2]["amount"], record["lines"][2]["return_of"]) == (
        "-1",
        "-6.08",
        1,
    )
    assert states(record) == ("delivered", "paid", "fulfilled")
    shop.ok("order", "pay", "o1", "--refund")
    assert order(shop)["financial_status"] == "partially_refunded"
    result = shop("order", "return", "o1", "--refund")
    assert "4.90 of it shipping" in result.err
    record = order(shop)
    assert (record["total"], record["tax"], record["paid"], record["unpaid"]) == ("0.00", "0.00", "0.00", "0.00")
    assert states(record) == ("returned", "refunded", "restocked")


def test_a_refund_at_once_tells_what_was_given_back(shop: Crm) -> None:
    take(shop, "--line", "4 x Crate @ 10.14", "--status", "delivered")
    shop.ok("order", "pay", "o1", "10")
    assert (
        "o1 comes to 20.28 EUR less; nothing was to be given back"
        in shop(*("order", "return", "o1", "--line", "1=2", "--refund")).err
    )
    assert "o1 comes to 20.28 EUR less; 10.00 EUR given back" in shop("order", "return", "o1", "--refund").err
    assert order(shop)["paid"] == "0.00"


def test_shipping_is_kept_where_that_is_said(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--shipping", "4.90", "--status", "delivered")
    shop.ok("order", "return", "o1", "--keep-shipping")
    assert order(shop)["total"] == "4.90"


def test_paying_too_much_is_refused_unless_it_came(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5")
    result = shop("order", "pay", "o1", "6")
    assert result.code == 2
    assert "that is 1.00 too much" in result.err
    shop.ok("order", "pay", "o1", "6", "--allow-overpayment")
    assert (order(shop)["paid"], order(shop)["unpaid"]) == ("6.00", "0.00")
    assert shop("order", "pay", "o1").code == 2
    shop.ok("order", "pay", "o1", "1", "--refund")
    assert order(shop)["paid"] == "5.00"


@pytest.mark.parametrize("words", [("5 EUR",), ("5", "EUR"), ("EUR", "5"), ("5", "eur"), ("EUR5",), ("5.00",)])
def test_an_amount_may_name_the_currency_of_the_order(shop: Crm, words: tuple[str, ...]) -> None:
    take(shop, "--line", "Crate @ 7")
    shop.ok("order", "pay", "o1", *words)
    assert order(shop)["paid"] == "5.00"


@pytest.mark.parametrize(
    "line",
    [
        "order pay o1 5 USD",
        "order pay o1 '5 USD'",
        "order edit o1 --shipping 'USD 5'",
        "order edit o1 --discount 5USD",
    ],
)
def test_another_currency_is_what_is_told_to_be_wrong(shop: Crm, line: str) -> None:
    take(shop, "--line", "Crate @ 7")
    result = shop(*shlex.split(line))
    assert result.code == 2
    assert "the order is in EUR, and the " in result.err and "in USD" in result.err
    assert order(shop)["paid"] == "0.00" and order(shop)["total"] == "7.00"


def test_several_orders_are_paid_by_their_numbers(shop: Crm) -> None:
    for number in ("1001", "1002", "1003"):
        take(shop, "--line", "Crate @ 7", "--number", number)
    shop.ok("order", "pay", "1001", "1002", "1003")
    assert [one["paid"] for one in shop.json("order", "list")["items"]] == ["7.00"] * 3


def test_a_payment_of_nothing_is_told_so(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5")
    result = shop("order", "pay", "o1", "0")
    assert (result.code, result.err.splitlines()) == (
        2,
        ["crm: a payment of 0.00 is nothing", "o1 has 5.00 EUR left to pay"],
    )


def test_cancelling(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--paid", "--note", "Gift")
    result = shop("order", "cancel", "o1", "--reason", "changed her mind")
    assert "5.00 EUR are to be given back" in result.err
    record = order(shop)
    assert states(record) == ("cancelled", "paid", "unfulfilled")
    assert record["note"] == "Gift\nCancelled: changed her mind"
    shop.ok("order", "pay", "o1", "--refund")
    assert order(shop)["financial_status"] == "refunded"
    take(shop, "--line", "Crate @ 5")
    shop.ok("order", "cancel", "o2")
    assert order(shop, "o2")["financial_status"] == "voided"


@pytest.mark.parametrize(
    ("made", "line", "said"),
    [
        ("", "order return o1", "nothing of it was sent"),
        ("", "order ship o1 --line 1=3", "3 of line 1 (Crate) cannot be shipped"),
        ("", "order ship o1 --line 2", "'2' is not the number of a line"),
        ("", "order ship o1 --date +1d", "is still to come"),
        ("", "order ship o1 --date 2020-01-01", "before it was ordered"),
        ("--status delivered", "order ship o1", "o1 is delivered and cannot be shipped"),
        ("--status delivered", "order deliver o1", "o1 is delivered and cannot be delivered"),
        ("--status delivered", "order cancel o1", "something of o1 was sent"),
        ("--status delivered", "order edit o1 --line 1=1", "lines and sums stay"),
        ("--status delivered", "order return o1 --line 1=3", "3 of line 1 (Crate) cannot be returned"),
        ("--paid", "order edit o1 --line 1=1", "would come to 5.00 EUR, and 10.00 EUR are paid"),
        ("", "order edit o1 --remove-line 1", "would have no line"),
        ("", "order edit o1 --status delivered", "crm order deliver o1"),
        ("", "order pay o1 --refund", "nothing of o1 is to be given back"),
        ("", "order edit o1 --every none", "does not repeat"),
        ("--date 2026-11-01 --status delivered", "order edit o1 --date 2026-11-02", "after it was shipped"),
        ("", "order add c1 --line '2 Cups @ 3'", "did you mean '2 x Cups @ 3'?"),
        ("", "order edit o1 --line '2*Cup @ 3'", "did you mean '2 x Cup @ 3'?"),
        ("", "order edit o1 --line '1=1.5 kg Rice @ 2'", "did you mean '1.5 x Rice @ 2'?"),
        ("", "order add c1 --line '12 APL-1'", "did you mean '12 x APL-1'?"),
        ("", "order edit o1 --every '3 months after done'", "counts from when something is done"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_rule(shop: Crm, made: str, line: str, said: str) -> None:
    take(shop, "--line", "2 x Crate @ 5", *made.split())
    before = order(shop)
    result = shop(*shlex.split(line))
    assert result.code == 2
    assert said in result.err
    assert order(shop) == before


def test_words_that_begin_with_a_number_are_sold_by_quantity_or_name(shop: Crm) -> None:
    take(shop, "--line", "1 x 2 Cups @ 3", "--line", "3D printer @ 900")
    assert [one["name"] for one in order(shop)["lines"]] == ["2 Cups", "3D printer"]
    shop.ok("product", "add", "7 Seas map", "--sku", "44 B", "--price", "9 EUR")
    take(shop, "--line", "7 seas map", "--line", "44 B @ 8", "--line", "2 x 44 B")
    assert [(one["product"]["id"], one["quantity"]) for one in order(shop, "o2")["lines"]] == [
        ("p2", "1"), ("p2", "1"), ("p2", "2"),
    ]  # fmt: skip
    # In a batch the quantity stands by itself.
    line = {"product": "2 Cups", "quantity": "3", "price": "1"}
    operation = {"op": "order.add", "who": "c1", "currency": "EUR", "line": [line]}
    shop.ok("batch", stdin=json.dumps(operation))
    assert [(one["name"], one["quantity"]) for one in order(shop, "o3")["lines"]] == [("2 Cups", "3")]


def test_the_day_of_an_order_that_was_sent_may_become_an_earlier_one(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--date", "2026-11-03")
    shop.ok("order", "ship", "o1", "--date", "2026-11-05")
    for day in ("2026-11-05", "2026-11-01"):
        shop.ok("order", "edit", "o1", "--date", day)
    assert shop("order", "edit", "o1", "--date", "2026-11-06").code == 2
    shop.ok("order", "deliver", "o1", "--date", "2026-11-05")
    assert order(shop)["ordered_on"] == "2026-11-01"


# --- putting right


def test_lines_are_put_right_by_their_numbers(shop: Crm) -> None:
    take(shop, "--line", "2 x Crate @ 5 -10%", "--line", "APL-1", "--line", "Box @ 1")
    shop.ok(
        "order",
        "edit",
        "o1",
        "--line",
        "1=4",
        "--line",
        "2=3 x Pears @ 2",
        "--remove-line",
        "3",
        "--line",
        "Bag @ 0.10",
    )
    told = [(one["quantity"], one["name"], one["amount"]) for one in order(shop)["lines"]]
    assert told == [("4", "Crate", "18.00"), ("3", "Pears", "6.00"), ("1", "Bag", "0.10")]
    shop.ok("order", "edit", "o1", "--discount", "4.10", "--shipping", "2", "--due", "+7d", "--set", "colour=red")
    record = order(shop)
    assert (record["total"], record["due_on"], record["custom"]) == ("22.95", "2026-11-27", {"colour": "red"})


# --- lists


def test_filters_and_sorts(shop: Crm) -> None:
    take(shop, "--line", "2 x APL-1", "--date", "2026-01-05", "--due", "+14d", "--number", "B2", "--source", "fair")
    take(shop, "--line", "Crate @ 100", "--date", "2026-02-05", "--paid", "--number", "A1")
    shop.ok("order", "add", "co1", "--line", "Fee @ 1", "--status", "draft")
    expected = {
        "number:A1": "o2", "status:draft": "o3", "financial:paid": "o2", "fulfillment:unfulfilled total>50": "o2",
        "paid:100": "o2", "due<today": "o1", "ordered<2026-02-01": "o1", "contact:c1 total<50": "o1",
        "company:co1": "o3", "product~apples": "o1", "sku:APL-1": "o1", "currency:USD": "o3", "unpaid:yes": "o1",
        "overdue:yes": "o1", "open:yes source:fair": "o1", "contact.stage:customer total>50": "o2",
        "company.currency:USD": "o3", "who~lovelace source:fair": "o1", "lovelace number:A1": "o2",
    }  # fmt: skip
    for query, found in expected.items():
        assert shop.ok("order", "list", query, "-o", "ids").split() == [found], query
    for sort, ids in (
        ("date", "o1 o2 o3"),
        ("ordered", "o1 o2 o3"),
        ("-ordered_on", "o3 o2 o1"),
        ("-date", "o3 o2 o1"),
        ("total", "o3 o1 o2"),
        ("number", "o3 o2 o1"),
    ):
        assert shop.ok("order", "list", "--sort", sort, "-o", "ids").split() == ids.split(), sort


def test_several_at_once(shop: Crm) -> None:
    for _ in range(3):
        take(shop, "--line", "Crate @ 5")
    assert (
        "3 to ship, and nothing was changed: o1, o2, o3"
        in shop("order", "ship", "--where", "open:yes", "--dry-run").err
    )
    assert shop("order", "ship", "--where", "open:yes").code == 2
    assert shop.ok("order", "ship", "--where", "open:yes", "--yes").split() == ["o1", "o2", "o3"]
    assert shop.ok("order", "pay", "-", stdin="o1\no2\n").split() == ["o1", "o2"]
    assert shop("order", "ship", "o3").code == 2
    assert shop.ok("order", "deliver", "o1", "o2").split() == ["o1", "o2"]


def test_numbers_name_orders_and_may_be_ambiguous(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--number", "7")
    take(shop, "--line", "Crate @ 5", "--number", "7")
    result = shop("order", "show", "7")
    assert result.code == 4
    assert "o1" in result.err
    assert "o2" in result.err
    assert shop("order", "show", "8").code == 3


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_the_history_begins_without_what_is_nothing_yet(shop: Crm, currency: str) -> None:
    shop.ok("order", "add", "c1", "--currency", currency, "--line", "Crate @ 5")
    [taken] = order(shop)["history"]
    assert set(taken["changes"]) == {"status", "financial_status", "fulfillment_status", "total"}


def test_a_number_that_another_order_has_is_told(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--number", "7")
    twin = shop("order", "add", "c1", "--currency", "EUR", "--line", "Crate @ 5", "--number", "7")
    assert (twin.code, "7 is also the number of o1" in twin.err) == (0, True)
    take(shop, "--line", "Crate @ 5", "--number", "8")
    assert "7 is also the number of o2" in shop("order", "edit", "o3", "--number", "7").err
    assert "also the number" not in shop("order", "edit", "o3", "--number", "7", "--note", "as it was").err


# --- coming again


def test_a_number_is_found_with_and_without_its_sign(shop: Crm) -> None:
    take(shop, "--line", "1 x APL-1", "--number", "#1001")
    take(shop, "--line", "1 x APL-1", "--number", "1002")
    assert (order(shop, "1001")["id"], order(shop, "#1002")["id"]) == ("o1", "o2")
    take(shop, "--line", "1 x APL-1", "--number", "1001")
    assert (order(shop, "1001")["id"], order(shop, "#1001")["id"]) == ("o3", "o1")
    shop.ok("log", "in", "c1", "Where is it?", "--order", "#1002", "--case", "new")
    assert shop.json("case", "show", "cs1")["item"]["order"]["id"] == "o2"


def test_what_is_free_waits_for_no_money(shop: Crm) -> None:
    take(shop, "--line", "1 x APL-1 -100%")
    assert states(order(shop)) == ("processing", "paid", "unfulfilled")
    take(shop, "--line", "1 x APL-1 -100%", "--status", "draft")
    shop.ok("order", "edit", "o2", "--status", "payment_due")
    assert order(shop, "o2")["status"] == "processing"
    take(shop, "--line", "1 x APL-1 -100%", "--status", "delivered")
    assert states(order(shop, "o3")) == ("delivered", "paid", "fulfilled")


def test_an_order_comes_again_each_day_once(shop: Crm) -> None:
    take(shop, "--line", "2 x Box @ 10 -10%", "--every", "month", "--date", "2026-07-31", "--due", "+14d",
         "--discount", "1", "--tax", "19%")  # fmt: skip
    assert order(shop)["coming"] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert "3 orders would be written" in shop("order", "renew", "--dry-run").err
    result = shop("order", "renew")
    ids = result.out.split()
    assert len(ids) == 3
    assert "3 orders were due and written" in result.err
    assert shop.ok("order", "renew") == ""
    record = order(shop, ids[1])
    assert (record["ordered_on"], record["occurs_on"], record["due_on"]) == ("2026-09-30", "2026-09-30", "2026-10-14")
    assert record["series"] == order(shop)["uid"]
    assert record["total"] == order(shop)["total"] == "20.23"
    assert order(shop)["coming"] == ["2026-11-30", "2026-12-31", "2027-01-31"]
    later = {"CRM_NOW": "2027-01-31T10:00:00Z"}
    assert len(shop.ok("order", "renew", env=later).split()) == 3


def test_a_dry_run_counts_what_it_does_not_list(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "week", "--date", "2026-11-10")
    assert shop("order", "renew", "--dry-run").err == "1 order would be written: Ada Lovelace 2026-11-17\n"
    take(shop, "--line", "Box @ 10", "--every", "week 26 times", "--date", "2026-05-19")
    told = shop("order", "renew", "--dry-run").err
    assert told.startswith("26 orders would be written: ") and told.endswith(" and 6 more\n")
    assert told.count("Ada Lovelace") == 20
    assert "0 orders would be written\n" in shop("order", "renew", "--dry-run", "--since", "2026-11-20").err


def test_orders_that_come_again_are_written_by_a_batch(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "week 4 times", "--date", "2026-10-01")
    operations = '{"op": "order.renew", "limit": 1}\n{"op": "order.renew", "since": "2026-10-10"}'
    assert shop.ok("batch", stdin=operations).split() == ["o2", "o3", "o4"]
    for limit in ('"1"', "0", "true", "10001"):
        result = shop("batch", stdin=f'{{"op": "order.renew", "limit": {limit}}}')
        assert (result.code, "limit is no number from 1 to 10,000" in result.err) == (2, True)


def test_a_rule_may_end_and_be_passed_over(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "week 4 times", "--date", "2026-10-01")
    assert shop.ok("order", "renew", "--limit", "1").split() == ["o2"]
    assert shop.ok("order", "renew").split() == ["o3", "o4"]
    assert shop.ok("order", "renew") == ""
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-01-15")
    result = shop("order", "renew", "--since", "2026-10-01")
    assert "o5: 8 days before 2026-10-01 are passed over" in result.err
    assert result.out.split() == ["o6", "o7"]
    shop.ok("order", "edit", "o5", "--every", "none")
    assert shop.ok("order", "renew", env={"CRM_NOW": "2027-06-01T10:00:00Z"}) == ""


def test_what_was_cancelled_or_deleted_does_not_come_again(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-09-15")
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-09-15")
    assert "does so no more" in shop("order", "cancel", "o1").err
    shop.ok("order", "rm", "o2")
    assert shop.ok("order", "renew") == ""


def test_what_came_before_the_last_ends_nothing(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-09-15")
    assert shop.ok("order", "renew").split() == ["o2", "o3"]
    for words in (("order", "rm", "o2", "--yes"), ("order", "cancel", "o1")):
        assert "does so no more" not in shop(*words).err
    assert "recurring" in shop.ok("cashflow", "--details")
    assert len(shop.json("show", "c1")["item"]["orders"]["recurring"]) == 1
    assert "does so no more" in shop("order", "rm", "o3", "--yes").err
    assert shop.ok("order", "renew", env={"CRM_NOW": "2027-06-01T10:00:00Z"}) == ""
    assert "recurring" not in shop.ok("cashflow", "--details").splitlines()[1:]
    assert shop.json("show", "c1")["item"]["orders"]["recurring"] == []


def test_a_series_that_ended_stays_ended_when_its_last_order_is_gone_for_good(shop: Crm) -> None:
    later = {"CRM_NOW": "2027-06-01T10:00:00Z"}
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-10-15")
    assert shop.ok("order", "renew").split() == ["o2"]
    shop.ok("order", "rm", "o2", "--yes")
    shop.ok("db", "purge", "--older-than", "now", "--yes", env=later)
    assert shop.ok("order", "renew", env=later) == ""
    shop.ok("undo")  # of the purge
    assert shop.ok("order", "renew", env=later) == ""
    shop.ok("undo")  # of the deletion
    assert len(shop.ok("order", "renew", env=later).split()) == 6


def test_nothing_is_written_for_a_customer_who_was_deleted(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-09-15")
    shop.ok("contact", "rm", "c1")
    assert shop.ok("order", "renew") == ""
    shop.ok("contact", "restore", "c1")
    assert len(shop.ok("order", "renew").split()) == 2
    shop.ok("contact", "rm", "c1")
    assert "recurring" not in shop.ok("cashflow", "--details", env={"CRM_NOW": "2026-12-01T10:00:00Z"})


def test_a_renewal_is_taken_back_whole_and_written_again(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--every", "month", "--date", "2026-08-15")
    shop.ok("order", "renew")
    shop.ok("undo")
    assert shop.ok("order", "list", "-o", "ids").split() == ["o1"]
    assert len(shop.ok("order", "renew").split()) == 3


# --- of a deal


@pytest.fixture
def deal(shop: Crm, app: Any) -> str:
    with app.writing() as gate:
        pipeline = gate.insert("pipeline", {"name": "Sales"})
        stage = gate.insert("stage", {"pipeline_id": pipeline, "name": "won", "type": "won"})
        key = gate.insert(
            "deal",
            {"name": "Engine", "contact_id": 1, "company_id": 1, "pipeline_id": pipeline, "stage_id": stage,
             "status": "open", "stage_since": gate.now, "amount": 120_000, "currency": "EUR", "source": "fair"},
        )  # fmt: skip
    app.close()
    return f"d{key}"


def win(app: Any) -> None:
    with app.writing() as gate:
        gate.update("deal", 1, {"status": "won"})
    app.close()


def test_an_order_of_a_won_deal(shop: Crm, app: Any, deal: str) -> None:
    result = shop("order", "add", "--deal", deal)
    assert result.code == 2
    assert "d1 is open" in result.err
    assert "crm deal won d1" in result.err
    win(app)
    shop.ok("order", "add", "--deal", "engine")
    record = order(shop)
    assert (record["contact"]["id"], record["company"]["id"], record["source"]) == ("c1", "co1", "fair")
    assert [(one["name"], one["amount"]) for one in record["lines"]] == [("Engine", "1200.00")]
    result = shop("order", "add", "--deal", deal)
    assert result.code == 2
    assert "o1 is the order of d1 already" in result.err
    assert shop.ok("order", "list", "deal:d1", "-o", "ids").split() == ["o1"]


def test_the_lines_of_a_deal_become_those_of_the_order(shop: Crm, app: Any, deal: str) -> None:
    with app.writing() as gate:
        row = {"deal_id": 1, "product_id": 1, "name": "Red apples", "quantity": 2000, "unit_price": 700}
        gate.insert("deal_line", {**row, "discount": 100, "amount": 1300})
    win(app)
    shop.ok("order", "add", "--deal", deal, "--paid")
    record = order(shop)
    assert (record["subtotal"], record["tax"], record["total"], record["paid"]) == ("13.00", "2.47", "15.47", "15.47")
    assert record["lines"][0]["sku"] == "APL-1"


# --- around it


def test_contacts_and_promises_about_an_order(shop: Crm) -> None:
    take(shop, "--line", "Box @ 10", "--number", "1001")
    shop.ok("log", "in", "c1", "Where is it?", "--order", "1001")
    shop.ok("followup", "add", "c1", "Ask the carrier", "--due", "+1d", "--order", "o1")
    record = order(shop)
    assert [one["id"] for one in record["interactions"]] == ["i1"]
    assert [one["subject"] for one in record["followups"]] == ["Ask the carrier"]
    assert shop.json("followup", "show", "f1")["item"]["order_id"] == "o1"
    assert shop.ok("followup", "list", "order:o1", "-o", "ids").split() == ["f1"]
    assert shop.ok("interaction", "list", "order:o1", "-o", "ids").split() == ["i1"]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_the_screen_fits_the_terminal(shop: Crm, width: int) -> None:
    take(shop, "--line", "2 x APL-1 -10%", "--line", "A very long name of something that is sold by the hour @ 1000",
         "--discount", "5", "--shipping", "4.90", "--every", "month", "--due", "+14d", "--status", "delivered",
         "--note", "Leave it at the \x1b[31mdoor")  # fmt: skip
    shop.ok("order", "pay", "o1", "10")
    shop.ok("order", "return", "o1", "--line", "2=1")
    text = shop.ok("order", "show", "o1", tty=True, width=width)
    assert all(len(line) <= width for line in text.splitlines())
    assert "\x1b[31m" not in text
    for said in ("Ada Lovelace", "Total", "Still to pay", "Payments", "Comes again", "return of 2"):
        assert said in text.replace("\n", " "), said


def test_every_format_gives_an_order(shop: Crm) -> None:
    take(shop, "--line", "2 x APL-1", "--number", "1001")
    for form in ("json", "jsonl", "csv", "tsv", "md", "ids", "table"):
        assert shop.ok("order", "show", "o1", "-o", form)
        assert shop.ok("order", "list", "-o", form)
    assert "17.85" in shop.ok("order", "list", "-o", "csv")
    assert "17.85 EUR" in shop.ok("order", "list", tty=True, width=120)


# --- scripts


def test_a_batch_takes_pays_and_sends(shop: Crm) -> None:
    lines = [
        {"op": "product.add", "name": "Pears", "price": ["2 EUR"], "sku": "P"},
        {"op": "order.add", "who": "c1", "currency": "EUR", "line": ["2 x P", {"product": "Bag", "price": "0.50"}]},
        {"op": "order.edit", "id": "o1", "line": ["1=3"], "due": "+7d"},
        {"op": "order.pay", "id": "o1", "amount": "2"},
        {"op": "order.ship", "id": "o1", "line": ["1=1"]},
        {"op": "order.ship", "id": "o1"},
        {"op": "order.deliver", "id": ["o1"]},
        {"op": "order.return", "id": "o1", "line": "1=1"},
        {"op": "product.price", "id": "P", "amount": "3", "currency": "EUR", "from": "2027-01-01"},
    ]
    shop.ok("batch", stdin="\n".join(json.dumps(line) for line in lines))
    record = order(shop)
    assert (record["total"], record["paid"], record["due_on"]) == ("4.50", "2.00", "2026-11-27")
    assert states(record) == ("delivered", "partially_paid", "fulfilled")


def test_exports_have_one_row_an_order_or_one_a_line(shop: Crm) -> None:
    take(shop, "--line", "2 x APL-1", "--line", "Bag @ 1", "--number", "1001", "--paid")
    rows = shop.ok("export", "orders", "-o", "csv").splitlines()
    assert len(rows) == 2
    assert "2 x Red apples @ 7.50 EUR tax 19%" in rows[1]
    rows = shop.ok("export", "orders", "--lines", "-o", "csv").splitlines()
    assert [row.split(",")[1:7:4] for row in rows] == [
        ["number", "product"],
        ["1001", rows[1].split(",")[5]],
        ["1001", ""],
    ]
    record = shop.json("export", "orders", "number:1001")["items"][0]
    assert record["lines"][0]["name"] == "Red apples"
    assert record["payments"] == [{"amount": "18.85", "paid_on": "2026-11-20", "method": None, "reference": None}]
    assert shop("export", "orders", "--lines", "-o", "json").code == 2
    table = shop.ok("export", "orders", "--lines", "-o", "md").splitlines()
    assert (table[0].split(" | ")[1], len(table)) == ("number", len(rows) + 1)
    assert "columns of its own" in shop("export", "orders", "--lines", "--fields", "id").err


def test_undo_takes_any_of_it_back(shop: Crm) -> None:
    take(shop, "--line", "2 x APL-1", "--number", "1001")
    before = order(shop)
    for line in ("order pay o1 5", "order ship o1 --line 1=1", "order edit o1 --source fair", "order deliver o1"):
        changed = shop.ok(*line.split())
        assert changed
        shop.ok("undo")
        after = order(shop)
        for name in (
            "status",
            "financial_status",
            "fulfillment_status",
            "total",
            "paid",
            "lines",
            "payments",
            "source",
        ):
            assert after[name] == before[name], line
    assert "order" in shop.ok("history", tty=True)


def test_an_order_as_it_was(shop: Crm) -> None:
    take(shop, "--line", "2 x APL-1", "--number", "1001")
    later = {"CRM_NOW": "2026-11-21T10:00:00Z"}
    shop.ok("order", "pay", "1001", env=later)
    shop.ok("product", "price", "APL-1", "9", "EUR", "--from", "2020-01-01", env=later)
    record = shop.json("order", "show", "1001", "--as-of", "2026-11-20 12:00", env=later)["item"]
    assert (record["status"], record["paid"], record["contact"]["display_name"]) == (
        "payment_due",
        "0.00",
        "Ada Lovelace",
    )
    assert record["lines"][0]["amount"] == "15.00"
    assert order(shop)["status"] == "processing"
    record = shop.json("product", "show", "APL-1", "--as-of", "2026-11-20 12:00", env=later)["item"]
    assert record["prices"][0]["amount"] == "7.50"
    assert shop("order", "show", "o1", "--as-of", "2026-11-19", env=later).code == 3


def test_lines_are_edited_at_a_later_moment(shop: Crm) -> None:
    take(shop, "--line", "2 x Box @ 10")
    later = {"CRM_NOW": "2026-11-21T10:00:00Z"}
    for words in (["--discount", "5"], ["--line", "1=3"], ["--shipping", "4"], ["--line", "Cup @ 2"]):
        shop.ok("order", "edit", "o1", *words, env=later)
    order = shop.json("order", "show", "o1")["item"]
    assert (order["total"], order["updated_at"]) == ("31.00", "2026-11-21T10:00:00Z")


def test_what_was_not_sent_is_still_to_be_sent_when_a_part_came_back(shop: Crm) -> None:
    take(shop, "--line", "3 x Box @ 10")
    shop.ok("order", "ship", "o1", "--line", "1=1")
    shop.ok("order", "return", "o1", "--line", "1=1")
    assert shop.ok("order", "list", "fulfillment:partial", "-o", "ids") == "o1\n"
    result = shop("order", "return", "o1")
    assert (result.code, "everything that was sent came back already" in result.err) == (2, True)
    shop.ok("order", "cancel", "o1")


def test_a_list_in_a_pipe_has_the_currency(shop: Crm) -> None:
    take(shop, "--line", "3 x Box @ 10")
    assert "currency" in shop.ok("order", "list").splitlines()[0].split("\t")
    assert "Currency" not in shop.ok("order", "list", tty=True, width=200)

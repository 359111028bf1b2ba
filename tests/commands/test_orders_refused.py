"""What `crm order` and `crm product` refuse: days that cannot be, sums below what is paid, numbers too large."""

import shlex
from typing import Any

import pytest

from tests.commands.test_orders import order, shop, states, take
from tests.conftest import Crm

__all__ = ["shop"]
ENDLESS = "9" * 5000


def refused(crm: Crm, line: str, said: str, which: str = "o1") -> None:
    """A command is a mistake, is told so, and leaves the order as it was."""
    before = order(crm, which)
    result = crm(*shlex.split(line))
    assert result.code == 2
    assert said in result.err
    assert order(crm, which) == before


# --- days


@pytest.mark.parametrize(
    ("made", "line", "said"),
    [
        ("", "order cancel o1 --date 2026-11-09", "cannot be cancelled on 2026-11-09, before it was ordered"),
        ("--status in_transit", "order deliver o1 --date 2026-11-09", "before it was ordered"),
        ("--status delivered", "order return o1 --date 2026-11-09", "before it was ordered"),
    ],
)
def test_nothing_happens_before_it_was_ordered(shop: Crm, made: str, line: str, said: str) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--date", "2026-11-10", *made.split())
    refused(shop, line, said)


@pytest.mark.parametrize("act", ["deliver", "return"])
def test_nothing_arrives_or_comes_back_before_it_was_sent(shop: Crm, act: str) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--date", "2026-11-01")
    shop.ok("order", "ship", "o1", "--date", "2026-11-10")
    refused(shop, f"order {act} o1 --date 2026-11-09", "before it was shipped\nit was shipped on 2026-11-10")
    shop.ok("order", act, "o1", "--date", "2026-11-10")


def test_what_came_back_is_cancelled_afterwards(shop: Crm) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--date", "2026-11-01")
    shop.ok("order", "ship", "o1", "--line", "1=1", "--date", "2026-11-03")
    shop.ok("order", "return", "o1", "--date", "2026-11-08")
    refused(shop, "order cancel o1 --date 2026-11-07", "before it was returned")
    shop.ok("order", "cancel", "o1", "--date", "2026-11-08")


@pytest.mark.parametrize("status", ["in_transit", "delivered"])
def test_an_order_to_come_was_neither_sent_nor_delivered(shop: Crm, status: str) -> None:
    result = shop("order", "add", "c1", "--currency", "EUR", "--line", "Crate @ 5", "--date", "2027-11-10",
                  "--status", status)  # fmt: skip
    assert (result.code, result.err.splitlines()[0]) == (2, "crm: 2027-11-10 is still to come")
    assert shop.json("order", "list")["items"] == []
    made = take(shop, "--line", "Crate @ 5", "--date", "2027-11-10")
    assert order(shop, made)["ordered_on"] == "2027-11-10"


# --- numbers


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tax", ENDLESS), "is not a share"),
        (("--discount", f"{ENDLESS}%"), "is not a share"),
        (("--discount", ENDLESS), "is too large an amount"),
        (("--shipping", ENDLESS), "is too large an amount"),
    ],
)
def test_numbers_of_thousands_of_digits_are_too_large(shop: Crm, words: tuple[str, str], said: str) -> None:
    result = shop("order", "add", "c1", "--currency", "EUR", "--line", "Crate @ 5", *words)
    assert result.code == 2
    assert said in result.err
    take(shop, "--line", "2 x Crate @ 5")
    result = shop("order", "edit", "o1", *words)
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("order edit o1 --line 1={}", "too large a quantity"),
        ("order ship o1 --line 1={}", "too large a quantity"),
        ("order ship o1 --line {}", "is not the number of a line"),
        ("order edit o1 --remove-line {}", "is not the number of a line"),
        ("order pay o1 {}", "is too large an amount"),
        ("product add Pears --tax {}", "is not a share"),
        ("product add Pears --price '{} EUR'", "is too large an amount"),
        ("product price p1 {} EUR", "is too large an amount"),
    ],
)
def test_they_are_too_large_wherever_a_number_is_said(shop: Crm, line: str, said: str) -> None:
    take(shop, "--line", "2 x Crate @ 5")
    result = shop(*shlex.split(line.format(ENDLESS)))
    assert result.code == 2
    assert said in result.err


# --- money


@pytest.mark.parametrize("words", [("--discount", "5"), ("--line", "1=1"), ("--shipping", "0"), ("--tax-included",)])
def test_an_order_does_not_come_to_less_than_what_is_paid(shop: Crm, words: tuple[str, ...]) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--shipping", "3", "--tax", "10%", "--paid")
    before = order(shop)
    result = shop("order", "edit", "o1", *words)
    assert result.code == 2
    assert "and 14.00 EUR are paid" in result.err
    assert order(shop) == before


def test_what_was_paid_too_much_may_be_used_up(shop: Crm) -> None:
    take(shop, "--line", "2 x Crate @ 5")
    shop.ok("order", "pay", "o1", "20", "--allow-overpayment")
    shop.ok("order", "edit", "o1", "--line", "Basket @ 4")
    record = order(shop)
    assert (record["total"], record["paid"]) == ("14.00", "20.00")
    refused(shop, "order edit o1 --discount 1", "would come to 13.00 EUR, and 20.00 EUR are paid")


def test_nothing_given_back_is_told_so(shop: Crm) -> None:
    take(shop, "--line", "Crate @ 5", "--paid")
    shop.ok("order", "pay", "o1", "5", "--allow-overpayment")
    refused(shop, "order pay o1 0 --refund", "a refund of 0.00 is nothing\n10.00 EUR of o1 are paid")
    shop.ok("order", "pay", "o1", "--refund")
    assert order(shop)["paid"] == "5.00"


def test_the_example_of_a_refund_is_in_the_currency_of_the_order(shop: Crm) -> None:
    shop.ok("order", "add", "c1", "--currency", "JPY", "--line", "Crate @ 500", "--paid")
    refused(shop, "order pay o1 --refund", "name the amount: crm order pay o1 500 --refund")


def test_a_line_that_came_back_is_not_sent_again(shop: Crm) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--status", "delivered")
    shop.ok("order", "return", "o1", "--line", "1=1")
    refused(shop, "order return o1 --line 2", "line 2 is what came back")


@pytest.mark.parametrize("line", ["order edit o1", "product edit p1"])
def test_an_edit_of_nothing_is_told_alike_everywhere(shop: Crm, line: str) -> None:
    take(shop, "--line", "2 x Crate @ 5")
    refused(shop, line, "nothing to change was given")


# --- whose


def test_a_deal_and_an_order_of_the_same_customer_have_one_currency(shop: Crm) -> None:
    shop.ok("contact", "add", "Rosalind Thackeray", "--currency", "CHF")
    both = ("--contact", "c2", "--company", "co1")
    shop.ok("deal", "add", "Crates", *both, "--amount", "5")
    shop.ok("order", "add", *both, "--line", "Crate @ 5")
    assert shop.json("deal", "show", "d1")["item"]["currency"] == order(shop)["currency"] == "CHF"


@pytest.mark.parametrize("stage", ["lead", "former", "other", "evangelist"])
def test_who_buys_is_a_customer_by_an_order_as_by_a_deal(shop: Crm, stage: str, tmp_path: Any) -> None:
    for name in ("Deal Buyer", "Order Buyer"):
        shop.ok("contact", "add", name, "--stage", stage)
    shop.ok("deal", "add", "Crates", "--contact", "c2", "--amount", "5", "--currency", "EUR", "--stage", "won")
    told = shop("order", "add", "c3", "--currency", "EUR", "--line", "Crate @ 5").err
    after = "evangelist" if stage == "evangelist" else "customer"
    assert [shop.json("contact", "show", who)["item"]["lifecycle_stage"] for who in ("c2", "c3")] == [after] * 2
    assert ("Order Buyer (c3) is a customer now (was " + stage + ")" in told) is (after == "customer")
    shop.ok("contact", "add", "File Buyer", "--email", "file@buyers.example", "--stage", stage)
    path = tmp_path / "orders.csv"
    path.write_text("Order,Date,Email,Total,Currency\n1,2026-11-02,file@buyers.example,5.00,EUR\n", "utf-8")
    shop.ok("import", str(path))
    assert shop.json("contact", "show", "c4")["item"]["lifecycle_stage"] == after


def test_words_for_what_cannot_be_done(shop: Crm) -> None:
    take(shop, "--line", "2 x Crate @ 5", "--status", "delivered")
    refused(shop, "order ship o1", "cannot be shipped")
    refused(shop, "order edit o1 --status processing", "cannot be processed")
    assert states(order(shop))[0] == "delivered"


def test_a_day_of_payment_can_be_taken_away(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("order", "add", "c1", "--line", "1 x Apples @ 5", "--currency", "EUR", "--due", "+14d")
    crm.ok("order", "edit", "o1", "--due", "none")
    assert crm.json("order", "show", "o1")["item"]["due_on"] is None


def test_a_series_that_was_ended_by_a_cancellation_says_nothing_of_coming_again(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("order", "add", "c1", "--line", "1 x Apples @ 5", "--currency", "EUR", "--every", "month")
    assert "Comes again" in crm.ok("order", "show", "o1", tty=True)
    crm.ok("order", "cancel", "o1", "--yes")
    assert "Comes again" not in crm.ok("order", "show", "o1", tty=True)


def test_an_order_that_is_sent_in_parts_was_sent_on_the_last_day(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    lines = ("--line", "1 x Apples @ 5", "--line", "1 x Pears @ 5")
    crm.ok("order", "add", "c1", *lines, "--currency", "EUR", "--date", "2026-11-01")
    crm.ok("order", "ship", "o1", "--date", "2026-11-12", "--line", "1=1")
    crm.ok("order", "ship", "o1", "--date", "2026-11-11")
    assert crm.json("order", "show", "o1")["item"]["shipped_on"] == "2026-11-12"
    assert crm("order", "deliver", "o1", "--date", "2026-11-11").code == 2

"""Orders made ready: what they come to, how far they are, and that nothing odd gets further than a reason."""

import random
from typing import Any

import pytest

from crmcli.importers import ordercsv
from crmcli.importers.base import Draft
from crmcli.kernel.clock import Clock, instant
from crmcli.services.importing.orderready import COLUMNS, ODD, UNPRICED, ReadyOrder
from crmcli.services.importing.prepare import Preparer
from tests.importers.tables import source

Values = dict[str, Any]
USUAL: Values = {"ordered_on": "2026-11-02", "currency": "EUR", "customer": {"email": "ada@engines.example"}}
LINE: Values = {"product": "Apple", "quantity": 2000, "price": 150}


def prepared(values: Values, currency: str = "") -> tuple[Any, ...]:
    clock = Clock(instant("2026-11-20T10:00:00Z"), "UTC")
    (found,) = Preparer(clock, None, currency).packed([("order", {**USUAL, **values}, 1)])
    return found


def row(**values: Any) -> Values:
    """The order's own row."""
    return dict(zip(COLUMNS, ReadyOrder._make(prepared(values)).row, strict=True))


def amounts(**values: Any) -> tuple[int, ...]:
    found = row(**values)
    return tuple(found[name] for name in ("subtotal", "discount", "shipping", "tax", "total", "tax_included"))


def test_without_a_total_the_lines_come_to_one() -> None:
    assert amounts(lines=[LINE], discounts=50, shipping=400, taxes=48) == (300, 50, 400, 48, 698, 0)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"total": 700, "shipping": 400}, (300, 0, 400, 0, 700, 0)),
        ({"total": 748, "shipping": 400, "taxes": 48}, (300, 0, 400, 48, 748, 0)),
        ({"total": 700, "shipping": 400, "taxes": 48}, (300, 0, 400, 48, 700, 1)),
        ({"total": 250, "discounts": 50}, (300, 50, 0, 0, 250, 0)),
        ({"total": 700}, (300, 0, 0, 0, 700, 0)),
    ],
)
def test_the_total_of_the_file_is_kept_and_tells_whether_prices_hold_the_tax(
    told: Values, found: tuple[int, ...]
) -> None:
    assert amounts(lines=[LINE], **told) == found
    odd = ReadyOrder._make(prepared({"lines": [LINE], **told})).odd
    assert odd == ("" if sum(found[:1]) - found[1] + found[2] + found[3] * (1 - found[5]) == found[4] else ODD)


def test_discounts_of_lines_may_be_within_that_of_the_order() -> None:
    line = {**LINE, "discount": 50}
    assert amounts(lines=[line], discounts=50, total=250) == (250, 0, 0, 0, 250, 0)
    assert amounts(lines=[line], discounts=50, total=200) == (250, 50, 0, 0, 200, 0)


def test_one_line_without_a_price_has_that_of_the_order_and_several_have_none() -> None:
    one = ReadyOrder._make(prepared({"lines": [{"product": "Apple"}], "total": 700, "shipping": 100}))
    assert (one.lines[0][3], one.lines[0][7], one.odd) == (600, 600, "")
    two = ReadyOrder._make(prepared({"lines": [{"product": "Apple"}, {"product": "Pear"}], "total": 700}))
    assert [line[7] for line in two.lines] == [0, 0]
    assert two.odd == UNPRICED


def test_an_amount_of_a_line_counts_before_its_price() -> None:
    ready = ReadyOrder._make(prepared({"lines": [{"product": "CD", "quantity": 3000, "amount": 1000}], "total": 1000}))
    assert (ready.lines[0][3], ready.lines[0][7], ready.odd) == (333, 1000, "")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, ("delivered", "paid", "fulfilled", 700)),
        ({"due_on": "2026-12-10"}, ("payment_due", "pending", "unfulfilled", 0)),
        ({"due_on": "2026-12-10", "paid_on": "2026-11-20"}, ("processing", "paid", "unfulfilled", 700)),
        ({"financial_status": "pending"}, ("payment_due", "pending", "unfulfilled", 0)),
        ({"financial_status": "paid"}, ("processing", "paid", "unfulfilled", 700)),
        ({"financial_status": "partially_paid", "paid": 200}, ("payment_due", "partially_paid", "unfulfilled", 200)),
        ({"financial_status": "voided"}, ("cancelled", "voided", "unfulfilled", 0)),
        ({"financial_status": "paid", "fulfillment_status": "shipped"}, ("delivered", "paid", "fulfilled", 700)),
        ({"status": "Shipped"}, ("in_transit", "paid", "fulfilled", 700)),
        ({"status": "Pending payment"}, ("payment_due", "pending", "unfulfilled", 0)),
        ({"status": "completed", "paid": 0}, ("delivered", "pending", "fulfilled", 0)),
        ({"outstanding": 300}, ("payment_due", "partially_paid", "unfulfilled", 400)),
        ({"cancelled_on": "2026-11-05", "financial_status": "voided"}, ("cancelled", "voided", "unfulfilled", 0)),
        ({"financial_status": "refunded"}, ("returned", "refunded", "unfulfilled", 0)),
        ({"financial_status": "paid", "refunded": 100}, ("processing", "partially_refunded", "unfulfilled", 600)),
    ],
)
def test_what_a_file_says_of_one_status_tells_of_the_others(told: Values, found: tuple[Any, ...]) -> None:
    made = row(total=700, **told)
    assert tuple(made[name] for name in ("status", "financial_status", "fulfillment_status", "paid")) == found


def test_money_given_back_is_a_line_and_a_payment() -> None:
    ready = ReadyOrder._make(prepared({"lines": [LINE], "total": 300, "refunded": 100, "financial_status": "paid"}))
    assert [entry[:2] for entry in ready.payments] == [(300, "2026-11-02"), (-100, "2026-11-02")]
    assert [(line[0], line[2], line[7]) for line in ready.lines] == [("Apple", 2000, 300), ("Refund", -1000, -100)]
    made = dict(zip(COLUMNS, ready.row, strict=True))
    assert (made["subtotal"], made["total"], made["paid"]) == (200, 200, 200)


def test_words_that_are_not_ours_are_kept() -> None:
    made = row(total=1, paid=1, status="Waiting for Godot", set=[{"gift": "yes"}], tag=["a", "b"])
    assert made["custom"] == '{"gift":"yes","status_text":"Waiting for Godot","tags":"a, b"}'


def test_a_customer_is_made_ready_once_in_a_chunk() -> None:
    clock = Clock(instant("2026-11-20T10:00:00Z"), "UTC")
    values = {**USUAL, "total": 1}
    first, second = Preparer(clock, None).packed([("order", values, 1), ("order", values, 2)])
    assert ReadyOrder._make(first).customer is not None
    assert ReadyOrder._make(second).customer is None


ODDITIES = (
    "",
    "",
    "1",
    "2.5",
    "-3",
    "0",
    "1e9",
    "12,000.50",
    "(4)",
    "99999999999999",
    "lots",
    "\ud7ff",
    "x" * 3000,
    "=1+1",
    "a@b",
)


def test_whatever_a_table_holds_is_made_ready_or_refused_with_a_reason() -> None:
    chance = random.Random(7)
    clock = Clock(instant("2026-11-20T10:00:00Z"), "UTC")
    (made,) = ordercsv.FORMATS
    titles = (
        "Order,Date,Email,Customer,Product,SKU,Quantity,Unit price,Discount,Tax,Shipping,Total,Refunded,Paid,Status"
    )
    ready = refused = 0
    for _ in range(400):
        rows = [
            [
                str(number),
                "2026-11-02",
                *(chance.choice(ODDITIES) * (chance.random() < 0.2) for _ in titles.split(",")[2:]),
            ]
            for number in range(5)
        ]
        text = "\n".join([titles, *(",".join(f'"{cell}"' for cell in row) for row in rows)])
        file = source(text.encode())
        file.currency = chance.choice(("EUR", "JPY"))
        found = list(made.read(file))
        assert len(found) == len(rows)
        drafts = [(one.noun, one.values, one.place) for one in found if isinstance(one, Draft)]
        for packed in Preparer(clock, None, file.currency).packed(drafts):
            ready += len(packed) != 2
            refused += len(packed) == 2
            assert len(packed) != 2 or packed[1]
    assert ready > 20
    assert refused > 20

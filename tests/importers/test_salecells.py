"""Lines and payments of orders in cells: whatever an order says of them is read again, to the minor unit."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crmcli.exporters import goods
from crmcli.importers.base import Draft
from crmcli.importers.ownsalestable import FORMATS
from crmcli.kernel.invoice import gross
from crmcli.kernel.money import plain
from crmcli.kernel.orderlines import write_quantity, write_share
from tests.importers.tables import items, sheet, source

WORDS = (st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30) | st.text(
    st.sampled_from(list("ab;=|\\@x -%1")), min_size=1, max_size=12
)).map(str.strip).filter(bool)  # fmt: skip
MINOR = st.integers(-(10**9), 10**9)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
MONEY = ("unit_price", "discount", "tax", "amount")


@st.composite
def lines(draw: st.DrawFn, place: int, currency: str) -> dict[str, Any]:
    """A line as exports have it; its figures agree with one another or not."""
    quantity = draw(st.integers(1, 10**6) | st.integers(-(10**6), -1) | st.sampled_from([0, 10**14]))
    price = draw(MINOR)
    discount = draw(st.just(0) | MINOR)
    amount = draw(st.just(gross(quantity, price) - discount) | MINOR)
    minor = {"unit_price": price, "discount": discount, "tax": draw(st.just(0) | MINOR), "amount": amount}
    returned = place > 1 and quantity < 0 and draw(st.booleans())
    sent = draw(st.sampled_from([0, quantity, 500])) if quantity > 0 else 0
    rate = draw(st.none() | st.integers(0, 100_000))
    return {
        "name": draw(WORDS),
        "sku": draw(st.none() | WORDS),
        "product_uid": draw(st.none() | st.uuids().map(str)),
        "alone": False,
        "quantity": write_quantity(quantity),
        "quantity_thousandths": quantity,
        **{name: plain(value, currency) for name, value in minor.items()},
        **{f"{name}_minor": value for name, value in minor.items()},
        "tax_rate": None if rate is None else write_share(rate),
        "shipped": write_quantity(sent),
        "return_of": draw(st.integers(1, place - 1)) if returned else None,
        "returned_on": "2026-11-19" if returned else None,
    }


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """An order as exports have it."""
    currency = draw(CURRENCIES)
    found = [draw(lines(place, currency)) for place in range(1, draw(st.integers(1, 5)) + 1)]
    taxes = draw(st.just(sum(line["tax_minor"] for line in found)) | MINOR)
    paid = st.fixed_dictionaries(
        {
            "amount": MINOR.map(lambda minor: plain(minor, currency)),
            "paid_on": st.just("2026-11-18"),
            "method": st.none() | WORDS,
            "reference": st.none() | WORDS,
        }
    )
    return {
        "uid": "01a223d9-4bc8-7f20-9780-3c26c7eeb0d0",
        "ordered_on": "2026-11-18",
        "financial_status": "paid",
        "fulfillment_status": draw(st.sampled_from(["unfulfilled", "partial", "fulfilled", "restocked"])),
        "currency": currency,
        "tax_included": draw(st.booleans()),
        "discount_minor": draw(st.just(0) | st.integers(0, 10**9)),
        "tax_minor": taxes,
        "lines": found,
        "payments": draw(st.lists(paid, max_size=3)),
    }


def read_again(order: dict[str, Any]) -> dict[str, Any]:
    """The values of an order that went through a table."""
    row = {name: str(order[name]) for name in ("uid", "ordered_on", "financial_status", "fulfillment_status")}
    row |= {"currency": order["currency"], "tax_included": str(order["tax_included"]).lower()}
    row |= {name: plain(order[f"{name}_minor"], order["currency"]) for name in ("discount", "tax")}
    row |= {"lines": goods.line_cell(order), "payments": goods.payment_cell(order)}
    (item,) = items(FORMATS, source(sheet([row])))
    assert isinstance(item, Draft), item
    return item.values


@given(orders())
def test_what_an_order_says_of_its_lines_is_read_again(order: dict[str, Any]) -> None:
    found = read_again(order)
    told = any(line["shipped"] != "0" for line in order["lines"])
    assert len(found["lines"]) == len(order["lines"])
    for line, read in zip(order["lines"], found["lines"], strict=True):
        assert {name: read[name] for name in MONEY} == {name: line[f"{name}_minor"] for name in MONEY}
        assert (read["name"], read.get("sku"), read.get("product_uid")) == (
            line["name"], line["sku"], line["product_uid"],
        )  # fmt: skip
        assert read["quantity"] == line["quantity_thousandths"]
        assert (None if read["tax_rate"] is None else write_share(read["tax_rate"])) == line["tax_rate"]
        assert (read["return_of"], read["returned_on"]) == (line["return_of"], line["returned_on"])
        if told:
            assert (write_quantity(read["shipped"]) if read["shipped"] else "0") == line["shipped"]


@given(orders())
def test_what_was_paid_is_read_again(order: dict[str, Any]) -> None:
    read = read_again(order)["payments"]
    assert [(plain(one["amount"], order["currency"]), one["method"], one["reference"]) for one in read] == [
        (one["amount"], one["method"], one["reference"]) for one in order["payments"]
    ]


def test_a_line_says_no_more_than_it_must() -> None:
    line = {
        "name": "Hat", "sku": None, "product_uid": "u", "alone": True, "quantity": "4", "quantity_thousandths": 4000,
        "unit_price": "10.00", "unit_price_minor": 1000, "discount": "4.00", "discount_minor": 400, "tax": "7.20",
        "tax_minor": 720, "amount": "36.00", "amount_minor": 3600, "tax_rate": "20%", "shipped": "4",
        "return_of": None, "returned_on": None,
    }  # fmt: skip
    order = {"lines": [line], "discount_minor": 0, "tax_minor": 720, "tax_included": False, "currency": "EUR"}
    assert goods.line_cell({**order, "fulfillment_status": "fulfilled"}) == "4 x Hat @ 10.00 EUR -4.00 EUR tax 20%"
    assert goods.line_cell({**order, "fulfillment_status": "partial"}).endswith(" tax 20%; shipped=4")

"""The arithmetic of orders: parts add up to the whole, everything sent back comes to nothing, nothing is lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import invoice
from crmcli.kernel.errors import UsageError
from crmcli.kernel.invoice import Line, in_proportion, standing

RATES = st.sampled_from([None, 0, 7_000, 7_700, 19_000, 100_000]) | st.integers(0, 100_000)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    quantity, price = draw(st.integers(1, 10**7)), draw(st.integers(0, 10**7))
    discount = draw(st.integers(0, invoice.gross(quantity, price)))
    return Line(quantity, price, discount, draw(RATES))


ORDERS = st.lists(lines(), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        (Line(2000, 750), 1500),
        (Line(1500, 333), 500),  # 499.5: halves go away from zero
        (Line(333, 100), 33),
        (Line(3000, 750, 225), 2025),
    ],
)
def test_a_line_is_rounded_and_then_discounted(line: Line, amount: int) -> None:
    assert line.amount == amount


def test_an_order_as_on_paper() -> None:
    # 20.25 at 19 % and 4.99 at 7 %, less 2.52: the discount falls 2.02 and 0.50 upon them.
    bill = invoice.bill([Line(3000, 750, 225, 19_000), Line(1000, 499, 0, 7_000)], 252, 490)
    assert bill.shares == [202, 50]
    assert bill.taxes == [346, 31]  # 18.23 x 0.19 = 3.4637, 4.49 x 0.07 = 0.3143
    assert (bill.subtotal, bill.tax, bill.total) == (2524, 377, 2524 - 252 + 490 + 377)


def test_included_tax_is_a_part_of_the_total() -> None:
    bill = invoice.bill([Line(1000, 11900, 0, 19_000)], included=True)
    assert (bill.tax, bill.total) == (1900, 11900)


@given(ORDERS, st.data(), st.integers(0, 10**6), st.booleans())
def test_the_parts_add_up_to_the_total(order: list[Line], data: st.DataObject, shipping: int, included: bool) -> None:
    subtotal = sum(line.amount for line in order)
    discount = data.draw(st.integers(0, subtotal))
    bill = invoice.bill(order, discount, shipping, included=included)
    assert sum(bill.shares) == discount
    assert sum(bill.taxes) == bill.tax
    assert bill.total == subtotal - discount + shipping + (0 if included else bill.tax)
    for line, share, tax in zip(order, bill.shares, bill.taxes, strict=True):
        assert 0 <= share <= line.amount or share - line.amount <= 1
        rate = line.tax_rate or 0
        exact = Fraction((line.amount - share) * rate, 100_000 + rate if included else 100_000)
        assert abs(tax - exact) <= Fraction(1, 2)


@given(ORDERS, st.data(), st.booleans())
def test_everything_sent_back_in_any_parts_comes_to_nothing(
    order: list[Line], data: st.DataObject, included: bool
) -> None:
    discount = data.draw(st.integers(0, sum(line.amount for line in order)))
    bill = invoice.bill(order, discount, included=included)
    amount, tax = bill.subtotal, bill.tax
    for line, share, own in zip(order, bill.shares, bill.taxes, strict=True):
        sent_back = 0
        cuts = data.draw(st.lists(st.integers(1, line.quantity), max_size=3, unique=True).map(sorted))
        for end in dict.fromkeys([*cuts, line.quantity]):
            part = end - sent_back
            back = invoice.back(line, share, own, sent_back, part)
            assert back.amount == invoice.gross(-part, line.unit_price) - back.discount
            assert back.amount <= 0 or share > line.amount
            sent_back, amount, tax = sent_back + part, amount + back.amount, tax + back.tax
    assert invoice.total_of(amount, discount, 0, tax, included=included) == 0
    assert tax == 0


@pytest.mark.parametrize(
    ("order", "discount", "shipping"),
    [([Line(1000, 100, 101)], 0, 0), ([Line(1000, 100)], 101, 0), ([Line(1000, 100)], -1, 0), ([], 0, -1)],
)
def test_what_cannot_be_is_refused(order: list[Line], discount: int, shipping: int) -> None:
    with pytest.raises(UsageError):
        invoice.bill(order, discount, shipping)


@given(ORDERS, st.data(), st.booleans())
def test_the_tax_of_each_line_is_known_again_from_what_an_order_says(
    order: list[Line], data: st.DataObject, included: bool
) -> None:
    discount = data.draw(st.integers(0, sum(line.amount for line in order)))
    bill = invoice.bill(order, discount, included=included)
    entries = [invoice.Entry(line.quantity, line.amount, line.tax_rate) for line in order]
    taxes = list(bill.taxes)
    gone = [0] * len(order)
    for place in data.draw(st.lists(st.integers(0, len(order) - 1), max_size=6)):
        left = order[place].quantity - gone[place]
        if not left:
            continue
        quantity = data.draw(st.integers(1, left))
        back = invoice.back(order[place], bill.shares[place], bill.taxes[place], gone[place], quantity)
        entries.append(invoice.entry(-quantity, back.amount, order[place].tax_rate, place + 1))
        taxes.append(back.tax)
        gone[place] += quantity
    assert invoice.taxes(entries, discount, sum(taxes), included=included) == taxes


def test_taxes_that_are_not_those_of_the_order_are_not_made_up() -> None:
    entries = [invoice.Entry(1000, 1000, 19_000), invoice.Entry(1000, 1000, None)]
    assert invoice.taxes(entries, 0, 190, included=False) == [190, 0]
    assert invoice.taxes(entries, 0, 300, included=False) == [0, 0]


@pytest.mark.parametrize("of", [-1, 0, 1, 5])
def test_a_return_of_no_line_that_was_sold_bears_its_own_tax(of: int) -> None:
    entries = [invoice.Entry(-1000, -1000, 19_000, of)]
    assert invoice.taxes(entries, 0, -190, included=False) == [-190]


def test_a_tax_of_the_whole_order_is_shared_among_lines_that_tell_none() -> None:
    lines = [Line(3000, 300), Line(2000, 300), Line(1000, 0)]
    assert standing(lines, [0, 0, 0], 0, 281, included=False) == [169, 112, 0]
    assert standing(lines, [0, 100, 0], 0, 281, included=False) == [0, 100, 0]
    assert standing(lines, [0, 0, 0], 0, 0, included=False) == [0, 0, 0]
    rated = [lines[0]._replace(tax_rate=19_000), lines[1]]
    assert standing(rated, [0, 0], 100, 281, included=True) == [281, 0]


@pytest.mark.parametrize(
    ("told", "before", "after", "found"), [(40, 1000, 500, 20), (190, 0, 5, 190), (7, 3, 3, 7), (100, 3, 1, 33)]
)
def test_what_was_told_goes_with_the_quantity(told: int, before: int, after: int, found: int) -> None:
    assert in_proportion(told, before, after) == found

"""The arithmetic of an order: lines, discounts, taxes, and what a return gives back.

Amounts are integers of minor units of one currency, quantities integers of thousandths, rates integers of thousandths
of a percent. Every line is rounded by itself, halves away from zero, so that what an order says of its lines adds up to
what it says of the whole: 1 of 2 pieces and then the other give back exactly what both had cost.
"""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import divided, shares

ONE = 1000
"""A quantity of one."""
WHOLE = 100_000
"""A rate of 100 %."""


class Line(NamedTuple):
    """What was ordered: how many at which price each, less a discount, at a tax rate (None for no tax).

    `told` is what the line comes to where a file says so, of which the price of one piece was rounded.
    """

    quantity: int
    unit_price: int
    discount: int = 0
    tax_rate: int | None = None
    told: int | None = None

    @property
    def amount(self) -> int:
        """What the line comes to: what is told, else quantity x unit price, rounded, less the discount."""
        return self.told if self.told is not None else gross(self.quantity, self.unit_price) - self.discount


class Bill(NamedTuple):
    """The sums of an order, and for each of its lines the share of the order's discount and the tax."""

    subtotal: int
    discount: int
    shipping: int
    tax: int
    total: int
    shares: list[int]
    taxes: list[int]


class Entry(NamedTuple):
    """A line of an order as it stands; of one that came back, `of` is the place of the line that it is of, from 0."""

    quantity: int
    amount: int
    tax_rate: int | None = None
    of: int | None = None


class Back(NamedTuple):
    """What a return adds to an order: a line of this discount, amount and tax, none of them above zero."""

    discount: int
    amount: int
    tax: int


def gross(quantity: int, unit_price: int) -> int:
    """Quantity x unit price in whole minor units."""
    return divided(quantity * unit_price, ONE)


def percentage(amount: int, rate: int) -> int:
    """The part of an amount that a rate in thousandths of a percent is."""
    return divided(amount * rate, WHOLE)


def tax_of(base: int, rate: int | None, included: bool) -> int:
    """The tax on a base, or in it where the tax is included."""
    if not rate:
        return 0
    return divided(base * rate, WHOLE + rate if included else WHOLE)


def bill(lines: Sequence[Line], discount: int = 0, shipping: int = 0, *, included: bool = False) -> Bill:
    """The sums of an order of these lines.

    The discount is shared over the lines in proportion to their amounts, and the tax of each line is of what is left.
    Shipping is what the customer pays for it; no tax is added to it.

    Raises:
        UsageError: a discount is more than what it is of, or an amount is below zero.
    """
    for line in lines:
        if line.discount < 0 or line.amount < 0:
            raise UsageError("the discount of a line is more than the line", "a line costs nothing at the least")
    amounts = [line.amount for line in lines]
    subtotal = sum(amounts)
    if discount < 0 or shipping < 0:
        raise UsageError("a discount or shipping is below zero", "write amounts without a minus")
    if discount > subtotal:
        raise UsageError("the discount is more than the lines come to", "an order costs nothing at the least")
    parts = shares(discount, amounts)
    pairs = zip(lines, amounts, parts, strict=True)
    taxes = [tax_of(amount - part, line.tax_rate, included) for line, amount, part in pairs]
    tax = sum(taxes)
    total = total_of(subtotal, discount, shipping, tax, included=included)
    return Bill(subtotal, discount, shipping, tax, total, parts, taxes)


def entry(quantity: int, amount: int, tax_rate: int | None, return_of: int | None) -> Entry:
    """An Entry of which `return_of` is told as people see it: from 1."""
    return Entry(quantity, amount, tax_rate, None if return_of is None else return_of - 1)


def taxes(entries: Sequence[Entry], discount: int, tax: int, *, included: bool) -> list[int]:
    """The tax of each line of an order, as `bill` and `back` reckon it from the rates.

    Args:
        entries: all lines, those that came back included.
        discount: that of the whole order.
        tax: that of the whole order; where the lines do not come to it, nothing is known of theirs, and each has none.
        included: whether the prices hold the tax.
    """
    places = [place for place, one in enumerate(entries) if one.of is None and one.quantity > 0]
    parts = dict(zip(places, shares(discount, [entries[place].amount for place in places]), strict=True))
    found: list[int] = []
    before = [0] * len(entries)
    for place, one in enumerate(entries):
        if one.of is None or not 0 <= one.of < place or entries[one.of].quantity <= 0:
            found.append(tax_of(one.amount - parts.get(place, 0), one.tax_rate, included))
            continue
        before[one.of], earlier = before[one.of] - one.quantity, before[one.of]
        found.append(_part(found[one.of], entries[one.of].quantity, earlier, before[one.of]))
    return found if sum(found) == tax else [0] * len(entries)


def standing(lines: Sequence[Line], taxes: Sequence[int], discount: int, loose: int, *, included: bool) -> list[int]:
    """The tax of each line of an order as it stands.

    Args:
        lines: those that were sold.
        taxes: what each says of itself.
        discount: that of the whole order.
        loose: the tax of the order that is on no line. Where no line has any, they share it: by their rates, without
            rates by what they come to.
        included: whether the prices hold the tax.
    """
    if loose <= 0 or any(taxes):
        return list(taxes)
    amounts = [line.amount for line in lines]
    bases = [amount - part for amount, part in zip(amounts, shares(discount, amounts), strict=True)]
    rated = [tax_of(base, line.tax_rate, included) for base, line in zip(bases, lines, strict=True)]
    return shares(loose, [max(0, weight) for weight in (rated if any(rated) else bases)])


def in_proportion(told: int, before: int, after: int) -> int:
    """What was told of something, now that there is `after` of it and not `before`; as it was where that was none."""
    return divided(told * after, before) if before and before != after else told


def total_of(subtotal: int, discount: int, shipping: int, tax: int, *, included: bool) -> int:
    """What is to be paid: the lines less the discount, with shipping, and the tax where prices do not include it."""
    return subtotal - discount + shipping + (0 if included else tax)


def back(line: Line, share: int, tax: int, before: int, quantity: int) -> Back:
    """What sending back a part of a line adds to its order.

    Args:
        line: as it was ordered.
        share: its share of the order's discount.
        tax: the tax of the whole line.
        before: how much of it was sent back earlier.
        quantity: how much is sent back now.
    """
    value, end = line.amount - share, before + quantity

    amount = _part(value, line.quantity, before, end)
    return Back(gross(-quantity, line.unit_price) - amount, amount, _part(tax, line.quantity, before, end))


def _part(whole: int, quantity: int, before: int, end: int) -> int:
    """What coming back from `before` to `end` of a quantity adds, not above zero, of what the whole of it comes to."""
    # Of what was sent back altogether less what was before, so that parts add up to the whole.
    sofar, earlier = (divided(whole * reached, quantity) for reached in (end, before))
    return earlier - sofar

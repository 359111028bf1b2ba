"""The lines that an order has: which were sold, what came back, which ones are meant; and amounts said of the whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmcli.kernel import invoice, orderlines
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import parse_amount, split_currency
from crmcli.store.connection import Row


def as_sold(row: Mapping[str, Any]) -> invoice.Line:
    """A row of `order_line` as the arithmetic takes it."""
    return invoice.Line(row["quantity"], row["unit_price"], row["discount"], row["tax_rate"], row["amount"])


def discount_of(text: str, currency: str, subtotal: int) -> int:
    """What is taken off the whole, in minor units, of `10%` or `5.00`.

    Raises:
        UsageError: it is neither, or below zero.
    """
    if text.strip().endswith("%"):
        return invoice.percentage(subtotal, orderlines.parse_share(text))
    return amount_of(text, currency, "discount")


def amount_of(text: str, currency: str, what: str) -> int:
    """An amount that is not below zero, in minor units of the order's currency; `12.00 EUR` may name it.

    Raises:
        UsageError: it is none, below zero, or in another currency.
    """
    number, code = split_currency(text)
    if code and code != currency:
        message = f"the order is in {currency}, and the {what} of {text.strip()[:40]} in {code}"
        raise UsageError(message, f"all amounts of an order are in its currency: say it in {currency}")
    amount = parse_amount(number, currency)
    if amount < 0:
        raise UsageError(f"a {what} of {text} is below zero", "write it without a minus")
    return amount


def sold(rows: Sequence[Row]) -> list[Row]:
    """The lines of an order that are no returns."""
    return [row for row in rows if row["return_of"] is None and row["quantity"] > 0]


def returned(rows: Sequence[Row], line: int) -> int:
    """How much of a line was sent back, in thousandths."""
    back: int = -sum(row["quantity"] for row in rows if row["return_of"] == line)
    return back


def taxes(order: Mapping[str, Any], rows: Sequence[Row]) -> dict[int, int]:
    """The tax of each line that was sold, by its key, in minor units; a tax of the whole order is shared among them."""
    own = sold(rows)
    loose = order["tax"] - sum(row["tax"] for row in rows)
    found = invoice.standing(
        [as_sold(row) for row in own],
        [row["tax"] for row in own],
        order["discount"],
        loose,
        included=bool(order["tax_included"]),
    )
    return dict(zip((row["id"] for row in own), found, strict=True))


def line_at(rows: Sequence[Row], text: str) -> Row:
    """The line of an order that is named by its number, from 1. Raises UsageError where there is none."""
    number = text.strip()
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    if not 0 < place <= len(rows):
        hint = f"lines 1 to {len(rows)}" if rows else "the order has no lines"
        raise UsageError(f"'{number[:40]}' is not the number of a line", hint)
    return rows[place - 1]


def chosen(rows: Sequence[Row], texts: Sequence[str], rest: Callable[[Row], int], verb: str) -> list[tuple[Row, int]]:
    """The lines that `N=QUANTITY` texts name, each with its quantity; without any all that is left of every line.

    Args:
        rows: all lines of the order, in their order.
        texts: `2=1.5`, or `2` for all that is left of the second line.
        rest: how much of a line is left, in thousandths.
        verb: what is done with it, for messages: shipped, returned.

    Raises:
        UsageError: there is no such line, or not so much is left of it.
    """
    if not texts:
        return [(row, rest(row)) for row in sold(rows) if rest(row) > 0]
    found: dict[int, tuple[Row, int]] = {}
    for text in texts:
        number, equals, quantity = str(text).partition("=")
        row = line_at(rows, number)
        if row not in sold(rows):
            raise UsageError(f"line {number.strip()} is what came back", f"it cannot be {verb}")
        wanted = orderlines.parse_quantity(quantity) if equals else rest(row)
        wanted += found.get(row["id"], (row, 0))[1]
        if not 0 < wanted <= rest(row):
            left = orderlines.write_quantity(max(0, rest(row)))
            told = orderlines.write_quantity(wanted)
            message = f"{told} of line {number.strip()} ({row['name']}) cannot be {verb}"
            raise UsageError(message, f"{left} is left of it")
        found[row["id"]] = (row, wanted)
    return list(found.values())

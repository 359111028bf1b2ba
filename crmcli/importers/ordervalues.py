"""The values of an order's draft, made of the texts of its rows; see `crmcli.importers.base.Draft`."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from crmcli.importers.dealrows import known_currency
from crmcli.importers.orderdays import Days
from crmcli.importers.readings import amount, keep, nearest, unrounded, yes
from crmcli.kernel.money import divided, rounded

Values = dict[str, Any]
SHARES = ("discounts", "shipping", "taxes")
"""What each row may tell its own share of."""
OF_ROWS = frozenset({"currency", "total", *SHARES})
"""What counts otherwise where it differs from row to row of an order."""
AMOUNTS = ("subtotal", "discounts", "shipping", "taxes", "total", "refunded", "outstanding")
NUMBERS = frozenset({*AMOUNTS, "paid", "price", "discount", "line_total", "line_tax", "quantity"})
DAYS = ("ordered", "cancelled", "shipped", "delivered", "paid", "due")
# Columns of which an empty cell says something: nothing was paid, nothing was sent.
_EMPTY = {"financial_status": "pending", "fulfillment_status": "unfulfilled"}
_QUANTITY = re.compile(r"-?\d{1,12}(?:[.,]\d{1,9})?")


def finished(
    values: Values,
    lines: Sequence[Values],
    told: Sequence[Values],
    origin: str,
    fields: frozenset[str],
    usual: str | None,
    days: Days,
) -> Values:
    """The values of an order.

    Args:
        values: what its rows say of the order itself, as texts.
        lines: what each row says of its line.
        told: what each row says of OF_ROWS.
        origin: by what its number is told from others; "" where the table has none.
        fields: all fields that the table has.
        usual: the currency of amounts without one.
        days: reads days.

    Raises:
        ValueError: it has no number, an amount, a quantity or the day is none, or its rows have different currencies.
    """
    if origin and not values.get("number"):
        raise ValueError("the order has no number")
    order = dict(values)
    if len(told) > 1:
        _one_currency(told)
    named = str(order.pop("currency", ""))
    currency = known_currency(named) if named else None
    if currency:
        order["currency"] = currency
    elif named:
        raise ValueError(f"'{named[:40]}' is no currency (ISO 4217)")
    money = currency or usual
    made = [_line(line, money) for line in lines]
    sums = _sums(made, told, money)
    if not sums:
        _row_totals(order, made, [row.get("total") for row in told], money)
    for line in made:
        if "reckoned" in line:
            line.setdefault("amount", line.pop("reckoned"))
    for field in AMOUNTS:
        if field in order:
            order[field] = amount(str(order[field]), money, exact=True)
    if sums:
        order.update(sums)
    elif len(told) > 1:
        _shares(order, told, money)
    _paid(order, money)
    _days(order, days)
    for field, empty in _EMPTY.items():
        if field in fields:
            order.setdefault(field, empty)
    order["lines"] = [line for line in made if line]
    order["customer"] = _customer(order)
    if "number" in order and origin:
        order.setdefault("external", [f"{origin}:{order['number']}"])
    return {field: value for field, value in order.items() if value not in ("", [], {})}


def pointed(values: Values, fields: frozenset[str]) -> None:
    """Write the numbers of columns that have a decimal comma with a point: `1.250` is `1250`, `4,505` is `4.505`."""
    for field in fields & values.keys():
        values[field] = str(values[field]).replace(".", "").replace(",", ".")


def thousandths(text: str) -> int:
    """A quantity in thousandths: `3`, `3.0`, `1.5`, `1,5`. Raises ValueError for anything else."""
    found = _in_thousandths(text)
    return found if isinstance(found, int) else rounded(found)


def _in_thousandths(text: str) -> int | Fraction:
    """A quantity in thousandths with what is less than one of them."""
    word = text.strip()
    if word.isdigit() and word.isascii() and len(word) <= 12:
        return int(word) * 1000
    if not word.isascii() or not _QUANTITY.fullmatch(word):
        raise ValueError(f"'{text[:40]}' is no quantity")
    return Fraction(word.replace(",", ".")) * 1000


def _line(line: Values, currency: str | None) -> Values:
    """The values of a line.

    Of a price or quantity with more decimals than are kept, `reckoned` is what the line comes to before they are
    rounded: 200 at 1.005 are 201.00, not 202.00.
    """
    made: Values = {field: line[field] for field in ("product", "sku", "tax_rate") if field in line}
    for field, name in (("discount", "discount"), ("line_total", "amount"), ("line_tax", "tax")):
        if field in line:
            made[name] = amount(str(line[field]), currency)
    price = unrounded(str(line["price"]), currency) if "price" in line else None
    quantity = _in_thousandths(str(line["quantity"])) if "quantity" in line else None
    if price is not None:
        made["price"] = nearest(price)
    if quantity is not None:
        made["quantity"] = quantity if isinstance(quantity, int) else rounded(quantity)
    if price is not None and (price != made["price"] or quantity != made.get("quantity")):
        whole = Fraction(price) * (1000 if quantity is None else quantity) / 1000
        made["reckoned"] = rounded(whole) - made.get("discount", 0)
    if made and "line_status" in line:  # alone it is no line
        made["line_status"] = line["line_status"]
    return made


def _sums(lines: Sequence[Values], told: Sequence[Values], currency: str | None) -> Values:
    """Total and shares of an order each of whose rows has a total that holds its own shares; empty for any other.

    That is so where each line less its discount, with its shipping, and its tax unless prices hold that, is the total
    of its row. A total of the product alone tells nothing of its tax: that is what `_row_totals` takes it for.
    """
    if len(told) < 2 or not all("total" in row for row in told):
        return {}
    products = [_product(line) for line in lines]
    totals = [amount(str(row["total"]), currency) for row in told]
    parts = {field: [_part(row, field, currency) for row in told] for field in SHARES}
    before = [
        None if product is None else product - less + shipping
        for product, less, shipping in zip(products, parts["discounts"], parts["shipping"], strict=True)
    ]
    if None in before or before == products == totals:
        return {}
    with_tax = [one + tax for one, tax in zip(before, parts["taxes"], strict=True) if one is not None]
    if totals not in (with_tax, before):
        return {}
    return {
        "total": sum(totals),
        **{field: sum(parts[field]) for field in SHARES if any(field in row for row in told)},
    }


def _part(row: Values, field: str, currency: str | None) -> int:
    return amount(str(row[field]), currency, exact=True) if field in row else 0


def _row_totals(order: Values, lines: Sequence[Values], totals: Sequence[Any], currency: str | None) -> None:
    """Where each row has a total of its own, those are of the lines, and the order's is their sum."""
    told = [total for total in totals if total is not None]
    if len(told) < 2 or len(told) < len(totals):
        return
    read = [amount(str(total), currency) for total in told]
    if len(set(read)) == 1 and list(map(_product, lines)) != read:
        return
    for line, total in zip(lines, read, strict=True):
        line.setdefault("amount", total)
    order.pop("total")


def _one_currency(told: Sequence[Values]) -> None:
    found = sorted({str(row["currency"]).upper() for row in told if "currency" in row})
    if len(found) > 1:
        raise ValueError(f"its rows are in different currencies: {', '.join(found)[:40]}")


def _shares(order: Values, told: Sequence[Values], currency: str | None) -> None:
    """Where rows have different discounts, shipping or taxes, those are their lines', and the order has the sum."""
    for field in SHARES:
        texts = [str(row[field]) for row in told if field in row]
        if len(set(texts)) > 1:
            parts = [amount(text, currency, exact=True) for text in texts]
            order[field] = sum(parts) if len(set(parts)) > 1 else parts[0]


def _product(line: Values) -> int | None:
    """What a line alone comes to; None for one without a price."""
    if "price" not in line:
        return None
    if "amount" in line:
        return int(line["amount"])
    if "reckoned" in line:
        return int(line["reckoned"])
    return divided(line.get("quantity", 1000) * line["price"], 1000) - int(line.get("discount", 0))


def _paid(order: Values, currency: str | None) -> None:
    """What was paid: an amount, a day, or whether it was."""
    text = str(order.pop("paid", ""))
    said = yes(text) if text else None
    if said is not None and text not in ("0", "1"):
        order.setdefault("financial_status", "paid" if said else "pending")
    elif text:
        order["paid"] = amount(text, currency, exact=True)


def _days(order: Values, days: Days) -> None:
    if "ordered_at" not in order:
        raise ValueError("the order has no day")
    for name in DAYS:
        text = str(order.pop(f"{name}_at", "")).strip()
        if not text:
            continue
        try:
            order[f"{name}_on"] = days.read(text)
        except ValueError:
            if name == "ordered":
                raise
            keep(order, f"{name}_at_text", text)


def _first(order: Values, field: str, part: str) -> Any:
    return next((entry[part] for entry in order.pop(field, ())), None)


def _customer(order: Values) -> Values:
    reads: dict[str, Callable[[], Any]] = {
        "name": lambda: order.pop("customer_name", None),
        "external": lambda: order.pop("customer_id", None),
        "email": lambda: _first(order, "email", "value"),
        "phone": lambda: _first(order, "phone", "raw"),
        "company": lambda: _company(order),
    }
    found = {part: read() for part, read in reads.items()}
    if found["external"]:
        found["external"] = f"customer:{str(found['external'])[:250]}"
    return {part: text for part, text in found.items() if text}


def _company(order: Values) -> Any:
    return next((entry.get("name") for entry in order.pop("company", ())), None)

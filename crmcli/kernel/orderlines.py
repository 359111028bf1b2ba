"""Lines of deals and orders as people write them: `2 x Red apples @ 7.50 EUR -10% tax 19%`, read and written.

Only what is sold must be there: without a quantity it is one, without a price the price list has it. A discount is a
share of the line, or an amount taken off the whole of it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from crmcli.kernel.codes import check_currency
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import MOST, divided, parse_amount, plain, split_currency

ONE = 1000
"""A quantity of one: quantities are in thousandths."""
MOST_QUANTITY = 10**12
"""A quantity is below that many thousandths."""
HUNDRED_PERCENT = 100_000
"""Shares are in thousandths of a percent."""
EXAMPLE = "2 x Red apples @ 7.50 EUR -10%"
LONGEST = 2000
REFUND = "Refund"
"""The name of a line that says what was given back without saying what for."""
LONGEST_NUMBER = 18
"""Digits beyond these do not count, as the number is too large by then; Python reads none of thousands."""
_QUANTITY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[x×*]\s+(?=\S)", re.IGNORECASE)
_SHARE = r"[0-9]+(?:\.[0-9]+)?"
_TAX = re.compile(rf"(?:\s+|^)tax\s+({_SHARE})\s*%$", re.IGNORECASE)
_PERCENT_OFF = re.compile(rf"\s+-\s?({_SHARE})\s*%$")
_AMOUNT_OFF = re.compile(r"(?<=\S)\s+-\s?((?:[A-Za-z]{3}\s+)?[0-9].*)$")
_AMOUNT = re.compile(r"(?:[A-Za-z]{3}\s+)?[+-]?[0-9].*", re.DOTALL)
_PRICE_MARK = re.compile(r".*\s@", re.DOTALL)
# Without a space before it, it is a price only where nothing but an amount follows: names may have an @.
_CLOSE_MARK = re.compile(
    r".*\S@(?=\s?(?:[A-Z]{3}\s?)?[0-9]+(?:\.[0-9]+)?\s?(?:[A-Z]{3})?(?:\s+(?:-|tax\s)|\s*$))", re.DOTALL
)
# A number before what is sold, and what may stand between them: 2 Cups, 2*Cup, 2xCup, 1.5 kg of Rice, 500g Flour. Other
# letters belong to a name: 3D printer, 2xl shirts, 4x4 car, 10m cable.
_MEASURED = "kg|g|l|ml|pcs|pc"
_UNITS = f"{_MEASURED}|mg|t|cl|m|cm|mm|km|m²|m³|h|min"
_UNIT_WORDS = (
    "hours?|hrs?|days?|weeks?|months?|pieces?|units?|boxe?s?|packs?|bags?|bottles?|lit(?:er|re)s?|met(?:er|re)s?"
)
_BEGINS = re.compile(
    rf"([0-9]+(?:[.,][0-9]+)*)(?:\s*[*×]\s*|\s*[xX](?=[^\W\d_a-z])|\s+|(?=(?:{_MEASURED})\s)|(?=@|$))"
    rf"(?:(?:{_UNITS}|{_UNIT_WORDS})\s+(?:of\s+)?(?=[^\s@-]))?"
)


class Line(NamedTuple):
    """A line as it was written.

    Attributes:
        quantity: in thousandths; negative for what comes back.
        product: what is sold: an id, an article number or a name, or words of its own.
        price: of one unit, as text without its currency; None where the price list is to say.
        currency: of the amounts in the line; None where none is named.
        discount: an amount off the whole line, as text; None without.
        percent: a share off the line, in thousandths of a percent; None without.
        tax_rate: in thousandths of a percent; None where nothing is said.
    """

    quantity: int
    product: str
    price: str | None = None
    currency: str | None = None
    discount: str | None = None
    percent: int | None = None
    tax_rate: int | None = None


class Amounts(NamedTuple):
    """What a line comes to, in minor units: `amount` is what is left of `gross` after `discount`."""

    gross: int
    discount: int
    amount: int


def is_refund(row: Mapping[str, Any]) -> bool:
    """Whether a row of `order_line` is money that was given back, and nothing that was sent or came back."""
    return row["quantity"] < 0 and row["name"] == REFUND and row["sku"] is None and row.get("return_of") is None


def came_back(rows: Iterable[Mapping[str, Any]]) -> int:
    """How much came back, in thousandths, by the rows of `order_line` of an order."""
    back: int = -sum(row["quantity"] for row in rows if row["quantity"] < 0 and not is_refund(row))
    return back


def parse_line(text: str) -> Line:
    """The line that a text says.

    Raises:
        UsageError: it is none.
    """
    rest = text.strip()
    if len(rest) > LONGEST:
        raise UsageError(f"a line of {len(rest):,} characters is too long", f"at most {LONGEST:,} are read")
    found = _QUANTITY.match(rest)
    quantity = parse_quantity(found[1]) if found else ONE
    rest = rest[found.end() :] if found else rest
    marked = _PRICE_MARK.match(f" {rest}") or _CLOSE_MARK.match(f" {rest}")
    name, tail = (rest[: marked.end() - 2].strip(), rest[marked.end() - 1 :]) if marked else (rest, None)
    if tail is None:
        name, tax = _cut_share(_TAX, rest)
        name, percent = _cut_share(_PERCENT_OFF, name)
        line = Line(quantity, name.strip(), percent=percent, tax_rate=tax)
    else:
        line = _priced(Line(quantity, name), tail)
    if not line.product:
        raise UsageError(f"the line '{text.strip()[:60]}' does not say what is sold", f"for example: '{EXAMPLE}'")
    return line


def meant(text: str) -> str | None:
    """What a line without a quantity whose words begin with a number may have meant; None where they do not.

    `2 Cups @ 3` is one of "2 Cups", and `2 x Cups @ 3` was meant; `3D printer` and `1 x 2 Cups` are what they say.
    """
    said = text.strip()
    found = None if _QUANTITY.match(said) else _BEGINS.match(said)
    if not found:
        return None
    rest = re.sub(r"^[xX×*]\s+", "", said[found.end() :])
    thousands = "" if found[1].startswith("0") else ",(?=[0-9]{3}(?:[^0-9]|$))"
    number = re.sub(thousands, "", found[1]).replace(",", ".")
    return f"{number} x {'WHAT' + f' {rest}'.rstrip() if rest[:1] in ('', '@') else rest}"


def _priced(line: Line, tail: str) -> Line:
    """A line with what stands behind its `@`."""
    tail, tax = _cut_share(_TAX, tail)
    tail, percent = _cut_share(_PERCENT_OFF, tail)
    off = None if percent is not None else _AMOUNT_OFF.search(tail)
    said = (tail[: off.start()] if off else tail).strip()
    if not _AMOUNT.fullmatch(said):
        raise UsageError(
            f"'{said[:40]}' behind @ is not a price", f"for example: '{EXAMPLE}'; a product may be named by its id"
        )
    price, currency = split_currency(said)
    discount, other = split_currency(off[1]) if off else (None, None)
    if currency and other and currency != other:
        raise UsageError(f"a line has one currency, not {currency} and {other}", f"for example: '{EXAMPLE}'")
    for amount in filter(None, (price, discount)):
        parse_amount(amount, "CLF")  # the currency with the most decimals: whether it is an amount at all
    return line._replace(price=price, currency=currency or other, discount=discount, percent=percent, tax_rate=tax)


def parse_quantity(text: str) -> int:
    """Thousandths of a quantity such as `2`, `1.5` or `-1`.

    Raises:
        UsageError: it is none, it is zero, or it has more than three decimals.
    """
    plain_text = text.strip()
    found = re.fullmatch(r"([+-]?)([0-9]+)(?:\.([0-9]{1,3})0*)?", plain_text)
    if not found:
        raise UsageError(f"'{plain_text[:40]}' is not a quantity", "write 2 or 1.5, with at most three decimals")
    whole = found[2].lstrip("0")
    # Python refuses to read a number of thousands of digits.
    quantity = int(whole or "0") * ONE + int((found[3] or "").ljust(3, "0")) if len(whole) < 13 else MOST_QUANTITY
    if not 0 < quantity < MOST_QUANTITY:
        what = "nothing" if not quantity else "too large a quantity"
        raise UsageError(f"a quantity of {plain_text[:40]} is {what}", "write 2 or 1.5")
    return -quantity if found[1] == "-" else quantity


def write_quantity(quantity: int) -> str:
    """Thousandths as people write them: 1500 is `1.5`."""
    whole, part = divmod(abs(quantity), ONE)
    return f"{'-' if quantity < 0 else ''}{whole}" + f".{part:03d}".rstrip("0").rstrip(".")


def parse_share(text: str) -> int:
    """Thousandths of a percent of `19`, `19%` or `7.7 %`.

    Raises:
        UsageError: it is no share, or more than all of it.
    """
    found = re.fullmatch(r"0*([0-9]{1,9})(?:\.([0-9]{1,3})0*)?\s*%?", text.strip())
    share = int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0")) if found else HUNDRED_PERCENT + 1
    if share > HUNDRED_PERCENT:
        raise UsageError(f"'{text.strip()[:40]}' is not a share", "write percent from 0 to 100, such as 10% or 7.7%")
    return share


def write_share(share: int) -> str:
    """Thousandths of a percent as people write them: 7700 is `7.7%`."""
    whole, part = divmod(share, 1000)
    return f"{whole}" + f".{part:03d}".rstrip("0").rstrip(".") + "%"


def price_of(line: Line, currency: str) -> int | None:
    """The price of one unit in minor units; None where the line names none.

    Raises:
        UsageError: the line is in another currency, or the price has more decimals than it.
    """
    if line.currency and line.currency != check_currency(currency):
        raise UsageError(
            f"the line of {line.product[:40]} is in {line.currency}, not in {currency}",
            "all lines are in the one currency that --currency names",
        )
    return None if line.price is None else parse_amount(line.price, currency)


def amounts(line: Line, unit_price: int, currency: str) -> Amounts:
    """What a line comes to at a price of one unit in minor units; halves of a minor unit go away from zero.

    Raises:
        UsageError: more is taken off than there is, or an amount is too large.
    """
    gross = divided(line.quantity * unit_price, ONE)
    if abs(gross) >= MOST:
        raise UsageError(f"the line of {line.product[:40]} comes to too much", "amounts have at most fifteen digits")
    discount = 0
    if line.percent is not None:
        discount = divided(gross * line.percent, HUNDRED_PERCENT)
    elif line.discount is not None:
        discount = signed(parse_amount(line.discount, currency), gross)
    if abs(discount) > abs(gross):
        raise UsageError(
            f"a discount of {plain(abs(discount), currency)} is more than the line of {line.product[:40]} comes to",
            f"it comes to {plain(abs(gross), currency)} {currency}",
        )
    return Amounts(gross, discount, gross - discount)


def signed(discount: int, gross: int) -> int:
    """A discount, written without a sign, of a line that comes to `gross` before it: it comes back with the goods."""
    return -discount if gross < 0 else discount


def write_line(
    quantity: int, product: str, unit_price: int, currency: str, discount: int = 0, tax_rate: int | None = None
) -> str:
    """A line as `parse_line` reads it; `unit_price` and `discount` in minor units, the others as in `Line`.

    The sign of the discount is not written, see `signed`.
    """
    off = f" -{plain(abs(discount), currency)} {currency}" if discount else ""
    tax = "" if tax_rate is None else f" tax {write_share(tax_rate)}"
    return f"{write_quantity(quantity)} x {product} @ {plain(unit_price, currency)} {currency}{off}{tax}"


def _cut_share(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    """A text without the share at its end, and that share."""
    found = pattern.search(text)
    return (text[: found.start()], parse_share(found[1])) if found else (text, None)

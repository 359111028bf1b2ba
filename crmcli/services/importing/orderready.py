"""Making the draft of an order ready: its row, its lines and its payments, before the database is asked anything.

Amounts are the file's. What is to be paid is its total; where lines, discount, shipping and tax do not come to that,
the total is kept all the same, and the import says how many orders there are of which that is so.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import MOST, divided, rounded
from crmcli.kernel.orderlines import REFUND
from crmcli.kernel.text import tokens
from crmcli.model.enums import NO_PURCHASE
from crmcli.services.importing.orderstates import States, payments, shipped, states
from crmcli.store.blank import blank
from crmcli.store.gate import checked

Values = Mapping[str, Any]
Row = tuple[Any, ...]
TABLE = "sales_order"
GIVEN_BY_WRITER = ("uid", "contact_id", "company_id", "created_at", "updated_at")
COLUMNS = tuple(name for name in blank(TABLE) if name not in GIVEN_BY_WRITER)
"""The columns of an order's own row, behind the key and those above."""
LINE_COLUMNS = (
    "name",
    "sku",
    "quantity",
    "unit_price",
    "discount",
    "tax_rate",
    "tax",
    "amount",
    "returned_on",
    "shipped",
)
"""Of a line, behind the order's key, the position and the product."""
PAYMENT_COLUMNS = ("amount", "paid_on", "method")
ODD = "orders whose lines, discount, shipping and tax do not come to their total, which is kept as it stands"
UNPRICED = "orders whose lines have no price; their total is kept as it stands"
_BLANK = {name: blank(TABLE)[name] for name in COLUMNS}
_BLANK_LINE = {name: blank("order_line")[name] for name in LINE_COLUMNS}


class ReadyOrder(NamedTuple):
    """An order that can be written as it is, if it is new.

    `external` is by what it is known again. `who` names its customer among those of a chunk, and `customer` is that
    customer made ready, in the first order of a chunk that has it. `said` are the columns of which the file says
    something, `row`, `lines` and `payments` all rows. `words` are those by which it is found, `odd` why it is worth a
    note.
    """

    place: int
    external: str | None
    who: str
    customer: Row | None
    said: tuple[str, ...]
    row: Row
    lines: tuple[Row, ...]
    payments: tuple[Row, ...]
    words: str
    odd: str


class Amounts(NamedTuple):
    """What an order comes to, and why that is worth a note."""

    subtotal: int
    discount: int
    shipping: int
    tax: int
    total: int
    tax_included: int
    odd: str = ""


class OrderPreparer:
    """Making the orders of one chunk ready.

    Args:
        currency: that of orders without one; "" where nobody said.
        prepare: makes a contact or company ready, given its noun, its values and its place.
    """

    def __init__(self, currency: str, prepare: Callable[[str, Values, int], Row]) -> None:
        self.currency = currency
        self.prepare = prepare
        self._sent: set[str] = set()
        self._wrong: dict[str, UsageError] = {}

    def one(self, values: Values, place: int) -> ReadyOrder:
        """The values of an order's draft made ready.

        Raises:
            UsageError: it has no currency, its customer cannot be read, or something is too long or too large.
        """
        currency = values.get("currency") or self.currency
        if not currency:
            raise UsageError(
                "the order has no currency", "name it with --currency EUR, or: crm config set currency EUR"
            )
        noun, who, person = customer_of(values)
        lines = [_line(line) for line in values.get("lines", ())]
        amounts = _amounts(values, lines)
        found = states(values, amounts.total)
        if found.in_parts:
            for line, told in zip(lines, values["lines"], strict=True):
                line["shipped"] = shipped(told)
        paid = payments(values, amounts.total, found)
        if back := found.refunded:
            refund = {**_BLANK_LINE, "name": REFUND, "quantity": -1000, "unit_price": back, "amount": -back}
            lines.append({**refund, "returned_on": found.refunded_on})
            amounts = amounts._replace(subtotal=amounts.subtotal - back, total=amounts.total - back)
        row = _row(values, currency, amounts, found, sum(entry[0] for entry in paid))
        _check(row, lines, paid)
        if found.status not in NO_PURCHASE:
            person = {**person, "lifecycle_stage": "customer"}
        customer = self._customer(noun, who, person, place) if who else None
        return ReadyOrder(
            place,
            row["external"],
            who,
            customer,
            tuple(name for name, value in row.items() if value is not None),
            tuple(row.values()),
            tuple(tuple(line.values()) for line in lines),
            tuple(paid),
            _words(row),
            amounts.odd,
        )

    def _customer(self, noun: str, who: str, person: Values, place: int) -> Row | None:
        if who in self._wrong:
            raise self._wrong[who]
        if who in self._sent:
            return None
        try:
            made = (noun, *self.prepare(noun, person, place))
        except UsageError as error:
            self._wrong[who] = error
            raise
        self._sent.add(who)
        return made


def customer_of(values: Values) -> tuple[str, str, Values]:
    """The noun of an order's customer, what tells it from others, and its values as a contact or company has them.

    Nobody is told by "".
    """
    given = values.get("customer", {})
    name, email, phone, external, company = map(given.get, ("name", "email", "phone", "external", "company"))
    if not (name or email or phone or external or company):
        return "", "", {}
    noun = "contact" if name or email or phone or not company else "company"
    person: dict[str, Any] = {}
    if noun == "company":
        person["name"] = company
    else:
        if name:
            person["name"] = name
        if company:
            person["company"] = [{"name": company}]
    if email:
        person["email"] = [{"value": email}]
    if phone:
        person["phone"] = [{"raw": phone}]
    if external:
        person["external"] = [external]
        person.setdefault("name", f"Customer {str(external).partition(':')[2]}" if not (email or phone) else "")
    if "address" in values:
        person["address"] = values["address"]
    return noun, "\x1f".join((noun, external or "", email or "", phone or "", name or "", company or "")), person


# --- amounts


def _line(line: Values) -> dict[str, Any]:
    """The row of a line. Where the file tells an amount, that counts, and a price that is not told follows from it."""
    quantity = line.get("quantity", 1000)
    discount = line.get("discount", 0)
    price, amount = line.get("price"), line.get("amount")
    if amount is None and price is not None:
        amount = price if quantity == 1000 else divided(price * quantity, 1000)
        amount -= discount
    elif amount is not None and price is None:
        before = amount + discount
        price = before if quantity == 1000 else divided(before * 1000, quantity) if quantity else 0
    sku = line.get("sku")
    return {
        "name": str(line.get("product") or sku or "Line"),
        "sku": sku,
        "quantity": quantity,
        "unit_price": price,
        "discount": discount,
        "tax_rate": _rate(line.get("tax_rate")),
        "tax": line.get("tax", 0),
        "amount": amount,
        "returned_on": None,
        "shipped": 0,
    }


def _rate(text: Any) -> int | None:
    """Thousandths of a percent: `19`, `19 %`, `7.7`; None for what is no rate."""
    try:
        rate = rounded(Fraction(str(text).rstrip("% ").replace(",", ".")) * 1000) if text else None
    except (ValueError, ZeroDivisionError):
        return None
    return rate if rate is None or 0 <= rate <= 100_000 else None


def _amounts(values: Values, lines: Sequence[dict[str, Any]]) -> Amounts:
    """What an order comes to; the prices of lines that have none are set in place.

    Whether the tax is within the prices, and whether the order's discount holds those of its lines, follows from what
    adds up to the total.
    """
    discount, shipping = values.get("discounts", 0), values.get("shipping", 0)
    tax = values["taxes"] if "taxes" in values else sum(line["tax"] for line in lines)
    total = values.get("total")
    unpriced = [line for line in lines if line["unit_price"] is None]
    if len(unpriced) == 1 and len(lines) == 1 and total is not None:
        net = values.get("subtotal", total - shipping - tax)
        _price(unpriced[0], net + discount)
    elif unpriced:
        for line in unpriced:
            _price(line, 0)
        rest = values.get("subtotal", (total or 0) - shipping - tax) + discount
        return Amounts(rest, discount, shipping, tax, _or(total, rest - discount + shipping + tax), 0, UNPRICED)
    subtotal = sum(line["amount"] for line in lines)
    if not lines:
        subtotal = values["subtotal"] + discount if "subtotal" in values else (total or 0) - shipping - tax + discount
    if total is None:
        return Amounts(subtotal, discount, shipping, tax, subtotal - discount + shipping + tax, 0)
    of_lines = sum(line["discount"] for line in lines)
    for less in dict.fromkeys((discount, discount - of_lines)):
        before = subtotal - less + shipping
        if less >= 0 and total == before + tax:
            return Amounts(subtotal, less, shipping, tax, total, 0)
        if less >= 0 and total == before:
            return Amounts(subtotal, less, shipping, tax, total, 1)
    return Amounts(subtotal, discount, shipping, tax, total, 0, ODD)


def _or(value: int | None, other: int) -> int:
    return other if value is None else value


def _price(line: dict[str, Any], amount: int) -> None:
    quantity = line["quantity"]
    line["amount"] = amount
    line["unit_price"] = divided((amount + line["discount"]) * 1000, quantity) if quantity else 0


# --- the row


def _row(values: Values, currency: str, amounts: Amounts, found: States, paid: int) -> dict[str, Any]:
    external = next(iter(values.get("external", ())), None)
    return {
        **_BLANK,
        "number": _text(values.get("number")),
        "ordered_on": values["ordered_on"],
        "status": found.status,
        "financial_status": found.financial,
        "fulfillment_status": found.fulfillment,
        "currency": currency,
        "tax_included": amounts.tax_included,
        "subtotal": amounts.subtotal,
        "discount": amounts.discount,
        "shipping": amounts.shipping,
        "tax": amounts.tax,
        "total": amounts.total,
        "paid": paid,
        **{name: values.get(name) for name in ("due_on", "shipped_on", "delivered_on", "cancelled_on")},
        "returned_on": found.refunded_on if found.status == "returned" else None,
        "paid_on": found.paid_on,
        "source": _text(values.get("source")),
        "note": _text(values.get("notes")),
        "external": external,
        "custom": _custom(values, found),
    }


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _custom(values: Values, found: States) -> str | None:
    """What has no column: an object of texts, as JSON."""
    custom: dict[str, str] = {}
    for entry in values.get("set", ()):
        custom.update({name: str(text) for name, text in entry.items()})
    if values.get("tag"):
        custom["tags"] = ", ".join(values["tag"])
    custom.update(found.kept)
    return json.dumps(custom, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if custom else None


def _check(row: Values, lines: Sequence[Values], paid: Sequence[Row]) -> None:
    """Refuse what the tables cannot hold. Raises UsageError."""
    checked(TABLE, row)
    for line in lines:
        checked("order_line", line)
    for entry in paid:
        checked("payment", dict(zip(PAYMENT_COLUMNS, entry, strict=True)))
    amounts = [row[name] for name in ("subtotal", "discount", "shipping", "tax", "total", "paid")]
    amounts += [line[name] for line in lines for name in ("unit_price", "amount", "quantity", "discount", "tax")]
    if max(map(abs, amounts)) >= MOST:
        raise UsageError("an amount of the order is too large", "amounts have at most fifteen digits")


def _words(row: Values) -> str:
    """The words of the texts that `crmcli.store.search` names, in its order."""
    texts = (row[name] for name in ("number", "note", "source", "external", "custom"))
    return " ".join(tokens(" ".join(text for text in texts if text)))

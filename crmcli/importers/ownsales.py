"""Our own exports of orders, products, deals and cases, read again: values in their columns' types.

Anybody may have written the file: every value is looked at before it is believed.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from crmcli.kernel import invoice
from crmcli.kernel.clock import instant
from crmcli.kernel.codes import check_currency
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import parse_amount, plain
from crmcli.kernel.orderlines import signed

Record = Mapping[str, Any]
Values = dict[str, Any]
MARKS = {
    "own_order": {"uid", "ordered_on", "financial_status", "currency"},
    "own_product": {"uid", "name", "price_list"},
    "own_deal": {"uid", "name", "pipeline", "stage"},
    "own_case": {"uid", "subject", "priority", "opened_at"},
}
"""What tells a record of ours from others, by the noun of its draft."""
_MONEY = ("subtotal", "discount", "shipping", "tax", "total", "paid")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_QUANTITY = re.compile(r"-?\d{1,12}(?:\.\d{1,3})?")
_RATE = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?\s*%?")
_PARTY = ("uid", "email", "name", "display_name", "sku", "number")
_TEXTS = {
    "own_order": (
        *("uid", "number", "status", "financial_status", "fulfillment_status", "source", "note", "external", "series"),
    ),
    "own_product": ("uid", "name", "sku", "category", "unit", "description", "external"),
    "own_deal": (
        *("uid", "name", "status", "pipeline", "stage", "forecast_category", "source", "lost_reason", "external"),
        "note",
    ),
    "own_case": (
        *("uid", "subject", "description", "status", "priority", "type", "channel", "resolution", "external"),
    ),
}  # fmt: skip
_DAYS = {
    "own_order": (
        *("ordered_on", "due_on", "shipped_on", "delivered_on", "returned_on", "cancelled_on", "paid_on", "occurs_on"),
    ),
    "own_deal": ("close_date",),
}
_TIMES = {
    "own_deal": ("closed_at",),
    "own_case": (
        *("opened_at", "first_response_at", "response_due_at", "resolution_due_at", "resolved_at", "closed_at"),
    ),
}
_NUMBERS = {"own_deal": ("probability",), "own_case": ("reopen_count", "satisfaction")}


def noun_of(record: Record) -> str:
    """The noun of a record of ours, "" for one of others."""
    return next((noun for noun, mark in MARKS.items() if mark <= record.keys()), "")


def values(noun: str, record: Record) -> Values:
    """The values of a draft, by the names of the record's keys; amounts in minor units, quantities in thousandths.

    Raises:
        ValueError: a value is of another kind than it should be.
    """
    try:
        found: Values = {name: _text(name, record[name]) for name in _TEXTS[noun] if record.get(name) is not None}
        found |= {name: _day(record[name]) for name in _DAYS.get(noun, ()) if record.get(name)}
        found |= {name: _time(record[name]) for name in _TIMES.get(noun, ()) if record.get(name)}
        found |= {name: _whole(name, record[name]) for name in _NUMBERS.get(noun, ()) if record.get(name) is not None}
        found["owner"] = _text("owner", record["owner"]) if record.get("owner") else None
        found["custom"] = _custom(record.get("custom"))
        for name in ("contact", "company", "deal", "order", "product"):
            if record.get(name) is not None:
                found[name] = _party(name, record[name])
        return {**found, **_PARTS[noun](record)}
    except UsageError as error:
        raise ValueError(error.message) from error


def _order(record: Record) -> Values:
    currency = check_currency(_text("currency", record["currency"]))
    found: Values = {name: _money(record[name], currency) for name in _MONEY if record.get(name) is not None}
    included = record.get("tax_included") in (True, "true")
    sent = record.get("fulfillment_status") == "fulfilled"
    given = _objects("lines", record.get("lines") or [])
    lines = [_order_line(line, currency, sent=sent) for line in given]
    payments = []
    for entry in _objects("payments", record.get("payments") or []):
        paid: Values = {"amount": _money(entry.get("amount"), currency), "paid_on": _day(entry.get("paid_on"))}
        payments.append(
            paid | {name: entry[name] and _text(name, entry[name]) for name in ("method", "reference") if name in entry}
        )
    _tax(found, given, lines, included=included)
    if lines:
        found["subtotal"] = _agreed("lines", found.get("subtotal"), lines, currency)
    found["paid"] = _paid(found.get("paid"), payments, currency, record.get("paid_on") or record["ordered_on"])
    if recurrence := record.get("recurrence"):  # in words in tables
        rule = recurrence.get("rule") if isinstance(recurrence, Mapping) else recurrence
        found["recurrence"] = _text("recurrence", rule)
    return {**found, "currency": currency, "tax_included": int(included), "lines": lines, "payments": payments}


def _order_line(line: Record, currency: str, *, sent: bool) -> Values:
    """The values of a line of an order; `sent` says that all of it was sent where the line does not tell how much."""
    one = _sale_line(line, currency)
    one["tax"] = _money(line.get("tax") or "0", currency)
    one["tax_rate"] = _rate(line.get("tax_rate"))
    one["return_of"] = _whole("return_of", line["return_of"]) if line.get("return_of") is not None else None
    one["returned_on"] = _day(line["returned_on"]) if line.get("returned_on") else None
    if line.get("shipped"):
        one["shipped"] = _quantity(line["shipped"])
    else:
        one["shipped"] = one["quantity"] if sent and one["quantity"] > 0 and one["return_of"] is None else 0
    return one


def _sale_line(line: Record, currency: str) -> Values:
    """The values that lines of orders and deals share; `words` are what one of a table names."""
    if line.get("currency") not in (None, currency):
        raise ValueError(f"a line is in {line['currency']}, and the whole in {currency}")
    names = ("name", "sku", "product_uid", "words")
    one: Values = {name: _text(name, line[name]) for name in names if line.get(name) is not None}
    one["quantity"] = _quantity(line.get("quantity") or "0")
    one["unit_price"] = _money(line.get("unit_price") or "0", currency)
    gross = invoice.gross(one["quantity"], one["unit_price"])
    if line.get("discount") is not None:
        one["discount"] = _money(line["discount"], currency)
    elif line.get("percent") is not None:
        one["discount"] = invoice.percentage(gross, _whole("percent", line["percent"]))
    else:
        one["discount"] = signed(_money(line.get("off") or "0", currency), gross)
    one["amount"] = gross - one["discount"] if line.get("amount") is None else _money(line["amount"], currency)
    return one


def _tax(order: Values, given: list[Record], lines: list[Values], *, included: bool) -> None:
    """Give lines that do not tell their tax, as those of tables, the one that they have by their rate."""
    if all("tax" in told for told in given):
        return
    entries = [invoice.entry(one["quantity"], one["amount"], one["tax_rate"], one["return_of"]) for one in lines]
    taxes = invoice.taxes(entries, order.get("discount") or 0, order.get("tax") or 0, included=included)
    for told, one, tax in zip(given, lines, taxes, strict=True):
        if "tax" not in told:
            one["tax"] = tax


def _paid(told: int | None, payments: list[Values], currency: str, day: object) -> int:
    """What was paid of an order in minor units: the sum of its payments, of which one is added where none is told."""
    if told and not payments:
        payments.append({"amount": told, "paid_on": _day(day)})
    return _agreed("payments", told, payments, currency)


def _agreed(what: str, told: int | None, parts: list[Values], currency: str) -> int:
    """The sum of the amounts of parts. Raises ValueError when something else was told."""
    found: int = sum(one["amount"] for one in parts)
    if told is not None and told != found:
        said, come = (f"{plain(amount, currency)} {currency}" for amount in (told, found))
        raise ValueError(f"its {what} come to {come}, and it says {said}")
    return found


def _product(record: Record) -> Values:
    prices = []
    for entry in _objects("price_list", record.get("price_list") or []):
        currency = check_currency(_text("currency", entry.get("currency")))
        since = _day(entry["from"]) if entry.get("from") else "0001-01-01"
        prices.append({"currency": currency, "amount": _money(entry.get("amount"), currency), "valid_from": since})
    return {
        "tax_rate": _rate(record.get("tax_rate")),
        "active": int(record.get("active") is not False),
        "prices": prices,
    }


def _deal(record: Record) -> Values:
    currency = check_currency(_text("currency", record["currency"])) if record.get("currency") else None
    amount = record.get("amount")
    stays = []
    for stay in _objects("stages", record.get("stages") or []):
        entered = _time(stay.get("entered_at"))
        # A table tells only when each stay began: a deal that was won before it was entered leaves its stage at once.
        left = max(entered, _time(stay["left_at"]), key=instant) if stay.get("left_at") else None
        stays.append({"stage": _text("stage", stay.get("stage")), "entered_at": entered, "left_at": left})
    people = [
        {**_party("contact", entry), "role": _text("role", entry["role"]) if entry.get("role") else None}
        for entry in _objects("contacts", record.get("contacts") or [])
    ]
    given = _objects("lines", record.get("lines") or [])
    if given and currency is None:
        raise ValueError("a deal with lines has a currency")
    lines = [_sale_line(line, currency or "") for line in given]
    money = _money(amount, currency) if amount is not None and currency else None
    return {"currency": currency, "amount": money, "stages": stays, "contacts": people, "lines": lines}


_PARTS: dict[str, Callable[[Record], Values]] = {
    "own_order": _order,
    "own_product": _product,
    "own_deal": _deal,
    "own_case": lambda record: {},
}


# --- kinds of values


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} should be a text")
    return value


def _money(value: Any, currency: str) -> int:
    return parse_amount(_text("an amount", value), currency)


def _day(value: Any) -> str:
    text = _text("a day", value)
    if not text.isascii() or not _DAY.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is no day")
    return text


def _time(value: Any) -> str:
    text = _text("a time", value)
    instant(text)
    return text


def _whole(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(f"{name} should be a whole number")
    return value


def _quantity(value: Any) -> int:
    text = _text("a quantity", value)
    if not text.isascii() or not _QUANTITY.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is no quantity")
    whole, _, part = text.partition(".")
    thousandths = int(whole.lstrip("-")) * 1000 + int(part.ljust(3, "0"))
    return -thousandths if text.startswith("-") else thousandths


def _rate(value: Any) -> int | None:
    """Thousandths of a percent of `19%`."""
    found = _RATE.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if value is not None and found is None:
        raise ValueError(f"{str(value)[:40]} is no tax rate")
    return None if found is None else int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))


def _custom(value: Any) -> dict[str, str]:
    if value in (None, "", {}):
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("custom is no object")
    return {str(key): _text(str(key), text) for key, text in value.items()}


def _party(name: str, value: Any) -> Values:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is no object")
    return {part: _text(part, value[part]) for part in _PARTY if value.get(part)}


def _objects(name: str, value: Any) -> list[Record]:
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise ValueError(f"{name} is no list of objects")
    return value

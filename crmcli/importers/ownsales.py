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
_LINE_MONEY = ("unit_price", "discount", "tax", "amount")
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
    lines: list[Values] = []
    for line in _objects("lines", record.get("lines") or []):
        one: Values = {name: _money(line.get(name) or "0", currency) for name in _LINE_MONEY}
        one |= {name: _text(name, line[name]) for name in ("name", "sku", "product_uid") if line.get(name) is not None}
        one |= {name: _quantity(line.get(name) or "0") for name in ("quantity", "shipped")}
        one["amount"] = _worth(line, one)
        one["tax_rate"] = _rate(line.get("tax_rate"))
        one["return_of"] = _whole("return_of", line["return_of"]) if line.get("return_of") is not None else None
        one["returned_on"] = _day(line["returned_on"]) if line.get("returned_on") else None
        lines.append(one)
    payments = []
    for entry in _objects("payments", record.get("payments") or []):
        paid: Values = {"amount": _money(entry.get("amount"), currency), "paid_on": _day(entry.get("paid_on"))}
        payments.append(
            paid | {name: entry[name] and _text(name, entry[name]) for name in ("method", "reference") if name in entry}
        )
    if not any("tax" in line for line in record.get("lines") or []):
        _tax(found, lines, included=included)
    if lines:
        found["subtotal"] = _agreed("lines", found.get("subtotal"), lines, currency)
    found["paid"] = _paid(found.get("paid"), payments, currency, record.get("paid_on") or record["ordered_on"])
    if recurrence := record.get("recurrence"):  # in words in tables
        rule = recurrence.get("rule") if isinstance(recurrence, Mapping) else recurrence
        found["recurrence"] = _text("recurrence", rule)
    return {**found, "currency": currency, "tax_included": int(included), "lines": lines, "payments": payments}


def _worth(line: Mapping[str, Any], values: Values) -> int:
    """What a line comes to in minor units: as it says, else its quantity at its price less its discount."""
    if line.get("amount") is not None:
        return int(values["amount"])
    return invoice.gross(values["quantity"], values["unit_price"]) - int(values["discount"])


def _tax(order: Values, lines: list[Values], *, included: bool) -> None:
    """Tell the lines of a table, which has no taxes of lines, the tax that each has by its rate."""
    if any(line["quantity"] <= 0 for line in lines):
        return  # what came back has a share of the tax that was, and that is not told
    sold = [invoice.Line(one["quantity"], one["unit_price"], one["discount"], one["tax_rate"]) for one in lines]
    bill = invoice.bill(sold, order.get("discount") or 0, order.get("shipping") or 0, included=included)
    if bill.tax == order.get("tax"):
        for line, tax in zip(lines, bill.taxes, strict=True):
            line["tax"] = tax


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
        left = _time(stay["left_at"]) if stay.get("left_at") else None
        stays.append(
            {"stage": _text("stage", stay.get("stage")), "entered_at": _time(stay.get("entered_at")), "left_at": left}
        )
    people = [
        {**_party("contact", entry), "role": _text("role", entry["role"]) if entry.get("role") else None}
        for entry in _objects("contacts", record.get("contacts") or [])
    ]
    lines = []
    for line in _objects("lines", record.get("lines") or []):
        if currency is None:
            raise ValueError("a deal with lines has a currency")
        one: Values = {name: _money(line.get(name) or "0", currency) for name in ("unit_price", "discount", "amount")}
        one |= {name: _text(name, line[name]) for name in ("name", "sku", "product_uid") if line.get(name) is not None}
        one["quantity"] = _quantity(line.get("quantity") or "0")
        lines.append({**one, "amount": _worth(line, one)})
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

"""Our own tables of orders, products, deals and cases, read again: cells made to what the same record is in JSON."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from crmcli.importers import cells, ownsales, table
from crmcli.importers.base import CERTAIN, NO, Draft, Format, Item, Refused
from crmcli.importers.source import Source
from crmcli.importers.table_format import match_header
from crmcli.kernel.errors import UsageError
from crmcli.kernel.orderlines import parse_line, write_quantity, write_share
from crmcli.kernel.spreadsheets import unprotected

_PRICE = re.compile(r"([\d.]+) ([A-Z]{3})(?: from (\d{4}-\d\d-\d\d))?")
_PAYMENT = re.compile(r"(\d{4}-\d\d-\d\d) (-?[\d.]+)(?: (\S+))?(?: (.+))?", re.DOTALL)
_SALE_PARTS = frozenset(
    {"sku", "product", "quantity", "discount", "tax", "amount", "shipped", "return_of", "returned_on"}
)
_PAYMENT_PARTS = frozenset({"method", "reference"})
_LIKE = "one looks like: 2 x Red apples @ 7.50 EUR"
_NEEDED = {
    "own_order": {"uid", "ordered_on", "financial_status", "lines", "payments"},
    "own_product": {"uid", "name", "sku", "price_list"},
    "own_deal": {"uid", "name", "pipeline", "stage", "stages"},
    "own_case": {"uid", "subject", "priority", "opened_at", "resolution_due_at"},
}


def _lines(text: str) -> list[dict[str, Any]]:
    return [_line(entry) for entry in cells.lines(text, _SALE_PARTS)]


def _line(entry: dict[str, Any]) -> dict[str, Any]:
    """A line as JSON has it; in addition `words` are what it names, and `off` and `percent` what is taken off."""
    text = entry.pop("text")
    try:
        line = parse_line(text)
    except UsageError as error:
        raise ValueError(f"'{text[:40]}' is no line: {error.message}; {_LIKE}") from error
    if line.price is None:
        raise ValueError(f"'{text[:40]}' is no line: it has no price; {_LIKE}")
    found: dict[str, Any] = {"words": line.product, "name": line.product, "quantity": write_quantity(line.quantity)}
    found |= {"unit_price": line.price, "currency": line.currency, "off": line.discount, "percent": line.percent}
    if line.tax_rate is not None:
        found["tax_rate"] = write_share(line.tax_rate)
    if "product" in entry:
        found["product_uid"] = entry.pop("product")
    if "return_of" in entry:
        found["return_of"] = int(entry.pop("return_of"))
    return found | entry


def _prices(text: str) -> list[dict[str, Any]]:
    return [{"amount": found[1], "currency": found[2], "from": found[3]} for found in _found(_PRICE, text, "price")]


def _payments(text: str) -> list[dict[str, Any]]:
    found = []
    for entry in cells.lines(text, _PAYMENT_PARTS):
        told = entry.pop("text")
        payment = _PAYMENT.fullmatch(told)
        if payment is None:
            raise ValueError(f"'{told[:40]}' is no payment; one looks like: 2026-11-20 7.50 card")
        day, amount, method, reference = payment.groups()
        found.append({"paid_on": day, "amount": amount, "method": method, "reference": reference, **entry})
    return found


def _found(like: re.Pattern[str], text: str, what: str) -> Iterator[re.Match[str]]:
    for word in cells.words(text):
        found = like.fullmatch(word)
        if found is None:
            raise ValueError(f"'{word[:40]}' is no {what}")
        yield found


def _stays(text: str) -> list[dict[str, Any]]:
    pairs = [word.rpartition("=") for word in cells.words(text)]
    ends = [at for _, _, at in pairs[1:]]
    return [
        {"stage": stage, "entered_at": at, "left_at": end}
        for (stage, _, at), end in zip(pairs, [*ends, None], strict=True)
    ]


def _roles(text: str) -> list[dict[str, Any]]:
    pairs = [word.rpartition("=") for word in cells.words(text)]
    return [{"email" if "@" in who else "display_name": who, "role": role or None} for who, _, role in pairs]


def _person(text: str) -> dict[str, Any] | None:
    return next((dict(one) for one in cells.companies(text)), None)


_READERS: dict[str, Callable[[str], Any]] = {
    "lines": _lines,
    "price_list": _prices,
    "payments": _payments,
    "stages": _stays,
    "contacts": _roles,
    "contact": _person,
    "company": _person,
    "custom": lambda text: {key: value for pair in cells.pairs(text) for key, value in pair.items()},
    "active": lambda text: text != "false",
    "deal": lambda text: {"uid": text},
    "product": lambda text: {"name": text},
    "order": lambda text: {"number": text},
    "probability": int,
    "reopen_count": int,
    "satisfaction": int,
}


def _record(keys: list[str], row: table.Row) -> dict[str, Any]:
    texts = {key: unprotected(cell) for key, cell in zip(keys, row.cells, strict=True) if cell}
    record = {key: _READERS[key](text) if key in _READERS else text for key, text in texts.items()}
    people = cells.companies(record.pop("people")) if "people" in record else []
    for one in people:
        noun = str(one.pop("noun", "")) or ("contact" if "email" in one or "contact" not in record else "company")
        record["company" if noun == "company" else "contact"] = dict(one)
    return record


def _read(source: Source, noun: str, title: str) -> Iterator[Item]:
    form = table.layout(source)
    if form is None:
        raise UsageError(f"{source.name} holds no table", f"{title} are a text file with a header line")
    keys = [title.replace(" ", "_") for title in table.folded_header(form.header)]
    for row in table.rows(source, form):
        if isinstance(row, Refused):
            yield row
        elif any(map(str.strip, row.cells)):
            yield _item(noun, keys, row)


def _item(noun: str, keys: list[str], row: table.Row) -> Item:
    if len(row.cells) != len(keys):
        return Refused(row.line, row.cells, f"the row has {len(row.cells)} cells, the header {len(keys)}")
    try:
        record = _record(keys, row)
        lacking = ", ".join(sorted(ownsales.MARKS[noun] - record.keys() - {"price_list"}))
        if lacking:
            raise ValueError(f"the record has no {lacking}")
        return Draft(noun, ownsales.values(noun, record), row.line, row.cells)
    except (ValueError, TypeError, KeyError) as error:
        return Refused(row.line, row.cells, str(error) or "the row cannot be read")


def _format(noun: str, name: str, title: str) -> Format:
    return Format(
        name,
        title,
        noun.removeprefix("own_"),
        match=lambda source: match_header(
            source,
            lambda header: CERTAIN if _NEEDED[noun] <= {cell.replace(" ", "_") for cell in header} else NO,
        ),
        read=lambda source: table.bounded(_read(source, noun, title)),
        rejects=table.rejects,
    )


FORMATS = (
    _format("own_order", "crm-orders", "crm orders"),
    _format("own_product", "crm-products", "crm products"),
    _format("own_deal", "crm-deals", "crm deals"),
    _format("own_case", "crm-cases", "crm cases"),
)

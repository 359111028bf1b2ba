"""What travels of orders and products in cells of tables, and the lines of orders as rows of their own."""

from collections.abc import Iterator
from typing import Any

from crmcli.exporters import cells
from crmcli.exporters.base import Record
from crmcli.kernel import invoice
from crmcli.kernel.orderlines import MOST_QUANTITY, ONE, parse_share, signed, write_line

SALE_PARTS = ("sku", "product", "quantity", "discount", "tax", "amount", "shipped", "return_of", "returned_on")
"""What stands behind a line in a cell where it tells more than the line."""
PAYMENT_PARTS = ("method", "reference")


def lines_of(record: Record) -> Iterator[dict[str, Any]]:
    """The lines of an order as records of their own, each with what tells of which order it is."""
    party = record["contact"] or record["company"] or {}
    whole = {"order": record["uid"], "number": record["number"], "ordered_on": record["ordered_on"]}
    whole |= {"customer": party.get("display_name") or party.get("name"), "currency": record["currency"]}
    for line in record["lines"]:
        yield {**line, **whole, "product": line["product_uid"]}


def line_cell(record: Record) -> str:
    """The lines of an order in one cell: each as people write it, and behind it what does not follow from that."""
    lines = record["lines"]
    taxes = invoice.taxes(
        [_entry(line) for line in lines],
        record["discount_minor"],
        record["tax_minor"],
        included=record["tax_included"],
    )
    told = any(line["shipped"] != "0" for line in lines)
    entries = []
    for line, tax in zip(lines, taxes, strict=True):
        entry = _sale(line, record["currency"])
        if line["tax_minor"] != tax:
            entry["tax"] = line["tax"]
        if told and line["shipped"] != _usually_shipped(record, line):
            entry["shipped"] = line["shipped"]
        entry |= {name: str(line[name]) for name in ("return_of", "returned_on") if line[name]}
        entries.append(entry)
    return cells.lines(entries, SALE_PARTS)


def deal_line_cell(record: Record) -> str:
    """The lines of a deal in one cell, as those of an order."""
    return cells.lines([_sale(line, record["currency"]) for line in record["lines"]], SALE_PARTS)


def _entry(line: Record) -> invoice.Entry:
    return invoice.entry(line["quantity_thousandths"], line["amount_minor"], _rate(line), line["return_of"])


def _rate(line: Record) -> int | None:
    return parse_share(line["tax_rate"]) if line.get("tax_rate") else None


def _sale(line: Record, currency: str) -> dict[str, Any]:
    """A line as people write it, with what tells its product, and with what is unlike what a reader would reckon."""
    quantity, price, discount = (line[name] for name in ("quantity_thousandths", "unit_price_minor", "discount_minor"))
    gross = invoice.gross(quantity, price)
    # Halves of a minor unit can leave what came back with a discount of the other sign.
    readable = signed(abs(discount), gross) == discount
    # Orders of elsewhere may have a quantity that nobody could type, such as none.
    typed = 0 < abs(quantity) < MOST_QUANTITY
    text = write_line(quantity if typed else ONE, line["name"], price, currency, discount * readable, _rate(line))
    return {
        "text": text,
        "quantity": None if typed else line["quantity"],
        "sku": line["sku"],
        "product": None if line["alone"] else line["product_uid"],
        "discount": None if readable else line["discount"],
        "amount": None if line["amount_minor"] == gross - discount else line["amount"],
    }


def _usually_shipped(record: Record, line: Record) -> str:
    """How much of a line was sent where only the status of its order tells it."""
    sold = line["return_of"] is None and line["quantity_thousandths"] > 0
    return str(line["quantity"]) if sold and record["fulfillment_status"] == "fulfilled" else "0"


def payment_cell(record: Record) -> str:
    """The payments of an order in one cell."""
    return cells.lines(map(_payment, record["payments"]), PAYMENT_PARTS)


def _payment(one: Record) -> dict[str, Any]:
    words = [one["paid_on"], one["amount"]]
    method, reference = one["method"], one["reference"]
    # Behind a day and an amount the next word is the method, and all others are the reference.
    if (reference and not method) or (method and len(method.split()) != 1):
        return {**one, "text": " ".join(words)}
    return {"text": " ".join(filter(None, (*words, method, reference)))}


def price_cell(record: Record) -> str:
    """The price list of a product in one cell."""
    return cells.words(
        f"{one['amount']} {one['currency']}" + (f" from {one['from']}" if one["from"] else "")
        for one in record["price_list"]
    )

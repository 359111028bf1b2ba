"""What travels of orders and products in cells of tables, and the lines of orders as rows of their own."""

from collections.abc import Iterator
from typing import Any

from crmcli.exporters import cells
from crmcli.exporters.base import Record


def lines_of(record: Record) -> Iterator[dict[str, Any]]:
    """The lines of an order as records of their own, each with what tells of which order it is."""
    party = record["contact"] or record["company"] or {}
    whole = {"order": record["uid"], "number": record["number"], "ordered_on": record["ordered_on"]}
    whole |= {"customer": party.get("display_name") or party.get("name"), "currency": record["currency"]}
    for line in record["lines"]:
        yield {**line, **whole, "product": line["product_uid"]}


def line_cell(record: Record) -> str:
    """The lines of an order in one cell."""
    rows = []
    for line in record["lines"]:
        off = f" -{line['discount'].lstrip('-')}" if line["discount_minor"] else ""
        tax = f" tax {line['tax_rate']}" if line["tax_rate"] else ""
        rows.append(f"{line['quantity']} x {line['name']} @ {line['unit_price']} {record['currency']}{off}{tax}")
    return cells.words(rows)


def payment_cell(record: Record) -> str:
    """The payments of an order in one cell."""
    return cells.words(
        " ".join(filter(None, (one["paid_on"], one["amount"], one["method"], one["reference"])))
        for one in record["payments"]
    )


def price_cell(record: Record) -> str:
    """The price list of a product in one cell."""
    return cells.words(
        f"{one['amount']} {one['currency']}" + (f" from {one['from']}" if one["from"] else "")
        for one in record["price_list"]
    )

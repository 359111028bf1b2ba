"""The lines of a deal: products and other things, read, priced, added and removed. Their sum is the deal's amount."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import orderlines
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.money import MOST, plain
from crmcli.kernel.orderlines import parse_line, price_of, write_quantity
from crmcli.kernel.text import check_text
from crmcli.store import deals, pricelist
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MOST_LINES = 1000
LONGEST_NAME = 500


def currency_of(texts: Sequence[str]) -> str | None:
    """The currency that the first of these lines names which names one."""
    return next((line.currency for text in texts if (line := parse_line(text)).currency), None)


def read_line(app: "App", text: str, currency: str) -> dict[str, Any]:
    """The columns of a line as it was written, priced.

    Raises:
        UsageError: it is no line, has no price, or says what no line of a deal says.
        NotFound: it has no price, and names no product.
        Ambiguous: several products have the name.
    """
    line = parse_line(text)
    if line.quantity < 0:
        raise UsageError(f"'{text}' takes something back", "a line of a deal has a positive quantity")
    if line.tax_rate is not None:
        raise UsageError(f"'{text}' names a tax", "a deal is without taxes; the order that comes of it has them")
    product = _product(line.product, app, priced=line.price is not None)
    unit_price = price_of(line, currency)
    if unit_price is None and product is not None:
        unit_price = pricelist.price(app.store, product["id"], currency, app.clock.today().isoformat())
        if unit_price is None:
            message = f"{product['name']} ({ref('product', product['id'])}) has no price in {currency}"
            raise UsageError(message, f"say it: '{text} @ 7.50 {currency}'")
    assert unit_price is not None
    found = orderlines.amounts(line, unit_price, currency)
    name = product["name"] if product else line.product
    return {
        "product_id": product["id"] if product else None,
        "name": check_text(name, what="the name of a line", max_length=LONGEST_NAME, required=True),
        "quantity": line.quantity,
        "unit_price": unit_price,
        "discount": found.discount,
        "amount": found.amount,
    }


def _product(text: str, app: "App", *, priced: bool) -> Row | None:
    found = pricelist.product_named(app.store, text)
    if len(found) > 1:
        options = [
            (ref("product", row["id"]), row["name"] + (f" ({row['sku']})" if row["sku"] else "")) for row in found
        ]
        raise Ambiguous(f"'{text}' may be any of these products", options, "say it with the id")
    if not found and not priced:
        raise NotFound(f"there is no product '{text}'", f"see: crm product list; or give its price: '{text} @ 7.50'")
    return found[0] if found else None


def add_lines(app: "App", gate: "Gate", key: int, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines that `read_line` gave to a deal, behind those that it has."""
    there = deals.lines(app.store, key)
    if len(there) + len(lines) > MOST_LINES:
        raise UsageError(f"a deal of {len(there) + len(lines):,} lines", f"at most {MOST_LINES:,} are kept")
    position = max((row["position"] for row in there), default=0)
    for number, line in enumerate(lines, position + 1):
        gate.insert("deal_line", {"deal_id": key, "position": number, **line})


def remove_lines(app: "App", gate: "Gate", key: int, numbers: Sequence[Any]) -> None:
    """Take lines off a deal, named by their numbers, which stay those of the others.

    Raises:
        UsageError: it has no such line.
    """
    there = {row["position"]: row for row in deals.lines(app.store, key)}
    for number in numbers:
        text = str(number).strip()
        row = there.pop(int(text), None) if text.isascii() and text.isdigit() else None
        if row is None:
            known = f"its lines: {', '.join(map(str, there))}" if there else "it has none"
            raise UsageError(f"{ref('deal', key)} has no line {text[:20]}", known)
        gate.delete("deal_line", row["id"])


def summed(lines: Sequence[Mapping[str, Any]]) -> int | None:
    """The sum of lines in minor units; None without lines.

    Raises:
        UsageError: it is too large.
    """
    found = [line["amount"] for line in lines]
    if sum(found) >= MOST:
        raise UsageError("the lines come to too large an amount", "amounts have at most fifteen digits")
    return sum(found) if found else None


def record(row: Row, currency: str) -> dict[str, Any]:
    """A line as JSON has it: quantity and amounts as decimal texts, amounts in minor units beside."""
    product = row["product_id"]
    found: dict[str, Any] = {
        "line": row["position"],
        "product": product and {"id": ref("product", product), "name": row["product_name"]},
        "name": row["name"],
        "quantity": write_quantity(row["quantity"]),
        "quantity_thousandths": row["quantity"],
    }
    for name in ("unit_price", "discount", "amount"):
        found[name] = plain(row[name], currency)
        found[f"{name}_minor"] = row[name]
    return found

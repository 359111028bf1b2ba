"""The lines of a deal: products and other things, read, priced, added and removed. Their sum is the deal's amount."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.money import MOST, plain
from crmcli.kernel.orderlines import Line, write_quantity
from crmcli.services.salelines import SHARED, Terms
from crmcli.store import deals
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MOST_LINES = 1000
LONGEST_NUMBER = 9
"""So many digits no number of a line has; Python reads no number of thousands."""


def parse(app: "App", texts: Sequence[Any]) -> list[Line]:
    """The lines that texts, or objects of a batch, say. Raises UsageError for what is no line of a deal."""
    lines: list[Line] = app.salelines.parse(texts)
    for line in lines:
        if line.tax_rate is not None:
            message = f"the line of {line.product[:40]} names a tax"
            raise UsageError(message, "a deal is without taxes; the order that comes of it has them")
    return lines


def priced(app: "App", lines: Sequence[Line], currency: str | None) -> list[dict[str, Any]]:
    """The columns of lines, at the prices of today where they name none; raises as `SaleLines.columns` does."""
    terms = Terms(str(currency), app.clock.today().isoformat(), None)
    found = (app.salelines.columns(line, terms) for line in lines)
    return [{name: one[name] for name in SHARED} for one in found]


def add_lines(app: "App", gate: "Gate", key: int, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines that `priced` gave to a deal, behind those that it has."""
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
        known_as = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
        row = there.pop(int(text), None) if known_as else None
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

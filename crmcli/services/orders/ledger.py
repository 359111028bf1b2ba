"""What an order comes to and how far it is: the columns that follow from its lines and payments, kept in step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel import invoice, orderlines, orderstates
from crmcli.kernel.ids import ref
from crmcli.services.orders.lines import as_sold, sold
from crmcli.services.promotion import CUSTOMER, promote
from crmcli.store import orders
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

Columns = dict[str, Any]


def called(row: Mapping[str, Any]) -> str:
    """The id of an order's row."""
    return ref("order", row["id"])


def overpaid(row: Mapping[str, Any]) -> int:
    """What was paid beyond what is to be paid, in minor units, below zero where that is less; all, of one cancelled."""
    paid: int = row["paid"]
    return paid - (0 if row["status"] == "cancelled" else row["total"])


class Ledger:
    """Keeping the columns of orders in step, within an open transaction."""

    def __init__(self, app: "App", gate: "Gate") -> None:
        self.app = app
        self.gate = gate

    def rebill(self, key: int, told: Mapping[int, int] | None = None) -> None:
        """Write the sums of an order and the tax of each line anew, from its lines, discount and shipping.

        Args:
            key: of the order.
            told: the tax of lines without a rate, by their keys, where one was told.
        """
        row, rows = self.gate.fetch("sales_order", key), orders.lines(self.app.store, key)
        own, included = sold(rows), bool(row["tax_included"])
        bill = invoice.bill([as_sold(one) for one in own], row["discount"], row["shipping"], included=included)
        subtotal, tax = bill.subtotal, 0
        for one, reckoned in zip(own, bill.taxes, strict=True):
            found = (told or {}).get(one["id"], 0) if one["tax_rate"] is None else reckoned
            self.gate.update("order_line", one["id"], {"tax": found})
            tax += found
        for one in rows:
            if one not in own:  # what was given back stays given back
                subtotal, tax = subtotal + one["amount"], tax + one["tax"]
        total = invoice.total_of(subtotal, row["discount"], row["shipping"], tax, included=included)
        self.gate.update("sales_order", key, {"subtotal": subtotal, "tax": tax, "total": total})

    def settle(self, key: int, act: str | None = None, changes: Mapping[str, Any] | None = None) -> Row:
        """Write the statuses and what was paid of an order after an act; returns its row.

        Args:
            key: of the order.
            act: what was done, one of `orderstates.MOVES`; None where the status stays.
            changes: other columns to write with them.

        Raises:
            UsageError: the act is not possible in the status of the order.
        """
        row = {**self.gate.fetch("sales_order", key), **(changes or {})}
        begun = act in (None, "process") or row["status"] == "draft"
        status = orderstates.move(row["status"], act, called(row)) if act else row["status"]
        values = {**(changes or {}), "status": status, **self._paid(row, status)}
        if status == "payment_due" and values["financial_status"] == "paid" and not row["total"]:
            # What is free waits for no money.
            values["status"] = status = "processing"
        values["fulfillment_status"] = _fulfillment(row, orders.lines(self.app.store, key))
        self.gate.update("sales_order", key, values)
        if begun and status not in ("draft", "cancelled"):
            promote(self.app, self.gate, row, CUSTOMER)
        return self.gate.fetch("sales_order", key)

    def _paid(self, row: Row, status: str) -> Columns:
        payments = [(one["amount"], one["paid_on"]) for one in orders.payments(self.app.store, row["id"])]
        return orderstates.paid(row["total"], payments, cancelled=status == "cancelled")._asdict()


def _fulfillment(row: Mapping[str, Any], rows: list[Row]) -> str:
    own = sold(rows)
    ordered, shipped = sum(one["quantity"] for one in own), sum(one["shipped"] for one in own)
    back = orderlines.came_back(rows)
    if not shipped and row["fulfillment_status"] != "unfulfilled":
        # It came from elsewhere, where how much of each line was sent was not told.
        told: str = row["fulfillment_status"]
        return "restocked" if ordered and back >= ordered else told
    return orderstates.fulfillment(ordered, shipped, back)

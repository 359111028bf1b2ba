"""What an order comes to and how far it is: the columns that follow from its lines and payments, kept in step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel import invoice, orderstates
from crmcli.kernel.ids import ref
from crmcli.services.orders.lines import as_sold, sold
from crmcli.store import orders
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

Columns = dict[str, Any]
# The stages of the life cycle before somebody has ordered; one who was a customer once is one again.
EARLIER = (None, "subscriber", "lead", "marketing_qualified", "sales_qualified", "opportunity", "former")


def called(row: Mapping[str, Any]) -> str:
    """The id of an order's row."""
    return ref("order", row["id"])


class Ledger:
    """Keeping the columns of orders in step, within an open transaction."""

    def __init__(self, app: "App", gate: "Gate") -> None:
        self.app = app
        self.gate = gate

    def rebill(self, key: int) -> None:
        """Write the sums of an order and the tax of each line anew, from its lines, discount and shipping."""
        row, rows = self.gate.fetch("sales_order", key), sold(orders.lines(self.app.store, key))
        included = bool(row["tax_included"])
        bill = invoice.bill([as_sold(one) for one in rows], row["discount"], row["shipping"], included=included)
        for one, tax in zip(rows, bill.taxes, strict=True):
            self.gate.update("order_line", one["id"], {"tax": tax})
        self.gate.update("sales_order", key, {"subtotal": bill.subtotal, "tax": bill.tax, "total": bill.total})

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
        values = {**(changes or {}), "status": status, **self._paid(row, cancelled=status == "cancelled")}
        if status == "payment_due" and values["financial_status"] == "paid" and not row["total"]:
            # What is free waits for no money.
            values["status"] = status = "processing"
        values["fulfillment_status"] = _fulfillment(row, orders.lines(self.app.store, key))
        self.gate.update("sales_order", key, values)
        if begun and status not in ("draft", "cancelled"):
            self._customer(row)
        return self.gate.fetch("sales_order", key)

    def _paid(self, row: Row, *, cancelled: bool) -> Columns:
        payments = orders.payments(self.app.store, row["id"])
        amounts = [one["amount"] for one in payments]
        paid = sum(amounts)
        received = sum(amount for amount in amounts if amount > 0)
        refunded = -sum(amount for amount in amounts if amount < 0)
        whole = received > 0 and paid > 0 and paid >= row["total"]
        day = max((one["paid_on"] for one in payments if one["amount"] > 0), default=None)
        financial = orderstates.financial(row["total"], received, refunded, cancelled=cancelled)
        return {"paid": paid, "financial_status": financial, "paid_on": day if whole else None}

    def _customer(self, row: Mapping[str, Any]) -> None:
        """Who ordered is a customer; that this was told."""
        for noun in PARTIES:
            key = row[f"{noun}_id"]
            party = key and self.gate.fetch(noun, key)
            if party and party["lifecycle_stage"] in EARLIER:
                self.gate.update(noun, key, {"lifecycle_stage": "customer"})
                name = party["display_name"] if noun == "contact" else party["name"]
                self.app.notes.append(f"{name} ({ref(noun, key)}) is a customer now")


def _fulfillment(row: Mapping[str, Any], rows: list[Row]) -> str:
    own = sold(rows)
    ordered, shipped = sum(one["quantity"] for one in own), sum(one["shipped"] for one in own)
    back = -sum(one["quantity"] for one in rows if one["return_of"] is not None or one["quantity"] < 0)
    if not shipped and row["fulfillment_status"] != "unfulfilled":
        # It came from elsewhere, where how much of each line was sent was not told.
        told: str = row["fulfillment_status"]
        return "restocked" if ordered and back >= ordered else told
    return orderstates.fulfillment(ordered, shipped, back)

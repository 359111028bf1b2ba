"""Sending orders, their arrival, taking goods back, and cancelling what was not sent."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates, invoice
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import plain, shares
from crmcli.kernel.orderlines import is_refund
from crmcli.services.orders.ledger import Ledger, called, overpaid
from crmcli.services.orders.lines import as_sold, chosen, returned, sold, taxes
from crmcli.store import orders
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MONEY = ("discount", "amount", "tax")
FIRST = {
    "shipped": ("ordered",),
    "delivered": ("ordered", "shipped"),
    "returned": ("ordered", "shipped"),
    "cancelled": ("ordered", "shipped", "returned"),
}
"""What comes before each thing that happens to an order; each has a column for its day."""


class Parcels:
    """What goes out and comes back."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def ship(self, which: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Send orders; returns their records.

        Args:
            which: ids or numbers.
            given: `date` (today), and of a single order `line`, `N=QUANTITY` for a part of it.

        Raises:
            UsageError: all of it was sent, or it was cancelled; nothing is changed then.
        """
        keys, day, parts = self._asked(which, given)
        with self.app.writing() as gate:
            for key in keys:
                self.send(gate, key, day, parts)
            gate.refresh()
            return [self.app.orders.get(key) for key in keys]

    def deliver(self, which: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Say that orders arrived, on `date`; what was not sent yet counts as sent. Returns their records."""
        keys, day, _ = self._asked(which, given)
        with self.app.writing() as gate:
            for key in keys:
                self.arrive(gate, key, day)
            gate.refresh()
            return [self.app.orders.get(key) for key in keys]

    def cancel(self, which: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Cancel orders of which nothing was sent; returns their records.

        Args:
            which: ids or numbers.
            given: `reason`, kept in the note; `date` (today); `refund`, to give back what was paid.

        Raises:
            UsageError: something was sent; nothing is changed then.
        """
        keys, day, _ = self._asked(which, given)
        with self.app.writing() as gate:
            for key in keys:
                self._cancel(gate, key, day, given)
            gate.refresh()
            return [self.app.orders.get(key) for key in keys]

    def take_back(self, which: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Take back what was sent; returns the records of the orders.

        What comes back is a line of its own with a negative quantity, with its share of all discounts and of the tax.
        When everything came back, shipping is given back, too.

        Args:
            which: ids or numbers.
            given: `date` (today); of a single order `line`, `N=QUANTITY` for a part of it; `keep_shipping`; `refund`,
                to give back at once what was paid for it.

        Raises:
            UsageError: nothing of it was sent, or not so much; nothing is changed then.
        """
        keys, day, parts = self._asked(which, given)
        with self.app.writing() as gate:
            for key in keys:
                self._take_back(gate, key, day, parts, given)
            gate.refresh()
            return [self.app.orders.get(key) for key in keys]

    # --- one order, within an open transaction

    def send(self, gate: "Gate", key: int, day: str, parts: Sequence[str]) -> None:
        """Send an order, or the parts of it that `N=QUANTITY` texts name."""
        row, rows = gate.fetch("sales_order", key), orders.lines(self.app.store, key)
        for line, quantity in chosen(rows, parts, lambda one: one["quantity"] - one["shipped"], "shipped"):
            gate.update("order_line", line["id"], {"shipped": line["shipped"] + quantity})
        rows = sold(orders.lines(self.app.store, key))
        whole = all(one["shipped"] >= one["quantity"] for one in rows)
        self._check_day(row, day, "shipped")
        last = max(day, row["shipped_on"] or day)
        Ledger(self.app, gate).settle(key, "ship" if whole else "ship in part", {"shipped_on": last})

    def arrive(self, gate: "Gate", key: int, day: str) -> None:
        """Say that an order arrived."""
        row = gate.fetch("sales_order", key)
        self._check_day(row, day, "delivered")
        if row["fulfillment_status"] == "partial":
            mine = called(row)
            raise UsageError(f"{mine} was sent in part only", f"send the rest first: crm order ship {mine}")
        for line in sold(orders.lines(self.app.store, key)):
            gate.update("order_line", line["id"], {"shipped": line["quantity"]})
        changes = {"delivered_on": day, "shipped_on": row["shipped_on"] or day, "fulfillment_status": "fulfilled"}
        Ledger(self.app, gate).settle(key, "deliver", changes)

    def _cancel(self, gate: "Gate", key: int, day: str, given: Mapping[str, Any]) -> None:
        row = gate.fetch("sales_order", key)
        mine = called(row)
        rows = orders.lines(self.app.store, key)
        away = any(sent > returned(rows, line) for line, sent in _sent(row, rows).items())
        if away and row["fulfillment_status"] not in ("unfulfilled", "restocked"):
            raise UsageError(
                f"something of {mine} was sent", f"what was sent can only come back: crm order return {mine}"
            )
        self._check_day(row, day, "cancelled")
        changes: dict[str, Any] = {"cancelled_on": day}
        reason = str(given.get("reason") or "").strip()
        if reason:
            changes["note"] = "\n".join(filter(None, (row["note"], f"Cancelled: {reason}")))
        Ledger(self.app, gate).settle(key, "cancel", changes)
        if given.get("refund"):
            self.app.payments.give_back(gate, key, day)
        self._tell_debt(gate, key)
        self.app.renewals.tell_end(self.app.orders.get(key))

    def _take_back(self, gate: "Gate", key: int, day: str, parts: Sequence[str], given: Mapping[str, Any]) -> None:
        row, rows = gate.fetch("sales_order", key), orders.lines(self.app.store, key)
        self._check_day(row, day, "returned")
        gone = _sent(row, rows)
        found = chosen(rows, parts, lambda one: gone[one["id"]] - returned(rows, one["id"]), "returned")
        if not found:
            mine = called(row)
            told = "everything that was sent came back already" if any(gone.values()) else "nothing of it was sent"
            raise UsageError(f"nothing of {mine} can be returned: {told}", f"see: crm order show {mine}")
        if row["fulfillment_status"] == "partial":
            # Of one from elsewhere it may not be told what was sent: what comes back was.
            for line, quantity in found:
                sent = returned(rows, line["id"]) + quantity
                gate.update("order_line", line["id"], {"shipped": max(sent, line["shipped"])})
        change = self._write_return(gate, row, rows, found, day)
        after = orders.lines(self.app.store, key)
        whole = all(returned(after, one["id"]) >= one["quantity"] for one in sold(after))
        shipping = row["shipping"] if whole and not given.get("keep_shipping") else 0
        tax = 0 if row["tax_included"] else change["tax"]
        changes = {
            "subtotal": row["subtotal"] + change["amount"],
            "tax": row["tax"] + change["tax"],
            "shipping": row["shipping"] - shipping,
            "total": row["total"] + change["amount"] + tax - shipping,
            "returned_on": day,
        }
        counted = _count_refunds(gate, after, -changes["total"])
        changes |= {name: changes[name] + counted for name in ("subtotal", "total")}
        Ledger(self.app, gate).settle(key, "return" if whole else "return in part", changes)
        currency = row["currency"]
        told = plain(row["total"] - changes["total"], currency)
        with_shipping = f", {plain(shipping, currency)} of it shipping" if shipping else ""
        told = f"{called(row)} comes to {told} {currency} less{with_shipping}"
        if given.get("refund"):
            refunded = self.app.payments.give_back(gate, key, day)
            told += (
                f"; {plain(refunded, currency)} {currency} given back" if refunded else "; nothing was to be given back"
            )
        self.app.notes.append(told)
        self._tell_debt(gate, key)

    def _write_return(
        self, gate: "Gate", row: Row, rows: Sequence[Row], found: Sequence[tuple[Row, int]], day: str
    ) -> dict[str, int]:
        """Write the lines of a return; returns what they add to the order."""
        own = sold(rows)
        parts = dict(
            zip((one["id"] for one in own), shares(row["discount"], [one["amount"] for one in own]), strict=True)
        )
        sums, told = dict.fromkeys(MONEY, 0), taxes(row, rows)
        position = max(one["position"] for one in rows)
        now = {line["id"]: quantity for line, quantity in found}
        whole = all(returned(rows, one["id"]) + now.get(one["id"], 0) >= one["quantity"] for one in own)
        # A tax of the order that is on no line is gone with the last of them, whatever was given back of it before.
        rest = row["tax"] if whole and not any(one["tax"] for one in own) else None
        for place, (line, quantity) in enumerate(found, 1):
            back = invoice.back(
                as_sold(line), parts[line["id"]], told[line["id"]], returned(rows, line["id"]), quantity
            )
            if rest is not None and place == len(found):
                back = back._replace(tax=-rest - sums["tax"])
            values = {name: line[name] for name in ("order_id", "product_id", "name", "sku", "unit_price", "tax_rate")}
            values |= {"quantity": -quantity, "return_of": line["id"], "returned_on": day, **back._asdict()}
            gate.insert("order_line", {**values, "position": position + place})
            for name in MONEY:
                sums[name] += getattr(back, name)
        return sums

    def _tell_debt(self, gate: "Gate", key: int) -> None:
        """Note what the customer is to get back."""
        row = gate.fetch("sales_order", key)
        owed = overpaid(row)
        if owed > 0:
            told = f"{plain(owed, row['currency'])} {row['currency']}"
            mine = called(row)
            self.app.notes.append(f"{told} are to be given back: crm order pay {mine} --refund")

    def _asked(self, which: Sequence[str], given: Mapping[str, Any]) -> tuple[list[int], str, list[str]]:
        keys = self.app.orders.keys(which)
        parts = [str(text) for text in given.get("line") or ()]
        if parts and len(keys) > 1:
            raise UsageError("--line of several orders", "name one order, or leave --line out")
        return keys, dates.parse(str(given.get("date") or "today"), self.app.clock).date.isoformat(), parts

    def _check_day(self, row: Row, day: str, what: str) -> None:
        """Refuse a day to come, or before one on which what comes first happened. Raises UsageError."""
        if day > self.app.clock.today().isoformat():
            raise UsageError(f"{day} is still to come", "what happens is told when it happened")
        for first in FIRST[what]:
            then = row[f"{first}_on"]
            if then and day < then:
                message = f"{called(row)} cannot be {what} on {day}, before it was {first}"
                raise UsageError(message, f"it was {first} on {then}")


def _sent(row: Row, rows: Sequence[Row]) -> dict[int, int]:
    """How much of each line was sent, in thousandths: all of it where it came from elsewhere and that was not told."""
    own = sold(rows)
    if any(one["shipped"] for one in own) or row["fulfillment_status"] == "unfulfilled":
        return {one["id"]: one["shipped"] for one in own}
    return {one["id"]: one["quantity"] for one in own}


def _count_refunds(gate: "Gate", rows: Sequence[Row], excess: int) -> int:
    """Count what was given back before as given back for what comes back now, as far as more came back than is left.

    Returns how much of it that was, in minor units.
    """
    counted = 0
    for row in filter(is_refund, rows):
        part = min(max(0, excess - counted), -row["amount"])
        if part == -row["amount"]:
            gate.delete("order_line", row["id"])
        elif part:
            gate.update(
                "order_line", row["id"], {"amount": row["amount"] + part, "unit_price": row["unit_price"] - part}
            )
        counted += part
    return counted

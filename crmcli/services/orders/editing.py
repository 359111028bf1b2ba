"""Putting an order right.

What it says of whom and when can always be changed. Its lines and sums can be while nothing of it was sent, came back
or was cancelled, and as long as they do not come to less than what was paid already.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates, orderlines
from crmcli.kernel.errors import UsageError
from crmcli.kernel.invoice import gross, in_proportion
from crmcli.kernel.money import plain
from crmcli.services import extras
from crmcli.services.children import as_list
from crmcli.services.orders.entry import due_day, tell_twins, usual
from crmcli.services.orders.ledger import Ledger, called
from crmcli.services.orders.lines import amount_of, discount_of, line_at, sold, taxes
from crmcli.services.salelines import Terms
from crmcli.store import orders
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

PLAIN = ("number", "contact", "company", "source", "owner", "note")
MONEY = ("line", "remove_line", "discount", "shipping", "tax", "tax_included")
ACTS = {"payment_due": "confirm", "processing": "process"}
BY_COMMAND = {"in_transit": "ship", "delivered": "deliver", "returned": "return", "cancelled": "cancel"}
HAPPENED = ("shipped", "delivered", "returned", "cancelled")
"""What happens to an order from its day on, each with a column for the day."""
_REPLACING = re.compile(r"([0-9]{1,6})\s*=\s*(.+)", re.DOTALL)
_QUANTITY = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Editing:
    """Changes of one order, within an open transaction."""

    def __init__(self, app: "App", gate: "Gate", key: int) -> None:
        self.app = app
        self.gate = gate
        self.key = key

    @property
    def row(self) -> Row:
        """The order as it is now."""
        return self.gate.fetch("sales_order", self.key)

    def edit(self, given: Mapping[str, Any]) -> None:
        """Change what is given.

        Args:
            given: number, contact, company, `date`, `due`, source, owner, note, external, `set`, `unset`; `line`, a new
                one, or `N=…` in place of the Nth, of which `…` may be a quantity alone; `remove_line`, numbers;
                `discount`, `shipping`, `tax` (of all lines), `tax_included`; `status`; `every`, or `none`.

        Raises:
            UsageError: a value that cannot be understood, or the order is too far for it.
        """
        given = usual(given)
        if given.get("currency") is not None:
            raise UsageError("the currency of an order stays", "cancel it, and add another in the other currency")
        self._plain(given)
        if any(given.get(name) is not None for name in MONEY):
            self._money(given)
        if given.get("status") is not None:
            self._status(str(given["status"]))
        if given.get("every") is not None:
            self.app.renewals.change(self.gate, self.row, str(given["every"]))

    def _plain(self, given: Mapping[str, Any]) -> None:
        row = self.row
        known = {name: given[name] for name in PLAIN if given.get(name) is not None}
        values = {**self.app.values.clean("sales_order", known), **extras.columns(self.app, "sales_order", given, row)}
        if given.get("date") is not None:
            values["ordered_on"] = _ordered_on(row, dates.parse(str(given["date"]), self.app.clock).date.isoformat())
        if given.get("due") is not None:
            day = date.fromisoformat(str(values.get("ordered_on") or row["ordered_on"]))
            values["due_on"] = due_day(self.app, given["due"], day)
        after = {**row, **values}
        if after["contact_id"] is None and after["company_id"] is None and row["deleted_at"] is None:
            raise UsageError(f"{called(row)} would be nobody's", "name the contact or company that ordered")
        if values.get("number") and values["number"] != row["number"]:
            tell_twins(self.app, values["number"], self.key)
        if self.gate.update("sales_order", self.key, values) and {"contact_id", "company_id"} & values.keys():
            Ledger(self.app, self.gate).settle(self.key)

    def _money(self, given: Mapping[str, Any]) -> None:
        row = self.row
        mine = called(row)
        if row["status"] not in ("draft", "payment_due", "processing") or row["fulfillment_status"] != "unfulfilled":
            rule = "lines and sums stay once something was sent, came back or was cancelled"
            hint = f"to take something back: crm order return {mine} --line N=QUANTITY"
            raise UsageError(f"{mine} is {row['status'].replace('_', ' ')}: {rule}", hint)
        rows = orders.lines(self.app.store, self.key)
        told = taxes(row, rows)
        self._lines(given, row)
        values: dict[str, Any] = {}
        own = sold(orders.lines(self.app.store, self.key))
        subtotal = sum(one["amount"] for one in own)
        if given.get("tax_included") is not None:
            values |= self.app.values.clean("sales_order", {"tax_included": given["tax_included"]})
        if given.get("discount") is not None:
            values["discount"] = discount_of(str(given["discount"] or "0"), row["currency"], subtotal)
        elif row["discount"] > subtotal:
            much = plain(row["discount"], row["currency"])
            raise UsageError(f"the discount of {much} is more than the lines come to", "change it with --discount")
        if given.get("shipping") is not None:
            values["shipping"] = amount_of(str(given["shipping"] or "0"), row["currency"], "shipping")
        self.gate.update("sales_order", self.key, values)
        if given.get("tax") is not None:
            rate = orderlines.parse_share(str(given["tax"] or "0"))
            for one in own:
                self.gate.update("order_line", one["id"], {"tax_rate": rate})
        ledger = Ledger(self.app, self.gate)
        # A tax that was told goes with the amount of its line.
        amounts = {one["id"]: one["amount"] for one in rows}
        kept = [one for one in own if one["id"] in told]
        ledger.rebill(
            self.key, {(at := one["id"]): in_proportion(told[at], amounts[at], one["amount"]) for one in kept}
        )
        self._check_paid(row["total"])
        ledger.settle(self.key)

    def _check_paid(self, before: int) -> None:
        """Refuse an order without a line, or one that comes to less than what is paid, and less than `before`."""
        row = self.row
        if not sold(orders.lines(self.app.store, self.key)):
            raise UsageError(f"{called(row)} would have no line", f"to end it: crm order cancel {called(row)}")
        if row["total"] < min(row["paid"], before):
            paid, total = (f"{plain(row[name], row['currency'])} {row['currency']}" for name in ("paid", "total"))
            hint = f"give the rest back first: crm order pay {called(row)} AMOUNT --refund"
            raise UsageError(f"{called(row)} would come to {total}, and {paid} are paid", hint)

    def _lines(self, given: Mapping[str, Any], row: Row) -> None:
        rows = orders.lines(self.app.store, self.key)
        terms = Terms(row["currency"], row["ordered_on"], None)
        reader, gone = self.app.salelines, set()
        for number in as_list(given.get("remove_line") or []):
            gone.add(_own_line(rows, str(number))["id"])
        position = max((one["position"] for one in rows), default=-1)
        for text in as_list(given.get("line") or []):
            found = _REPLACING.fullmatch(text.strip()) if isinstance(text, str) else None
            if not found:
                position += 1
                columns = reader.columns(reader.parse([text])[0], terms)
                self.gate.insert("order_line", {**columns, "order_id": self.key, "position": position})
                continue
            line = _own_line(rows, found[1])
            self.gate.update("order_line", line["id"], self._replaced(line, found[2].strip(), terms))
        for one in gone:
            self.gate.delete("order_line", one)
        self.gate.touch("sales_order", self.key)

    def _replaced(self, line: Row, text: str, terms: Terms) -> dict[str, Any]:
        """The columns of a line that is written anew, or of which only the quantity changes, with its discount."""
        reader = self.app.salelines
        if not _QUANTITY.fullmatch(text):
            columns = reader.columns(reader.parse([text])[0], terms)
            return {**columns, "tax_rate": columns["tax_rate"] if columns["tax_rate"] is not None else line["tax_rate"]}
        quantity = orderlines.parse_quantity(text)
        whole = orderlines.amounts(orderlines.Line(quantity, line["name"]), line["unit_price"], terms.currency).gross
        before = line["amount"] + line["discount"]
        if before != gross(line["quantity"], line["unit_price"]):
            # The price of one was rounded: what all of them come to was told.
            whole = in_proportion(before, line["quantity"], quantity)
        discount = line["discount"] * whole // before if before else 0
        return {"quantity": quantity, "discount": discount, "amount": whole - discount}

    def _status(self, word: str) -> None:
        row, status = self.row, word.strip().lower().replace(" ", "_").replace("-", "_")
        mine = called(row)
        if status == row["status"]:
            return
        if status in BY_COMMAND:
            raise UsageError(f"{mine} becomes {status} by what happens", f"crm order {BY_COMMAND[status]} {mine}")
        if status not in ACTS:
            raise UsageError(f"'{word}' is not a status that can be set", f"use one of: {', '.join(ACTS)}")
        Ledger(self.app, self.gate).settle(self.key, ACTS[status])


def _own_line(rows: list[Row], number: str) -> Row:
    """The line of that number, from 1. Raises UsageError where there is none, or it is what was given back."""
    line = line_at(rows, number)
    if line["quantity"] < 0:
        raise UsageError(f"line {number.strip()} ({line['name']}) is what was given back", "it stays as it is")
    return line


def _ordered_on(row: Row, day: str) -> str:
    """The day on which an order is said to have been placed. Raises UsageError for one after it was sent."""
    for what in HAPPENED:
        then = row[f"{what}_on"]
        if then and then < day != row["ordered_on"]:
            raise UsageError(
                f"{called(row)} cannot have been ordered on {day}, after it was {what}", f"it was {what} on {then}"
            )
    return day

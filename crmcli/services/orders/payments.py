"""Money that comes for orders, and money that is given back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import plain
from crmcli.services.orders.ledger import Ledger, called, overpaid
from crmcli.services.orders.lines import amount_of

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate


class Payments:
    """Payments of orders."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def pay(self, which: Sequence[str], amount: str | None, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Record what was paid for orders; returns their records.

        Args:
            which: ids or numbers.
            amount: as people write it, for one order alone; None for all that is still to be paid of each.
            given: `on`, the day (today); `method`; `reference`; `refund`, that the amount was given back;
                `allow_overpayment`.

        Raises:
            UsageError: nothing is to be paid, or less than that, or the order is in no status for it.
        """
        keys = self.app.orders.keys(which)
        if amount is not None and len(keys) > 1:
            raise UsageError("one amount for several orders", "name one order, or leave the amount out: all is paid")
        with self.app.writing() as gate:
            for key in keys:
                self.write(gate, key, amount, given)
            gate.refresh()
            return [self.app.orders.get(key) for key in keys]

    def write(self, gate: "Gate", key: int, amount: str | None, given: Mapping[str, Any]) -> int:
        """Record a payment of one order; returns its amount in minor units, below zero for a refund. See `pay`."""
        row = gate.fetch("sales_order", key)
        refund, value = bool(given.get("refund")), 0
        currency, left = row["currency"], (row["paid"] if refund else row["total"] - row["paid"])
        if amount is None:
            value = max(0, overpaid(row)) if refund else left
        else:
            value = amount_of(amount, currency, "payment")
        self._check(row, amount, value, left, given)
        value = -value if refund else value
        day = dates.parse(str(given.get("on") or "today"), self.app.clock).date
        if day > self.app.clock.today():
            raise UsageError(f"{day} is still to come", "a payment is recorded when it came")
        texts = {name: str(given[name]).strip() or None for name in ("method", "reference") if given.get(name)}
        gate.insert("payment", {"order_id": key, "amount": value, "paid_on": day.isoformat(), **texts})
        act = "refund" if refund else "pay" if row["paid"] + value >= row["total"] else "pay in part"
        Ledger(self.app, gate).settle(key, act)
        return value

    def give_back(self, gate: "Gate", key: int, day: str) -> int:
        """Give back what was paid beyond what is to be paid, nothing of a cancelled order; returns how much."""
        row = gate.fetch("sales_order", key)
        owed = overpaid(row)
        return -self.write(gate, key, None, {"refund": True, "on": day}) if owed > 0 else 0

    def _check(
        self, row: Mapping[str, Any], amount: str | None, value: int, left: int, given: Mapping[str, Any]
    ) -> None:
        mine, currency, refund = called(row), row["currency"], bool(given.get("refund"))
        if row["status"] == "cancelled" and not refund:
            hint = f"what was paid is given back with: crm order pay {mine} --refund"
            raise UsageError(f"{mine} is cancelled: nothing is to be paid", hint)
        if value <= 0:
            if amount is not None and left > 0:
                told = f"{plain(left, currency)} {currency}"
                message = f"a {'refund' if refund else 'payment'} of {plain(value, currency)} is nothing"
                raise UsageError(message, f"{told} of {mine} are paid" if refund else f"{mine} has {told} left to pay")
            if refund and row["paid"] > 0:
                hint = f"name the amount: crm order pay {mine} {plain(row['paid'], currency)} --refund"
                raise UsageError(f"{mine} is not paid beyond its total", hint)
            what = "paid" if not refund else "given back"
            raise UsageError(f"nothing of {mine} is to be {what}", f"see: crm order show {mine}")
        if refund and value > left:
            told = plain(left, currency)
            raise UsageError(f"more than the {told} {currency} that were paid cannot be given back", f"at most {told}")
        if not refund and value > left and not given.get("allow_overpayment"):
            told, more = plain(max(0, left), currency), plain(value - max(0, left), currency)
            hint = f"pay {told}, or add --allow-overpayment if it really came"
            if left <= 0:
                hint = "all of it is paid; add --allow-overpayment if it really came"
            raise UsageError(f"{mine} has {told} {currency} left to pay: that is {more} too much", hint)

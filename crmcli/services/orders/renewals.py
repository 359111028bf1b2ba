"""Orders that come again by a rule: each time is an order of its own, written when its day has come.

The rule counts from the day by the rule (`occurs_on`). Every day is written once: the next is found from the last that
stands there, whoever wrote it, so that a run that comes twice, or months late, writes exactly what is missing.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates, recurrence, rulereading, rulewords
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.services.orders.ledger import Ledger
from crmcli.services.orders.lines import sold, taxes
from crmcli.services.orders.orders import MOST_RENEWED
from crmcli.store import orders
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

Columns = dict[str, Any]
NONE = "none"
SHOWN = 3
# What each time has from the one before it.
KEPT = (
    *("contact_id", "company_id", "currency", "tax_included", "discount", "shipping", "source", "owner_id", "note"),
    *("custom", "recurs_from"),
)
LINE = ("position", "product_id", "name", "sku", "quantity", "unit_price", "discount", "tax_rate", "tax", "amount")


class Renewals:
    """Orders that recur."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def begin(self, rule: str, day: date, uid: str) -> Columns:
        """The columns of an order that repeats from its day on, the first of a series that has its uid.

        Raises:
            UsageError: the rule cannot be understood, or counts from when something was done.
        """
        return {**self._rule(rule, day), "series": uid}

    def change(self, gate: "Gate", row: Row, rule: str) -> None:
        """Change by which rule an order repeats, or end it with `none`; that is a matter of its whole series."""
        series = orders.of_series(self.app.store, row["series"]) if row["series"] else []
        mine = ref("order", row["id"])
        if rule.strip().lower() == NONE:
            active = [one for one in series if one["recurrence"]]
            if not active:
                raise UsageError(f"{mine} does not repeat", "there is nothing to end")
            for one in active:
                gate.update("sales_order", one["id"], {"recurrence": None, "recurs_from": None})
            return
        last = series[-1] if series else row
        day = date.fromisoformat(last["occurs_on"] or last["ordered_on"])
        columns = {**self._rule(rule, day), "series": row["series"] or row["uid"]}
        gate.update("sales_order", last["id"], columns)
        if last["id"] != row["id"]:
            self.app.notes.append(f"{ref('order', last['id'])} is the last of them: the rule counts from there")

    def coming(self, record: Mapping[str, Any]) -> list[str]:
        """The next days by the rule of an order's series, at most three; none where it does not go on."""
        rows = orders.of_series(self.app.store, record["series"]) if record["series"] else []
        last = rows[-1] if rows else None
        if last is None or not last["recurrence"] or last["deleted_at"] or last["status"] == "cancelled":
            return []
        return [day.isoformat() for day, _ in islice(_to_come(last), SHOWN)]

    def next_day(self, row: Row) -> date | None:
        """The first day after today on which the last order of a series comes, or comes again; None if it does not."""
        today = self.app.clock.today()
        planned = date.fromisoformat(row["ordered_on"])
        if planned > today:
            return planned
        try:
            return next((day for day, _ in _to_come(row) if day > today), None)
        except UsageError:  # it was restored from somewhere and is no rule
            return None

    def tell_end(self, record: Mapping[str, Any]) -> None:
        """Say that a series ended with an order, where that was the last of it; one before the last ends nothing."""
        rows = orders.of_series(self.app.store, record["series"]) if record["recurrence"] else []
        if rows and ref("order", rows[-1]["id"]) == record["id"]:
            self.app.notes.append(f"{record['id']} repeated {record['recurrence']['words']} and does so no more")

    def renew(
        self, *, since: str | None = None, limit: int = MOST_RENEWED, dry_run: bool = False
    ) -> list[dict[str, Any]]:
        """Write what is due up to today of all orders that repeat; returns the records of the new orders.

        Args:
            since: days before this one are passed over, and never written.
            limit: how many times of one order at most; what is left is told, and written by the next run.
            dry_run: do all of it, and then nothing.
        """
        first = dates.parse(since, self.app.clock).date if since else date.min
        found: list[dict[str, Any]] = []
        with self.app.writing(rehearsal=dry_run) as gate:
            for row in orders.recurring(self.app.store):
                found += [self.app.orders.get(key) for key in self._renew(gate, row, first, limit)]
            gate.refresh()
        return found

    def _renew(self, gate: "Gate", row: Row, first: date, limit: int) -> list[int]:
        today = self.app.clock.today()
        due = list(takewhile(lambda one: one[0] <= today, _to_come(row)))
        wanted = [(day, rule) for day, rule in due if day >= first]
        mine = ref("order", row["id"])
        if len(due) > len(wanted):
            self.app.notes.append(f"{mine}: {len(due) - len(wanted)} days before {first} are passed over")
        if len(wanted) > limit:
            left = len(wanted) - limit
            self.app.notes.append(f"{mine}: {left} more are due; the next crm order renew writes them")
        return [self._write(gate, row, day, rule) for day, rule in wanted[:limit]]

    def _write(self, gate: "Gate", row: Row, day: date, rule: str) -> int:
        kept = {name: row[name] for name in KEPT}
        due = None
        if row["due_on"]:
            terms = date.fromisoformat(row["due_on"]) - date.fromisoformat(row["ordered_on"])
            due = (day + terms).isoformat()
        own = {"series": row["series"], "occurs_on": day.isoformat(), "recurrence": rule, "due_on": due}
        key = gate.insert("sales_order", {**kept, **own, "ordered_on": day.isoformat()})
        rows = orders.lines(self.app.store, row["id"])
        told, mine = taxes(row, rows), {}
        for line in sold(rows):
            mine[gate.insert("order_line", {**{name: line[name] for name in LINE}, "order_id": key})] = told[line["id"]]
        ledger = Ledger(self.app, gate)
        ledger.rebill(key, mine)
        ledger.settle(key)
        return key

    def _rule(self, text: str, day: date) -> Columns:
        found = rulereading.parse(text, self.app.clock)
        told = rulewords.words(found.rule, found.start)
        if found.start != "due":
            raise UsageError(
                f"'{told}' counts from when something is done", "an order comes again by the calendar: month"
            )
        rule = recurrence.settled(found.rule, day)
        following = next(recurrence.following(rule, day), None)
        if following is None and recurrence.one_less(rule) is not None:
            raise UsageError(f"no day comes by the rule '{told}'", f"for example: {rulereading.EXAMPLES}")
        return {"recurrence": rule, "recurs_from": "due", "occurs_on": day.isoformat()}


def _to_come(row: Row) -> Iterator[tuple[date, str]]:
    """The days after an occurrence, each with the rule that its own order has."""
    return recurrence.to_come(row["recurrence"], date.fromisoformat(row["occurs_on"] or row["ordered_on"]))

"""Single amounts that may come in: what each is, when it may come, and why then."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crmcli.kernel import recurrence
from crmcli.kernel.ids import ref
from crmcli.kernel.money import divided, rounded
from crmcli.kernel.rulewords import words
from crmcli.services.rates import Exchange
from crmcli.store import cashflow
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

ORDERS, RECURRING, DEALS = "orders", "recurring", "deals"
BANDS = (ORDERS, RECURRING, DEALS)
"""From what is owed to what is hoped for."""
USUAL_DAYS = 30
"""How long somebody takes to pay who never paid before."""


class Income(NamedTuple):
    """An amount in minor units of the currency that was asked for, the record that it comes from, and the reason."""

    day: date
    band: str
    amount: int
    id: str
    name: str
    reason: str


class Incomes:
    """What may come in until a day.

    Args:
        app: the app.
        exchange: turns amounts into one currency.
        last: the last day.
        payment_days: how long after a deal is won it is paid.
    """

    def __init__(self, app: "App", exchange: Exchange, last: date, payment_days: int) -> None:
        self.app = app
        self.exchange = exchange
        self.last = last
        self.payment_days = payment_days
        self.today = app.clock.today()
        self.undated: list[str] = []
        self.later: dict[str, int] = dict.fromkeys(BANDS, 0)
        self._patience: dict[tuple[str, int], int] = {}

    def all(self, unpaid: Sequence[Row], recurring: Sequence[Row], deals: Sequence[Row]) -> list[Income]:
        """All of them, by their days; what comes after the last day is summed up in `later`."""
        self._learn([*unpaid, *recurring])
        found = [*self._owed(unpaid), *self._again(recurring), *self._hoped(deals)]
        for one in found:
            if one.day > self.last:
                self.later[one.band] += one.amount
        return sorted([one for one in found if one.day <= self.last], key=lambda one: (one.day, BANDS.index(one.band)))

    def _owed(self, rows: Sequence[Row]) -> Iterator[Income]:
        for row in rows:
            left = self._amount(row["total"] - row["paid"], row["currency"])
            if left is None:
                continue
            if row["due_on"]:
                day, why = date.fromisoformat(row["due_on"]), f"due on {row['due_on']}"
            else:
                days, how = self._days(row)
                day, why = _after(date.fromisoformat(row["ordered_on"]), days), f"ordered {row['ordered_on']}, {how}"
            if day < self.today:
                day, why = self.today, f"overdue: {why}"
            yield Income(day, ORDERS, left, ref("order", row["id"]), _called(row), why)

    def _again(self, rows: Sequence[Row]) -> Iterator[Income]:
        """Orders that are still to be made by the rules of those that recur; a draft is the next one itself."""
        for row in rows:
            amount = self._amount(row["total"], row["currency"])
            if not amount:
                continue
            if row["due_on"]:
                wait = (date.fromisoformat(row["due_on"]) - date.fromisoformat(row["ordered_on"])).days
                how = f"paid {wait} days after"
            else:
                wait, how = self._days(row)
            told = words(row["recurrence"], row["recurs_from"])
            for day in self._occurrences(row):
                paid = max(self.today, _after(day, max(0, wait)))
                why = f"{told}: ordered {day}, {how}"
                yield Income(paid, RECURRING, amount, ref("order", row["id"]), _called(row), why)

    def _occurrences(self, row: Row) -> Iterator[date]:
        """The days of orders to come, as far as the last day; those that were missed are still to be written."""
        day = date.fromisoformat(row["occurs_on"] or row["ordered_on"])
        if row["status"] == "draft":
            yield day
        for found, _ in recurrence.to_come(row["recurrence"], day):
            if found > self.last:
                break
            yield found

    def _hoped(self, rows: Sequence[Row]) -> Iterator[Income]:
        for deal in self.app.prospects.open(rows, self.exchange):
            expected = rounded(deal.amount * deal.chance)
            if not expected:
                continue
            if deal.day is None:
                self.undated.append(deal.id)
                continue
            close, late = max(deal.day, self.today), deal.day < self.today
            chance = f"{round(float(deal.chance) * 100, 1):g} %"
            when = f"expected {deal.day}" + (", which is over" if late else "")
            why = f"{when}, {chance} ({deal.basis}), paid {self.payment_days} days after"
            yield Income(_after(close, self.payment_days), DEALS, expected, deal.id, deal.name, why)

    # --- how long customers take

    def _learn(self, rows: Sequence[Row]) -> None:
        """Find out how many days the customers of orders without a planned date take on average."""
        whose = {_customer(row) for row in rows if not row["due_on"]}
        for noun in PARTIES:
            keys = sorted(key for kind, key in whose if kind == noun)
            taken: dict[int, list[int]] = {}
            for row in cashflow.payments(self.app.store, noun, keys):
                days = (date.fromisoformat(row["paid_on"]) - date.fromisoformat(row["ordered_on"])).days
                taken.setdefault(row["customer"], []).append(max(0, days))
            for key, found in taken.items():
                self._patience[noun, key] = divided(sum(found), len(found))

    def _days(self, row: Mapping[str, object]) -> tuple[int, str]:
        """How many days the customer of an order takes to pay, and in words why."""
        own = self._patience.get(_customer(row))
        if own is None:
            return USUAL_DAYS, f"paid {USUAL_DAYS} days after, as nobody knows better"
        return own, f"paid {own} days after, as this customer does on average"

    def _amount(self, minor: int, currency: str) -> int | None:
        return self.exchange.of(minor, currency, f"{self.today}")


def _after(day: date, days: int) -> date:
    """Some days later; the last day there is where the calendar ends before, as for a deal expected in 9999."""
    return day + timedelta(min(days, (date.max - day).days))


def _customer(row: Mapping[str, object]) -> tuple[str, int]:
    company, contact = row["company_id"], row["contact_id"]
    return ("company", int(str(company))) if company else ("contact", int(str(contact or 0)))


def _called(row: Row) -> str:
    number = f" {row['number']}" if row["number"] else ""
    return f"{row['customer'] or 'nobody'}{number}"

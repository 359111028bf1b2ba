"""Goals: an amount to be won or ordered between two days, and how far it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.amounts import fields
from crmcli.kernel.clock import Clock
from crmcli.kernel.codes import format_money
from crmcli.kernel.days import shift_months
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.money import divided, parse_amount, split_currency
from crmcli.kernel.page import Page
from crmcli.services.rates import Exchange
from crmcli.services.values import choice
from crmcli.store import goals
from crmcli.store.connection import Row
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

WEEK = 7
_PERIODS = {"eom": 1, "eoq": 3, "eoy": 12}


class Goals:
    """Goals. One that is removed is kept, marked as deleted, and `crm undo` brings it back."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def set(
        self,
        amount: str,
        by: str,
        *,
        owner: str | None = None,
        currency: str | None = None,
        metric: str | None = None,
        first: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Set a goal, or another amount for one of the same owner, metric, currency, days and name; returns its record.

        Args:
            amount: in whole units as people write it, perhaps with its currency: 250000, 250000 EUR.
            by: the last day.
            owner: whose it is; the team's without it.
            currency: in which it is; without it that of the amount, else the setting.
            metric: won (deals) or orders.
            first: the first day; without it that of the month, quarter or year where `by` is eom, eoq or eoy, else
                today.
            name: what it is called.

        Raises:
            UsageError: an amount, date, currency or metric that cannot be understood; it ends before it begins.
            NotFound: an unknown owner.
        """
        number, code = split_currency(amount)
        if currency and code and code != currency.strip().upper():
            raise UsageError(f"the amount is in {code} and --currency says {currency}", "leave one of them out")
        code = self._currency(currency or code)
        minor = parse_amount(number, code)
        if minor <= 0:
            raise UsageError("a goal is an amount above zero", "for example: crm goal set 250000 --by eoq")
        clock = self.app.clock
        end = dates.parse(by, clock).date
        begin = dates.parse(first, clock).date if first else _beginning(by, end, clock)
        if end < begin:
            raise UsageError(f"it would end on {end}, before it begins on {begin}", "say another day: --from, --by")
        what = {
            "name": (name or "").strip() or None,
            "metric": choice(TABLES["goal"].columns["metric"], metric) if metric else "won",
            "currency": code,
            "starts_on": f"{begin}",
            "ends_on": f"{end}",
            "owner_id": self.app.users.key(owner) if owner else None,
        }
        with self.app.writing() as gate:
            mine = ref("goal", self._write(gate, what, minor))
            if end < clock.today():
                self.app.notes.append(f"{mine} is over: it ended on {end}; if that is wrong: crm goal rm {mine}")
            return self.get(mine)

    def _write(self, gate: "Gate", what: Mapping[str, Any], minor: int) -> int:
        """Write a goal, or another amount for the one that is there already, and tell what it was; returns its key."""
        before = goals.same(self.app.store, what)
        if before is None:
            return gate.insert("goal", {**what, "amount": minor})
        key = int(before["id"])
        mine, was = ref("goal", key), format_money(before["amount"], before["currency"])
        changed = gate.update("goal", key, {"amount": minor})
        self.app.notes.append(f"{mine} was {was}" if changed else f"nothing to change in {mine}: it was {was} already")
        return key

    def get(self, which: str) -> dict[str, Any]:
        """The goal with this id. Raises NotFound and UsageError."""
        return self._record(self._row(which))

    def page(self, *, everything: bool = False) -> Page:
        """The goals that have not ended, or all of them; those that end first at the beginning."""
        since = "0001-01-01" if everything else f"{self.app.clock.today()}"
        return Page([self._record(row) for row in goals.page(self.app.store, since)])

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Remove goals; returns the records as they were."""
        rows = [self._row(one) for one in dict.fromkeys(which)]
        found = [self._record(row) for row in rows]
        with self.app.writing() as gate:
            for row in rows:
                gate.update("goal", row["id"], {"deleted_at": gate.now})
        return found

    def _currency(self, given: str | None) -> str:
        named = given or self.app.config.get("currency")
        if not named:
            raise UsageError("the goal has no currency", "say it: --currency EUR, or crm config set currency EUR")
        return self.app.rates.reporting(named, ())

    def _row(self, which: str) -> Row:
        named = parse_ref(which.strip())
        if named is None or named[0] != "goal":
            raise UsageError(f"'{which[:40]}' is no id of a goal", "for example g1; see: crm goal list --all")
        row = goals.get(self.app.store, named[1])
        if row is None:
            raise NotFound(f"there is no goal {ref('goal', named[1])}", "see: crm goal list --all")
        return row

    def _record(self, row: Row) -> dict[str, Any]:
        """The goal and how far it is; see the view for the fields."""
        exchange = self.app.rates.into(row["currency"])
        today = self.app.clock.today()
        begin, end = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])
        over, begun = end < today, begin <= today
        so_far = self._so_far(row, begin, min(end, today), exchange) if begun else 0
        left = max(0, row["amount"] - so_far)
        elapsed = (min(end, today) - begin).days + 1 if begun else 0
        remaining = 0 if over else (end - max(today, begin)).days + 1
        amounts: dict[str, int | None] = {
            "amount": row["amount"],
            "closed": so_far,
            "left": left,
            "pace": divided(so_far * WEEK, elapsed) if elapsed else None,
            "pace_needed": divided(left * WEEK, remaining) if remaining else None,
            **self._landing(row, so_far, elapsed, remaining, exchange),
        }
        return {
            "id": ref("goal", row["id"]),
            "uid": row["uid"],
            "name": row["name"],
            "metric": row["metric"],
            "owner": row["owner_name"],
            "starts_on": row["starts_on"],
            "ends_on": row["ends_on"],
            "state": "reached" if left == 0 else "over" if over else "running" if begun else "to come",
            "currency": row["currency"],
            **fields(row["currency"], amounts),
            "percent": so_far * 100 // row["amount"],
            "elapsed_percent": elapsed * 100 // ((end - begin).days + 1),
            "days_left": remaining,
            "without_rate": exchange.without_rate(),
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }

    def _so_far(self, row: Row, begin: date, last: date, exchange: Exchange) -> int:
        """What was won or ordered, each at the rate of its day."""
        if row["metric"] == "won":
            rows = self.app.prospects.won_rows(begin, last, row["owner_id"])
            return sum(one.amount for one in self.app.prospects.won(rows, exchange))
        found = goals.ordered(self.app.store, f"{begin}", f"{last}", row["owner_id"])
        return sum(exchange.of(one["total"], one["currency"], one["day"]) or 0 for one in found)

    def _landing(
        self, row: Row, so_far: int, elapsed: int, remaining: int, exchange: Exchange
    ) -> dict[str, int | None]:
        """Where it may end: of deals by what is open, of orders by the pace so far, which has no range."""
        if not remaining:
            return {"landing_p10": so_far, "landing_p50": so_far, "landing_p90": so_far}
        if row["metric"] == "orders":
            likely = so_far + divided(so_far * (remaining - 1), elapsed) if elapsed else None
            return {"landing_p10": None, "landing_p50": likely, "landing_p90": None}
        found = self.app.forecasts.until(date.fromisoformat(row["ends_on"]), row["owner_id"], exchange)
        return {f"landing_{name}": so_far + found[name] for name in ("p10", "p50", "p90")}


def _beginning(by: str, end: date, clock: Clock) -> date:
    """The first day where none is said: of the period whose end was named, else today."""
    months = _PERIODS.get(by.strip().lower())
    return shift_months(end.replace(day=1), 1 - months) if months else min(clock.today(), end)

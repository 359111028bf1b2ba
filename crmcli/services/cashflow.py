"""What money may come when, in three bands: what is owed, what comes again, what is hoped for.

Nothing that is spent is known here, so that a balance only ever rises: it says what there is to spend.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import dates
from crmcli.kernel.amounts import fields
from crmcli.kernel.days import days_in_month, shift_months
from crmcli.kernel.errors import UsageError
from crmcli.kernel.money import parse_amount, split_currency
from crmcli.kernel.similarity import nearest
from crmcli.services.incomes import BANDS, Income, Incomes
from crmcli.services.rates import Exchange
from crmcli.services.settingchecks import CHECKS
from crmcli.store import cashflow

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("week", "month")
PAYMENT_DAYS = "30"
_PERIOD = re.compile("[0-9]{4}-(W[0-9]{2}|[0-9]{2})")
_LONGER = re.compile(r"\s*[0-9]{4}-[0-9]{2}\s*|.*(month|quarter|year).*", re.IGNORECASE)
WEEKS, MONTHS = 12, 5
"""How far it looks without a last day: the weeks or months after this one."""
MOST_PERIODS = 600


class Asked(NamedTuple):
    """What was asked for, as people write it; None for as usual."""

    by: str = "week"
    until: str | None = None
    opening: str | None = None
    currency: str | None = None


class Cashflow:
    """Cash flow."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, asked: Asked) -> dict[str, Any]:
        """The cash flow from today on.

        Returns:
            A record with `currency`, `by`, `from`, `until`, `opening`, `periods` (each with `id` (2026-W49 or 2026-12),
            `first`, `last`; what comes in: `orders`, `recurring`, `deals`, `in`; and the running balances at its end:
            `balance_orders` of what is owed alone, `balance_recurring` with what comes again, `balance` with all),
            `parts` (each single amount: `day`, `period`, `band`, `id`, `name`, `reason`, `amount`), `later` (what is
            paid after the last day, by band; of orders that come again, those that are made by then), `without_rate`,
            and `undated` (open deals that nobody expects on a day). Amounts stand beside their `_minor`.

        Raises:
            UsageError: an unknown period, a date that is over or cannot be understood, an amount that is none.
        """
        by = _by(asked.by)
        first, last = self._range(by, asked.until)
        owed, again = cashflow.unpaid(self.app.store), cashflow.recurring(self.app.store)
        deals = self.app.prospects.open_rows()
        opening, named = self._opening(asked)
        exchange = self._exchange(named, [row["currency"] for row in (*owed, *again, *deals)])
        start = self._start(opening, exchange.currency)
        days = int(CHECKS["cashflow.payment_days"](self.app.config.get("cashflow.payment_days", PAYMENT_DAYS)))
        incomes = Incomes(self.app, exchange, last, days)
        parts = incomes.all(owed, again, deals)
        code = exchange.currency
        return {
            "id": f"{first}",
            "by": by,
            "from": f"{first}",
            "until": f"{last}",
            "currency": code,
            **fields(code, {"opening": start}),
            "periods": _periods(by, first, last, start, parts, code),
            "parts": [_part(one, by, code) for one in parts],
            "later": fields(code, dict(incomes.later)),
            "without_rate": exchange.without_rate(),
            "undated": incomes.undated,
        }

    def parts(self, record: dict[str, Any], named: str) -> list[dict[str, Any]]:
        """The single amounts of a period that is named by its id, or by a day in it. Raises UsageError."""
        if record["by"] == "week" and _LONGER.fullmatch(named):
            raise UsageError(f"{named} is longer than a week", "add --by month, or name a week: 2026-W49, next week")
        known = [period["id"] for period in record["periods"]]
        wanted = named.strip().upper()
        if wanted not in known and not _PERIOD.fullmatch(wanted):
            day = dates.parse(named, self.app.clock).date
            wanted = period_of(day, record["by"])
        if wanted not in known:
            raise UsageError(f"{named} is outside of what is shown", f"from {known[0]} to {known[-1]}")
        return [part for part in record["parts"] if part["period"] == wanted]

    def _range(self, by: str, until: str | None) -> tuple[date, date]:
        today = self.app.clock.today()
        if until:
            last = dates.parse(until, self.app.clock).date
            if last < today:
                raise UsageError(f"{last} is over", "--until names a day to come, such as eoy")
        elif by == "week":
            last = today + timedelta(7 * WEEKS + 6 - today.weekday())
        else:
            month = shift_months(today.replace(day=1), MONTHS)
            last = month.replace(day=days_in_month(month.year, month.month))
        if (last - today).days > MOST_PERIODS * (7 if by == "week" else 28):
            raise UsageError(f"until {last} there are more than {MOST_PERIODS} of them", "name an earlier day")
        return today, last

    def _opening(self, asked: Asked) -> tuple[str, str | None]:
        """The opening balance as it was written, and the currency that is named with it or by itself."""
        text = asked.opening if asked.opening is not None else self.app.config.get("cashflow.opening", "0")
        amount, code = split_currency(text)
        if asked.currency and code and asked.currency.strip().upper() != code:
            raise UsageError(f"the opening balance is in {code}, not in {asked.currency}", "leave --currency out")
        return amount, asked.currency or code

    def _exchange(self, named: str | None, found: Sequence[str | None]) -> Exchange:
        return self.app.rates.into(self.app.rates.reporting(named, found))

    def _start(self, amount: str, currency: str) -> int:
        return parse_amount(amount, currency)


def period_of(day: date, by: str) -> str:
    """The id of the period of a day: its ISO week, 2026-W49, or its month, 2026-12."""
    if by == "month":
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _by(text: str) -> str:
    word = text.strip().lower()
    if word not in BY:
        close = nearest(word, BY, count=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"a cash flow is not by '{text}'", f"{hint}use week or month")
    return word


def _periods(
    by: str, first: date, last: date, start: int, parts: Sequence[Income], currency: str
) -> list[dict[str, Any]]:
    """The periods one after the other, with what comes in and the balances that result."""
    sums: dict[str, dict[str, int]] = {}
    for one in parts:
        found = sums.setdefault(period_of(one.day, by), dict.fromkeys(BANDS, 0))
        found[one.band] += one.amount
    balance = dict.fromkeys(BANDS, start)
    periods = []
    day = first
    while day <= last:
        end = min(_end(day, by), last)
        name = period_of(day, by)
        came = sums.get(name, dict.fromkeys(BANDS, 0))
        for place, band in enumerate(BANDS):
            balance[band] += sum(came[other] for other in BANDS[: place + 1])
        amounts = {**came, "in": sum(came.values())}
        balances = {
            "balance_orders": balance["orders"],
            "balance_recurring": balance["recurring"],
            "balance": balance["deals"],
        }
        about = {"id": name, "from": f"{day}", "until": f"{end}", "currency": currency}
        periods.append({**about, **fields(currency, {**amounts, **balances})})
        day = end + timedelta(days=1)
    return periods


def _end(day: date, by: str) -> date:
    """The last day of the period of a day."""
    if by == "week":
        return day + timedelta(6 - day.weekday())
    return day.replace(day=days_in_month(day.year, day.month))


def _part(one: Income, by: str, currency: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "day": f"{one.day}",
        "period": period_of(one.day, by),
        "band": one.band,
        "name": one.name,
        "reason": one.reason,
        "currency": currency,
        **fields(currency, {"amount": one.amount}),
    }

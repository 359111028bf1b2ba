"""The panorama of deals, orders and cases."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.days import shift_months
from crmcli.kernel.median import median
from crmcli.kernel.money import rounded, totals
from crmcli.model.enums import PRIORITY
from crmcli.services.snapshot_sales import money, rotten_before, sums
from crmcli.store import panorama_sales as reads
from crmcli.store.casedue import any_over, done_at, is_late
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.services.rates import Exchange

RESPONSES = 30
"""First responses are told of the cases that were opened within so many days."""
SPANS = ("this_month", "last_month", "last_year")


# --- deals


def pipeline(app: "App", owner: int | None) -> dict[str, Any]:
    """The open deals.

    Returns:
        `stages`: of each stage in which there is a deal `pipeline`, `stage`, `count`, `amounts`, `weighted` and
        `rotting` (how many are in it for longer than it allows); and the same four of all. `weighted` is the sum of
        amount x probability, rounded for each deal.
    """
    stages, every = [], []
    for stage in reads.open_stages(app.store):
        rows = reads.in_stage(app.store, stage, rotten_before(stage, app.clock), owner)
        if rows:
            stages.append({"pipeline": stage["pipeline"], "stage": stage["name"], **_deals(rows)})
            every += rows
    return {**_deals(every), "stages": stages}


def _deals(rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "count": sum(row["n"] for row in rows),
        "amounts": sums((int(row["amount"]), row["currency"]) for row in rows),
        "weighted": sums((int(row["weighted"]), row["currency"]) for row in rows),
        "rotting": sum(int(row["rotting"] or 0) for row in rows),
    }


# --- orders


def spans(today: date) -> dict[str, tuple[date, date]]:
    """This month until today, and the same days of the last month and of this month a year ago."""
    first = today.replace(day=1)
    begins = {"this_month": first, "last_month": shift_months(first, -1), "last_year": shift_months(first, -12)}
    found = {}
    for name, begin in begins.items():
        after = shift_months(begin, 1)
        found[name] = (begin, min(begin + timedelta(days=today.day - 1), after - timedelta(days=1)))
    return found


def orders(app: "App", owner: int | None) -> dict[str, Any]:
    """What was ordered this month, and on the same days of the last month and a year ago.

    Returns:
        `spans`: each with `span` (one of SPANS), `from`, `until`, `count`, `totals` by currency, and `converted`: all
        in `currency`, the person's own, at the rate of each day (see `Exchange`), None where a rate that nobody set
        would be needed; `missing`: the currencies without a rate.
    """
    own = app.config.get("currency")
    exchange = app.rates.into(own) if own else None
    found = []
    for name, (first, last) in spans(app.clock.today()).items():
        rows = reads.ordered(app.store, first.isoformat(), last.isoformat(), owner)
        whole = _converted(rows, exchange) if exchange else None
        found.append(
            {
                "span": name,
                "from": first.isoformat(),
                "until": last.isoformat(),
                "count": sum(row["n"] for row in rows),
                "totals": _totals(rows),
                "converted": None if whole is None else money("amount", whole, own),
            }
        )
    missing = {one.currency for one in exchange.missing} if exchange else ()
    return {"currency": own, "missing": sorted(missing), "spans": found}


def _converted(rows: Iterable[Row], exchange: "Exchange") -> int | None:
    """The sum of what was ordered, rounded once, in minor units; None where a rate is missing."""
    worth = [exchange.unrounded(int(row["total"]), row["currency"], row["ordered_on"]) for row in rows]
    known = [one for one in worth if one is not None]
    return rounded(sum(known, Fraction(0))) if len(known) == len(worth) else None


def _totals(rows: Sequence[Row]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["currency"]] = counts.get(row["currency"], 0) + row["n"]
    whole = totals((int(row["total"]), row["currency"]) for row in rows)
    return [{"currency": name, "count": counts[name], **money("total", minor, name)} for name, minor in whole.items()]


# --- cases


def cases(app: "App", owner: int | None) -> dict[str, Any]:
    """The open cases, and how fast the first response was.

    Returns:
        `open`, `over` (how many are over a target now; also as `breached`, which was its name before), `pending` and
        `priorities` (counts); `response`: of those opened within `days`: `opened`,
        `answered`, `median` (business seconds until the first response, None without one), `targets` (how many had one
        and are decided) and `kept` (how many of them were answered within it).
    """
    rows = reads.open_cases(app.store, owner)
    opened = answers(app, owner)
    waits = app.caseclock.until_answered([row for row in opened if row["first_response_at"]])
    over = sum(any_over(row, app.now) for row in rows)
    due = [row["in_time"] for row in opened if row["in_time"] is not None]
    return {
        "open": len(rows),
        "over": over,
        "breached": over,
        "pending": sum(row["status"] == "pending" for row in rows),
        "priorities": {name: sum(row["priority"] == name for row in rows) for name in reversed(PRIORITY)},
        "response": {
            "days": RESPONSES,
            "opened": len(opened),
            "answered": len(waits),
            "median": int(median(waits)) if waits else None,
            "targets": len(due),
            "kept": sum(due),
        },
    }


def answers(app: "App", owner: int | None) -> list[dict[str, Any]]:
    """The cases that were opened within RESPONSES days, the newest first: see `reads.opened_since`.

    `in_time` is whether each was answered within its target, None while that is open, and without a target. While a
    case is pending its clock stands still.
    """
    since = stamp(app.clock.midnight(app.clock.today() - timedelta(days=RESPONSES)))
    found = []
    for row in reads.opened_since(app.store, since, owner):
        late = is_late("response", row, app.now)
        decided = row["response_due_at"] is not None and (late or done_at("response", row) is not None)
        found.append({**row, "in_time": not late if decided else None})
    return found

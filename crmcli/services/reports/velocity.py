"""How fast deals move: days in each stage, from the first day to the last, and what that brings a day.

Sales velocity is the usual one: open deals x win rate x average amount of those that were won / average days that these
took. It is an amount per day.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from crmcli.kernel.amounts import fields
from crmcli.kernel.clock import instant
from crmcli.kernel.money import rounded
from crmcli.kernel.page import Page
from crmcli.kernel.statistics import quartiles
from crmcli.services.rates import Exchange
from crmcli.services.reports.asked import Asked, amount_of, exchange_of, group_of, grouping, range_of, rate_fields
from crmcli.store import dealreports, prospects
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("stage", "owner", "source", "pipeline", "month")
DAY = 86_400
ALL = "all"


def report(app: "App", asked: Asked) -> Page:
    """A record a stage, with the days that closed deals stayed in it, and last one of all deals; else one a group.

    Each has `id`, `name`, `count` (of stays or of won deals), the days `q1`, `median` and `q3`; of deals these are the
    days from making to winning, and there is more: `open`, `won`, `closed`, `win_rate`, `average` (amount of a won
    deal), `cycle` (average days) and `velocity` (amount per day). Amounts stand beside their `_minor`.
    """
    by = grouping(asked, BY)
    within = range_of(app, asked)
    rows = dealreports.closed(app.store, within)
    opened = prospects.open_deals(app.store, within.owner, within.pipeline)
    exchange = exchange_of(app, asked, rows)
    if by == "stage":
        found = [*_by_stage(app, within), _of_deals(app, ALL, rows, len(opened), exchange)]
    else:
        group = group_of(app, by)
        parts: dict[str, list[Row]] = {}
        for row in rows:
            parts.setdefault(group(row), []).append(row)
        now = _open_by(app, by, opened)
        found = [_of_deals(app, name, parts[name], now.get(name, 0), exchange) for name in sorted(parts)]
    app.notes += exchange.told()
    return Page(found)


def _by_stage(app: "App", within: dealreports.Range) -> list[dict[str, Any]]:
    days: dict[int, list[float]] = {}
    for row in dealreports.stays(app.store, within):
        if row["left_at"]:
            days.setdefault(row["stage_id"], []).append(_days(row["entered_at"], row["left_at"]))
    return [
        {**_record(f"{stage['pipeline_name']}/{stage['name']}", days[stage["id"]]), **_NOTHING}
        for stage in prospects.stages(app.store)
        if stage["id"] in days and stage["type"] == "open"
    ]


_AMOUNTS = ("average", "velocity")
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("open", "won", "closed", "win_rate", "cycle", "currency", *(f"{n}{e}" for n in _AMOUNTS for e in ("", "_minor")))
)


def _open_by(app: "App", by: str, rows: Sequence[Row]) -> dict[str, int]:
    """How many deals are open by the groups that open deals can have: none is closed in a month."""
    found: dict[str, int] = {}
    if by == "source":
        sources = dealreports.sources(app.store)
        for row in rows:
            name = sources.get(row["id"]) or "unknown"
            found[name] = found.get(name, 0) + 1
    elif by != "month":
        group = group_of(app, by)
        for row in rows:
            found[group(row)] = found.get(group(row), 0) + 1
    return found


def _of_deals(app: "App", name: str, rows: Sequence[Row], opened: int, exchange: Exchange) -> dict[str, Any]:
    won = [row for row in rows if row["status"] == "won"]
    amounts = [amount_of(app, exchange, row) for row in won]
    took = [_days(row["created_at"], row["closed_at"]) for row in won]
    average = Fraction(sum(amounts), len(won)) if won else None
    cycle = sum(took) / len(took) if took else None
    speed = None
    if average is not None and cycle:
        speed = rounded(opened * Fraction(len(won), len(rows)) * average / Fraction(cycle))
    return {
        **_record(name, took),
        "open": opened,
        "won": len(won),
        "closed": len(rows),
        "win_rate": rate_fields(len(won), len(rows))["win_rate"],
        "cycle": None if cycle is None else round(cycle, 1),
        "currency": exchange.currency,
        **fields(exchange.currency, {"average": None if average is None else rounded(average), "velocity": speed}),
    }


def _record(name: str, days: Sequence[float]) -> dict[str, Any]:
    low, middle, high = (round(value, 1) for value in quartiles(days)) if days else (None, None, None)
    return {"id": name, "name": name, "count": len(days), "q1": low, "median": middle, "q3": high}


def _days(first: str, last: str) -> float:
    return max(0.0, (instant(last) - instant(first)).total_seconds() / DAY)

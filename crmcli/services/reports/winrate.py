"""Of the deals that were closed, how many were won.

By stage: of those that had entered the stage, whatever became of them later.
"""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.amounts import fields
from crmcli.kernel.page import Page
from crmcli.services.reports.asked import Asked, amount_of, exchange_of, group_of, grouping, range_of, rate_fields
from crmcli.store import dealreports, prospects

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("stage", "owner", "source", "pipeline", "month")


def report(app: "App", asked: Asked) -> Page:
    """A record a group: `id`, `name`, `closed`, `won`, `lost`, `win_rate`, `low` and `high` (percent, Wilson 95 %).

    Groups of deals have the `amount` that was won, in minor units as `amount_minor`; stages have what is `configured`.
    """
    by = grouping(asked, BY)
    within = range_of(app, asked)
    if by == "stage":
        return Page(_by_stage(app, within))
    rows = dealreports.closed(app.store, within)
    exchange = exchange_of(app, asked, rows)
    group = group_of(app, by)
    found: dict[str, list[int]] = {}
    for row in rows:
        counts = found.setdefault(group(row), [0, 0, 0])
        counts[1] += 1
        if row["status"] == "won":
            counts[0] += 1
            counts[2] += amount_of(app, exchange, row)
    app.notes += exchange.told()
    order = sorted(found) if by == "month" else sorted(found, key=lambda name: (-found[name][1], name.casefold()))
    return Page(
        [
            _record(name, name, found[name][0], found[name][1])
            | {"configured": None, "currency": exchange.currency}
            | fields(exchange.currency, {"amount": found[name][2]})
            for name in order
        ]
    )


def _by_stage(app: "App", within: dealreports.Range) -> list[dict[str, Any]]:
    entered: dict[int, dict[int, str]] = {}
    for row in dealreports.stays(app.store, within):
        entered.setdefault(row["stage_id"], {})[row["deal_id"]] = row["status"]
    found = []
    for stage in prospects.stages(app.store):
        ends = entered.get(stage["id"], {})
        if stage["type"] == "open" and (ends or not stage["ended_at"]):
            if within.pipeline not in (None, stage["pipeline_id"]):
                continue
            won = sum(status == "won" for status in ends.values())
            name = f"{stage['pipeline_name']}/{stage['name']}"
            more = {"configured": stage["probability"], "currency": None, "amount": None, "amount_minor": None}
            found.append(_record(name, name, won, len(ends)) | more)
    return found


def _record(key: str, name: str, won: int, closed: int) -> dict[str, Any]:
    return {"id": key, "name": name, "closed": closed, "won": won, "lost": closed - won, **rate_fields(won, closed)}

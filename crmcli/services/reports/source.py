"""Where business comes from: of the leads and the deals that were made in a while, what became of them.

A deal has its own source, or that of its contact. All that is counted was made in the range, whenever it was closed, so
that a source is held against what it brought in itself.
"""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.amounts import fields
from crmcli.kernel.page import Page
from crmcli.services.reports.asked import (
    NOBODY,
    UNKNOWN,
    Asked,
    amount_of,
    exchange_of,
    group_of,
    grouping,
    range_of,
    rate_fields,
)
from crmcli.store import dealreports
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("source", "owner", "pipeline", "month")


def report(app: "App", asked: Asked) -> Page:
    """A record a source, or a group and a source: `id`, `group`, `source`, `leads`, `deals`, `open`, `won`, `lost`,
    `win_rate`, `low`, `high` (percent of those closed, Wilson 95 %), `amount` (won), `amount_minor`, `currency`.

    Leads are contacts that say where they came from; they belong to no pipeline, so none are counted by or of one.
    """
    by = grouping(asked, BY)
    within = range_of(app, asked)
    rows = dealreports.created(app.store, within)
    exchange = exchange_of(app, asked, rows)
    group = group_of(app, by, "created_at") if by != "source" else None
    found: dict[tuple[str, str], dict[str, int]] = {}

    def counts(name: str, source: str | None) -> dict[str, int]:
        return found.setdefault(
            (name, source or UNKNOWN), dict.fromkeys(("leads", "deals", "won", "lost", "amount"), 0)
        )

    for row in rows:
        one = counts(group(row) if group else "", row["source"])
        one["deals"] += 1
        if row["status"] in ("won", "lost"):
            one[row["status"]] += 1
        if row["status"] == "won":
            one["amount"] += amount_of(app, exchange, row)
    if within.pipeline is None and by != "pipeline":
        for row in dealreports.leads(app.store, within):
            counts(_of_lead(by, row), row["source"])["leads"] += row["leads"]
    app.notes += exchange.told()
    order = sorted(found, key=lambda one: (one[0].casefold(), -found[one]["amount"], -found[one]["deals"], one[1]))
    return Page([_record(key, found[key], exchange.currency) for key in order])


def _of_lead(by: str, row: Row) -> str:
    return str({"owner": row["owner_name"] or NOBODY, "month": row["month"]}.get(by, ""))


def _record(key: tuple[str, str], counts: dict[str, int], currency: str) -> dict[str, Any]:
    closed = counts["won"] + counts["lost"]
    return {
        "id": "/".join(filter(None, key)),
        "group": key[0] or None,
        "source": key[1],
        "leads": counts["leads"],
        "deals": counts["deals"],
        "open": counts["deals"] - closed,
        "won": counts["won"],
        "lost": counts["lost"],
        **rate_fields(counts["won"], closed),
        "currency": currency,
        **fields(currency, {"amount": counts["amount"]}),
    }

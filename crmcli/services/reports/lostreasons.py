"""Why deals were lost, and what was lost with them."""

from typing import TYPE_CHECKING

from crmcli.kernel.amounts import fields
from crmcli.kernel.page import Page
from crmcli.services.reports.asked import UNKNOWN, Asked, amount_of, exchange_of, group_of, grouping, range_of
from crmcli.store import dealreports

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("reason", "stage", "owner", "source", "pipeline", "month")
NOT_SAID = "not said"


def report(app: "App", asked: Asked) -> Page:
    """A record a reason, or a group and a reason; within a group what cost most deals comes first.

    Each has `id`, `group`, `reason`, `deals`, `share` (percent of the lost deals of the group), `amount`,
    `amount_minor` and `currency`. The stage of a lost deal is the last one that it was in before.
    """
    by = grouping(asked, BY)
    within = range_of(app, asked)
    rows = [row for row in dealreports.closed(app.store, within) if row["status"] == "lost"]
    exchange = exchange_of(app, asked, rows)
    if by == "stage":
        last = {row["deal_id"]: row["stage_name"] for row in dealreports.last_stages(app.store, within)}
    group = group_of(app, by) if by not in ("reason", "stage") else None
    found: dict[tuple[str, str], list[int]] = {}
    whole: dict[str, int] = {}
    for row in rows:
        name = group(row) if group else last.get(row["id"], UNKNOWN) if by == "stage" else ""
        counts = found.setdefault((name, row["lost_reason"] or NOT_SAID), [0, 0])
        counts[0] += 1
        counts[1] += amount_of(app, exchange, row)
        whole[name] = whole.get(name, 0) + 1
    app.notes += exchange.told()
    order = sorted(found, key=lambda one: (one[0].casefold(), -found[one][0], -found[one][1], one[1].casefold()))
    return Page(
        [
            {
                "id": "/".join(filter(None, key)),
                "group": key[0] or None,
                "reason": key[1],
                "deals": found[key][0],
                "share": round(found[key][0] * 100 / whole[key[0]], 1),
                "currency": exchange.currency,
                **fields(exchange.currency, {"amount": found[key][1]}),
            }
            for key in order
        ]
    )

"""What stands in each stage of a pipeline: counts and sums by currency, and how many rot."""

from collections.abc import Callable

from crmcli.kernel.clock import Clock, stamp
from crmcli.store import deals
from crmcli.store.connection import Row
from crmcli.store.dealfields import PROBABILITY, rots, weighted
from crmcli.store.deals import Condition
from crmcli.store.filters import Node
from crmcli.store.store import Store

OPEN = "deal.status = 'open'"


def closed_since(stamp: str) -> str:
    """The condition of what was won or lost since a stored moment."""
    return f"deal.closed_at >= '{stamp}'"


def condition(store: Store, node: Node | None, clock: Clock, user: Callable[[str], int], pipeline: int) -> Condition:
    """The filter of a board: the deals of one pipeline that match.

    Raises:
        UsageError: the filter is wrong.
    """
    sql, parameters = deals.condition(store, node, clock, user)
    return f"deal.pipeline_id = {int(pipeline)}" + (f" AND {sql}" if sql else ""), parameters


def sums(store: Store, where: Condition, clock: Clock, which: str) -> list[Row]:
    """Of each stage and currency: `deals`, `rotting`, `amount` and `weighted`, the last two in minor units.

    Weighted amounts are rounded for each deal, so that what stands beside the deals adds up.

    Args:
        store: the store.
        where: see `condition`.
        clock: the moment from which ages are counted.
        which: OPEN, or what `closed_since` returns.
    """
    sql, parameters = where
    return store.rows(
        "SELECT deal.stage_id, deal.currency, count(*) AS deals,"
        f" sum({rots(stamp(clock.now()), store.dialect)}) AS rotting,"
        " cast(coalesce(sum(deal.amount), 0) as bigint) AS amount,"
        f" cast(coalesce(sum({weighted(PROBABILITY)}), 0) as bigint) AS weighted"
        f" FROM deal WHERE {deals.KEPT} AND {which} AND {sql}"
        " GROUP BY deal.stage_id, deal.currency ORDER BY deal.stage_id, deal.currency",
        parameters,
    )

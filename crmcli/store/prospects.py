"""Reads of deals for forecasts: those that are open, those that were won, and how those that entered a stage ended.

Open deals are few against all that was ever closed; both are read along an index of theirs.
"""

from collections.abc import Sequence

from crmcli.store.connection import Row
from crmcli.store.store import Store

COLUMNS = (
    "deal.id, deal.name, deal.amount, deal.currency, deal.status, deal.close_date, deal.closed_at, deal.owner_id,"
    " deal.stage_id, deal.pipeline_id, deal.probability, deal.forecast_category, user_account.name AS owner_name,"
    " stage.name AS stage_name, stage.probability AS stage_probability, stage.forecast_category AS stage_category,"
    " pipeline.name AS pipeline_name"
)
TABLES = (
    "deal JOIN stage ON stage.id = deal.stage_id JOIN pipeline ON pipeline.id = deal.pipeline_id"
    " LEFT JOIN user_account ON user_account.id = deal.owner_id"
)


def open_deals(store: Store, owner: int | None = None, pipeline: int | None = None) -> list[Row]:
    """The open deals, of an owner and of a pipeline where these are given."""
    condition, bound = _narrowed(owner, pipeline)
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE deal.status = 'open' AND deal.deleted_at IS NULL{condition}"
        " ORDER BY deal.owner_id, deal.close_date, deal.id",
        bound,
    )


def won(store: Store, since: str, until: str, owner: int | None = None, pipeline: int | None = None) -> list[Row]:
    """The deals that were won from an instant on and before another."""
    condition, bound = _narrowed(owner, pipeline)
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE deal.closed_at >= ? AND deal.closed_at < ? AND deal.status = 'won'"
        f" AND deal.deleted_at IS NULL{condition} ORDER BY deal.closed_at, deal.id",
        [since, until, *bound],
    )


def ends(store: Store) -> list[Row]:
    """By `stage_id`: how many closed deals had entered the stage (`closed`), and how many of them were `won`."""
    return store.rows(
        "SELECT deal_stage.stage_id AS stage_id, count(DISTINCT deal.id) AS closed,"
        " count(DISTINCT CASE WHEN deal.status = 'won' THEN deal.id END) AS won"
        " FROM deal JOIN deal_stage ON deal_stage.deal_id = deal.id"
        " WHERE deal.closed_at >= '0001' AND deal.closed_at IS NOT NULL AND deal.deleted_at IS NULL"
        " AND deal.status <> 'open' GROUP BY deal_stage.stage_id"
    )


def stages(store: Store) -> list[Row]:
    """All stages with the names of their pipelines, in their order."""
    return store.rows(
        "SELECT stage.*, pipeline.name AS pipeline_name FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id"
        " ORDER BY pipeline.position, pipeline.id, stage.position, stage.id"
    )


def _narrowed(owner: int | None, pipeline: int | None) -> tuple[str, Sequence[object]]:
    given = [("owner_id", owner), ("pipeline_id", pipeline)]
    found = [(name, key) for name, key in given if key is not None]
    return "".join(f" AND deal.{name} = ?" for name, _ in found), [key for _, key in found]

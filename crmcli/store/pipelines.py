"""Reads of pipelines and their stages, and what stands in each stage."""

from collections.abc import Sequence

from crmcli.store.connection import Row
from crmcli.store.sql import marks
from crmcli.store.store import Store


def pipelines(store: Store) -> list[Row]:
    """All pipelines in their order; the first is meant where none is named."""
    return store.rows("SELECT * FROM pipeline ORDER BY position, id")


def stages(store: Store, pipeline: int, *, ended: bool = False) -> list[Row]:
    """The stages of a pipeline in their order; with `ended` those that are not used any more too."""
    still = "" if ended else " AND ended_at IS NULL"
    return store.rows(f"SELECT * FROM stage WHERE pipeline_id = ?{still} ORDER BY position, id", [pipeline])


def stage(store: Store, key: int) -> Row | None:
    """A stage by its key."""
    return store.row("SELECT * FROM stage WHERE id = ?", [key])


def deals_in(store: Store, stage: int) -> list[int]:
    """The keys of the deals that are in a stage, deleted ones included: they can come back."""
    return [row["id"] for row in store.rows("SELECT id FROM deal WHERE stage_id = ? ORDER BY id", [stage])]


def was_used(store: Store, stage: int) -> bool:
    """Whether a deal is or ever was in a stage."""
    sql = "SELECT 1 AS found FROM deal_stage WHERE stage_id = ? LIMIT 1"
    return store.row(sql, [stage]) is not None or bool(deals_in(store, stage))


def has_deals(store: Store, pipeline: int) -> bool:
    """Whether a pipeline has deals, deleted ones included."""
    return store.row("SELECT 1 AS found FROM deal WHERE pipeline_id = ? LIMIT 1", [pipeline]) is not None


def names(store: Store, keys: Sequence[int]) -> dict[int, str]:
    """The names of stages by their keys."""
    rows = store.rows(f"SELECT id, name FROM stage WHERE id IN ({marks(keys)})", keys) if keys else []
    return {row["id"]: row["name"] for row in rows}

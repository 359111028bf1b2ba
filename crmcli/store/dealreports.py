"""Reads of deals for reports: those that were closed or made in a while, and how long they stayed in each stage."""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.store.connection import Row
from crmcli.store.store import Store

COLUMNS = (
    "deal.id, deal.amount, deal.currency, deal.status, deal.created_at, deal.closed_at, deal.lost_reason,"
    " user_account.name AS owner_name, pipeline.name AS pipeline_name,"
    " coalesce(deal.source, contact.lead_source) AS source"
)
TABLES = (
    "deal JOIN pipeline ON pipeline.id = deal.pipeline_id LEFT JOIN contact ON contact.id = deal.contact_id"
    " LEFT JOIN user_account ON user_account.id = deal.owner_id"
)


class Range(NamedTuple):
    """Instants from one on and before another; of an owner and a pipeline where these are given (their keys)."""

    since: str
    until: str
    owner: int | None = None
    pipeline: int | None = None

    def narrowed(self, table: str = "deal") -> tuple[str, list[object]]:
        """The condition on owner and pipeline, and its parameters."""
        given = [("owner_id", self.owner), ("pipeline_id", self.pipeline)]
        found = [(name, key) for name, key in given if key is not None]
        return "".join(f" AND {table}.{name} = ?" for name, _ in found), [key for _, key in found]


def closed(store: Store, asked: Range) -> list[Row]:
    """The deals that were won or lost, as they were closed."""
    condition, bound = asked.narrowed()
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE deal.closed_at >= ? AND deal.closed_at < ? AND deal.status <> 'open'"
        f" AND deal.deleted_at IS NULL{condition} ORDER BY deal.closed_at, deal.id",
        [asked.since, asked.until, *bound],
    )


def created(store: Store, asked: Range) -> list[Row]:
    """The deals that were made, in their order."""
    condition, bound = asked.narrowed()
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE deal.created_at >= ? AND deal.created_at < ?"
        f" AND deal.deleted_at IS NULL{condition} ORDER BY deal.created_at, deal.id",
        [asked.since, asked.until, *bound],
    )


def stays(store: Store, asked: Range) -> list[Row]:
    """The stays in stages of the deals that were closed: `deal_id`, `status`, `stage_id`, `entered_at`, `left_at`."""
    condition, bound = asked.narrowed()
    return store.rows(
        "SELECT deal.id AS deal_id, deal.status, deal_stage.stage_id, deal_stage.entered_at, deal_stage.left_at"
        " FROM deal JOIN deal_stage ON deal_stage.deal_id = deal.id"
        " WHERE deal.closed_at >= ? AND deal.closed_at < ? AND deal.status <> 'open' AND deal.deleted_at IS NULL"
        f"{condition} ORDER BY deal.closed_at, deal.id, deal_stage.id",
        [asked.since, asked.until, *bound],
    )


def last_stages(store: Store, asked: Range) -> list[Row]:
    """Of the deals that were lost the stages that each was in before, as it went: `deal_id`, `stage_name`."""
    condition, bound = asked.narrowed()
    return store.rows(
        "SELECT deal.id AS deal_id, stage.name AS stage_name FROM deal"
        " JOIN deal_stage ON deal_stage.deal_id = deal.id JOIN stage ON stage.id = deal_stage.stage_id"
        " WHERE deal.closed_at >= ? AND deal.closed_at < ? AND deal.status = 'lost' AND deal.deleted_at IS NULL"
        f" AND stage.type = 'open'{condition} ORDER BY deal.closed_at, deal.id, deal_stage.id",
        [asked.since, asked.until, *bound],
    )


def leads(store: Store, asked: Range) -> Sequence[Row]:
    """How many contacts that say where they came from were added: `source`, `owner_name`, `month`, `leads`."""
    mine = "" if asked.owner is None else " AND contact.owner_id = ?"
    return store.rows(
        "SELECT contact.lead_source AS source, user_account.name AS owner_name,"
        " substr(contact.created_at, 1, 7) AS month, count(*) AS leads"
        " FROM contact LEFT JOIN user_account ON user_account.id = contact.owner_id"
        " WHERE contact.created_at >= ? AND contact.created_at < ? AND contact.deleted_at IS NULL"
        f" AND contact.lead_source IS NOT NULL{mine}"
        " GROUP BY contact.lead_source, user_account.name, substr(contact.created_at, 1, 7)",
        [asked.since, asked.until, *([] if asked.owner is None else [asked.owner])],
    )


def sources(store: Store) -> dict[int, str]:
    """Where the open deals came from, by their keys; those of which nobody knows are left out."""
    rows = store.rows(
        "SELECT deal.id, coalesce(deal.source, contact.lead_source) AS source FROM deal"
        " LEFT JOIN contact ON contact.id = deal.contact_id WHERE deal.status = 'open' AND deal.deleted_at IS NULL"
        " ORDER BY deal.owner_id, deal.close_date, deal.id"
    )
    return {row["id"]: row["source"] for row in rows if row["source"]}

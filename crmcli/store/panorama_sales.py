"""What is to be sold, was sold and was asked, counted for the panorama, and the lists behind the counts."""

from collections.abc import Sequence

from crmcli.store.activity import PURCHASE
from crmcli.store.cases import OPEN
from crmcli.store.connection import Row
from crmcli.store.dealfields import weighted
from crmcli.store.panorama import owned
from crmcli.store.snapshot_sales import pending_since
from crmcli.store.sql import listed, slices
from crmcli.store.store import Store

MOST_CASES = 20_000
"""So many open cases are looked at."""

_CUSTOMER = "contact.display_name AS contact_name, company.name AS company_name, user_account.name AS owner"
_DEALS = (
    "SELECT deal.id, deal.name, deal.contact_id, deal.company_id, deal.amount, deal.currency, deal.close_date,"
    " deal.stage_since, coalesce(deal.probability, stage.probability) AS probability, stage.name AS stage,"
    f" stage.rotting_days, {_CUSTOMER}"
)
_ORDERS = (
    "SELECT sales_order.id, sales_order.number, sales_order.contact_id, sales_order.company_id,"
    f" sales_order.ordered_on, sales_order.status, sales_order.currency, sales_order.total, sales_order.paid,"
    f" {_CUSTOMER}"
)
_CASES = (
    "SELECT support_case.id, support_case.subject, support_case.contact_id, support_case.company_id,"
    " support_case.status, support_case.priority, support_case.opened_at, support_case.first_response_at,"
    f" support_case.response_due_at, support_case.resolution_due_at, {_CUSTOMER}"
)


def _customer(table: str) -> str:
    return (
        f" LEFT JOIN contact ON contact.id = {table}.contact_id LEFT JOIN company ON company.id = {table}.company_id"
        f" LEFT JOIN user_account ON user_account.id = {table}.owner_id"
    )


def open_stages(store: Store) -> list[Row]:
    """The stages in which a deal is open, in their order: `id`, `name`, `pipeline`, `probability`, `rotting_days`."""
    return store.rows(
        "SELECT stage.id, stage.name, stage.name_key, stage.probability, stage.rotting_days, pipeline.name AS pipeline"
        " FROM pipeline JOIN stage ON stage.pipeline_id = pipeline.id WHERE stage.type = 'open'"
        " ORDER BY pipeline.position, pipeline.id, stage.position, stage.id"
    )


def in_stage(store: Store, stage: Row, before: str | None, owner: int | None) -> list[Row]:
    """The open deals of a stage by currency: `n`, `amount` and `weighted` (minor units), `rotting`.

    `before` is the stored instant before which a deal must have entered the stage to rot; None where none does.
    """
    mine = owned("owner_id", owner)
    return store.rows(
        "SELECT currency, count(*) AS n, coalesce(sum(amount), 0) AS amount,"
        f" coalesce(sum({weighted('coalesce(probability, CAST(? AS bigint))')}), 0) AS weighted,"
        " sum(CASE WHEN stage_since < ? THEN 1 ELSE 0 END) AS rotting FROM deal WHERE stage_id = ?"
        f" AND deleted_at IS NULL AND status = 'open'{mine.sql} GROUP BY currency",
        [stage["probability"], before or "", stage["id"], *mine.values],
    )


def deals(store: Store, stages: Sequence[int], owner: int | None, limit: int | None) -> list[Row]:
    """The open deals of these stages, those to be won first coming first; one more than `limit` if there are."""
    if not stages:
        return []
    mine = owned("deal.owner_id", owner)
    end, more = ("", []) if limit is None else (" LIMIT ?", [limit + 1])
    return store.rows(
        f"{_DEALS} FROM deal JOIN stage ON stage.id = deal.stage_id{_customer('deal')}"
        f" WHERE deal.stage_id IN ({listed(stages)}) AND deal.deleted_at IS NULL AND deal.status = 'open'{mine.sql}"
        f" ORDER BY deal.close_date IS NULL, deal.close_date, deal.id{end}",
        [*mine.values, *more],
    )


def ordered(store: Store, first: str, last: str, owner: int | None) -> list[Row]:
    """What was ordered from a day to a day, by day and currency: `n` and `total` (minor units)."""
    mine = owned("owner_id", owner)
    return store.rows(
        "SELECT ordered_on, currency, count(*) AS n, sum(total) AS total FROM sales_order WHERE ordered_on >= ?"
        f" AND ordered_on <= ? AND {PURCHASE}{mine.sql} GROUP BY ordered_on, currency ORDER BY ordered_on",
        [first, last, *mine.values],
    )


def orders(store: Store, first: str, last: str, owner: int | None, limit: int | None) -> list[Row]:
    """The orders from a day to a day, the newest first; one more than `limit` if there are."""
    mine = owned("sales_order.owner_id", owner)
    end, more = ("", []) if limit is None else (" LIMIT ?", [limit + 1])
    return store.rows(
        f"{_ORDERS} FROM sales_order{_customer('sales_order')} WHERE sales_order.ordered_on >= ?"
        f" AND sales_order.ordered_on <= ? AND sales_order.{PURCHASE}{mine.sql}"
        f" ORDER BY sales_order.ordered_on DESC, sales_order.id DESC{end}",
        [first, last, *mine.values, *more],
    )


def open_cases(store: Store, owner: int | None) -> list[Row]:
    """The open cases, as `crm case list` has them, those to be solved first coming first.

    `since` is since when one that is pending is.
    """
    mine = owned("support_case.owner_id", owner)
    rows = store.rows(
        "SELECT support_case.id, support_case.status, support_case.priority, support_case.first_response_at,"
        " support_case.response_due_at, support_case.resolution_due_at, support_case.resolved_at"
        f" FROM support_case{_customer('support_case')}"
        f" WHERE {OPEN}{mine.sql} ORDER BY support_case.resolution_due_at, support_case.id LIMIT {MOST_CASES}",
        mine.values,
    )
    return _with_since(store, rows)


def _with_since(store: Store, rows: Sequence[Row]) -> list[Row]:
    """The cases with `since`: since when those that are pending are."""
    found: dict[int, str] = {}
    for part in slices([row["id"] for row in rows if row["status"] == "pending"]):
        found |= pending_since(store, part)
    return [{**row, "since": found.get(row["id"])} for row in rows]


def cases(store: Store, found: Sequence[int]) -> list[Row]:
    """The cases of these keys, in their order."""
    rows: dict[int, Row] = {}
    for part in slices(found):
        sql = f"{_CASES} FROM support_case{_customer('support_case')} WHERE support_case.id IN ({listed(part)})"
        rows |= {row["id"]: row for row in store.rows(sql)}
    return [rows[key] for key in found]


def opened_since(store: Store, since: str, owner: int | None) -> list[Row]:
    """The cases opened since a stored instant, the newest first.

    `id`, `status`, `opened_at`, `first_response_at`, `response_due_at`, `resolution_due_at`, `resolved_at`; and
    `since`: since when one that is pending is.
    """
    mine = owned("owner_id", owner)
    rows = store.rows(
        "SELECT id, status, opened_at, first_response_at, response_due_at, resolution_due_at, resolved_at"
        f" FROM support_case WHERE opened_at >= ? AND deleted_at IS NULL{mine.sql} ORDER BY opened_at DESC, id DESC",
        [since, *mine.values],
    )
    return _with_since(store, rows)

"""Reads of deals: records, lists, what belongs to one, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from json import loads
from typing import Any

from crmcli.kernel.clock import Clock, instant, stamp
from crmcli.kernel.ids import ref
from crmcli.kernel.money import divided, plain
from crmcli.kernel.pipelines import likely
from crmcli.store import about
from crmcli.store.connection import Row
from crmcli.store.dealfields import fields
from crmcli.store.filters import Node, mentions
from crmcli.store.sql import listed, slices
from crmcli.store.store import Store

Condition = tuple[str, list[object]]
DAY = 86_400
COLUMNS = (
    "deal.*, contact.display_name AS contact_name, company.name AS company_name, user_account.name AS owner_name,"
    " stage.name AS stage_name, stage.probability AS stage_probability,"
    " stage.forecast_category AS stage_forecast_category, stage.rotting_days AS rotting_days,"
    " pipeline.name AS pipeline_name, contact.lead_source AS contact_source"
)
TABLES = (
    "deal LEFT JOIN stage ON stage.id = deal.stage_id LEFT JOIN pipeline ON pipeline.id = deal.pipeline_id"
    " LEFT JOIN contact ON contact.id = deal.contact_id LEFT JOIN company ON company.id = deal.company_id"
    " LEFT JOIN user_account ON user_account.id = deal.owner_id"
)
KEPT = "deal.deleted_at IS NULL"
OPEN = f"deal.status = 'open' AND {KEPT}"
SORTS = {
    "close": ("(deal.close_date IS NULL)", "deal.close_date", "deal.id"),
    "amount": ("deal.amount IS NULL", "deal.currency", "deal.amount", "deal.id"),
    "created": ("deal.created_at", "deal.id"),
    "stage": ("pipeline.position", "pipeline.id", "stage.position", "stage.id", "deal.id"),
    "name": ("deal.name", "deal.id"),
    "updated": ("deal.updated_at", "deal.id"),
    "id": ("deal.id",),
}
_NAMES = "SELECT name_key FROM {} ORDER BY position, id"
NULLS_LAST = (" IS NULL", " IS NULL)")


def record(row: Row, now: str, following: Row | None = None) -> dict[str, Any]:
    """The record of a row of COLUMNS.

    Args:
        row: the row.
        now: the moment from which its age is counted, as stored text.
        following: its next open follow-up, if there is one.
    """
    probability = likely(row["status"], row["probability"], row["stage_probability"])
    currency, amount = row["currency"], row["amount"]
    weighted = None if amount is None else divided(amount * probability, 100)
    ended = row["closed_at"] or now
    days = days_between(row["stage_since"], now)
    limit = row["rotting_days"]
    contact, company = row["contact_id"], row["company_id"]
    return {
        "id": ref("deal", row["id"]),
        "uid": row["uid"],
        "name": row["name"],
        "status": row["status"],
        "pipeline": row["pipeline_name"],
        "stage": row["stage_name"],
        "amount": None if amount is None else plain(amount, currency),
        "amount_minor": amount,
        "currency": currency,
        "probability": probability,
        "own_probability": row["probability"],
        "weighted": None if weighted is None else plain(weighted, currency),
        "weighted_minor": weighted,
        "forecast_category": category(row),
        "own_forecast_category": row["forecast_category"],
        "close_date": row["close_date"],
        "contact": contact and {"id": ref("contact", contact), "display_name": row["contact_name"]},
        "company": company and {"id": ref("company", company), "name": row["company_name"]},
        "owner": row["owner_name"],
        "source": row["source"] or row["contact_source"],
        "own_source": row["source"],
        "lost_reason": row["lost_reason"],
        "next": following and {key: following[key] for key in ("id", "subject", "due_at", "all_day")},
        "age_days": days_between(row["created_at"], ended),
        "stage_since": row["stage_since"],
        "stage_days": days,
        "rotting_days": limit,
        "rotting": row["status"] == "open" and limit is not None and days >= limit,
        "note": row["note"],
        "external": row["external"],
        "custom": loads(row["custom"]) if row["custom"] else {},
        "closed_at": row["closed_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "deleted_at": row["deleted_at"],
    }


def category(row: Row) -> str:
    """How a deal counts in a forecast: its own way, else that of its stage."""
    found: str = (row["forecast_category"] if row["status"] == "open" else None) or row["stage_forecast_category"]
    return found


def days_between(start: str, end: str) -> int:
    """The whole days between two stored moments."""
    return max(0, int((instant(end) - instant(start)).total_seconds()) // DAY)


def get(store: Store, key: int) -> Row | None:
    """The row with this key, deleted or not, or None."""
    return store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE deal.id = ?", [key])


def by_text(store: Store, column: str, value: str) -> int | None:
    """The key of the deal that has this in `uid` or `external`."""
    found = store.value(f"SELECT id FROM deal WHERE {column} = ?", [value])
    return None if found is None else int(found)


def page(
    store: Store, where: Condition, sort: str, limit: int | None, *, only_open: bool, deleted: bool = False
) -> list[Row]:
    """Rows that match, in order; one more than `limit` when there are more.

    Args:
        store: the store.
        where: see `condition`.
        sort: one of SORTS; a leading `-` reverses, but what has no value stays last.
        limit: how many at most; None for all.
        only_open: leave out what is won or lost.
        deleted: the deleted ones instead.
    """
    sql, parameters = where
    kept = "deal.deleted_at IS NOT NULL" if deleted else OPEN if only_open else KEPT
    conditions = kept + (f" AND {sql}" if sql else "")
    down = " DESC" if sort.startswith("-") else ""
    order = ", ".join(part if part.endswith(NULLS_LAST) else part + down for part in SORTS[sort.lstrip("-")])
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE {conditions} ORDER BY {order}"
    if limit is None:
        return store.rows(query, parameters)
    return store.rows(f"{query} LIMIT ?", [*parameters, limit + 1])


def records(store: Store, rows: Sequence[Row], now: str) -> list[dict[str, Any]]:
    """The records of rows of COLUMNS, each with its next follow-up."""
    following = next_of(store, [row["id"] for row in rows])
    return [record(row, now, following.get(row["id"])) for row in rows]


def condition(store: Store, node: Node | None, clock: Clock, user: Callable[[str], int]) -> Condition:
    """A parsed filter as SQL; "" for an empty one. A part of the name of one stage or pipeline alone means it.

    Raises:
        UsageError: the filter is wrong, or names a stage or pipeline that there is not; see `compile_filter`.
    """
    found = fields(stamp(clock.now()), store.dialect)
    for name in ("stage", "pipeline"):
        if mentions(node, name):
            known = tuple(dict.fromkeys(row["name_key"] for row in store.rows(_NAMES.format(name))))
            found[name] = found[name]._replace(known=known)
    return about.condition(store, "deal", node, found, clock, user)


# --- what belongs to a deal


def next_of(store: Store, keys: Sequence[int]) -> dict[int, Row]:
    """The next open follow-up of each deal that has one, with the id that people use."""
    found: dict[int, Row] = {}
    for part in slices(keys):
        sql = (
            "SELECT id, deal_id, subject, due_at, all_day, timezone FROM followup"
            f" WHERE deal_id IN ({listed(part)}) AND status = 'open' AND deleted_at IS NULL ORDER BY due_at, id"
        )
        for row in store.rows(sql):
            found.setdefault(row["deal_id"], {**row, "id": ref("followup", row["id"]), "all_day": row["all_day"] == 1})
    return found


def lines(store: Store, key: int) -> list[Row]:
    """The lines of a deal in their order, with the `product_name` of today."""
    sql = (
        "SELECT deal_line.*, product.name AS product_name FROM deal_line"
        " LEFT JOIN product ON product.id = deal_line.product_id WHERE deal_id = ? ORDER BY position, deal_line.id"
    )
    return store.rows(sql, [key])


def roles(store: Store, key: int) -> list[Row]:
    """Who has a part in a deal, with the names."""
    sql = (
        "SELECT r.id, r.contact_id, r.role, c.display_name FROM deal_contact r JOIN contact c ON c.id = r.contact_id"
        " WHERE r.deal_id = ? ORDER BY r.id"
    )
    return store.rows(sql, [key])


def stays(store: Store, key: int) -> list[Row]:
    """The stays of a deal in stages, as it went, with the names of the stages.

    By when they began the order could be another: a deal may be told to be won before the day on which it was entered.
    """
    sql = (
        "SELECT d.id, d.stage_id, d.entered_at, d.left_at, s.name, s.type FROM deal_stage d"
        " JOIN stage s ON s.id = d.stage_id WHERE d.deal_id = ? ORDER BY d.id"
    )
    return store.rows(sql, [key])


def followups(store: Store, key: int, limit: int) -> list[Row]:
    """The follow-ups of a deal, the open ones first."""
    sql = (
        "SELECT id, subject, due_at, all_day, timezone, status, closed_at FROM followup WHERE deal_id = ?"
        " AND deleted_at IS NULL ORDER BY CASE status WHEN 'open' THEN 0 ELSE 1 END, due_at, id LIMIT ?"
    )
    return store.rows(sql, [key, limit])


def interactions(store: Store, key: int, limit: int) -> list[Row]:
    """What was logged about a deal, the newest first."""
    sql = (
        "SELECT id, occurred_at, direction, channel, subject, body, outcome FROM interaction WHERE deal_id = ?"
        " AND deleted_at IS NULL ORDER BY occurred_at DESC, id DESC LIMIT ?"
    )
    return store.rows(sql, [key, limit])

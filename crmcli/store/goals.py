"""Reads of goals, and of the orders that count for them."""

from collections.abc import Mapping
from typing import Any

from crmcli.model.enums import NO_PURCHASE
from crmcli.store.connection import Row
from crmcli.store.store import Store

COLUMNS = "goal.*, user_account.name AS owner_name"
TABLES = "goal LEFT JOIN user_account ON user_account.id = goal.owner_id"


def get(store: Store, key: int) -> Row | None:
    """The goal with this key, or None."""
    return store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE goal.id = ? AND goal.deleted_at IS NULL", [key])


def same(store: Store, what: Mapping[str, Any]) -> Row | None:
    """The goal that has these columns, where None is what an empty one has, or None."""
    alike = " AND ".join(f"{column} IS NULL" if value is None else f"{column} = ?" for column, value in what.items())
    bound = [value for value in what.values() if value is not None]
    return store.row(f"SELECT * FROM goal WHERE {alike} AND deleted_at IS NULL ORDER BY id", bound)


def page(store: Store, since: str) -> list[Row]:
    """The goals that end on a day or later, those that end first at the beginning."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE goal.ends_on >= ? AND goal.deleted_at IS NULL"
        " ORDER BY goal.ends_on, goal.id",
        [since],
    )


def ordered(store: Store, first: str, last: str, owner: int | None) -> list[Row]:
    """What was ordered from a day to another, both included: `day`, `currency` and the sum of `total`."""
    mine = "" if owner is None else " AND owner_id = ?"
    return store.rows(
        "SELECT ordered_on AS day, currency, CAST(sum(total) AS BIGINT) AS total FROM sales_order WHERE ordered_on >= ?"
        f" AND ordered_on <= ? AND deleted_at IS NULL AND status NOT IN {NO_PURCHASE}{mine}"
        " GROUP BY ordered_on, currency ORDER BY ordered_on, currency",
        [first, last, *([] if owner is None else [owner])],
    )

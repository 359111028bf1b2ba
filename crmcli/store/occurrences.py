"""Reads of follow-ups that repeat: the others of a series, and what the journal knows of a follow-up."""

from typing import Any

from crmcli.store.connection import Row
from crmcli.store.followups import COLUMNS, TABLES
from crmcli.store.history import undone
from crmcli.store.store import Store

DUE = ("due_at", "all_day", "timezone")


def later(store: Store, series: str, key: int) -> Row | None:
    """The newest occurrence of a series that was planned after this one; None when there is none."""
    return store.row(
        "SELECT id, status FROM followup WHERE series = ? AND id > ? AND deleted_at IS NULL ORDER BY id DESC LIMIT 1",
        [series, key],
    )


def earlier(store: Store, series: str, key: int) -> Row | None:
    """The occurrence of a series that was planned before this one; None for the first."""
    return store.row(
        "SELECT * FROM followup WHERE series = ? AND id < ? AND deleted_at IS NULL ORDER BY id DESC LIMIT 1",
        [series, key],
    )


def of_series(store: Store, series: str) -> list[Row]:
    """The rows of a series in the order in which they were planned."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.series = ? AND followup.deleted_at IS NULL"
        " ORDER BY followup.id",
        [series],
    )


def changes(store: Store, key: int) -> list[Row]:
    """What the journal knows of a follow-up, the oldest first: `before` and `after`, JSON texts, `at`, `actor` and
    `command`."""
    return store.rows(
        "SELECT change.before, change.after, operation.at, operation.actor, operation.command FROM change"
        " JOIN operation ON operation.id = change.operation_id"
        " WHERE change.noun = 'followup' AND change.record_id = ? ORDER BY change.id",
        [key],
    )


def is_undo(row: Row) -> bool:
    """Whether a row of `changes` took another one back."""
    return undone(row["command"]) is not None


def user_names(store: Store) -> dict[int, Any]:
    """The names of the team by key."""
    return {row["id"]: row["name"] for row in store.rows("SELECT id, name FROM user_account ORDER BY id")}

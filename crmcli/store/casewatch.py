"""Targets of open cases that were missed, or are near: ranges of the indexes by target."""

from collections.abc import Sequence

from crmcli.store import casedue
from crmcli.store.cases import COLUMNS, KEPT, OPEN, TABLES, Condition
from crmcli.store.connection import Row
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store


def _runs(target: str) -> str:
    """That the clock runs, or had run out before it stood still."""
    return f"(support_case.status <> 'pending' OR support_case.{target}_due_at < {casedue.SINCE})"


def occurrence(target: str) -> str:
    """What names a missed target, in SQL: `cs1@response@2026-11-20T14:00:00Z`. A target that moves is told anew."""
    return f"'cs' || CAST(support_case.id AS TEXT) || '@{target}@' || support_case.{target}_due_at"


def _part(target: str, owner: int | None, more: str) -> str:
    whose = "" if owner is None else " AND (support_case.owner_id = ? OR support_case.owner_id IS NULL)"
    answer = f" AND {casedue.UNANSWERED}" if target == "response" else ""
    return (
        f"SELECT * FROM (SELECT support_case.id, support_case.{target}_due_at AS target_at, '{target}' AS target,"
        f" {occurrence(target)} AS occurrence FROM {TABLES} WHERE {OPEN}{answer}{whose}"
        f" AND support_case.{target}_due_at <= ? AND {_runs(target)}{more}"
        f" ORDER BY support_case.{target}_due_at, support_case.id LIMIT ?) AS {target}_part"
    )


def until(store: Store, owner: int | None, end: str, most: int, where: Condition = ("", ())) -> list[Row]:
    """Targets of an owner's cases and of nobody's that are not later than a stored instant, the earliest first.

    Args:
        store: the store.
        owner: whose; everyone's for None.
        end: the instant.
        most: how many of each target at most.
        where: a filter, see `cases.condition`.

    Returns:
        Rows with `id`, `target`, `target_at` and `occurrence`; a case may stand in two of them. `read` adds the rest.
    """
    more = f" AND {where[0]}" if where[0] else ""
    return _targets(store, owner, end, more, where[1], most)


def untold(store: Store, user: int, channel: str, now: str, since: str | None, most: int) -> list[Row]:
    """Missed targets of a user's cases and of nobody's that were not told there; as `until` gives them.

    Args:
        store: the store.
        user: whom to tell.
        channel: where.
        now: the stored moment.
        since: those that were last told before this are told again; None for none.
        most: how many of each target at most.
    """
    known = "r.status <> 'failed'"
    again: list[object] = []
    if since is not None:
        known += " AND NOT (r.status IN ('sent', 'unknown') AND r.claimed_at < ?)"
        again = [since]
    more = (
        " AND NOT EXISTS (SELECT 1 FROM reminder r WHERE r.occurrence = {occurrence} AND r.channel = ?"
        f" AND r.user_id = ? AND {known})"
    )
    found = _targets(store, user, now, more, [channel, user, *again], most)
    return [row for row in found if row["target_at"] < now]


def _targets(store: Store, owner: int | None, end: str, more: str, values: Sequence[object], most: int) -> list[Row]:
    parts, parameters = [], []
    for target in casedue.TARGETS:
        parts.append(_part(target, owner, more.replace("{occurrence}", occurrence(target))))
        parameters += [*([] if owner is None else [owner]), end, *values, most]
    rows = store.rows(" UNION ALL ".join(parts), parameters)
    return sorted(rows, key=lambda row: (row["target_at"], row["id"], row["target"]))


def read(store: Store, targets: Sequence[Row]) -> list[Row]:
    """Targets, each with `cases.COLUMNS` of its case: of those alone that are shown, however many are missed."""
    known = _rows(store, sorted({row["id"] for row in targets}))
    return [{**known[row["id"]], **row} for row in targets]


def still_late(store: Store, user: int, keys: Sequence[int]) -> list[Row]:
    """Of these cases those that are open, the user's or nobody's, and of a customer who is still there."""
    return [row for row in _rows(store, keys).values() if _is_open(row) and row["owner_id"] in (user, None)]


def _is_open(row: Row) -> bool:
    return row["status"] in casedue.OPEN and bool(row["is_kept"])


def _rows(store: Store, keys: Sequence[int]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for part in slices(keys):
        kept = f"CASE WHEN {KEPT} THEN 1 ELSE 0 END AS is_kept"
        sql = f"SELECT {COLUMNS}, {kept} FROM {TABLES} WHERE support_case.id IN ({marks(part)})"
        found.update((row["id"], row) for row in store.rows(sql, part))
    return found


def any_at_all(store: Store) -> bool:
    """Whether there is a case, of whatever status: who has none pays for none."""
    return store.row("SELECT 1 AS found FROM support_case LIMIT 1") is not None

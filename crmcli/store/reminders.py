"""What people were reminded of: claimed before it is told, settled afterwards. A protocol, not journalled.

An occurrence is named by what is due and when, `f12@2026-11-28T09:00:00Z`: a follow-up that is put off is due anew.
"""

from collections.abc import Sequence
from typing import Any

from crmcli.store import due
from crmcli.store.connection import Connection, Row
from crmcli.store.due import Horizon
from crmcli.store.followups import COLUMNS, OPEN, TABLES
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

OCCURRENCE = "'f' || CAST(followup.id AS TEXT) || '@' || followup.due_at"
_LOG = (
    "SELECT reminder.*, user_account.name AS user_name FROM reminder"
    " JOIN user_account ON user_account.id = reminder.user_id"
)


def untold(store: Store, user: int, channel: str, at: Horizon, since: str | None, most: int) -> list[Row]:
    """Open follow-ups of a user, or of nobody, that are due and were not told there; the earliest first.

    Args:
        store: the store.
        user: whom to tell.
        channel: where.
        at: the moment.
        since: those that are overdue and were last told before this are told again; None for none.
        most: how many at most.

    Returns:
        Rows of `followups.COLUMNS` with `occurrence`.
    """
    known = "r.status <> 'failed'"
    again: list[object] = []
    if since is not None:
        late, again = due.condition("overdue", at)
        known += f" AND NOT (r.status IN ('sent', 'unknown') AND r.claimed_at < ? AND {late})"
        again = [since, *again]
    # Mine and nobody's are a range each of the index by owner and date; together they would be read by date alone, and
    # with them all that was done long ago.
    parts: list[str] = []
    parameters: list[object] = []
    for whose, owner in (("followup.owner_id = ?", [user]), ("followup.owner_id IS NULL", [])):
        parts.append(
            f"SELECT * FROM (SELECT followup.id, followup.due_at FROM {TABLES} WHERE {OPEN} AND {whose}"
            f" AND followup.due_at <= ? AND NOT EXISTS (SELECT 1 FROM reminder r WHERE r.occurrence = {OCCURRENCE}"
            f" AND r.channel = ? AND r.user_id = ? AND {known})"
            f" ORDER BY followup.due_at, followup.id LIMIT ?) AS part_{len(parts)}"
        )
        parameters += [*owner, at.now, channel, user, *again, most]
    first = f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS parts ORDER BY due_at, id LIMIT ?"
    return store.rows(
        f"SELECT {COLUMNS}, {OCCURRENCE} AS occurrence FROM {TABLES} WHERE followup.id IN ({first})"
        " ORDER BY followup.due_at, followup.id",
        [*parameters, most],
    )


def still_due(store: Store, user: int, occurrences: Sequence[str]) -> list[Row]:
    """Of these occurrences of follow-ups those that are still to be told the user: open, due then, the user's or
    nobody's, and of a customer who is still there. Rows as those of `untold`."""
    found: list[Row] = []
    keys = [int(name.partition("@")[0].removeprefix("f")) for name in occurrences]
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        found += store.rows(
            f"SELECT {COLUMNS}, {OCCURRENCE} AS occurrence FROM {TABLES} WHERE {OPEN}"
            f" AND followup.id IN ({marks(part)}) AND (followup.owner_id = ? OR followup.owner_id IS NULL)",
            [*part, user],
        )
    return [row for row in found if row["occurrence"] in set(occurrences)]


def told(store: Store, user: int, channel: str, occurrences: Sequence[str]) -> dict[str, Row]:
    """The latest round of each of these that was told, or tried."""
    found = {}
    for part in slices(occurrences):
        for row in store.rows(
            f"SELECT * FROM reminder WHERE occurrence IN ({marks(part)}) AND channel = ? AND user_id = ?"
            " ORDER BY round",
            [*part, channel, user],
        ):
            found[row["occurrence"]] = row
    return found


def claim(connection: Connection, rows: Sequence[Row], before: dict[str, Row]) -> None:
    """Write that these are being told.

    Args:
        connection: in a writing transaction.
        rows: the columns of a reminder that are known; `round` is found here.
        before: what `told` returned.
    """
    fresh = []
    for row in rows:
        last = before.get(row["occurrence"])
        if last is not None and last["status"] == "failed":
            connection.execute(
                "UPDATE reminder SET status = 'sending', run = ?, claimed_at = ?, settled_at = NULL, error = NULL"
                " WHERE id = ?",
                [row["run"], row["claimed_at"], last["id"]],
            )
        else:
            fresh.append({**row, "status": "sending", "round": last["round"] + 1 if last else 1})
    if fresh:
        names = list(fresh[0])
        connection.insert_rows("reminder", names, [[row[name] for name in names] for row in fresh])


def reclaim(connection: Connection, keys: Sequence[int], now: str) -> None:
    """Write that these are being told once more, in the notice that they were in."""
    for key in keys:
        connection.execute(
            "UPDATE reminder SET status = 'sending', claimed_at = ?, settled_at = NULL, error = NULL WHERE id = ?",
            [now, key],
        )


def settle(connection: Connection, run: str, status: str, now: str, error: str | None) -> None:
    """Write how the telling of a run ended. One that was given up as unknown in between is settled, too."""
    connection.execute(
        "UPDATE reminder SET status = ?, settled_at = ?, error = ? WHERE run = ? AND status IN ('sending', 'unknown')",
        [status, now, error, run],
    )


def abandoned(store: Store, user: int, channel: str, oldest: str, newest: str) -> list[int]:
    """The keys of those that were claimed outside of this span and never settled: their run died."""
    # The index of those that are not known to have arrived is found by its very words.
    rows = store.rows(
        "SELECT id FROM reminder WHERE user_id = ? AND channel = ? AND status <> 'sent' AND status = 'sending'"
        " AND (claimed_at < ? OR claimed_at > ?) ORDER BY id",
        [user, channel, oldest, newest],
    )
    return [row["id"] for row in rows]


def give_up(connection: Connection, keys: Sequence[int], now: str, error: str) -> None:
    """Write of these that nobody knows whether they arrived."""
    for key in keys:
        connection.execute(
            "UPDATE reminder SET status = 'unknown', settled_at = ?, error = ? WHERE id = ? AND status = 'sending'",
            [now, error, key],
        )


def drop(connection: Connection, keys: Sequence[int], now: str, error: str) -> None:
    """Write of these that they are not to be told any more."""
    for key in keys:
        connection.execute(
            "UPDATE reminder SET status = 'failed', settled_at = ?, error = ? WHERE id = ?", [now, error, key]
        )


def note_run(connection: Connection, user: int, channel: str, now: str, count: int, error: str | None) -> None:
    """Keep when reminders of a user last ran on a channel, what they told, and what is wrong since.

    Args:
        connection: in a writing transaction.
        user: whose.
        channel: where.
        now: the moment.
        count: how many occurrences were told; 0 leaves what was told last.
        error: what went wrong; None takes an earlier failure back.
    """
    told_at, told = (now, count) if count else (None, None)
    values = [now, told_at, told, error and now, error, user, channel]
    changed = connection.execute(
        "UPDATE reminder_state SET ran_at = ?, told_at = coalesce(?, told_at), told = coalesce(?, told),"
        " failed_at = ?, error = ? WHERE user_id = ? AND channel = ?",
        values,
    ).rowcount
    if not changed:
        names = ("user_id", "channel", "ran_at", "told_at", "told", "failed_at", "error")
        row = (user, channel, now, told_at, count, error and now, error)
        connection.insert_rows("reminder_state", names, [row])


def log(store: Store, user: int | None, statuses: Sequence[str], limit: int | None) -> list[Row]:
    """Reminders, the latest first; one more than `limit` when there are more.

    Args:
        store: the store.
        user: whose; None for everyone's.
        statuses: only those; empty for all.
        limit: how many at most; None for all.
    """
    where, parameters = "1 = 1", [*statuses]
    if statuses:
        where = f"reminder.status IN ({marks(statuses)})"
    mine: list[Any] = [] if user is None else [user]
    if mine:
        where += " AND reminder.user_id = ?"
    end = "" if limit is None else f" LIMIT {limit + 1:d}"
    return store.rows(
        f"{_LOG} WHERE {where} ORDER BY reminder.claimed_at DESC, reminder.id DESC{end}", [*parameters, *mine]
    )


def unsettled(store: Store, user: int, statuses: Sequence[str]) -> list[Row]:
    """A user's reminders that are not known to have arrived, in the order in which they were claimed."""
    return store.rows(
        f"{_LOG} WHERE reminder.user_id = ? AND reminder.status <> 'sent' AND reminder.status IN ({marks(statuses)})"
        " ORDER BY reminder.claimed_at, reminder.id",
        [user, *statuses],
    )


def of_run(store: Store, run: str) -> list[Row]:
    """All that one notice told."""
    return store.rows("SELECT * FROM reminder WHERE run = ? ORDER BY id", [run])

"""When reminders last ran, for whom and where, and what became of them. Only reads: `crm remind` writes."""

from collections.abc import Sequence
from typing import Protocol

from crmcli.store.connection import Row


class Reader(Protocol):
    """What can be asked: the store, or a connection."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, as dicts."""


def states(reader: Reader) -> list[Row]:
    """One row for each user and channel, with the user's name and its key: a team's own few rows."""
    return reader.rows(
        "SELECT s.user_id, u.name AS user_name, u.name_key, s.channel, s.ran_at, s.told_at, s.told, s.failed_at,"
        " s.error FROM reminder_state AS s JOIN user_account AS u ON u.id = s.user_id ORDER BY u.name_key, s.channel"
    )


def unsettled(reader: Reader, user_id: int, channel: str) -> dict[str, int]:
    """How many reminders of a user on a channel did not arrive, or may not have, by their status."""
    rows = reader.rows(
        "SELECT status, count(*) AS number FROM reminder"
        " WHERE user_id = ? AND channel = ? AND status <> 'sent' GROUP BY status",
        [user_id, channel],
    )
    return {row["status"]: row["number"] for row in rows}

"""Reads of everything that is held on a person, beside what records say."""

from base64 import b64decode
from collections.abc import Sequence

from crmcli.store.connection import Row
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store


def journal(store: Store, changes: Sequence[int]) -> list[Row]:
    """These changes of the journal in their order, each with `at`, `actor` and `command` of its operation."""
    rows: list[Row] = []
    for part in slices(changes):
        rows += store.rows(
            "SELECT c.id, c.operation_id, c.table_name, c.noun, c.record_id, c.before, c.after, o.at, o.actor,"
            " o.command FROM change c JOIN operation o ON o.id = c.operation_id"
            f" WHERE c.id IN ({marks(part)}) ORDER BY c.id",
            part,
        )
    return rows


def reminders(store: Store, keys: Sequence[int]) -> list[Row]:
    """These reminders, with the name of the user who was told."""
    return store.rows(
        "SELECT reminder.*, user_account.name AS user_name FROM reminder JOIN user_account"
        f" ON user_account.id = reminder.user_id WHERE reminder.id IN ({listed([0, *keys])}) ORDER BY reminder.id"
    )


def interactions(store: Store, keys: Sequence[int]) -> list[Row]:
    """The rows of these interactions, the newest first."""
    sql = f"SELECT * FROM interaction WHERE id IN ({listed([0, *keys])}) ORDER BY occurred_at DESC, id DESC"
    return store.rows(sql)


def content(store: Store, digest: str) -> bytes | None:
    """The bytes of an attachment; None when they were not kept."""
    row = store.row("SELECT content FROM attachment_content WHERE digest = ?", [digest])
    return None if row is None else b64decode(row["content"])

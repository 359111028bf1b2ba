"""Reads and writes of what a message holds beyond a logged contact: by many keys at once, as imports ask."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.store.connection import Row
from crmcli.store.gate import Gate
from crmcli.store.sql import marks
from crmcli.store.store import Store

SLICE = 500


def by_message_id(store: Store, keys: Iterable[str]) -> dict[str, int]:
    """The interactions that are these messages, deleted ones too: Message-ID -> key."""
    return _keyed(store, "SELECT message_id AS found, id FROM interaction WHERE message_id IN ({})", keys)


def by_uid(store: Store, noun: str, keys: Iterable[str]) -> dict[str, int]:
    """The interactions or follow-ups of these uids: uid -> key."""
    return _keyed(store, f"SELECT uid AS found, id FROM {noun} WHERE uid IN ({{}})", keys)


def users_by_email(store: Store) -> dict[str, int]:
    """The members of the team by their e-mail addresses, folded."""
    rows = store.rows("SELECT email, id FROM user_account WHERE email IS NOT NULL AND deleted_at IS NULL")
    return {row["email"].casefold(): row["id"] for row in rows}


def details(store: Store, keys: Sequence[int]) -> tuple[dict[int, Row], dict[int, list[Row]]]:
    """Of interactions the mail side, and the attachments in the order in which they were kept."""
    mail: dict[int, Row] = {}
    attached: dict[int, list[Row]] = {}
    for part in (keys[start : start + SLICE] for start in range(0, len(keys), SLICE)):
        for row in store.rows(f"SELECT * FROM message WHERE interaction_id IN ({marks(part)})", part):
            mail[row["interaction_id"]] = row
        sql = (
            "SELECT a.*, c.id IS NOT NULL AS stored FROM attachment a LEFT JOIN attachment_content c"
            f" ON c.digest = a.digest WHERE a.interaction_id IN ({marks(part)}) ORDER BY a.id"
        )
        for row in store.rows(sql, part):
            attached.setdefault(row["interaction_id"], []).append(row)
    return mail, attached


def keep_content(gate: Gate, digest: str, content: str) -> None:
    """Keep the bytes of an attachment (base64), once; named by their digest, they are not journalled."""
    gate.connection.insert_rows("attachment_content", ("digest", "content"), [(digest, content)], ignore=True)


def has_content(store: Store, digest: str) -> bool:
    """Whether the bytes of an attachment are kept."""
    return store.row("SELECT 1 AS one FROM attachment_content WHERE digest = ?", [digest]) is not None


def attachments(store: Store, interaction: int) -> list[Row]:
    """The attachments of one interaction."""
    return store.rows("SELECT * FROM attachment WHERE interaction_id = ? ORDER BY id", [interaction])


def content(store: Store, digest: str) -> Any:
    """The bytes of an attachment as base64, or None when they were not kept."""
    return store.value("SELECT content FROM attachment_content WHERE digest = ?", [digest])


def _keyed(store: Store, sql: str, keys: Iterable[str]) -> dict[str, int]:
    wanted = list(dict.fromkeys(keys))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), SLICE):
        part = wanted[start : start + SLICE]
        found.update((row["found"], row["id"]) for row in store.rows(sql.format(marks(part)), part))
    return found

"""Reads and writes of what a message holds beyond a logged contact: by many keys at once, as imports ask."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.gate import Gate
from crmcli.store.sql import marks
from crmcli.store.store import Store

SLICE = 500
_Key = TypeVar("_Key", int, str)


class Known(NamedTuple):
    """A record that is here: its key, and whether it was deleted."""

    id: int
    deleted: bool


def by_message_id(store: Store, keys: Iterable[str]) -> dict[str, Known]:
    """The interactions that are these messages, deleted ones too."""
    # What is read last counts: of several the first that is not deleted.
    sql = "SELECT message_id AS found, id, deleted_at FROM interaction WHERE message_id IN ({})"
    sql += " ORDER BY deleted_at IS NULL, id DESC"
    return _known(store, sql, keys)


def by_uid(store: Store, noun: str, keys: Iterable[str]) -> dict[str, Known]:
    """The interactions or follow-ups of these uids, deleted ones too."""
    return _known(store, f"SELECT uid AS found, id, deleted_at FROM {noun} WHERE uid IN ({{}})", keys)


def threads(store: Store, keys: Iterable[str]) -> dict[str, str]:
    """The conversations that these messages belong to, by Message-ID."""
    sql = (
        "SELECT i.message_id AS found, m.thread FROM interaction i JOIN message m ON m.interaction_id = i.id"
        " WHERE i.message_id IN ({}) AND m.thread IS NOT NULL"
    )
    return {row["found"]: row["thread"] for row in _rows(store, sql, keys)}


def open_followups(store: Store, uids: Iterable[str]) -> dict[str, int]:
    """The open follow-ups of these uids: uid -> key."""
    sql = "SELECT uid, id FROM followup WHERE uid IN ({}) AND status = 'open' AND deleted_at IS NULL"
    return {row["uid"]: row["id"] for row in _rows(store, sql, uids)}


def users_by_email(store: Store) -> dict[str, int]:
    """The members of the team by their e-mail addresses, folded."""
    rows = store.rows("SELECT email, id FROM user_account WHERE email IS NOT NULL AND deleted_at IS NULL")
    return {row["email"].casefold(): row["id"] for row in rows}


def users_by_name(store: Store) -> dict[str, int]:
    """The members of the team by their names, folded."""
    return {row["name_key"]: row["id"] for row in store.rows("SELECT name_key, id FROM user_account")}


def users_named(store: Store) -> dict[str, int]:
    """The members of the team who are there, by the keys of their names, addresses and display names, in this order.

    Of two who are called the same the one counts whose name it is, then the one who was added first.
    """
    rows = store.rows("SELECT id, name, email, display_name FROM user_account WHERE deleted_at IS NULL ORDER BY id")
    found: dict[str, int] = {}
    for column in ("name", "email", "display_name"):
        for row in rows:
            if row[column]:
                found.setdefault(name_key(row[column]), row["id"])
    return found


def speaking_for(store: Store, contacts: Iterable[int], today: str) -> dict[int, int]:
    """The companies in whose names these contacts speak on the day `today`; see `interactions.primary_company`."""
    sql = (
        "SELECT e.contact_id, e.company_id FROM employment e JOIN company c ON c.id = e.company_id"
        f" AND c.deleted_at IS NULL WHERE e.contact_id IN ({{}}) AND (e.ended_on IS NULL OR e.ended_on >= '{today}')"
        " ORDER BY e.is_primary, e.id DESC"
    )
    return {row["contact_id"]: row["company_id"] for row in _rows(store, sql, contacts)}


def with_mail(store: Store, keys: Iterable[int]) -> set[int]:
    """Those of these interactions that have a mail side."""
    sql = "SELECT interaction_id FROM message WHERE interaction_id IN ({})"
    return {row["interaction_id"] for row in _rows(store, sql, keys)}


def contacts_of(store: Store, keys: Iterable[int]) -> dict[int, set[int]]:
    """The contacts that took part in each of these interactions; none where companies alone did."""
    wanted = list(keys)
    found: dict[int, set[int]] = {key: set() for key in wanted}
    sql = "SELECT interaction_id, contact_id FROM participant WHERE interaction_id IN ({}) AND contact_id IS NOT NULL"
    for row in _rows(store, sql, wanted):
        found[row["interaction_id"]].add(row["contact_id"])
    return found


def has_attachments(store: Store, key: int) -> bool:
    """Whether anything is attached to an interaction."""
    return store.row("SELECT 1 AS one FROM attachment WHERE interaction_id = ? LIMIT 1", [key]) is not None


def is_attached(store: Store, digest: str) -> bool:
    """Whether anything has these bytes attached."""
    return store.row("SELECT 1 AS one FROM attachment WHERE digest = ? LIMIT 1", [digest]) is not None


def kept(store: Store, digests: Iterable[str]) -> set[str]:
    """Those of these digests whose bytes are kept."""
    return {
        row["digest"] for row in _rows(store, "SELECT digest FROM attachment_content WHERE digest IN ({})", digests)
    }


def keep_content(gate: Gate, digest: str, content: str) -> None:
    """Keep the bytes of an attachment (base64) that are not kept yet."""
    gate.insert("attachment_content", {"digest": digest, "content": content})


def _known(store: Store, sql: str, keys: Iterable[str]) -> dict[str, Known]:
    return {row["found"]: Known(row["id"], row["deleted_at"] is not None) for row in _rows(store, sql, keys)}


def _rows(store: Store, sql: str, keys: Iterable[_Key]) -> Iterator[Row]:
    """The rows of a query for each few hundred of these keys."""
    wanted: Sequence[_Key] = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), SLICE):
        part = wanted[start : start + SLICE]
        yield from store.rows(sql.format(marks(part)), part)

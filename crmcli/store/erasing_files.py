"""Attached files of a person: who sent them, who else has them, and their bytes, also of those in the journal alone."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Collection, Iterable, Iterator, Sequence
from json import loads

from crmcli.store.connection import Row
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store

# So many changes of the journal are looked at by one statement.
WINDOW = 20_000
# The image of a content begins with its digest; the bytes behind it may be many.
_HEAD = 100
_DIGEST = re.compile(r'"digest":"([0-9a-f]{64})"')


def sent(store: Store, contacts: Sequence[int], shared: Sequence[int], mine: Iterable[tuple[int, int]]) -> set[int]:
    """Those interactions of several that began with one of these contacts: inbound, and the contact is named first.

    Args:
        store: the store.
        contacts: the person.
        shared: the interactions.
        mine: key and interaction of each part that the person has, or had, in one.
    """
    first: dict[int, int] = {}
    for key, interaction in mine:
        first[interaction] = min(key, first.get(interaction, key))
    found: set[int] = set()
    for part in slices([key for key in shared if key in first]):
        sql = (
            "SELECT i.id, min(p.id) AS other FROM interaction i LEFT JOIN participant p ON p.interaction_id = i.id"
            f" AND (p.contact_id IS NULL OR p.contact_id NOT IN ({listed(contacts)}))"
            f" WHERE i.id IN ({marks(part)}) AND i.direction = 'inbound' GROUP BY i.id"
        )
        found |= {row["id"] for row in store.rows(sql, part) if row["other"] is None or first[row["id"]] < row["other"]}
    return found


def having(store: Store, digest: str, gone: Collection[int]) -> list[Row]:
    """The attachments that have the same bytes, without those that go."""
    sql = "SELECT id, interaction_id, name, digest FROM attachment WHERE digest = ? ORDER BY id"
    return [row for row in store.rows(sql, [digest]) if row["id"] not in gone]


def journalled(store: Store, digests: Collection[str] | None = None) -> Iterator[Row]:
    """The changes that hold the bytes of attachments: `id`, `operation_id` and `digest`.

    Args:
        store: the store.
        digests: those of these bytes alone.
    """
    if digests is not None and not digests:
        return
    last = store.value("SELECT max(id) AS last FROM change") or 0
    sql = (
        f"SELECT id, operation_id, substr(coalesce(after, before), 1, {_HEAD}) AS head FROM change"
        " WHERE id > ? AND id <= ? AND table_name = 'attachment_content' ORDER BY id"
    )
    for start in range(0, last, WINDOW):
        for row in store.rows(sql, [start, start + WINDOW]):
            told = _DIGEST.search(row["head"] or "")
            if told and (digests is None or told[1] in digests):
                yield {"id": row["id"], "operation_id": row["operation_id"], "digest": told[1]}


def contents(store: Store) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of every attachment that is kept, and of those that only the journal has still."""
    seen: set[str] = set()
    for row in store.rows("SELECT id, digest FROM attachment_content ORDER BY id"):
        seen.add(row["digest"])
        yield row["digest"], decoded(store.value("SELECT content FROM attachment_content WHERE id = ?", [row["id"]]))
    for row in journalled(store):
        if row["digest"] not in seen:
            said = store.value("SELECT coalesce(after, before) AS said FROM change WHERE id = ?", [row["id"]])
            content = loads(str(said)).get("content") if said is not None else None
            if content is not None:
                seen.add(row["digest"])
                yield row["digest"], decoded(content)


def content(store: Store, digest: str) -> bytes | None:
    """The bytes of an attachment; None when they were not kept."""
    row = store.row("SELECT content FROM attachment_content WHERE digest = ?", [digest])
    return None if row is None else decoded(row["content"])


def decoded(text: object) -> bytes:
    """What base64 stands for; what is none, such as an archive of somebody else's making, as it is."""
    try:
        return b64decode(str(text))
    except (Error, ValueError):
        return str(text).encode("utf-8", "replace")

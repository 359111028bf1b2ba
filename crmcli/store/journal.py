"""The journal: who changed what, when, by which command, from what to what."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from json import JSONEncoder
from typing import Any, NamedTuple

from crmcli.store import nouns
from crmcli.store.nouns import OWNERS

_encode = JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

# So many random bytes are digested with each change: once they are gone with it, nobody finds what it was by trying.
SALT_BYTES = 8
SALT = {
    "sqlite": f"lower(hex(randomblob({SALT_BYTES})))",
    "postgresql": f"right(replace(gen_random_uuid()::text, '-', ''), {2 * SALT_BYTES})",
}
"""The expression of a new salt, by dialect."""
RECORDS = frozenset({*nouns.RECORDS, "user_account"})


def digest(entry: "Entry", salt: str) -> str:
    """The digest of a change, in the form that `crmcli.store.chain` describes."""
    noun, record = entry.record or ("", "")
    parts = (salt, entry.table, entry.row_id, noun, record, image(entry.before) or "", image(entry.after) or "")
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def naming(column: str, keys: Iterable[int]) -> list[str]:
    """The patterns of LIKE that find the images in which a column holds one of these keys."""
    return [f'%"{column}":{key}{end}%' for key in keys for end in (",", "}")]


class Entry(NamedTuple):
    """One change of one row; `before` and `after` hold the columns that differ, or the whole row when one is None."""

    table: str
    row_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    record: tuple[str, int] | None


def image(row: Mapping[str, Any] | None) -> str | None:
    """The JSON object of a row; empty columns are left out."""
    return None if row is None else _encode(dict(row))


def record_of(table: str, row_id: int, row: Mapping[str, Any]) -> tuple[str, int] | None:
    """The record that a row belongs to: itself, or for a child row the one that it is of."""
    if table in RECORDS:
        return table, row_id
    for column, noun in OWNERS:
        owner = row.get(column)
        if owner is not None:
            return noun, int(owner)
    return None

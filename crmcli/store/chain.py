"""The chain of the journal: each operation is sealed over its changes and over the seal before it.

    change:     sha256(salt, table_name, row_id, noun, record_id, before, after)    joined by line feeds, empty for null
    digest:     sha256 of the digests of the operation's changes, in their order    each as 64 hexadecimal digits
    seal:       sha256([seal before or "", id, uid, at, user_id, actor, command, digest])    as JSON without spaces

Whoever changes, removes or slips in a change breaks the digest of its operation; whoever mends that breaks the seal,
and with it all later ones. What was erased by right has its own digest in its place, and the chain stays whole. Nothing
here is secret: who can write the file can seal all anew, which a seal that was written down elsewhere tells. The forms
above are part of what databases hold and never change (docs/decisions/0026-the-chain.md).
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple, Protocol

from crmcli.store.connection import Row
from crmcli.store.journal import SALT

# So many changes are read at once, those apart whose images are longer than LONG characters.
WINDOW = 1_000
LONG = 100_000
# An image is null or an object: an empty one, which would have the digest of null, is somebody else's.
_TEXT = (
    "CASE WHEN before = '' OR after = '' THEN NULL ELSE "
    "salt || '\n' || table_name || '\n' || CAST(row_id AS text) || '\n' || coalesce(noun, '') || '\n'"
    " || coalesce(CAST(record_id AS text), '') || '\n' || coalesce(before, '') || '\n' || coalesce(after, '') END"
)
_SIZE = "coalesce(length(before), 0) + coalesce(length(after), 0)"
FIELDS = ("id", "uid", "at", "user_id", "actor", "command")


class Database(Protocol):
    """What the chain needs of a connection."""

    dialect: str

    def rows(self, sql: str, parameters: Any = ()) -> list[Row]:
        """All rows of a query."""

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        """Run a statement."""


class Break(NamedTuple):
    """Where the chain is broken: the operation, and whether its `changes` or its `seal` do not fit."""

    operation: int
    part: str


def seal(connection: Database, operation: int) -> str:
    """Seal an operation that is complete; returns the seal."""
    row = connection.rows("SELECT * FROM operation WHERE id = ?", [operation])[0]
    before = connection.rows("SELECT seal FROM operation WHERE id < ? ORDER BY id DESC LIMIT 1", [operation])
    row["digest"] = digest(connection, operation)
    made = sealed(before[0]["seal"] if before else None, row)
    sql = "UPDATE operation SET digest = ?, seal = ? WHERE id = ?"
    connection.execute(sql, [row["digest"], made, operation])
    return made


def seal_all(connection: Database) -> None:
    """Seal what has no seal: a journal from before there were any, which gets its salts, too."""
    if not connection.rows("SELECT 1 AS found FROM operation WHERE seal IS NULL LIMIT 1"):
        return
    connection.execute(f"UPDATE change SET salt = {SALT[connection.dialect]} WHERE salt IS NULL AND digest IS NULL")
    for row in connection.rows("SELECT id FROM operation WHERE seal IS NULL ORDER BY id"):
        seal(connection, row["id"])


def sealed(before: str | None, row: Row) -> str:
    """The seal of an operation, a row with its digest, behind the seal `before`."""
    parts = [before or "", *(row[name] for name in FIELDS), row["digest"]]
    return sha256(dumps(parts, separators=(",", ":")).encode()).hexdigest()


def digest(connection: Database, operation: int) -> str:
    """The digest of the changes of an operation."""
    total = sha256()
    for one in digests(connection, operation):
        total.update(one.encode())
    return total.hexdigest()


def digests(connection: Database, operation: int) -> Iterator[str]:
    """The digest of each change of an operation, in their order."""
    ends = "SELECT min(id) AS low, max(id) AS high FROM change WHERE operation_id = ?"
    low, high = connection.rows(ends, [operation])[0].values()
    short = f"CASE WHEN digest IS NULL AND {_SIZE} <= {LONG} THEN {_TEXT} END"
    sql = f"SELECT id, digest, {short} AS text FROM change WHERE operation_id = ? AND id BETWEEN ? AND ? ORDER BY id"
    for start in range(low or 0, (high or -1) + 1, WINDOW):
        for row in connection.rows(sql, [operation, start, start + WINDOW - 1]):
            if row["digest"] is not None:
                yield row["digest"]
                continue
            text = row["text"]
            if text is None:
                text = connection.rows(f"SELECT {_TEXT} AS text FROM change WHERE id = ?", [row["id"]])[0]["text"]
            # A change that has neither salt nor digest, or an empty image, was tampered with.
            yield sha256((text or "").encode()).hexdigest()


def erase(connection: Database, changes: Sequence[int]) -> None:
    """Take the images and salts of changes away and leave their digests: what they said is gone, the chain is whole."""
    for key in changes:
        found = connection.rows(f"SELECT {_TEXT} AS text FROM change WHERE id = ? AND digest IS NULL", [key])
        if found:
            left = sha256((found[0]["text"] or "").encode()).hexdigest()
            sql = "UPDATE change SET before = NULL, after = NULL, salt = NULL, digest = ? WHERE id = ?"
            connection.execute(sql, [left, key])


def breaks(connection: Database, *, whole: bool = True) -> Iterator[Break]:
    """Where the chain is broken, the first place first; a break of one seal is told once, not for all behind it.

    Args:
        connection: to the database.
        whole: look at all changes, too, and not at the seals alone.
    """
    before: str | None = None
    last = 0
    while rows := connection.rows("SELECT * FROM operation WHERE id > ? ORDER BY id LIMIT ?", [last, WINDOW]):
        for row in rows:
            if row["seal"] is None or sealed(before, row) != row["seal"]:
                yield Break(row["id"], "seal")
            if whole and digest(connection, row["id"]) != row["digest"]:
                yield Break(row["id"], "changes")
            before = row["seal"]
        last = rows[-1]["id"]


def head(connection: Database) -> tuple[int, str | None] | None:
    """The last operation and its seal; None in an empty journal."""
    rows = connection.rows("SELECT id, seal FROM operation ORDER BY id DESC LIMIT 1")
    return (rows[0]["id"], rows[0]["seal"]) if rows else None


def last_break(connection: Database, most: int = 10 * WINDOW) -> Break | None:
    """What is broken at the last operation; None where nothing is. A quick look, whatever the journal's length.

    Args:
        connection: to the database.
        most: of an operation with more changes than that only the seal is looked at.
    """
    rows = connection.rows("SELECT * FROM operation ORDER BY id DESC LIMIT 2")
    if not rows:
        return None
    last, before = rows[0], rows[1]["seal"] if len(rows) > 1 else None
    if last["seal"] is None or sealed(before, last) != last["seal"]:
        return Break(last["id"], "seal")
    ends = "SELECT max(id) - min(id) AS size FROM change WHERE operation_id = ?"
    small = (connection.rows(ends, [last["id"]])[0]["size"] or 0) < most
    return Break(last["id"], "changes") if small and digest(connection, last["id"]) != last["digest"] else None

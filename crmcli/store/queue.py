"""The queue in SQL: by bucket, then priority, then who has waited longest; as fast for a million as for ten.

Each bucket of each priority is one range of an index, already in order. They are read one after another until there are
enough rows, so that nothing is sorted and what is not shown is not read. What is due later comes by its date alone: of
each priority the first are read, as many as are wanted, and merged.
"""

from collections.abc import Sequence

from crmcli.store import due
from crmcli.store.connection import Row
from crmcli.store.due import BUCKETS, Horizon
from crmcli.store.followups import COLUMNS, OPEN, TABLES, URGENT_FIRST, Condition
from crmcli.store.sql import ENDLESS
from crmcli.store.store import Store

COUNTED = 1000
"""Counting stops here."""

BY_DATE = BUCKETS[-1]


def page(
    store: Store, where: Condition, owner: int | None, at: Horizon, buckets: Sequence[str], limit: int | None
) -> list[Row]:
    """Rows in the order of the queue; one more than `limit` when there are more.

    Args:
        store: the store.
        where: a filter, see `followups.condition`.
        owner: whose follow-ups, those of nobody with them; everyone's for None.
        at: where the buckets part.
        buckets: which of them, in their order.
        limit: how many at most; None for all.
    """
    # Both databases append the parts in their order as far as they are wanted; the ids come back in no order.
    most = ENDLESS if limit is None else limit + 1
    parts, parameters = _ranges("id", where, owner, at, buckets, most, ordered=True)
    first = f"SELECT id FROM ({parts}) AS parts LIMIT ?"
    rows = store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.id IN ({first})", [*parameters, most])
    return sorted(rows, key=lambda row: _place(row, at))


def count(store: Store, where: Condition, owner: int | None, at: Horizon, bucket: str, most: int = COUNTED) -> int:
    """How many there are in a bucket, `most` meaning that many or more."""
    parts, parameters = _ranges("1", where, owner, at, [bucket], most, ordered=False)
    found = f"SELECT 1 FROM ({parts}) AS parts LIMIT ?"
    return int(store.value(f"SELECT count(*) AS n FROM ({found}) AS found", [*parameters, most]))


def _ranges(
    columns: str, where: Condition, owner: int | None, at: Horizon, buckets: Sequence[str], most: int, *, ordered: bool
) -> Condition:
    parts: list[str] = []
    parameters: list[object] = []
    for bucket in buckets:
        by_date = ordered and bucket == BY_DATE
        read = "id, due_at" if by_date else columns
        found, values = _by_priority(read, where, owner, at, bucket, most, ordered=ordered)
        if by_date:
            union = " UNION ALL ".join(found)
            found = [f"SELECT * FROM (SELECT id FROM ({union}) AS each_one ORDER BY due_at, id LIMIT ?) AS {bucket}"]
            values.append(most)
        parts += found
        parameters += values
    return " UNION ALL ".join(parts), parameters


def _by_priority(
    columns: str, where: Condition, owner: int | None, at: Horizon, bucket: str, most: int, *, ordered: bool
) -> tuple[list[str], list[object]]:
    """A read of each priority, the most urgent first."""
    parts: list[str] = []
    parameters: list[object] = []
    for priority in URGENT_FIRST:
        part, values = _of_owners(where, owner, f"followup.priority = '{priority}'", due.condition(bucket, at), most)
        # Everyone's are in order as they are; mine and nobody's, so many of each at most, are merged.
        order = " ORDER BY due_at, id" if ordered and owner is not None else ""
        parts.append(f"SELECT * FROM (SELECT {columns} FROM ({part}) AS every{order} LIMIT ?) AS {bucket}_{priority}")
        parameters += [*values, most]
    return parts, parameters


def _of_owners(where: Condition, owner: int | None, of: str, span: Condition, most: int) -> Condition:
    """`id` and `due_at` of an owner's and of nobody's: a range of the index by owner each, in order."""
    sql, values = where
    owners: list[Condition] = [("", [])]
    if owner is not None:
        owners = [(" AND followup.owner_id = ?", [owner]), (" AND followup.owner_id IS NULL", [])]
    parts: list[str] = []
    parameters: list[object] = []
    for name, (whose, keys) in zip(("mine", "nobodys"), owners, strict=False):
        conditions = f"{OPEN}{whose} AND {of} AND {span[0]}{f' AND {sql}' if sql else ''}"
        order = "ORDER BY followup.due_at, followup.id LIMIT ?"
        part = f"SELECT followup.id, followup.due_at FROM {TABLES} WHERE {conditions} {order}"
        parts.append(f"SELECT * FROM ({part}) AS {name}")
        parameters += [*keys, *span[1], *values, most]
    return " UNION ALL ".join(parts), parameters


def _place(row: Row, at: Horizon) -> tuple[int, int, str, int]:
    bucket = due.bucket(row, at)
    rank = 0 if bucket == BY_DATE else URGENT_FIRST.index(row["priority"])
    return BUCKETS.index(bucket), rank, row["due_at"], row["id"]

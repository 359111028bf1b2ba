"""The whole market counted: by covering indexes alone, so that a million customers take a moment.

Every read takes `owner`, the key of a user whose share is meant, or None for everyone's.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.retention import HABIT, RETENTION
from crmcli.model.enums import LEAD_CLOSED, LEAD_STAGES, LIFECYCLE_STAGE
from crmcli.store import retention
from crmcli.store.connection import Row
from crmcli.store.sql import marks
from crmcli.store.store import Store

CUSTOMERS = ("customer", "evangelist")
"""The stages of whoever is a customer, or more."""
GONE = 2**32


class Owned(NamedTuple):
    """` AND owner_id = ?` and its value, or nothing."""

    sql: str
    values: list[object]


def owned(column: str, owner: int | None) -> Owned:
    """The condition that a row is of that owner; nothing for everyone's. `+owner_id` keeps off the owner's index."""
    return Owned("", []) if owner is None else Owned(f" AND {column} = ?", [owner])


def market(store: Store, noun: str, today: date, owner: int | None) -> dict[str | None, dict[str | None, int]]:
    """How many contacts or companies there are in each stage, None being none, of each retention, None being no orders.

    Every stage is cut into ranges of the index. Who has no habit of ordering is told by the number of orders and the
    last day; of the others each is looked at.
    """
    mine = owned("+owner_id", owner)
    late = retention.lateness(store.dialect, noun, today)
    # Two numbers in one sum: who is at risk counts 1, who is lapsed GONE, so that each is looked at once.
    sums = f"coalesce(sum(CASE {late} WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE {GONE} END), 0)"
    parts, stages = [], (*LIFECYCLE_STAGE, None)
    for place, stage in enumerate(stages):
        start = f"FROM {noun} WHERE deleted_at IS NULL AND {_in_stage(stage)}"
        parts += [
            f"SELECT {place} AS place, '{name}' AS kept, count(*) AS n, 0 AS late {start} AND {condition}{mine.sql}"
            for name, condition in _ranges(today)
        ]
        habit = f"{start} AND order_count >= {HABIT}{mine.sql}"
        parts.append(f"SELECT {place} AS place, 'repeat' AS kept, count(*) AS n, {sums} AS late {habit}")
    found: dict[str | None, dict[str | None, int]] = {stage: dict.fromkeys((None, *RETENTION), 0) for stage in stages}
    for row in store.rows(" UNION ALL ".join(parts), mine.values * len(parts)):
        counts = found[stages[row["place"]]]
        gone, risky = divmod(int(row["late"]), GONE)
        counts[row["kept"] or None] += row["n"] - gone - risky
        counts["at_risk"] += risky
        counts["lapsed"] += gone
    return found


def _ranges(today: date) -> list[tuple[str, str]]:
    """The retention of those without a habit, "" being none, each with the condition that is a range of the index."""
    return [
        ("", "order_count = 0"),
        *(
            (name, f"order_count = {count} {span}")
            for count in range(1, HABIT)
            for name, span in retention.spans(count, today)
        ),
    ]


def silent(store: Store, noun: str, before: str, day: str, owner: int | None) -> int:
    """How many customers were in touch neither way since the stored instant `before`, nor ordered since its `day`."""
    mine = owned("+owner_id", owner)
    columns = {"last_inbound_at": before, "last_outbound_at": before, "last_order_on": day}
    quiet = " AND ".join(f"({column} IS NULL OR {column} < ?)" for column in columns)
    parts = [
        f"SELECT count(*) AS n FROM {noun} WHERE deleted_at IS NULL AND {_in_stage(stage)} AND {quiet}{mine.sql}"
        for stage in CUSTOMERS
    ]
    return sum(
        row["n"] for row in store.rows(" UNION ALL ".join(parts), [*columns.values(), *mine.values] * len(parts))
    )


def leads(store: Store, owner: int | None) -> dict[str, int]:
    """How many leads somebody works on (`count`), and with how many of them none of us was in touch (`untouched`)."""
    mine = owned("+owner_id", owner)
    working = f"(lead_status IS NULL OR lead_status NOT IN ({marks(LEAD_CLOSED)}))"
    parts = [
        "SELECT count(*) AS n, count(*) - count(last_outbound_at) AS untouched FROM contact WHERE deleted_at IS NULL"
        f" AND {_in_stage(stage)} AND {working}{mine.sql}"
        for stage in LEAD_STAGES
    ]
    rows = store.rows(" UNION ALL ".join(parts), [*LEAD_CLOSED, *mine.values] * len(parts))
    return {"count": sum(row["n"] for row in rows), "untouched": sum(row["untouched"] for row in rows)}


def _in_stage(stage: str | None) -> str:
    # The count, which is never negative, has SQLite take the index that goes on with it.
    of_stage = "lifecycle_stage IS NULL" if stage is None else f"lifecycle_stage = '{stage}'"
    return f"{of_stage} AND order_count >= 0"


def weeks(store: Store, starts: Sequence[str], user: int | None) -> list[Row]:
    """`inbound` and `outbound`: how many contacts there were in each of the spans that begin at `starts`.

    The last span ends now or later. `user` is who logged them; None for everyone.
    """
    mine = owned("user_id", user)
    counts = ", ".join(
        f"sum(CASE WHEN direction = '{way}' THEN 1 ELSE 0 END) AS {way}" for way in ("inbound", "outbound")
    )
    spans = [
        f"SELECT {slot} AS slot, {counts} FROM interaction WHERE occurred_at >= ? AND occurred_at < ?"
        f" AND deleted_at IS NULL{mine.sql}"
        for slot in range(len(starts))
    ]
    ends = [*starts[1:], "9999"]
    values = [part for start, end in zip(starts, ends, strict=True) for part in (start, end, *mine.values)]
    rows = sorted(store.rows(" UNION ALL ".join(spans), values), key=lambda row: int(row["slot"]))
    return [{way: int(row[way] or 0) for way in ("inbound", "outbound")} for row in rows]

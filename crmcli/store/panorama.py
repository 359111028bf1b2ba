"""The whole market counted: by covering indexes alone, so that a million customers take a moment.

Every read takes `owner`, the key of a user whose share is meant, or None for everyone's.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.retention import RETENTION
from crmcli.model.enums import LIFECYCLE_STAGE
from crmcli.store import retention
from crmcli.store.connection import Row
from crmcli.store.store import Store

CUSTOMERS = ("customer", "evangelist")
"""The stages of whoever is a customer, or more."""
LEADS = ("lead", "marketing_qualified", "sales_qualified")
COLUMNS = ("lifecycle_stage", "order_count", "last_order_on", "first_order_on", "last_inbound_at", "last_outbound_at")


class Owned(NamedTuple):
    """` AND owner_id = ?` and its value, or nothing."""

    sql: str
    values: list[object]


def owned(column: str, owner: int | None) -> Owned:
    """The condition that a row is of that owner; nothing for everyone's."""
    return Owned("", []) if owner is None else Owned(f" AND {column} = ?", [owner])


def stages(store: Store, noun: str, owner: int | None) -> dict[str | None, int]:
    """How many contacts or companies there are in each stage, None being those without one."""
    mine = owned("owner_id", owner)
    rows = store.rows(
        f"SELECT lifecycle_stage AS stage, count(*) AS n FROM {noun} WHERE deleted_at IS NULL{mine.sql}"
        " GROUP BY lifecycle_stage",
        mine.values,
    )
    return {row["stage"]: row["n"] for row in rows}


def kept(store: Store, noun: str, today: date, owner: int | None) -> dict[str, int]:
    """How many there are of each retention, of those who ordered: a range of the index for every stage."""
    told = retention.expression(store.dialect, noun, today)
    counts = ", ".join(f"sum(CASE WHEN kept = '{name}' THEN 1 ELSE 0 END) AS {name}" for name in RETENTION)
    mine = owned("owner_id", owner)
    parts = [
        f"SELECT {told} AS kept FROM {noun} WHERE deleted_at IS NULL AND {_in_stage(stage)}"
        f" AND order_count > 0{mine.sql}"
        for stage in (*LIFECYCLE_STAGE, None)
    ]
    row = store.row(f"SELECT {counts} FROM ({' UNION ALL '.join(parts)}) AS found", mine.values * len(parts))
    return {name: int((row or {}).get(name) or 0) for name in RETENTION}


def silent(store: Store, noun: str, before: str, owner: int | None) -> int:
    """How many customers were in touch neither way since the stored instant `before`, or never."""
    quiet = " AND ".join(f"({column} IS NULL OR {column} < ?)" for column in ("last_inbound_at", "last_outbound_at"))
    return _count(store, noun, CUSTOMERS, quiet, [before, before], owner)


def leads(store: Store, noun: str, owner: int | None) -> tuple[int, int]:
    """How many leads there are, and how many of them nobody was in touch with."""
    untouched = "last_inbound_at IS NULL AND last_outbound_at IS NULL"
    return _count(store, noun, LEADS, "", [], owner), _count(store, noun, LEADS, untouched, [], owner)


def _count(
    store: Store, noun: str, names: Sequence[str], condition: str, values: list[object], owner: int | None
) -> int:
    mine = owned("owner_id", owner)
    parts = [
        f"SELECT count(*) AS n FROM {noun} WHERE deleted_at IS NULL AND {_in_stage(stage)}"
        f"{f' AND {condition}' if condition else ''}{mine.sql}"
        for stage in names
    ]
    rows = store.rows(" UNION ALL ".join(parts), [*values, *mine.values] * len(parts))
    return sum(row["n"] for row in rows)


def _in_stage(stage: str | None) -> str:
    return "lifecycle_stage IS NULL" if stage is None else f"lifecycle_stage = '{stage}'"


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

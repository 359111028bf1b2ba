"""Reads for the report of cases: those of a period, and their pauses."""

from collections.abc import Iterator, Sequence

from crmcli.store.connection import Row
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

_COLUMNS = (
    "c.id, c.status, c.priority, c.type, c.opened_at, c.first_response_at, c.response_due_at, c.resolution_due_at,"
    " c.resolved_at, c.reopen_count, c.satisfaction, c.product_id, p.name AS product_name, u.name AS owner_name,"
    " (SELECT max(s.entered_at) FROM case_status s WHERE s.case_id = c.id AND s.left_at IS NULL) AS since"
)
_TABLES = "support_case c LEFT JOIN product p ON p.id = c.product_id LEFT JOIN user_account u ON u.id = c.owner_id"


def between(store: Store, start: str, end: str) -> list[Row]:
    """The cases that were opened or resolved from one stored instant up to another, each once."""
    found: dict[int, Row] = {}
    for moment in ("opened_at", "resolved_at"):
        rows = store.rows(
            f"SELECT {_COLUMNS} FROM {_TABLES} WHERE c.deleted_at IS NULL AND c.{moment} IS NOT NULL"
            f" AND c.{moment} >= ? AND c.{moment} < ? ORDER BY c.{moment}, c.id",
            [start, end],
        )
        found.update((row["id"], row) for row in rows)
    return list(found.values())


def still_open(store: Store, end: str) -> list[Row]:
    """The cases that were opened before a stored instant, and are open now, as `crm case list` has them."""
    return store.rows(
        f"SELECT {_COLUMNS} FROM {_TABLES} LEFT JOIN contact ON contact.id = c.contact_id"
        " LEFT JOIN company ON company.id = c.company_id"
        " WHERE c.status IN ('new', 'open', 'pending') AND c.deleted_at IS NULL AND contact.deleted_at IS NULL"
        " AND (c.contact_id IS NOT NULL OR company.deleted_at IS NULL) AND c.opened_at < ? ORDER BY c.id",
        [end],
    )


def pauses(store: Store, keys: Sequence[int], statuses: Sequence[str]) -> Iterator[tuple[int, str, str | None]]:
    """The key of a case with the beginning and end of each time in one of these statuses; None for one that lasts."""
    for part in slices(keys):
        rows = store.rows(
            f"SELECT case_id, entered_at, left_at FROM case_status WHERE case_id IN ({marks(part)})"
            f" AND status IN ({marks(statuses)}) ORDER BY id",
            [*part, *statuses],
        )
        yield from ((row["case_id"], row["entered_at"], row["left_at"]) for row in rows)

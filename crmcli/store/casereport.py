"""Reads for the report of cases: those of a period, and their pauses."""

from collections.abc import Iterator, Sequence

from crmcli.store.casedue import SINCE
from crmcli.store.cases import OPEN
from crmcli.store.connection import Row
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

_COLUMNS = (
    "support_case.id, support_case.status, support_case.priority, support_case.type, support_case.opened_at,"
    " support_case.first_response_at, support_case.response_due_at, support_case.resolution_due_at,"
    " support_case.resolved_at, support_case.reopen_count, support_case.satisfaction, support_case.product_id,"
    f" product.name AS product_name, user_account.name AS owner_name, {SINCE} AS since"
)
_TABLES = (
    "support_case LEFT JOIN product ON product.id = support_case.product_id"
    " LEFT JOIN user_account ON user_account.id = support_case.owner_id"
)


def between(store: Store, start: str, end: str) -> list[Row]:
    """The cases that were opened or resolved from one stored instant up to another, each once."""
    found: dict[int, Row] = {}
    for moment in ("opened_at", "resolved_at"):
        rows = store.rows(
            f"SELECT {_COLUMNS} FROM {_TABLES} WHERE support_case.deleted_at IS NULL"
            f" AND support_case.{moment} IS NOT NULL AND support_case.{moment} >= ? AND support_case.{moment} < ?"
            f" ORDER BY support_case.{moment}, support_case.id",
            [start, end],
        )
        found.update((row["id"], row) for row in rows)
    return list(found.values())


def still_open(store: Store, end: str) -> list[Row]:
    """The cases that were opened before a stored instant, and are open now, as `crm case list` has them."""
    return store.rows(
        f"SELECT {_COLUMNS} FROM {_TABLES} LEFT JOIN contact ON contact.id = support_case.contact_id"
        " LEFT JOIN company ON company.id = support_case.company_id"
        f" WHERE {OPEN} AND support_case.opened_at < ? ORDER BY support_case.id",
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

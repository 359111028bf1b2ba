"""What a case is to reach next, and when it has broken a target: one rule each, for Python and for SQL.

The clock of a target stops with the answer or the solution, and stands still while the case is pending. A target is
late when it was missed, even by an answer that came too late; it is over as long as it is missed and nothing came.
"""

from crmcli.store.connection import Row

OPEN = ("new", "open", "pending")
STILL_OPEN = "support_case.status IN ('new', 'open', 'pending')"
"""The same in SQL, in the words of the partial indexes."""
ENDED = ("resolved", "closed")
TARGETS = ("response", "resolution")
SINCE = "(SELECT max(s.entered_at) FROM case_status s WHERE s.case_id = support_case.id AND s.left_at IS NULL)"
"""Since when a case is in its status."""
UNANSWERED = "support_case.first_response_at IS NULL"
RUNNING = "support_case.resolved_at IS NULL AND support_case.status <> 'pending'"
NEXT = (
    f"CASE WHEN NOT ({RUNNING}) THEN NULL"
    f" WHEN {UNANSWERED} AND (support_case.resolution_due_at IS NULL"
    " OR support_case.response_due_at < support_case.resolution_due_at) THEN support_case.response_due_at"
    " ELSE support_case.resolution_due_at END"
)
"""As `next_due`, in SQL."""


def is_late(target: str, row: Row, now: str) -> bool:
    """Whether a target was, or is by now, missed.

    Args:
        target: one of TARGETS.
        row: a case, with `since`, see SINCE.
        now: the stored moment.
    """
    due: str | None = row[f"{target}_due_at"]
    return due is not None and due < (done_at(target, row) or stands_at(row, now))


def is_over(target: str, row: Row, now: str) -> bool:
    """Whether a target of an open case is missed by now and not reached since; as for `is_late`."""
    return row["status"] in OPEN and not done_at(target, row) and is_late(target, row, now)


def any_over(row: Row, now: str) -> bool:
    """Whether a case is over any of its targets."""
    return any(is_over(target, row, now) for target in TARGETS)


def any_late(row: Row, now: str) -> bool:
    """Whether a case was, or is by now, late for any of its targets."""
    return any(is_late(target, row, now) for target in TARGETS)


def ahead(row: Row) -> list[tuple[str, str]]:
    """The targets that are not reached, the first to come first: when each is due, and which it is."""
    targets = [(row[f"{target}_due_at"], target) for target in TARGETS if not done_at(target, row)]
    return sorted(((due, target) for due, target in targets if due), key=lambda one: one[0])


def next_due(row: Row) -> str | None:
    """The target that comes first of those that are not reached; None where the clock stands still."""
    return next((due for due, _ in ahead(row)), None) if row["status"] != "pending" else None


def done_at(target: str, row: Row) -> str | None:
    """When a target was reached, in time or not; None when it was not yet."""
    done: str | None = row["first_response_at"] if target == "response" else None
    return done or row["resolved_at"]


def stands_at(row: Row, now: str) -> str:
    """The instant at which the clock of a case that is not resolved stands."""
    return str(row["since"] or now) if row["status"] == "pending" else now


def late(target: str, now: str) -> str:
    """As `is_late`, in SQL: a condition that is never NULL."""
    answered = "support_case.first_response_at, " if target == "response" else ""
    stands = f"CASE WHEN support_case.status = 'pending' THEN coalesce({SINCE}, '{now}') ELSE '{now}' END"
    end = f"coalesce({answered}support_case.resolved_at, {stands})"
    return f"coalesce(support_case.{target}_due_at < {end}, 1 = 0)"


def over(target: str, now: str) -> str:
    """As `is_over`, in SQL: a condition that is never NULL."""
    missing = f"{UNANSWERED} AND " if target == "response" else ""
    return f"({STILL_OPEN} AND {missing}support_case.resolved_at IS NULL AND {late(target, now)})"

"""How well a customer is kept, told from what was ordered: new, active, repeat, at risk, lapsed.

It stands on what is kept on every contact and company (how many orders, the first and the last day), so that one
customer and a million are told by the same rule; `crmcli.store.retention` is this rule in SQL.
"""

from datetime import date

RETENTION = ("new", "active", "repeat", "at_risk", "lapsed")
HABIT = 3
"""From so many orders on a customer has a usual gap."""
NEW_DAYS = 90
"""Who ordered for the first time within so many days is new."""
LEAST_DAYS = 30
"""Nobody with a habit is at risk before so many days."""
UNKNOWN_DAYS = 180
"""The days that pass for usual where there is no habit yet."""


def retention(count: int, first: str | None, last: str | None, today: date) -> str | None:
    """One of RETENTION; None for who never ordered.

    Args:
        count: how many orders.
        first, last: the days of the first and of the last one (`YYYY-MM-DD`).
        today: the day from which it is seen.

    The time that a customer may take is twice the usual gap, and LEAST_DAYS at least; without a habit UNKNOWN_DAYS.
    The usual gap is the mean: (last - first) / (count - 1). Beyond that time a customer is at risk, beyond twice that
    time lapsed.
    """
    if not count or first is None or last is None:
        return None
    end = date.fromisoformat(last)
    quiet, gaps, patience = (today - end).days, 1, UNKNOWN_DAYS
    if count >= HABIT:
        # Both sides times the number of gaps: whole numbers, as in SQL.
        gaps = count - 1
        patience = max(LEAST_DAYS * gaps, 2 * (end - date.fromisoformat(first)).days)
    if quiet * gaps > patience:
        return "lapsed" if quiet * gaps > 2 * patience else "at_risk"
    if count >= HABIT:
        return "repeat"
    return "new" if count == 1 and quiet <= NEW_DAYS else "active"

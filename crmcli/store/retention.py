"""The rule of `crmcli.kernel.retention` in SQL, for counts and filters."""

from datetime import date, timedelta

from crmcli.kernel.retention import HABIT, LEAST_DAYS, NEW_DAYS, UNKNOWN_DAYS


def days_between(dialect: str, later: str, earlier: str) -> str:
    """The expression of the days between two expressions of days."""
    if dialect == "sqlite":
        return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"
    return f"(CAST({later} AS date) - CAST({earlier} AS date))"


def expression(dialect: str, noun: str, today: date) -> str:
    """The retention of a row of `contact` or `company`; NULL for who never ordered. It binds nothing."""
    last, count = f"{noun}.last_order_on", f"{noun}.order_count"
    known = f"{count} < {HABIT}"

    def since(days: int) -> str:
        return f"{last} >= '{today - timedelta(days=days)}'"

    return (
        f"(CASE WHEN {count} = 0 OR {last} IS NULL THEN NULL"
        f" WHEN {known} AND {count} = 1 AND {since(NEW_DAYS)} THEN 'new'"
        f" WHEN {known} AND {since(UNKNOWN_DAYS)} THEN 'active'"
        f" WHEN {known} AND {since(2 * UNKNOWN_DAYS)} THEN 'at_risk'"
        f" WHEN {known} THEN 'lapsed'"
        # What costs nothing to tell is told first.
        f" WHEN {since(LEAST_DAYS)} OR {beyond(dialect, noun, today, 1)} = 0 THEN 'repeat'"
        f" WHEN {beyond(dialect, noun, today, 2)} = 0 THEN 'at_risk' ELSE 'lapsed' END)"
    )


def beyond(dialect: str, noun: str, today: date, times: int) -> str:
    """1 where a customer with a habit is quiet for longer than that many times the time that it may take, else 0."""
    first, last, gaps = f"{noun}.first_order_on", f"{noun}.last_order_on", f"({noun}.order_count - 1)"
    quiet = f"{days_between(dialect, repr(today.isoformat()), last)} * {gaps}"
    span = days_between(dialect, last, first)
    return f"(CASE WHEN {quiet} > {LEAST_DAYS * times} * {gaps} AND {quiet} > {2 * times} * {span} THEN 1 ELSE 0 END)"

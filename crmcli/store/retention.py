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
    late = lateness(dialect, noun, today)

    def since(days: int) -> str:
        return f"{last} >= '{today - timedelta(days=days)}'"

    return (
        f"(CASE WHEN {count} = 0 OR {last} IS NULL THEN NULL"
        f" WHEN {count} >= {HABIT} THEN CASE {late} WHEN 0 THEN 'repeat' WHEN 1 THEN 'at_risk' ELSE 'lapsed' END"
        f" WHEN {count} = 1 AND {since(NEW_DAYS)} THEN 'new' WHEN {since(UNKNOWN_DAYS)} THEN 'active'"
        f" WHEN {since(2 * UNKNOWN_DAYS)} THEN 'at_risk' ELSE 'lapsed' END)"
    )


def spans(count: int, today: date) -> list[tuple[str, str]]:
    """What is told of customers who ordered so often, too few times for a habit: each with the last days it means."""
    fresh = [("new", NEW_DAYS)] if count == 1 else []
    found, until = [], ""
    for name, days in (*fresh, ("active", UNKNOWN_DAYS), ("at_risk", 2 * UNKNOWN_DAYS)):
        since = today - timedelta(days=days)
        found.append((name, f"AND last_order_on >= '{since}'{until}"))
        until = f" AND last_order_on < '{since}'"
    return [*found, ("lapsed", until.strip())]


def lateness(dialect: str, noun: str, today: date) -> str:
    """How many times the time that it may take a customer with a habit has been quiet: 0, 1 (at risk), 2 and more.

    Whole numbers: quiet x gaps is beyond n times the patience where (quiet x gaps - 1) / patience is n or more.
    """
    first, last, gaps = f"{noun}.first_order_on", f"{noun}.last_order_on", f"({noun}.order_count - 1)"
    quiet = f"{days_between(dialect, repr(today.isoformat()), last)} * {gaps}"
    span, least = f"2 * {days_between(dialect, last, first)}", f"{LEAST_DAYS} * {gaps}"
    greatest = "max" if dialect == "sqlite" else "greatest"
    # What costs nothing to tell is told first.
    near = f"{last} >= '{today - timedelta(days=LEAST_DAYS)}'"
    return f"(CASE WHEN {near} THEN 0 ELSE ({quiet} - 1) / {greatest}({least}, {span}) END)"

"""How well a customer is kept."""

from datetime import date, timedelta

import pytest

from crmcli.kernel.retention import retention

TODAY = date(2026, 11, 20)


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


@pytest.mark.parametrize(
    ("count", "first", "last", "expected"),
    [
        (0, None, None, None),
        (1, 0, 0, "new"),
        (1, 90, 90, "new"),
        (1, 91, 91, "active"),
        (2, 30, 10, "active"),
        (2, 700, 180, "active"),
        (1, 181, 181, "at_risk"),
        (2, 700, 360, "at_risk"),
        (1, 361, 361, "lapsed"),
        # A usual gap of 10 days: nobody is at risk before 30.
        (3, 50, 30, "repeat"),
        (3, 51, 31, "at_risk"),
        (3, 81, 61, "lapsed"),
        # One of 100 days: 200 and 400.
        (3, 400, 200, "repeat"),
        (3, 401, 201, "at_risk"),
        (3, 600, 400, "at_risk"),
        (3, 601, 401, "lapsed"),
        # A third of a day counts: 3 gaps in 100 days, twice that is 66 2/3 days.
        (4, 166, 66, "repeat"),
        (4, 167, 67, "at_risk"),
        # All on one day.
        (5, 30, 30, "repeat"),
        (5, 31, 31, "at_risk"),
        # Planned orders lie ahead.
        (3, 60, -5, "repeat"),
    ],
)
def test_the_rule(count: int, first: int | None, last: int | None, expected: str | None) -> None:
    begun, ended = (None if ago is None else day(ago) for ago in (first, last))
    assert retention(count, begun, ended, TODAY) == expected

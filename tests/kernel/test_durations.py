"""Lengths of calls and meetings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.durations import format_duration, parse_duration
from crmcli.kernel.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30m", 1800), ("1h", 3600), ("1h30m", 5400), ("1h 30min", 5400), ("1:30", 5400), ("90", 5400), ("45s", 45)]
    + [("1H", 3600), ("0", 0), ("2m30s", 150), ("0:05", 300), ("90m", 5400)],
)
def test_a_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h",
        "1x",
        "-5m",
        "1.5h",
        "1:3",
        "1:60",
        "1:30:00",
        "30m1h",
        "1h1h",
        "1h30",
        "٣m",
        "9" * 30,
        "m30",
        "1\0m",
        ":",
    ],
)
def test_a_bad_duration(text: str) -> None:
    with pytest.raises(UsageError, match="not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0m"), (45, "45s"), (90, "1m 30s"), (1800, "30m"), (5400, "1h 30m"), (3605, "1h")]
)
def test_a_duration_is_shown(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(0, 5000))
def test_minutes_come_back(minutes: int) -> None:
    assert parse_duration(format_duration(minutes * 60)) == minutes * 60

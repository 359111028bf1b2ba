"""Times of day and the offsets after them."""

from datetime import UTC, time, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.timesofday import offset_of, time_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("0:00", time(0)),
        ("23:59:59", time(23, 59, 59)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("9:30 am", time(9, 30)),
        ("1pm", time(13)),
        ("noon", time(12)),
        ("14:00:00.999", time(14)),
    ],
)
def test_a_time(words: str, expected: time) -> None:
    assert time_of(words.split()) == expected


@pytest.mark.parametrize(
    "words",
    ["", "3", "24:00", "12:60", "1:2", "13pm", "0am", "pm", "noon pm", "1 5:00", ":30", "1:00:00:00", "1.5pm", "a:bc"],
)
def test_no_time(words: str) -> None:
    assert time_of(words.split()) is None


@given(st.times())
def test_every_iso_time_is_a_time(wall: time) -> None:
    assert time_of([wall.isoformat()]) == wall.replace(microsecond=0)


@pytest.mark.parametrize(
    ("words", "offset", "rest"),
    [
        ("14:00z", UTC, ["14:00"]),
        ("14:00 z", UTC, ["14:00"]),
        ("14:00+02:00", timezone(timedelta(hours=2)), ["14:00"]),
        ("14:00 -0530", timezone(-timedelta(hours=5, minutes=30)), ["14:00"]),
        ("3 pm", None, ["3", "pm"]),
        ("14:00+2", None, ["14:00+2"]),
        ("14:00+24:00", None, ["14:00+24:00"]),
        ("+02:00", None, ["+02:00"]),
    ],
)
def test_an_offset(words: str, offset: tzinfo | None, rest: list[str]) -> None:
    assert offset_of(words.split()) == (offset, rest)

"""Sparklines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.render.spark import sparkline


@pytest.mark.parametrize(
    ("values", "unicode", "text"),
    [
        ([], True, ""),
        ([0, 0], True, "▁▁"),
        ([0, 1, 2, 3, 4, 5, 6, 7], True, "▁▂▃▄▅▆▇█"),
        ([0, 1, 1000], True, "▁▂█"),
        ([-3, 5], True, "▁█"),
        ([0, 1, 7], False, "_.#"),
    ],
)
def test_sparkline(values, unicode, text) -> None:
    assert sparkline(values, unicode=unicode) == text


@given(st.lists(st.integers(-5, 10**12)))
def test_one_mark_a_value_and_the_greatest_is_full(values: list[int]) -> None:
    line = sparkline(values)
    assert len(line) == len(values)
    assert all((mark == "▁") == (value <= 0) for mark, value in zip(line, values, strict=True))

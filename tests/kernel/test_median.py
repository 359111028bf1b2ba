"""The middle of some numbers."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.median import median


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1))
def test_it_is_the_one_of_the_library(numbers: list[int]) -> None:
    assert median(numbers) == statistics.median(numbers)


def test_there_is_none_of_nothing() -> None:
    with pytest.raises(IndexError):
        median([])

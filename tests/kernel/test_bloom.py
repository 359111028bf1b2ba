"""What may have been met, in little memory."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.bloom import BloomFilter


@given(st.lists(st.text(), unique=True))
def test_what_was_met_is_never_forgotten(texts: list[str]) -> None:
    bloom = BloomFilter(len(texts))
    bloom.meet(texts)
    assert all(bloom.meet([text]) for text in texts)


def test_what_is_new_is_mostly_known_to_be_new() -> None:
    bloom = BloomFilter(100_000)
    taken_for_met = sum(bloom.meet([f"text {number}"]) for number in range(100_000))
    assert taken_for_met < 1_000


def test_one_of_several_is_enough_and_all_are_remembered() -> None:
    bloom = BloomFilter(10)
    assert not bloom.meet([])
    assert not bloom.meet(["a", "b"])
    assert bloom.meet(["c", "b"])
    assert bloom.meet(["c"])

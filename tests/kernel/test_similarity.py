"""Edit distance, nearest words, deletion keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.similarity import deletes, distance, jaro_winkler, nearest

WORDS = st.text("abc", max_size=7)


def slow_distance(a: str, b: str) -> int:
    """The recurrence as the definition has it."""
    if not a or not b:
        return len(a) + len(b)
    best = min(
        slow_distance(a[:-1], b) + 1,
        slow_distance(a, b[:-1]) + 1,
        slow_distance(a[:-1], b[:-1]) + (a[-1] != b[-1]),
    )
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        best = min(best, slow_distance(a[:-2], b[:-2]) + 1)
    return best


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("ca", "abc", 3), ("müller", "muller", 1)],
)
def test_known_distances(a: str, b: str, expected: int) -> None:
    assert distance(a, b, 9) == expected


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 5))
def test_the_cut_off_changes_nothing_within_it(a: str, b: str, limit: int) -> None:
    assert distance(a, b, limit) == min(slow_distance(a, b), limit + 1)


@given(WORDS, WORDS)
def test_distance_is_symmetric(a: str, b: str) -> None:
    assert distance(a, b, 7) == distance(b, a, 7)


def test_the_nearest_come_first() -> None:
    verbs = ["add", "edit", "list", "show", "merge", "restore"]
    assert nearest("lst", verbs) == ["list"]
    assert nearest("shwo", verbs) == ["show"]
    assert nearest("rest", verbs) == ["restore"]
    assert nearest("MERGÉ", verbs) == ["merge"]
    assert nearest("unicorn", verbs) == []
    assert nearest("", verbs) == []
    assert nearest("x", ["y", "z"]) == []


def test_no_more_than_asked_for() -> None:
    assert nearest("aaaa", ["aaab", "aaac", "aaad", "aaaa"], count=2) == ["aaaa", "aaab"]


def test_deletes_are_the_word_and_each_gap() -> None:
    assert deletes("abb") == {"abb", "bb", "ab"}
    assert deletes("") == {""}


@given(WORDS, WORDS)
def test_words_one_edit_apart_share_a_key(a: str, b: str) -> None:
    if distance(a, b, 1) <= 1:
        assert deletes(a) & deletes(b)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.84),
        ("dixon", "dicksonx", 0.813),
        ("john smith", "joan smith", 0.947),
        ("robert brown", "bob brown", 0.81),
        ("abc", "abc", 1),
        ("abc", "xyz", 0),
        ("", "abc", 0),
    ],
)
def test_known_likeness(a: str, b: str, expected: float) -> None:
    assert jaro_winkler(a, b) == pytest.approx(expected, abs=0.001)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert jaro_winkler(a, b) == pytest.approx(jaro_winkler(b, a))
    assert 0 <= jaro_winkler(a, b) <= 1

"""The piece of a text that holds the words, and the places of the words in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.excerpt import LENGTH, excerpt
from crmcli.kernel.text import tokens


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Asked about the Müller delivery", ["mull", "deliv"], ["Müller", "delivery"]),
        ("line one\nline two", ["two"], ["two"]),
        ("山田太郎様 より", ["山", "田"], ["山田"]),
        ("Straße 5", ["strasse"], ["Straße"]),
        ("हिन्दी भाषा", ["हिन्दी"], ["हिन्दी"]),
        ("O'Brien & Co", ["o", "brien"], ["O", "Brien"]),
        ("ada@engines.example", ["engines", "exam"], ["engines", "example"]),
    ],
)
def test_words_are_marked_where_they_stand(text: str, words: list[str], marked: list[str]) -> None:
    found = excerpt(text, words)
    assert found and [found.text[start:end] for start, end in found.marks] == marked
    assert found.words == len(words)


def test_the_inside_of_a_word_is_no_match() -> None:
    assert excerpt("reordered", ["order"]) is None
    assert excerpt("", ["x"]) is None


def test_a_long_text_is_cut_around_the_piece_that_holds_most() -> None:
    text = "red " + "x " * 300 + "red apples " + "y " * 300
    found = excerpt(text, ["red", "apples"])
    assert found and found.words == 2
    assert found.text.startswith("…") and found.text.endswith("…") and len(found.text) <= LENGTH + 2


def test_the_whole_text_has_no_ellipsis() -> None:
    found = excerpt("  Red apples \n", ["red"])
    assert found and found.text == "Red apples"


@given(st.text(max_size=2000))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    for word in tokens(text)[:5]:
        found = excerpt(text, [word])
        assert found and len(found.text) <= LENGTH + 2 and "\n" not in found.text
        assert all(0 <= start < end <= len(found.text) for start, end in found.marks)

"""A line is read as its shell reads it, up to the cursor."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.completion.lines import read


@pytest.mark.parametrize(
    ("text", "words", "current", "quote"),
    [
        ("crm show ad", ["crm", "show"], "ad", ""),
        ("crm show ", ["crm", "show"], "", ""),
        ("crm show 'Ada Lo", ["crm", "show"], "Ada Lo", "'"),
        ('crm show "Ada Lo', ["crm", "show"], "Ada Lo", '"'),
        ("crm show Ada\\ Lo", ["crm", "show"], "Ada Lo", ""),
        ("crm show 'O'\\''Br", ["crm", "show"], "O'Br", "'"),
        ('crm show "a\\$b\\c', ["crm", "show"], "a$b\\c", '"'),
        ("crm show '' x", ["crm", "show", ""], "x", ""),
        ("ls | crm show x", ["crm", "show"], "x", ""),
        ("crm show 山田\\ 太", ["crm", "show"], "山田 太", ""),
        ("crm show x\\", ["crm", "show"], "x\\", ""),
    ],
)
def test_words_before_the_cursor_and_at_it(text: str, words: list[str], current: str, quote: str) -> None:
    line = read(text)
    assert (line.words, line.current, line.quote) == (words, current, quote)


def test_fish_escapes_inside_single_quotes() -> None:
    assert read("crm show 'O\\'Br", fish=True).current == "O'Br"


@pytest.mark.parametrize("text", ["crm contact list > ou", "crm batch < fil", "crm batch <fil"])
def test_a_redirection_names_a_file(text: str) -> None:
    line = read(text)
    assert line.redirected and line.words[0] == "crm"
    assert not read(f"{text} x").redirected


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=4))
def test_what_posix_quotes_is_read_back(words: list[str]) -> None:
    line = read(" ".join(shlex.quote(word) for word in [*words, ""]) + " ")
    assert line.words == [*words, ""]


@given(st.text())
def test_every_character_knows_its_place(text: str) -> None:
    line = read(text)
    assert len(line.starts) == len(line.current)
    assert list(line.starts) == sorted(set(line.starts)) and all(place < len(line.raw) for place in line.starts)

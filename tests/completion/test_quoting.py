"""What is inserted into a bash line reads back as the name, and nothing else."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.completion.lines import read
from crmcli.completion.quoting import for_bash, quoted

BREAKS = "\"'><=;|&(:@ \t\n"
NASTY = [
    "Ada Lovelace",
    "Conan O'Brien",
    'Bob "Quote"',
    "$(touch x) `id` $HOME ${x}",
    "山田 太郎",
    "[brack] {a,b}*?",
    "back\\slash\\",
    "a;b|c&d>e<f(g)",
    "bang! !! ^x",
    "# ~ ~root",
    "a=b:c@d",
]
printable = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1)


@given(printable, st.sampled_from(["", "'", '"']))
def test_the_line_reads_back_as_the_name(name: str, quote: str) -> None:
    assert read(f"crm show {quote}{quoted(name, quote)}{quote} ").words == ["crm", "show", name]


@pytest.mark.skipif(not shutil.which("bash"), reason="NO BASH on this machine")
@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_bash_reads_the_same(name: str, quote: str) -> None:
    word = f"{quote}{quoted(name, quote)}{quote}"
    told = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True, timeout=60)
    assert told.stdout.decode() == name


@given(printable, st.sampled_from(["", "'", '"']), st.integers(0, 5))
def test_the_piece_stands_in_the_place_of_the_word_that_readline_sees(name: str, quote: str, typed: int) -> None:
    begun = f"crm show {quote}{quoted(name[:typed], quote)}"
    line = read(begun)
    pieces = for_bash(line, [name], BREAKS)
    assert read(f"{_kept(begun)}{pieces[0]}{line.quote} ").words == ["crm", "show", name]


def _kept(begun: str) -> str:
    """What Readline leaves of a line: all up to an open quotation mark, else up to the last unquoted break."""
    at, mark, after_mark, after_break = 0, "", 0, 0
    while at < len(begun):
        letter = begun[at]
        if letter == "\\" and mark != "'":
            at += 1
        elif mark:
            mark = "" if letter == mark else mark
        elif letter in "'\"":
            mark, after_mark = letter, at + 1
        elif letter in BREAKS:
            after_break = at + 1
        at += 1
    return begun[: after_mark if mark else after_break]


def test_what_has_a_common_beginning_other_than_typed_is_not_inserted() -> None:
    line = read("crm show mul")
    pieces = for_bash(line, ["Jane Müller", "Jürgen Müller"], BREAKS)
    assert pieces == ["Jane\\ Müller", "Jürgen\\ Müller", "mul"]
    assert for_bash(read("crm show jur"), ["Jürgen A", "Jürgen B"], BREAKS) == ["Jürgen\\ A", "Jürgen\\ B"]


def test_only_what_follows_a_break_is_replaced() -> None:
    line = read("crm contact add x --lifecycle-stage=le")
    assert for_bash(line, ["--lifecycle-stage=lead"], BREAKS) == ["lead"]
    assert for_bash(read("crm show ada@eng"), ["ada@engines.example"], BREAKS) == ["engines.example"]

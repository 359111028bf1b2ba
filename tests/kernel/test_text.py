"""Text shown safely, folded, tokenised, measured and checked."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import cell_width, check_text, clip, fold, safe, tokens

EVERYTHING = st.text(st.characters())
KEPT_FORMATS = {0x200C, 0x200D, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD} | set(range(0x600, 0x606))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x1b[31mred\x00\x7f\x9b", "\\x1b[31mred\\x00\\x7f\\x9b"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("\u2028\u200b\ufeff\ue000", "\\u2028\\u200b\\ufeff\\ue000"),
        ("👩‍💻 ❤️ क्‍ष علی‌رضا 山田 太郎\u3000\u00a0x", "👩‍💻 ❤️ क्‍ष علی‌رضا 山田 太郎\u3000\u00a0x"),
        ("[red]:smile:[/] C:\\n", "[red]:smile:[/] C:\\n"),
    ],
)
def test_what_a_terminal_is_shown(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_line_feeds_are_kept_on_demand() -> None:
    assert safe("a\r\nb\n\x1bc\rd", newlines=True) == "a\nb\n\\x1bc\\rd"
    assert safe("a\nb", newlines=True) == "a\nb"
    assert safe("a\nb") == "a\\nb"


def test_the_ranges_agree_with_unicode() -> None:
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category == "Cn":
            continue
        visible_format = code in KEPT_FORMATS or 0x13430 <= code <= 0x1343F
        unsafe = category in ("Cc", "Cs", "Co", "Zl", "Zp") or (category == "Cf" and not visible_format)
        assert (safe(chr(code)) != chr(code)) == unsafe, hex(code)


@given(EVERYTHING)
def test_nothing_unsafe_passes(text: str) -> None:
    shown = safe(text)
    assert safe(shown) == shown
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Zl", "Zp") for c in shown)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("MULLER", "muller"),
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Søren Ærø", "soren aero"),
        ("Đặng Thị", "dang thi"),
        ("İstanbul ışık", "istanbul isik"),
        ("Œuvre þing", "oeuvre thing"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Ёлка", "елка"),
        ("ﬁ Ａｄａ ①", "fi ada 1"),
        ("O’Brien", "o'brien"),
        ("が 한국 नमस्ते", "が 한국 नमस्ते"),
        ("علی‌رضا", "علیرضا"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_twice_changes_nothing() -> None:
    for code in (*range(0x3400), *range(0xA000, 0xABFF), *range(0xF900, 0x11000), *range(0x1D400, 0x1F200)):
        once = fold(chr(code))
        assert fold(once) == once, hex(code)


@given(EVERYTHING)
def test_folding_text_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="latin-1")))
def test_case_does_not_count(text: str) -> None:
    assert fold(text.upper().replace("\u039c", "µ")) == fold(text.replace("\u039c", "µ"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ada  Lovelace, 2nd!", ["ada", "lovelace", "2nd"]),
        ("ada@engines.example", ["ada", "engines", "example"]),
        ("Müller-Lüdenscheid", ["muller", "ludenscheid"]),
        ("山田 太郎", ["山", "田", "太", "郎"]),
        ("Tokyo東京2", ["tokyo", "東", "京", "2"]),
        ("한국 カタ", ["한", "국", "カ", "タ"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("a_b\0c\ud800d", ["a", "b", "c", "d"]),
        ("x" * 130, ["x" * 64, "x" * 64, "xx"]),
        ("é" * 65, ["e" * 64, "e"]),
        ("🙂 -- ", []),
        ("", []),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@given(EVERYTHING)
def test_tokens_are_stable_words(text: str) -> None:
    words = tokens(text)
    assert all(0 < len(word) <= 64 and not word.isspace() for word in words)
    assert words == tokens(fold(text))


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("Ada", 3),
        ("山田", 4),
        ("ﾔﾏﾀﾞ", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("👩‍💻", 2),
        ("👍🏽", 2),
        ("❤️", 2),
        ("❤", 1),
        ("🇩🇪", 2),
        ("नमस्ते", 4),
        ("각", 2),
        ("…", 1),
    ],
)
def test_width_in_cells(text: str, width: int) -> None:
    assert cell_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "clipped"),
    [
        ("Lovelace", 8, "Lovelace"),
        ("Lovelace", 5, "Love…"),
        ("Lovelace", 1, "…"),
        ("Lovelace", 0, ""),
        ("山田太郎", 5, "山田…"),
        ("山田太郎", 4, "山…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👩‍💻👩‍💻", 3, "👩‍💻…"),
    ],
)
def test_clipping(text: str, width: int, clipped: str) -> None:
    assert clip(text, width) == clipped


@given(EVERYTHING, st.integers(0, 20))
def test_a_clipped_text_fits(text: str, width: int) -> None:
    assert cell_width(clip(text, width)) <= width


def test_a_text_is_checked() -> None:
    assert check_text("  Ada \n", what="name", max_length=10) == "Ada"
    assert check_text("a\r\nb", what="note", max_length=10, multiline=True) == "a\nb"
    assert check_text("a\r\nb\tc", what="name", max_length=10) == "a\r\nb\tc"
    assert check_text(" ", what="name", max_length=10) == ""
    assert check_text("山" * 10, what="name", max_length=10) == "山" * 10


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a\0b", "name contains a NUL character"),
        ("a\ud800b", "name contains a broken character"),
        ("x" * 11, "name has 11 characters"),
        ("  ", "name is empty"),
        (42, "name must be text, not int"),
        (None, "name must be text"),
    ],
)
def test_a_bad_text_is_refused(value: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_text(value, what="name", max_length=10, required=True)

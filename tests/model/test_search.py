"""The function that filters compare by on PostgreSQL: it folds as `crmcli.kernel.text.fold` does for SQLite."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.kernel.text import fold
from crmcli.store import postgresql
from tests.conftest import Crm


@pytest.fixture
def opened(postgresql_place: str) -> Iterator[Any]:
    connection = postgresql.open_place(postgresql_place, writing=True)
    yield connection
    connection.close()


def folded(opened: Any, texts: list[str]) -> list[str]:
    """What the function of the database makes of texts."""
    opened.begin(writing=True)
    opened.execute('CREATE TEMPORARY TABLE sample (n integer, value text COLLATE "C") ON COMMIT DROP')
    for number, text in enumerate(texts):
        opened.execute("INSERT INTO sample VALUES (?, ?)", [number, text])
    rows = opened.execute("SELECT crm_fold(value) AS folded FROM sample ORDER BY n").fetchall()
    opened.rollback()
    return [row["folded"] for row in rows]


# Blocks of Unicode, as its file Blocks.txt names them.
BLOCKS = {
    "Latin": ((0x20, 0x2FF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xFB00, 0xFB06)),
    "Greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF), (0x2C80, 0x2CFF)),
    "Cyrillic": ((0x400, 0x52F), (0x1C80, 0x1C88), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "marks": ((0x300, 0x36F), (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0), (0x3099, 0x309A), (0xFE00, 0xFE2F)),
    "others": ((0x530, 0x74F), (0x900, 0xEFF), (0x10A0, 0x11FF), (0x13A0, 0x13FF), (0x2000, 0x2BFF), (0x3000, 0x33FF)),
    "wide": ((0xAC00, 0xAC80), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1E900, 0x1E943)),
}


@pytest.mark.postgresql
@pytest.mark.parametrize("script", BLOCKS)
def test_letters_fold_as_they_do_for_sqlite(opened: Any, script: str) -> None:
    # A server may know newer characters than this Python, and the other way round.
    known = [
        chr(code)
        for first, last in BLOCKS[script]
        for code in range(first, last + 1)
        if unicodedata.ucd_3_2_0.category(chr(code)) != "Cn" or unicodedata.category(chr(code)) == "Lu"
    ]
    texts = [f"{letter}A{letter}" for letter in known if chr(0xA7CA) >= letter or letter > chr(0xA7FF)]
    assert len(texts) > 100
    expected = [fold(text) for text in texts]
    assert [pair for pair in zip(texts, folded(opened, texts), expected, strict=True) if pair[1] != pair[2]] == []


NAMES = (
    "Łódź", "Ærø", "Straße", "STRAẞE", "Ðorđe Đoković", "Þórður", "Œuvre", "İstanbul", "ISIK ışık", "Ħaż-Żebbuġ",
    "O’Brien", "Hawai\u02bbi", "Ångström", "Škoda", "Nguyễn Thị Ánh", "Lîm Bó\u0358", "Ψυχή ΟΔΥΣΣΕΥΣ",
    "Ёлкин Й", "ИВАН Ї Ґ",
    "Հայաստան", "ᲗᲑᲘᲚᲘᲡᲘ", "محمّد الطيّب", "שָׁלוֹם", "山田 太郎", "ガギグ", "ｶﾞ", "한국어", "สวัสดี",
    "नमस्ते", "ﬁne ＡＢＣ", "a\u200db\u00adc\ufe0f", "e\u0301\u0323", "\u01c5 \u0149 \u1e9a", "100% _!'\\", "", " ",
)  # fmt: skip


@pytest.mark.postgresql
def test_names_fold_as_they_do_for_sqlite(opened: Any) -> None:
    assert folded(opened, list(NAMES)) == [fold(name) for name in NAMES]
    assert opened.execute("SELECT crm_fold(NULL) AS a").fetchone() == {"a": None}


@pytest.mark.postgresql
@given(st.lists(st.text("aZäßøłŁđΣς\u0301\u0345\u0323ЙİıﬁŒガ한\u200d’", max_size=8), min_size=1, max_size=30))
@settings(max_examples=20)
def test_any_mixture_folds_as_it_does_for_sqlite(opened: Any, texts: list[str]) -> None:
    assert folded(opened, texts) == [fold(text) for text in texts]


@pytest.mark.parametrize(
    ("city", "asked"),
    [
        ("Łódź", ["Łódź", "łódź", "lodz", "ŁÓDŹ"]),
        ("Ærø", ["Ærø", "aero", "ÆRØ"]),
        ("Große Straße", ["'Große Straße'", "'grosse strasse'", "'GROSSE STRAẞE'"]),
        ("ΘΕΣΣΑΛΟΝΊΚΗΣ", ["θεσσαλονικης", "Θεσσαλονίκης"]),
        ("Орёл", ["ОРЕЛ", "орёл"]),
        ("İzmir", ["izmir", "İZMİR"]),
    ],
)
def test_a_filter_finds_a_city_however_it_is_written(crm: Crm, city: str, asked: list[str]) -> None:
    crm.ok("contact", "add", "Ada", "--address", f"city={city}")
    kept = crm.json("contact", "show", "c1")["item"]["addresses"][0]["locality"]
    assert kept == city
    for text in asked:
        assert crm.ok("contact", "list", f"city:{text}", "-o", "ids") == "c1\n", text
        assert crm.ok("contact", "list", f"city~{text}", "-o", "ids") == "c1\n", text

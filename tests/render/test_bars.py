"""Bars of amounts."""

import pytest

from crmcli.render.bars import legend, place, ranged, stacked
from crmcli.render.blocks import cells

PARTS = [(3, "█", "good"), (0, "▓", ""), (1, "▒", ""), (996, "░", "")]


def text(line: list[tuple[str, str]]) -> str:
    return "".join(part for part, _ in line)


@pytest.mark.parametrize("width", [1, 8, 40, 139])
def test_a_bar_is_as_long_as_its_sum(width: int) -> None:
    assert cells(stacked(PARTS, 1000, width, unicode=True)) == width
    assert cells(stacked(PARTS, 2000, width, unicode=True)) == place(1000, 2000, width)


def test_small_parts_do_not_make_a_bar_longer() -> None:
    assert text(stacked([(500, "█", ""), (500, "░", "")], 1000, 10, unicode=True)) == "█████░░░░░"
    assert text(stacked([(500, "█", ""), (500, "░", "")], 1000, 10, unicode=False)) == "#####-----"
    assert stacked([(0, "█", "")], 0, 10, unicode=True) == []


def test_a_range_has_its_ends_and_its_middle() -> None:
    assert text(ranged(30, 60, 90, 100, 11, unicode=True)) == "   ├──●──┤"
    assert text(ranged(30, 60, 90, 100, 11, unicode=False)) == "   |--*--|"
    assert text(ranged(0, 0, 100, 100, 5, unicode=True)) == "●───┤"
    assert ranged(0, 0, 0, 100, 5, unicode=True) == []


@pytest.mark.parametrize("width", [10, 20, 40])
def test_a_legend_keeps_signs_with_their_words(width: int) -> None:
    lines = legend([("█", "", "owed"), ("░", "", "hoped for"), ("", "", "rest")], width, unicode=True)
    assert all(cells(line) <= width + 2 for line in lines)
    assert "█ owed" in "\n".join(map(text, lines))

"""Charts."""

import re
from xml.etree import ElementTree

from crmcli.render import svg


def widths(text: str) -> list[int]:
    """The widths of the rectangles of a chart, which is well-formed."""
    return [int(float(rect.get("width", "0"))) for rect in ElementTree.fromstring(text).iter("rect")]


def test_a_bar_is_in_proportion_and_what_is_there_shows() -> None:
    assert widths(svg.bar(50, 100)) == [1000, 500, 500]
    assert widths(svg.bar(50, 100, part=10)) == [1000, 500, 100]
    assert widths(svg.bar(1, 10**15)) == [1000, 1, 1]
    assert widths(svg.bar(0, 0)) == widths(svg.bar(-5, 10)) == [1000, 0, 0]
    assert widths(svg.bar(10, 100, part=90)) == [1000, 100, 100]


def test_parts_of_a_whole() -> None:
    assert svg.stacked([]) == svg.stacked([(0, "a")]) == ""
    assert widths(svg.stacked([(1, "a"), (3, "good"), (0, "bad")])) == [247, 747]


def test_columns_stand_on_the_ground() -> None:
    text = svg.columns([(0, 5), (10, 1)], 'weeks "<&>"')
    chart = ElementTree.fromstring(text)
    assert chart.get("aria-label") == 'weeks "<&>"'
    for rect in chart.iter("rect"):
        assert int(rect.get("y", "0")) + int(rect.get("height", "0")) in (svg.HEIGHT - 1, svg.HEIGHT)
    assert re.findall(r'height="(\d+)"', text) == ["0", "59", "118", "12", "1"]
    assert ElementTree.fromstring(svg.columns([], "nothing")).get("role") == "img"

"""Bars of amounts in text: parts one behind the other, and a range with its middle."""

from collections.abc import Sequence

from crmcli.render.blocks import Line, cells, wrap

_SIGNS = {"█": "#", "▓": "=", "▒": "+", "░": "-"}


def place(value: int, most: int, width: int) -> int:
    """The cell of a value where `most` takes all of `width`; anything above zero takes at least one."""
    if most <= 0 or value <= 0:
        return 0
    return max(1, min(width, (2 * value * width + most) // (2 * most)))


def stacked(parts: Sequence[tuple[int, str, str]], most: int, width: int, *, unicode: bool) -> Line:
    """Parts one behind the other: their amounts, signs (█ ▓ ▒ ░) and styles.

    Ends are rounded, not the parts, so that the whole bar is as long as its sum says.
    """
    line: Line = []
    total = end = 0
    for value, sign, style in parts:
        total += max(0, value)
        until = place(total, most, width)
        if until > end:
            line.append(((sign if unicode else _SIGNS[sign]) * (until - end), style))
            end = until
    return line


def legend(entries: Sequence[tuple[str, str, str]], width: int, *, unicode: bool) -> list[Line]:
    """Signs and what they stand for: sign, style and words; none is torn apart as long as it fits a line."""
    lines: list[Line] = [[]]
    for sign, style, words in entries:
        entry = [((sign if unicode else _SIGNS[sign]) + " ", style), (words, "")] if sign else [(words, style)]
        gap = [("   ", "")] if lines[-1] else []
        if gap and cells([*lines[-1], *gap, *entry]) > width:
            lines.append([])
            gap = []
        lines[-1] += [*gap, *entry]
    # What is too long for a line is broken like other text; all else keeps its gaps.
    return [part for line in lines for part in (wrap(line, width) if cells(line) > width else [line])]


def ranged(low: int, middle: int, high: int, most: int, width: int, *, unicode: bool) -> Line:
    """A range from `low` to `high` with a mark at its middle: `├──●───┤`; nothing where all is nothing."""
    if most <= 0 or high <= 0 or width < 1:
        return []
    first, mid, last = (min(width - 1, value * width // most) for value in (low, middle, high))
    left, dash, mark, right = "├─●┤" if unicode else "|-*|"
    signs = [" "] * first + [dash] * (last - first + 1)
    signs[first], signs[last] = left, right
    signs[mid] = mark
    return [("".join(signs), "")]

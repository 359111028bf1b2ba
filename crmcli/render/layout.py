"""How wide each column of a table is, and which are left out when there is no room."""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.render.view import Column

GAP = 2
"""Cells between two columns."""

READABLE = 12
"""A text column is not squeezed below this many cells."""

_SQUEEZABLE = ("text", "list", "tags")


class Layout(NamedTuple):
    """The columns that are shown (their positions), the cells of each, and the titles of those left out."""

    kept: list[int]
    widths: list[int]
    hidden: list[str]


def fit(columns: Sequence[Column], natural: Sequence[int], width: int, *, whole: bool = False) -> Layout | None:
    """Fit columns into `width` cells, or None when even those that must be shown do not fit.

    `natural` is the width each column would like. Columns with the highest `drop` are left out first, of equals the
    last one; with `whole` none is, because the user has named them.
    """
    least = [_least(column, cells) for column, cells in zip(columns, natural, strict=True)]
    kept = list(range(len(columns)))
    while _total([least[i] for i in kept]) > width:
        droppable = [i for i in kept if columns[i].drop and not whole]
        if not droppable:
            return None
        kept.remove(max(droppable, key=lambda i: (columns[i].drop, i)))
    widths = _share([least[i] for i in kept], [natural[i] for i in kept], width)
    hidden = [column.name for i, column in enumerate(columns) if i not in kept]
    return Layout(kept, widths, hidden)


def _least(column: Column, natural: int) -> int:
    return min(natural, READABLE) if column.kind in _SQUEEZABLE else natural


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _share(least: Sequence[int], natural: Sequence[int], width: int) -> list[int]:
    """Deal out what is left beyond the least widths, the same to every column until all have enough."""
    widths = list(least)
    spare = width - _total(widths)
    while spare > 0 and (wanting := [i for i in range(len(widths)) if widths[i] < natural[i]]):
        step = max(1, spare // len(wanting))
        for i in wanting:
            grown = min(step, natural[i] - widths[i], spare)
            widths[i] += grown
            spare -= grown
    return widths

"""Small charts as inline SVG: rectangles that take their colours from the page, without scripts and without text.

Text stands beside them in the page, where it keeps its size at every width.
"""

from collections.abc import Sequence

from crmcli.render.html import attribute

WIDTH, HEIGHT = 600, 120


def bar(value: int, most: int, tone: str = "a", part: int | None = None) -> str:
    """A bar from the left, its length in proportion to the greatest value; of it `part` is drawn strong.

    `tone` names the colour: a, b, good, warning or bad. Anything above zero shows.
    """
    length = _share(value, most, 1000)
    inner = length if part is None else min(length, _share(part, most, 1000))
    drawn = f'<rect class="track" width="1000" height="10"/><rect class="light {tone}" width="{length}" height="10"/>'
    return (
        '<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        f'{drawn}<rect class="{tone}" width="{inner}" height="10"/></svg>'
    )


def stacked(parts: Sequence[tuple[int, str]]) -> str:
    """One bar of parts in proportion, each a value and its colour; "" for nothing."""
    whole = sum(max(0, value) for value, _ in parts)
    if whole <= 0:
        return ""
    drawn, left = [], 0
    done = 0
    for value, tone in parts:
        done += max(0, value)
        right = done * 1000 // whole
        if right > left:
            drawn.append(f'<rect class="{tone}" x="{left}" width="{max(1, right - left - 3)}" height="16"/>')
        left = right
    return (
        '<svg class="bar tall" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(drawn)}</svg>"
    )


def columns(pairs: Sequence[tuple[int, int]], label: str) -> str:
    """Columns of two values each, side by side and to one scale, over a base line; `label` says what is seen."""
    most = max((max(pair) for pair in pairs), default=0)
    step = WIDTH / max(1, len(pairs))
    width = step * 0.34
    drawn = []
    for place, pair in enumerate(pairs):
        for number, (value, tone) in enumerate(zip(pair, "ab", strict=True)):
            height = _share(value, most, HEIGHT - 2)
            x = place * step + step * 0.14 + number * (width + step * 0.04)
            drawn.append(
                f'<rect class="{tone}" x="{x:.1f}" y="{HEIGHT - 1 - height}" width="{width:.1f}" height="{height}"/>'
            )
    return (
        f'<svg class="columns" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{attribute(label)}">{"".join(drawn)}'
        f'<rect class="base" y="{HEIGHT - 1}" width="{WIDTH}" height="1"/></svg>'
    )


def _share(value: int, most: int, length: int) -> int:
    return -(-max(0, value) * length // most) if most > 0 else 0

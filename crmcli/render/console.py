"""Drawing with Rich: always into a string, which then leaves through `Out` like everything else."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, RenderableType

from crmcli.render.out import Out
from crmcli.render.theme import THEME


def draw(parts: Iterable[RenderableType], out: Out) -> list[str]:
    """The lines of `parts` drawn one below the other, as wide as the output and coloured as it wants to be."""
    file = StringIO()
    console = Console(
        file=file,
        width=out.width,
        height=out.height,
        force_terminal=out.color,
        color_system="standard" if out.color else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        theme=THEME,
        # An empty environment: every question it answers has been answered by `Out`.
        _environ={},
    )
    for part in parts:
        console.print(part)
    return [line.rstrip() for line in file.getvalue().split("\n")[:-1]]

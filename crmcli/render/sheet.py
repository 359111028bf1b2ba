"""One record below another as aligned `Label  value` lines, under a title."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crmcli.kernel.text import cell_width
from crmcli.render.out import Out
from crmcli.render.view import Column, Record

_NARROW_VALUE = 12
"""With fewer cells than this beside its label, a value goes below it."""


def styled(column: Column, record: Record, text: str) -> Text:
    """`text` in the style that the column gives to this record. `text` is safe already, and never taken as markup."""
    usual = {"id": "id", "tags": "tag"}.get(column.kind, "")
    return Text(text, style=column.style(record) or usual if column.style else usual)


def heading(title: str, record: Record) -> Text:
    """The title of a record in bold, and its id. `title` is safe already."""
    ref = str(record.get("id") or "")
    return Text.assemble((title, "title"), ("  " + ref if ref else "", "id"), overflow="fold")


def sheet(fields: Sequence[tuple[str, Text]], out: Out, *, indent: int = 0) -> Iterator[RenderableType]:
    """The label and value of every field, aligned; long values are wrapped beside their label, or below it."""
    labels = max((cell_width(label) for label, _ in fields), default=0)
    room = out.width - indent
    if room - labels - 2 < _NARROW_VALUE:
        for label, value in fields:
            yield Padding(Text(label, style="label", overflow="fold"), (0, 0, 0, indent), expand=False)
            yield Padding(_folded(value), (0, 0, 0, indent + 2), expand=False)
        return
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(width=labels, style="label", no_wrap=True)
    grid.add_column(max_width=room - labels - 2, overflow="fold")
    for label, value in fields:
        grid.add_row(label, _folded(value))
    yield Padding(grid, (0, 0, 0, indent), expand=False)


def _folded(value: Text) -> Text:
    value.overflow = "fold"
    return value

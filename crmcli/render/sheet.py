"""One record below another as aligned `Label  value` lines, under a title."""

from collections.abc import Sequence

from crmcli.kernel.text import cell_width
from crmcli.render.blocks import Line, Span, indented, labelled, wrap
from crmcli.render.out import Out
from crmcli.render.view import Column, Record

_NARROW_VALUE = 12
"""With fewer cells than this beside its label, a value goes below it."""


def styled(column: Column, record: Record, text: str) -> Span:
    """`text` in the style that the column gives to this record. `text` is safe already."""
    usual = {"id": "id", "tags": "tag"}.get(column.kind, "")
    return text, column.style(record) or usual if column.style else usual


def heading(title: str, record: Record, width: int) -> list[Line]:
    """The title of a record in bold, and its id. `title` is safe already."""
    ref = str(record.get("id") or "")
    return wrap([(title, "title"), (f"  {ref}" if ref else "", "id")], width)


def sheet(fields: Sequence[tuple[str, Span]], out: Out, *, indent: int = 0) -> list[Line]:
    """The label and value of every field, aligned; long values are wrapped beside their label, or below it."""
    labels = max((cell_width(label) for label, _ in fields), default=0)
    room = out.width - indent
    if room - labels - 2 >= _NARROW_VALUE:
        lines = labelled([(label, wrap([value], room - labels - 2)) for label, value in fields], labels)
        return indented(lines, indent)
    found: list[Line] = []
    for label, value in fields:
        found += indented(wrap([(label, "label")], room), indent)
        found += indented(wrap([value], max(1, room - 2)), indent + 2)
    return found

"""What the doctor found, for people: a line a finding, and below it what to do."""

from collections.abc import Sequence

from crmcli.kernel.text import cell_width, safe
from crmcli.render.blocks import Drawing, Line, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP
from crmcli.render.out import Out
from crmcli.render.view import Record
from crmcli.render.views.doctor import STYLES

READABLE = 40
"""With fewer cells than this beside its check, a finding goes below it."""
INDENT = 2


def write(findings: Sequence[Record], out: Out) -> None:
    """Write all findings, as wide as the terminal is."""
    statuses = max(cell_width(status) for status in STYLES) + GAP
    checks = max((cell_width(one["check"]) for one in findings), default=0) + GAP
    beside = out.width - statuses - checks >= READABLE
    margin = statuses + checks if beside else INDENT
    lines: list[Line] = []
    for one in findings:
        head: Line = [
            (f"{one['status']:{statuses}}", STYLES[one["status"]]),
            (f"{one['check']:{checks}}" if beside else one["check"], ""),
        ]
        first, *rest = _told(one, out.width - margin, out)
        lines += [[*head, *first], *indented(rest, margin)] if beside else [head, *indented([first, *rest], margin)]
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def _told(finding: Record, width: int, out: Out) -> list[Line]:
    lines = wrap([(writable(safe(finding["finding"]), out), "")], width)
    if finding["advice"]:
        advice = wrap([(writable(safe(finding["advice"]), out), "title")], width - INDENT)
        lines += [[("→ ", "muted"), *advice[0]], *indented(advice[1:], INDENT)]
    return lines

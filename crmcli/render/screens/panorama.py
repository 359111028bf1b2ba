"""The market on one screen: one column at 40 cells, two at 80, three at 140."""

from collections.abc import Sequence
from datetime import date

from crmcli.kernel.days import MONTHS
from crmcli.kernel.relative import date_label
from crmcli.kernel.text import cell_width, clip
from crmcli.render.blocks import Drawing, Line, beside, cells, indented, labelled, padded, rule, wrap, writable
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.screens.facts import short
from crmcli.render.screens.panorama_parts import Bar, Section, sections
from crmcli.render.spark import sparkline
from crmcli.render.view import Record

TWO_COLUMNS = 72
THREE_COLUMNS = 120
WIDEST = 180
GUTTER = 3
LABELS = 12
LONGEST_LABEL = 20
LONGEST_BAR = 24
SHORTEST_BAR = 4


def lines(record: Record, out: Out) -> list[str]:
    """The screen, as wide as the terminal and coloured as it is."""
    width = min(out.width, WIDEST)
    columns = 3 if width >= THREE_COLUMNS else 2 if width >= TWO_COLUMNS else 1
    each = (width - GUTTER * (columns - 1)) // columns
    blocks = [_block(section, each, out) for section in sections(record)]
    body = beside([(part, each) for part in _arranged(blocks, columns)], GUTTER)
    hint = "open a number: crm panorama --explain silent, or stages, retention, contacts, queue, pipeline, orders,"
    tail = wrap([(f"{hint} cases, leads, or a part: cases:urgent", "muted")], width)
    return draw([Drawing([*_heading(record, width, out), *body, [], *tail], unicode=out.unicode)], out)


def _heading(record: Record, width: int, out: Out) -> list[Line]:
    day = date_label(date.fromisoformat(record["date"]), out.clock)
    whose = f"  of {writable(short(record['owner']), out)}" if record["owner"] else ""
    return wrap([("The market", "title"), (f"  {day}{whose}", "muted")], width)


def _arranged(blocks: Sequence[list[Line]], columns: int) -> list[list[Line]]:
    """The blocks in columns, in their order from left to right: the next one below the shortest column."""
    found: list[list[Line]] = [[] for _ in range(columns)]
    for block in blocks:
        shortest = min(found, key=len)
        shortest += [[], *block]
    return found


def _block(section: Section, width: int, out: Out) -> list[Line]:
    labels = min(LABELS, width // 2 - 2)
    found = [rule(section.title, width)]
    if section.weeks:
        found += _weeks(section.weeks, width, out)
    found += _bars(section.bars, width, out)
    rows = [
        (fact.label, wrap([(writable(fact.text, out), fact.style)], width - labels - 2, 3)) for fact in section.facts
    ]
    return [*found, *labelled(rows, labels)]


def _weeks(weeks: Sequence[Record], width: int, out: Out) -> list[Line]:
    """The contacts of each week, in and out to one scale, over the days on which the first and the last week begin."""
    came, went = [one["inbound"] for one in weeks], [one["outbound"] for one in weeks]
    marks = sparkline(came + went, unicode=out.unicode)
    broad = 2 if width >= LABELS + 2 + 2 * len(weeks) else 1
    half = len(weeks)
    rows = (("in", marks[:half], "inbound"), ("out", marks[half:], "outbound"))
    label = min(LABELS, width // 2 - 2) + 2
    found: list[Line] = [
        [*padded([(name, "label")], label), ("".join(mark * broad for mark in shown), style)]
        for name, shown, style in rows
    ]
    first, last = _short(weeks[0]["week"]), _short(weeks[-1]["week"])
    gap = max(1, half * broad - len(first) - len(last))
    return [*found, *indented([[(f"{first}{' ' * gap}{last}", "muted")]], label)]


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {MONTHS[found.month - 1]}"


def _bars(bars: Sequence[Bar], width: int, out: Out) -> list[Line]:
    """A line a bar: label, bar, text; where that is too narrow, the text below its label."""
    if not bars:
        return []
    labels = min(LONGEST_LABEL, width // 2 - 2, max(LABELS, *(cell_width(bar.label) for bar in bars)))
    texts = max(cell_width(bar.text) for bar in bars)
    room = min(LONGEST_BAR, width - labels - texts - 4)
    most = max(bar.value for bar in bars)
    found: list[Line] = []
    for bar in bars:
        head: Line = padded([(clip(writable(bar.label, out), labels), "label")], labels + 2)
        if room >= SHORTEST_BAR:
            found.append([*head, *_bar(bar, most, room, out), ("  ", ""), (writable(bar.text, out), "")])
            continue
        text = wrap([(writable(bar.text, out), bar.style)], width - cells(head), 3)
        found += [[*(head if number == 0 else padded([], cells(head))), *line] for number, line in enumerate(text)]
    return found


def _bar(bar: Bar, most: int, room: int, out: Out) -> Line:
    """The bar; what is weighted of it is strong, the rest light. Anything above zero shows."""
    length = -(-max(bar.value, 0) * room // most) if most > 0 else 0
    strong, light = ("█", "░") if out.unicode else ("#", ".")
    part = length if bar.part is None else -(-max(bar.part, 0) * room // most) if most > 0 else 0
    part = min(part, length)
    return [(strong * part, bar.style or "id"), (light * (length - part), "id"), (" " * (room - length), "")]

"""The queue and the agenda for people: sections of short rows, as tables or, where none fits, line below line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.clock import instant
from crmcli.kernel.dates import When, describe
from crmcli.kernel.relative import date_label, due_label
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import Drawing, Line, beside, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP, Layout, fit
from crmcli.render.out import Out
from crmcli.render.view import Column, Record
from crmcli.render.views import cadences
from crmcli.render.views.agenda import day
from crmcli.render.views.followups import OFTEN, STYLES, who
from crmcli.render.views.replies import remark, said

HEADINGS = {
    "overdue": ("Overdue", "overdue"),
    "today": ("Today", "today"),
    "week": ("This week", "title"),
    "later": ("Later", "muted"),
    "owed": ("You owe a reply", "inbound"),
    "cadence": ("Stay in touch", "title"),
    "waiting": ("Waiting for them", "outbound"),
}
DUE_STYLES = {"overdue": "overdue", "later": "muted"}
INDENT = 2
READABLE = 20


class Row(NamedTuple):
    """A line of a section; `mark` is the priority or channel, `style` its style, and `below` goes on the next line."""

    id: str
    when: str
    who: str
    what: str
    mark: str = ""
    style: str = ""
    below: str = ""


_COLUMNS = (
    Column("id", "", "id"),
    Column("when", "", "enum"),
    Column("who", ""),
    Column("what", ""),
    Column("mark", "", "enum", drop=1),
)


class Section(NamedTuple):
    """A part of the queue: its records, how many there are in all ("1000+"), and how to see those that are missing."""

    items: Sequence[Record]
    total: str
    more: str


def write_queue(sections: Mapping[str, Section], out: Out) -> None:
    """Write the queue: a heading of HEADINGS with the count, and a table, for every section that is not empty."""
    _write(list(_sections(sections, out)), out)


def write_agenda(agenda: Record, counts: Mapping[str, str], out: Out) -> None:
    """Write the agenda: the day in a line, then what is due and who waits for an answer."""
    names = ("overdue", "today", "week", "owed")
    sections = {name: Section(agenda[name], counts[name], "more: crm queue") for name in names}
    clock = out.clock
    today = When(clock.today(), None, clock.now(), "")
    summary = day({"counts": {name: "" if count == "0" else count for name, count in counts.items()}})
    head: Line = [(describe(today, clock), "title"), (f"  {summary or 'nothing is due this week'}", "")]
    body = list(_sections(sections, out))
    _write([*wrap(head, out.width), *([[], *body] if body else [])], out)


def _write(lines: Sequence[Line], out: Out) -> None:
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def _followup_row(item: Record, out: Out) -> Row:
    priority = str(item["priority"])
    mark = "" if priority == "normal" else priority
    style, when = STYLES.get(priority, ""), due_label(item, out.clock)
    return Row(item["id"], when, who(item), str(item["subject"]), mark, style, _put_off(item, out))


def _put_off(item: Record, out: Out) -> str:
    """How often a follow-up was put off, if often."""
    if item["snooze_count"] < OFTEN:
        return ""
    first = out.clock.local(instant(item["first_due_at"])).date()
    return f"snoozed {item['snooze_count']} times, first due {date_label(first, out.clock)}"


def _reply_row(item: Record, out: Out) -> Row:
    return Row(item["id"], said(item, out.clock), who(item), item["subject"] or "", remark(item), "muted")


def _cadence_row(item: Record, out: Out) -> Row:
    since = date_label(date.fromisoformat(item["due_on"]), out.clock)
    return Row(item["id"], since, cadences.whom(item), item["reason"], item["state"], cadences.state_style(item))


# How the records of a section become rows; those of the others are follow-ups.
ROWS: dict[str, Callable[[Record, Out], Row]] = {"owed": _reply_row, "cadence": _cadence_row, "waiting": _reply_row}


def _sections(sections: Mapping[str, Section], out: Out) -> Iterator[Line]:
    found = {name: section for name, section in sections.items() if section.total != "0"}
    drawn = {name: [ROWS.get(name, _followup_row)(item, out) for item in found[name].items] for name in found}
    # All in one grid; where that leaves too little room, each section in its own.
    common = _layout([row for rows in drawn.values() for row in rows], out)
    for position, (name, section) in enumerate(found.items()):
        if position:
            yield []
        title, style = HEADINGS[name]
        yield [(title, style), (f"  {section.total}", "")]
        layout = common or _layout(drawn[name], out)
        yield from _entries(drawn[name], layout, DUE_STYLES.get(name, ""), out)
        if section.total != str(len(section.items)):
            yield [(" " * INDENT + section.more, "muted")]


def _layout(entries: Sequence[Row], out: Out) -> Layout | None:
    """The widths of the columns, or None where too little of a subject would be left."""
    rows = [[writable(safe(text), out) for text in row[:5]] for row in entries]
    natural = [max((cell_width(row[i]) for row in rows), default=0) for i in range(len(_COLUMNS))]
    layout = fit(_COLUMNS, natural, out.width - INDENT)
    told = [column.name for column in _COLUMNS].index("what")
    if layout is None or layout.hidden or layout.widths[told] < min(natural[told], READABLE):
        return None
    return layout


def _entries(entries: Sequence[Row], layout: Layout | None, style: str, out: Out) -> Iterator[Line]:
    if layout is None:
        for row in entries:
            yield from _stacked(row, style, out)
        return
    for row in entries:
        styles = ("id", style, "", "", row.style)
        cells = [clip(writable(safe(text), out), width) for text, width in zip(row[:5], layout.widths, strict=True)]
        line = [([[(cell, name)]], width) for cell, name, width in zip(cells, styles, layout.widths, strict=True)]
        yield from indented(beside(line, GAP), INDENT)
        beyond = INDENT + layout.widths[0] + GAP
        yield from indented(wrap([(row.below, "muted")], out.width - beyond), beyond) if row.below else ()


def _stacked(row: Row, style: str, out: Out) -> Iterator[Line]:
    """A row on lines of its own, wrapped and not cut."""
    head: Line = [(row.id, "id"), ("  " + row.when, style)]
    if row.mark:
        head.append(("  " + row.mark, row.style))
    text = f"{row.who}: {row.what}" if row.what else row.who
    below: list[tuple[int, Line]] = [(INDENT * 2, [(row.below, "muted")])] if row.below else []
    for by, spans in ((INDENT, head), (INDENT * 2, [(text, "")]), *below):
        shown = [(writable(safe(part), out), name) for part, name in spans]
        yield from indented(wrap(shown, out.width - by), by)

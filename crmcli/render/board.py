"""The queue and the agenda for people: sections of short rows, as tables or, where none fits, line below line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.clock import instant
from crmcli.kernel.dates import When, describe
from crmcli.kernel.relative import ago, date_label, day_label, due_label
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import Drawing, Line, Span, beside, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP, Layout, fit
from crmcli.render.out import Out
from crmcli.render.view import Column, Record
from crmcli.render.views.agenda import day, there, turns
from crmcli.render.views.followups import STYLES, who

HEADINGS = {
    "overdue": ("Overdue", "overdue"),
    "today": ("Today", "today"),
    "week": ("This week", "title"),
    "later": ("Later", "muted"),
    "owed": ("You owe a reply", "inbound"),
    "birthdays": ("Birthdays", "title"),
}
DUE_STYLES = {"overdue": "overdue", "later": "muted"}
INDENT = 2
READABLE = 20
# Between these widths a row of the week is one line with the customer and what to do in one column.
ONE_COLUMN = range(50, 80)


class Row(NamedTuple):
    """A line of a section; `mark` is the priority or channel, `style` its style, `below` what the next line says."""

    id: str
    when: str
    who: str
    what: str
    mark: str = ""
    style: str = ""
    below: Span = ("", "")


_COLUMNS = (
    Column("id", "", "id"),
    Column("when", "", "enum"),
    Column("who", ""),
    Column("what", ""),
    Column("mark", "", "enum", drop=1),
)


def write_queue(items: Sequence[Record], counts: Mapping[str, str], out: Out) -> None:
    """Write the queue: a heading with the count and a table for every bucket."""
    sections = {name: [_row(item, out) for item in items if item["bucket"] == name] for name in counts}
    _write(list(_sections(sections, counts, "--limit N shows more", out)), out)


def write_agenda(agenda: Record, counts: Mapping[str, str], out: Out) -> None:
    """Write the agenda: the day in a line, then what is due and who waits for an answer."""
    sections = {name: [_row(item, out) for item in agenda[name]] for name in ("overdue", "today", "week")}
    sections["today"] = [_row(item, out)._replace(below=there(item, out.clock)) for item in agenda["today"]]
    sections["birthdays"] = [_birthday_row(one) for one in agenda["birthdays"]]
    sections["owed"] = [_owed_row(item, out) for item in agenda["owed"]]
    found = {**counts, "birthdays": str(len(agenda["birthdays"]))}
    body = list(_sections(sections, found, "more: crm queue", out))
    _write([*_head(counts, out), *([[], *body] if body else [])], out)


def write_week(agenda: Record, counts: Mapping[str, str], most: int, out: Out) -> None:
    """Write the agenda day by day: what is overdue, then each day on which there is something.

    Args:
        agenda: see `Agenda.week`.
        counts: how much is due, as `write_agenda` takes it.
        most: how many follow-ups of a day are shown.
        out: where to.
    """
    sections = {"overdue": [_late_row(item, out) for item in agenda["overdue"]]}
    found, headings = {"overdue": counts["overdue"]}, dict(HEADINGS)
    for one in agenda["days"]:
        name, items, whose = one["date"], one["followups"], one["birthdays"]
        sections[name] = [_birthday_row(birthday, "birthday") for birthday in whose]
        sections[name] += [_day_row(item, out) for item in items[:most]]
        found[name] = str(len(items) + len(whose))
        headings[name] = (_day_heading(date.fromisoformat(name), out), "title")
    if out.width in ONE_COLUMN:
        sections = {name: [_in_one_column(row) for row in rows] for name, rows in sections.items()}
    body = list(_sections(sections, found, "more: crm queue --later", out, headings))
    _write([*_head(counts, out), *([[], *body] if body else [])], out)


def _in_one_column(row: Row) -> Row:
    return row._replace(who=f"{row.who}: {row.what}", what="") if row.what else row


def _head(counts: Mapping[str, str], out: Out) -> list[Line]:
    """The day, and how much there is, in a line."""
    clock = out.clock
    today = When(clock.today(), None, clock.now(), "")
    summary = day({"counts": {name: "" if count == "0" else count for name, count in counts.items()}})
    return wrap([(describe(today, clock), "title"), (f"  {summary or 'nothing is due this week'}", "")], out.width)


def _day_heading(day: date, out: Out) -> str:
    """ "Today, Fri 20 Nov"; further on the day of the week and the date alone."""
    near, label = day_label(day, out.clock), date_label(day, out.clock)
    return label if near == label else f"{near.capitalize()}, {label}"


def _write(lines: Sequence[Line], out: Out) -> None:
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def _row(item: Record, out: Out) -> Row:
    priority = str(item["priority"])
    mark = "" if priority == "normal" else priority
    return Row(item["id"], due_label(item, out.clock), who(item), str(item["subject"]), mark, STYLES.get(priority, ""))


def _late_row(item: Record, out: Out) -> Row:
    """A follow-up below the heading that says that it is overdue: since when, or for how long."""
    row = _row(item, out)
    return row._replace(when=row.when.removesuffix(" overdue").removeprefix("since "))


def _day_row(item: Record, out: Out) -> Row:
    """A follow-up below the heading of its day."""
    when = "all day" if item["all_day"] else f"{out.clock.local(instant(item['due_at'])):%H:%M}"
    return _row(item, out)._replace(when=when, below=there(item, out.clock))


def _birthday_row(birthday: Record, when: str = "today") -> Row:
    contact = birthday["contact"]
    return Row(contact["id"], when, contact["display_name"], turns(birthday) if birthday["turns"] else "")


def _owed_row(item: Record, out: Out) -> Row:
    contact = item["contact"]
    waiting = ago(instant(item["last_inbound_at"]), out.clock)
    return Row(contact["id"], waiting, contact["display_name"], item["subject"] or "", item["channel"] or "", "muted")


def _sections(
    sections: Mapping[str, Sequence[Row]],
    counts: Mapping[str, str],
    more: str,
    out: Out,
    headings: Mapping[str, tuple[str, str]] = HEADINGS,
) -> Iterator[Line]:
    rows = [[writable(safe(text), out) for text in row[:5]] for name in sections for row in sections[name]]
    natural = [max((cell_width(row[i]) for row in rows), default=0) for i in range(len(_COLUMNS))]
    layout = _layout(natural, out.width - INDENT)
    found = [name for name in sections if counts[name] != "0"]
    for name in found:
        if name != found[0]:
            yield []
        title, style = headings[name]
        yield [(title, style), (f"  {counts[name]}", "")]
        yield from _entries(sections[name], layout, DUE_STYLES.get(name, ""), out)
        if counts[name] != str(len(sections[name])):
            yield [(" " * INDENT + more, "muted")]


def _layout(natural: Sequence[int], width: int) -> Layout | None:
    """The widths of the columns, or None where too little of a subject would be left."""
    layout = fit(_COLUMNS, natural, width)
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
        if row.below[0]:
            place = INDENT + sum(layout.widths[:2]) + 2 * GAP  # below the customer
            yield from indented(wrap([row.below], max(READABLE, out.width - place)), place)


def _stacked(row: Row, style: str, out: Out) -> Iterator[Line]:
    """A row on lines of its own, wrapped and not cut."""
    head: Line = [(row.id, "id"), ("  " + row.when, style)]
    if row.mark:
        head.append(("  " + row.mark, row.style))
    text = f"{row.who}: {row.what}" if row.what else row.who
    below = [(INDENT * 2, [row.below])] if row.below[0] else []
    for by, spans in ((INDENT, head), (INDENT * 2, [(text, "")]), *below):
        shown = [(writable(safe(part), out), name) for part, name in spans]
        yield from indented(wrap(shown, out.width - by), by)

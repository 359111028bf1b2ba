"""The queue and the agenda for people: sections of short rows, as tables or, where none fits, line below line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.clock import instant
from crmcli.kernel.dates import When, describe
from crmcli.kernel.relative import date_label, day_label, due_label
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import Drawing, Line, Span, beside, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP, Layout, fit
from crmcli.render.out import Out
from crmcli.render.view import Column, Record
from crmcli.render.views import cadences, cases, casewatch
from crmcli.render.views.agenda import day, there, turns
from crmcli.render.views.followups import OFTEN, STYLES, who
from crmcli.render.views.replies import remark, said

HEADINGS = {
    "cases": ("Cases", "overdue"),
    "overdue": ("Overdue", "overdue"),
    "today": ("Today", "today"),
    "week": ("This week", "title"),
    "later": ("Later", "muted"),
    "owed": ("You owe a reply", "inbound"),
    "cadence": ("Stay in touch", "title"),
    "waiting": ("Waiting for them", "outbound"),
    "birthdays": ("Birthdays", "title"),
}
DUE_STYLES = {"overdue": "overdue", "later": "muted"}
MORE_CASES = "more: crm queue --kind cases"
INDENT = 2
READABLE = 20
# The same where the customer stands before it, in one column.
READABLE_BOTH = 25
# Between these widths a row is one line with the customer and what to do in one column.
ONE_COLUMN = range(50, 80)


class Row(NamedTuple):
    """A line of a section; `mark` is the priority or channel, `style` its style, and `below` stands under it."""

    id: str
    when: str
    who: str
    what: str
    mark: str = ""
    style: str = ""
    below: tuple[Span, ...] = ()


_COLUMNS = (
    Column("id", "", "id"),
    Column("when", "", "enum"),
    Column("who", ""),
    Column("what", ""),
    Column("mark", "", "enum", drop=1),
)
_WHO, _WHAT = 2, 3


class Section(NamedTuple):
    """A part of the queue: its records, how many there are in all ("1000+"), and how to see those that are missing."""

    items: Sequence[Record]
    total: str
    more: str


class _Part(NamedTuple):
    """A section as it is drawn: its heading and the heading's style, its rows, and as in `Section` the rest."""

    heading: tuple[str, str]
    rows: Sequence[Row]
    total: str
    more: str
    when_style: str = ""


def write_queue(sections: Mapping[str, Section], out: Out) -> None:
    """Write the queue: a heading of HEADINGS with the count, and a table, for every section that is not empty."""
    _write(list(_parts([_part(name, section, out) for name, section in sections.items()], out)), out)


def write_agenda(agenda: Record, counts: Mapping[str, str], out: Out) -> None:
    """Write the agenda: the day in a line, then late cases, what is due, whose birthday it is, and who waits."""
    parts = {
        name: _part(name, Section(agenda[name], counts[name], "more: crm queue"), out)
        for name in ("cases", "overdue", "today", "week", "owed")
    }
    today = [_elsewhere(row, item, out) for row, item in zip(parts["today"].rows, agenda["today"], strict=True)]
    if out.width in ONE_COLUMN:
        # What the heading says already leaves more room for what to do.
        parts["overdue"] = parts["overdue"]._replace(rows=[_late_row(item, out) for item in agenda["overdue"]])
        today = [_day_row(item, out) for item in agenda["today"]]
    parts["today"] = parts["today"]._replace(rows=today)
    whose = [_birthday_row(one) for one in agenda["birthdays"]]
    birthdays = _Part(HEADINGS["birthdays"], whose, str(len(whose)), "")
    parts["cases"] = parts["cases"]._replace(more=MORE_CASES)
    order = [parts["cases"], parts["overdue"], parts["today"], parts["week"], birthdays, parts["owed"]]
    _write_below_head(counts, order, out)


def write_week(agenda: Record, counts: Mapping[str, str], most: int, out: Out) -> None:
    """Write the agenda day by day: what is overdue, then each day on which there is something.

    Args:
        agenda: see `Agenda.week`.
        counts: how much is due, as `write_agenda` takes it.
        most: how many follow-ups of a day are shown.
        out: where to.
    """
    late = [_late_row(item, out) for item in agenda["overdue"]]
    # What is not late yet stands on its day.
    broken = [item for item in agenda["cases"] if item["state"] == "breached"]
    whole = len(agenda["cases"]) == int(counts["cases"].rstrip("+"))
    late_cases = _part("cases", Section(broken, str(len(broken)) if whole else counts["cases"], MORE_CASES), out)
    parts = [late_cases, _Part(HEADINGS["overdue"], late, counts["overdue"], "more: crm queue", DUE_STYLES["overdue"])]
    for one in agenda["days"]:
        rows = [_birthday_row(birthday, "birthday") for birthday in one["birthdays"]]
        rows += [_case_row(item, out) for item in one["cases"][:most]]
        rows += [_day_row(item, out) for item in one["followups"][:most]]
        total = str(len(one["cases"]) + len(one["followups"]) + len(one["birthdays"]))
        heading = _day_heading(date.fromisoformat(one["date"]), out), "title"
        parts.append(_Part(heading, rows, total, "more: crm queue --later"))
    # What is listed here are seven days, and the week of the counts ends on its last day.
    coming = sum(len(one["followups"]) for one in agenda["days"][1:])
    days = f"{coming}{'+' if agenda['days_more'] else ''}" if coming else "0"
    _write_below_head({**counts, "week": "0", "days": days}, parts, out, "nothing is due in these seven days")


def _write_below_head(
    counts: Mapping[str, str], parts: Sequence[_Part], out: Out, nothing: str = "nothing is due this week"
) -> None:
    """Write the day, and how much there is, in a line, and what there is below it."""
    clock = out.clock
    today = When(clock.today(), None, clock.now(), "")
    summary = day({"counts": {name: "" if count == "0" else count for name, count in counts.items()}})
    head: Line = [(describe(today, clock), "title"), (f"  {summary or nothing}", "")]
    body = list(_parts(parts, out))
    _write([*wrap(head, out.width), *([[], *body] if body else [])], out)


def _day_heading(day: date, out: Out) -> str:
    """ "Today, Fri 20 Nov"; further on the day of the week and the date alone."""
    near, label = day_label(day, out.clock), date_label(day, out.clock)
    return label if near == label else f"{near.capitalize()}, {label}"


def _write(lines: Sequence[Line], out: Out) -> None:
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


# --- rows


def _followup_row(item: Record, out: Out) -> Row:
    priority = str(item["priority"])
    mark = "" if priority == "normal" else priority
    style, when = STYLES.get(priority, ""), due_label(item, out.clock)
    return Row(item["id"], when, who(item), str(item["subject"]), mark, style, _remarks(item, out))


def _remarks(item: Record, out: Out) -> tuple[Span, ...]:
    """That a follow-up is not wanted by the customer, and how often it was put off, if often."""
    found: tuple[Span, ...] = (("do not contact", "overdue"),) if item["do_not_contact"] else ()
    if item["snooze_count"] < OFTEN:
        return found
    first = out.clock.local(instant(item["first_due_at"])).date()
    return (*found, (f"snoozed {item['snooze_count']} times, first due {date_label(first, out.clock)}", "muted"))


def _elsewhere(row: Row, item: Record, out: Out) -> Row:
    """The row with the time where the customer is, if it is another one."""
    other = there(item, out.clock)
    return row._replace(below=(other, *row.below)) if other[0] else row


def _late_row(item: Record, out: Out) -> Row:
    """A follow-up below the heading that says that it is overdue: since when, or for how long."""
    row = _followup_row(item, out)
    return row._replace(when=row.when.removesuffix(" overdue").removeprefix("since "))


def _day_row(item: Record, out: Out) -> Row:
    """A follow-up below the heading of its day."""
    when = "all day" if item["all_day"] else f"{out.clock.local(instant(item['due_at'])):%H:%M}"
    return _elsewhere(_followup_row(item, out)._replace(when=when), item, out)


def _birthday_row(birthday: Record, when: str = "today") -> Row:
    contact = birthday["contact"]
    return Row(contact["id"], when, contact["display_name"], turns(birthday) if birthday["turns"] else "")


def _reply_row(item: Record, out: Out) -> Row:
    return Row(item["id"], said(item, out.clock), who(item), item["subject"] or "", remark(item), "muted")


def _case_row(item: Record, out: Out) -> Row:
    priority = str(item["priority"])
    mark = "" if priority == "normal" else priority
    return Row(item["id"], casewatch.when(item), cases.who(item) or "", item["subject"], mark, STYLES.get(priority, ""))


def _cadence_row(item: Record, out: Out) -> Row:
    since = date_label(date.fromisoformat(item["due_on"]), out.clock)
    return Row(item["id"], since, cadences.whom(item), item["reason"], item["state"], cadences.state_style(item))


# How the records of a section become rows; those of the others are follow-ups.
ROWS: dict[str, Callable[[Record, Out], Row]] = {
    "cases": _case_row,
    "owed": _reply_row,
    "cadence": _cadence_row,
    "waiting": _reply_row,
}


# --- sections


def _in_one_column(row: Row) -> Row:
    return row._replace(who=f"{row.who}: {row.what}", what="") if row.what else row


def _part(name: str, section: Section, out: Out) -> _Part:
    rows = [ROWS.get(name, _followup_row)(item, out) for item in section.items]
    return _Part(HEADINGS[name], rows, section.total, section.more, DUE_STYLES.get(name, ""))


def _parts(parts: Sequence[_Part], out: Out) -> Iterator[Line]:
    found = [part for part in parts if part.total != "0"]
    if out.width in ONE_COLUMN:
        found = [part._replace(rows=[_in_one_column(row) for row in part.rows]) for part in found]
    # All in one grid; where that leaves too little room, each section in its own.
    common = _layout([row for part in found for row in part.rows], out)
    for position, part in enumerate(found):
        if position:
            yield []
        yield [part.heading, (f"  {part.total}", "")]
        yield from _entries(part.rows, common or _layout(part.rows, out), part.when_style, out)
        if part.total != str(len(part.rows)):
            yield [(" " * INDENT + part.more, "muted")]


def _layout(entries: Sequence[Row], out: Out) -> Layout | None:
    """The columns that hold something and their widths, or None where too little of a subject would be left."""
    rows = [[writable(safe(text), out) for text in row[:5]] for row in entries]
    natural = [max((cell_width(row[i]) for row in rows), default=0) for i in range(len(_COLUMNS))]
    used = [i for i, cells in enumerate(natural) if cells]
    layout = fit([_COLUMNS[i] for i in used], [natural[i] for i in used], out.width - INDENT)
    if layout is None or layout.hidden:
        return None
    widths = dict(zip(used, layout.widths, strict=True))
    told, least = (_WHAT, READABLE) if _WHAT in widths else (_WHO, READABLE_BOTH)
    if widths.get(told, 0) < min(natural[told], least):
        return None
    return layout._replace(kept=used)


def _entries(entries: Sequence[Row], layout: Layout | None, style: str, out: Out) -> Iterator[Line]:
    if layout is None:
        for row in entries:
            yield from _stacked(row, style, out)
        return
    for row in entries:
        styles = ("id", style, "", "", row.style)
        texts = row[:5]
        cells = [
            (clip(writable(safe(texts[i]), out), width), styles[i], width)
            for i, width in zip(layout.kept, layout.widths, strict=True)
        ]
        line = [([[(cell, name)]], width) for cell, name, width in cells]
        yield from indented(beside(line, GAP), INDENT)
        place = INDENT + sum(layout.widths[:2]) + 2 * GAP  # below the customer
        for span in row.below:
            yield from indented(wrap([span], max(READABLE, out.width - place)), place)


def _stacked(row: Row, style: str, out: Out) -> Iterator[Line]:
    """A row on lines of its own, wrapped and not cut."""
    head: Line = [(row.id, "id"), ("  " + row.when, style)]
    if row.mark:
        head.append(("  " + row.mark, row.style))
    text = f"{row.who}: {row.what}" if row.what else row.who
    below: list[tuple[int, Line]] = [(INDENT * 2, [span]) for span in row.below]
    for by, spans in ((INDENT, head), (INDENT * 2, [(text, "")]), *below):
        shown = [(writable(safe(part), out), name) for part, name in spans]
        yield from indented(wrap(shown, out.width - by), by)

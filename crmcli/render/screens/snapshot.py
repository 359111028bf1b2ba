"""One customer on one screen: one column at 40 cells, two at 80, three at 160."""

from collections.abc import Sequence

from crmcli.kernel.clock import instant
from crmcli.render.blocks import (
    Drawing,
    Line,
    Row,
    Span,
    beside,
    cells,
    grid,
    indented,
    inline_markdown,
    labelled,
    rule,
    wrap,
    writable,
)
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.screens import facts, sales
from crmcli.render.screens.facts import DOT, Fact
from crmcli.render.spark import sparkline
from crmcli.render.view import Record
from crmcli.render.views.snapshot import name_of, noun_of

ALIGNED = 60
TWO_COLUMNS = 72
WITH_IDS = 100
THREE_COLUMNS = 132
WIDEST = 180
GUTTER = 4
LABELS = 9
FACT_LINES = 3
NOTE_LINES = 8
NOTE_LETTERS = 1200
NOTE_ROWS = 12
ARROWS = {"inbound": ("←", "inbound"), "outbound": ("→", "outbound"), "internal": ("·", "muted")}
ALARM = "bold reverse red"
URGENCY = {
    "do_not_contact": "overdue",
    "case_breached": "overdue",
    "followup_overdue": "overdue",
    "order_overdue": "overdue",
    "deal_rotting": "today",
    "deal_late": "today",
    "deal_step": "today",
    "case_due": "today",
    "reply_owed": "today",
    "followup_due": "today",
    "cadence": "today",
}
NEAR = ("urgent", "high")
LISTED = 7


def lines(record: Record, out: Out) -> list[str]:
    """The screen, as wide as the terminal and coloured as it is."""
    return Screen(record, out).lines()


class Screen:
    """The blocks of one snapshot."""

    def __init__(self, record: Record, out: Out) -> None:
        self.record = record
        self.out = out
        self.clock = out.clock
        self.width = min(out.width, WIDEST)

    def lines(self) -> list[str]:
        """All blocks, one below the other."""
        above = [*self.heading(), *self.next_step(), *self.facts()]
        below = [*self.notes(), *self.followups(), *self.sales(), *self.people(), *self.timeline()]
        return draw([Drawing([*above, *below], unicode=self.out.unicode)], self.out)

    def heading(self) -> list[Line]:
        """The name, who that is, and where the customer stands; what must not be overlooked first."""
        title = [(self.say(facts.short(name_of(self.record))), "title"), ("  " + self.record["id"], "id")]
        found: list[Line] = wrap(title, self.width)
        for text in facts.warnings(self.record, self.clock):
            found += [[(f" {text} ", ALARM)]]
        for line in facts.identity(self.record):
            found += wrap([(self.say(line), "")], self.width, FACT_LINES)
        return [*found, *self.flow(facts.badges(self.record))]

    def flow(self, items: Sequence[Fact]) -> list[Line]:
        """Short facts in a row; the owner, who is one of us, is introduced."""
        spans: list[Span] = []
        for fact in items:
            if spans:
                spans.append((DOT, "muted"))
            if fact.label == "Owner":
                spans.append(("owner ", "muted"))
            spans.append((self.say(fact.text), fact.style))
        return wrap(spans, self.width, FACT_LINES) if spans else []

    def next_step(self) -> list[Line]:
        """What to do, why, and the command for it."""
        step = self.record["next"]
        action, reason = self.say(facts.short(step["action"])), self.say(facts.short(step["reason"]))
        style = ALARM if step["rule"] == "do_not_contact" else "title"
        label = [("next:", URGENCY.get(step["rule"], "title")), (" ", "")]
        body = wrap([(action, style), (f" — {reason}", "")], self.width - cells(label), FACT_LINES)
        if step["command"]:
            body += wrap([(step["command"], "id")], self.width - cells(label))
        return [[], [*label, *body[0]], *indented(body[1:], cells(label))]

    def facts(self) -> list[Line]:
        """How to reach them, what else is known, and what passed between us, in as many columns as there is room."""
        blocks = [("Reach", facts.reach(self.record)), ("About", facts.about(self.record))]
        blocks = [(title, found) for title, found in blocks if found]
        if self.width >= THREE_COLUMNS and len(blocks) == 2:
            width = (self.width - 2 * GUTTER) // 3
            parts = [self.block(title, found, width) for title, found in blocks]
            return [[], *beside([(part, width) for part in [*parts, self.relation(width)]], GUTTER)]
        if self.width < TWO_COLUMNS or not blocks:
            stacked = [[[], *self.block(title, found, self.width)] for title, found in blocks]
            return [line for part in [*stacked, [[], *self.relation(self.width)]] for line in part]
        width = (self.width - GUTTER) // 2
        left, right = [[], *self.block(*blocks[0], width)], [[], *self.relation(width)]
        if len(blocks) == 1:
            return beside([(left, width), (right, width)], GUTTER)
        title, found = blocks[1]
        part = [[], *self.block(title, found, width)]
        if len(left) + len(part) <= len(right) + 2:
            return beside([([*left, *part], width), (right, width)], GUTTER)
        half = (len(found) + 1) // 2
        sides = [(self.block("", some, width)[1:], width) for some in (found[:half], found[half:])]
        return [*beside([(left, width), (right, width)], GUTTER), [], rule(title, self.width), *beside(sides, GUTTER)]

    def block(self, title: str, found: Sequence[Fact], width: int) -> list[Line]:
        """Facts under a title."""
        rows = [(fact.label, self.value(fact.text, fact.style, width)) for fact in found]
        return [rule(title, width), *labelled([(self.say(label), value) for label, value in rows], LABELS)]

    def value(self, text: str, style: str, width: int, most: int = FACT_LINES) -> list[Line]:
        """A value beside its label."""
        return wrap([(self.say(text), style)], width - LABELS - 2, most)

    def relation(self, width: int) -> list[Line]:
        """The last contact each way, who owes an answer, and the year."""
        rows: list[tuple[str, list[Line]]] = []
        for direction, label in (("inbound", "Last in"), ("outbound", "Last out")):
            entry = self.record[f"last_{direction}"]
            style = direction if entry else "muted"
            rows.append((label, self.value(facts.last(entry, self.clock), style, width)))
            if entry and facts.said(entry):
                rows.append((label, self.value(facts.said(entry), "", width, 2)))
        owed = facts.debt(self.record, self.clock)
        if owed:
            rows.append((owed.label, self.value(owed.text, owed.style, width)))
        cadence = facts.cadence(self.record, self.clock)
        if cadence:
            rows.append((cadence.label, self.value(cadence.text, cadence.style, width)))
        rows.append(("12 months", self.value(facts.balance(self.record), "", width)))
        rows.append(("12 months", self.year()))
        return [rule("Between us", width), *labelled(rows, LABELS)]

    def year(self) -> list[Line]:
        """The contacts of each month, in and out to one scale, over the initials of the months."""
        months = self.record["months"]
        came, went = [one["inbound"] for one in months], [one["outbound"] for one in months]
        if not any(came + went):
            return []
        marks = sparkline(came + went, unicode=self.out.unicode)
        initials = "".join("JFMAMJJASOND"[int(one["month"][5:]) - 1] for one in months)
        half = len(months)
        return [
            [("in   ", "muted"), (marks[:half], "inbound")],
            [("out  ", "muted"), (marks[half:], "outbound")],
            [("     ", ""), (initials, "muted")],
        ]

    def followups(self) -> list[Line]:
        """What is promised, overdue first."""
        found = self.record["followups"]
        if not found:
            return []
        rows = []
        for one in found:
            due = facts.due(one, self.clock)
            priority = (self.say(facts.words(one["priority"])), "warning") if one["priority"] in NEAR else ("", "")
            contact = one["contact"] if noun_of(self.record) == "company" else None
            aside = self.muted(facts.joined(contact and contact["display_name"], one["owner"], facts.marks(one)))
            subject = [(self.say(facts.short(one["subject"])), "")]
            rows.append(Row([[(one["id"], "id")], [(due.text, due.style)], [priority], subject], aside, 3))
        return self.listed("Follow-ups", rows, 3)

    def sales(self) -> list[Line]:
        """Deals, orders and cases: what is known of all of them, then one a line."""
        found: list[Line] = []
        for part in sales.parts(self.record, self.clock):
            rows = [
                Row(
                    [
                        [(entry.id, "id")],
                        [(self.say(entry.state), "")],
                        [(entry.when, entry.style or "muted")],
                        [(entry.amount, "")],
                        [(self.say(entry.text), "")] if entry.text else self.muted(entry.aside, dot=False),
                    ],
                    self.muted(entry.aside if entry.text else "", dot=True),
                    4,
                )
                for entry in part.entries[:LISTED]
            ]
            known = [(fact.label, self.value(fact.text, fact.style, self.width)) for fact in part.facts]
            # Four cells stand before the text: below this width it would have no room beside them.
            aligned = grid(rows, self.width) if rows and self.width >= WITH_IDS else None
            body = [line for row in rows for line in self.short_card(row)] if aligned is None else aligned
            more = len(part.entries) - len(rows)
            body += [[(f"and {more:,} more", "muted")]] if more > 0 else []
            found += [[], rule(part.title, self.width), *labelled(known, LABELS), *body]
        return found

    def short_card(self, row: Row) -> list[Line]:
        """A deal, order or case: on one line where it fits, else what it is below the rest."""
        line = [span for cell in row.cells if cells(cell) for span in [*cell, ("  ", "")]][:-1]
        return [[*line, *row.aside]] if cells([*line, *row.aside]) <= self.width else self.card(row, 4)

    def people(self) -> list[Line]:
        """Those who work there, the ones last in contact first."""
        found = self.record.get("people")
        if not found:
            return []
        rows = []
        for one in found:
            name = [(self.say(facts.short(one["display_name"])), "")]
            role = self.muted(facts.short(one["role"] or ""))
            email = [(self.say(facts.short(one["email"] or "")), "")]
            seen = [(facts.last_contact(one, self.clock), "muted")]
            rows.append(Row([[(one["id"], "id")], name, email, seen], role, 1))
        more = self.record["people_total"] - len(found)
        tail = f"and {more:,} more: crm contact list company:{self.record['id']}" if more > 0 else ""
        return self.listed("People", rows, 2, tail)

    def timeline(self) -> list[Line]:
        """What happened, newest first."""
        found = self.record["timeline"]
        if not found:
            said = f'nothing logged yet: crm log in {self.record["id"]} "What was said"'
            return [[], rule("Timeline", self.width), *wrap([(said, "muted")], self.width)]
        rows = []
        for entry in found:
            arrow, style = ARROWS[entry["direction"]]
            moment = [(facts.when(instant(entry["occurred_at"]), self.clock), "muted")]
            channel = [(facts.words(entry["channel"]), style)]
            ref = [(entry["id"], "id")] if self.width >= WITH_IDS else []
            rows.append(Row([moment, [(arrow, style)], channel, self.told(entry), ref], self.aside(entry), 3))
        more = (
            f"older: crm show {self.record['id']} --timeline {5 * len(found)}" if self.record["timeline_more"] else ""
        )
        return self.listed("Timeline", rows, 3, more)

    def told(self, entry: Record) -> Line:
        """What one contact was about; on a wide screen the first words of what was said too."""
        spans: Line = [(self.say(facts.said(entry)), "")]
        snippet = facts.short(entry["snippet"] or "")
        if self.width >= THREE_COLUMNS and entry["subject"] and snippet:
            spans.append((f" — {self.say(snippet)}", "muted"))
        return spans

    def aside(self, entry: Record) -> Line:
        """What came of a contact, and who took part."""
        people = facts.others(entry, self.record)
        found = [f"with {people}" if people else "", *facts.aftermath(entry)]
        found.append(f"by {facts.short(entry['user'])}" if entry["user"] else "")
        return self.muted(DOT.join(filter(None, found)), dot=bool(facts.said(entry)))

    def muted(self, text: str, *, dot: bool = True) -> Line:
        """Something said aside."""
        return [((DOT if dot else "") + self.say(text), "muted")] if text else []

    def listed(self, title: str, rows: Sequence[Row], joins: int, tail: str = "") -> list[Line]:
        """Rows under a title: aligned where there is room, else with the first `joins` cells of each on one line."""
        if self.width >= ALIGNED:
            body = grid(rows, self.width)
        else:
            body = [line for row in rows for line in self.card(row, joins)]
        return [[], rule(title, self.width), *body, *wrap([(tail, "muted")], self.width)[: bool(tail)]]

    def card(self, row: Row, joins: int) -> list[Line]:
        """A row on a narrow screen."""
        head = [span for cell in row.cells[:joins] if cells(cell) for span in [*cell, ("  ", "")]]
        aside = [] if row.flexible < joins else row.aside
        rest = [span for cell in row.cells[joins:] if cells(cell) for span in [*cell, ("  ", "")]]
        tail = Row([rest[:-1]], aside, 0)
        return [*wrap(head if aside else [*head, *row.aside], self.width), *indented(tail.text(self.width - 2, 2), 2)]

    def notes(self) -> list[Line]:
        """The beginning of the notes."""
        text, more = facts.clipped_notes(self.record, NOTE_LINES, NOTE_LETTERS)
        if not text:
            return []
        body = [line for spans in inline_markdown(self.say(text)) for line in wrap(spans, self.width)]
        found = [[], rule("Notes", self.width), *body[:NOTE_ROWS]]
        if more or len(body) > NOTE_ROWS:
            found.append([(f"… all of it: crm {noun_of(self.record)} show {self.record['id']}", "muted")])
        return found

    def say(self, text: str) -> str:
        """Safe text in the letters that the terminal has."""
        return writable(text, self.out)

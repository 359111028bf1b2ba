"""A snapshot as one page of HTML, good enough to mail."""

from collections.abc import Iterator

from crmcli.kernel.clock import instant
from crmcli.render import html, svg
from crmcli.render.out import Out
from crmcli.render.screens import facts, sales
from crmcli.render.screens.facts import Fact
from crmcli.render.screens.snapshot import URGENCY
from crmcli.render.view import Record
from crmcli.render.views.snapshot import name_of

NOTE_LINES = 60
NOTE_LETTERS = 6000


def lines(record: Record, out: Out) -> list[str]:
    """The lines of the page."""
    name = facts.short(name_of(record))
    clock = out.clock
    body = [f'<h1>{html.text(name)} <span class="soft">{record["id"]}</span></h1>']
    body += [f'<p><span class="alarm">{html.text(warning)}</span></p>' for warning in facts.warnings(record, clock)]
    body += [f'<p class="sub">{html.text(line)}</p>' for line in facts.identity(record)]
    badges = facts.DOT.join(_badge(fact) for fact in facts.badges(record))
    body += [f'<p class="sub">{html.text(badges)}</p>'] if badges else []
    body += _next(record)
    body.append('<div class="cards">')
    for title, found in (("Reach", facts.reach(record)), ("About", facts.about(record))):
        body += html.card(title, _facts(found)) if found else []
    body += html.card("Between us", list(_relation(record, out)))
    for part in sales.parts(record, clock):
        body += html.card(part.title, list(_part(part)), wide=bool(part.entries))
    body += _lists(record, out)
    return html.page(name, [*body, "</div>"])


def _badge(fact: Fact) -> str:
    return f"owner {fact.text}" if fact.label == "Owner" else fact.text


def _next(record: Record) -> list[str]:
    step = record["next"]
    tone = html.tone(URGENCY.get(step["rule"], ""))
    action, reason = html.text(facts.short(step["action"])), html.text(facts.short(step["reason"]))
    command = f"<p><code>{html.text(step['command'])}</code></p>" if step["command"] else ""
    return [f'<section class="card next {tone}"><h2>Next</h2><p><strong>{action}</strong></p><p>{reason}</p>{command}'
            "</section>"]  # fmt: skip


def _facts(found: list[Fact]) -> list[str]:
    return html.facts([(fact.label, fact.text, html.tone(fact.style)) for fact in found])


def _relation(record: Record, out: Out) -> Iterator[str]:
    found = []
    for direction, label in (("inbound", "Last in"), ("outbound", "Last out")):
        entry = record[f"last_{direction}"]
        said = entry and facts.said(entry)
        found.append(Fact(label, facts.last(entry, out.clock) + (f": {said}" if said else "")))
    found += [fact for fact in (facts.debt(record, out.clock), facts.cadence(record, out.clock)) if fact]
    found.append(Fact("12 months", facts.balance(record)))
    months = record["months"]
    if any(one["inbound"] or one["outbound"] for one in months):
        told = ", ".join(f"{one['month']}: {one['inbound']} in, {one['outbound']} out" for one in months)
        yield svg.columns([(one["inbound"], one["outbound"]) for one in months], told)
        key = '<span><i class="key a"></i>in &nbsp; <i class="key b"></i>out</span>'
        yield f'<div class="axis"><span>{months[0]["month"]}</span>{key}<span>{months[-1]["month"]}</span></div>'
    yield from _facts(found)


def _part(part: sales.Part) -> Iterator[str]:
    yield from _facts(part.facts)
    if part.entries:
        header = ("Id", "State", "When", "Priority" if part.noun == "Case" else "Amount", "What", "Notes")
        yield from html.table(
            header, [(one.id, one.state, one.when, one.amount, one.text, one.aside) for one in part.entries],
            () if part.noun == "Case" else (3,),
        )  # fmt: skip


def _lists(record: Record, out: Out) -> Iterator[str]:
    """Follow-ups, people, notes and what happened."""
    clock = out.clock
    due = [
        (one["id"], facts.due(one, clock).text, one["priority"], facts.short(one["subject"]), one["owner"])
        for one in record["followups"]
    ]
    if due:
        yield from html.card("Follow-ups", html.table(("Id", "Due", "Priority", "Subject", "Owner"), due), wide=True)
    people = [
        (one["id"], facts.short(one["display_name"]), one["role"], one["email"], facts.last_contact(one, clock))
        for one in record.get("people", ())
    ]
    if people:
        yield from html.card("People", html.table(("Id", "Name", "Role", "E-mail", "Last contact"), people), wide=True)
    notes, more = facts.clipped_notes(record, NOTE_LINES, NOTE_LETTERS)
    if notes:
        text = "\n".join(html.text(line) for line in notes.split("\n")) + (" …" if more else "")
        yield from html.card("Notes", [f"<blockquote>{text}</blockquote>"], wide=True)
    happened = [
        (
            facts.when(instant(entry["occurred_at"]), clock),
            entry["direction"],
            facts.words(entry["channel"]),
            facts.said(entry),
            facts.DOT.join(filter(None, (*facts.aftermath(entry), facts.others(entry, record), entry["user"]))),
        )
        for entry in record["timeline"]
    ]
    if happened:
        header = ("When", "Direction", "Channel", "What", "Outcome, with, by")
        yield from html.card("Timeline", html.table(header, happened), wide=True)

"""A snapshot as `Field: value` lines, for screen readers and simple terminals."""

from collections.abc import Iterator

from crmcli.kernel.clock import Clock, instant
from crmcli.render.out import Out
from crmcli.render.screens import facts, sales
from crmcli.render.view import Record
from crmcli.render.views.snapshot import name_of, noun_of

NOTE_LINES = 40
NOTE_LETTERS = 4000


def lines(record: Record, out: Out) -> list[str]:
    """The lines."""
    return [f"{label}: {text}" for label, text in _pairs(record, out) if text]


def _pairs(record: Record, out: Out) -> Iterator[tuple[str, str]]:
    clock = out.clock
    yield noun_of(record).capitalize(), f"{facts.short(name_of(record))} ({record['id']})"
    for warning in facts.warnings(record, clock):
        yield "Warning", warning
    for line in facts.identity(record):
        yield "About", line
    for fact in facts.badges(record):
        yield fact.label, fact.text
    step = record["next"]
    yield "Next", f"{facts.short(step['action'])}, because {facts.short(step['reason'])}"
    yield "Command", step["command"] or ""
    for fact in (*facts.reach(record), *facts.about(record)):
        yield fact.label, fact.text
    for direction, label in (("inbound", "Last in"), ("outbound", "Last out")):
        entry = record[f"last_{direction}"]
        yield label, ": ".join(filter(None, (facts.last(entry, clock), entry and facts.said(entry))))
    owed = facts.debt(record, clock)
    yield "Answer", owed.text if owed else ""
    cadence = facts.cadence(record, clock)
    yield "Cadence", cadence.text if cadence else ""
    yield "12 months", facts.balance(record)
    text, more = facts.clipped_notes(record, NOTE_LINES, NOTE_LETTERS)
    yield "Notes", text + (" …" if more else "")
    yield from _lists(record, clock)


def _lists(record: Record, clock: Clock) -> Iterator[tuple[str, str]]:
    """Follow-ups, people and what happened."""
    for one in record["followups"]:
        contact = one["contact"]["display_name"] if one["contact"] and "company" in record else None
        yield (
            f"Follow-up {one['id']}",
            facts.joined(
                facts.due(one, clock).text,
                one["priority"],
                one["subject"],
                contact,
                one["owner"],
                facts.marks(one),
                by=", ",
            ),
        )
    for part in sales.parts(record, clock):
        for fact in part.facts:
            yield f"{part.title} {fact.label.lower() if fact.label.istitle() else fact.label}", fact.text
        for entry in part.entries:
            yield f"{part.noun} {entry.id}", sales.line(entry)
    for one in record.get("people", ()):
        yield (
            f"Person {one['id']}",
            facts.joined(
                one["display_name"],
                one["role"],
                one["email"],
                f"last contact {facts.last_contact(one, clock)}",
                by=", ",
            ),
        )
    for entry in record["timeline"]:
        how = " ".join((entry["direction"], facts.words(entry["channel"])))
        yield (
            facts.when(instant(entry["occurred_at"]), clock),
            facts.joined(
                how, facts.others(entry, record), entry["user"], *facts.aftermath(entry), facts.said(entry), by=", "
            ),
        )

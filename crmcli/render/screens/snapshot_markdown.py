"""A snapshot as a page of Markdown (GitHub Flavored Markdown): for an issue, a mail, a wiki."""

from collections.abc import Sequence

from crmcli.kernel.clock import instant
from crmcli.kernel.markdown import escaped
from crmcli.render.out import Out
from crmcli.render.screens import facts, sales
from crmcli.render.view import Record
from crmcli.render.views.snapshot import name_of

NOTE_LINES = 40
NOTE_LETTERS = 4000


def lines(record: Record, out: Out) -> list[str]:
    """The lines of the page."""
    clock = out.clock
    page = [f"# {escaped(facts.short(name_of(record)))} ({record['id']})"]
    for warning in facts.warnings(record, clock):
        page += ["", f"> **{warning}**"]
    for line in facts.identity(record):
        page += ["", escaped(line)]
    step = record["next"]
    command = f" `{step['command']}`" if step["command"] else ""
    action, reason = escaped(facts.short(step["action"])), escaped(facts.short(step["reason"]))
    page += ["", f"**Next:** {action} — {reason}.{command}"]
    page += _bullets("Standing", [(fact.label, fact.text) for fact in facts.badges(record)])
    page += _bullets("Reach", [(fact.label, fact.text) for fact in facts.reach(record)])
    page += _bullets("About", [(fact.label, fact.text) for fact in facts.about(record)])
    page += _bullets("Between us", _relation(record, out))
    page += _notes(record)
    due = [
        (one["id"], facts.due(one, clock).text, one["priority"], _subject(one), one["owner"])
        for one in record["followups"]
    ]
    page += _table("Follow-ups", ("Id", "Due", "Priority", "Subject", "Owner"), due)
    for part in sales.parts(record, clock):
        page += ["", f"## {part.title}"]
        page += _bullets("", [(fact.label, fact.text) for fact in part.facts])[2:]
        rows = [(one.id, one.state, one.when, one.amount, one.text, one.aside) for one in part.entries]
        page += _table(
            "", ("Id", "State", "When", "Amount" if part.noun != "Case" else "Priority", "What", "Notes"), rows
        )[2:]
    people = [
        (one["id"], one["display_name"], one["role"], one["email"], facts.last_contact(one, clock))
        for one in record.get("people", ())
    ]
    page += _table("People", ("Id", "Name", "Role", "E-mail", "Last contact"), people)
    happened = [
        (
            f"{clock.local(instant(entry['occurred_at'])):%Y-%m-%d %H:%M}",
            entry["direction"],
            facts.words(entry["channel"]),
            facts.said(entry),
            facts.DOT.join(facts.aftermath(entry)),
            facts.others(entry, record),
            entry["user"],
        )
        for entry in record["timeline"]
    ]
    return page + _table("Timeline", ("When", "Direction", "Channel", "What", "Outcome", "With", "By"), happened)


def _relation(record: Record, out: Out) -> list[tuple[str, str]]:
    found = []
    for direction, label in (("inbound", "Last in"), ("outbound", "Last out")):
        entry = record[f"last_{direction}"]
        said = entry and facts.said(entry)
        found.append((label, facts.last(entry, out.clock) + (f": {said}" if said else "")))
    owed = facts.debt(record, out.clock)
    if owed:
        found.append((owed.label, owed.text))
    cadence = facts.cadence(record, out.clock)
    if cadence:
        found.append((cadence.label, cadence.text))
    return [*found, ("12 months", facts.balance(record))]


def _bullets(title: str, items: Sequence[tuple[str, str]]) -> list[str]:
    if not items:
        return []
    return ["", f"## {title}", "", *(f"- {escaped(label)}: {escaped(text)}" for label, text in items)]


def _notes(record: Record) -> list[str]:
    """The notes are Markdown already: they stay so, in a quotation that they cannot leave, without HTML and images."""
    text, more = facts.clipped_notes(record, NOTE_LINES, NOTE_LETTERS)
    if not text:
        return []
    harmless = text.replace("<", "\\<").replace("![", "!\\[")
    quoted = [f"> {line}".rstrip() for line in harmless.split("\n")]
    return ["", "## Notes", "", *quoted, *([">", "> …"] if more else [])]


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[str]:
    if not rows:
        return []
    shown = [_row([escaped(facts.short(cell or "")) for cell in row]) for row in rows]
    return ["", f"## {title}", "", _row(header), _row(["---"] * len(header)), *shown]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _subject(followup: Record) -> str:
    marks = facts.marks(followup)
    return f"{followup['subject']} ({marks})" if marks else str(followup["subject"])

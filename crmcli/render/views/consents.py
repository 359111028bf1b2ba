"""What somebody agreed to, purpose by purpose."""

from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import moment_label
from crmcli.render.view import Column, Record, View


def _style(record: Record) -> str:
    return "good" if record["may"] else "overdue"


VIEW = View(
    schema="crm.consent",
    columns=(
        Column("id", "For", "id", help="Purpose, and channel where it names one"),
        Column("state", "State", "enum", style=_style, help="unknown, pending, granted, denied or withdrawn"),
        Column("at", "Since", "time", help="When it was said"),
        Column("legal_basis", "Basis", "enum", drop=2, help="Legal basis (GDPR Art. 6)"),
        Column("source", "Source", drop=3, wide=True, help="How we know"),
        Column("may", "May we", "bool", style=_style, help="Whether we may contact the person so"),
        Column("reason", "Why not", drop=1, wide=True, help="What forbids it"),
        Column("purpose", "Purpose", shown=False, help="Purpose alone"),
        Column("channel", "Channel", "enum", shown=False, help="Channel alone; empty for all"),
        Column("contact", "Contact", "id", shown=False, help="Whose consent it is"),
    ),
    json=("id", "contact", "purpose", "channel", "state", "legal_basis", "source", "at", "may", "reason", "history"),
    title=lambda record: str(record["id"]),
    empty="Nothing was said of consent: crm consent grant WHO PURPOSE",
)


def history(records: list[Any], clock: Clock) -> list[str]:
    """What was said earlier, a line each; nothing where each was said once."""
    lines = []
    for record in records:
        for entry in record["history"] if len(record["history"]) > 1 else ():
            when = moment_label(instant(entry["at"]), clock)
            source = f", {entry['source']}" if entry["source"] else ""
            lines.append(f"{record['id']}  {entry['state']}  {when}  by {entry['by']} ({entry['operation']}){source}")
    return lines

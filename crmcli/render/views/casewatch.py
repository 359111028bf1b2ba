"""Cases that missed a target, or are about to."""

from collections.abc import Iterator, Sequence

from crmcli.kernel.clock import Clock
from crmcli.kernel.text import safe
from crmcli.render.view import Column, Record, View
from crmcli.render.views import cases
from crmcli.render.views.followups import priority_style

VERBS = {"response": "answer", "resolution": "resolve"}


def when(record: Record) -> str:
    """What is to be done, and how much business time there is for it: "answer 2h over", "resolve 30m left"."""
    return f"{VERBS[record['target']]} {cases.left(record['left'], record['state'] == 'breached')}"


def state_style(record: Record) -> str:
    """The style of the state."""
    return "overdue" if record["state"] == "breached" else "warning"


def lines(records: Sequence[Record], _clock: Clock) -> Iterator[str]:
    """Each case in a safe line."""
    for record in records:
        told = f"{record['id']} {when(record)}, {record['priority']}: {record['subject']}"
        yield safe(f"Case: {told} ({cases.who(record) or 'nobody'})")


VIEW = View(
    schema="crm.case",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("state", "State", "enum", style=state_style, drop=3, help="breached (over its target now) or soon"),
        Column("when", "Left", get=when, style=state_style, help="What is to be done, and the business time for it"),
        Column("target_at", "Target", "time", drop=4, help="When the target is, or was"),
        Column("subject", "Subject", help="What it is about"),
        Column("who", "Customer", get=cases.who, help="Name of the contact or company"),
        Column("who_id", "Who id", "id", get=cases.who_id, drop=9, help="Id of the contact or company"),
        Column("priority", "Priority", "enum", drop=2, style=priority_style, help="How urgent it is"),
        Column("status", "Status", "enum", drop=5, help="new, open or pending"),
        Column("owner", "Owner", drop=6, help="Who works on it"),
        Column("target", "What", "enum", shown=False, help="response or resolution"),
        Column("left", "Seconds left", "number", shown=False, help="Business seconds; negative when it was missed"),
        Column("type", "Type", "enum", shown=False, help="What kind it is"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    ),
    json=(*cases.VIEW.json, "target", "target_at", "state", "left"),
    title=lambda record: str(record["subject"]),
    empty="No case is late, or nearly.",
)

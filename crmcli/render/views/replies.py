"""Whom we owe an answer, and from whom we wait for one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from crmcli.kernel.clock import Clock
from crmcli.kernel.relative import ago, stretch
from crmcli.kernel.text import safe
from crmcli.render.view import Column, Record, View
from crmcli.render.views.followups import who


def said(record: Record, clock: Clock) -> str:
    """When the last contact that counts was: "3 days ago"."""
    return ago(clock.now() - timedelta(seconds=record["waiting"]), clock, whole_day=False)


def remark(record: Record) -> str:
    """What a line has at its end: what is planned already, else how long an answer usually takes, else the channel."""
    return _remarks(record)[-1]


def _remarks(record: Record) -> list[str]:
    found = [str(record["channel"]).replace("_", " ")]
    if record.get("usual_reply") is not None:
        found.append(f"usually {stretch(record['usual_reply'])}")
    if record["followup_id"]:
        found.append(f"planned {record['followup_id']}")
    return found


def owed_lines(records: Sequence[Record], clock: Clock) -> Iterator[str]:
    """Whom we owe a reply, a safe line each."""
    return _lines("You owe a reply", records, clock)


def waiting_lines(records: Sequence[Record], clock: Clock) -> Iterator[str]:
    """From whom we wait for an answer, a safe line each."""
    return _lines("Waiting for them", records, clock)


def _lines(title: str, records: Sequence[Record], clock: Clock) -> Iterator[str]:
    for record in records:
        remarks = ", ".join(_remarks(record))
        told = f"{remarks}: {record['subject']}" if record["subject"] else remarks
        yield safe(f"{title}: {who(record)} ({record['id']}), {said(record, clock)}, {told}")


def _columns(moments: Sequence[Column], *more: Column) -> tuple[Column, ...]:
    return (
        Column("id", "Id", "id", help="Id of the contact or company"),
        Column("who", "Customer", get=who, help="Name of the contact or company"),
        *moments,
        Column("channel", "Channel", "enum", drop=4, help="How it happened"),
        Column("subject", "What", drop=1, help="Subject, or the first line of the text"),
        Column("waiting", "Waiting", "duration", drop=5, help="Time since then, in seconds"),
        *more,
        Column("followup_id", "Planned", "id", drop=3, help="An open follow-up that was promised in that contact"),
        Column("interaction_id", "Contact", "id", drop=6, help="The logged contact that waits for an answer"),
        Column("owner", "Owner", drop=7, help="Who looks after the customer"),
    )


def _json(*more: str) -> tuple[str, ...]:
    first = ("id", "contact", "company", "channel", "subject", "last_inbound_at", "last_outbound_at", "waiting")
    return (*first, "interaction_id", "followup_id", "owner", *more)


_IN = Column("last_inbound_at", "Last in", "time", help="Last contact of theirs")
_OUT = Column("last_outbound_at", "Last out", "time", help="Last contact of ours, attempts included")

OWED = View(
    schema="crm.owed",
    columns=_columns((_IN, _OUT._replace(shown=False))),
    json=_json(),
    title=who,
    empty="You owe nobody a reply.",
)
WAITING = View(
    schema="crm.waiting",
    columns=_columns(
        (_OUT, _IN._replace(shown=False)),
        Column("usual_reply", "Usually", "duration", drop=2, help="Their usual time to answer, in seconds"),
        Column("overdue_by", "Late", "duration", drop=8, help="For how many seconds the answer has been late"),
    ),
    json=_json("usual_reply", "overdue_by"),
    title=who,
    empty="No answer is late.",
)

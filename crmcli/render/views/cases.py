"""What went wrong or was asked."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.customers import name_of
from crmcli.kernel.durations import format_duration
from crmcli.kernel.relative import moment_label, stretch
from crmcli.render.view import Column, Record, View
from crmcli.render.views import interactions
from crmcli.render.views.followups import priority_style

STYLES = {"new": "warning", "pending": "muted", "resolved": "good", "closed": "muted"}
TARGETS = {"response": "Answer", "resolution": "Solution"}


def who(record: Record) -> str | None:
    """The name of the contact or company."""
    party = record["contact"] or record["company"]
    return name_of(party) if party else None


def who_id(record: Record) -> str | None:
    """The id of the contact or company."""
    party = record["contact"] or record["company"]
    return str(party["id"]) if party else None


def due_style(record: Record) -> str:
    """The style of the next target: an answer that was late is no reason to fear for the solution."""
    return "overdue" if record["over"] else ""


def _status_style(record: Record) -> str:
    return STYLES.get(record["status"], "")


def _title(record: Record) -> str:
    return str(record["subject"])


def _name(noun: str, field: str) -> Callable[[Record], Any]:
    return lambda record: record[noun] and (record[noun][field] or record[noun]["id"])


COLUMNS = (
    Column("id", "Id", "id", help="Short id"),
    Column("status", "Status", "enum", drop=2, style=_status_style, help="new, open, pending, resolved or closed"),
    Column("priority", "Priority", "enum", drop=3, style=priority_style, help="How urgent it is"),
    Column("due_at", "Due", "time", drop=1, style=due_style, help="The next target; none while it is pending"),
    Column("subject", "Subject", help="What it is about"),
    Column("who", "Customer", get=who, help="Name of the contact or company"),
    Column("who_id", "Who id", "id", get=who_id, drop=9, help="Id of the contact or company"),
    Column("type", "Type", "enum", drop=7, help="What kind it is"),
    Column("product", "Product", get=_name("product", "name"), drop=6, help="Name of the product"),
    Column("owner", "Owner", drop=5, help="Who works on it"),
    Column("opened_at", "Opened", "time", drop=4, help="When it was opened"),
    Column("breached", "Late", "bool", shown=False, help="It was or is late for a target"),
    Column("response_breached", "Answered late", "bool", shown=False, help="It was answered late, or is not in time"),
    Column("resolution_breached", "Resolved late", "bool", shown=False, help="The same of being resolved"),
    Column("over", "Over now", "bool", shown=False, help="It is open, and over a target now"),
    Column("first_response_at", "Answered", "time", shown=False, help="When it was first answered"),
    Column("response_due_at", "Answer by", "time", shown=False, help="When it is to be answered"),
    Column("resolution_due_at", "Resolve by", "time", shown=False, help="When it is to be resolved"),
    Column("resolved_at", "Resolved", "time", shown=False, help="When it was resolved"),
    Column("closed_at", "Closed", "time", shown=False, help="When it was closed"),
    Column("channel", "Channel", "enum", shown=False, help="How it came"),
    Column("contact", "Contact", shown=False, get=_name("contact", "id"), help="Id of the contact"),
    Column("company", "Company", shown=False, get=_name("company", "name"), help="Name of the company"),
    Column("order", "Order", shown=False, get=_name("order", "number"), help="Number of the order, or its id"),
    Column("reopen_count", "Reopened", "number", shown=False, help="How often it was reopened"),
    Column("satisfaction", "Satisfaction", "number", shown=False, help="How satisfied the customer was, 1 to 5"),
    Column("description", "Description", "markdown", wide=True, shown=False, help="What happened"),
    Column("resolution", "Resolution", "markdown", wide=True, shown=False, help="How it was solved"),
    Column("custom", "Own fields", shown=False, help="Keys of our own with their values"),
    Column("external", "External", shown=False, help="Key in another system"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    Column("created_at", "Added", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
)

VIEW = View(
    schema="crm.case",
    columns=COLUMNS,
    json=(
        "id",
        "uid",
        "subject",
        "description",
        "status",
        "priority",
        "type",
        "channel",
        "contact",
        "company",
        "product",
        "order",
        "owner",
        "opened_at",
        "first_response_at",
        "response_due_at",
        "resolution_due_at",
        "resolved_at",
        "closed_at",
        "breached",
        "response_breached",
        "resolution_breached",
        "over",
        "due_at",
        "resolution",
        "reopen_count",
        "satisfaction",
        "external",
        "custom",
        "created_at",
        "updated_at",
        "deleted_at",
    ),
    title=_title,
    empty='No open cases here. Open one: crm case open WHO "What it is about"',
)


# --- one case with its clock, for people in words


def left(seconds: int, breached: bool) -> str:
    """What is left of a target, or by how much it is over, in business time: "2h 30m left", "1h over".

    A target that is breached outside of business hours is over by none of it: "0m over".
    """
    return f"{format_duration(abs(seconds) // 60 * 60)} {'over' if breached else 'left'}"


def clock_words(record: Record, clock: Clock) -> Mapping[str, str]:
    """The clock of a case in words, by target."""
    return {target: _target(record["clock"][target], clock) for target in TARGETS}


def _target(told: Record, clock: Clock) -> str:
    taken = format_duration(told["taken"] // 60 * 60)
    if told["done_at"]:
        kept = (
            ""
            if told["left"] is None
            else f", {'late by ' if told['breached'] else 'in time, '}{left(told['left'], told['breached'])}"
        )
        kept = kept.replace(" over", "")
        return f"{moment_label(instant(told['done_at']), clock)} after {taken}{kept}"
    if told["due_at"] is None:
        return f"no target; {taken} so far"
    if told["paused"]:
        return f"the clock stands still; {left(told['left'], told['breached'])}"
    return f"by {moment_label(instant(told['due_at']), clock)}, {left(told['left'], told['breached'])}"


def _words(target: str) -> Callable[[Record], Any]:
    def words(record: Record) -> Any:
        return record["told" if "told" in record else "clock"][target]

    return words


def step_words(record: Record, clock: Clock) -> list[str]:
    """The times in each status in sentences: "pending 2 days from Fri 20 Nov 10:00"."""
    return [
        f"{step['status']} {stretch(step['duration'])} from {moment_label(instant(step['entered_at']), clock)}"
        for step in record["history"]
        if step["duration"] or not step["left_at"]  # what was passed through at once is no stay
    ]


def followup_words(record: Record, clock: Clock) -> list[str]:
    """What is promised, in lines."""
    return [
        f"{one['id']} {one['status']} {moment_label(instant(one['due_at']), clock)}: {one['subject']}"
        for one in record["followups"]
    ]


def contact_words(record: Record, clock: Clock) -> list[str]:
    """What was logged, in lines."""
    return [
        f"{one['id']} {one['direction']} {one['channel'].replace('_', ' ')}"
        f" {moment_label(instant(one['occurred_at']), clock)}: {interactions.first_line(one) or one['channel']}"
        for one in record["interactions"]
    ]


def _steps(record: Record) -> Iterator[str]:
    for step in record["history"]:
        yield f"{step['status']} {step['entered_at']} {step['duration']}"


def _told(name: str, plain: Callable[[Record], Any]) -> Callable[[Record], Any]:
    return lambda record: record["told"][name] if "told" in record else list(plain(record))


def told(record: Record, clock: Clock) -> dict[str, Any]:
    """All of this, as DETAIL takes it for people."""
    return {
        **clock_words(record, clock),
        "history": step_words(record, clock),
        "interactions": contact_words(record, clock),
        "followups": followup_words(record, clock),
    }


_TARGET_COLUMNS = tuple(
    Column(f"{name}_clock", title, get=_words(name), shown=False, help=f"The clock of the {title.lower()}")
    for name, title in TARGETS.items()
)
# What the clock says in words need not be said by its instants as well.
_SAID = (
    *("due_at", "first_response_at", "response_due_at", "resolution_due_at", "resolved_at", "over", "breached"),
    *("response_breached", "resolution_breached", "who_id", "contact", "uid", "created_at"),
)
_BEFORE = next(place for place, column in enumerate(COLUMNS) if column.name == "opened_at") + 1

DETAIL = VIEW._replace(
    columns=(
        *COLUMNS[:_BEFORE],
        *_TARGET_COLUMNS,
        *COLUMNS[_BEFORE:],
        Column("history", "Statuses", "list", _told("history", _steps), shown=False, help="How long it was in each"),
        Column(
            "interactions",
            "Logged",
            "list",
            _told("interactions", lambda record: [one["id"] for one in record["interactions"]]),
            shown=False,
            help="What was logged of it",
        ),
        Column(
            "followups",
            "Promised",
            "list",
            _told("followups", lambda record: [one["id"] for one in record["followups"]]),
            shown=False,
            help="What was promised about it",
        ),
    ),
    json=(*VIEW.json, "clock", "history", "interactions", "followups"),
)
"""One case with its clock and what happened; `told`, where it is given, is what people read instead."""
SCREEN = DETAIL._replace(columns=tuple(one for one in DETAIL.columns if one.name not in _SAID))
"""The same as it is drawn for people."""

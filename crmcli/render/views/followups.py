"""What was promised."""

from collections.abc import Callable
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.customers import customer, name_of
from crmcli.kernel.relative import date_label, moment_label
from crmcli.render.view import Column, Record, View

OFTEN = 2
"""From how many times on it is told that a follow-up was snoozed: once is nothing to speak of."""
STYLES = {"urgent": "overdue", "high": "warning", "low": "muted"}


def who(record: Record) -> str:
    """The name of the contact or company."""
    return name_of(customer(record))


def who_id(record: Record) -> str:
    """The id of the contact or company."""
    return str(customer(record)["id"])


def rule_words(record: Record) -> str | None:
    """By which rule it repeats, in words; None for one that does not."""
    return record["recurrence"] and str(record["recurrence"]["words"])


def marks(record: Record, repeats: str | None = "repeats") -> list[str]:
    """What is to be said of a follow-up beside its subject: it is not wanted, it was put off often, it repeats."""
    times = record["snooze_count"]
    found = ["do not contact"] if record.get("do_not_contact") else []  # a snapshot says that of the customer itself
    if times >= OFTEN:
        found.append(f"snoozed {times}x")
    return [*found, *([repeats] if record["recurrence"] and repeats else [])]


def priority_style(record: Record) -> str:
    """The style of a priority."""
    return STYLES.get(record["priority"], "")


def _title(record: Record) -> str:
    return str(record["subject"])


def _part(name: str) -> Callable[[Record], Any]:
    return lambda record: record["recurrence"] and record["recurrence"][name]


def _due_style(record: Record) -> str:
    return "overdue" if record["overdue"] else ""


def _status_style(record: Record) -> str:
    return {"done": "good", "cancelled": "muted"}.get(record["status"], "")


COLUMNS = (
    Column("id", "Id", "id", help="Short id"),
    Column("due_at", "Due", "time", style=_due_style, help="When it is due"),
    Column("subject", "Subject", help="What to do"),
    Column("who", "Customer", get=who, help="Name of the contact or company"),
    Column("who_id", "Who id", "id", get=who_id, drop=9, help="Id of the contact or company"),
    Column("priority", "Priority", "enum", drop=3, style=priority_style, help="How urgent it is"),
    Column("status", "Status", "enum", drop=5, style=_status_style, help="open, done or cancelled"),
    Column("owner", "Owner", drop=6, help="Who does it"),
    Column("channel", "Channel", "enum", shown=False, help="How to do it"),
    Column("all_day", "All day", "bool", shown=False, help="Due on a day, not at a time"),
    Column("timezone", "Time zone", shown=False, help="The zone that the due time is meant in"),
    Column("do_not_contact", "Do not contact", "bool", shown=False, help="The customer wants no contact"),
    Column("overdue", "Overdue", "bool", shown=False, help="Open, and its time is over"),
    Column("snooze_count", "Snoozed", "number", shown=False, help="How often it was put off"),
    Column("first_due_at", "First due", "time", shown=False, help="When it was due before it was put off"),
    Column("closed_at", "Closed", "time", shown=False, help="When it was done or cancelled"),
    Column("outcome_note", "Outcome", wide=True, shown=False, help="What came of it"),
    Column("interaction_id", "Promised in", "id", shown=False, help="The logged contact it was promised in"),
    Column("closing_interaction_id", "Done by", "id", shown=False, help="The logged contact that it was done by"),
    Column("deal_id", "Deal", "id", shown=False, help="The deal that it is about"),
    Column("order_id", "Order", "id", shown=False, help="The order that it is about"),
    Column("case_id", "Case", "id", shown=False, help="The case that it belongs to"),
    Column("note", "Note", wide=True, shown=False, help="Details"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    Column("created_at", "Created", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    Column("recurrence", "Repeats", get=rule_words, shown=False, help="By which rule it repeats"),
    Column("workdays", "Working days", get=_part("workdays"), shown=False, help="Whose working days its rule is for"),
    Column("occurs_on", "By the rule", "day", shown=False, help="The day by the rule, before it was moved"),
    Column("series", "Series", "id", shown=False, help="The uid of the first of those that follow from one another"),
)

VIEW = View(
    schema="crm.followup",
    columns=COLUMNS,
    json=(
        "id",
        "uid",
        "subject",
        "note",
        "channel",
        "due_at",
        "all_day",
        "timezone",
        "status",
        "priority",
        "owner",
        "contact",
        "company",
        "do_not_contact",
        "overdue",
        "snooze_count",
        "first_due_at",
        "closed_at",
        "outcome_note",
        "interaction_id",
        "closing_interaction_id",
        "deal_id",
        "order_id",
        "case_id",
        "recurrence",
        "series",
        "occurs_on",
        "created_at",
        "updated_at",
    ),
    title=_title,
    empty="No follow-ups here. Plan one: crm followup add WHO TEXT --due tomorrow",
)

_BEFORE_PRIORITY = next(place for place, column in enumerate(COLUMNS) if column.name == "priority")
MARKED = VIEW._replace(
    columns=(
        *COLUMNS[:_BEFORE_PRIORITY],
        Column(
            "marks",
            "Also",
            get=lambda record: ", ".join(marks(record)),
            drop=2,
            help="That it repeats, was moved, or is not wanted",
        ),
        *COLUMNS[_BEFORE_PRIORITY:],
    )
)
"""The list as it is drawn for people when there is something to be said of one."""


def _stamps(entry: Record) -> str:
    return f"{entry['from'] or 'nobody'} to {entry['to'] or 'nobody'} by {entry['by']} at {entry['at']}"


def told(record: Record, clock: Clock) -> dict[str, list[str]]:
    """The moves and assignments of a record in sentences for people, in the zone of the clock."""

    def day(moment: str) -> str:
        label = moment_label(instant(moment), clock)
        return label.removesuffix(" 00:00")  # local midnight stands for a whole day

    def by(entry: Record) -> str:
        return f"({entry['by']}, {date_label(clock.local(instant(entry['at'])).date(), clock)})"

    return {
        "moves": [f"{day(entry['from'])} to {day(entry['to'])} {by(entry)}" for entry in record["moves"]],
        "assignments": [
            f"{entry['from'] or 'nobody'} to {entry['to'] or 'nobody'} {by(entry)}" for entry in record["assignments"]
        ],
    }


def _changes(name: str) -> Callable[[Record], Any]:
    return lambda record: record["told"][name] if "told" in record else [_stamps(entry) for entry in record[name]]


DETAIL = VIEW._replace(
    columns=(
        *COLUMNS,
        Column("moves", "Moved", "list", _changes("moves"), shown=False, help="From when to when, and by whom"),
        Column("assignments", "Assigned", "list", _changes("assignments"), shown=False, help="From whom to whom"),
    ),
    json=(*VIEW.json, "moves", "assignments"),
)
"""One follow-up with what the journal knows of it; `told`, where it is given, is what people read instead."""

_HISTORY = ("id", "due_at", "status", "closed_at", "snooze_count", "outcome_note", "owner", "occurs_on")
HISTORY = VIEW._replace(
    columns=tuple(
        next(column for column in COLUMNS if column.name == name)._replace(shown=name != "occurs_on", drop=drop)
        for name, drop in zip(_HISTORY, (0, 0, 0, 0, 5, 3, 8, 0), strict=True)
    )
)
"""The occurrences of a follow-up that repeats, and how each ended."""

"""What was promised."""

from crmcli.render.view import Column, Record, View

STYLES = {"urgent": "overdue", "high": "warning", "low": "muted"}


def who(record: Record) -> str:
    """The name of the contact or company."""
    return str(record["contact"]["display_name"] if record["contact"] else record["company"]["name"])


def who_id(record: Record) -> str:
    """The id of the contact or company."""
    return str((record["contact"] or record["company"])["id"])


def priority_style(record: Record) -> str:
    """The style of a priority."""
    return STYLES.get(record["priority"], "")


def _title(record: Record) -> str:
    return str(record["subject"])


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
    Column("overdue", "Overdue", "bool", shown=False, help="Open, and its time is over"),
    Column("snooze_count", "Snoozed", "number", shown=False, help="How often it was put off"),
    Column("first_due_at", "First due", "time", shown=False, help="When it was due before it was put off"),
    Column("closed_at", "Closed", "time", shown=False, help="When it was done or cancelled"),
    Column("outcome_note", "Outcome", wide=True, shown=False, help="What came of it"),
    Column("interaction_id", "Promised in", "id", shown=False, help="The logged contact it was promised in"),
    Column("closing_interaction_id", "Done by", "id", shown=False, help="The logged contact that it was done by"),
    Column("note", "Note", wide=True, shown=False, help="Details"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    Column("created_at", "Created", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
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
        "overdue",
        "snooze_count",
        "first_due_at",
        "closed_at",
        "outcome_note",
        "interaction_id",
        "closing_interaction_id",
        "created_at",
        "updated_at",
    ),
    title=_title,
    empty="No follow-ups here. Plan one: crm followup add WHO TEXT --due tomorrow",
)

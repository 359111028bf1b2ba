"""What people were reminded of."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["subject"])


def _style(record: Record) -> str:
    return {"sent": "good", "unknown": "warning", "failed": "overdue"}.get(record["status"], "")


VIEW = View(
    schema="crm.reminder",
    columns=(
        Column("id", "Id", "id", help="What was due: the id of a follow-up, or digest:daily"),
        Column("claimed_at", "Told", "time", help="When it was told, or tried"),
        Column("status", "Status", "enum", style=_style, help="sending, sent, unknown or failed"),
        Column("channel", "Channel", "enum", help="Where it was told"),
        Column("subject", "Subject", help="What to do"),
        Column("due_at", "Due", "time", drop=3, help="When it was due"),
        Column("error", "Error", drop=2, help="What went wrong"),
        Column("user", "User", drop=4, help="Who was told"),
        Column("round", "Round", "number", shown=False, help="2 for the second time, and so on"),
        Column("settled_at", "Settled", "time", shown=False, help="When its end was known"),
    ),
    json=("id", "subject", "due_at", "channel", "user", "round", "status", "claimed_at", "settled_at", "error"),
    title=_title,
    empty="Nobody was reminded of anything yet. See: crm remind --help",
)

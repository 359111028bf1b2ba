"""Reminders that run by themselves: what was installed, and how it fares."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["name"])


def _status_title(record: Record) -> str:
    return str(record["job"] or record["how"] or record["user"])


def _failing(record: Record) -> str:
    return "overdue" if record["error"] else ""


def _unsure(record: Record) -> str:
    return "warning" if record["unknown"] else ""


JOB = View(
    schema="crm.reminder_job",
    columns=(
        Column("name", "Job", help="Its name"),
        Column("how", "By", "enum", help="What runs it: cron or systemd"),
        Column("schedule", "When", help="When it runs"),
        Column("channels", "Channels", "list", help="Where it tells"),
        Column("command", "Command", wide=True, help="What is run"),
        Column("text", "Text", wide=True, shown=False, help="The line of the crontab, or the units"),
        Column("id", "Id", "id", shown=False, help="The same as the name"),
    ),
    json=("id", "name", "how", "schedule", "channels", "command", "text"),
    title=_title,
)

STATUS = View(
    schema="crm.reminder_status",
    columns=(
        Column("job", "Job", "id", help="The name of the job; empty for what was not installed by crm"),
        Column("how", "By", "enum", drop=4, help="What runs it: cron or systemd; empty where no job here does"),
        Column("schedule", "When", drop=2, help="When it runs"),
        Column("channel", "Channel", help="Where it tells"),
        Column("user", "User", drop=5, help="Who is told"),
        Column("ran_at", "Last run", "time", help="When it last ran"),
        Column("told_at", "Last told", "time", drop=3, help="When it last had something to tell"),
        Column("told", "Told", "number", drop=6, help="How many it told then"),
        Column("unknown", "Unsure", "number", drop=7, style=_unsure, help="How many may have arrived or not"),
        Column("failed", "Failed", "number", drop=8, help="How many did not arrive"),
        Column("error", "Failure", drop=1, style=_failing, help="What went wrong last"),
        Column("failed_at", "Failed at", "time", shown=False, help="When that was"),
        Column("since", "Since", "time", shown=False, help="When it was installed"),
        Column("command", "Command", wide=True, shown=False, help="What is run"),
        Column("other_database", "Elsewhere", "bool", shown=False, help="Whether it tells of another database"),
        Column("id", "Id", "id", shown=False, help="The job, else user and channel"),
    ),
    json=(
        "id",
        "job",
        "how",
        "schedule",
        "channel",
        "user",
        "ran_at",
        "told_at",
        "told",
        "failed_at",
        "error",
        "unknown",
        "failed",
        "since",
        "command",
        "other_database",
    ),
    title=_status_title,
    empty="No reminders run by themselves yet: crm remind install --cron (or --systemd)",
)

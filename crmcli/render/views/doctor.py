"""Whether all is well."""

from crmcli.render.view import Column, Record, View

STYLES = {"ok": "good", "warn": "warning", "fail": "overdue"}


def _style(record: Record) -> str:
    return STYLES[record["status"]]


VIEW = View(
    schema="crm.doctor",
    columns=(
        Column("status", "Status", "enum", style=_style, help="ok, warn or fail"),
        Column("check", "Check", help="What was looked at"),
        Column("finding", "Finding", wide=True, help="What was seen"),
        Column("advice", "What to do", wide=True, help="What to do about it; empty for nothing"),
        Column("id", "Id", "id", shown=False, help="The check, numbered where it has several findings"),
    ),
    json=("id", "check", "status", "finding", "advice"),
    title=lambda record: str(record["check"]),
)

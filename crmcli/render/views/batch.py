"""What became of each line of a batch."""

from crmcli.render.view import Column, Record, View


def _reason(record: Record) -> str | None:
    error = record["error"]
    return None if error is None else "; ".join(part for part in (error["message"], error["hint"]) if part)


def _style(record: Record) -> str:
    return "good" if record["ok"] else "warning"


VIEW = View(
    schema="crm.batch",
    columns=(
        Column("line", "Line", "number", help="Number of the line, from 1"),
        Column("op", "Operation", help="What was asked for"),
        Column("ok", "Done", "bool", style=_style, help="Whether it was done"),
        Column("id", "Id", "id", help="The record that was made or changed"),
        Column("error", "Why not", get=_reason, wide=True, help="What was wrong, and what would be right"),
        Column("ids", "Ids", "list", shown=False, help="All records that were made or changed"),
    ),
    json=("line", "op", "ok", "id", "ids", "error"),
    title=lambda record: f"line {record['line']}",
    empty="No operations were given.",
)

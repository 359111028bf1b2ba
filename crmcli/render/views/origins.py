"""Where values came from."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["field"])


VIEW = View(
    schema="crm.origin",
    columns=(
        Column("field", "Field", help="Field, as in flags and JSON"),
        Column("value", "Value", help="Its value"),
        Column("source", "From", help="The file and format of an import, else the command"),
        Column("by", "By", drop=2, help="Who did it"),
        Column("at", "When", "time", drop=1, help="When it was done"),
        Column("operation", "Operation", "id", drop=3, help="Id of the operation, for crm undo"),
        Column("command", "Command", shown=False, help="The words of the command"),
        Column("format", "Format", shown=False, help="The format of an import"),
        Column("file", "File", shown=False, help="The file of an import"),
    ),
    json=("field", "value", "source", "by", "at", "operation", "command", "format", "file"),
    title=_title,
    empty="It has no values.",
)

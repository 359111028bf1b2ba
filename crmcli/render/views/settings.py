"""A person's settings."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["key"])


VIEW = View(
    schema="crm.setting",
    columns=(
        Column("key", "Setting", help="Name of the setting"),
        Column("value", "Value", help="Its value in the file; empty when it is not set"),
        Column("description", "Meaning", drop=1, wide=True, help="What it decides"),
        Column("example", "Example", drop=2, help="A value that would do"),
        Column("id", "Id", "id", shown=False, help="The same as the key"),
    ),
    json=("id", "key", "value", "description", "example"),
    title=_title,
)

"""Fields of the team's own."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["name"])


VIEW = View(
    schema="crm.field",
    columns=(
        Column("name", "Name", help="Name, as in --set NAME=VALUE"),
        Column("type", "Type", "enum", help="What its values look like"),
        Column("choices", "Choices", "list", drop=2, help="The values of a choice field"),
        Column("description", "Description", drop=1, help="What the field means"),
        Column("id", "Id", "id", shown=False, help="The same as the name"),
    ),
    json=("id", "name", "type", "choices", "description"),
    title=_title,
    empty="No fields of your own yet. Declare one: crm field add NAME --type number",
)

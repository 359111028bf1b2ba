"""The team."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return f"{record['display_name'] or record['name']}  {record['id']}"


VIEW = View(
    schema="crm.user",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("name", "Name", help="Short name, as typed after --owner"),
        Column("display_name", "Full name", drop=1, help="Full name"),
        Column("email", "E-mail", drop=2, help="E-mail address"),
        Column("timezone", "Time zone", drop=3, help="Time zone (IANA)"),
        Column("role", "Role", "enum", help="What the user may do"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("created_at", "Created", "time", shown=False, help="When the user was added"),
        Column("updated_at", "Updated", "time", shown=False, help="When the user was last changed"),
    ),
    json=("id", "uid", "name", "display_name", "email", "timezone", "role", "created_at", "updated_at"),
    title=_title,
    empty="Nobody here yet. Who changes something first is added; add others: crm user add NAME",
)

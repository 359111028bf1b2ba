"""The demo database."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return "Demo database"


VIEW = View(
    schema="crm.demo",
    columns=(
        Column("id", "File", "id", help="Path of the database"),
        Column("contacts", "Contacts", "number", help="How many people"),
        Column("companies", "Companies", "number", help="How many companies"),
        Column("interactions", "Logged", "number", help="How many logged contacts"),
        Column("followups", "Follow-ups", "number", help="How many follow-ups"),
    ),
    json=("id", "contacts", "companies", "interactions", "followups"),
    title=_title,
)

"""Tags."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["name"])


VIEW = View(
    schema="crm.tag",
    columns=(
        Column("name", "Name", help="The word"),
        Column("contacts", "Contacts", "number", help="How many contacts have it"),
        Column("companies", "Companies", "number", help="How many companies have it"),
    ),
    json=("name", "contacts", "companies"),
    title=_title,
    empty="No tags here. Put one on: crm contact tag WHO TAG",
)

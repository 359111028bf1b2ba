"""What a search found."""

from typing import Any

from crmcli.render.view import Column, Record, View


def _who(record: Record) -> Any:
    return record["who"] and record["who"]["name"]


def _who_id(record: Record) -> Any:
    return record["who"] and record["who"]["id"]


def _title(record: Record) -> str:
    return f"{record['name']}  {record['id']}"


VIEW = View(
    schema="crm.find",
    columns=(
        Column("id", "Id", "id", help="Short id of the record"),
        Column("noun", "What", drop=3, help="contact, company, interaction, followup, deal, order, case or product"),
        Column("name", "Name", help="Name, subject, or kind of contact"),
        Column("place", "Where", drop=1, help="The field that holds the words"),
        Column("snippet", "Text", help="The words in their surroundings"),
        Column("who", "Who", get=_who, drop=2, help="The customer of what is no customer"),
        Column("who_id", "Who id", "id", get=_who_id, shown=False, help="The customer's id"),
        Column("at", "When", "time", drop=4, help="When it happened, or is due"),
        Column("status", "Status", "enum", drop=5, help="Of a follow-up, deal, order or case"),
        Column("corrected", "Corrected", shown=False, help="What the words were taken for, if they were mistyped"),
    ),
    json=("id", "noun", "name", "place", "snippet", "marks", "who", "at", "status", "corrected"),
    title=_title,
    empty="Nothing found.",
)

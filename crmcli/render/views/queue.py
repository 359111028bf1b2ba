"""What is due."""

from crmcli.render.view import Column, View
from crmcli.render.views import followups

VIEW = View(
    schema=followups.VIEW.schema,
    columns=(
        *(column for column in followups.COLUMNS if column.name != "status"),
        Column("bucket", "When", "enum", help="overdue, today, week or later"),
        Column("waiting", "Waiting", "duration", drop=8, help="Time since it became overdue, in seconds"),
    ),
    json=(*followups.VIEW.json, "bucket", "waiting"),
    title=followups.VIEW.title,
    empty="Nothing is due this week.",
)

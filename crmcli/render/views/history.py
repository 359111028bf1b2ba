"""What taking back an operation did."""

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import moment_label
from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return f"{record['id'] or 'nothing yet'}: undo {', '.join(record['undone'])}"


UNDO = View(
    schema="crm.undo",
    columns=(
        Column("id", "Id", "id", help="The new operation; empty of a dry run"),
        Column("undone", "Undone", "list", help="The operations that were taken back, the newest first"),
        Column("command", "Command", help="What the newest of them did"),
        Column("file", "File", help="What was imported"),
        Column("at", "When", "time", help="When it was done"),
        Column("actor", "By", help="Who did it"),
        Column("changes", "Changes", "number", help="How many rows were changed back"),
        Column("records", "Records", "list", help="The first records that were changed back"),
    ),
    json=("id", "undone", "command", "file", "at", "actor", "changes", "records"),
    title=_title,
)


def sentence(record: Record, clock: Clock) -> str:
    """What was taken back: `op12 contact edit, Fri 20 Nov 10:00 by ada: 3 changes`."""
    undone = record["undone"]
    named = undone[0] if len(undone) == 1 else f"{undone[-1]} to {undone[0]}"
    what = f"{named} {record['command']}" + (f" of {record['file']}" if record["file"] else "")
    count = record["changes"]
    when = moment_label(instant(record["at"]), clock)
    return f"{what}, {when} by {record['actor']}: {count:,} change{'' if count == 1 else 's'}"

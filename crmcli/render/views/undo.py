"""What taking back an operation did, and bringing it back."""

from collections.abc import Iterator

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import moment_label
from crmcli.render.view import Column, Record, View

MOST_STEPS = 20


def _title(record: Record) -> str:
    return f"{record['id'] or 'nothing yet'}: undo {', '.join(record['undone'])}"


VIEW = View(
    schema="crm.undo",
    columns=(
        Column("id", "Id", "id", help="The new operation; empty of a dry run"),
        Column("undone", "Undone", "list", help="The operations that were taken back, the newest first"),
        Column("command", "Command", help="What the one that was meant did"),
        Column("file", "File", help="What was imported"),
        Column("at", "When", "time", help="When it was done"),
        Column("actor", "By", help="Who did it"),
        Column("changes", "Changes", "number", help="How many rows were changed back"),
        Column("records", "Records", "list", help="The first records that were changed back"),
        Column("brings_back", "Brings back", "id", shown=False, help="The operation that is in force again"),
    ),
    json=(
        "id",
        "undone",
        "command",
        "file",
        "at",
        "actor",
        "changes",
        "records",
        "brings_back",
        "brings_back_command",
        "steps",
    ),
    title=_title,
)


def sentence(record: Record, clock: Clock, *, back: bool = False) -> str:
    """What was taken back: `op12 contact edit, Fri 20 Nov 10:00 by ada: 3 changes`; with `back`, what came back."""
    others = len(record["steps"]) - 1
    count = record["changes"]
    also = f", with {others:,} more" if others > 0 else ""
    step = _step(record["steps"][record["meant"]], clock, back=back)
    return f"{step}{also}: {count:,} change{'' if count == 1 else 's'}"


def sentences(record: Record, clock: Clock, *, back: bool = False) -> Iterator[str]:
    """Each operation that was taken back, where there are several."""
    steps = record["steps"]
    if len(steps) > 1:
        yield from (f"  {_step(step, clock, back=back)}" for step in steps[:MOST_STEPS])
    if len(steps) > MOST_STEPS:
        yield f"  and {len(steps) - MOST_STEPS:,} more"


def _step(step: Record, clock: Clock, *, back: bool) -> str:
    if back and step["brings_back"]:
        return f"{step['brings_back']} {step['brings_back_command']}, taken back by {step['undone'][0]}"
    undone = step["undone"]
    named = undone[0] if len(undone) == 1 else f"{undone[-1]} to {undone[0]}"
    what = f"{named} {step['command']}" + (f" of {step['file']}" if step["file"] else "")
    return f"{what}, {moment_label(instant(step['at']), clock)} by {step['actor']}"

"""Today."""

from collections.abc import Iterator

from crmcli.render.view import Record, View

VIEW = View(
    schema="crm.agenda",
    columns=(),
    json=("date", "timezone", "overdue", "today", "week", "owed", "counts"),
    title=lambda record: str(record["date"]),
)

BEGINNING = (
    ("crm demo", "a throw-away database to try things with"),
    ('crm contact add "Ada Lovelace" --email ada@engines.example', "somebody to look after"),
    ('crm log in ada "Asked about delivery" --followup tomorrow', "what happened, and what was promised"),
    ("crm init", "where the data lives, and who you are"),
    ("crm help", "dates, filters, output and more"),
)


def beginning() -> Iterator[str]:
    """What to do when there is nobody yet, in lines that are safe, and readable at any width."""
    yield "Nobody here yet. To begin:"
    for command, purpose in BEGINNING:
        yield ""
        yield f"  {command}"
        yield f"      {purpose}"


def day(record: Record) -> str:
    """What is due, in a line: "3 overdue, 2 today, 4 this week"."""
    counts = record["counts"]
    named = (("overdue", "overdue"), ("today", "today"), ("week", "this week"), ("owed", "to answer"))
    return ", ".join(f"{counts[key]} {name}" for key, name in named if counts[key])

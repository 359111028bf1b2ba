"""Today, and the coming week."""

from collections.abc import Iterator
from datetime import date

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import due_day
from crmcli.kernel.text import safe
from crmcli.render.view import Column, Record, View
from crmcli.render.views import cases, casewatch
from crmcli.render.views.followups import who, who_id
from crmcli.render.views.parts import PARTS_OF_DAY

VIEW = View(
    schema="crm.agenda",
    columns=(),
    json=("date", "timezone", "overdue", "today", "week", "owed", "cases", "counts", "birthdays"),
    title=lambda record: str(record["date"]),
)
WEEK = VIEW._replace(json=(*VIEW.json, "days", "days_more"))

ROWS = View(
    schema="crm.agenda.row",
    columns=(
        Column("day", "Day", "day", help="The day in my zone"),
        Column("kind", "What", "enum", help="case, overdue, followup or birthday"),
        Column("id", "Id", "id", help="Of the follow-up; of a birthday the contact's"),
        Column("due_at", "Due", "time", help="When it is due"),
        Column("all_day", "All day", "bool", shown=False, help="Due on a day, not at a time"),
        Column("who", "Customer", help="Name of the contact or company"),
        Column("who_id", "Who id", "id", drop=9, help="Id of the contact or company"),
        Column("subject", "Subject", help="What to do, or the age that somebody turns"),
        Column("priority", "Priority", "enum", drop=3, help="How urgent it is"),
        Column("channel", "Channel", "enum", drop=5, help="How to do it"),
        Column("there", "There", drop=4, help="What time it is then where the customer is"),
    ),
    json=(),
    title=lambda record: str(record["subject"]),
    empty="Nothing is due, and nobody has a birthday in the next seven days.",
)
"""The week as a list."""

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
    named = (
        ("overdue", "overdue"), ("today", "today"), ("week", "this week"), ("days", "to come"),
        ("owed", "to answer"), ("cases", "to solve"),
    )  # fmt: skip
    return ", ".join(f"{counts[key]} {name}" for key, name in named if counts.get(key))


def rows(record: Record, clock: Clock) -> Iterator[dict[str, object]]:
    """The week as records of ROWS: late cases, what is overdue, then each day's birthdays, cases and follow-ups."""
    for item in record["cases"]:
        if item["state"] == "breached":
            yield _case(item, clock)
    for item in record["overdue"]:
        yield _row(item, "overdue", due_day(item, clock).isoformat())
    for one in record["days"]:
        for birthday in one["birthdays"]:
            contact = birthday["contact"]
            yield {
                "day": one["date"],
                "kind": "birthday",
                "id": contact["id"],
                "who": contact["display_name"],
                "who_id": contact["id"],
                "subject": turns(birthday),
                "all_day": True,
            }
        for item in one["cases"]:
            yield _case(item, clock)
        for item in one["followups"]:
            yield _row(item, "followup", one["date"])


def _case(item: Record, clock: Clock) -> dict[str, object]:
    day = clock.local(instant(item["target_at"])).date().isoformat()
    told = {name: item[name] for name in ("id", "priority", "channel")}
    subject = f"{casewatch.when(item)}: {item['subject']}"
    whose = {"who": cases.who(item), "who_id": cases.who_id(item)}
    return {**told, **whose, "day": day, "kind": "case", "due_at": item["target_at"], "subject": subject}


def _row(item: Record, kind: str, day: str) -> dict[str, object]:
    there = item["local_time"]
    told = there and f"{there['date']}T{there['time']}{there['utc_offset']} {there['part_of_day']}"
    return {**item, "day": day, "kind": kind, "who": who(item), "who_id": who_id(item), "there": told}


def turns(birthday: Record) -> str:
    """What there is to say of a birthday: "turns 40"."""
    return "birthday" if birthday["turns"] is None else f"turns {birthday['turns']}"


def there(item: Record, clock: Clock) -> tuple[str, str]:
    """The customer's time where it is another one than mine, and its style: "17:00 in Tokyo, working hours there"."""
    local, moment = item["local_time"], clock.local(instant(item["due_at"]))
    if local is None or local["utc_offset"] == f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:5]:
        return "", ""
    phrase, style = PARTS_OF_DAY[local["part_of_day"]]
    days = (date.fromisoformat(local["date"]) - moment.date()).days
    day = {1: " the next day", -1: " the day before"}.get(days, "")
    city = local["timezone"].rpartition("/")[2].replace("_", " ")
    return safe(f"{local['time']}{day} in {city}, {phrase}"), style

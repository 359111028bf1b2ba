"""`crm log in|out|note`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import NoAftercare, Who, given, record_options
from crmcli.commands.room import Room
from crmcli.commands.text import read_text
from crmcli.render.views.interactions import VIEW, who
from crmcli.services.interactions import TELLING

ROOM = Room("Record a contact that happened")
Text = Annotated[
    str | None,
    typer.Argument(
        help="What was said (Markdown); - reads standard input; none opens your editor",
        metavar="[TEXT]",
        show_default=False,
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", help="Somebody else who took part (repeatable)", metavar="WHO", show_default=False),
]
File = Annotated[
    str | None, typer.Option("--file", help="Read the text from a file", metavar="PATH", show_default=False)
]
Promise = Annotated[
    str | None,
    typer.Option(
        "--followup", help="Promise something by then: 'next tue 3pm', +3d", metavar="WHEN", show_default=False
    ),
]
PromiseSubject = Annotated[
    str | None, typer.Option("--followup-subject", help="What was promised", metavar="TEXT", show_default=False)
]
Every = Annotated[
    str | None,
    typer.Option(
        "--every",
        help="Promise it again and again: 'monday', '3 months after done'",
        metavar="RULE",
        show_default=False,
    ),
]
Case = Annotated[
    str | None,
    typer.Option("--case", help="The case that it belongs to, by its id", metavar="ID", show_default=False),
]
CaseOrNew = Annotated[
    str | None,
    typer.Option(
        "--case", help="The case that it belongs to, or new for one that it opens", metavar="ID|new", show_default=False
    ),
]
Priority = Annotated[
    str | None,
    typer.Option("--priority", help="With --case new: low, normal, high or urgent", metavar="WORD", show_default=False),
]
Type = Annotated[
    str | None,
    typer.Option(
        "--type",
        help="With --case new: question, incident, problem, request or complaint",
        metavar="WORD",
        show_default=False,
    ),
]
Product = Annotated[
    str | None,
    typer.Option("--product", help="With --case new: the product that it is about", metavar="TEXT", show_default=False),
]
FLAGS = ("direction", "body")


@ROOM.verb("in")
@record_options("interaction", without=FLAGS)
def in_(
    app: App,
    who: Who,
    text: Text = None,
    *,
    others: With = None,
    file: File = None,
    followup: Promise = None,
    followup_subject: PromiseSubject = None,
    every: Every = None,
    no_aftercare: NoAftercare = False,
    case: CaseOrNew = None,
    priority: Priority = None,
    type_: Type = None,
    product: Product = None,
    **values: Any,
) -> None:
    """Log that the customer contacted us."""
    values |= {"followup": followup, "followup_subject": followup_subject, "every": every}
    values |= {"case": case, "priority": priority, "type": type_, "product": product}
    _log(app, "in", who, text, others, file, {**values, "no_aftercare": no_aftercare})


@ROOM.verb("out")
@record_options("interaction", without=FLAGS)
def out(
    app: App,
    who: Who,
    text: Text = None,
    *,
    others: With = None,
    file: File = None,
    followup: Promise = None,
    followup_subject: PromiseSubject = None,
    every: Every = None,
    no_aftercare: NoAftercare = False,
    case: Case = None,
    **values: Any,
) -> None:
    """Log that we contacted the customer."""
    values |= {"followup": followup, "followup_subject": followup_subject, "every": every, "case": case}
    _log(app, "out", who, text, others, file, {**values, "no_aftercare": no_aftercare})


@ROOM.verb("note")
@record_options("interaction", without=(*FLAGS, "channel"))
def note(
    app: App,
    who: Who,
    text: Text = None,
    *,
    others: With = None,
    file: File = None,
    followup: Promise = None,
    followup_subject: PromiseSubject = None,
    every: Every = None,
    case: Case = None,
    **values: Any,
) -> None:
    """Keep a note about the customer, for ourselves."""
    _log(
        app,
        "note",
        who,
        text,
        others,
        file,
        {"followup": followup, "followup_subject": followup_subject, "every": every, "case": case, **values},
    )


def _log(
    app: App,
    direction: str,
    first: str,
    text: str | None,
    others: list[str] | None,
    file: str | None,
    values: dict[str, Any],
) -> None:
    if not app.prepare(VIEW, one=True):
        return
    people = [app.who.find(one).ref for one in (first, *(others or ()))]
    facts = given(values)
    app.interactions.check(facts)
    with read_text(app, text, file=file, required=not any(facts.get(name) for name in TELLING)) as body:
        record = app.interactions.log(direction, people, body, facts)
    channel = record["channel"].replace("_", " ")
    told = "Noted about" if direction == "note" else f"Logged {direction}bound {channel} with"
    app.out.created(f"{told} {who(record)} ({record['id']})", VIEW, record)

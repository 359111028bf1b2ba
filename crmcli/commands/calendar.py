"""`crm calendar`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import Everyone, Filter
from crmcli.commands.room import Room
from crmcli.exporters.base import SHAPES
from crmcli.render.views.calendar import VIEW, sentence
from crmcli.services.calendars import DAYS_BACK, Wishes

ROOM = Room("A calendar for phones and other programs")

# More days than the calendar of any program goes back.
MOST_DAYS = 36_500
Place = Annotated[
    str,
    typer.Argument(help="NAME.ics, or a folder with a file for each entry", metavar="FILE|DIR", show_default=False),
]
Shape = Annotated[str, typer.Option("--as", help="events, todos or both; what follow-ups are in it", metavar="WORD")]
DaysBack = Annotated[
    int,
    typer.Option("--days-back", help="For how many days what is done stays in it", metavar="N", min=0, max=MOST_DAYS),
]
Birthdays = Annotated[bool, typer.Option("--birthdays", help="Birthdays of contacts too")]
Public = Annotated[bool, typer.Option("--public", help="Readable by everybody on this machine, as for a web server")]
Name = Annotated[str, typer.Option("--name", help="What the calendar is called", metavar="TEXT", show_default=False)]


@ROOM.verb("publish")
def publish(
    app: App,
    place: Place,
    query: Filter = None,
    *,
    shape: Shape = SHAPES[0],
    everyone: Everyone = False,
    days_back: DaysBack = DAYS_BACK,
    birthdays: Birthdays = False,
    public: Public = False,
    name: Name = "",
) -> None:
    """Write my follow-ups as a calendar, for a phone to subscribe to or for vdirsyncer.

    What did not change is not touched. On a terminal it says what changed; from cron it is silent.
    """
    if not app.prepare(VIEW, one=True):
        return
    wishes = Wishes(shape, everyone, days_back, birthdays, public, name)
    done = app.calendars.publish(place, " ".join(query or ()), wishes)._asdict()
    if app.out.for_programs:
        app.show(VIEW, done)
    elif app.stderr.isatty():
        app.out.message(sentence(done))

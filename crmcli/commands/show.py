"""`crm show`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import Who
from crmcli.render.views import snapshot
from crmcli.services.snapshot import TIMELINE

Timeline = Annotated[
    int, typer.Option("--timeline", "-n", help="How many contacts the timeline shows", metavar="N", min=0, max=100_000)
]


def COMMAND(app: App, who: Who, *, timeline: Timeline = TIMELINE) -> None:
    """Show one customer at a glance: who it is, what passed between us, what is due, what to do next."""
    if app.prepare(snapshot.VIEW, one=True):
        snapshot.show(app.snapshots.of(who, limit=timeline), app.out)

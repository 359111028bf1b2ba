"""`crm show`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import AsOf, Who
from crmcli.render.views import snapshot
from crmcli.services.snapshot import TIMELINE
from crmcli.services.who import PARTIES

Timeline = Annotated[
    int, typer.Option("--timeline", "-n", help="How many contacts the timeline shows", metavar="N", min=0, max=100_000)
]


def COMMAND(app: App, who: Who, *, timeline: Timeline = TIMELINE, as_of: AsOf = "") -> None:
    """Show one customer at a glance: who it is, what passed between us, what is due, what to do next."""
    if not app.prepare(snapshot.VIEW, one=True):
        return
    if as_of:
        then = app.past.then(as_of, who, PARTIES)
        snapshot.show({**then.app.snapshots.of(then.ref, limit=timeline), "as_of": then.at}, then.app.out)
    else:
        snapshot.show(app.snapshots.of(who, limit=timeline), app.out)

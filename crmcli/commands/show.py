"""`crm show`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import loader
from crmcli.commands.options import AsOf, Who
from crmcli.kernel.ids import parse_ref
from crmcli.render.views import snapshot
from crmcli.services.snapshot import TIMELINE
from crmcli.store.nouns import PARTIES

Timeline = Annotated[
    int, typer.Option("--timeline", "-n", help="How many contacts the timeline shows", metavar="N", min=0, max=100_000)
]


def COMMAND(app: App, who: Who, *, timeline: Timeline = TIMELINE, as_of: AsOf = "") -> Any:
    """Show one customer at a glance: who it is, what passed between us, what is due, what to do next.

    The id of a deal, order, case or product shows that.
    """
    named = parse_ref(who.strip())
    if named and named[0] in loader.SHOWN:
        return loader.show(app, named[0], who.strip(), **({"as_of": as_of} if as_of else {}))
    if not app.prepare(snapshot.VIEW, one=True):
        return None
    if as_of:
        then = app.past.then(as_of, who, PARTIES)
        snapshot.show({**then.app.snapshots.of(then.ref, limit=timeline), "as_of": then.at}, then.app.out)
    else:
        snapshot.show(app.snapshots.of(who, limit=timeline), app.out)
    return None

"""`crm undo`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.render.views.history import UNDO, sentence

Which = Annotated[str | None, typer.Argument(help="Id of an operation, such as op12", metavar="OP", show_default=False)]


def COMMAND(app: App, which: Which = None, *, dry_run: DryRun = False) -> None:
    """Take back the newest change, or that of an operation; a whole import at once.

    What came later stays; where it builds on what would go, nothing is changed and the later operation is named. An
    undo is an operation itself: crm undo with its id brings back what it took.
    """
    if not app.prepare(UNDO, one=True):
        return
    done = app.history.undo(which, dry_run=dry_run)
    told = sentence(done, app.clock)
    if not dry_run:
        app.out.created(f"Took back {told}", UNDO, done)
    elif app.out.format in ("tsv", "table", "plain"):
        shown = ", ".join(done["records"])
        app.out.message(f"Would take back {told}" + (f": {shown}" if shown else ""), "Nothing was changed")
    else:
        app.show(UNDO, done)

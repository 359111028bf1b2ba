"""`crm undo`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.render.view import Record
from crmcli.render.views.undo import VIEW, sentence, sentences

Which = Annotated[str | None, typer.Argument(help="Id of an operation, such as op12", metavar="OP", show_default=False)]
Dependents = Annotated[bool, typer.Option("--with-dependents", help="Also take back later ones that build on it")]


def COMMAND(app: App, which: Which = None, *, with_dependents: Dependents = False, dry_run: DryRun = False) -> None:
    """Take back the newest change, or that of an operation; a whole import at once.

    What came later stays; where it builds on what would go, nothing is changed and the later operation is named. An
    undo is an operation itself: crm redo brings back what it took, and so does crm undo with its id.
    """
    if not app.prepare(VIEW, one=True):
        return None
    if dry_run or (with_dependents and not app.settings.yes):
        plan = app.history.undo(which, dependents=with_dependents, dry_run=True)
        if dry_run:
            return tell_plan(app, "Would take back", plan)
        which = plan["steps"][plan["meant"]]["undone"][0]
        if len(plan["steps"]) > 1:
            app.out.message(*sentences(plan, app.clock))
            if not app.confirm(f"take back these {len(plan['steps'])} operations?"):
                return None
        app.notes.clear()
    done = app.history.undo(which, dependents=with_dependents)
    return app.out.created(f"Took back {sentence(done, app.clock)}", VIEW, done)


def tell_plan(app: App, what: str, plan: Record, *, back: bool = False) -> None:
    """Say what would be done."""
    if app.out.format not in ("tsv", "table", "plain"):
        return app.show(VIEW, plan)
    shown = ", ".join(plan["records"])
    told = f"{what} {sentence(plan, app.clock, back=back)}" + (f": {shown}" if shown else "")
    app.out.message(told, *sentences(plan, app.clock, back=back), "Nothing was changed")
    return None

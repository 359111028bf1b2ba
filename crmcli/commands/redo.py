"""`crm redo`."""

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.commands.undo import tell_plan
from crmcli.render.views.undo import VIEW, sentence


def COMMAND(app: App, *, dry_run: DryRun = False) -> None:
    """Bring back what the last undo took; once more, what the one before took.

    Once something new was changed there is nothing to redo; crm undo with the id of an undo then brings back what it
    took.
    """
    if not app.prepare(VIEW, one=True):
        return None
    done = app.history.redo(dry_run=dry_run)
    if dry_run:
        return tell_plan(app, "Would bring back", done, back=True)
    return app.out.created(f"Brought back {sentence(done, app.clock, back=True)}", VIEW, done)

"""`crm history`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import All, Limit, list_limit
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.formats import NESTED
from crmcli.render.loader import load
from crmcli.render.views.history import FIELDS, ONE, VIEW

SHOW = "show"
MOST_CHANGES = 1_000
SCREENFUL = 100
Words = Annotated[
    list[str] | None,
    typer.Argument(
        help="A contact or company, with all that belongs to it, or any id; or show OP: all that an operation changed",
        metavar="[WHO | show OP]",
        show_default=False,
    ),
]
Since = Annotated[
    str, typer.Option("--since", help="Not before: 2026-03-01, -2w, yesterday", metavar="WHEN", show_default=False)
]
Until = Annotated[str, typer.Option("--until", help="Up to then; a day to its end", metavar="WHEN", show_default=False)]
By = Annotated[str, typer.Option("--by", help="Who did it", metavar="USER", show_default=False)]
Command = Annotated[
    str,
    typer.Option("--command", help="Words of the command: import, contact edit", metavar="TEXT", show_default=False),
]


def COMMAND(
    app: App,
    words: Words = None,
    *,
    since: Since = "",
    until: Until = "",
    by: By = "",
    command: Command = "",
    limit: Limit = None,
    everything: All = False,
) -> None:
    """Show who changed what, and when, the newest first.

    The history of a customer has its addresses, tags, what was logged and promised, and what was merged into it. What
    was taken back is shown as such; crm undo with the id of an operation takes it back.
    """
    named = words or []
    if named[:1] == [SHOW] and len(named) > 1:
        if len(named) > 2 or any((since, until, by, command)):
            raise UsageError("show takes the id of one operation, and no filter", "for example: crm history show op12")
        return _show(app, named[1], limit, everything)
    if not app.prepare(VIEW):
        return None
    filtered = any((named, since, until, by, command))
    most = list_limit(app, limit, everything)
    page = app.journal.page(" ".join(named), since=since, until=until, by=by, command=command, limit=most)
    if not app.out.drawn or not page.items:
        return app.show(VIEW, page, filtered=filtered)
    app.out.emit(load("screens.history").lines(page.items, app.journal.sentences(page.items), app.out))
    if page.more:
        app.out.message(f"{len(page.items)} shown; --limit N shows more")
    return None


def _show(app: App, which: str, limit: int | None, everything: bool) -> None:
    nested = app.out.format in NESTED
    if not app.prepare(ONE if nested else FIELDS, one=nested):
        return
    most = None if everything else limit or (SCREENFUL if app.out.on_terminal else MOST_CHANGES)
    record = app.journal.show(which, most)
    if nested:
        app.show(ONE, record)
    elif app.out.drawn:
        sentence = app.journal.sentences([record])[0]
        app.out.emit(load("screens.history").one(record, sentence, app.journal.fields(record), app.out))
    else:
        app.show(FIELDS, Page(app.journal.fields(record)))
    if record["changes_more"]:
        app.out.message(f"{record['changes_more']:,} more changes; --all shows them all")

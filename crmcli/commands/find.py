"""`crm find`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import Limit
from crmcli.render.loader import load
from crmcli.render.views.find import VIEW
from crmcli.services.find import LIMIT, NOUNS

Words = Annotated[
    list[str],
    typer.Argument(
        help='Words, whole or begun; "words in quotes" stand together', metavar="TEXT...", show_default=False
    ),
]
Among = Annotated[
    list[str] | None,
    typer.Option("--in", help=f"Look only among: {', '.join(NOUNS)} (repeatable)", metavar="NOUN", show_default=False),
]


def COMMAND(app: App, text: Words, *, among: Among = None, limit: Limit = LIMIT) -> None:
    """Search everything: names, e-mail, phones, notes, deals, orders, cases, what was logged and promised.

    Accents and case do not count, and a mistyped name is found too. Names come first, then texts, newest first.
    """
    if not app.prepare(VIEW):
        return
    nouns = [noun.strip() for part in among or () for noun in part.split(",")]
    nouns = [] if "all" in nouns else nouns
    page = app.find.page(" ".join(text), nouns=nouns, limit=limit or LIMIT)
    if not app.out.on_terminal or app.out.format != "table" or app.settings.fields is not None:
        app.show(VIEW, page)
    elif page.items:
        app.out.emit(load("views.hits").lines(page, app.out))
        if page.more:
            app.out.message(f"{len(page.items)} shown; --limit N shows more")

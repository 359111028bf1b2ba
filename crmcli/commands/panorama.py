"""`crm panorama`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import Limit, list_limit
from crmcli.kernel.errors import UsageError
from crmcli.render.view import View
from crmcli.render.views import companies, contacts, interactions, panorama, queue, replies
from crmcli.services.panorama_lists import EXPLAINED, explain

Explain = Annotated[
    str,
    typer.Option(
        "--explain",
        help=f"{', '.join(list(EXPLAINED)[:-1])} or {list(EXPLAINED)[-1]}; list what is behind that number,"
        " or behind a part of it: retention:lapsed, contacts:out, cases:urgent",
        metavar="NUMBER",
        show_default=False,
    ),
]
Owner = Annotated[
    str, typer.Option("--owner", help="The share of one user: a name, or me", metavar="USER", show_default=False)
]
Companies = Annotated[bool, typer.Option("--companies", help="With --explain: companies instead of people")]

VIEWS: dict[str, View] = {
    "contact": contacts.VIEW,
    "company": companies.VIEW,
    "interaction": interactions.VIEW,
    "followup": queue.VIEW,
    "owed": replies.OWED,
    "deal": panorama.DEALS,
    "order": panorama.ORDERS,
    "case": panorama.CASES,
}


def COMMAND(
    app: App, *, explain_: Explain = "", companies_: Companies = False, owner: Owner = "", limit: Limit = None
) -> None:
    """Show the whole market at a glance: customers, contacts, queue, pipeline, orders, cases, and who is silent.

    Each number can be opened with --explain. -o html writes a page to be mailed.
    """
    if explain_:
        return _explain(app, explain_, companies_, owner, limit)
    for flag, given in (("--companies", companies_), ("--limit", limit)):
        if given:
            raise UsageError(f"{flag} goes with --explain", f"one of: {', '.join(EXPLAINED)}")
    if app.prepare(panorama.VIEW, one=True):
        panorama.check(app.out)
        panorama.show(app.panorama.of(owner), app.out)


def _explain(app: App, text: str, of_companies: bool, owner: str, limit: int | None) -> None:
    # The format is checked before any work; the columns, which depend on the kind, when they are written.
    app.out.format  # noqa: B018
    found = explain(app, text, owner=owner, companies=of_companies, limit=list_limit(app, limit))
    view = VIEWS[found.kind]
    if app.prepare(view):
        app.show(view, found.page, filtered=True)
        if found.command and app.out.on_terminal and not app.out.for_programs:
            app.out.message(f"the same: {found.command}")

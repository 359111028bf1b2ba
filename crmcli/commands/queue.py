"""`crm queue`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import Filter, Limit, list_limit
from crmcli.render.loader import load
from crmcli.render.views.queue import VIEW
from crmcli.services.queue import LATER, SOON, shown_count

Everyone = Annotated[bool, typer.Option("--all", help="Everyone's, not only mine")]
Later = Annotated[bool, typer.Option("--later", help="Also what is due after this week")]


def COMMAND(
    app: App, query: Filter = None, *, everyone: Everyone = False, later: Later = False, limit: Limit = None
) -> None:
    """Show what is due: overdue first, then today, then the rest of the week.

    Within each the urgent comes first, then what has waited longest.
    """
    if not app.prepare(VIEW):
        return
    text = " ".join(query or ())
    buckets = (*SOON, LATER) if later else SOON
    page = app.queue.page(text, everyone=everyone, buckets=buckets, limit=list_limit(app, limit))
    counts = app.queue.counts(page, text, everyone=everyone, buckets=buckets) if app.out.on_terminal else {}
    if drawn(app) and page.items:
        load("board").write_queue(page.items, {name: shown_count(count) for name, count in counts.items()}, app.out)
    else:
        app.show(VIEW, page)
    if page.items and counts:
        app.out.message(closing(counts, page.items))
    elif counts and not later:
        count = app.queue.count(LATER, text, everyone=everyone)
        app.out.message(*([f"{shown_count(count)} due later: crm queue --later"] if count else []))


def drawn(app: App) -> bool:
    """Whether the output is the drawing for people, not a list in some format or with columns of one's own."""
    return app.out.on_terminal and app.out.format == "table" and app.settings.fields is None


def closing(counts: dict[str, int], items: list[dict[str, Any]]) -> str:
    """The line below: how much there is, and what to do first, if there is anything to do today."""
    due = sum(count for name, count in counts.items() if name in SOON)
    first = items[0]
    step = f"; next: crm followup done {first['id']}" if first["bucket"] in ("overdue", "today") else ""
    return f"{shown_count(due)} due, {shown_count(counts['overdue'])} overdue{step}"

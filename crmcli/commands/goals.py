"""`crm goal`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.bulk import named, tell_records
from crmcli.commands.options import text_flag
from crmcli.commands.room import Room
from crmcli.kernel.codes import format_money
from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.view import Record
from crmcli.render.views.goals import METRICS, VIEW, called
from crmcli.services.rates import sentences

ROOM = Room("What is to be won, and how far it is")

Amount = Annotated[
    list[str], typer.Argument(help="How much: 250000, 250000 EUR", metavar="AMOUNT...", show_default=False)
]
End = Annotated[str, text_flag("--by", "The last day: eoq, 2026-12-31", "WHEN")]
Owner = Annotated[str | None, text_flag("--owner", "Whose goal: a user name, or me; the team's without it", "NAME")]
Currency = Annotated[str | None, text_flag("--currency", "Its currency; without it the setting", "CODE")]
Metric = Annotated[str | None, text_flag("--metric", "won or orders; won without it", "WORD")]
First = Annotated[
    str | None, text_flag("--from", "The first day; without it that of the month, quarter or year, else today", "WHEN")
]
Name = Annotated[str | None, text_flag("--name", "What it is called")]
Which = Annotated[str, typer.Argument(help="Its id, such as g1", metavar="ID", show_default=False)]
Several = Annotated[
    list[str], typer.Argument(help="Ids; - reads ids from standard input", metavar="ID...", show_default=False)
]
Everything = Annotated[bool, typer.Option("--all", help="Also those that are over")]


@ROOM.alone
def goals(app: App) -> None:
    """Show the goals that are not over: how far each is, what is needed, where it is likely to end."""
    if app.prepare(VIEW):
        _show(app, app.goals.page())


@ROOM.verb("set")
def set_(
    app: App,
    amount: Amount,
    *,
    by: End,
    owner: Owner = None,
    currency: Currency = None,
    metric: Metric = None,
    from_: First = None,
    name: Name = None,
) -> None:
    """Set a goal: an amount to be won, or ordered, until a day."""
    if not app.prepare(VIEW, one=True):
        return
    record = app.goals.set(" ".join(amount), by, owner=owner, currency=currency, metric=metric, first=from_, name=name)
    said = f"Goal {record['id']}: {_described(record)}, from {record['starts_on']} to {record['ends_on']}"
    app.out.created(said, VIEW, record)


@ROOM.verb("list")
def list_(app: App, *, everything: Everything = False) -> None:
    """List the goals that are not over, or all of them."""
    if app.prepare(VIEW):
        _show(app, app.goals.page(everything=everything))


@ROOM.verb("show")
def show(app: App, which: Which) -> None:
    """Show a goal, and how far it is."""
    if not app.prepare(VIEW, one=True):
        return
    record = app.goals.get(which)
    app.notes += sentences(record["without_rate"], record["currency"])
    if app.out.drawn:
        load("screens.goals").write([record], app.out)
    else:
        app.show(VIEW, record)


@ROOM.verb("rm")
def rm(app: App, which: Several) -> None:
    """Remove goals; crm undo brings them back."""
    if app.prepare(VIEW):
        records = app.goals.remove(named(app, which))
        tell_records(app, VIEW, records, [f"Removed {one['id']}: {_described(one)}" for one in records])


def _show(app: App, page: Page) -> None:
    for record in page.items:
        app.notes += sentences(record["without_rate"], record["currency"])
    if app.out.drawn and page.items:
        load("screens.goals").write(page.items, app.out)
    else:
        app.show(VIEW, page)


def _described(record: Record) -> str:
    amount = format_money(record["amount_minor"], record["currency"])
    return f"{called(record)}, {amount} {METRICS[record['metric']]}"

"""`crm rate`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import All, Limit, list_limit, text_flag
from crmcli.commands.room import Room
from crmcli.render.views.rates import VIEW, title

ROOM = Room("Exchange rates, as you give them")

Base = Annotated[
    str, typer.Argument(help="What one unit of is worth: a currency", metavar="CURRENCY", show_default=False)
]
Quote = Annotated[str, typer.Argument(help="in this currency", metavar="CURRENCY", show_default=False)]
Which = Annotated[
    str,
    typer.Argument(help="An id, such as EUR/USD@2026-11-20, or a currency", metavar="ID|CURRENCY", show_default=False),
]
OrQuote = Annotated[
    str | None, typer.Argument(help="in this currency, where no id is given", metavar="[CURRENCY]", show_default=False)
]
Number = Annotated[str, typer.Argument(help="how much, such as 1.0842", metavar="RATE", show_default=False)]
Pair = Annotated[
    list[str] | None, typer.Argument(help="One or two currencies", metavar="[CURRENCY]...", show_default=False)
]
Day = Annotated[str | None, text_flag("--from", "The day from which it counts; today without it", "WHEN")]
WhichDay = Annotated[str | None, text_flag("--from", "The first day of the rate, where there are several", "WHEN")]
Source = Annotated[str | None, text_flag("--source", "Who says so, such as ECB")]


@ROOM.verb("set")
def set_(app: App, base: Base, quote: Quote, rate: Number, *, since: Day = None, source: Source = None) -> None:
    """Say what one unit of a currency is worth in another, from a day on.

    It counts until the next one of the same pair, in both directions. The number is kept as it is written.
    """
    if app.prepare(VIEW, one=True):
        record, done = app.rates.set(base, quote, rate, since=since, source=source)
        said = f"{title(record)} from {record['from']} on"
        app.out.created(f"Nothing to change: {said}" if done == "same" else said, VIEW, record)


@ROOM.verb("list")
def list_(app: App, currencies: Pair = None, *, limit: Limit = None, everything: All = False) -> None:
    """List the rates, of each pair the newest first."""
    if app.prepare(VIEW):
        page = app.rates.page(currencies or (), limit=list_limit(app, limit, everything))
        app.show(VIEW, page, filtered=bool(currencies))


@ROOM.verb("rm")
def rm(app: App, which: Which, quote: OrQuote = None, *, since: WhichDay = None) -> None:
    """Take out a rate, named by its id or its two currencies; crm undo brings it back."""
    if app.prepare(VIEW, one=True):
        base, quote, since = (which, quote, since) if quote else app.rates.named(which)
        record = app.rates.remove(base, quote, since=since)
        app.out.created(f"Removed: {title(record)} from {record['from']} on", VIEW, record)

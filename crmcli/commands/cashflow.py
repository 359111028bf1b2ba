"""`crm cashflow`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import text_flag
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.formats import NESTED
from crmcli.render.loader import load
from crmcli.render.views import cashflow as views
from crmcli.services.cashflow import Asked
from crmcli.services.rates import sentences

# What --fields names: the periods are the rows of a cash flow.
VIEW = views.PERIODS

By = Annotated[str, text_flag("--by", "week or month", "WORD")]
Until = Annotated[str | None, text_flag("--until", "The last day; 12 weeks or 5 months on without it", "WHEN")]
Opening = Annotated[str | None, text_flag("--opening", "What is in the bank: 12000, 12000 EUR", "AMOUNT")]
Currency = Annotated[str | None, text_flag("--currency", "What to count in; without it the setting", "CODE")]
Details = Annotated[bool, typer.Option("--details", help="Every single amount with its reason")]
Explain = Annotated[
    str | None, text_flag("--explain", "The single amounts of a week or month: 2026-W49, 2026-12, next week", "PERIOD")
]


def COMMAND(
    app: App,
    *,
    by: By = "week",
    until: Until = None,
    opening: Opening = None,
    currency: Currency = None,
    details: Details = False,
    explain: Explain = None,
) -> None:
    """Show what money may come when: what is owed, what comes again, what is hoped for.

    Owed are orders that are not paid, on the day that they are due, else after as many days as the customer took so
    far, else after 30; what is overdue comes today. Orders that come again do so by their rules. Of open deals comes
    probability x amount, 30 days (cashflow.payment_days) after they are expected.
    """
    if details and explain:
        raise UsageError("--details lists all, --explain one period", "give one of them")
    listing = details or explain is not None
    nested = app.out.format in NESTED and not listing
    view = views.PARTS if listing else views.VIEW if nested else views.PERIODS
    if not app.prepare(view, one=nested):
        return None
    record = app.cashflow.of(Asked(by, until, opening, currency))
    told = sentences(record["without_rate"], record["currency"])
    if app.out.drawn and not listing:
        load("screens.cashflow").write(record, told, app.out)
        return None
    app.notes += told
    if listing:
        parts = app.cashflow.parts(record, explain) if explain is not None else record["parts"]
        return app.show(views.PARTS, Page(parts))
    if nested:
        return app.show(views.VIEW, record)
    if app.out.format == "plain" and app.settings.fields is None:
        app.show(views.VIEW, record)
        app.out.write("\n")
    return app.show(views.PERIODS, Page(record["periods"]))

"""`crm forecast`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import text_flag
from crmcli.commands.room import Room
from crmcli.kernel.codes import format_money
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.formats import HUMAN, NESTED
from crmcli.render.loader import load
from crmcli.render.views import forecasts as views
from crmcli.services.forecasts import Asked
from crmcli.services.rates import sentences

ROOM = Room("What the open deals may bring")
# What --fields names: the groups are the rows of a forecast.
VIEW = views.GROUPS

By = Annotated[str | None, text_flag("--by", "month, owner, category or pipeline; month without it", "WORD")]
Owner = Annotated[str | None, text_flag("--owner", "Whose deals: a user name, or me; everybody's without it", "NAME")]
Pipeline = Annotated[str | None, text_flag("--pipeline", "Deals of this pipeline alone", "NAME")]
Until = Annotated[str | None, text_flag("--until", "Deals that are expected until then: eoq, +6w", "WHEN")]
Since = Annotated[
    str | None, text_flag("--since", "Won deals count from then on; the first of this month without it", "WHEN")
]
Currency = Annotated[str | None, text_flag("--currency", "What to count in; without it the setting", "CODE")]
Save = Annotated[bool, typer.Option("--save", help="Keep it, so that it can be held against what comes")]


@ROOM.alone
def forecast(
    app: App,
    *,
    by: By = None,
    owner: Owner = None,
    pipeline: Pipeline = None,
    until: Until = None,
    since: Since = None,
    currency: Currency = None,
    save: Save = False,
) -> None:
    """Show what the open deals may bring: weighted, by category, and in which range.

    A deal's own probability counts before that of its stage; of a stage it is the share that was won of those that
    entered it, as soon as 10 were closed. The range assumes that deals are won independently of one another.
    """
    if save:
        if owner or pipeline or until or since:
            raise UsageError("--save keeps the forecast of all months and owners", "give it alone, or with --currency")
        return _save(app, currency)
    nested = app.out.format in NESTED
    if not app.prepare(views.VIEW if nested else views.GROUPS, one=nested):
        return None
    record = app.forecasts.of(Asked(by or "month", owner, pipeline, until, since, currency))
    told = sentences(record["without_rate"], record["currency"])
    if app.out.drawn:
        load("screens.forecast").write(record, told, app.out)
        return None
    app.notes += told
    if nested:
        return app.show(views.VIEW, record)
    if app.out.format == "plain" and app.settings.fields is None:
        app.show(views.VIEW, record)
        app.out.write("\n")
    return app.show(views.GROUPS, Page(record["groups"]))


@ROOM.verb("accuracy")
def accuracy(app: App, *, owner: Owner = None, currency: Currency = None) -> None:
    """Show what was foreseen for past months, what came, and how far apart both are.

    Of each month the last forecast that was kept before it counts, or the first one in it.
    """
    nested = app.out.format in NESTED
    if not app.prepare(views.ACCURACY if nested else views.MONTHS, one=nested):
        return None
    record = app.accuracy.of(owner, currency)
    if nested:
        return app.show(views.ACCURACY, record)
    drawn = app.out.format in HUMAN and app.settings.fields is None
    app.show(views.MONTHS_DRAWN if drawn else views.MONTHS, Page(record["months"]))
    if record["count"]:
        bias, error = (format_money(record[f"{n}_minor"], record["currency"]) for n in ("bias", "mean_absolute_error"))
        app.notes.append(
            f"bias {bias} (above zero: too much was foreseen), mean absolute error {error};"
            f" {record['within']} of {record['count']} months came within P10 to P90"
        )
    return None


def _save(app: App, currency: str | None) -> None:
    if not app.prepare(views.SAVED):
        return
    records = app.forecasts.save(currency)
    if app.out.for_programs:
        app.show(views.SAVED, Page(records))
    elif app.out.on_terminal:
        months = sorted({record["month"] for record in records})
        app.out.sentence(f"Kept what is foreseen for {', '.join(months)} ({records[0]['currency']})")
    else:
        app.out.emit(record["id"] for record in records)

"""`crm report`. A report is a verb here, a method of `Reports`, a module of crmcli/services/reports and a view."""

from typing import Annotated

from crmcli.app import App
from crmcli.commands.options import text_flag
from crmcli.commands.room import Room
from crmcli.render.views import reports as views
from crmcli.render.views.casereport import VIEW as CASES
from crmcli.services.reports.asked import Asked

ROOM = Room("What the past shows: win rate, velocity, sources, cases")

Since = Annotated[str | None, text_flag("--since", "The first day; a year back without it", "WHEN")]
Until = Annotated[str | None, text_flag("--until", "The last day; today without it", "WHEN")]
Owner = Annotated[str | None, text_flag("--owner", "Whose deals: a user name, or me", "NAME")]
Pipeline = Annotated[str | None, text_flag("--pipeline", "Deals of this pipeline alone", "NAME")]
Currency = Annotated[str | None, text_flag("--currency", "What to count in; without it the setting", "CODE")]
ByStage = Annotated[str | None, text_flag("--by", "stage, owner, source, pipeline or month", "WORD")]
ByReason = Annotated[str | None, text_flag("--by", "reason, stage, owner, source, pipeline or month", "WORD")]
CasesSince = Annotated[str, text_flag("--since", "The first day: 2026-01-01, -3m; 90 days back without it", "WHEN")]
CasesUntil = Annotated[str, text_flag("--until", "The last day; today without it", "WHEN")]
ByProduct = Annotated[str, text_flag("--by", "product, priority, owner, type or month", "WORD")]
BySource = Annotated[str | None, text_flag("--by", "source, owner, pipeline or month", "WORD")]


@ROOM.verb("win-rate")
def win_rate(
    app: App,
    *,
    by: ByStage = None,
    since: Since = None,
    until: Until = None,
    owner: Owner = None,
    pipeline: Pipeline = None,
    currency: Currency = None,
) -> None:
    """Show how many of the closed deals were won; by stage, of those that had entered it.

    The interval says where the true rate lies with a certainty of 95 % (Wilson): few deals tell little.
    """
    if app.prepare(views.WIN_RATE):
        app.show(views.WIN_RATE, app.reports.win_rate(Asked(by, owner, pipeline, since, until, currency)))


@ROOM.verb("velocity")
def velocity(
    app: App,
    *,
    by: ByStage = None,
    since: Since = None,
    until: Until = None,
    owner: Owner = None,
    pipeline: Pipeline = None,
    currency: Currency = None,
) -> None:
    """Show how many days closed deals stayed in each stage, how long they took, and what that brings a day.

    Sales velocity is open deals x win rate x average amount of a won deal / average days from making to winning.
    """
    if app.prepare(views.VELOCITY):
        app.show(views.VELOCITY, app.reports.velocity(Asked(by, owner, pipeline, since, until, currency)))


@ROOM.verb("lost-reasons")
def lost_reasons(
    app: App,
    *,
    by: ByReason = None,
    since: Since = None,
    until: Until = None,
    owner: Owner = None,
    pipeline: Pipeline = None,
    currency: Currency = None,
) -> None:
    """Show why deals were lost, and what was lost with them."""
    view = views.by(views.LOST_REASONS, by not in (None, "reason"))
    if app.prepare(view):
        app.show(view, app.reports.lost_reasons(Asked(by, owner, pipeline, since, until, currency)))


@ROOM.verb("source")
def source(
    app: App,
    *,
    by: BySource = None,
    since: Since = None,
    until: Until = None,
    owner: Owner = None,
    pipeline: Pipeline = None,
    currency: Currency = None,
) -> None:
    """Show where leads and deals came from that were made in a while, and what became of them."""
    view = views.by(views.SOURCE, by not in (None, "source"))
    if app.prepare(view):
        app.show(view, app.reports.source(Asked(by, owner, pipeline, since, until, currency)))


@ROOM.verb("cases")
def cases(app: App, *, since: CasesSince = "", until: CasesUntil = "", by: ByProduct = "") -> None:
    """Tell how cases were dealt with: how many, how fast in business time, how often late, how well.

    Times are business time without the pauses of a case: the median, and what 90 % did not exceed. Targets count once
    they are reached or missed.
    """
    if app.prepare(CASES):
        app.show(CASES, app.casereport.page(since=since, until=until, by=by))

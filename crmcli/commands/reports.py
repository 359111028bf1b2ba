"""`crm report`."""

from typing import Annotated

from crmcli.app import App
from crmcli.commands.options import text_flag
from crmcli.commands.room import Room
from crmcli.render.views.casereport import VIEW as CASES

ROOM = Room("Figures about a period")

Since = Annotated[str, text_flag("--since", "The first day: 2026-01-01, -3m; 90 days back without it", "WHEN")]
Until = Annotated[str, text_flag("--until", "The last day; today without it", "WHEN")]
By = Annotated[str, text_flag("--by", "product, priority, owner, type or month", "WORD")]


@ROOM.verb("cases")
def cases(app: App, *, since: Since = "", until: Until = "", by: By = "") -> None:
    """Tell how cases were dealt with: how many, how fast in business time, how often late, how well.

    Times are business time without the pauses of a case: the median, and what 90 % did not exceed. Targets count once
    they are reached or missed.
    """
    if app.prepare(CASES):
        app.show(CASES, app.casereport.page(since=since, until=until, by=by))

"""Bare `crm` and `crm agenda`: today, or the coming week."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.queue import closing
from crmcli.kernel.page import Page
from crmcli.render.formats import NESTED
from crmcli.render.loader import load
from crmcli.render.views import agenda as views
from crmcli.render.views.casewatch import lines as case_lines
from crmcli.render.views.queue import VIEW as QUEUE
from crmcli.render.views.replies import owed_lines
from crmcli.services.queue import LATER, SOON, shown_count

# What fits a small screen.
GLANCE = {"cases": 5, "overdue": 7, "today": 10, "week": 5}
MOST_OF_A_DAY = 8
Week = Annotated[bool, typer.Option("--week", help="The coming seven days, day by day")]


def COMMAND(app: App, *, week: Week = False) -> None:
    """Show today: cases that are late, what is due, whose birthday it is, and who waits for an answer.

    This is what crm without a command shows. Where a customer's clock shows another time, it is told.
    """
    nested = app.out.format in NESTED
    if week:
        return _show_week(app, nested)
    if not app.prepare(views.VIEW if nested else QUEUE, one=nested):
        return
    if not app.out.for_programs and app.agenda.nothing_yet:
        return app.out.emit(views.beginning())
    found = app.agenda.today(GLANCE if app.out.drawn else None)
    if nested:
        return app.show(views.VIEW, found)
    items = [item for bucket in SOON for item in found[bucket]]
    if app.out.drawn:
        counts = {name: shown_count(count) for name, count in found["counts"].items()}
        load("board").write_agenda(found, counts, app.out)
    else:
        app.show(QUEUE, Page(items))
        if app.out.format == "plain":
            app.out.emit(case_lines(found["cases"], app.clock))
            app.out.emit(owed_lines(found["owed"], app.clock))
    if app.out.on_terminal:
        app.out.message(_next(app, found, items))


def _show_week(app: App, nested: bool) -> None:
    if not app.prepare(views.WEEK if nested else views.ROWS, one=nested):
        return
    if not app.out.for_programs and app.agenda.nothing_yet:
        return app.out.emit(views.beginning())
    found = app.agenda.week(GLANCE if app.out.drawn else None)
    if nested:
        return app.show(views.WEEK, found)
    if app.out.drawn:
        counts = {name: shown_count(count) for name, count in found["counts"].items()}
        load("board").write_week(found, counts, MOST_OF_A_DAY, app.out)
    else:
        rows = views.rows(found, app.clock)
        # Ids are piped into other commands, which want follow-ups.
        others = ("birthday", "case") if app.out.format == "ids" else ()
        app.show(views.ROWS, Page([row for row in rows if row["kind"] not in others]))
        if app.out.format == "plain":
            app.out.emit(owed_lines(found["owed"], app.clock))
    if found["days_more"]:
        app.out.message("there is more in these days: crm queue --later")
    if app.out.on_terminal:
        app.out.message(_next(app, found, [item for bucket in SOON for item in found[bucket]]))


def _next(app: App, found: dict[str, Any], items: list[dict[str, Any]]) -> str:
    if found["cases"] and found["cases"][0]["state"] == "breached":
        return f"next: crm case show {found['cases'][0]['id']}"
    if items:
        return closing({name: found["counts"][name] for name in SOON}, items)
    if found["owed"]:
        return f"next: crm show {found['owed'][0]['id']}"
    later = app.queue.count(LATER)
    if later:
        return f"{shown_count(later)} due later: crm queue --later"
    return "plan something: crm followup add WHO TEXT --due tomorrow"

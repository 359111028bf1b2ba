"""`crm company`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import party
from crmcli.commands.options import (
    All,
    Deleted,
    DryRun,
    Filter,
    Limit,
    NewName,
    Sort,
    Tags,
    Where,
    Who,
    Whom,
    record_options,
)
from crmcli.commands.room import Room
from crmcli.render.views.companies import VIEW

ROOM = Room("Companies")
Name = Annotated[str, typer.Argument(help="Name, in any script", show_default=False)]


@ROOM.verb("add")
@record_options("company")
def add(app: App, name: Name, **values: Any) -> None:
    """Add a company."""
    party.add(app, app.companies, VIEW, name, values)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "name",
    limit: Limit = None,
    everything: All = False,
    deleted: Deleted = False,
) -> None:
    """List companies, all of them or those that match a filter."""
    party.list_(app, app.companies, VIEW, query, sort, limit, everything, deleted)


@ROOM.verb("show")
def show(app: App, who: Who) -> None:
    """Show every field of a company; `crm show` shows the customer."""
    if app.prepare(VIEW, one=True):
        app.show(VIEW, app.companies.find(who))


@ROOM.verb("edit")
@record_options("company", editing=True)
def edit(app: App, who: Who, *, name: NewName = None, **values: Any) -> None:
    """Change a company; without flags on a terminal, in your editor."""
    party.edit(app, app.companies, VIEW, who, {"name": name, **values})


@ROOM.verb("rm")
def rm(app: App, who: Whom = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete companies; `restore` brings them back."""
    party.rm(app, app.companies, who or [], where, dry_run)


@ROOM.verb("restore")
def restore(app: App, who: Whom = None) -> None:
    """Bring deleted companies back."""
    party.restore(app, app.companies, who or [])


@ROOM.verb("tag")
def tag(app: App, words: Tags, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Put tags on companies."""
    party.tag(app, app.companies, words, where, dry_run, remove=False)


@ROOM.verb("untag")
def untag(app: App, words: Tags, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Take tags off companies."""
    party.tag(app, app.companies, words, where, dry_run, remove=True)

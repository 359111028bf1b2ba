"""`crm contact`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import party
from crmcli.commands.options import (
    All,
    AsOf,
    Deleted,
    DryRun,
    Filter,
    Keep,
    Limit,
    NewName,
    Origins,
    Prefer,
    Sort,
    Tags,
    Take,
    Where,
    Who,
    Whom,
    record_options,
)
from crmcli.commands.room import Room
from crmcli.render.views.contacts import VIEW

ROOM = Room("People")
Name = Annotated[
    str, typer.Argument(help="Full name, in any script; may be left out when its parts are given", show_default=False)
]


@ROOM.verb("add")
@record_options("contact")
def add(app: App, name: Name = "", **values: Any) -> None:
    """Add a person."""
    party.add(app, app.contacts, VIEW, name, values)


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
    """List people, all of them or those that match a filter."""
    party.list_(app, app.contacts, VIEW, query, sort, limit, everything, deleted)


@ROOM.verb("show")
def show(app: App, who: Who, *, origins: Origins = False, as_of: AsOf = "") -> None:
    """Show every field of a person; `crm show` shows the customer."""
    party.show(app, app.contacts, VIEW, who, origins, as_of)


@ROOM.verb("edit")
@record_options("contact", editing=True)
def edit(app: App, who: Who, *, name: NewName = None, **values: Any) -> None:
    """Change a person; without flags on a terminal, in your editor."""
    party.edit(app, app.contacts, VIEW, who, {"name": name, **values})


@ROOM.verb("rm")
def rm(app: App, who: Whom = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete people; `restore` brings them back."""
    party.rm(app, app.contacts, who or [], where, dry_run)


@ROOM.verb("restore")
def restore(app: App, who: Whom = None) -> None:
    """Bring deleted people back."""
    party.restore(app, app.contacts, who or [])


@ROOM.verb("merge")
def merge(
    app: App,
    who: Whom = None,
    *,
    keep: Keep = None,
    prefer: Prefer = None,
    take: Take = None,
    dry_run: DryRun = False,
) -> None:
    """Make one of several people: the first is kept, with all that belongs to the others.

    Addresses, tags, what was logged and promised come together; what only one of them says is filled in. Where they
    differ the kept one's value stays, unless you choose on a terminal, or by --prefer and --take. The old ids go on
    naming the record that was kept, and crm undo takes the merge back.
    """
    party.merge(app, app.contacts, VIEW, who or [], party.MergeOptions(keep, prefer, take or [], dry_run))


@ROOM.verb("tag")
def tag(app: App, words: Tags, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Put tags on people."""
    party.tag(app, app.contacts, words, where, dry_run, remove=False)


@ROOM.verb("untag")
def untag(app: App, words: Tags, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Take tags off people."""
    party.tag(app, app.contacts, words, where, dry_run, remove=True)

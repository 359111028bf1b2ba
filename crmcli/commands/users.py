"""`crm user`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import given, record_options
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.render.views.users import VIEW

ROOM = Room("The team")
NewUser = Annotated[str, typer.Argument(help="Short name, as typed after --owner", metavar="NAME", show_default=False)]
User = Annotated[str, typer.Argument(help="The user's name or id, or me", metavar="NAME", show_default=False)]


@ROOM.verb("add")
@record_options("user_account", without=("name",))
def add(app: App, name: NewUser, **values: Any) -> None:
    """Add a member of the team."""
    if app.prepare(VIEW, one=True):
        record = app.users.add(name, given(values))
        app.out.created(f"Added user {record['name']} ({record['id']})", VIEW, record)


@ROOM.verb("list")
def list_(app: App) -> None:
    """List the team."""
    if app.prepare(VIEW):
        app.show(VIEW, app.users.page())


@ROOM.verb("edit")
@record_options("user_account", editing=True)
def edit(app: App, user: User, **values: Any) -> None:
    """Change a member of the team."""
    if not app.prepare(VIEW, one=True):
        return
    changes = given(values)
    if not changes:
        raise UsageError("nothing to change was given", "for example: crm user edit me --timezone Europe/Vienna")
    before = app.users.called(user)
    record = app.users.edit(user, changes)
    app.out.created(f"Changed user {record['name']} ({record['id']})", VIEW, record)
    if record["name"] != before:
        app.out.message(
            f"where settings, CRM_USER or a job for reminders say {before}, they now mean somebody else",
            f"there: crm config set user {record['name']}, and crm remind install once more",
        )

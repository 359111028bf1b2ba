"""`crm field`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.room import Room
from crmcli.render.views.fields import VIEW

ROOM = Room("Fields of your own")
Name = Annotated[str, typer.Argument(help="Name of the field", metavar="NAME", show_default=False)]
Type = Annotated[
    str, typer.Option("--type", help="text, number, date, bool, choice or url", metavar="TYPE", show_default="text")
]
Choices = Annotated[
    list[str] | None,
    typer.Option("--choice", help="A value of a choice field (repeatable)", metavar="TEXT", show_default=False),
]
Description = Annotated[
    str, typer.Option("--description", help="What the field means", metavar="TEXT", show_default=False)
]


@ROOM.verb("add")
def add(app: App, name: Name, *, kind: Type = "text", choices: Choices = None, description: Description = "") -> None:
    """Declare a field; then --set NAME=VALUE on contacts and companies."""
    if app.prepare(VIEW, one=True):
        record = app.fields.add(name, kind, choices or (), description)
        app.out.created(f"Added field {record['name']} ({record['type']})", VIEW, record)


@ROOM.verb("list")
def list_(app: App) -> None:
    """List the fields."""
    if app.prepare(VIEW):
        app.show(VIEW, app.fields.page())


@ROOM.verb("rm")
def rm(app: App, name: Name) -> None:
    """Take back a field that no record uses."""
    if app.prepare(VIEW, one=True):
        record = app.fields.remove(name)
        app.out.created(f"Removed field {record['name']}", VIEW, record)

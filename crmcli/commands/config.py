"""`crm config`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.room import Room
from crmcli.kernel.errors import NotFound
from crmcli.kernel.text import safe
from crmcli.render.views.settings import VIEW

ROOM = Room("Settings")
Key = Annotated[
    str, typer.Argument(help="The name of a setting; see: crm config list", metavar="KEY", show_default=False)
]
Value = Annotated[str, typer.Argument(help="Its new value", metavar="VALUE", show_default=False)]


@ROOM.verb("list")
def list_(app: App) -> None:
    """List the settings and their values."""
    if app.prepare(VIEW):
        app.show(VIEW, app.setup.page())


@ROOM.verb("get")
def get(app: App, key: Key) -> None:
    """Print the value of a setting."""
    if not app.prepare(VIEW, one=True):
        return
    setting = app.setup.get(key)
    if app.settings.format or app.settings.fields:
        app.show(VIEW, setting)
    elif setting["value"] is None:
        raise NotFound(f"{key} is not set", f"set it with: crm config set {key} {setting['example']}")
    else:
        app.out.emit([safe(setting["value"])])


@ROOM.verb("set")
def set_(app: App, key: Key, value: Value) -> None:
    """Write a setting."""
    if app.prepare(VIEW, one=True):
        setting, changed = app.setup.set(key, value)
        told = f"{key} is {setting['value']}" if changed else f"{key} was {setting['value']} already"
        app.out.created(told, VIEW, setting)


@ROOM.verb("unset")
def unset(app: App, key: Key) -> None:
    """Take a setting out of the file."""
    if app.prepare(VIEW, one=True):
        was = app.setup.unset(key)
        app.out.created(f"{key} is no longer set; it was {was['value']}", VIEW, was)


@ROOM.verb("path")
def path(app: App) -> None:
    """Print where the settings are kept."""
    app.out.emit([safe(str(app.setup.path))])

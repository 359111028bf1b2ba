"""`crm remind`."""

from crmcli.commands import remind_setup
from crmcli.commands.room import Room

ROOM = Room("Reminders")
ROOM.verb("install")(remind_setup.install)
ROOM.verb("uninstall")(remind_setup.uninstall)
ROOM.verb("status")(remind_setup.status)

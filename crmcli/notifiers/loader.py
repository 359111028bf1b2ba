"""The plug-in loader of this floor: a notifier is imported when its channel is used."""

from importlib import import_module
from typing import Any

from crmcli.kernel.errors import UsageError

CHANNELS = {
    "stdout": "stdout",
    "email": "email",
    "desktop": "desktop",
    "webhook": "webhook",
    "program": "program",
    "apprise": "apprise",
}
"""The name that `--channel` takes, and the module of this package that tells there."""
# Libraries that come with an extra of the same name.
EXTRAS = ("apprise",)


def load(name: str) -> Any:
    """The notifier of a channel.

    Raises:
        UsageError: the library that it works with is not installed.
    """
    try:
        return import_module(f"crmcli.notifiers.{CHANNELS[name]}")
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        hint = f"pip install 'crmcli[{error.name}]'"
        raise UsageError(f"the channel '{name}' needs {error.name}, which is not installed", hint) from error

"""The plug-in loader of this floor: a notifier is imported when its channel is used."""

from importlib import import_module
from typing import Any

CHANNELS = {
    "stdout": "stdout",
}
"""The name that `--channel` takes, and the module of this package that tells there."""


def load(name: str) -> Any:
    """The notifier of a channel."""
    return import_module(f"crmcli.notifiers.{CHANNELS[name]}")

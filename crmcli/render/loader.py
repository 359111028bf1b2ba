"""The plug-in loader of this floor: parts that cost too much to be imported before they are wanted."""

from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """The module `crmcli.render.<name>`, imported on first use."""
    return import_module(f"crmcli.render.{name}")

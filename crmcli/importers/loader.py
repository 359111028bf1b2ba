"""The plug-in loader of this floor: importers are imported when something is to be recognised or read."""

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from crmcli.importers.base import Format
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest

# Modules of this package, in the order in which `--list-formats` shows them.
MODULES = (
    "google",
    "outlook",
    "linkedin",
    "hubspot",
    "salesforce",
    "pipedrive",
    "mailchimp",
    "shopify",
    "stripe",
    "thunderbird",
    "cdnow",
    "ownsalestable",
    "ordercsv",
    "dealcsv",
    "csvfile",
    "xlsx",
    "vcard",
    "mail",
    "calendar",
    "jsonfile",
    "archive",
)
_ANYTHING = ("csv", "crm-json", "json")
"""The formats that take what no other knows."""


def formats() -> list[Format]:
    """Every format there is."""
    return [found for name in MODULES for found in import_module(f"crmcli.importers.{name}").FORMATS]


def named(name: str) -> Format:
    """The format that `--as` names. Raises UsageError with the nearest."""
    known = {found.name: found for found in formats()}
    if name.lower() in known:
        return known[name.lower()]
    close = nearest(name.lower(), known, count=1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise UsageError(f"there is no format '{name}'", f"{hint}see: crm import --list-formats")


def candidates(source: Source) -> Sequence[tuple[int, Format]]:
    """The formats that a source may be of with how sure that is, the surest first.

    Raises:
        UsageError: it is one of our own exports that are not taken in.
    """
    marked = [(found.match(source), found) for found in formats()]
    found = sorted((pair for pair in marked if pair[0] > 0), key=lambda pair: -pair[0])
    if found and found[0][1].name in _ANYTHING:
        import_module("crmcli.importers.ownlists").refuse(source)
    return found


def with_extra(module: str, extra: str) -> ModuleType:
    """A module of this package that needs the library of an extra. Raises UsageError when that is not installed."""
    try:
        return import_module(f"crmcli.importers.{module}")
    except ModuleNotFoundError as error:
        hint = f"pip install 'crmcli[{extra}]'"
        raise UsageError(f"this needs {error.name}, which is not installed", hint) from error

"""The plug-in loader of this floor: an exporter is imported when its format is asked for."""

from importlib import import_module
from typing import Any

FORMATS = {
    "csv": "csvfile",
    "tsv": "tsv",
    "json": "jsonfile",
    "jsonl": "jsonlines",
    "md": "markdown",
    "vcf": "vcard",
    "ics": "calendar",
}
"""The name that `-o` takes, and the module of this package that writes it."""

NESTED = ("json", "jsonl")
"""The formats whose values are those of JSON; the others have texts in columns, or know themselves what they write."""

FLAT = ("csv", "tsv", "md")


def load(name: str) -> Any:
    """The module that writes a format."""
    return import_module(f"crmcli.exporters.{FORMATS[name]}")

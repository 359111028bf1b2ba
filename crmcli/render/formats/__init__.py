"""The output formats: one file each, imported when it is asked for.

A new format is one file with `write_list` and `write_record`, and one line in `FORMATS`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.render.loader import load as load_part
from crmcli.render.view import Column, Record, View

if TYPE_CHECKING:
    from crmcli.render.out import Out

FORMATS = {
    "table": "tables",
    "json": "jsonfile",
    "jsonl": "jsonlines",
    "csv": "csvfile",
    "tsv": "tsv",
    "md": "mdtable",
    "html": "htmlfile",
    "ids": "ids",
    "plain": "plain",
}
"""The name that `-o` takes, and the module of this package that writes it."""

NESTED = ("json", "jsonl")
"""The formats that follow the JSON contract of a view; the others have flat columns."""

HUMAN = ("table", "plain")
"""The formats made for reading."""


class Format(Protocol):
    """What a format module offers."""

    def write_list(self, view: View, page: Page, columns: Sequence[Column], out: "Out") -> None:
        """Write every record of `page`."""

    def write_record(self, view: View, record: Record, columns: Sequence[Column], out: "Out") -> None:
        """Write one record."""


def check(name: str) -> str:
    """`name`, when it is a format. Raises UsageError with the choices, and the nearest one, when it is not."""
    if name in FORMATS:
        return name
    near = nearest(name, list(FORMATS), count=1)
    choices = "the formats are " + ", ".join(FORMATS)
    raise UsageError(f"'{name}' is not an output format", f"did you mean {near[0]}? {choices}" if near else choices)


def load(name: str) -> Format:
    """The module that writes the format `name`. Raises UsageError for an unknown name."""
    return cast(Format, load_part(f"formats.{FORMATS[check(name)]}"))

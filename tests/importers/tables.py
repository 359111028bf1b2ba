"""What the tests of tables share: files in memory, their formats, and what is read from them."""

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crmcli.importers.base import Draft, Format, Item, Refused
from crmcli.importers.source import Source

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def source(content: str | bytes, name: str = "export.csv") -> Source:
    """A file that holds this; the name is what a person called it."""
    held = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the source
    held.write(content.encode() if isinstance(content, str) else content)
    return Source(name, held=held)


def sheet(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """A table of rows, each by the titles of its columns; the titles of all of them make the header."""
    header = list(dict.fromkeys(title for row in rows for title in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([row.get(title, "") for title in header] for row in rows)
    return text.getvalue()


def best(formats: Sequence[Format], file: Source) -> tuple[str, int]:
    """Which of these formats a file is of, and how surely; "" when it is of none."""
    marks = [(made.match(file), made.name) for made in formats]
    mark, name = max(marks, key=lambda pair: pair[0])
    return (name, mark) if mark else ("", 0)


def items(formats: Sequence[Format], file: Source, name: str = "") -> list[Item]:
    """All that a file holds, read as the format of this name or, without one, as the surest."""
    name = name or best(formats, file)[0]
    made = next(made for made in formats if made.name == name)
    return list(made.read(file))


def drafts(formats: Sequence[Format], rows: Sequence[Mapping[str, str]], name: str = "") -> list[Draft]:
    """The records of a table in which nothing is refused."""
    found = items(formats, source(sheet(rows)), name)
    assert not [item for item in found if isinstance(item, Refused)], found
    return [item for item in found if isinstance(item, Draft)]


def values(formats: Sequence[Format], row: Mapping[str, str], name: str = "") -> dict[str, Any]:
    """The values of the one row of a table."""
    (draft,) = drafts(formats, [row], name)
    return draft.values


def custom(found: Mapping[str, Any]) -> dict[str, str]:
    """The custom fields of a draft's values."""
    return {key: text for entry in found.get("set", ()) for key, text in entry.items()}


def targets(made: Format, file: Source) -> dict[str, str]:
    """What each column of a file means, by its title."""
    assert made.columns is not None
    columns = made.columns(file)
    return dict(zip(columns.header, columns.targets, strict=True))

"""Markdown tables (GitHub Flavored Markdown): for issues, notes and mail."""

from collections.abc import Iterable, Iterator, Sequence

from crmcli.exporters.base import Job, Record
from crmcli.kernel.markdown import escaped
from crmcli.kernel.text import safe


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """A table with a row for each record."""
    yield _row([field.name for field in job.fields])
    yield "| " + " | ".join(["---"] * len(job.fields)) + " |\n"
    for record in records:
        yield _row([field.value(record) for field in job.fields])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(safe(cell)) for cell in cells) + " |\n"

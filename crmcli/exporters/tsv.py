"""Tab-separated values: what pipes like. A header, then a line for each record, every value whole, controls escaped."""

from collections.abc import Iterable, Iterator

from crmcli.exporters.base import Job, Record
from crmcli.kernel.text import safe


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """A header, and a line for each record."""
    yield "\t".join(field.name for field in job.fields) + "\n"
    for record in records:
        yield "\t".join(safe(field.value(record)) for field in job.fields) + "\n"

"""JSON lines (jsonlines.org): one bare object a line, in ASCII."""

from collections.abc import Iterable, Iterator

from crmcli.exporters.base import Job, Record
from crmcli.kernel.jsonlines import encode


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """One object a line; nothing when there are no records."""
    for record in records:
        yield encode({field.name: field.value(record) for field in job.fields}) + "\n"

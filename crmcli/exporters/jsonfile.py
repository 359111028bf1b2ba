"""A JSON document: a list that names its schema, with a line for each record, in ASCII."""

from collections.abc import Iterable, Iterator

from crmcli.exporters import jsonlines
from crmcli.exporters.base import Job, Record

VERSION = 1
"""The version of every schema, which is that of lists."""


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """`{"schema": "crm.contact.list/1", "items": […]}`, with at most one record held back for its comma."""
    yield f'{{"schema": "crm.{job.noun}.list/{VERSION}", "items": [\n'
    waiting = None
    for line in jsonlines.write(records, job):
        if waiting is not None:
            yield waiting + ",\n"
        waiting = line.removesuffix("\n")
    if waiting is not None:
        yield waiting + "\n"
    yield "]}\n"

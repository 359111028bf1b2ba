"""Comma-separated values (RFC 4180, with line feeds): the values themselves, quoted where needed.

What a spreadsheet would calculate is protected on request; see `crmcli.kernel.spreadsheets`.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from crmcli.exporters.base import Job, Record
from crmcli.kernel.spreadsheets import protected

# By which spreadsheets know that a file is UTF-8.
MARK = "\ufeff"


def write(records: Iterable[Record], job: Job) -> Iterator[str]:
    """A header, and a row for each record."""
    buffer = io.StringIO(newline="")
    # Python before 3.13 quotes only those line ends that its own terminator has, so it has to have both.
    writer = csv.writer(buffer, lineterminator="\r\n")

    def row(values: Iterable[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([protected(value, formulas=job.excel_safe) for value in values])
        return buffer.getvalue().removesuffix("\r\n") + "\n"

    yield (MARK if job.excel_safe else "") + row(field.name for field in job.fields)
    for record in records:
        yield row(field.value(record) for field in job.fields)

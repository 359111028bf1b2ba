"""Ids alone, one a line: for `xargs` and shell loops."""

from collections.abc import Sequence

from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.text import safe
from crmcli.render.out import Out
from crmcli.render.view import Column, Record, View


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write the id of every record. Raises UsageError for a view whose records have none."""
    out.emit([_id(view, record) for record in page.items])


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write the id of the record. Raises UsageError when it has none."""
    out.emit([_id(view, record)])


def _id(view: View, record: Record) -> str:
    if "id" not in record:
        raise UsageError(f"-o ids needs records with an id, and {view.schema} has none", "try -o tsv")
    return safe(str(record["id"]))  # of a demo it is a path, and a path may hold anything

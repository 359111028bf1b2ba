"""Pages of HTML with a table: for mail, for a browser, for a printer."""

from collections.abc import Sequence

from crmcli.kernel.page import Page
from crmcli.render import html
from crmcli.render.out import Out
from crmcli.render.values import detail, prose
from crmcli.render.view import Column, Record, View

TO_THE_RIGHT = ("number", "money", "duration")


def write_list(view: View, page: Page, columns: Sequence[Column], out: Out) -> None:
    """Write a page with one row a record."""
    rows = [[prose(column, record, out.clock) for column in columns] for record in page.items]
    titles = [column.title or column.name for column in columns]
    numbers = [place for place, column in enumerate(columns) if column.kind in TO_THE_RIGHT]
    body = html.card("", html.table(titles, rows, numbers), wide=True)
    more = ['<p class="soft">There are more.</p>'] if page.more else []
    out.emit(html.page(view.schema, [*body, *more]))


def write_record(view: View, record: Record, columns: Sequence[Column], out: Out) -> None:
    """Write a page with the filled fields of the record."""
    pairs = [(column.title or column.name, detail(column, record, out.clock), "") for column in columns]
    title = view.title(record)
    body = [f"<h1>{html.text(title)}</h1>", *html.card("", html.facts([pair for pair in pairs if pair[1]]), wide=True)]
    out.emit(html.page(title, body))

"""`crm export`."""

import os
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import Filter
from crmcli.exporters.base import Field
from crmcli.exporters.loader import FORMATS, NESTED
from crmcli.kernel.errors import UsageError
from crmcli.kernel.files import replacing
from crmcli.kernel.text import safe
from crmcli.render import fields
from crmcli.render.loader import load
from crmcli.render.values import flat
from crmcli.render.view import Column, View
from crmcli.services.exports import EVERYTHING, KINDS

VIEWS = {
    "contacts": "contacts",
    "companies": "companies",
    "interactions": "interactions",
    "followups": "followups",
    "deals": "deals",
    "products": "products",
    "orders": "orders",
    "cases": "cases",
    "users": "users",
    "tags": "tags",
    "fields": "fields",
}
What = Annotated[
    str,
    typer.Argument(
        help="contacts, companies, interactions, followups, deals, products, orders, cases, users, tags, fields or all",
        metavar="WHAT",
        show_default=False,
    ),
]
ExcelSafe = Annotated[
    bool, typer.Option("--excel-safe", help="In CSV, keep spreadsheets from taking values for formulas")
]
VcardVersion = Annotated[str, typer.Option("--vcard-version", help="4.0 or 3.0", metavar="VERSION")]
Shape = Annotated[
    str,
    typer.Option(
        "--as",
        help="events, todos or both; what follow-ups are in ics",
        metavar="WORD",
        show_default="todos",
    ),
]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        help="Only contacts whom we may contact so: marketing/email",
        metavar="PURPOSE",
        show_default=False,
    ),
]
LineRows = Annotated[bool, typer.Option("--lines", help="Of orders in tables: a row for each line")]
To = Annotated[
    str,
    typer.Option(
        "--to",
        "--output-file",
        help="Write to this file, whole or not at all; its name tells the format",
        metavar="FILE",
        show_default=False,
    ),
]


def COMMAND(
    app: App,
    what: What,
    query: Filter = None,
    *,
    to: To = "",
    excel_safe: ExcelSafe = False,
    vcard_version: VcardVersion = "4.0",
    shape: Shape = "",
    for_: For = None,
    lines: LineRows = False,
) -> None:
    """Give out records, all of them or those that match a filter; `all` is the whole database, for another one to read.

    -o takes csv (the usual), tsv, json, jsonl and md, for contacts and companies vcf (vCard), and for followups and
    interactions (meetings) ics (iCalendar). What is exported can be imported again, but for md; users, tags and fields
    come with `all`. --fields picks columns as in lists.
    """
    what = app.exports.kind(what)
    if lines and app.settings.fields is not None:
        raise UsageError("--lines has columns of its own", "leave --fields out")
    if app.out.wants_fields() and what in VIEWS:
        return app.out.show_fields(_view(what))
    form = app.exports.format(what, _wanted(app, what, to))
    _refuse_lost(form, excel_safe, vcard_version)
    if shape and (form, what) != ("ics", "followups"):
        raise UsageError("--as is of follow-ups in iCalendar", "give -o ics, or leave it out")
    pieces = app.exports.write(
        what,
        " ".join(query or ()),
        form,
        wanted=None if lines else _columns(app, what, form),
        excel_safe=excel_safe,
        vcard_version=vcard_version,
        shape=shape or "todos",
        may=for_,
        lines=lines,
    )
    if to in ("", "-"):
        for piece in pieces:
            app.out.write(safe(piece, newlines=True) if app.out.on_terminal else piece)
        return
    with replacing(to) as file:
        file.writelines(pieces)
    app.out.message(f"Wrote {'everything' if what == EVERYTHING else what} to {to}")


def _wanted(app: App, what: str, to: str) -> str | None:
    """The format that is asked for: by -o, else by the name of the file, else by CRM_FORMAT where it fits."""
    if app.settings.format:
        return app.settings.format.lower()
    suffix = os.path.splitext(to)[1].lower().removeprefix(".")
    if suffix in FORMATS and what != EVERYTHING:
        return suffix
    usual = app.environ.get("CRM_FORMAT", "")
    return usual if usual in KINDS[what].formats else None


def _refuse_lost(form: str, excel_safe: bool, vcard_version: str) -> None:
    """Refuse an option that would have no effect."""
    if excel_safe and form != "csv":
        raise UsageError(f"--excel-safe is of CSV, and this is {form}", "give -o csv, or leave it out")
    if vcard_version != "4.0" and form != "vcf":
        raise UsageError(f"--vcard-version is of vCards, and this is {form}", "give -o vcf, or leave it out")


def _view(what: str) -> View:
    view: View = load(f"views.{VIEWS[what]}").VIEW
    return view


def _columns(app: App, what: str, form: str) -> list[Field] | None:
    """The columns of lists, where they are asked for with --fields, and always in Markdown; None for what travels."""
    named = app.settings.fields
    if named is not None and (what == EVERYTHING or form in ("vcf", "ics")):
        raise UsageError("--fields is of tables and JSON", "leave it out")
    if named is None and form != "md":
        return None
    chosen = fields.select(_view(what), named, form)
    return [Field(_header(column, form), _getter(column, form)) for column in chosen]


def _header(column: Column, form: str) -> str:
    return column.title if form == "md" else column.name


def _getter(column: Column, form: str) -> Any:
    return column.value if form in NESTED else lambda record: flat(column.value(record))

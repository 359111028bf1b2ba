"""`crm import`."""

import shutil
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.importers.base import LIKELY, Columns, Format
from crmcli.importers.source import Source
from crmcli.kernel.errors import CrmError, PartlyDone, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.paths import expanded
from crmcli.render.views.imports import COLUMNS, FORMATS, VIEW
from crmcli.services.importing.session import Offered, Session
from crmcli.services.imports import Wishes

MOST_REASONS = 10
KINDS = ("created", "updated", "unchanged", "skipped", "rejected")
Files = Annotated[
    list[str] | None,
    typer.Argument(help="Files or folders; - is standard input", metavar="FILE...", show_default=False),
]
As = Annotated[str, typer.Option("--as", help="What it is, instead of what it looks like", metavar="FORMAT")]
ListFormats = Annotated[bool, typer.Option("--list-formats", help="List what can be imported")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="What a column means (repeatable)", metavar="COLUMN=FIELD", show_default=False),
]
SkipColumn = Annotated[
    list[str] | None,
    typer.Option("--skip-column", help="A column to leave out (repeatable)", metavar="COLUMN", show_default=False),
]
SaveMap = Annotated[str, typer.Option("--save-map", help="Save what the columns mean under a name", metavar="NAME")]
Use = Annotated[str, typer.Option("--use", help="Use what was saved under a name", metavar="NAME")]
Key = Annotated[str, typer.Option("--key", help="The field by which records are known again", metavar="FIELD")]
OnMatch = Annotated[str, typer.Option("--on-match", help="update, fill, skip or create", metavar="WORD")]
Batch = Annotated[
    int | None, typer.Option("--batch", help="Commit after every N records", metavar="N", show_default=False)
]
Rejects = Annotated[str, typer.Option("--rejects", help="Write rejected records to this file", metavar="FILE")]
Since = Annotated[str, typer.Option("--since", help="Leave out older messages and events", metavar="WHEN")]
Leads = Annotated[bool, typer.Option("--leads", help="New people are leads; in messages and calendars too")]
Currency = Annotated[
    str, typer.Option("--currency", help="Currency (ISO 4217) of amounts that the file gives none", metavar="CODE")
]
Attachments = Annotated[bool, typer.Option("--attachments", help="Keep what is attached, not only its name")]


def COMMAND(
    app: App,
    files: Files = None,
    *,
    named: As = "",
    list_formats: ListFormats = False,
    map_: Map = None,
    skip_column: SkipColumn = None,
    save_map: SaveMap = "",
    use: Use = "",
    key: Key = "",
    on_match: OnMatch = "update",
    batch: Batch = None,
    rejects: Rejects = "",
    since: Since = "",
    leads: Leads = False,
    attachments: Attachments = False,
    currency: Currency = "",
    dry_run: DryRun = False,
) -> None:
    """Take in files of other programs: contacts, companies, orders, deals, mail, calendars.

    What a file is is told by its content. Importing the same again changes nothing. With --dry-run everything is done
    and taken back, and the columns are shown with what they are taken for. `crm undo` takes a whole import back.
    """
    if list_formats:
        if app.prepare(FORMATS):
            app.show(FORMATS, app.imports.formats())
        return
    if not app.prepare(VIEW, one=True):
        return
    wishes = Wishes(named, map_ or (), skip_column or (), use, save_map, batch, dry_run, rejects)
    options = app.imports.options(on_match, key, since, currency, leads=leads, keep_attachments=attachments)
    summary = app.imports.run([_source(app, name) for name in files or ()], wishes, options, _session(app, dry_run))
    _tell(app, summary)
    if summary["rejected"]:
        raise PartlyDone(f"{summary['rejected']:,} of {summary['total']:,} records were rejected", _hint(summary))


def _hint(summary: Mapping[str, Any]) -> str:
    if summary["rejects_file"]:
        return f"mend them in {summary['rejects_file']} and import that file"
    return "--rejects FILE writes them to a file, to be mended and imported"


def _source(app: App, name: str) -> Source:
    if name != "-":
        path = expanded(name)
        if not path.exists():
            raise UsageError(f"there is no file {name}", "name a file, a folder of mail, or - for standard input")
        if path.is_file() or path.is_dir():
            return Source(name, path)
        with path.open("rb") as stream:  # a pipe
            return _held(name, stream)
    if app.stdin.isatty():
        raise UsageError("nothing comes on standard input", "crm import - < FILE")
    return _held("-", app.stdin.buffer)


def _held(name: str, stream: IO[bytes]) -> Source:
    """What can be read only once, kept in a temporary file."""
    held = TemporaryFile()  # noqa: SIM115 - the source reads it until the program ends
    try:
        shutil.copyfileobj(stream, held)
    except OSError as error:
        raise CrmError(f"cannot read {name}: {error.strerror}") from error
    held.flush()
    return Source(name, held=held)


def _tell(app: App, summary: Mapping[str, Any]) -> None:
    """What happened: on a terminal in sentences, with the columns in a dry run; else the record of it."""
    asked = app.settings.format or app.settings.fields
    if asked or (not app.out.on_terminal and not app.settings.quiet):
        app.show(VIEW, summary)
    elif app.out.on_terminal:
        for file in summary["files"]:
            if summary["dry_run"] and file["columns"]:
                app.show(COLUMNS, Page(file["columns"]))
            app.out.sentence(f"{file['name']}: {file['title']}, {_counts(file, summary['dry_run'])}")
    for file in summary["files"]:
        if summary["dry_run"] and not asked and not app.out.on_terminal:
            app.out.message(*(_meaning(entry) for entry in file["columns"]))
        _tell_reasons(app, file)
    if summary["dry_run"]:
        app.out.message("This was a dry run: nothing was changed.")
    elif summary["operations"] and app.out.on_terminal:
        app.out.message(f"crm undo {summary['operations'][-1]} takes it back")


def _meaning(entry: Mapping[str, Any]) -> str:
    example = f"  ({', '.join(entry['samples'])[:60]})" if entry["samples"] else ""
    return f"{entry['column']} → {entry['field'] or 'left out'}{example}"


def _counts(file: Mapping[str, Any], dry_run: bool) -> str:
    told = [f"{file[kind]:,} {kind}" for kind in KINDS if file[kind]]
    would = "would be " if dry_run and told else ""
    return f"{file['total']:,} record{'' if file['total'] == 1 else 's'}: {would}{', '.join(told) or 'none'}"


def _tell_reasons(app: App, file: Mapping[str, Any]) -> None:
    for entry in file["rejects"][:MOST_REASONS]:
        app.out.message(f"{file['name']}:{entry['line']}: {entry['reason']}")
    left = file["rejected"] - min(len(file["rejects"]), MOST_REASONS)
    if left:
        app.out.message(f"and {left:,} more rejected")
    for entry in file["skips"][:MOST_REASONS]:
        app.out.message(f"skipped {entry['count']:,}: {entry['reason']}")
    if file["offered"]:
        names = ", ".join(entry["email"] for entry in file["offered"][:5])
        more = f" and {len(file['offered']) - 5} more" if len(file["offered"]) > 5 else ""
        app.out.message(f"not known: {names}{more}; --leads adds them")


# --- asking


def _session(app: App, dry_run: bool) -> Session:
    return Terminal(app, dry_run) if app.out.prompting_allowed() else Session()


class Terminal(Session):
    """A person on a terminal: asked where a format or a column is not certain, and shown how far the work is."""

    def __init__(self, app: App, dry_run: bool) -> None:
        self.app = app
        self.dry_run = dry_run
        self.shown = False

    def format(self, source: Source, candidates: Sequence[tuple[int, Format]]) -> Format:
        """The only likely format, or the one that is picked among several."""
        best = [found for mark, found in candidates if mark == candidates[0][0]]
        if len(best) < 2 or candidates[0][0] < LIKELY:
            return super().format(source, candidates)
        options = [(found.name, found.title) for found in best]
        picked = self.app.choose(f"What is {source.name}?", options)
        return next(found for found in best if found.name == picked)

    def mapping(self, source: Source, format: Format, columns: Columns, samples: Sequence[Sequence[str]]) -> Columns:
        """The columns as the person says, who sees each with its values and may change any of them."""
        if self.app.settings.yes:
            return columns
        while True:
            self._show(columns, samples)
            options = [("", "Yes, go on")] if not self.dry_run else [("", "Yes, try it")]
            options += [
                (str(place), f"Change {title or f'column {place + 1}'}") for place, title in enumerate(columns.header)
            ]
            picked = self.app.choose("Is that what the columns mean?", [*options, ("stop", "Stop, and change nothing")])
            if picked == "stop":
                raise KeyboardInterrupt
            if not picked:
                return columns
            columns = self._change(columns, int(picked))

    def _show(self, columns: Columns, samples: Sequence[Sequence[str]]) -> None:
        for title, target, values in zip(columns.header, columns.targets, samples, strict=True):
            self.app.out.warn(_meaning({"column": title, "field": target, "samples": values[:1]}))

    def _change(self, columns: Columns, place: int) -> Columns:
        title = columns.header[place]
        usual = [("email", "E-mail"), ("phone", "Phone"), ("name", "Full name"), ("given_name", "Given name")]
        usual += [("family_name", "Family name"), ("company", "Company"), ("job_title", "Job title"), ("tag", "Tags")]
        usual += [("notes", "Notes"), ("address.city", "City"), ("address.street", "Street")]
        usual += [(f"set.{title}", "A field of its own"), ("", "Leave it out"), ("other", "Another field …")]
        picked = self.app.choose(f"What is '{title}'?", usual)
        if picked == "other":
            picked = self.app.ask("Field", columns.targets[place])
        targets = list(columns.targets)
        targets[place] = picked or ""
        return columns._replace(targets=tuple(targets))

    def progress(self, name: str, done: int, total: int) -> None:
        """Write how many records were read over the line before."""
        if self.app.out.stderr.isatty() and not self.app.settings.quiet and total > 5000:
            about = f" of about {total:,}" if total > done else ""
            self.app.out.stderr.write(f"\r{done:,}{about} records ")
            self.app.out.stderr.flush()
            self.shown = True

    def leads(self, offered: Offered) -> bool:
        """Show who is not known, and ask."""
        if self.dry_run:
            return False
        ranked = sorted(offered.items(), key=lambda entry: -entry[1][1])
        self.app.out.warn(*(f"  {name} <{address}>  {count} messages" for address, (name, count) in ranked[:20]))
        return self.app.confirm(f"Add {len(offered)} people who are not known as leads?")

    def finished(self) -> None:
        """End the line of progress."""
        if self.shown:
            self.app.out.stderr.write("\n")

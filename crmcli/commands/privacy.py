"""`crm privacy`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun, Who, text_flag
from crmcli.commands.room import Room
from crmcli.commands.text import read_text
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.place import file_of
from crmcli.render.loader import load
from crmcli.render.views.privacy import ERASED, HELD, LIST, planned, told

ROOM = Room("What is held on a person: give it out, or erase it")
Reason = Annotated[str | None, text_flag("--reason", "Why, for the list of erasures")]
Folder = Annotated[str, text_flag("--dir", "Write it into this new folder, attachments too", "DIR")]
What = Annotated[str, typer.Argument(help="E-mail, phone, SOURCE:KEY, uid or name", metavar="WHAT", show_default=False)]
File = Annotated[str, typer.Argument(help="A list of erasures; - reads standard input", metavar="FILE")]


Mentions = Annotated[
    bool, typer.Option("--mentions", help="Take names, addresses and numbers out of texts on others, too")
]
UnreadFiles = Annotated[
    bool, typer.Option("--unread-files", help="Let attached files go that cannot be looked into, too")
]


@ROOM.verb("export")
def export(app: App, who: Who, *, folder: Folder = "") -> None:
    """Give out everything that is held on a person: to read, or as data with -o json.

    With --dir it is written into a folder as Markdown and JSON, with what was attached.
    """
    if app.settings.format not in (None, "md", "json", "jsonl", "table"):
        raise UsageError(f"a person cannot be written as {app.settings.format}", "use one of: md, json, jsonl")
    if app.settings.fields is not None:
        raise UsageError("--fields is of lists", "everything is given out; leave it out")
    record = app.dossier.of(who)
    page = load("screens.dossier").lines(record, app.clock)
    if folder:
        data = "\n".join(load("formats.jsonfile").document(HELD, record)) + "\n"
        name = record["id"]
        texts = {f"{name}.md": "\n".join(page) + "\n", f"{name}.json": data}
        written = app.dossier.write(record, folder, texts)
        app.out.sentence(f"Wrote {len(written)} files to {folder}")
    elif app.settings.format in ("json", "jsonl"):
        app.show(HELD, record)
    else:
        app.out.emit(page)


@ROOM.verb("erase")
def erase(
    app: App,
    who: Who,
    *,
    reason: Reason = None,
    mentions: Mentions = False,
    unread_files: UnreadFiles = False,
    dry_run: DryRun = False,
) -> int:
    """Erase a person for good: from records, search, journal and file.

    It says first what goes, and asks. What was logged with others stays, with the person's name, addresses and numbers
    as [erased]; files go that the person sent, or that name the person. With --mentions the names go out of what is
    written on others, too. Imports do not bring the person back; crm privacy readmit lets an address in again. No undo
    brings it back.
    """
    if not app.prepare(ERASED, one=True):
        return 0
    plan = app.privacy.plan(who, mentions=mentions, unread_files=unread_files)
    app.out.message(*planned(plan.record, mentions=mentions))
    if dry_run:
        if app.out.for_programs:
            app.show(ERASED, {**plan.record, "dry_run": True})
        app.out.message("This was a dry run: nothing was changed.")
        return 0
    _ask(app, plan.party.name)
    record = {**app.privacy.erase(plan.party, reason, plan.extent), "dry_run": False}
    lines = told(record, file=file_of(app.place) is not None)
    app.out.created(f"Erased {record['id']}", ERASED, record)
    undone = bool(record["left"] or record["unread"] or record["problem"])
    (app.out.warn if undone else app.out.message)(*lines)
    return 1 if undone else 0


def _ask(app: App, name: str) -> None:
    """Let the person type the name of whom to erase; `--yes` answers."""
    if app.settings.yes:
        return
    if not app.out.prompting_allowed():
        raise UsageError(f"this needs a yes: erase {name} for good", "give --yes")
    if app.ask(f"Type the name to erase {name} for good").strip() != name:
        raise CrmError("another name was typed", "nothing was erased")


@ROOM.verb("list")
def list_(app: App) -> None:
    """List who was erased, by the former ids; -o jsonl is what replay takes."""
    if app.prepare(LIST):
        app.show(LIST, app.privacy.page())


@ROOM.verb("replay")
def replay(app: App, file: File) -> None:
    """Erase everybody on a list: after restoring an older copy of a PostgreSQL database."""
    with read_text(app, "-" if file == "-" else None, file=None if file == "-" else file) as text:
        number = app.privacy.replay((text or "").splitlines(), file)
    app.out.sentence(f"Erased {number} of the list" if number else "Nobody of the list is here")


@ROOM.verb("readmit")
def readmit(app: App, what: What) -> None:
    """Let in again what somebody was reached by who was erased."""
    app.privacy.readmit(what)
    app.out.sentence(f"{what} is let in again")

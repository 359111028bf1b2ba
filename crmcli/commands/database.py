"""`crm db`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.view import Record
from crmcli.render.views.database import BACKUP, INFO, NOUNS, PURGE, REBUILD, RESTORE, VACUUM, amount, counts, megabytes
from crmcli.render.views.verification import LINES, lines
from crmcli.render.views.verification import VIEW as VERIFICATION

ROOM = Room("The database: info, backup, restore, verify, vacuum, rebuild, purge")
STEP = 5_000
MOST_FOUND = 3
MACHINES = ("json", "jsonl")
NOW = "now"
ToFile = Annotated[
    str, typer.Argument(help="Where to; by default a dated file in the folder of backups", metavar="[FILE]")
]
OfFile = Annotated[
    str, typer.Argument(help="A backup or archive to look at, instead of the database", metavar="[FILE]")
]
FromFile = Annotated[
    str, typer.Argument(help="A backup, or an archive of crm export all", metavar="FILE", show_default=False)
]
OlderThan = Annotated[
    str, typer.Option("--older-than", help="Only what was deleted so long ago: 90d, 6m, or now", metavar="SPAN")
]
MENDED = {
    "columns": "derived columns",
    "contacts": "last contacts",
    "words": "search words",
    "keys": "next keys",
}
PURGED = (*NOUNS, "cadences")
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there")]
Keep = Annotated[
    str,
    typer.Option(
        "--keep",
        help="Delete older backups but the newest of so many days, weeks, months: 7d,4w,12m",
        metavar="RULE",
        show_default=False,
    ),
]
Quick = Annotated[
    bool, typer.Option("--quick", help="Only what is done in moments: the file, references, the schema, seals")
]
Seal = Annotated[
    str,
    typer.Option(
        "--seal", help="A seal written down earlier must be in the journal", metavar="SEAL", show_default=False
    ),
]


@ROOM.verb("backup")
def backup(app: App, file: ToFile = "", *, keep: Keep = "", force: Force = False) -> None:
    """Copy the whole database into one file, at any time, and check the copy.

    Others may go on working. The file is for your eyes alone; crm db restore brings it back. With --keep, for cron,
    older backups in the folder are deleted, but for the newest of each of so many days, weeks and months. Of PostgreSQL
    the copy is an archive, as crm export all writes it.
    """
    if not app.prepare(BACKUP, one=True):
        return
    made = app.database.backup(file, keep=keep, force=force)
    if app.settings.quiet and not app.out.for_programs:
        return
    gone = f", {len(made['deleted'])} older deleted" if made["deleted"] else ""
    app.out.created(f"Backed up to {made['id']} ({megabytes(made['size'])}){gone}", BACKUP, made)


@ROOM.verb("verify")
def verify(app: App, file: OfFile = "", *, quick: Quick = False, seal: Seal = "") -> int:
    """Look whether the database says what it was ever told, down to each row; nothing is changed.

    The file, references, tables and indexes, the seals of the journal, every row against it, what is computed, the
    search index, the keys. The exit status is 1 when something is found, and 7 when it cannot be read at all. Write the
    last seal down elsewhere: whoever changes the past cannot make it fit. With -q only findings are shown, for cron.
    """
    machine = app.out.format in MACHINES
    if not app.prepare(VERIFICATION if machine else LINES, one=machine):
        return 0
    progress = _Progress(app)
    try:
        record = app.database.verify(file, quick=quick, seal=seal, progress=progress.tell)
    finally:
        progress.end()
    if machine:
        app.show(VERIFICATION, record)
    else:
        _tell(app, record)
    return 0 if record["sound"] else 1


def _tell(app: App, record: dict[str, Any]) -> None:
    items = lines(record, only_findings=app.settings.quiet)
    if items and app.out.drawn:
        load("screens.findings").write(items, app.out)
    elif items:
        app.show(LINES, Page(items))
    if record["seal"]:
        app.out.message(f"last seal, of {record['operation']}: {record['seal']}")


@ROOM.verb("info")
def info(app: App) -> None:
    """Show where the database is, what is in it, and when it was last looked after."""
    if app.prepare(INFO, one=True):
        app.show(INFO, app.database.info())


@ROOM.verb("restore")
def restore(app: App, file: FromFile, *, dry_run: DryRun = False) -> None:
    """Bring a backup back, or an archive of crm export all, in the place of the database.

    The file is looked at first, and what would change is told. The database that is replaced is kept beside the new
    one, and who was erased since is erased again. Others may have the database open. Into PostgreSQL an archive is
    restored, and that must be empty.
    """
    if not app.prepare(RESTORE, one=True):
        return
    if not app.database.is_file:
        return _restored(app, app.database.restore_into_empty(file, dry_run=dry_run), dry_run)
    progress = _Progress(app)
    with app.database.restoring(file, progress=progress.tell) as ready:
        progress.end()
        replaces = ready.record["now"] is not None or ready.record["damage"]
        refused = replaces and not (app.settings.yes or app.out.prompting_allowed())
        if dry_run or refused or not app.out.for_programs:
            _tell_changes(app, ready.record)
        _tell_findings(app, file, ready.record["findings"])
        if dry_run:
            return _restored(app, ready.record, dry_run)
        if refused:
            raise UsageError(f"this needs a yes: replace {app.place} by {file}?", "give --yes")
        if replaces and not app.confirm(f"Replace {ready.record['id']} by {file}?"):
            return app.out.message("Nothing was restored")
        _restored(app, ready.apply(), dry_run)


def _tell_changes(app: App, record: dict[str, Any]) -> None:
    """What a restore changes, beside the data."""
    app.out.message(f"{record['file']} holds: {', '.join(counts(record))}")
    if record["damage"]:
        app.out.message(f"the database that is there cannot be read: {record['damage']}")
    if not record["related"]:
        app.out.message("it has nothing in common with the database that is there")
    if record["lost"]:
        lost = amount(record["lost"], "operations")
        app.out.message(f"{lost} of the database would be lost, the newest first:")
        app.out.message(*(f"  {one['id']} {one['command']}, {one['at']} by {one['actor']}" for one in record["newest"]))
    if record["erased"]:
        app.out.message(f"{amount(record['erased'], 'erasures')} will be done again in it")


def _tell_findings(app: App, file: str, findings: Sequence[Record]) -> None:
    """What is not right in what comes back, which `--quiet` does not silence."""
    if findings:
        told = [f"  {one['finding']}" for one in findings[:MOST_FOUND]]
        app.out.warn(f"not all of {file} is as its journal says:", *told, f"all that is not: crm db verify {file}")


def _restored(app: App, record: dict[str, Any], dry_run: bool) -> None:
    if dry_run:
        if app.out.for_programs:
            app.show(RESTORE, record)
        return app.out.message("This was a dry run: nothing was changed.")
    app.out.created(f"Restored {record['id']}", RESTORE, record)
    if record["kept"]:
        app.out.message(f"what was there before is kept in {record['kept']}")
    return None


@ROOM.verb("vacuum")
def vacuum(app: App) -> None:
    """Give back the room that deleted rows took, and pack the search index.

    SQLite writes the file anew for that, which needs as much room again for a moment.
    """
    if not app.prepare(VACUUM, one=True):
        return
    done = app.database.vacuum()
    told = f"{done['id']} took {megabytes(done['before'])} and takes {megabytes(done['after'])}"
    if app.out.for_programs:
        app.show(VACUUM, done)
    else:
        app.out.sentence(told)


@ROOM.verb("rebuild")
def rebuild(app: App, *, dry_run: DryRun = False) -> None:
    """Make anew what is only computed: the search index, columns that follow from others, missing indexes.

    That mends what crm db verify says can be made anew; records and the journal stay as they are. Others wait with
    their changes meanwhile.
    """
    if not app.prepare(REBUILD, one=True):
        return
    done = app.database.rebuild(dry_run=dry_run)
    if app.out.for_programs:
        app.show(REBUILD, done)
    else:
        app.out.sentence(_mended(done, "Would mend" if dry_run else "Mended"))
    if dry_run:
        app.out.message("This was a dry run: nothing was changed.")


def _mended(record: dict[str, Any], verb: str) -> str:
    counted = [amount(record[name], words) for name, words in MENDED.items() if record[name]]
    found = [", ".join(record["made"]), *counted] if record["made"] else counted
    return f"{verb}: {', '.join(found)}" if found else f"{record['id']}: nothing was wrong; the search index is new"


@ROOM.verb("purge")
def purge(app: App, *, older_than: OlderThan = "90d", dry_run: DryRun = False) -> None:
    """Remove for good the records that were deleted a while ago, with all that belongs to them.

    It is one operation, and the journal keeps what went: crm undo brings it back. For words to be gone from there, too,
    a person is erased: crm privacy erase.
    """
    if not app.prepare(PURGE, one=True):
        return
    rehearsed = dry_run or not app.settings.yes
    record = app.database.purge(older_than, dry_run=rehearsed)
    if not record["rows"]:
        if app.out.for_programs:
            app.show(PURGE, record)
        ever = older_than.strip().lower() == NOW
        return app.out.message("Nothing is deleted" if ever else f"Nothing was deleted before {record['before']}")
    what = ", ".join(amount(record[key], key) for key in PURGED if record[key])
    among = f"{what} ({amount(record['rows'], 'rows')}), among them {', '.join(record['names'])}"
    if dry_run:
        if app.out.for_programs:
            app.show(PURGE, record)
        return app.out.message(f"Would remove {among}", "Nothing was changed")
    if rehearsed:
        app.out.message(f"To be removed: {among}")
        if not app.confirm(f"Remove {what} for good?"):
            return app.out.message("Nothing was removed")
        record = app.database.purge(older_than, dry_run=False)
    app.out.created(f"Removed {what}; crm undo {record['id']} brings it back", PURGE, record)
    return None


class _Progress:
    """How far a long look is, on the terminal, over the line before."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.shown = ""

    def tell(self, what: str, done: int) -> None:
        """Write it; of very many steps only some."""
        if done and done % STEP == 0 and self.app.out.stderr.isatty() and not self.app.settings.quiet:
            self.shown = f"{what}: {done:,} "
            self._write(f"\r{self.shown}")

    def end(self) -> None:
        """Take the line away."""
        if self.shown:
            self._write(f"\r{' ' * len(self.shown)}\r")

    def _write(self, text: str) -> None:
        self.app.out.stderr.write(text)
        self.app.out.stderr.flush()

"""`crm db`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.room import Room
from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.views.database import BACKUP, megabytes
from crmcli.render.views.verification import LINES, lines
from crmcli.render.views.verification import VIEW as VERIFICATION

ROOM = Room("The database: info, backup, restore, verify, vacuum, purge")
MACHINES = ("json", "jsonl")
ToFile = Annotated[
    str, typer.Argument(help="Where to; by default a dated file in the folder of backups", metavar="[FILE]")
]
OfFile = Annotated[
    str, typer.Argument(help="A backup or archive to look at, instead of the database", metavar="[FILE]")
]
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
Quick = Annotated[bool, typer.Option("--quick", help="Only what is done in moments: the file, references, seals")]
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

    The file, references, the seals of the journal, every row against the journal, what is computed from rows, the
    search index, the keys. The exit status is 1 when something is found. Write the last seal down elsewhere: whoever
    changes the past cannot make it fit. With -q only findings are shown, for cron.
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


class _Progress:
    """How far a long look is, on the terminal, over the line before."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.shown = False
        self.wanted = app.out.stderr.isatty() and not app.settings.quiet

    def tell(self, what: str, done: int) -> None:
        """Write it; of very many steps only some."""
        if self.wanted and (done == 0 or done % 5000 == 0):
            self.app.out.stderr.write(f"\r\x1b[K{what} {done or '…'} ")
            self.app.out.stderr.flush()
            self.shown = True

    def end(self) -> None:
        """Take the line away."""
        if self.shown:
            self.app.out.stderr.write("\r\x1b[K")
            self.app.out.stderr.flush()

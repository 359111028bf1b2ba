"""`crm remind install`, `uninstall` and `status`: the verbs of the room `remind` that are about jobs."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.relative import ago
from crmcli.kernel.text import safe
from crmcli.render.view import Record
from crmcli.render.views.reminderjobs import JOB, STATUS

Cron = Annotated[bool, typer.Option("--cron", help="In my crontab")]
Systemd = Annotated[bool, typer.Option("--systemd", help="As a timer of systemd, among my units")]
At = Annotated[
    str, typer.Option("--at", help="Once a day, at this time of my zone: 08:00", metavar="TIME", show_default=False)
]
Every = Annotated[
    str, typer.Option("--every", help="How often: 5m, 15m, hourly, 2h", metavar="TIME", show_default="15m")
]
Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        help="stdout, email, desktop, program, webhook or apprise (repeatable); else as set",
        metavar="NAME",
        show_default=False,
    ),
]
Digest = Annotated[
    str,
    typer.Option("--digest", help="daily or weekly; all that is due, at once", metavar="WORD", show_default=False),
]
Name = Annotated[
    str, typer.Option("--name", help="What to call the job; else what it does", metavar="NAME", show_default=False)
]
OldName = Annotated[str, typer.Option("--name", help="This job alone", metavar="NAME", show_default=False)]


def install(
    app: App,
    *,
    cron: Cron = False,
    systemd: Systemd = False,
    at: At = "",
    every: Every = "",
    channels: Channels = None,
    digest: Digest = "",
    name: Name = "",
    dry_run: DryRun = False,
) -> None:
    """Let reminders run by themselves, from cron or systemd.

    Every 15 minutes, a digest at 08:00. A job of the same name is replaced; jobs of other names stand beside it.
    """
    if not app.prepare(JOB, one=True):
        return
    how = _how(cron, systemd)
    if not how:
        raise UsageError("say what shall run the reminders", "--cron or --systemd; with --dry-run it is only shown")
    done = app.jobs.install(how, name=name, at=at, every=every, told_on=channels or (), digest=digest, dry_run=dry_run)
    job, files = done.record, done.files
    if app.out.for_programs:
        app.show(JOB, job)
    elif dry_run:
        for file, text in files.items():
            app.out.emit([*([f"# {safe(file)}"] if file else []), safe(text, newlines=True)])
    else:
        where = "in your crontab" if how == "cron" else "as a timer of systemd"
        what = "Installed" if done.changed else "Unchanged:"
        app.out.created(f"{what} {job['name']}: {job['schedule']}, {where}", JOB, job)
    app.out.message(*done.notes)


def uninstall(app: App, *, name: OldName = "", cron: Cron = False, systemd: Systemd = False) -> None:
    """Take out jobs that install made; everything else in the crontab stays as it is."""
    jobs = app.jobs.to_uninstall(name, _how(cron, systemd))
    names = ", ".join(f"{job.name} ({job.how})" for job in jobs)
    if (len(jobs) > 1 and not name) and not app.confirm(f"Take out {names}?"):
        return
    notes = app.jobs.uninstall(jobs)
    app.out.sentence(f"Took out {names}")
    app.out.message(*notes)


def status(app: App) -> None:
    """Show what is installed, when it last ran, what it told, and what failed."""
    if app.prepare(STATUS):
        page = app.jobs.status()
        app.show(STATUS, page)
        if app.out.on_terminal:
            app.out.message(*dict.fromkeys(_failure(app, row) for row in page.items if row["error"]))


def _failure(app: App, row: Record) -> str:
    when = f" {ago(instant(row['failed_at']), app.clock)}" if row["failed_at"] else ""
    return f"{row['channel']} failed{when}: {row['error']}"


def _how(cron: bool, systemd: bool) -> str:
    if cron and systemd:
        raise UsageError("--cron and --systemd would tell everything twice", "give one of them")
    return "cron" if cron else "systemd" if systemd else ""

"""`crm remind`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import remind_setup
from crmcli.commands.options import All, Everyone, Limit, list_limit
from crmcli.commands.room import Room
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.spans import Span, parse_span
from crmcli.notifiers.base import Notice
from crmcli.render.views.followups import VIEW
from crmcli.render.views.reminders import VIEW as LOG
from crmcli.services.channels import STDOUT
from crmcli.services.digest import check_kind
from crmcli.services.reminders import MOST, Run

ROOM = Room("Tell what became due, once: for cron")
MARKDOWN = "md"
BESIDE = ("cases", "owed", "cadence", "waiting")
"""The sections of a notice that hold no follow-ups, in the order of the queue."""
TOLD = 10
"""The exit status of --exit-code when something was told."""

Channel = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        help="stdout, email, desktop, program, webhook or apprise (repeatable)",
        metavar="NAME",
        show_default=False,
    ),
]
DigestKind = Annotated[
    str | None,
    typer.Option("--digest", help="daily or weekly; tell of the whole day, or week, once", metavar="WORD"),
]
Again = Annotated[
    str | None,
    typer.Option("--overdue-again", help="Tell what is overdue again after this: 1d, 1w", metavar="SPAN"),
]
ExitCode = Annotated[bool, typer.Option("--exit-code", help=f"Exit with {TOLD} when something was told")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be told")]
Status = Annotated[
    list[str] | None,
    typer.Option("--status", help="sending, sent, unknown or failed (repeatable)", metavar="WORD", show_default=False),
]
Which = Annotated[
    list[str] | None,
    typer.Argument(help="Ids, as in the log; all without any", metavar="[ID]...", show_default=False),
]


@ROOM.alone
def remind(
    app: App,
    *,
    channel: Channel = None,
    digest: DigestKind = None,
    overdue_again: Again = None,
    exit_code: ExitCode = False,
    dry_run: DryRun = False,
) -> int:
    """Tell what became due since it was told last; silent when there is nothing.

    Made for cron: each follow-up, and each missed target of a case, is told once on each channel. Further commands show
    and mend what was told.
    """
    if not app.prepare(VIEW):
        return 0
    again = parse_span(overdue_again) if overdue_again else None
    if digest is not None:
        check_kind(digest)
    if digest and overdue_again:
        raise UsageError("a digest tells what is overdue as it is", "leave out --overdue-again")
    channels = app.reminders.channels(channel or ())
    if dry_run and _wants_records(app) and len(channels) > 1:
        raise UsageError("--dry-run with a format is about one channel", "name one with --channel")
    if dry_run:
        _plan(app, channels, again, digest)
        return 0
    runs = []
    for name in channels:
        send = _hand_over(app) if name == STDOUT else None
        records = name == STDOUT and _wants_records(app)
        if digest:
            runs.append(app.reminders.tell_digest(name, digest, send))
        else:
            # As records all of it is one document.
            most, others = None if records else MOST, not records or _has_beside(app)
            runs.append(app.reminders.tell(name, again, send, most, others=others))
    told = any(run.told for run in runs)
    if _wants_records(app) and STDOUT in channels and not told:
        app.show(VIEW, _page(app, ()))
    _report(app, runs)
    return TOLD if exit_code and told else 0


def _plan(app: App, channels: Sequence[str], again: Span | None, digest: str | None) -> None:
    """Show what would be told on each channel."""
    for lack in filter(None, map(app.reminders.lack, channels)):
        raise lack
    for name in channels:
        whole = name != STDOUT or not _wants_records(app) or _has_beside(app)
        notice = app.reminders.preview(name, again, digest, others=whole)
        if notice is None:
            app.out.message(f"{name}: nothing to tell")
        elif _wants_records(app):
            app.show(VIEW, _page(app, notice.items))
        else:
            app.out.message(f"{name}: this would be told")
            app.out.write(notice.markdown if app.out.format == MARKDOWN else notice.text)


def _wants_records(app: App) -> bool:
    """Whether records were asked for; Markdown is for the words of a notice."""
    return app.out.for_programs and app.out.format != MARKDOWN


def _hand_over(app: App) -> Callable[[Notice], None] | None:
    """What hands a notice to the standard output in the format asked for; None for plain text."""
    if not app.out.for_programs:
        return None

    def show(notice: Notice) -> None:
        if app.out.format == MARKDOWN:
            app.out.write(notice.markdown)
        else:
            app.show(VIEW, _page(app, notice.items))
        app.out.flush()

    return show


def _has_beside(app: App) -> bool:
    """Whether the format has a place for what is no follow-up."""
    return app.out.format == "json"


def _page(app: App, told: Sequence[Mapping[str, Any]]) -> Page:
    """What a notice tells: in JSON the follow-ups, with the other sections beside them.

    In other formats what is no follow-up has no more than a part of its fields.
    """
    if not _has_beside(app):
        return Page([{**dict.fromkeys(VIEW.json), **item} for item in told])
    beside: dict[str, list[Mapping[str, Any]]] = {name: [] for name in BESIDE}
    for item in told:
        if item["section"] in BESIDE:
            beside[item["section"]].append({name: value for name, value in item.items() if name != "section"})
    return Page([dict(item) for item in told if item["section"] not in BESIDE], beside=beside)


def _report(app: App, runs: Sequence[Run]) -> None:
    """Say what went wrong, which cron then mails. Raises CrmError when something was not told."""
    for run in runs:
        if run.abandoned:
            what = f"{run.abandoned} reminders" if run.abandoned > 1 else "a reminder"
            app.out.warn(
                f"crm: {what} on {run.channel} may not have arrived: a run ended before it was done",
                "see: crm remind log --status unknown; tell them again: crm remind retry",
            )
    failed = [run for run in runs if run.error]
    if failed:
        hint = "what certainly did not arrive is tried again by the next run; the rest by: crm remind retry"
        details = [f"{run.channel}: {run.error}" for run in failed[1:]]
        raise CrmError(f"{failed[0].channel}: {failed[0].error}", hint, details)


@ROOM.verb("log")
def log(
    app: App, *, status: Status = None, everyone: Everyone = False, limit: Limit = None, everything: All = False
) -> None:
    """List what was told, the latest first, and what became of it."""
    if app.prepare(LOG):
        most = list_limit(app, limit, everything)
        app.show(LOG, app.reminders.page(statuses=status or (), everyone=everyone, limit=most), filtered=bool(status))


@ROOM.verb("retry")
def retry(app: App, which: Which = None) -> None:
    """Tell again what may not have arrived, or did not.

    It is sent with the same Message-ID as before, so that a mail program that has it already can drop it.
    """
    if not app.prepare(VIEW):
        return
    send = _hand_over(app)
    runs = app.reminders.retry(which or (), {STDOUT: send} if send else {})
    told = sum(len(run.told) for run in runs)
    if not runs:
        app.out.message("Nothing is unknown or failed.")
    elif not any(run.told or run.error for run in runs):
        app.out.message("Nothing of it is due any more.")
    elif any(run.told and run.channel != STDOUT for run in runs):
        app.out.message(f"{told} {'notice' if told == 1 else 'notices'} told again")
    _report(app, runs)


ROOM.verb("install")(remind_setup.install)
ROOM.verb("uninstall")(remind_setup.uninstall)
ROOM.verb("status")(remind_setup.status)

"""`crm case`."""

import shlex
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk
from crmcli.commands.options import (
    All,
    AsOf,
    Deleted,
    DryRun,
    External,
    Filter,
    Gone,
    Limit,
    NoAftercare,
    Set,
    Unset,
    Where,
    Who,
    given,
    list_limit,
    record_options,
    several,
    text_flag,
)
from crmcli.commands.room import Room
from crmcli.commands.text import read_text
from crmcli.kernel.casewords import until
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.render.formats import HUMAN
from crmcli.render.view import Record
from crmcli.render.views.cases import DETAIL, SCREEN, VIEW, told, who
from crmcli.services.cases import about
from crmcli.services.interactions import TELLING

ROOM = Room("What went wrong or was asked")

Subject = Annotated[str, typer.Argument(help="What it is about, in a line", metavar="SUBJECT", show_default=False)]
Text = Annotated[
    str | None,
    typer.Argument(help="What happened (Markdown); - reads standard input", metavar="[TEXT]", show_default=False),
]
Said = Annotated[
    str | None,
    typer.Argument(
        help="What was answered (Markdown); - reads standard input; none opens your editor",
        metavar="[TEXT]",
        show_default=False,
    ),
]
Which = Annotated[str, typer.Argument(help="Its id, or WHO it is about", metavar="ID", show_default=False)]
Several = Annotated[list[str] | None, several("Ids, or WHO")]
Assigned = Annotated[
    list[str] | None,
    typer.Argument(
        help="Ids, or WHO, then the user; with --where or --nobody less", metavar="ID... USER", show_default=False
    ),
]
Nobody = Annotated[bool, typer.Option("--nobody", help="Take them from whoever had them")]
Sort = Annotated[str, text_flag("--sort", "due, opened, priority or created; -due reverses", "KEY")]
States = Annotated[bool, typer.Option("--all-states", help="Those that are resolved or closed too")]
At = Annotated[str | None, text_flag("--at", "When it came; now without it", "WHEN")]
CameIn = Annotated[str | None, text_flag("--interaction", "The logged contact in which it came", "ID")]
NewSubject = Annotated[str | None, text_flag("--subject", "What it is about, in a line")]
NewText = Annotated[str | None, text_flag("--text", "What happened (Markdown); - reads standard input")]
NewWho = Annotated[str | None, text_flag("--who", "Whose it is", "WHO")]
Resolution = Annotated[str | None, text_flag("--resolution", "How it was solved (Markdown)")]
Satisfaction = Annotated[str | None, text_flag("--satisfaction", "How satisfied the customer was, 1 to 5", "N")]
Pending = Annotated[bool, typer.Option("--pending", help="Wait for the customer from now on")]
SaidAt = Annotated[str | None, text_flag("--at", "When it was answered", "WHEN")]
Channel = Annotated[str | None, text_flag("--channel", "How it was answered; as the case came without it", "WORD")]
FLAGS = ("subject", "description", "contact", "company", "resolution")


@ROOM.verb("open")
@record_options("support_case", without=FLAGS)
def open_(
    app: App,
    who: Who,
    subject: Subject,
    text: Text = None,
    *,
    at: At = None,
    interaction: CameIn = None,
    set_: Set = None,
    external: External = None,
    **values: Any,
) -> None:
    """Open a case of a contact or company; its targets are counted from now, or from --at."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"at": at, "interaction": interaction, "set": set_, "external": external}
    who = app.who.find(who).ref
    body = None
    if text is not None:
        with read_text(app, text) as body:
            pass
    record = app.cases.open(who, subject, given({**values, "description": body}))
    app.out.created(
        f"Opened {record['id']}, {record['priority']}{until(record, app.clock)}: {about(record)}", VIEW, record
    )


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "due",
    limit: Limit = None,
    everything: All = False,
    all_states: States = False,
    deleted: Deleted = False,
) -> None:
    """List cases: those that are neither resolved nor closed, or those that match a filter."""
    if app.prepare(VIEW):
        most = list_limit(app, limit, everything)
        page = app.cases.page(
            " ".join(query or ()), sort=sort, limit=most, all_states=all_states or deleted, deleted=deleted
        )
        app.show(VIEW, page, filtered=bool(query) or deleted)


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show a case: its clock in business time, its statuses, what was logged and promised."""
    if not app.prepare(DETAIL, one=True):
        return
    view = DETAIL
    if as_of:
        then = app.past.then(as_of, which, ("case",))
        app, view = then.app, DETAIL.of_the_past()
        record = {**then.app.cases.detail(then.ref), "as_of": then.at}
    else:
        record = app.cases.detail(which)
    if app.out.format in HUMAN:
        screen = view if app.settings.fields else view._replace(columns=SCREEN.columns)
        return app.show(screen, {**record, "told": told(record, app.clock)})
    app.show(view, record)


@ROOM.verb("edit")
@record_options("support_case", without=FLAGS)
def edit(
    app: App,
    which: Which,
    *,
    subject: NewSubject = None,
    text: NewText = None,
    who: NewWho = None,
    resolution: Resolution = None,
    satisfaction: Satisfaction = None,
    set_: Set = None,
    unset: Unset = None,
    external: External = None,
    **values: Any,
) -> None:
    """Put a case right; without flags on a terminal, its description in your editor.

    Another priority gives new targets, counted from when it was opened.
    """
    if not app.prepare(VIEW, one=True):
        return
    values |= {"subject": subject, "who": who, "resolution": resolution, "satisfaction": satisfaction}
    changes = given({**values, "set": set_, "unset": unset, "external": external})
    if text is not None or not changes:
        record, changed = _edit_text(app, which, text, changes)
    else:
        record, changed = app.cases.edit(which, changes)
    verb = "Changed" if changed else "Nothing to change in"
    app.out.created(f"{verb} {record['id']}{until(record, app.clock)}: {about(record)}", VIEW, record)


def _edit_text(app: App, which: str, text: str | None, changes: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    if text is None and not app.out.prompting_allowed():
        raise UsageError("nothing to change was given", "for example: crm case edit cs1 --priority high")
    with read_text(app, text, start=app.cases.find(which)["description"] or "") as new:
        return app.cases.edit(which, {**changes, "description": new})


@ROOM.verb("reply")
@record_options("interaction", without=("direction", "body", "channel", "occurred_at", "satisfaction"))
def reply(
    app: App,
    which: Which,
    text: Said = None,
    *,
    pending: Pending = False,
    channel: Channel = None,
    at: SaidAt = None,
    **values: Any,
) -> None:
    """Log an answer to the customer; the first one reaches the target of the answer."""
    if not app.prepare(VIEW, one=True):
        return
    facts = given({**values, "channel": channel, "at": at})
    app.interactions.check(facts)
    which = app.cases.find(which)["id"]
    with read_text(app, text, required=not any(facts.get(name) for name in TELLING)) as body:
        record = app.casesteps.reply(which, body, {**facts, "pending": pending})
    state = "waiting for the customer" if pending else f"open{until(record, app.clock)}"
    app.out.created(f"Answered {who(record)}; {record['id']} is {state}", VIEW, record)


@ROOM.verb("pending")
def pending(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Wait for the customer: the clocks stand still until it is open again."""
    _change(app, which or (), where, dry_run, "set pending", app.casesteps.pending)


@ROOM.verb("resolve")
def resolve(
    app: App,
    which: Several = None,
    *,
    resolution: Resolution = None,
    satisfaction: Satisfaction = None,
    no_aftercare: NoAftercare = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Resolve cases, and plan to ask some days later whether that solved it."""
    values = given({"resolution": resolution, "satisfaction": satisfaction, "no_aftercare": no_aftercare or None})
    _change(app, which or (), where, dry_run, "resolve", _telling(app.casesteps.resolve, values))


@ROOM.verb("close")
def close(
    app: App,
    which: Several = None,
    *,
    resolution: Resolution = None,
    satisfaction: Satisfaction = None,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Close cases for good: those that were resolved, or that come to nothing."""
    values = given({"resolution": resolution, "satisfaction": satisfaction})
    _change(app, which or (), where, dry_run, "close", _telling(app.casesteps.close, values))


def _telling(
    end: Callable[[list[str], dict[str, Any]], list[dict[str, Any]]], values: dict[str, Any]
) -> Callable[[list[str]], list[dict[str, Any]]]:
    """The end of cases, which tells where the last word was no case but how it was solved."""

    def change(found: list[str]) -> list[dict[str, Any]]:
        try:
            return end(found, values)
        except NotFound as error:
            said = found[-1]
            if len(found) < 2 or "resolution" in values or said not in error.message:
                raise
            hint = f"if that is how it was solved: --resolution {shlex.quote(said)}"
            raise NotFound(error.message, "; ".join(filter(None, (hint, error.hint))), error.details) from None

    return change


@ROOM.verb("reopen")
def reopen(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Open cases again that were resolved, closed or pending; their targets move on."""
    _change(app, which or (), where, dry_run, "reopen", app.casesteps.reopen)


@ROOM.verb("assign")
def assign(
    app: App, words: Assigned = None, *, nobody: Nobody = False, where: Where = "", dry_run: DryRun = False
) -> None:
    """Give cases to somebody of the team."""
    named = list(words or ())
    user = None if nobody or not named else named.pop()
    if user is None and not nobody:
        raise UsageError("no user was named", "for example: crm case assign cs1 ada, or --nobody")
    _change(app, named, where, dry_run, "assign", lambda found: app.cases.assign(found, user))


@ROOM.verb("rm")
def rm(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete cases that were opened by mistake; `restore` brings them back."""
    _change(app, which or (), where, dry_run, "delete", app.cases.remove)


@ROOM.verb("restore")
def restore(app: App, which: Gone = None) -> None:
    """Bring deleted cases back."""
    _change(app, which or (), "", False, "restore", app.cases.restore)


DONE = {
    "set pending": "Waiting for the customer:",
    "resolve": "Resolved",
    "close": "Closed",
    "reopen": "Reopened",
    "delete": "Deleted",
    "restore": "Restored",
}


def _change(
    app: App,
    words: Sequence[str],
    where: str,
    dry_run: bool,
    verb: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    bulk.change(app, VIEW, app.cases, words, where, dry_run, verb, change, lambda record: _sentence(app, record, verb))


def _sentence(app: App, record: Record, verb: str) -> str:
    if verb == "assign":
        return f"Assigned {record['id']} to {record['owner'] or 'nobody'}: {about(record)}"
    due = until(record, app.clock) if verb == "reopen" else ""
    return f"{DONE[verb]} {record['id']}{due}: {about(record)}"

"""`crm followup`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk
from crmcli.commands.options import (
    All,
    AsOf,
    DryRun,
    Filter,
    Limit,
    NoAftercare,
    Where,
    Who,
    given,
    list_limit,
    record_options,
    several,
    text_flag,
)
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.render.formats import HUMAN
from crmcli.render.view import Record
from crmcli.render.views.followups import DETAIL, HISTORY, MARKED, VIEW, marks, rule_words, told, who, who_id
from crmcli.services.followups import SKIPPED

ROOM = Room("What was promised")


Subject = Annotated[str, typer.Argument(help="What to do", metavar="TEXT", show_default=False)]
Due = Annotated[str | None, text_flag("--due", "When: tomorrow, 'next tue 3pm', +3d, 2026-12-01", "WHEN")]
Which = Annotated[str, typer.Argument(help="Its id, or WHO it is about", metavar="ID", show_default=False)]
Several = Annotated[list[str] | None, several("Ids, or WHO")]
Snoozed = Annotated[
    list[str],
    typer.Argument(help="Ids, or WHO, then the date; with --where only that", metavar="ID... WHEN", show_default=False),
]
Sort = Annotated[str, text_flag("--sort", "due, priority or created; -due reverses", "KEY")]
States = Annotated[bool, typer.Option("--all-states", help="Those that are done or cancelled too")]
OutcomeNote = Annotated[str | None, text_flag("--note", "What came of it")]
Log = Annotated[str | None, text_flag("--log", "Record the contact that it was: in or out", "DIRECTION")]
Channel = Annotated[str | None, text_flag("--channel", "With --log: how it happened", "WORD")]
Outcome = Annotated[str | None, text_flag("--outcome", "With --log: what came of the contact", "WORD")]
Duration = Annotated[str | None, text_flag("--duration", "With --log: how long it took: 30m, 1h15m")]
At = Annotated[str | None, text_flag("--at", "With --log: when it happened", "WHEN")]
Next = Annotated[str | None, text_flag("--next", "Plan the next one", "WHEN")]
NextSubject = Annotated[str | None, text_flag("--next-subject", "What to do next; the same without it")]
Zone = Annotated[str | None, text_flag("--timezone", "The time zone that the date is meant in", "ZONE")]
Every = Annotated[
    str | None,
    text_flag("--every", "Repeat: 'monday', '2 weeks on friday', 'monthly on the 1st', '3 months after done'", "RULE"),
]
EveryAgain = Annotated[str | None, text_flag("--every", "Repeat by this rule from now on; none ends it", "RULE")]
Workdays = Annotated[
    str | None,
    text_flag("--workdays", "Move it to a working day there: DE, DE-BY, or me for your country", "COUNTRY"),
]
Assigned = Annotated[
    list[str] | None,
    typer.Argument(
        help="Ids, or WHO, then the user; with --where or --nobody less", metavar="ID... USER", show_default=False
    ),
]
Nobody = Annotated[bool, typer.Option("--nobody", help="Take them from whoever had them")]
Case = Annotated[str | None, text_flag("--case", "The case that it belongs to, by its id", "ID")]
Satisfaction = Annotated[
    str | None, text_flag("--satisfaction", "With --log: how satisfied the customer was, 1 to 5", "N")
]
Reason = Annotated[str | None, text_flag("--reason", "Why it is not to be done")]


@ROOM.verb("add")
@record_options("followup", without=("subject", "due_at"))
def add(
    app: App,
    who: Who,
    subject: Subject = "",
    *,
    due: Due = None,
    every: Every = None,
    workdays: Workdays = None,
    case: Case = None,
    **values: Any,
) -> None:
    """Plan to do something about a contact or company."""
    if not app.prepare(VIEW, one=True):
        return
    if app.out.prompting_allowed() and not (subject and (due or every)):
        who = app.who.find(who).ref
        subject = subject or app.ask("What is to be done?")
        due = due if due or every else app.ask("When is it due?", "tomorrow")
    values |= {"due": due, "every": every, "workdays": workdays, "case": case}
    record = app.followups.add(who, subject, given(values))
    app.out.created(_planned(app, record), VIEW, record)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "due",
    limit: Limit = None,
    everything: All = False,
    all_states: States = False,
) -> None:
    """List follow-ups: the open ones, or those that match a filter."""
    if app.prepare(VIEW):
        most = list_limit(app, limit, everything)
        page = app.followups.page(" ".join(query or ()), sort=sort, limit=most, all_states=all_states)
        app.show(MARKED if app.out.drawn and any(map(marks, page.items)) else VIEW, page)


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show every field of a follow-up, and how it was moved."""
    if not app.prepare(DETAIL, one=True):
        return
    if as_of:
        then = app.past.then(as_of, which, ("followup",))
        app, record, view = then.app, {**then.app.followups.detail(then.ref), "as_of": then.at}, DETAIL.of_the_past()
    else:
        record, view = app.followups.detail(which), DETAIL
    app.show(view, {**record, "told": told(record, app.clock)} if app.out.format in HUMAN else record)


@ROOM.verb("history")
def history(app: App, which: Which) -> None:
    """List the occurrences of a follow-up that repeats, and how each ended."""
    if app.prepare(HISTORY):
        app.show(HISTORY, app.followups.occurrences(which))


@ROOM.verb("edit")
@record_options("followup", without=("due_at",))
def edit(
    app: App,
    which: Which,
    *,
    due: Due = None,
    every: EveryAgain = None,
    workdays: Workdays = None,
    case: Case = None,
    **values: Any,
) -> None:
    """Put a follow-up right."""
    if not app.prepare(VIEW, one=True):
        return
    changes = given({"due": due, "every": every, "workdays": workdays, "case": case, **values})
    if not changes:
        raise UsageError("nothing to change was given", "for example: crm followup edit f1 --due 'next tue 3pm'")
    record, changed = app.followups.edit(which, changes)
    app.out.created(
        _planned(app, record, "Changed") if changed else f"Nothing to change in {record['id']}", VIEW, record
    )


@ROOM.verb("done")
def done(
    app: App,
    which: Several = None,
    *,
    note: OutcomeNote = None,
    log: Log = None,
    channel: Channel = None,
    outcome: Outcome = None,
    duration: Duration = None,
    at: At = None,
    satisfaction: Satisfaction = None,
    next_: Next = None,
    next_subject: NextSubject = None,
    no_aftercare: NoAftercare = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Close follow-ups as done; log what happened and plan the next one in the same breath."""
    values: dict[str, Any] = {
        "note": note,
        "log": log,
        "channel": channel,
        "outcome": outcome,
        "duration": duration,
        "at": at,
        "satisfaction": satisfaction,
    }
    values |= {"next": next_, "next_subject": next_subject, "no_aftercare": no_aftercare}
    _change(app, which or (), where, dry_run, "close", lambda found: app.followups.done(found, given(values)))


@ROOM.verb("snooze")
def snooze(app: App, words: Snoozed, *, timezone: Zone = None, where: Where = "", dry_run: DryRun = False) -> None:
    """Put follow-ups off until another date."""
    when = words[-1]
    if len(words) == 1 and not where:
        raise UsageError("an id or a date is missing", "for example: crm followup snooze f1 'next mon'")
    _change(
        app, words[:-1], where, dry_run, "snooze", lambda found: app.followups.snooze(found, when, timezone=timezone)
    )


@ROOM.verb("assign")
def assign(
    app: App, words: Assigned = None, *, nobody: Nobody = False, where: Where = "", dry_run: DryRun = False
) -> None:
    """Give follow-ups to somebody of the team."""
    named = list(words or ())
    user = None if nobody or not named else named.pop()
    if user is None and not nobody:
        raise UsageError("no user was named", "for example: crm followup assign f1 ada, or --nobody")
    _change(app, named, where, dry_run, "assign", lambda found: app.followups.assign(found, user))


@ROOM.verb("skip")
def skip(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Leave out this occurrence of follow-ups that repeat; the next one is planned."""
    _change(app, which or (), where, dry_run, "skip", app.followups.skip)


@ROOM.verb("cancel")
def cancel(
    app: App, which: Several = None, *, reason: Reason = None, where: Where = "", dry_run: DryRun = False
) -> None:
    """Close follow-ups that are not to be done any more. Those that repeat end with it; see skip."""
    _change(app, which or (), where, dry_run, "cancel", lambda found: app.followups.cancel(found, reason))


@ROOM.verb("reopen")
def reopen(app: App, which: Several = None) -> None:
    """Open follow-ups again that were done or cancelled."""
    _change(app, which or (), "", False, "reopen", app.followups.reopen)


def _change(
    app: App,
    words: Sequence[str],
    where: str,
    dry_run: bool,
    verb: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    done = {"snooze": "Snoozed", "reopen": "Reopened", "assign": "Assigned"}.get(verb, "")
    bulk.change(
        app, VIEW, app.followups, words, where, dry_run, verb, change, lambda record: _sentence(app, record, done)
    )


def _sentence(app: App, record: Record, verb: str) -> str:
    if verb == "Assigned":
        return f"Assigned {record['id']} to {record['owner'] or 'nobody'}: {_about(record)}"
    if record["status"] == "open":
        word = verb or ("Next:" if record["recurrence"] else "Follow-up")
        return _planned(app, record, word, "until" if verb == "Snoozed" else "due")
    state = "Skipped" if record["outcome_note"] == SKIPPED else str(record["status"]).capitalize()
    return f"{state} {record['id']}: {_about(record)}"


def _planned(app: App, record: Record, word: str = "Follow-up", due: str = "due") -> str:
    words = None if word == "Snoozed" else rule_words(record)
    when = app.followups.due_text(record) + (f", {words}" if words else "")
    if not app.out.on_terminal:  # where the sentence is not shown, what was understood is told beside the id
        app.notes.append(f"{record['id']} {due} {when}")
    return f"{word} {record['id']} {due} {when}: {_about(record)}"


def _about(record: Record) -> str:
    return f"{record['subject']} ({who(record)} {who_id(record)})"

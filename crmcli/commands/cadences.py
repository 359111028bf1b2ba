"""`crm cadence`."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.bulk import named, tell_records
from crmcli.commands.options import All, AsOf, Limit, Where, given, list_limit, text_flag
from crmcli.commands.room import Room
from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.relative import day_label, moment_label
from crmcli.render.view import Record
from crmcli.render.views.cadences import DUE, VIEW, last_contact, whom, whom_id
from crmcli.services.cadences import PLURAL, described
from crmcli.services.queue import shown_count
from crmcli.store.nouns import PARTIES

ROOM = Room("How often to be in touch, and who is due")


Words = Annotated[
    list[str],
    typer.Argument(help="WHO, or the id of a cadence; then 6w, 10d, 3m, 1y", metavar="WHO SPAN", show_default=False),
]
Max = Annotated[str | None, text_flag("--max", "The longest gap that is borne; half as much again without it", "SPAN")]
Via = Annotated[str | None, text_flag("--via", "Only contacts on this channel count, such as call", "WORD")]
Owner = Annotated[str | None, text_flag("--owner", "Who stays in touch; me without it", "NAME")]
Noun = Annotated[str | None, text_flag("--noun", "contact (without it) or company: what --where is about", "WORD")]
Until = Annotated[str | None, text_flag("--until", "The day on which it goes on", "WHEN")]
Which = Annotated[str, typer.Argument(help="Its id, or WHO it is about", metavar="ID", show_default=False)]
Several = Annotated[
    list[str], typer.Argument(help="Ids, or WHO; - reads ids from standard input", metavar="ID...", show_default=False)
]
OnlyDue = Annotated[bool, typer.Option("--due", help="The customers who are due or late instead, late ones first")]
Everyone = Annotated[bool, typer.Option("--everyone", help="With --due: everyone's, not only mine")]


@ROOM.verb("set")
def set_(
    app: App,
    words: Words,
    *,
    max_: Max = None,
    via: Via = None,
    owner: Owner = None,
    where: Where = "",
    noun: Noun = None,
) -> None:
    """Say how often to be in touch, with one customer or with all of a filter."""
    if not app.prepare(VIEW, one=True):
        return
    who, span = ("", words) if where else (words[0], words[1:])
    if not span:
        raise UsageError("whom it is about, or how often, is missing", "for example: crm cadence set c1 6w")
    values = given({"max": max_, "via": via, "owner": owner})
    record, done = app.cadences.set(" ".join(span), values, who=who, where=where, noun=noun)
    sentence = f"{_SET[done]} {record['id']}: {_described(app, record)}"
    if not app.out.on_terminal:  # where the sentence is not shown, it is told beside the id
        app.notes.append(sentence)
    app.out.created(sentence, VIEW, record)


_SET = {"made": "Set", "changed": "Changed", "same": "Nothing to change in"}


@ROOM.verb("list")
def list_(
    app: App, *, due: OnlyDue = False, everyone: Everyone = False, limit: Limit = None, everything: All = False
) -> None:
    """List the cadences, or the customers who are due by them."""
    if not app.prepare(DUE if due else VIEW):
        return
    if everyone and not due:
        raise UsageError("--everyone says whose customers are due", "add --due; all cadences are listed without it")
    most = list_limit(app, limit, everything)
    if due:
        app.show(DUE, app.cadences.due(everyone=everyone, limit=most))
    else:
        app.show(VIEW, app.cadences.page(limit=most))


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show every field of a cadence; of a customer without one of its own, the one that counts for it."""
    if not app.prepare(VIEW, one=True):
        return
    if as_of:
        then = app.past.then(as_of, which, ("cadence", *PARTIES))
        then.app.show(VIEW.of_the_past(), {**then.app.cadences.find(then.ref), "as_of": then.at})
    else:
        app.show(VIEW, app.cadences.find(which))


@ROOM.verb("pause")
def pause(app: App, which: Several, *, until: Until = None) -> None:
    """Let cadences rest: nobody is due by them until they go on."""
    if app.prepare(VIEW):
        _tell(app, app.cadences.pause(named(app, which), until), "Paused")


@ROOM.verb("resume")
def resume(app: App, which: Several) -> None:
    """Let paused cadences go on; a pause counts as no contact."""
    if app.prepare(VIEW):
        _tell(app, app.cadences.resume(named(app, which)), "Resumed")


@ROOM.verb("rm")
def rm(app: App, which: Several) -> None:
    """Remove cadences; crm undo brings them back."""
    if app.prepare(VIEW):
        _tell(app, app.cadences.remove(named(app, which)), "Removed")


def _tell(app: App, records: Sequence[Record], verb: str) -> None:
    sentences = [
        f"{verb} {record['id']}: {'; '.join(filter(None, (_about(record), _until(app, record))))}" for record in records
    ]
    if not app.out.on_terminal:
        app.notes += [f"{record['id']} {_until(app, record)}" for record in records if record["paused_until"]]
    tell_records(app, VIEW, records, sentences)


def _about(record: Record) -> str:
    return f"{whom(record)}{f' ({whom_id(record)})' if whom_id(record) else ''}, {described(record)}"


def _until(app: App, record: Record) -> str:
    until = record["paused_until"]
    return f"rests until {moment_label(instant(until), app.clock)} {app.clock.zone_name}" if until else ""


def _described(app: App, record: Record) -> str:
    """Whom it is about, how often, and how that one stands, or how many they are."""
    if record["filter"] is not None:
        found = f"{shown_count(app.cadences.count(record))} now"
        return f"{PLURAL[record['noun']]} that match {record['filter']} ({found}), {described(record)}"
    return f"{_about(record)}; {last_contact(record, app.clock)}{_due(app, record)}"


def _due(app: App, record: Record) -> str:
    if record["due_on"] is None:
        return f"; {record['state']}" if record["state"] else ""
    words = {"ok": "due", "due": "due since", "late": "late, due since"}[record["state"]]
    return f"; {words} {day_label(date.fromisoformat(record['due_on']), app.clock)}"

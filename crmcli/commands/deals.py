"""`crm deal`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk, dealsteps
from crmcli.commands.options import (
    All,
    AsOf,
    Deleted,
    DryRun,
    External,
    Filter,
    Gone,
    Limit,
    NewName,
    NoAftercare,
    Set,
    Unset,
    Where,
    given,
    list_limit,
    record_options,
    several,
    text_flag,
)
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.render.formats import HUMAN
from crmcli.render.view import Record, View
from crmcli.render.views.deals import DETAIL, DETAIL_DRAWN, DRAWN, VIEW, summary, told, who_id

ROOM = Room("What may be sold")

Name = Annotated[str, typer.Argument(help="What it is about", metavar="NAME", show_default=False)]
Which = Annotated[str, typer.Argument(help="Its id, its name or a part of it", metavar="ID", show_default=False)]
Several = Annotated[list[str] | None, several("Ids or names")]
Moved = Annotated[
    list[str],
    typer.Argument(
        help="Ids or names, then the stage, or next; with --where only that", metavar="ID... STAGE", show_default=False
    ),
]
Sort = Annotated[str, text_flag("--sort", "close, amount, created, stage, name, updated or id; -close reverses", "KEY")]
States = Annotated[bool, typer.Option("--all-states", help="Those that are won or lost too")]
Amount = Annotated[str | None, text_flag("--amount", "How much, in whole units: 12000, 7.50, '900 USD'", "AMOUNT")]
Stage = Annotated[str | None, text_flag("--stage", "The stage that it is in; the first one without it", "STAGE")]
NewStage = Annotated[str | None, text_flag("--stage", "Move it to this stage", "STAGE")]
OldStage = Annotated[str | None, text_flag("--stage", "The stage to open it in; that before without it", "STAGE")]
Pipeline = Annotated[str | None, text_flag("--pipeline", "The pipeline; the first one without it", "NAME")]
Lines = Annotated[
    list[str] | None,
    text_flag("--line", "What it is made of: '2 x Red apples @ 7.50 EUR -10%' (repeatable)", "LINE"),
]
AddLines = Annotated[
    list[str] | None,
    typer.Option(
        "--add-line", "--line", help="Another line, as --line of add (repeatable)", metavar="LINE", show_default=False
    ),
]
RemoveLines = Annotated[list[str] | None, text_flag("--remove-line", "Number of a line to remove (repeatable)", "N")]
Roles = Annotated[
    list[str] | None, text_flag("--role", "Who has a part in it: 'c2=decision maker' (repeatable)", "WHO=ROLE")
]
RemoveRoles = Annotated[list[str] | None, text_flag("--remove-role", "Who has none any more (repeatable)", "WHO")]
Next = Annotated[str | None, text_flag("--next", "The next step: what to do")]
NextDue = Annotated[str | None, text_flag("--next-due", "When: tomorrow, +3d, 'next tue 3pm'", "WHEN")]
NoNext = Annotated[bool, typer.Option("--no-next", help="Do not ask for the next step")]
Reason = Annotated[str | None, text_flag("--reason", "Why it was lost; see: crm pipeline list", "TEXT")]
Close = Annotated[str | None, text_flag("--close", "When it is expected to be won: eoq, +6w", "WHEN")]
At = Annotated[str | None, text_flag("--at", "When it was; now without it", "WHEN")]


@ROOM.verb("add")
@record_options("deal")
def add(
    app: App,
    name: Name,
    *,
    amount: Amount = None,
    stage: Stage = None,
    pipeline: Pipeline = None,
    line: Lines = None,
    role: Roles = None,
    set_: Set = None,
    external: External = None,
    next_: Next = None,
    next_due: NextDue = None,
    no_next: NoNext = False,
    reason: Reason = None,
    at: At = None,
    **values: Any,
) -> None:
    """Add a deal: what a contact or company may buy."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"amount": amount, "stage": stage, "pipeline": pipeline, "line": line, "role": role, "set": set_}
    values |= {"external": external, "reason": reason, "at": at}
    values |= dealsteps.given_or_asked(app, next_, next_due, ask=not no_next)
    record = app.deals.add(name, given(values))
    _remind(app, [record], no_next)
    app.out.created(f"Added {_named(record)}: {summary(record, app.clock)}", VIEW, record)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "close",
    limit: Limit = None,
    everything: All = False,
    all_states: States = False,
    deleted: Deleted = False,
) -> None:
    """List deals: the open ones, or those that match a filter."""
    if app.prepare(VIEW):
        most, text = list_limit(app, limit, everything), " ".join(query or ())
        page = app.deals.page(text, sort=sort, limit=most, all_states=all_states, deleted=deleted)
        app.show(_view(app, VIEW, DRAWN), page, filtered=bool(query) or deleted)


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show every field of a deal, its lines, people, stages, follow-ups and what was logged about it."""
    if not app.prepare(DETAIL, one=True):
        return
    view = _view(app, DETAIL, DETAIL_DRAWN)
    if as_of:
        then = app.past.then(as_of, app.deals.named(which), ("deal",))
        record, view = {**then.app.deals.whole(then.key), "as_of": then.at}, view.of_the_past()
        app = then.app
    else:
        record = app.deals.detail(which)
    app.show(view, {**record, "told": told(record, app.clock)} if app.out.format in HUMAN else record)


@ROOM.verb("edit")
@record_options("deal")
def edit(
    app: App,
    which: Which,
    *,
    name: NewName = None,
    amount: Amount = None,
    stage: NewStage = None,
    pipeline: Pipeline = None,
    add_line: AddLines = None,
    remove_line: RemoveLines = None,
    role: Roles = None,
    remove_role: RemoveRoles = None,
    set_: Set = None,
    unset: Unset = None,
    external: External = None,
    reason: Reason = None,
    **values: Any,
) -> None:
    """Put a deal right: its fields, lines and people."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"name": name, "amount": amount, "stage": stage, "pipeline": pipeline, "reason": reason}
    values |= {"add_line": add_line, "remove_line": remove_line, "role": role, "remove_role": remove_role}
    changes = given({**values, "set": set_, "unset": unset, "external": external})
    if not changes:
        raise UsageError("nothing to change was given", "for example: crm deal edit d1 --amount 9000 --close +6w")
    record, changed = app.deals.edit(which, changes)
    sentence = f"Changed {_named(record)}: {summary(record, app.clock)}"
    app.out.created(sentence if changed else f"Nothing to change in {record['id']}", VIEW, record)


@ROOM.verb("move")
def move(
    app: App,
    words: Moved,
    *,
    pipeline: Pipeline = None,
    reason: Reason = None,
    at: At = None,
    next_: Next = None,
    next_due: NextDue = None,
    no_next: NoNext = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Move deals to another stage, by its name or `next`; what the stage requires is checked."""
    stage = words[-1]
    if len(words) == 1 and not where:
        raise UsageError("a deal or its stage is missing", "for example: crm deal move d1 negotiation")
    values = given({"pipeline": pipeline, "reason": reason, "at": at})

    def change(found: list[str]) -> list[dict[str, Any]]:
        ask = not no_next and len(found) == 1 and app.deals.is_open_in(found[0], stage, pipeline)
        return app.deals.move(found, stage, **values, **_step_of(app, found, next_, next_due, ask=ask))

    _change(app, words[:-1], where, dry_run, "move", change, no_next)


@ROOM.verb("won")
def won(
    app: App,
    which: Several = None,
    *,
    at: At = None,
    no_aftercare: NoAftercare = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Close deals as won; the customer's life cycle goes on to customer."""
    values = {**given({"at": at}), "no_aftercare": no_aftercare}
    _change(app, which or (), where, dry_run, "win", lambda found: app.deals.won(found, **values))


@ROOM.verb("lost")
def lost(
    app: App,
    which: Several = None,
    *,
    reason: Reason = None,
    at: At = None,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Close deals as lost, with the reason."""
    values = given({"at": at})
    _change(app, which or (), where, dry_run, "lose", lambda found: app.deals.lost(found, reason, **values))


@ROOM.verb("reopen")
def reopen(
    app: App,
    which: Several = None,
    *,
    stage: OldStage = None,
    close: Close = None,
    next_: Next = None,
    next_due: NextDue = None,
    no_next: NoNext = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Open deals again that were won or lost."""

    def change(found: list[str]) -> list[dict[str, Any]]:
        ask = not no_next and len(found) == 1
        return app.deals.reopen(
            found, stage, **given({"close": close}), **_step_of(app, found, next_, next_due, ask=ask)
        )

    _change(app, which or (), where, dry_run, "reopen", change, no_next)


@ROOM.verb("rm")
def rm(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete deals; `restore` brings them back."""
    _change(app, which or (), where, dry_run, "delete", app.deals.remove)


@ROOM.verb("restore")
def restore(app: App, which: Gone = None) -> None:
    """Bring deleted deals back."""
    _change(app, which or (), "", False, "restore", app.deals.restore)


def _view(app: App, view: View, drawn: View) -> View:
    return drawn if app.out.format in HUMAN else view


_SAID = {
    "move": "Moved",
    "win": "Won",
    "lose": "Lost",
    "reopen": "Reopened",
    "delete": "Deleted",
    "restore": "Restored",
}
# After these a deal is open, and has a next step or is asked for one.
_OPEN_AFTER = ("move", "reopen")


def _change(
    app: App,
    words: Sequence[str],
    where: str,
    dry_run: bool,
    verb: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
    no_next: bool = False,
) -> None:
    records = bulk.change(
        app, VIEW, app.deals, words, where, dry_run, verb, change, lambda record: _sentence(app, record, verb)
    )
    if verb in _OPEN_AFTER:
        _remind(app, records, no_next)


def _sentence(app: App, record: Record, verb: str) -> str:
    if verb == "delete":
        return f"Deleted {_named(record)}; crm deal restore {record['id']} brings it back"
    reason = [f"because of {record['lost_reason']}"] if record["lost_reason"] else []
    told = ", ".join([*filter(None, [summary(record, app.clock)]), *reason])
    return f"{_SAID[verb]} {_named(record)}" + (f": {told}" if told else "")


def _named(record: Record) -> str:
    return f"{record['name']} ({record['id']})"


# --- the next step


def _step_of(app: App, found: Sequence[str], subject: str | None, due: str | None, *, ask: bool) -> dict[str, Any]:
    """The same for deals that are there; nobody is asked of one that has a next step."""
    ask = ask and not (app.out.prompting_allowed() and app.deals.find(found[0])["next"])
    return given(dealsteps.given_or_asked(app, subject, due, ask=ask))


def _remind(app: App, records: Sequence[Record], no_next: bool) -> None:
    """Tell which open deals have no next step, and how to plan one."""
    without = [record for record in records if record["status"] == "open" and not record["next"]]
    if no_next or not without:
        return
    if len(without) > 1:
        names = ", ".join(str(record["id"]) for record in without[:5]) + (" …" if len(without) > 5 else "")
        return app.notes.append(f"{len(without)} deals have no next step ({names}); see: crm deal list next:none")
    record = without[0]
    how = f"crm followup add {who_id(record) or 'WHO'} TEXT --due WHEN --deal {record['id']}"
    app.notes.append(f"{record['id']} has no next step; plan one: {how}")

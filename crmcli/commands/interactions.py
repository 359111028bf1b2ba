"""`crm interaction`."""

from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.bulk import tell
from crmcli.commands.options import All, AsOf, Deleted, Filter, Limit, NoAftercare, given, list_limit, record_options
from crmcli.commands.room import Room
from crmcli.commands.text import read_text
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.render.formats import HUMAN
from crmcli.render.views.interactions import VIEW

ROOM = Room("What was logged")
Which = Annotated[str, typer.Argument(help="Its id, such as i12", metavar="ID", show_default=False)]
Several = Annotated[list[str], typer.Argument(help="Ids, such as i12", metavar="ID...", show_default=False)]
Sort = Annotated[str, typer.Option("--sort", help="at (oldest first) or -at", metavar="KEY")]
NewText = Annotated[
    str | None, typer.Option("--text", help="New text; - reads standard input", metavar="TEXT", show_default=False)
]
Add = Annotated[
    list[str] | None,
    typer.Option("--add-participant", help="Who took part as well (repeatable)", metavar="WHO", show_default=False),
]
Remove = Annotated[
    list[str] | None,
    typer.Option("--remove-participant", help="Who took no part (repeatable)", metavar="WHO", show_default=False),
]
Case = Annotated[
    str | None,
    typer.Option("--case", help="The case that it belongs to, by its id", metavar="ID", show_default=False),
]


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "-at",
    limit: Limit = None,
    everything: All = False,
    deleted: Deleted = False,
) -> None:
    """List what was logged, newest first."""
    if app.prepare(VIEW):
        most = list_limit(app, limit, everything)
        page = app.interactions.page(" ".join(query or ()), sort=sort, limit=most, deleted=deleted)
        app.show(VIEW, page, filtered=bool(query) or deleted)


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show one, with its whole text."""
    if app.prepare(VIEW, one=True):
        if as_of:
            then = app.past.then(as_of, which, ("interaction",))
            record = {**then.app.interactions.get(then.key), "as_of": then.at}
            then.app.show(VIEW.of_the_past(), record)
        else:
            record = app.interactions.find(which)
            app.show(VIEW, record)
        if record["quoted"] and app.out.format in HUMAN:
            app.out.message(f"Quoted text is folded away; crm interaction show {record['id']} --json has it")


@ROOM.verb("edit")
@record_options("interaction", without=("body",))
def edit(
    app: App,
    which: Which,
    *,
    text: NewText = None,
    add_participant: Add = None,
    remove_participant: Remove = None,
    case: Case = None,
    no_aftercare: NoAftercare = False,
    **values: Any,
) -> None:
    """Put right what was logged; without flags on a terminal, its text in your editor."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"add_participant": add_participant, "remove_participant": remove_participant, "case": case}
    changes = given(values)
    in_text = text is not None or not changes
    changes["no_aftercare"] = no_aftercare
    record, changed = _edit_text(app, which, text, changes) if in_text else app.interactions.edit(which, changes)
    app.out.created(f"{'Changed' if changed else 'Nothing to change in'} {record['id']}", VIEW, record)


def _edit_text(app: App, which: str, text: str | None, changes: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    if text is None and not app.out.prompting_allowed():
        raise UsageError("nothing to change was given", "see: crm interaction edit --help")
    with read_text(app, text, start=app.interactions.find(which)["body"] or "") as new:
        return app.interactions.edit(which, {**changes, "text": new})


@ROOM.verb("rm")
def rm(app: App, which: Several) -> None:
    """Delete what was logged by mistake; `restore` brings it back."""
    _tell(app, "Deleted", app.interactions.remove(which))


@ROOM.verb("restore")
def restore(app: App, which: Several) -> None:
    """Bring deleted ones back."""
    _tell(app, "Restored", app.interactions.restore(which))


def _tell(app: App, done: str, keys: list[int]) -> None:
    ids = [ref("interaction", key) for key in keys]
    tell(app, [f"{done} {', '.join(ids)}"], ids)

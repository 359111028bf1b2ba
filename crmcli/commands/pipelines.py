"""`crm pipeline`."""

import shlex
from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.bulk import tell, tell_plan
from crmcli.commands.options import DryRun, NewName, given, text_flag
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.render.formats import NESTED
from crmcli.render.loader import load
from crmcli.render.view import Record
from crmcli.render.views.pipelines import BOARD, VIEW, rows

ROOM = Room("The board of deals, and the stages they go through")
CARDS = 5
"""So many deals of a stage are on the board of a terminal, unless --limit says."""

Which = Annotated[str, typer.Argument(help="Its name or a part of it", metavar="PIPELINE", show_default=False)]
Named = Annotated[str, typer.Argument(help="What it is called", metavar="NAME", show_default=False)]
StageName = Annotated[str, typer.Argument(help="Its name or a part of it", metavar="STAGE", show_default=False)]
Pipeline = Annotated[str | None, text_flag("--pipeline", "The pipeline; the first one without it", "NAME")]
Where = Annotated[str | None, text_flag("--where", "Only deals that match this filter", "FILTER")]
Cards = Annotated[
    int | None,
    typer.Option("--limit", "-n", help="How many deals of a stage at most", min=1, max=1_000_000_000, metavar="N"),
]
Stages = Annotated[
    list[str] | None,
    text_flag("--stage", "An open stage with its probability, in order: 'demo=30' (repeatable)", "STAGE=PERCENT"),
]
Reasons = Annotated[list[str] | None, text_flag("--lost-reason", "Why a deal in it may be lost (repeatable)", "TEXT")]
RemoveReasons = Annotated[
    list[str] | None,
    text_flag("--remove-lost-reason", "A reason to take off the list, or all: then any is taken (repeatable)", "TEXT"),
]
First = Annotated[bool, typer.Option("--first", help="Mean this one where no pipeline is named")]
Type = Annotated[str | None, text_flag("--type", "open, won or lost; open without it", "WORD")]
Probability = Annotated[str | None, text_flag("--probability", "How likely a deal in it is won, in percent", "PERCENT")]
Category = Annotated[
    str | None,
    text_flag("--forecast-category", "omitted, pipeline, best_case, commit or closed", "WORD"),
]
Rotting = Annotated[str | None, text_flag("--rotting-days", "Days after which a deal in it rots, or none", "N")]
Require = Annotated[
    list[str] | None,
    text_flag("--require", "A field that a deal must have to get there, or none (repeatable)", "FIELD"),
]
Before = Annotated[str | None, text_flag("--before", "Put it before this stage", "STAGE")]
After = Annotated[str | None, text_flag("--after", "Put it after this stage", "STAGE")]
To = Annotated[str | None, text_flag("--to", "The stage that its deals move to", "STAGE")]


@ROOM.alone
def board(app: App, *, pipeline: Pipeline = None, where: Where = None, limit: Cards = None) -> None:
    """Show the board: the deals of a pipeline by stage, with their number, sum and weighted sum.

    In a pipe, a row for each stage and currency; as JSON the deals of each stage too. Of won and lost deals it has
    those of the last 30 days.
    """
    if not app.prepare(BOARD):
        return
    drawn = app.out.drawn or (app.out.format == "plain" and app.settings.fields is None)
    found = app.boards.board(pipeline, where or "", most=(limit or CARDS) if drawn else limit)
    if drawn:
        if found["count"] or any(stage["count"] for stage in found["stages"]):
            load("screens.pipeline").write_board(found, app.out)
        else:
            app.out.message("No deals here. Add one: crm deal add NAME --contact WHO --amount 12000")
        others = [str(row["name"]) for row in app.pipelines.rows() if row["name"] != found["name"]]
        if others and not pipeline:
            app.notes.append(f"also: {', '.join(others)}; see: crm pipeline --pipeline {shlex.quote(others[0])}")
    elif app.out.format in NESTED:
        app.show(BOARD, found)
    else:
        app.show(BOARD, Page(list(rows(found))))


@ROOM.verb("list")
def list_(app: App) -> None:
    """List the pipelines with their stages and the reasons for which deals are lost."""
    if app.prepare(VIEW):
        app.show(VIEW, app.pipelines.page())


@ROOM.verb("add")
def add(app: App, name: Named, *, stage: Stages = None, lost_reason: Reasons = None, first: First = False) -> None:
    """Add a pipeline, with the usual stages or those named."""
    if app.prepare(VIEW, one=True):
        record = app.pipelines.add(name, given({"stage": stage, "lost_reason": lost_reason, "first": first}))
        _tell(app, f"Added the pipeline {record['name']}: {_stages(record)}", record)


@ROOM.verb("edit")
def edit(
    app: App,
    which: Which,
    *,
    name: NewName = None,
    lost_reason: Reasons = None,
    remove_lost_reason: RemoveReasons = None,
    first: First = False,
) -> None:
    """Change the name of a pipeline, its place, or the reasons for which deals in it are lost."""
    if not app.prepare(VIEW, one=True):
        return
    changes = given({"name": name, "lost_reason": lost_reason, "remove_lost_reason": remove_lost_reason})
    if not changes and not first:
        raise UsageError("nothing to change was given", "for example: crm pipeline edit Sales --lost-reason 'too late'")
    record, changed = app.pipelines.edit(which, {**changes, "first": first})
    _tell(app, f"{'Changed' if changed else 'Nothing to change in'} the pipeline {record['name']}", record)


@ROOM.verb("rm")
def rm(app: App, which: Which) -> None:
    """Remove a pipeline that never had a deal."""
    name = app.pipelines.remove(which)
    tell(app, [f"Removed the pipeline {name}"], [name])


@ROOM.verb("add-stage")
def add_stage(
    app: App,
    name: Named,
    *,
    pipeline: Pipeline = None,
    type: Type = None,
    probability: Probability = None,
    forecast_category: Category = None,
    rotting_days: Rotting = None,
    require: Require = None,
    before: Before = None,
    after: After = None,
) -> None:
    """Add a stage to a pipeline."""
    if not app.prepare(VIEW, one=True):
        return
    values = {"pipeline": pipeline, "type": type, "probability": probability, "forecast_category": forecast_category}
    values |= {"rotting_days": rotting_days, "before": before, "after": after}
    record = app.pipelines.add_stage(name, given({**values, "require": require}))
    _tell(app, f"Added the stage {name.strip()} to {record['name']}: {_stages(record)}", record)


@ROOM.verb("edit-stage")
def edit_stage(
    app: App,
    which: StageName,
    *,
    pipeline: Pipeline = None,
    name: NewName = None,
    type: Type = None,
    probability: Probability = None,
    forecast_category: Category = None,
    rotting_days: Rotting = None,
    require: Require = None,
    before: Before = None,
    after: After = None,
) -> None:
    """Change a stage: its name, place, probability, what it requires, and when deals in it rot."""
    if not app.prepare(VIEW, one=True):
        return
    values = {"name": name, "type": type, "probability": probability, "forecast_category": forecast_category}
    values |= {"rotting_days": rotting_days, "before": before, "after": after}
    changes = given({**values, "require": require})
    if not changes:
        hint = "for example: crm pipeline edit-stage proposal --probability 60"
        raise UsageError("nothing to change was given", hint)
    record, changed = app.pipelines.edit_stage(which, {**changes, "pipeline": pipeline})
    _tell(app, f"{'Changed' if changed else 'Nothing to change in'} {record['name']}: {_stages(record)}", record)


@ROOM.verb("rm-stage")
def rm_stage(app: App, which: StageName, *, pipeline: Pipeline = None, to: To = None, dry_run: DryRun = False) -> None:
    """Take a stage out of use; its deals move to another one, and their history keeps it."""
    if not app.prepare(VIEW, one=True):
        return
    moving = [ref("deal", key) for key in app.pipelines.leaving(which, pipeline)]
    if dry_run:
        return tell_plan(app, moving, f"would move to {to or 'another stage'}, and nothing was changed")
    if to and len(moving) > 1 and not app.confirm(f"move {len(moving)} deals?"):
        return tell_plan(app, moving, "to move, and nothing was changed")
    record = app.pipelines.remove_stage(which, pipeline=pipeline, to=to)
    _tell(app, f"Removed the stage from {record['name']}: {_stages(record)}", record)


def _stages(record: Record) -> str:
    return ", ".join(f"{stage['name']} {stage['probability']} %" for stage in record["stages"])


def _tell(app: App, sentence: str, record: Record) -> None:
    app.out.created(sentence, VIEW, record)

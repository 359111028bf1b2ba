"""Pipelines and their stages to read: which there are, and which one is meant by a name.

Nobody has to make one first: until a deal is added or a pipeline edited there is the usual one of
`crmcli.kernel.pipelines`, which reading only pretends and the first change writes.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.pipelines import USUAL_LOST_REASONS, USUAL_NAME, USUAL_STAGES, joined, parted
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import fold
from crmcli.store import pipelines
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NEXT = "next"


class PipelineReading:
    """Which pipelines and stages there are."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def rows(self) -> list[Row]:
        """The rows of all pipelines in their order; without any the usual one, whose key is 0."""
        return pipelines.pipelines(self.app.store) or [_usual()]

    def stages(self, pipeline: Row, *, ended: bool = False) -> list[Row]:
        """The rows of a pipeline's stages in their order; with `ended` those that are not used any more too."""
        return pipelines.stages(self.app.store, pipeline["id"], ended=ended) if pipeline["id"] else _usual_stages()

    def page(self) -> Page:
        """All pipelines with their stages."""
        return Page([self.record(row) for row in self.rows()])

    def record(self, row: Row) -> dict[str, Any]:
        """A pipeline with its stages."""
        return {
            "id": row["name"],
            "name": row["name"],
            "position": row["position"],
            "lost_reasons": parted(row["lost_reasons"]),
            "stages": [stage_record(stage) for stage in self.stages(row)],
        }

    def find(self, name: str | None) -> Row:
        """The pipeline of that name, or of an unambiguous part of it; without a name the first.

        Raises:
            NotFound, Ambiguous: there is none, or there are several.
        """
        rows = self.rows()
        return rows[0] if not name else _named("pipeline", name, rows, "see: crm pipeline list")

    def stage(self, pipeline: Row, name: str, *, since: Row | None = None) -> Row:
        """The stage of that name, or of an unambiguous part of it.

        Args:
            pipeline: whose stage.
            name: its name; with `since` also `next`, the open one that follows upon that stage.
            since: where a deal is.

        Raises:
            NotFound, Ambiguous: there is none, or there are several.
            UsageError: there is no next one.
        """
        stages = self.stages(pipeline)
        if since is not None and fold(name.strip()) == NEXT:
            later = [row for row in stages if row["type"] == "open" and row["position"] > since["position"]]
            if not later:
                hint = "to close it: crm deal won, or crm deal lost"
                raise UsageError(f"'{since['name']}' is the last open stage of {pipeline['name']}", hint)
            return later[0]
        return _named("stage", name, stages, f"stages of {pipeline['name']}: {_listed(stages)}")

    def first(self, pipeline: Row, type: str = "open") -> Row:
        """The first stage of a type: where deals begin, or where the won ones go.

        Raises:
            UsageError: the pipeline has none.
        """
        found = next((row for row in self.stages(pipeline) if row["type"] == type), None)
        if found is None:
            hint = f"add one: crm pipeline add-stage NAME --pipeline '{pipeline['name']}' --type {type}"
            raise UsageError(f"the pipeline {pipeline['name']} has no stage of the type {type}", hint)
        return found

    def reason(self, pipeline: Row, text: str | None) -> str:
        """Why a deal is lost, as the pipeline's list has it; any text where the list is empty.

        Raises:
            UsageError: none was given, or it is not in the list.
        """
        known = parted(pipeline["lost_reasons"])
        choices = f"reasons: {', '.join(known)}" if known else "say why in some words"
        if not text or not text.strip():
            raise UsageError("it is not said why the deal was lost", f"give --reason; {choices}")
        if not known:
            return text.strip()
        wanted = fold(text.strip())
        exact = [word for word in known if fold(word) == wanted] or [word for word in known if wanted in fold(word)]
        if len(exact) == 1:
            return exact[0]
        close = nearest(text, known, count=1)
        hint = f"did you mean {close[0]}? {choices}" if close else choices
        raise UsageError(f"'{text.strip()}' is no reason of {pipeline['name']}", hint)

    def ensure(self, gate: "Gate") -> None:
        """Write the usual pipeline where there is none."""
        if pipelines.pipelines(self.app.store):
            return
        row = {name: value for name, value in _usual().items() if name != "id"}
        key = gate.insert("pipeline", row)
        for stage in _usual_stages():
            gate.insert("stage", {**{name: stage[name] for name in STAGE_COLUMNS}, "pipeline_id": key})


STAGE_COLUMNS = (
    "name",
    "position",
    "type",
    "probability",
    "forecast_category",
    "rotting_days",
    "required_fields",
)


def stage_record(row: Row) -> dict[str, Any]:
    """A stage as JSON has it within its pipeline."""
    found = {name: row[name] for name in STAGE_COLUMNS if name != "required_fields"}
    return {**found, "required_fields": parted(row["required_fields"])}


def _usual() -> Row:
    return {"id": 0, "name": USUAL_NAME, "position": 0, "lost_reasons": joined(USUAL_LOST_REASONS)}


def _usual_stages() -> list[Row]:
    return [
        {**stage._asdict(), "id": -position, "pipeline_id": 0, "position": position, "required_fields": None}
        for position, stage in enumerate(USUAL_STAGES, 1)
    ]


def _listed(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(str(row["name"]) for row in rows)


def _named(what: str, name: str, rows: Sequence[Row], hint: str) -> Row:
    """The row that a name or an unambiguous part of one means."""
    wanted = " ".join(fold(name).split())
    keys = [" ".join(fold(row["name"]).split()) for row in rows]
    for fits in (
        lambda key: key == wanted,
        lambda key: key.startswith(wanted),
        lambda key: wanted in key,
    ):
        found = [row for row, key in zip(rows, keys, strict=True) if wanted and fits(key)]
        if len(found) == 1:
            return found[0]
        if found:
            options = [(str(row["name"]), what) for row in found]
            raise Ambiguous(f"'{name}' may be any of these {what}s", options, f"say more of the name of the {what}")
    close = nearest(name, [str(row["name"]) for row in rows], count=1)
    raise NotFound(f"there is no {what} '{name}'", f"did you mean {close[0]}? {hint}" if close else hint)

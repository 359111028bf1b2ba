"""Operations on pipelines and their stages; `who` is the pipeline, or the stage where the operation is about one."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import WHO, Operation, Values, check_flag, one, optional, text, texts_of

if TYPE_CHECKING:
    from crmcli.app import App

_PLAN = frozenset({"name", "first", "lost_reason"})
_STAGE = frozenset({"pipeline", "type", "probability", "forecast_category", "rotting_days", "before", "after"})


def _given(values: Values, *several: str) -> Values:
    """The values as texts, those of `several` as lists of them, and `first` as it is."""
    check_flag(values, "first")
    texts = {key: optional(values, key) for key in values if key not in ("first", *several)}
    lists = {key: texts_of(values, key) for key in several if values.get(key) is not None}
    return {**values, **texts, **lists}


def _add(app: "App", values: Values) -> list[str]:
    return [app.pipelines.add(text(values, "name"), _given(values, "stage", "lost_reason"))["id"]]


def _edit(app: "App", values: Values) -> list[str]:
    which = one(values)
    return [app.pipelines.edit(which, _given(values, "lost_reason", "remove_lost_reason"))[0]["id"]]


def _add_stage(app: "App", values: Values) -> list[str]:
    return [app.pipelines.add_stage(text(values, "name"), _given(values, "require"))["id"]]


def _edit_stage(app: "App", values: Values) -> list[str]:
    which = one(values)
    return [app.pipelines.edit_stage(which, _given(values, "require"))[0]["id"]]


def _remove_stage(app: "App", values: Values) -> list[str]:
    which, pipeline, to = one(values), optional(values, "pipeline"), optional(values, "to")
    return [app.pipelines.remove_stage(which, pipeline=pipeline, to=to)["id"]]


OPERATIONS = {
    "pipeline.add": Operation(_add, _PLAN | {"stage"}),
    "pipeline.edit": Operation(_edit, WHO | _PLAN | {"remove_lost_reason"}),
    "pipeline.rm": Operation(lambda app, v: [app.pipelines.remove(one(v))], WHO),
    "pipeline.add-stage": Operation(_add_stage, _STAGE | {"name", "require"}),
    "pipeline.edit-stage": Operation(_edit_stage, WHO | _STAGE | {"name", "require"}),
    "pipeline.rm-stage": Operation(_remove_stage, WHO | {"pipeline", "to"}),
}

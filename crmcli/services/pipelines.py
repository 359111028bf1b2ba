"""Editing pipelines: their names and order, their stages, and why deals in them are lost.

A stage that a deal ever was in stays as a row, marked by `ended_at`, since the history of those deals names it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.pipelines import CERTAIN, USUAL_LOST_REASONS, USUAL_STAGES, joined, parted
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import check_text
from crmcli.services.children import as_list
from crmcli.services.dealmoves import REQUIRABLE
from crmcli.services.pipelinereading import PipelineReading
from crmcli.services.values import choice, percent
from crmcli.store import pipelines
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

LONGEST_NAME = 100
MOST_DAYS = 36_500
LONGEST_DAYS = 9
"""More digits are no number of days; Python reads no number of thousands."""
NONE = "none"
ALL = "all"
HUNDRED = 100
# A percentage behind a name, as people write it where a stage is NAME=PERCENT: New 20, Visit:50, Offer, 80 %
_PERCENT = re.compile(r"(.*?[^\s:,])(?:\s*[:,]\s*|\s+)([0-9]{1,3})\s*%?", re.DOTALL)


class Pipelines(PipelineReading):
    """Pipelines and their stages."""

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a pipeline; returns its record.

        Args:
            name: what it is called.
            given: `stage`s, names of its open stages with or without `=60` for a probability of 60 percent, instead of
                the usual ones; `lost_reason`s, instead of the usual ones; `first`, to be meant where none is named.

        Raises:
            UsageError: the name is taken, or a value cannot be understood.
        """
        shown = _name(name, "pipeline")
        with self.app.writing() as gate:
            self.ensure(gate)
            self._refuse_taken(shown, None)
            there = pipelines.pipelines(self.app.store)
            reasons = joined(given["lost_reason"]) if given.get("lost_reason") else joined(USUAL_LOST_REASONS)
            values = {"name": shown, "position": 1 + max(row["position"] for row in there), "lost_reasons": reasons}
            key = gate.insert("pipeline", values)
            for position, stage in enumerate(_stages(as_list(given.get("stage") or [])), 1):
                gate.insert("stage", {**stage, "pipeline_id": key, "position": position})
            if given.get("first"):
                self._put_first(gate, key)
            return self.record(gate.fetch("pipeline", key))

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Change a pipeline; returns its record, and whether anything differed.

        `given` may have `name`, `first`, `lost_reason`s to add, and `remove_lost_reason`s, of which `all` is every one.

        Raises:
            UsageError: the name is taken, or a reason that is to go is none of it.
            NotFound, Ambiguous: there is no such pipeline, or there are several.
        """
        with self.app.writing() as gate:
            self.ensure(gate)
            before, row = gate.changes, self.find(which)
            values: dict[str, Any] = {}
            if given.get("name") is not None:
                values["name"] = _name(str(given["name"]), "pipeline")
                self._refuse_taken(values["name"], row["id"])
            kept = _without(row, as_list(given.get("remove_lost_reason") or []))
            values["lost_reasons"] = joined([*kept, *as_list(given.get("lost_reason") or [])])
            gate.update("pipeline", row["id"], values)
            if given.get("first"):
                self._put_first(gate, row["id"])
            return self.record(gate.fetch("pipeline", row["id"])), gate.changes > before

    def remove(self, which: str) -> str:
        """Remove a pipeline that never had a deal; returns its name.

        Raises:
            UsageError: it has deals, or is the only one.
        """
        with self.app.writing() as gate:
            self.ensure(gate)
            row = self.find(which)
            if len(self.rows()) == 1:
                raise UsageError(f"{row['name']} is the only pipeline", "add another first: crm pipeline add NAME")
            stages = self.stages(row, ended=True)
            if pipelines.has_deals(self.app.store, row["id"]) or any(
                pipelines.was_used(self.app.store, stage["id"]) for stage in stages
            ):
                hint = f"deals that were deleted count too; to see them: crm deal list 'pipeline:\"{row['name']}\"'"
                raise UsageError(f"the pipeline {row['name']} has deals, or had some", hint)
            for stage in stages:
                gate.delete("stage", stage["id"])
            gate.delete("pipeline", row["id"])
            return str(row["name"])

    def add_stage(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a stage to a pipeline; returns the record of the pipeline.

        Args:
            name: what it is called.
            given: `pipeline` (the first); `type` (open), `probability`, `forecast_category`, `rotting_days`,
                `require`, fields that a deal must have to get there; `before` or `after` another stage.

        Raises:
            UsageError: the name is taken, or a value cannot be understood.
        """
        shown = _name(name, "stage")
        with self.app.writing() as gate:
            self.ensure(gate)
            pipeline = self.find(given.get("pipeline"))
            values = {"name": shown, "type": "open", "probability": 0, **self._columns(given)}
            values |= _certain(values["type"], given)
            former = self._refuse_stage(pipeline, shown, None)
            if former is not None:  # it was there before, and deals were in it
                gate.update("stage", former["id"], {**values, "ended_at": None})
                key = former["id"]
            else:
                key = gate.insert("stage", {**values, "pipeline_id": pipeline["id"]})
            self.place(gate, pipeline, key, given)
            return self.record(pipeline)

    def edit_stage(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Change a stage; returns the record of its pipeline, and whether anything differed.

        `given` is as for `add_stage`, with `name`; `none` empties `rotting_days` and `require`.
        """
        with self.app.writing() as gate:
            self.ensure(gate)
            before, pipeline = gate.changes, self.find(given.get("pipeline"))
            row = self.stage(pipeline, which)
            if given.get("type") and given["type"] != row["type"] and pipelines.was_used(self.app.store, row["id"]):
                raise UsageError(f"{row['name']} has deals, or had some", "its type stays; add another stage instead")
            values = self._columns(given)
            if given.get("name") is not None:
                values["name"] = _name(str(given["name"]), "stage")
                self._refuse_stage(pipeline, values["name"], row["id"])
            values |= _certain(str(values.get("type", row["type"])), given)
            gate.update("stage", row["id"], values)
            if given.get("before") or given.get("after"):
                self.place(gate, pipeline, row["id"], given)
            return self.record(pipeline), gate.changes > before

    def leaving(self, which: str, pipeline: str | None = None) -> list[int]:
        """The keys of the deals that are in a stage, deleted ones included: those that must go elsewhere before it."""
        found = self.find(pipeline)
        return pipelines.deals_in(self.app.store, self.stage(found, which)["id"]) if found["id"] else []

    def remove_stage(self, which: str, *, pipeline: str | None = None, to: str | None = None) -> dict[str, Any]:
        """Take a stage out of use; returns the record of its pipeline.

        Args:
            which: the stage.
            pipeline: whose it is; the first one without it.
            to: the stage, of the same type, that its deals move to.

        Raises:
            UsageError: it has deals and `to` is not given, or is the last one of its type.
        """
        with self.app.writing() as gate:
            self.ensure(gate)
            whose = self.find(pipeline)
            row = self.stage(whose, which)
            others = [one for one in self.stages(whose) if one["type"] == row["type"] and one["id"] != row["id"]]
            if not others:
                raise UsageError(f"{row['name']} is the last stage of the type {row['type']}", "add another first")
            keys = pipelines.deals_in(self.app.store, row["id"])
            if keys:
                self._move(gate, keys, row, whose, to)
            if pipelines.was_used(self.app.store, row["id"]):
                gate.update("stage", row["id"], {"ended_at": gate.now})
            else:
                gate.delete("stage", row["id"])
            return self.record(whose)

    # --- what edits have in common

    def _columns(self, given: Mapping[str, Any]) -> dict[str, Any]:
        columns = TABLES["stage"].columns
        found: dict[str, Any] = {}
        readers: dict[str, Callable[[str], Any]] = {
            "type": lambda text: choice(columns["type"], text),
            "probability": lambda text: percent(columns["probability"], text),
            "forecast_category": lambda text: choice(columns["forecast_category"], text),
            "rotting_days": _days,
        }
        for name, read in readers.items():
            if given.get(name) is not None:
                found[name] = read(str(given[name]))
        if given.get("require"):
            found["required_fields"] = _required(as_list(given["require"]))
        return found

    def _refuse_taken(self, name: str, mine: int | None) -> None:
        for row in pipelines.pipelines(self.app.store):
            if row["name_key"] == name_key(name)[:400] and row["id"] != mine:
                raise UsageError(f"there is a pipeline '{row['name']}' already", "see: crm pipeline list")

    def _refuse_stage(self, pipeline: Row, name: str, mine: int | None) -> Row | None:
        """Refuse the name of a stage that another one has; returns a former stage of this name, which may come back."""
        for row in self.stages(pipeline, ended=True):
            if row["name_key"] == name_key(name)[:400] and row["id"] != mine:
                if row["ended_at"] and mine is None:
                    return row
                raise UsageError(f"{pipeline['name']} has or had a stage '{row['name']}'", "see: crm pipeline list")
        return None

    def _put_first(self, gate: "Gate", key: int) -> None:
        order = [key, *(row["id"] for row in pipelines.pipelines(self.app.store) if row["id"] != key)]
        for position, one in enumerate(order):
            gate.update("pipeline", one, {"position": position})

    def place(self, gate: "Gate", pipeline: Row, key: int, given: Mapping[str, Any]) -> None:
        """Put a stage where it belongs: beside the one that is named, else behind those of its type."""
        if given.get("before") and given.get("after"):
            raise UsageError("both --before and --after were given", "give one of them")
        stages = self.stages(pipeline)
        own = next(row for row in stages if row["id"] == key)
        order = [row for row in stages if row["id"] != key]
        named = given.get("before") or given.get("after")
        if named:
            beside = self.stage(pipeline, str(named))
            if beside["id"] == key:
                raise UsageError(f"{own['name']} cannot stand beside itself", "name another stage")
            place = order.index(next(row for row in order if row["id"] == beside["id"])) + bool(given.get("after"))
        else:
            rank = ("open", "won", "lost")
            place = sum(rank.index(row["type"]) <= rank.index(own["type"]) for row in order)
        order.insert(place, own)
        for position, row in enumerate(order, 1):
            gate.update("stage", row["id"], {"position": position})

    def _move(self, gate: "Gate", keys: Sequence[int], row: Row, whose: Row, to: str | None) -> None:
        if not to:
            count = f"{len(keys)} deal" + ("s" if len(keys) > 1 else "")
            raise UsageError(f"{row['name']} has {count}, deleted ones included", "say where they go: --to STAGE")
        target = self.stage(whose, to)
        if target["id"] == row["id"] or target["type"] != row["type"]:
            raise UsageError(f"{target['name']} cannot take them", f"name another stage of the type {row['type']}")
        for key in keys:
            self.app.deals.shift(gate, key, target)


def _name(text: str, what: str) -> str:
    return check_text(text, what=f"the name of a {what}", max_length=LONGEST_NAME, required=True)


def _without(row: Row, gone: Sequence[Any]) -> list[str]:
    """The reasons of a pipeline without some of them. Raises UsageError for one that it has not."""
    known = {name_key(one): one for one in parted(row["lost_reasons"])}
    for text in map(str, gone):
        if name_key(text) == ALL:
            return []
        if known.pop(name_key(text), None) is None:
            there = parted(row["lost_reasons"])
            close = nearest(text, there, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            listed = f"reasons: {', '.join(there)}" if there else "it has none: any is taken"
            raise UsageError(f"'{text.strip()[:60]}' is no reason of {row['name']}", hint + listed)
    return list(known.values())


def _stages(texts: Sequence[Any]) -> list[dict[str, Any]]:
    """The stages of a new pipeline: the usual ones, or those named, with the usual won and lost."""
    usual = [{**stage._asdict(), "required_fields": None} for stage in USUAL_STAGES]
    if not texts:
        return usual
    found = []
    for number, text in enumerate(texts, 1):
        name, equals, likely = str(text).partition("=")
        if not equals:
            _refuse_percent(name)
        usual_percent = round(100 * number / (len(texts) + 1))
        probability = percent(TABLES["stage"].columns["probability"], likely) if likely.strip() else usual_percent
        found.append({"name": _name(name, "stage"), "type": "open", "probability": probability})
    found += [stage for stage in usual if stage["type"] != "open"]
    if len({name_key(str(stage["name"])) for stage in found}) < len(found):
        raise UsageError(
            "two stages have the same name", "each stage of a pipeline has its own; won and lost are there"
        )
    return found


def _refuse_percent(name: str) -> None:
    """Refuse the name of a stage that ends like a percentage: that would get another one. Raises UsageError."""
    found = _PERCENT.fullmatch(name.strip())
    if found and int(found[2]) <= HUNDRED:
        hint = f"did you mean '{found[1]}={found[2]}'? to call it so, say its percentage: '{name.strip()}=50'"
        raise UsageError(f"'{name.strip()[:60]}' would be the whole name of a stage", hint)


def _certain(type: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a stage of won or lost deals is bound to say."""
    if type not in CERTAIN:
        return {}
    probability, category = CERTAIN[type]
    if given.get("probability") is not None and str(given["probability"]).strip(" %") != str(probability):
        raise UsageError(f"in a stage of the type {type} the probability is {probability} %", "leave it out")
    return {"probability": probability, "forecast_category": category, "rotting_days": None}


def _days(text: str) -> int | None:
    plain = text.strip().lower()
    if plain in (NONE, ""):
        return None
    if not plain.isascii() or not plain.isdigit() or len(plain) > LONGEST_DAYS or not 0 < int(plain) <= MOST_DAYS:
        raise UsageError(
            f"'{text[:40]}' is not a number of days", "write 14, or none for a stage in which nothing rots"
        )
    return int(plain)


def _required(names: Sequence[Any]) -> str | None:
    """The names of required fields as they are kept; None for `none`.

    Raises:
        UsageError: deals have no such field.
    """
    words = [word.strip().lower().replace("-", "_") for name in names for word in str(name).split(",") if word.strip()]
    if words == [NONE]:
        return None
    known = {"close": "close_date", "role": "roles", "line": "lines"}
    found = [known.get(word, word) for word in words]
    for word in found:
        if word not in REQUIRABLE and not word.startswith("custom."):
            raise UsageError(f"a deal has no field '{word}'", f"one of: {', '.join(REQUIRABLE)}, custom.KEY; or none")
    return joined(found)

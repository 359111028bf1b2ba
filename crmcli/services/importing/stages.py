"""Where the deals of a file stand: pipelines and stages by name, those of other programs by what they are to us."""

from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.pipelines import CERTAIN, USUAL_LOST_REASONS, USUAL_STAGES, joined
from crmcli.store import pipelines, sales
from crmcli.store.connection import Row
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_NAME = 100
# Names that other programs give the stages that everybody has, and ours for them.
ALIASES = {
    name: ours
    for ours, names in {
        "prospecting": ("appointment scheduled", "appointmentscheduled", "lead in", "prospect", "new", "open", "lead"),
        "qualification": (
            *("qualified to buy", "qualifiedtobuy", "qualified", "contact made", "needs analysis", "needs defined"),
            *("value proposition", "discovery"),
        ),
        "proposal": (
            *("presentation scheduled", "presentationscheduled", "demo scheduled", "proposal made", "proposal sent"),
            *("proposal price quote", "perception analysis", "id decision makers", "quote sent", "offer"),
            *("decision maker bought in", "decisionmakerboughtin"),
        ),
        "negotiation": ("contract sent", "contractsent", "negotiations started", "negotiation review", "closing"),
        "won": ("closed won", "closedwon"),
        "lost": ("closed lost", "closedlost"),
    }.items()
    for name in names
}
# What pipelines are called that nobody named: those that a program begins with.
USUAL_PIPELINES = frozenset({"", "sales", "pipeline", "sales pipeline", "default", "default pipeline"})


class Stand(NamedTuple):
    """The pipeline and the stage of a deal; `type` is open, won or lost."""

    pipeline: int
    stage: int
    type: str


class Stages:
    """Finding pipelines and stages, and adding those that are not here.

    Args:
        app: the App.
        gate: of the open transaction.

    `made` names the stages that were added.
    """

    def __init__(self, app: "App", gate: "Gate") -> None:
        self.app = app
        self.gate = gate
        self.made: list[str] = []
        self._pipelines: list[Row] = []
        self._stages: dict[int, list[Row]] = {}

    def forget(self) -> None:
        """Look everything up again: a part of the transaction was rolled back."""
        self._pipelines.clear()
        self._stages.clear()

    def of(self, pipeline: str, stage: str, type: str, probability: int | None) -> Stand:
        """Where a deal stands.

        Args:
            pipeline: what the file calls the pipeline; "" where it names none.
            stage: what it calls the stage.
            type: open, won or lost, where the file says so; else "".
            probability: how likely such a deal is won, in percent, where the file says so.
        """
        whose = self._pipeline(" ".join(pipeline.split())[:LONGEST_NAME])
        stages = self._of(whose["id"])
        name = " ".join(stage.split())[:LONGEST_NAME]
        found = self._named(stages, name, type)
        if found is None and (not name or type in ("won", "lost")):
            found = next((row for row in stages if row["type"] == (type or "open") and not row["ended_at"]), None)
        if found is None:
            found = self._add(whose["id"], name or type or "open", type or "open", probability)
        return Stand(whose["id"], found["id"], found["type"])

    def _named(self, stages: list[Row], name: str, type: str) -> Row | None:
        """The stage of this name, or the usual one that it is; one of another type is another stage."""
        key = name_key(name)
        for wanted in (
            key,
            ALIASES.get(" ".join(key.replace("/", " ").replace(".", " ").replace("-", " ").split()), key),
        ):
            for row in stages:
                if row["name_key"] == wanted and type in ("", row["type"]):
                    return row
        return None

    def _pipeline(self, name: str) -> Row:
        rows = self._pipelines or pipelines.pipelines(self.app.store)
        if not rows:
            self.app.pipelines.ensure(self.gate)
            rows = self.app.pipelines.rows()
        self._pipelines = rows
        key = name_key(name)
        found = next((row for row in rows if row["name_key"] == key), None)
        if found is None and key in USUAL_PIPELINES:
            found = rows[0]
        if found is None:
            found = self._new(name, 1 + max(row["position"] for row in rows))
            self._pipelines.append(found)
        return found

    def _new(self, name: str, position: int) -> Row:
        """A pipeline of the file's: its stages come with its deals; those of won and lost ones there are at once."""
        values = {"name": name, "position": position, "lost_reasons": joined(USUAL_LOST_REASONS)}
        key = self.gate.insert("pipeline", values)
        for place, stage in enumerate((stage for stage in USUAL_STAGES if stage.type != "open"), 1):
            self.gate.insert("stage", {**stage._asdict(), "pipeline_id": key, "position": place})
        return self.gate.fetch("pipeline", key)

    def _of(self, pipeline: int) -> list[Row]:
        if pipeline not in self._stages:
            self._stages[pipeline] = sales.children(self.app.store, "stage", "pipeline_id", pipeline)
            self._stages[pipeline].sort(key=lambda row: (row["position"], row["id"]))
        return self._stages[pipeline]

    def _add(self, pipeline: int, name: str, type: str, probability: int | None) -> Row:
        """Add a stage behind the others of its type; an open one is as likely as its first deal says."""
        percent, category = CERTAIN.get(type, (probability or 0, "pipeline"))
        values: dict[str, Any] = {"pipeline_id": pipeline, "name": name, "type": type}
        key = self.gate.insert("stage", {**values, "probability": percent, "forecast_category": category})
        self.app.pipelines.place(self.gate, self.gate.fetch("pipeline", pipeline), key, {})
        self._stages.pop(pipeline, None)
        self.made.append(name)
        return next(row for row in self._of(pipeline) if row["id"] == key)

"""The board: a pipeline with what stands in each of its stages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.money import plain
from crmcli.store import boards, deals
from crmcli.store.connection import Row
from crmcli.store.filters import parse

if TYPE_CHECKING:
    from crmcli.app import App

CLOSED_DAYS = 30
"""Of won and lost deals a board has those of so many days."""


class Boards:
    """Boards of pipelines."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def board(self, name: str | None = None, text: str = "", *, most: int | None = None) -> dict[str, Any]:
        """A pipeline, with `totals` and `stages`, each with `count`, `rotting`, `totals` by currency and its `deals`.

        Args:
            name: the pipeline; the first one without it.
            text: a filter: only deals that match count.
            most: how many deals of a stage at most, the next to close first; None for all. All are counted.

        Raises:
            NotFound, Ambiguous: the pipeline.
            UsageError: the filter is wrong.
        """
        app = self.app
        pipeline = app.pipelines.find(name)
        where = boards.condition(app.store, parse(text), app.clock, app.users.key, pipeline["id"])
        since = stamp(app.clock.now() - timedelta(days=CLOSED_DAYS))
        found = [
            *boards.sums(app.store, where, app.clock, boards.OPEN),
            *boards.sums(app.store, where, app.clock, boards.closed_since(since)),
        ]
        stages = [self._stage(stage, found, where, since, most) for stage in app.pipelines.stages(pipeline)]
        running = [row for row in found if row["stage_id"] in _keys(app.pipelines.stages(pipeline), "open")]
        return {
            "id": pipeline["name"],
            "name": pipeline["name"],
            "count": sum(row["deals"] for row in running),
            "rotting": sum(row["rotting"] for row in running),
            "totals": _totals(running),
            "closed_days": CLOSED_DAYS,
            "stages": stages,
        }

    def _stage(
        self, stage: Row, sums: Sequence[Row], where: deals.Condition, since: str, most: int | None
    ) -> dict[str, Any]:
        own = [row for row in sums if row["stage_id"] == stage["id"]]
        which = boards.OPEN if stage["type"] == "open" else boards.closed_since(since)
        here = f"deal.stage_id = {int(stage['id'])} AND {which} AND {where[0]}", where[1]
        rows = deals.page(self.app.store, here, "close", most, only_open=False) if own else []
        return {
            "name": stage["name"],
            "type": stage["type"],
            "probability": stage["probability"],
            "rotting_days": stage["rotting_days"],
            "count": sum(row["deals"] for row in own),
            "rotting": sum(row["rotting"] for row in own),
            "totals": _totals(own),
            "deals": deals.records(self.app.store, rows[:most] if most is not None else rows, self.app.now),
        }


def _keys(stages: Sequence[Row], type: str) -> set[int]:
    return {stage["id"] for stage in stages if stage["type"] == type}


def _totals(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Amounts and weighted amounts by currency."""
    found: dict[str, list[int]] = {}
    for row in rows:
        if row["currency"]:
            sums = found.setdefault(row["currency"], [0, 0, 0])
            for place, name in enumerate(("deals", "amount", "weighted")):
                sums[place] += row[name]
    return [_total(currency, *sums) for currency, sums in sorted(found.items())]


def _total(currency: str, count: int, amount: int, weighted: int) -> dict[str, Any]:
    return {
        "currency": currency,
        "count": count,
        "amount": plain(amount, currency),
        "amount_minor": amount,
        "weighted": plain(weighted, currency),
        "weighted_minor": weighted,
    }

"""Pipelines: what they are made of, and the board as data."""

from collections.abc import Iterator
from typing import Any

from crmcli.render.view import Column, Record, View


def _name(record: Record) -> str:
    return str(record["name"])


def _stages(record: Record) -> list[str]:
    return [f"{stage['name']} {stage['probability']} %" for stage in record["stages"]]


VIEW = View(
    schema="crm.pipeline",
    columns=(
        Column("id", "Id", "id", shown=False, help="Its name"),
        Column("name", "Pipeline", help="Its name"),
        Column("stages", "Stages", "list", _stages, wide=True, help="Its stages, with their probabilities"),
        Column("lost_reasons", "Lost because", "list", wide=True, drop=1, help="Why deals in it may be lost"),
        Column("position", "Position", "number", shown=False, help="Its place; the first is meant without a name"),
    ),
    json=("id", "name", "position", "lost_reasons", "stages"),
    title=_name,
)


BOARD = View(
    schema="crm.pipeline.board",
    columns=(
        Column("pipeline", "Pipeline", get=_name, help="Its name"),
        Column("stage", "Stage", help="Name of the stage"),
        Column("type", "Type", "enum", help="open, won or lost"),
        Column("probability", "Likely", "number", help="How likely a deal in it is won, in percent"),
        Column("count", "Deals", "number", help="How many deals; of won and lost ones those of the last 30 days"),
        Column("currency", "Currency", "enum", help="Currency of the amounts"),
        Column("amount", "Amount", "money", help="Sum of the amounts"),
        Column("weighted", "Weighted", "money", help="Sum of amount x probability"),
        Column("rotting", "Rotting", "number", help="How many are in it for longer than it allows"),
        Column("rotting_days", "Rots after", "number", shown=False, help="Days after which a deal in it rots"),
    ),
    json=("id", "name", "count", "rotting", "totals", "closed_days", "stages"),
    title=_name,
)
"""The board: one record in JSON, rows of stages in flat formats."""


def rows(board: Record) -> Iterator[dict[str, Any]]:
    """A row for each stage of a board, and for each currency of its deals."""
    for stage in board["stages"]:
        own = {name: stage[name] for name in ("type", "probability", "rotting_days", "rotting")}
        own |= {"id": stage["name"], "stage": stage["name"], "name": board["name"], "count": stage["count"]}
        totals = stage["totals"] or [{"currency": None, "amount": None, "weighted": None}]
        for total in totals:
            count = total.get("count", stage["count"]) if len(totals) > 1 else stage["count"]
            yield {**own, "count": count, **{name: total[name] for name in ("currency", "amount", "weighted")}}

"""The operations of a batch about rates and goals, and what an operation is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]


class Operation(NamedTuple):
    """An operation: what runs it and returns the ids of what it made or changed, and the keys that it knows."""

    run: Callable[["App", Values], list[str]]
    keys: frozenset[str]


def operations() -> dict[str, Operation]:
    """`rate.set`, `rate.rm`, `goal.set` and `goal.rm`; a rate and an amount are texts or whole numbers."""
    return {
        "rate.set": Operation(_set_rate, frozenset({"base", "quote", "rate", "date", "source"})),
        "rate.rm": Operation(_remove_rate, frozenset({"base", "quote", "date"})),
        "goal.set": Operation(_set_goal, frozenset({"amount", "by", "owner", "currency", "metric", "from", "name"})),
        "goal.rm": Operation(_remove_goals, frozenset({"id"})),
    }


def _set_rate(app: "App", values: Values) -> list[str]:
    rate = _needed(values, "rate")
    day, source = _text(values, "date"), _text(values, "source")
    record, _ = app.rates.set(_needed(values, "base"), _needed(values, "quote"), rate, day=day, source=source)
    return [record["id"]]


def _remove_rate(app: "App", values: Values) -> list[str]:
    return [app.rates.remove(_needed(values, "base"), _needed(values, "quote"), day=_text(values, "date"))["id"]]


def _set_goal(app: "App", values: Values) -> list[str]:
    more = {name: _text(values, name) for name in ("owner", "currency", "metric", "name")}
    goal = app.goals.set(_needed(values, "amount"), _needed(values, "by"), first=_text(values, "from"), **more)
    return [goal["id"]]


def _remove_goals(app: "App", values: Values) -> list[str]:
    named = [str(one) for one in as_list(values.get("id") or [])]
    if not named:
        raise UsageError("the line names no goal", '"id": "g1"')
    return [record["id"] for record in app.goals.remove(named)]


def _text(values: Values, key: str) -> str | None:
    """A value as text. Raises UsageError for a number with decimals, which JSON does not keep as it was written."""
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UsageError(f"{key} is no text", f'write it in quotes: "{key}": "1.0842"')
    return str(value)


def _needed(values: Values, key: str) -> str:
    value = _text(values, key)
    if not value:
        raise UsageError(f"the line has no {key}", f'"{key}": "…"')
    return value

"""Operations on rates, goals and kept forecasts; a rate and an amount are texts or whole numbers."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import WHO, Operation, Values, ids, optional, text, who

if TYPE_CHECKING:
    from crmcli.app import App

_PAIR = frozenset({"base", "quote", "from"})


def _set_rate(app: "App", values: Values) -> list[str]:
    rate, since, source = text(values, "rate"), optional(values, "from"), optional(values, "source")
    record, _ = app.rates.set(text(values, "base"), text(values, "quote"), rate, since=since, source=source)
    return [record["id"]]


def _remove_rate(app: "App", values: Values) -> list[str]:
    return [app.rates.remove(text(values, "base"), text(values, "quote"), since=optional(values, "from"))["id"]]


def _set_goal(app: "App", values: Values) -> list[str]:
    more = {name: optional(values, name) for name in ("owner", "currency", "metric", "name")}
    goal = app.goals.set(text(values, "amount"), text(values, "by"), first=optional(values, "from"), **more)
    return [goal["id"]]


def _save_forecast(app: "App", values: Values) -> list[str]:
    return ids(app.forecasts.save(optional(values, "currency")))


OPERATIONS = {
    "forecast.save": Operation(_save_forecast, frozenset({"currency"})),
    "rate.set": Operation(_set_rate, _PAIR | {"rate", "source"}),
    "rate.rm": Operation(_remove_rate, _PAIR),
    "goal.set": Operation(_set_goal, frozenset({"amount", "by", "owner", "currency", "metric", "from", "name"})),
    "goal.rm": Operation(lambda app, v: ids(app.goals.remove(who(v))), WHO),
}

"""Operations on cases."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.services.batch.operation import (
    WHO,
    Operation,
    Values,
    check_flag,
    columns,
    ids,
    one,
    optional,
    text,
    who,
)

if TYPE_CHECKING:
    from crmcli.app import App

_SET = columns("support_case") - {"contact", "company"} | WHO | {"set", "external"}
_REPLY = columns("interaction") - {"direction", "body", "satisfaction"} | WHO | {"text", "pending"}
_ENDED = WHO | {"resolution", "satisfaction"}


def _step(name: str) -> Callable[["App", Values], list[str]]:
    return lambda app, v: ids(getattr(app.casesteps, name)(who(v)))


def _reply(app: "App", values: Values) -> list[str]:
    check_flag(values, "pending")
    return [app.casesteps.reply(one(values), optional(values, "text"), values)["id"]]


def _described(values: Values) -> Values:
    """The values with the text that stands without a flag as what it is called."""
    told = optional(values, "text")
    return values if told is None else {**values, "description": told}


def _resolve(app: "App", values: Values) -> list[str]:
    check_flag(values, "no_aftercare")
    return ids(app.casesteps.resolve(who(values), values))


OPERATIONS = {
    "case.open": Operation(
        lambda app, v: [app.cases.open(one(v), text(v, "subject"), _described(v))["id"]],
        _SET - {"resolution"} | {"at", "interaction", "text"},
    ),
    "case.edit": Operation(
        lambda app, v: [app.cases.edit(one(v), _described(v))[0]["id"]], _SET | {"satisfaction", "unset", "text"}
    ),
    "case.reply": Operation(_reply, _REPLY),
    "case.pending": Operation(_step("pending"), WHO),
    "case.resolve": Operation(_resolve, _ENDED | {"no_aftercare"}),
    "case.close": Operation(lambda app, v: ids(app.casesteps.close(who(v), v)), _ENDED),
    "case.reopen": Operation(_step("reopen"), WHO),
    "case.assign": Operation(lambda app, v: ids(app.cases.assign(who(v), text(v, "user"))), WHO | {"user"}),
    "case.rm": Operation(lambda app, v: ids(app.cases.remove(who(v))), WHO),
    "case.restore": Operation(lambda app, v: ids(app.cases.restore(who(v))), WHO),
}

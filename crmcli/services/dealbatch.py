"""Operations of `crm batch` on deals: `{"op": "deal.add", "name": "Engine No. 2", "contact": "c1", "amount": 9}`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.flags import aliases, flag_name, settable

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]
_WHO = frozenset({"who", "id"})
_NEXT = frozenset({"next", "next_due"})
_COLUMNS = frozenset(name for column in settable("deal") for name in (flag_name(column), *aliases(column)))
_SHARED = _COLUMNS | {"name", "amount", "stage", "pipeline", "role", "set", "external", "reason", "at"}
_ADDED = _SHARED | _NEXT | {"line", "uid"}
_EDITED = _SHARED | _WHO | {"add_line", "remove_line", "remove_role", "unset"}


def operations() -> "dict[str, tuple[Callable[[App, Values], list[str]], frozenset[str]]]":
    """Every operation by its name: what runs it and returns ids, and the keys that it knows."""
    return {
        "deal.add": (lambda app, v: [app.deals.add(str(v.pop("name", "")), v)["id"]], _ADDED),
        "deal.edit": (lambda app, v: [app.deals.edit(_one(v), v)[0]["id"]], _EDITED),
        "deal.move": (
            lambda app, v: _ids(app.deals.move(_which(v), _said(v, "stage"), **_rest(v, "stage"))),
            _WHO | _NEXT | {"stage", "pipeline", "at", "reason", "no_aftercare"},
        ),
        "deal.won": (lambda app, v: _ids(app.deals.won(_which(v), **_rest(v))), _WHO | {"at", "no_aftercare"}),
        "deal.lost": (
            lambda app, v: _ids(app.deals.lost(_which(v), v.get("reason"), **_rest(v, "reason"))),
            _WHO | {"at", "reason"},
        ),
        "deal.reopen": (
            lambda app, v: _ids(app.deals.reopen(_which(v), v.get("stage"), **_rest(v, "stage"))),
            _WHO | _NEXT | {"stage", "close"},
        ),
        "deal.rm": (lambda app, v: _ids(app.deals.remove(_which(v))), _WHO),
        "deal.restore": (lambda app, v: _ids(app.deals.restore(_which(v))), _WHO),
    }


def _which(values: Mapping[str, Any]) -> list[str]:
    named = values.get("who", values.get("id"))
    if named in (None, "", []):
        raise UsageError("the line names no deal", '"id": "d1"')
    return [str(one) for one in as_list(named)]


def _one(values: Values) -> str:
    named = _which(values)
    for key in _WHO:
        values.pop(key, None)
    if len(named) > 1:
        raise UsageError("the line names several deals", "this operation takes one")
    return named[0]


def _said(values: Mapping[str, Any], key: str) -> str:
    if not isinstance(values.get(key), str):
        raise UsageError(f"the line has no {key}", f'"{key}": "…"')
    return str(values[key])


def _rest(values: Mapping[str, Any], *less: str) -> Values:
    return {key: value for key, value in values.items() if key not in (*_WHO, *less)}


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [str(record["id"]) for record in records]

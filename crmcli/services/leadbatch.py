"""Operations of `crm batch` on leads: `{"op": "lead.convert", "who": "c1", "deal": "Engine No. 2", "amount": 9}`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.flags import LISTS, aliases, flag_name, settable
from crmcli.services.leads import DEAL

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]
_WHO = frozenset({"who", "id"})
_COLUMNS = frozenset(name for column in settable("contact") for name in (flag_name(column), *aliases(column)))
_ADDED = _COLUMNS | frozenset(LISTS["contact"]) | {"name", "role", "started_on", "ended_on", "source"}


def operations() -> "dict[str, tuple[Callable[[App, Values], list[str]], frozenset[str]]]":
    """Every operation by its name: what runs it and returns ids, and the keys that it knows."""
    return {
        "lead.add": (lambda app, v: [app.leads.add(str(v.pop("name", "")), v)["id"]], _ADDED),
        "lead.qualify": (
            lambda app, v: _ids(app.leads.qualify(_who(v), stage=_text(v, "stage"), note=_text(v, "note"))),
            _WHO | {"stage", "note"},
        ),
        "lead.disqualify": (lambda app, v: _ids(app.leads.disqualify(_who(v), _text(v, "reason"))), _WHO | {"reason"}),
        "lead.convert": (
            lambda app, v: _ids(app.leads.convert(_who(v), v)),
            _WHO | {"deal", "customer", "note", *DEAL},
        ),
        "lead.assign": (lambda app, v: _ids(app.leads.assign(_who(v), _user(v))), _WHO | {"user"}),
    }


def _who(values: Mapping[str, Any]) -> list[str]:
    named = values.get("who", values.get("id"))
    if named in (None, "", []):
        raise UsageError("the line names nobody", '"who": "c1"')
    return [str(one) for one in as_list(named)]


def _text(values: Mapping[str, Any], key: str) -> str | None:
    return None if values.get(key) is None else str(values[key])


def _user(values: Mapping[str, Any]) -> str | None:
    """Whom the line names; nobody for an empty text."""
    if not isinstance(values.get("user"), str):
        raise UsageError("the line has no user", '"user": "ada", or "user": "" for nobody')
    return str(values["user"]).strip() or None


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [str(record["id"]) for record in records]

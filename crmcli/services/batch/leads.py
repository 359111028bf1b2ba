"""Operations on leads: `{"op": "lead.convert", "who": "c1", "deal": "Engine No. 2", "amount": 9}`."""

from collections.abc import Mapping
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.services.batch.operation import WHO, Operation, columns, ids, optional, taken, who
from crmcli.services.flags import LISTS
from crmcli.services.leads import DEAL

_ADDED = columns("contact") | frozenset(LISTS["contact"]) | {"name", "role", "started_on", "ended_on", "source"}


def _user(values: Mapping[str, Any]) -> str | None:
    """Whom the line names; nobody for an empty text."""
    if not isinstance(values.get("user"), str):
        raise UsageError("the line has no user", '"user": "ada", or "user": "" for nobody')
    return str(values["user"]).strip() or None


OPERATIONS = {
    "lead.add": Operation(lambda app, v: [app.leads.add(taken(v, "name"), v)["id"]], _ADDED),
    "lead.qualify": Operation(
        lambda app, v: ids(app.leads.qualify(who(v), stage=optional(v, "stage"), note=optional(v, "note"))),
        WHO | {"stage", "note"},
    ),
    "lead.disqualify": Operation(
        lambda app, v: ids(app.leads.disqualify(who(v), optional(v, "reason"))), WHO | {"reason"}
    ),
    "lead.convert": Operation(
        lambda app, v: ids(app.leads.convert(who(v), v)), WHO | {"deal", "customer", "note", *DEAL}
    ),
    "lead.assign": Operation(lambda app, v: ids(app.leads.assign(who(v), _user(v))), WHO | {"user"}),
}

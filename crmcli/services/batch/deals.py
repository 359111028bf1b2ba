"""Operations on deals: `{"op": "deal.add", "name": "Engine No. 2", "contact": "c1", "amount": 9}`."""

from crmcli.services.batch.operation import WHO, Operation, columns, ids, one, optional, rest, taken, text, who

_NEXT = {"next", "next_due"}
_SHARED = columns("deal") | {"name", "amount", "stage", "pipeline", "role", "set", "external", "reason", "at"}

OPERATIONS = {
    "deal.add": Operation(lambda app, v: [app.deals.add(taken(v, "name"), v)["id"]], _SHARED | _NEXT | {"line", "uid"}),
    "deal.edit": Operation(
        lambda app, v: [app.deals.edit(one(v), v)[0]["id"]],
        _SHARED | WHO | {"add_line", "line", "remove_line", "remove_role", "unset"},
    ),
    "deal.move": Operation(
        lambda app, v: ids(app.deals.move(who(v), text(v, "stage"), **rest(v, "stage"))),
        WHO | _NEXT | {"stage", "pipeline", "at", "reason", "no_aftercare"},
    ),
    "deal.won": Operation(lambda app, v: ids(app.deals.won(who(v), **rest(v))), WHO | {"at", "no_aftercare"}),
    "deal.lost": Operation(
        lambda app, v: ids(app.deals.lost(who(v), optional(v, "reason"), **rest(v, "reason"))), WHO | {"at", "reason"}
    ),
    "deal.reopen": Operation(
        lambda app, v: ids(app.deals.reopen(who(v), optional(v, "stage"), **rest(v, "stage"))),
        WHO | _NEXT | {"stage", "close"},
    ),
    "deal.rm": Operation(lambda app, v: ids(app.deals.remove(who(v))), WHO),
    "deal.restore": Operation(lambda app, v: ids(app.deals.restore(who(v))), WHO),
}

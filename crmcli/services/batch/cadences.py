"""Operations on how often to be in touch."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import WHO, Operation, Values, ids, one, optional, text, who

if TYPE_CHECKING:
    from crmcli.app import App


def _set(app: "App", values: Values) -> list[str]:
    """`every` says how often; `who`, or `where` with or without `noun`, with whom."""
    where, noun = optional(values, "where"), optional(values, "noun")
    named = "" if where is not None else one(values)
    record, _ = app.cadences.set(text(values, "every"), values, who=named, where=where or "", noun=noun)
    return [record["id"]]


OPERATIONS = {
    "cadence.set": Operation(_set, WHO | {"every", "max", "via", "owner", "where", "noun"}),
    "cadence.rm": Operation(lambda app, v: ids(app.cadences.remove(who(v))), WHO),
    "cadence.pause": Operation(lambda app, v: ids(app.cadences.pause(who(v), optional(v, "until"))), WHO | {"until"}),
    "cadence.resume": Operation(lambda app, v: ids(app.cadences.resume(who(v))), WHO),
}

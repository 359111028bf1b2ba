"""Operations on contacts and companies."""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.services.batch.operation import WHO, Operation, Values, columns, one, optional, taken, who
from crmcli.services.children import as_list
from crmcli.services.flags import LISTS, PRIMARY, REMOVALS
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

_NAMES = {"contact": {"name", "role", "started_on", "ended_on"}, "company": {"name"}}


def _operations(noun: str) -> dict[str, Operation]:
    adding = columns(noun) | frozenset(LISTS[noun]) | _NAMES[noun]
    editing = adding | frozenset(REMOVALS[noun]) | frozenset(PRIMARY) | WHO

    def service(app: "App") -> Any:
        return app.contacts if noun == "contact" else app.companies

    return {
        f"{noun}.add": Operation(lambda app, v: [service(app).add(taken(v, "name"), v)["id"]], adding),
        f"{noun}.edit": Operation(lambda app, v: [service(app).edit(one(v), v)[0]["id"]], editing),
        f"{noun}.rm": Operation(lambda app, v: [party.ref for party in service(app).remove(who(v))], WHO),
        f"{noun}.restore": Operation(lambda app, v: [party.ref for party in service(app).restore(who(v))], WHO),
        f"{noun}.tag": Operation(lambda app, v: _tag(service(app), v, remove=False), WHO | {"tag"}),
        f"{noun}.untag": Operation(lambda app, v: _tag(service(app), v, remove=True), WHO | {"tag"}),
        f"{noun}.merge": Operation(lambda app, v: _merge(app, noun, v), WHO | {"keep", "prefer", "take"}),
    }


def _tag(service: Any, values: Values, *, remove: bool) -> list[str]:
    found, _ = service.tag(who(values), [str(tag) for tag in as_list(values.get("tag") or [])], remove=remove)
    return [party.ref for party in found]


def _merge(app: "App", noun: str, values: Values) -> list[str]:
    """Merge the records that a line names into the first of them; `take` is an object of fields and records."""
    take = values.get("take", {})
    if not isinstance(take, dict):
        raise UsageError("take is not an object", '"take": {"job_title": "c2"}')
    named = {str(field): str(party) for field, party in take.items()}
    keep, prefer = optional(values, "keep"), str(values.get("prefer", "kept"))
    return [app.merging.merge(noun, who(values), keep=keep, prefer=prefer, take=named).kept.ref]


OPERATIONS = {name: operation for noun in PARTIES for name, operation in _operations(noun).items()}

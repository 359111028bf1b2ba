"""Many operations in one process and one transaction: JSON Lines like `{"op": "log.in", "who": "c1", "text": "…"}`."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.similarity import nearest
from crmcli.services import batchplans, dealbatch, goods, leadbatch
from crmcli.services.batchplans import Operation, Values
from crmcli.services.children import as_list
from crmcli.services.flags import LISTS, PRIMARY, REMOVALS, aliases, flag_name, settable

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NAMED = ("contact.", "company.", "lead.")
EXAMPLE = '{"op": "log.in", "who": "c1", "text": "…"}'


class Batch:
    """Applying operations."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self.operations = operations()

    def run(self, lines: Iterable[str], *, keep_going: bool = False, dry_run: bool = False) -> list[Values]:
        """Apply every line; returns for each its number, op, whether it worked, ids and error.

        Without `keep_going` the first line that fails undoes all of them. With `dry_run` all is done and taken back.

        Raises:
            CrmError: of the kind that the failing line had, naming the line.
        """
        results: list[Values] = []
        with self.app.writing(rehearsal=dry_run) as gate:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    results.append(self._result(gate, number, line, keep_going))
        return results

    def _result(self, gate: "Gate", number: int, line: str, keep_going: bool) -> Values:
        try:
            if keep_going:
                with self.app.store.savepoint():
                    name, ids = self._apply(line)
            else:
                name, ids = self._apply(line)
                if name.startswith(NAMED):  # so that later lines find the record by its name
                    gate.refresh()
            return _result(number, name, ids)
        except CrmError as error:
            if not keep_going or isinstance(error, DatabaseUnavailable):
                raise type(error)(*_placed(error, number)) from error
            return _result(number, _op_of(line), [], error)

    def _apply(self, line: str) -> tuple[str, list[str]]:
        values = decode(line)
        name = values.pop("op", None)
        operation = self.operations.get(name) if isinstance(name, str) else None
        if operation is None:
            close = nearest(str(name), self.operations)
            hint = f"did you mean {close[0]}?" if close else f"operations: {', '.join(self.operations)}"
            raise UsageError(f"there is no operation '{name}'" if name else "the line has no op", hint)
        unknown = values.keys() - operation.keys
        if unknown:
            key = sorted(unknown)[0]
            close = nearest(key, operation.keys, count=1)
            hint = f"did you mean {close[0]}?" if close else f"keys: {', '.join(sorted(operation.keys))}"
            raise UsageError(f"{name} has no key '{key}'", hint)
        return str(name), operation.run(self.app, values)


def decode(line: str) -> Values:
    """The JSON object of a line.

    Raises:
        UsageError: it is no object, a key stands twice, a number is NaN, or it is nested too deeply.
    """
    values = jsonlines.decode_object(line, EXAMPLE)
    if any(None in value for value in values.values() if isinstance(value, list)):
        raise UsageError("a list holds null", "leave it out")
    # null says that nothing is given, as a flag does that is not there.
    return {str(key).replace("-", "_"): value for key, value in values.items() if value is not None}


def _placed(error: CrmError, number: int) -> tuple[Any, ...]:
    """The arguments of the same error, told of a line."""
    message = f"line {number}: {error.message}; nothing was changed"
    candidates = getattr(error, "candidates", None)
    return (message, error.hint) if candidates is None else (message, candidates, error.hint)


def _op_of(line: str) -> str:
    try:
        return str(decode(line).get("op", ""))
    except UsageError:
        return ""


def _result(number: int, name: str, ids: list[str], error: CrmError | None = None) -> Values:
    reason = None if error is None else {"kind": error.kind, "message": error.message, "hint": error.hint}
    return {"line": number, "op": name, "ok": error is None, "id": ids[0] if ids else None, "ids": ids, "error": reason}


# --- the operations


def operations() -> dict[str, Operation]:
    """Every operation by its name: NOUN.VERB, or log.in, log.out and log.note."""
    found: dict[str, Operation] = {}
    for noun in ("contact", "company"):
        found.update(_party_operations(noun))
    for direction in ("in", "out", "note"):
        found[f"log.{direction}"] = Operation(_logger(direction), _LOG_KEYS)
    found["interaction.edit"] = Operation(_edit_interaction, _CORRECTION_KEYS)
    found["interaction.rm"] = Operation(lambda app, v: _refs("interaction", app.interactions.remove(_who(v))), _WHO)
    found["followup.add"] = Operation(_add_followup, _FOLLOWUP_KEYS)
    found["followup.edit"] = Operation(lambda app, v: [app.followups.edit(_one(v), v)[0]["id"]], _FOLLOWUP_KEYS)
    found["followup.done"] = Operation(_finish_followup, _DONE_KEYS)
    found["followup.snooze"] = Operation(
        lambda app, v: _ids(app.followups.snooze(_who(v), _text(v, "when"))), _WHO | {"when"}
    )
    found["followup.skip"] = Operation(lambda app, v: _ids(app.followups.skip(_who(v))), _WHO)
    found["followup.assign"] = Operation(
        lambda app, v: _ids(app.followups.assign(_who(v), _text(v, "user"))), _WHO | {"user"}
    )
    found["followup.cancel"] = Operation(
        lambda app, v: _ids(app.followups.cancel(_who(v), v.get("reason"))), _WHO | {"reason"}
    )
    found["cadence.set"] = Operation(_set_cadence, _CADENCE_KEYS)
    found["cadence.rm"] = Operation(lambda app, v: _ids(app.cadences.remove(_who(v))), _WHO)
    found["cadence.pause"] = Operation(
        lambda app, v: _ids(app.cadences.pause(_who(v), _optional(v, "until"))), _WHO | {"until"}
    )
    found["cadence.resume"] = Operation(lambda app, v: _ids(app.cadences.resume(_who(v))), _WHO)
    for operations_of in (leadbatch.operations, dealbatch.operations, goods.operations):
        found.update({name: Operation(*entry) for name, entry in operations_of().items()})
    found.update(_case_operations())
    found.update(batchplans.operations())
    found["user.add"] = Operation(
        lambda app, v: [app.users.add(_text(v, "name"), v)["id"]], _columns("user_account") | {"name"}
    )
    found["field.add"] = Operation(_add_field, frozenset({"name", "type", "choice", "description"}))
    return found


def _columns(table: str) -> frozenset[str]:
    return frozenset(name for column in settable(table) for name in (flag_name(column), *aliases(column)))


_WHO = frozenset({"who", "id"})
_LOG_KEYS = (
    _columns("interaction") - {"direction", "body"}
    | _WHO
    | {
        "text",
        "with",
        "followup",
        "followup_subject",
        "every",
        "message_id",
        "no_aftercare",
        "case",
        "priority",
        "type",
        "product",
        "order",
    }
)
_CORRECTION_KEYS = (
    _columns("interaction") - {"body"}
    | _WHO
    | {"text", "add_participant", "remove_participant", "no_aftercare", "case"}
)
_FOLLOWUP_KEYS = _columns("followup") - {"due_at"} | _WHO | {"due", "subject", "every", "workdays", "case"}
_CASE_KEYS = _columns("support_case") - {"contact", "company"} | _WHO | {"set", "external"}
_OPENED_KEYS = _CASE_KEYS - {"resolution"} | {"at", "interaction"}
_MENDED_KEYS = _CASE_KEYS | {"satisfaction", "unset"}
_ENDED_KEYS = _WHO | {"resolution", "satisfaction"}
_REPLY_KEYS = _columns("interaction") - {"direction", "body", "satisfaction"} | _WHO | {"text", "pending"}
_CADENCE_KEYS = _WHO | {"every", "max", "via", "owner", "where", "noun"}
_DONE_KEYS = _WHO | {
    "note",
    "log",
    "channel",
    "outcome",
    "duration",
    "at",
    "next",
    "next_subject",
    "no_aftercare",
    "satisfaction",
}


def _party_operations(noun: str) -> dict[str, Operation]:
    lists = frozenset(LISTS[noun])
    adding = _columns(noun) | lists | ({"name", "role", "started_on", "ended_on"} if noun == "contact" else {"name"})
    editing = adding | frozenset(REMOVALS[noun]) | frozenset(PRIMARY) | _WHO

    def service(app: "App") -> Any:
        return app.contacts if noun == "contact" else app.companies

    return {
        f"{noun}.add": Operation(lambda app, v: [service(app).add(str(v.pop("name", "")), v)["id"]], adding),
        f"{noun}.edit": Operation(lambda app, v: [service(app).edit(_one(v), v)[0]["id"]], editing),
        f"{noun}.rm": Operation(lambda app, v: [party.ref for party in service(app).remove(_who(v))], _WHO),
        f"{noun}.restore": Operation(lambda app, v: [party.ref for party in service(app).restore(_who(v))], _WHO),
        f"{noun}.tag": Operation(lambda app, v: _tag(service(app), v, remove=False), _WHO | {"tag"}),
        f"{noun}.untag": Operation(lambda app, v: _tag(service(app), v, remove=True), _WHO | {"tag"}),
        f"{noun}.merge": Operation(lambda app, v: _merge(app, noun, v), _WHO | {"keep", "prefer", "take"}),
    }


def _case_operations() -> dict[str, Operation]:
    def step(name: str) -> Callable[["App", Values], list[str]]:
        return lambda app, v: _ids(getattr(app.casesteps, name)(_who(v)))

    return {
        "case.open": Operation(lambda app, v: [app.cases.open(_one(v), _text(v, "subject"), v)["id"]], _OPENED_KEYS),
        "case.edit": Operation(lambda app, v: [app.cases.edit(_one(v), v)[0]["id"]], _MENDED_KEYS),
        "case.reply": Operation(_reply_to_case, _REPLY_KEYS),
        "case.pending": Operation(step("pending"), _WHO),
        "case.resolve": Operation(_resolve_case, _ENDED_KEYS | {"no_aftercare"}),
        "case.close": Operation(lambda app, v: _ids(app.casesteps.close(_who(v), v)), _ENDED_KEYS),
        "case.reopen": Operation(step("reopen"), _WHO),
        "case.assign": Operation(lambda app, v: _ids(app.cases.assign(_who(v), _text(v, "user"))), _WHO | {"user"}),
        "case.rm": Operation(lambda app, v: _ids(app.cases.remove(_who(v))), _WHO),
        "case.restore": Operation(lambda app, v: _ids(app.cases.restore(_who(v))), _WHO),
    }


def _reply_to_case(app: "App", values: Values) -> list[str]:
    _check_flag(values, "pending")
    return [app.casesteps.reply(_one(values), _optional(values, "text"), values)["id"]]


def _resolve_case(app: "App", values: Values) -> list[str]:
    _check_flag(values, "no_aftercare")
    return _ids(app.casesteps.resolve(_who(values), values))


def _who(values: Mapping[str, Any]) -> list[str]:
    """The records that a line names: one or many, under `who` or `id`."""
    named = values.get("who", values.get("id"))
    if named in (None, "", []):
        raise UsageError("the line names nobody", '"who": "c1"')
    return [str(one) for one in as_list(named)]


def _one(values: Values) -> str:
    named = _who(values)
    for key in ("who", "id"):
        values.pop(key, None)
    if len(named) > 1:
        raise UsageError("the line names several records", "this operation takes one")
    return named[0]


def _text(values: Mapping[str, Any], key: str) -> str:
    if not isinstance(values.get(key), str):
        raise UsageError(f"the line has no {key}", f'"{key}": "…"')
    return str(values[key])


def _optional(values: Mapping[str, Any], key: str) -> str | None:
    return None if values.get(key) is None else str(values[key])


def _check_flag(values: Mapping[str, Any], key: str) -> None:
    if not isinstance(values.get(key, False), bool):
        raise UsageError(f"{key} is neither true nor false", f'"{key}": true')


def _refs(noun: str, keys: Iterable[int]) -> list[str]:
    return [ref(noun, key) for key in keys]


def _ids(records: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(record["id"]) for record in records]


def _tag(service: Any, values: Mapping[str, Any], *, remove: bool) -> list[str]:
    found, _ = service.tag(_who(values), [str(tag) for tag in as_list(values.get("tag") or [])], remove=remove)
    return [party.ref for party in found]


def _merge(app: "App", noun: str, values: Values) -> list[str]:
    """Merge the records that a line names into the first of them; `take` is an object of fields and records."""
    take = values.get("take", {})
    if not isinstance(take, dict):
        raise UsageError("take is not an object", '"take": {"job_title": "c2"}')
    named = {str(field): str(who) for field, who in take.items()}
    keep = None if values.get("keep") is None else str(values["keep"])
    prefer = str(values.get("prefer", "kept"))
    return [app.merging.merge(noun, _who(values), keep=keep, prefer=prefer, take=named).kept.ref]


def _logger(direction: str) -> Callable[["App", Values], list[str]]:
    def run(app: "App", values: Values) -> list[str]:
        _check_flag(values, "no_aftercare")
        text = values.get("text")
        people = [*_who(values), *(str(one) for one in as_list(values.get("with") or []))]
        return [
            ref("interaction", app.interactions.write(direction, people, None if text is None else str(text), values))
        ]

    return run


def _edit_interaction(app: "App", values: Values) -> list[str]:
    _check_flag(values, "no_aftercare")
    return [app.interactions.edit(_one(values), values)[0]["id"]]


def _add_followup(app: "App", values: Values) -> list[str]:
    return [app.followups.add(_one(values), _text(values, "subject"), values)["id"]]


def _finish_followup(app: "App", values: Values) -> list[str]:
    _check_flag(values, "no_aftercare")
    who = _who(values)
    return _ids(app.followups.done(who, {key: value for key, value in values.items() if key not in _WHO}))


def _set_cadence(app: "App", values: Values) -> list[str]:
    """`every` says how often; `who`, or `where` with or without `noun`, with whom."""
    where, noun = _optional(values, "where"), _optional(values, "noun")
    named = "" if where is not None else _one(values)
    record, _ = app.cadences.set(_text(values, "every"), values, who=named, where=where or "", noun=noun)
    return [record["id"]]


def _add_field(app: "App", values: Values) -> list[str]:
    choices = [str(choice) for choice in as_list(values.get("choice") or [])]
    kind, description = str(values.get("type", "text")), str(values.get("description", ""))
    return [app.fields.add(_text(values, "name"), kind, choices, description)["id"]]

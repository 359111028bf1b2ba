"""Many operations in one process and one transaction: JSON Lines like `{"op": "log.in", "who": "c1", "text": "…"}`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.batch import (
    cadences,
    cases,
    deals,
    followups,
    interactions,
    leads,
    orders,
    parties,
    pipelines,
    plans,
    products,
    settings,
)
from crmcli.services.batch.operation import Operation, Values

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

SALES = (leads, deals, pipelines, products, orders, cases, plans)
ROOMS = (parties, interactions, followups, cadences, *SALES, settings)
OPERATIONS: dict[str, Operation] = {name: entry for room in ROOMS for name, entry in room.OPERATIONS.items()}
"""Every operation by its name: NOUN.VERB, or log.in, log.out and log.note."""
NAMED = ("contact.", "company.", "lead.")
EXAMPLE = '{"op": "log.in", "who": "c1", "text": "…"}'


class Batch:
    """Applying operations."""

    def __init__(self, app: "App") -> None:
        self.app = app

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
        operation = OPERATIONS.get(name) if isinstance(name, str) else None
        if operation is None:
            close = nearest(str(name), OPERATIONS)
            hint = f"did you mean {close[0]}?" if close else f"operations: {', '.join(OPERATIONS)}"
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

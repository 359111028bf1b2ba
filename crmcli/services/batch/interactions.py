"""Operations on contacts that happened: log.in, log.out, log.note, and what is logged put right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.kernel.ids import ref
from crmcli.services.batch.operation import WHO, Operation, Values, check_flag, columns, one, who
from crmcli.services.children import as_list

if TYPE_CHECKING:
    from crmcli.app import App

_SHARED = columns("interaction") - {"body"} | WHO | {"text", "no_aftercare", "case"}
# What a contact that opens a case says of it.
_CASE = {"priority", "type", "product", "order"}
_LOGGED = _SHARED - {"direction"} | {"with", "followup", "followup_subject", "every", "message_id"} | _CASE
_MENDED = _SHARED | {"add_participant", "remove_participant"}


def _logger(direction: str) -> Callable[["App", Values], list[str]]:
    def run(app: "App", values: Values) -> list[str]:
        check_flag(values, "no_aftercare")
        said = values.get("text")
        people = [*who(values), *(str(person) for person in as_list(values.get("with") or []))]
        return [
            ref("interaction", app.interactions.write(direction, people, None if said is None else str(said), values))
        ]

    return run


def _edit(app: "App", values: Values) -> list[str]:
    check_flag(values, "no_aftercare")
    return [app.interactions.edit(one(values), values)[0]["id"]]


def _remove(app: "App", values: Values) -> list[str]:
    return [ref("interaction", key) for key in app.interactions.remove(who(values))]


OPERATIONS = {
    **{f"log.{direction}": Operation(_logger(direction), _LOGGED) for direction in ("in", "out", "note")},
    "interaction.edit": Operation(_edit, _MENDED),
    "interaction.rm": Operation(_remove, WHO),
}

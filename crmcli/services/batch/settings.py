"""Operations on what the others rest on: the team, and fields of one's own."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import Operation, Values, columns, text
from crmcli.services.children import as_list

if TYPE_CHECKING:
    from crmcli.app import App


def _add_field(app: "App", values: Values) -> list[str]:
    choices = [str(choice) for choice in as_list(values.get("choice") or [])]
    kind, description = str(values.get("type", "text")), str(values.get("description", ""))
    return [app.fields.add(text(values, "name"), kind, choices, description)["id"]]


OPERATIONS = {
    "user.add": Operation(lambda app, v: [app.users.add(text(v, "name"), v)["id"]], columns("user_account") | {"name"}),
    "field.add": Operation(_add_field, frozenset({"name", "type", "choice", "description"})),
}

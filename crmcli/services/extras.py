"""What deals, products, orders and cases have beside their columns: fields of one's own, a key in another system."""

from collections.abc import Mapping
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import noun_of, ref
from crmcli.services.children import as_list, pairs
from crmcli.services.customfields import check_name
from crmcli.services.flags import key_name
from crmcli.store import sales
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App


def columns(app: "App", table: str, given: Mapping[str, Any], row: Row | None = None) -> dict[str, Any]:
    """The columns `custom` and `external` that `given` changes.

    Args:
        app: the App.
        table: of the record.
        given: `set`, texts KEY=VALUE or objects, an empty value for none; `unset`, keys to take away; `external`,
            SOURCE:KEY, empty for none.
        row: of the record, where it is there already.

    Raises:
        UsageError: a text has not its form, does not fit the custom field, or the key is that of another record.
    """
    found: dict[str, Any] = {}
    before: dict[str, str] = loads(row["custom"]) if row and row["custom"] else {}
    custom = dict(before)
    for key, text in pairs(as_list(given.get("set") or []), "--set colour=red"):
        name = check_name(key)
        field = app.fields.row(name)
        custom[name] = app.fields.read(field, text) if field and text else text
    for key in as_list(given.get("unset") or []):
        custom.pop(key_name(str(key)), None)
    custom = {name: text for name, text in custom.items() if text}
    if custom != before:
        found["custom"] = dumps(custom, ensure_ascii=False, separators=(",", ":")) if custom else None
    if given.get("external") is not None:
        found["external"] = _external(app, table, str(as_list(given["external"])[0]), row)
    return found


def _external(app: "App", table: str, text: str, row: Row | None) -> str | None:
    if not text.strip():
        return None
    source, colon, key = text.partition(":")
    if not colon or not source.strip() or not key.strip():
        raise UsageError(f"'{text}' is not an external id", "write SOURCE:KEY, for example hubspot:1234")
    found = f"{source.strip().lower()}:{key.strip()}"
    other = sales.by_external(app.store, table, [found]).get(found)
    if other is not None and (row is None or other.id != row["id"]):
        noun = noun_of(table)
        mine = ref(noun, other.id)
        if other.deleted:
            raise UsageError(f"{found} is {mine}, which is deleted", f"bring it back with: crm {noun} restore {mine}")
        raise UsageError(f"{found} is {mine}", f"see: crm {noun} show {mine}")
    return found

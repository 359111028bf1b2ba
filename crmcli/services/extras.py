"""What products and orders have beside their columns: fields of one's own, and their key in another system."""

from collections.abc import Mapping, Sequence
from json import dumps, loads
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.flags import key_name

LONGEST_KEY = 60


def columns(given: Mapping[str, Any], custom: str | None = None) -> dict[str, Any]:
    """The columns `custom` and `external` that `given` changes.

    Args:
        given: `set`, texts KEY=VALUE or an object; `unset`, keys to take away; `external`, SOURCE:KEY, empty for none.
        custom: what the column has.

    Raises:
        UsageError: a text has not its form.
    """
    found: dict[str, Any] = {}
    if given.get("set") is not None or given.get("unset") is not None:
        values = {**loads(custom or "{}"), **_pairs(given.get("set"))}
        for key in as_list(given.get("unset") or []):
            values.pop(key_name(str(key)), None)
        found["custom"] = dumps(values, ensure_ascii=False, separators=(",", ":")) if values else None
    if given.get("external") is not None:
        found["external"] = _external(str(given["external"]))
    return found


def _pairs(given: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        return {_key(str(key)): str(value) for key, value in given.items()}
    found = {}
    texts: Sequence[Any] = as_list(given or [])
    for text in texts:
        key, equals, value = str(text).partition("=")
        if not equals:
            raise UsageError(f"'{text}' has no value", "write KEY=VALUE, for example --set colour=red")
        found[_key(key)] = value.strip()
    return found


def _key(text: str) -> str:
    key = key_name(text)
    if not key or len(key) > LONGEST_KEY:
        raise UsageError(f"'{text[:80]}' is no name of a field", f"one to {LONGEST_KEY} characters, such as colour")
    return key


def _external(text: str) -> str | None:
    source, colon, key = text.strip().partition(":")
    if text.strip() and not (source and colon and key):
        raise UsageError(f"'{text}' is not a key of another system", "write SOURCE:KEY, for example shopify:1234")
    return text.strip() or None

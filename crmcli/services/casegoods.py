"""What a case points to beside its customer: a product, an order, keys of one's own."""

from collections.abc import Sequence
from json import dumps, loads
from typing import TYPE_CHECKING

from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import PREFIXES, parse_ref, ref, table_of
from crmcli.services.flags import key_name
from crmcli.store import cases
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App


def key(app: "App", noun: str, text: str) -> int | None:
    """The key of the product or order that a text names: by its id, name, article number or number; None for "".

    Raises:
        NotFound: there is none.
        Ambiguous: there are several, and nobody to ask.
    """
    text = text.strip()
    if not text:
        return None
    named = parse_ref(text)
    if named and named[0] == noun:
        if not cases.exists(app.store, table_of(noun), named[1]):
            raise NotFound(f"there is no {noun} {text}", f"see: crm {noun} list")
        return named[1]
    rows = cases.products(app.store, name_key(text), text) if noun == "product" else cases.orders(app.store, text)
    if len(rows) == 1:
        return int(rows[0]["id"])
    if not rows:
        raise NotFound(f"there is no {noun} '{text}'", f"see: crm {noun} list; an id looks like {PREFIXES[noun]}12")
    options = [(ref(noun, row["id"]), str(row.get("name") or text)) for row in rows]
    picked = app.choose(f"Which {noun} is '{text}'?", options)
    if picked is None:
        raise Ambiguous(f"'{text}' may be any of these", options, f"say it with the id, for example {options[0][0]}")
    return next(int(row["id"]) for row in rows if ref(noun, row["id"]) == picked)


def custom(before: str | None, changed: Sequence[str] | None, emptied: Sequence[str] | None) -> str | None:
    """Keys of one's own as they are stored, after `KEY=VALUE` each was set and others emptied; None for none."""
    found: dict[str, str] = loads(before) if before else {}
    for text in changed or ():
        name, equals, value = str(text).partition("=")
        if not equals or not key_name(name):
            raise UsageError(f"'{text}' is not KEY=VALUE", "for example: --set serial=4711")
        found[key_name(name)] = value.strip()
    for name in emptied or ():
        found.pop(key_name(str(name)), None)
    kept = {name: value for name, value in sorted(found.items()) if value}
    return dumps(kept, ensure_ascii=False) if kept else None


def external(text: str) -> str | None:
    """The key of a case in another system, SOURCE:KEY; None for ""."""
    source, colon, rest = text.strip().partition(":")
    if not text.strip():
        return None
    if not colon or not source.strip() or not rest.strip():
        raise UsageError(f"'{text}' is not SOURCE:KEY", "for example: --external zendesk:4711")
    return f"{source.strip().lower()}:{rest.strip()}"

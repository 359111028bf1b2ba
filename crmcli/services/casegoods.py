"""What a case points to beside its customer: a product, an order, keys of one's own."""

from collections.abc import Sequence
from json import dumps, loads
from typing import TYPE_CHECKING

from crmcli.kernel.errors import UsageError
from crmcli.services.flags import key_name

if TYPE_CHECKING:
    from crmcli.app import App


def key(app: "App", noun: str, text: str) -> int | None:
    """The key of the product or order that a text names, as `crm product` and `crm order` find it; None for "".

    Raises:
        NotFound: there is none.
        Ambiguous: there are several, and nobody to ask.
    """
    if not text.strip():
        return None
    return int(app.products.row(text)["id"]) if noun == "product" else app.orders.key(text)


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

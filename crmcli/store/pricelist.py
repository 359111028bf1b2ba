"""What is sold and for how much, as a line of a deal asks."""

from crmcli.kernel.ids import parse_ref
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.store import Store


def product_named(store: Store, text: str) -> list[Row]:
    """The products that an id, an article number or a whole name means; of the last there may be several."""
    named = parse_ref(text.strip())
    if named and named[0] == "product":
        found = store.rows("SELECT * FROM product WHERE id = ? AND deleted_at IS NULL", [named[1]])
        if found:
            return found
    for column, value in (("sku", text.strip()), ("name_key", name_key(text))):
        found = store.rows(f"SELECT * FROM product WHERE {column} = ? AND deleted_at IS NULL ORDER BY id", [value])
        if found:
            return found
    return []


def price(store: Store, product: int, currency: str, day: str) -> int | None:
    """The price of one unit on a day, in minor units; None where the list has none in that currency."""
    sql = (
        "SELECT amount FROM price WHERE product_id = ? AND currency = ? AND valid_from <= ?"
        " ORDER BY valid_from DESC LIMIT 1"
    )
    found = store.value(sql, [product, currency, day])
    return None if found is None else int(found)

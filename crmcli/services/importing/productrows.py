"""What the lines of orders and deals are of: products by article number, then by name; unknown ones are added."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crmcli.kernel.ids import Uids
from crmcli.kernel.text import tokens
from crmcli.store import sales
from crmcli.store.bulk import Bulk
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

Article = tuple[str, str | None]
"""The name of a product, and its article number if one is told."""
MOST = 100_000
"""Products whose keys are remembered; of more, some are looked up again."""


class Products:
    """Finding products, and adding those that are not here.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many new rows.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk) -> None:
        self.app = app
        self.gate = gate
        self.bulk = bulk
        self._known: dict[Article, int] = {}
        self._uids = Uids(gate.moment, app.randomness)

    def look(self, articles: Iterable[Article]) -> None:
        """Find or add these."""
        if len(self._known) > MOST:
            self._known.clear()
        left = [article for article in dict.fromkeys(articles) if article not in self._known]
        if not left:
            return
        store = self.app.store
        by_sku = sales.products_by_sku(store, [sku for _, sku in left if sku])
        by_name = sales.products_by_name(store, [name_key(name) for name, _ in left])
        new: dict[str, list[Article]] = {}
        for article in left:
            name, sku = article
            key = by_sku.get(sku) if sku else None
            # A product of this name that has another article number is another product.
            if key is None and (not sku or not by_sku.keys() & {sku}):
                key = by_name.get(name_key(name)) if not sku else self._without_sku(by_name.get(name_key(name)))
            if key is None:
                new.setdefault(sku or name_key(name), []).append(article)
            else:
                self._known[article] = key
        self._add(list(new.values()))

    def key(self, article: Article) -> int:
        """The product that was looked up."""
        return self._known[article]

    def forget(self) -> None:
        """Forget all: a part of the transaction was rolled back."""
        self._known.clear()

    def _without_sku(self, key: int | None) -> int | None:
        if key is None or self.app.store.value("SELECT sku FROM product WHERE id = ?", [key]) is not None:
            return None
        return key

    def _add(self, new: Sequence[Sequence[Article]]) -> None:
        """Write new products; each entry holds the ways in which one is told."""
        if not new:
            return
        first, now = self.bulk.reserve("product", len(new)), self.gate.now
        columns = ("id", "uid", "name", "sku", "active", "created_at", "updated_at", "name_key")
        made = list(enumerate(new, first))
        rows = []
        for (key, ways), uid in zip(made, self._uids.next(len(made)), strict=True):
            name, sku = ways[0]
            rows.append((key, uid, name, sku, 1, now, now, name_key(name)))
            self._known.update(dict.fromkeys(ways, key))
        self.bulk.insert("product", columns, rows)
        words = ((key, " ".join(tokens(" ".join(filter(None, ways[0]))))) for key, ways in made)
        self.bulk.index("product", ((key, "", "", text) for key, text in words))

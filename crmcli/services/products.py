"""What is sold: products, and what one of them costs in each currency from which day on."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import codes, dates
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.money import parse_amount, split_currency
from crmcli.kernel.orderlines import parse_share
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.kernel.sorting import sort_key
from crmcli.kernel.text import check_text
from crmcli.services import extras
from crmcli.services.children import as_list
from crmcli.store import products
from crmcli.store.connection import Row
from crmcli.store.filters import parse

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_NAME = 500
NONE = "none"


class Products:
    """Products and their prices."""

    noun = "product"

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- reading

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key, deleted or not. Raises NotFound when there is none."""
        row = products.get(self.app.store, key)
        if row is None:
            raise NotFound(f"there is no product {ref('product', key)}", "see: crm product list")
        return self.records([row])[0]

    def records(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """The records of rows of products, with the prices of today."""
        return products.records(self.app.store, rows, self.app.clock.today().isoformat())

    def find(self, which: str) -> dict[str, Any]:
        """The record that is named by its id, article number, name or words of it; see `row`."""
        return self.records([self.row(which)])[0]

    def row(self, which: str, *, deleted: bool = False) -> Row:
        """The row of the product that is named.

        Raises:
            NotFound: there is none; the hint names the nearest.
            Ambiguous: there are several, and nobody to ask.
        """
        text = which.strip()
        found = self.exact(text, deleted=deleted)
        if not found and not deleted and parse_ref(text) is None:
            found = products.with_words(self.app.store, text, 11)
        if len(found) == 1:
            return found[0]
        if not found:
            if deleted and self.exact(text):
                raise NotFound(f"the product '{text[:80]}' is not deleted", "there is nothing to restore")
            raise NotFound(f"there is no product '{text[:80]}'", self._nearest(text))
        options = [(ref("product", row["id"]), f"{row['name']} {row['sku'] or ''}".strip()) for row in found[:10]]
        picked = self.app.choose(f"Which product is '{text[:80]}'?", [(key, f"{key}  {name}") for key, name in options])
        if picked is None:
            hint = f"say it with the id, for example {options[0][0]}"
            raise Ambiguous(f"'{text[:80]}' may be any of these products", options, hint)
        return next(row for row in found if ref("product", row["id"]) == picked)

    def exact(self, text: str, *, deleted: bool = False) -> list[Row]:
        """The rows of products of exactly this id, article number, uid, key elsewhere or name."""
        named = parse_ref(text.strip())
        if named and named[0] == "product":
            row = products.get(self.app.store, named[1])
            if row is not None and bool(row["deleted_at"]) is deleted:
                return [row]
        return products.named(self.app.store, text.strip(), deleted=deleted)

    def nearest_names(self, text: str) -> list[str]:
        """The names that a text may have meant."""
        return nearest(text, products.all_names(self.app.store))

    def page(self, text: str = "", *, sort: str = "name", limit: int | None = None, deleted: bool = False) -> Page:
        """The products that match a filter, in the order of name, sku, category or created; a leading `-` reverses."""
        sort = sort_key("products", sort, products.SORTS, {"created_at": "created"})
        where = products.condition(self.app.store, parse(text), self.app.clock, self.app.users.key)
        rows = products.page(self.app.store, where, sort, limit, deleted=deleted)
        more = limit is not None and len(rows) > limit
        return Page(self.records(rows[:limit] if more else rows), more)

    def matching(self, text: str) -> list[str]:
        """The ids of all products that match a filter that is not empty."""
        if not text.strip():
            raise UsageError("an empty filter would mean every product", "write a filter such as 'category:fruit'")
        return [str(item["id"]) for item in self.page(text).items]

    def price_on(self, product: int, currency: str, day: str) -> int | None:
        """The price of one unit on a day in minor units: the newest that is not after it; None without any."""
        return products.price(self.app.store, product, currency, day)

    # --- changing

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a product; returns the record.

        Args:
            name: as it is shown.
            given: sku, category, unit, description, active, `tax` (percent), `price` (amounts, each with its currency
                or in `currency`), `external`, `set`.

        Raises:
            UsageError: a value that cannot be understood, or an article number that another product has.
        """
        prices = self._prices(given)
        with self.app.writing() as gate:
            self._check_sku(given.get("sku"), None)
            key = gate.insert("product", {"name": _name(name), **self._columns(given, None)})
            for currency, amount in prices:
                gate.insert("price", {"product_id": key, "currency": currency, "amount": amount})
            return self.get(key)

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Change a product; returns the record, and whether anything differed. `given` is as for `add`, with `name`.

        A `price` is the one without a day, from which dated ones differ; see `price`.
        """
        row = self.row(which)
        prices = self._prices(given)
        with self.app.writing() as gate:
            before = gate.changes
            values = self._columns(given, row)
            if given.get("name") is not None:
                values["name"] = _name(str(given["name"]))
            if given.get("sku") is not None:
                self._check_sku(given["sku"], row["id"])
            gate.update("product", row["id"], values)
            for currency, amount in prices:
                self._set_price(gate, row["id"], currency, amount, products.ALWAYS)
            return self.get(row["id"]), gate.changes > before

    def price(
        self, which: str, amount: str, currency: str = "", since: str | None = None
    ) -> tuple[dict[str, Any], bool]:
        """Say what one costs in a currency from a day on; returns the record, and whether anything differed.

        Args:
            which: the product.
            amount: as people write it, perhaps with its currency; `none` takes the price of that day away.
            currency: of the amount; without it that which the amount names, else the setting.
            since: the first day on which it is valid; without it from today, and from the beginning where the product
                had no price in the currency.

        Raises:
            UsageError: it is no amount, or its currency is not said, or said twice.
            NotFound: the product, or a price to take away.
        """
        row = self.row(which)
        number, named = split_currency(amount)
        code = codes.check_currency(currency) if currency.strip() else named or self._usual_currency(amount)
        if named and named != code:
            raise UsageError(f"the price is in {named}, and {code} was named", "give one of them")
        value = None if number.lower() == NONE else _price(number, code)
        day = self._day(row["id"], code, since, removing=value is None)
        with self.app.writing() as gate:
            changed = self._set_price(gate, row["id"], code, value, day)
            return self.get(row["id"]), changed

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Delete products softly; returns their records. Lines of deals and orders keep what they say."""
        return self._mark([self.row(one)["id"] for one in which], self.app.now)

    def restore(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Bring deleted products back; returns their records.

        Raises:
            NotFound, Ambiguous: see `row`.
            UsageError: another product has the article number by now.
        """
        return self._mark([self.row(one, deleted=True)["id"] for one in which], None)

    def _mark(self, keys: Sequence[int], deleted_at: str | None) -> list[dict[str, Any]]:
        found = list(dict.fromkeys(keys))
        with self.app.writing() as gate:
            for key in found:
                if deleted_at is None:
                    self._check_sku(self.get(key)["sku"], key)
                gate.update("product", key, {"deleted_at": deleted_at})
            return [self.get(key) for key in found]

    # --- values

    def _columns(self, given: Mapping[str, Any], row: Row | None) -> dict[str, Any]:
        values = self.app.values.clean("product", given)
        tax = given.get("tax")
        if tax is not None:
            values["tax_rate"] = None if str(tax).strip().lower() in ("", NONE) else parse_share(str(tax))
        return {**values, **extras.columns(self.app, "product", given, row)}

    def _usual_currency(self, amount: str) -> str:
        usual = self.app.config.get("currency")
        if not usual:
            hint = "write it behind: crm product price ID 7.50 EUR"
            raise UsageError(f"the price {amount.strip()[:40]} has no currency", hint)
        return codes.check_currency(usual)

    def _prices(self, given: Mapping[str, Any]) -> list[tuple[str, int]]:
        found: dict[str, int] = {}
        for text in as_list(given.get("price") or []):
            amount, currency = split_currency(str(text))
            currency = currency or str(given.get("currency") or self.app.config.get("currency") or "")
            if not currency:
                hint = 'add --currency EUR, or write --price "EUR 7.50"'
                raise UsageError(f"the price {amount} has no currency", hint)
            code = codes.check_currency(currency)
            if code in found:
                raise UsageError(
                    f"two prices in {code}", "a later one is: crm product price ID AMOUNT CODE --from DATE"
                )
            found[code] = _price(amount, code)
        return list(found.items())

    def _set_price(self, gate: "Gate", key: int, currency: str, amount: int | None, day: str) -> bool:
        row = products.price_row(self.app.store, key, currency, day)
        before = gate.changes
        if row is None and amount is not None:
            gate.insert("price", {"product_id": key, "currency": currency, "amount": amount, "valid_from": day})
        elif row is not None and amount is None:
            gate.delete("price", row["id"])
        elif row is not None:
            gate.update("price", row["id"], {"amount": amount})
        if gate.changes > before:
            gate.touch("product", key)
        return gate.changes > before

    def _day(self, key: int, currency: str, since: str | None, *, removing: bool) -> str:
        today = self.app.clock.today().isoformat()
        listed = [entry for entry in self.get(key)["price_list"] if entry["currency"] == currency]
        if removing:
            days = [entry["from"] or products.ALWAYS for entry in listed]
            day = dates.parse(since, self.app.clock).date.isoformat() if since else max(days, default="")
            if day not in days:
                message = f"{ref('product', key)} has no price in {currency}" + (f" from {day}" if since else "")
                raise NotFound(message, f"see: crm product show {ref('product', key)}")
            return day
        if since:
            return dates.parse(since, self.app.clock).date.isoformat()
        return today if listed else products.ALWAYS

    def _check_sku(self, sku: object, key: int | None) -> None:
        text = str(sku or "").strip()
        for row in products.named(self.app.store, text) if text else ():
            if row["sku"] == text and row["id"] != key:
                other = ref("product", row["id"])
                raise UsageError(f"the article number {text} is that of {row['name']} ({other})", "choose another")

    def _nearest(self, text: str) -> str:
        named = parse_ref(text)
        if (named and products.get(self.app.store, named[1])) or products.named(self.app.store, text, deleted=True):
            return f"it is deleted; crm product restore {text} brings it back"
        close = self.nearest_names(text)
        return f"did you mean: {', '.join(close)}" if close else "see: crm product list, or crm product add NAME"


def _price(text: str, currency: str) -> int:
    amount = parse_amount(text, currency)
    if amount < 0:
        raise UsageError(f"a price of {text} is below zero", "write it without a minus")
    return amount


def _name(text: str) -> str:
    name = check_text(text, what="name", max_length=LONGEST_NAME)
    if not name:
        raise UsageError("a product needs a name", "for example: crm product add 'Red apples' --price '7.50 EUR'")
    return name

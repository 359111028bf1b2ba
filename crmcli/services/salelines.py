"""Lines of sales, as people write them for a deal or an order, read with the products and prices that they mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import orderlines
from crmcli.kernel.codes import check_currency
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.orderlines import Line
from crmcli.kernel.text import check_text
from crmcli.store import sales
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

Columns = dict[str, Any]
MOST_LINES = 10_000
LONGEST_NAME = 500
SHARED = ("product_id", "name", "quantity", "unit_price", "discount", "amount")
"""The columns that lines of deals and of orders have alike."""
WRITTEN = ("quantity", "product", "price", "currency", "discount", "tax")


class Terms(NamedTuple):
    """What all lines of a sale share: the currency, the day whose prices count, and the tax rate of those without."""

    currency: str
    day: str
    tax_rate: int | None


class SaleLines:
    """Reads lines of sales."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def parse(self, texts: Sequence[Any]) -> list[Line]:
        """The lines that texts, or objects of a batch, say; of several products with a name the person picks one.

        Raises:
            UsageError: it is no line, or it may be misread: what it names begins with a number, and is no product.
            Ambiguous: several products have the name, and nobody is there to ask.
        """
        if len(texts) > MOST_LINES:
            raise UsageError(f"{len(texts):,} lines are too many", f"at most {MOST_LINES:,}")
        return [text if isinstance(text, Line) else self._parsed(text) for text in texts]

    def _parsed(self, text: Any) -> Line:
        line = _of_object(text) if isinstance(text, Mapping) else orderlines.parse_line(str(text))
        if line.quantity < 0:
            told = orderlines.write_quantity(line.quantity)
            hint = "what comes back of an order is a return: crm order return ID --line N=QUANTITY"
            raise UsageError(f"a quantity of {told} is below zero", hint)
        products = self.app.products.exact(line.product)
        if not products and isinstance(text, str):
            _refuse_misread(text)
        if len(products) > 1:
            line = line._replace(product=ref("product", self.app.products.row(line.product)["id"]))
        return line

    def columns(self, line: Line, terms: Terms) -> Columns:
        """The columns of a line of a deal or an order, but for its position; `sku` and `tax_rate` are an order's.

        Raises:
            NotFound: neither the line nor a price list says what it costs.
            UsageError: it is in another currency than the sale, or an amount is wrong.
        """
        product = self.product(line)
        price = orderlines.price_of(line, terms.currency)
        if price is None:
            price = self.app.products.price_on(product["id"], terms.currency, terms.day) if product else None
        if price is None:
            raise self._no_price(line, product, terms)
        if price < 0:
            raise UsageError(f"the price of {line.product[:40]} is below zero", "a discount is written -10% or -5.00")
        name = product["name"] if product else line.product
        sums = orderlines.amounts(line, price, terms.currency)
        rate = line.tax_rate if line.tax_rate is not None else terms.tax_rate
        if rate is None and product:
            rate = product["tax_rate"]
        return {
            "product_id": product and product["id"],
            "name": check_text(name, what="the name of a line", max_length=LONGEST_NAME, required=True),
            "sku": product and product["sku"],
            "quantity": line.quantity,
            "unit_price": price,
            "discount": sums.discount,
            "amount": sums.amount,
            "tax_rate": rate,
        }

    def product(self, line: Line) -> Row | None:
        """The product that a line names by id, article number or name; None where it is in words of its own.

        Raises:
            NotFound: it is the id of no product.
        """
        found = self.app.products.exact(line.product)
        if len(found) == 1:
            return found[0]
        named = parse_ref(line.product)
        return self.app.products.row(line.product) if found or (named and named[0] == "product") else None

    def currencies(self, lines: Sequence[Line]) -> list[str]:
        """The currencies that lines name, else the only one in which all their products have a price, if any."""
        told = list(dict.fromkeys(line.currency for line in lines if line.currency))
        if told:
            return told
        found: list[set[str]] = []
        for line in lines:
            product = self.product(line) if line.price is None else None
            if product:
                record = self.app.products.records([product])[0]
                found.append({entry["currency"] for entry in record["prices"]})
        common = set.intersection(*found) if found else set()
        return sorted(common) if len(common) == 1 else []

    def usual_currency(self, parties: Mapping[str, Any], noun: str) -> str:
        """The currency of a sale that names none: that of the contact, of the company, or of the settings.

        Args:
            parties: its `contact_id` and `company_id`, where it has them.
            noun: what it is called in messages: order, deal.

        Raises:
            UsageError: none of them says one.
        """
        for party in PARTIES:
            key = parties.get(f"{party}_id")
            own = key and sales.currency_of(self.app.store, party, key)
            if own:
                return str(own)
        usual = self.app.config.get("currency")
        if usual:
            return check_currency(usual)
        hint = "give --currency EUR, or say it once for all: crm config set currency EUR"
        raise UsageError(f"the {noun} has no currency", hint)

    def _no_price(self, line: Line, product: Row | None, terms: Terms) -> NotFound:
        if product:
            mine = ref("product", product["id"])
            hint = f"write '@ 7.50', or: crm product price {mine} AMOUNT {terms.currency}"
            return NotFound(f"{product['name']} ({mine}) has no price in {terms.currency} on {terms.day}", hint)
        close = self.app.products.nearest_names(line.product)
        hint = f"did you mean: {', '.join(close)}? " if close else ""
        message = f"there is no product '{line.product[:60]}', and the line has no price"
        return NotFound(message, f"{hint}with a price any words will do: '{line.product[:40]} @ 7.50'")


def _refuse_misread(text: str) -> None:
    """Refuse a line of which the number at its beginning would be taken for a part of a name. Raises UsageError."""
    meant = orderlines.meant(text)
    if meant is not None:
        said = " ".join(text.split())[:60]
        hint = f"did you mean '{meant[:60]}'? with a quantity the words may begin as they like: '1 x {said}'"
        raise UsageError(f"'{said}' would be one of something whose name begins with a number", hint)


def _of_object(given: Mapping[str, Any]) -> Line:
    """A line of a batch that is an object: product, quantity, price, currency, discount (an amount or `10%`), tax."""
    unknown = sorted(str(key) for key in given.keys() - set(WRITTEN))
    if unknown:
        raise UsageError(f"a line has no key '{unknown[0]}'", f"keys: {', '.join(WRITTEN)}")
    text = {name: None if given.get(name) is None else str(given[name]).strip() for name in WRITTEN}
    if not text["product"]:
        raise UsageError("a line does not say what is sold", '"product": "Red apples"')
    off = text["discount"]
    return Line(
        orderlines.parse_quantity(text["quantity"] or "1"),
        text["product"],
        text["price"],
        text["currency"] and text["currency"].upper(),
        None if off is None or off.endswith("%") else off,
        orderlines.parse_share(off) if off and off.endswith("%") else None,
        orderlines.parse_share(text["tax"]) if text["tax"] else None,
    )

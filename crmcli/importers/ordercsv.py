"""Tables of orders and of transactions of any program, by the titles of their columns.

An order has a number; what has none, but a customer, a day and an amount, is a transaction: each row is an order by
itself, known again as the first, the second … of its customer on its day. Titles are English and the common languages
of Europe; what none of them says is told with `--as orders --map "Column=field"`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from crmcli.importers import table
from crmcli.importers.base import LIKELY, NO, Columns, Item, folded
from crmcli.importers.cdnow import no_currency
from crmcli.importers.keys import Counter
from crmcli.importers.orderdays import days_of
from crmcli.importers.orderrows import Kind, commas_of, read_orders, rejects
from crmcli.importers.ordervalues import finished, pointed
from crmcli.importers.rowreader import Tidy, Values
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, custom_field, table_format
from crmcli.importers.targets import parse
from crmcli.kernel.errors import UsageError
from crmcli.kernel.spreadsheets import unprotected

# Target: its titles, with bars between.
_TITLES = {
    "number": "order|order number|order no|order id|order nr|order #|orderid|ordernumber|order ref|order reference"
    "|invoice|invoice number|invoice no|invoice id|invoiceno|receipt number|transaction id|transaction number"
    "|bestellung|bestellnummer|auftrag|auftragsnummer|rechnungsnummer|numéro de commande|commande"
    "|número de pedido|pedido|numero ordine|ordine|ordernummer|bestelnummer|numer zamówienia",
    "ordered_at": "date|order date|ordered|ordered at|ordered on|purchase date|invoice date|invoicedate"
    "|transaction date|created at|date created|orderdate|placed at|datum|bestelldatum|auftragsdatum|rechnungsdatum"
    "|kaufdatum|date de commande|fecha|fecha de pedido|data|data ordine|orderdatum|besteldatum|data zamówienia",
    "customer_name": "customer|customer name|client|client name|buyer|buyer name|billing name|sold to|kunde|kundenname"
    "|käufer|acheteur|cliente|klant|klient",
    "customer_id": "customer id|customer no|customer number|customerid|client id|cust id|user id|userid|kundennummer"
    "|kundennr|kunden id|numéro client|id cliente|klantnummer",
    "email": "email|e-mail|mail|customer email|buyer email|billing email|email address|contact email|e-mail-adresse",
    "phone": "phone|telephone|customer phone|billing phone|mobile|telefon",
    "company": "company|company name|billing company|firma|account|account name|société|empresa|azienda|bedrijf",
    "product": "product|product name|item|item name|article|lineitem name|line item|stock description|title|produkt"
    "|artikel|artikelname|bezeichnung|produit|producto|prodotto|artikelnaam",
    "sku": "sku|product id|product code|item number|item no|article number|stock code|stockcode|variant sku"
    "|artikelnummer|artikelnr|référence|codice",
    "quantity": "quantity|qty|units|count|number of units|pieces|menge|anzahl|stück|quantité"
    "|cantidad|quantità|aantal|ilość",
    "price": "price|unit price|unitprice|item price|price each|rate|preis|einzelpreis|stückpreis|prix|prix unitaire"
    "|precio|prezzo|prijs|cena",
    "discount": "line discount|item discount",
    "discounts": "discount|discount amount|total discount|rabatt|remise|descuento|sconto|korting",
    "line_total": "line total|line amount|item total|extended price|zeilensumme|positionssumme",
    "line_tax": "line tax|item tax",
    "line_status": "line status|item status|lineitem status|line item status|line fulfillment status"
    "|line fulfilment status|item fulfillment status|item fulfilment status|lineitem fulfillment status"
    "|line delivery status|positionsstatus",
    "tax_rate": "tax rate|vat rate|steuersatz|mwst satz|ust satz",
    "subtotal": "subtotal|sub total|net amount|net total|netto|zwischensumme|nettobetrag",
    "shipping": "shipping|shipping cost|shipping amount|delivery cost|freight|postage|versand|versandkosten|port|envío"
    "|spedizione|verzendkosten",
    "taxes": "tax|taxes|tax amount|vat|sales tax|total tax|steuer|mwst|ust|tva|iva|btw",
    "total": "total|amount|order total|total amount|grand total|total price|sales|revenue|value|sum|gross amount|betrag"
    "|summe|gesamt|gesamtbetrag|gesamtsumme|brutto|umsatz|montant|importe|importo|totale|bedrag|totaal|kwota",
    "currency": "currency|currency code|währung|devise|moneda|valuta",
    "status": "status|order status|state|bestellstatus|statut|estado|stato",
    "financial_status": "financial status|payment status|zahlungsstatus",
    "fulfillment_status": "fulfillment status|fulfilment status|shipping status|delivery status|versandstatus",
    "paid": "paid|amount paid|paid amount|bezahlt|payé|pagado|pagato|betaald",
    "outstanding": "outstanding|outstanding balance|balance|balance due|amount due|offen|offener betrag",
    "refunded": "refunded|refund|refunded amount|refund amount|erstattet|erstattung",
    "paid_at": "paid at|paid on|date paid|payment date|zahlungsdatum|bezahlt am",
    "shipped_at": "shipped|shipped at|shipped on|ship date|date shipped|fulfilled at|versanddatum",
    "delivered_at": "delivered|delivered at|delivered on|delivery date|lieferdatum",
    "cancelled_at": "cancelled at|canceled at|cancelled on|storniert am",
    "due_at": "due|due date|due on|payment due|fällig|fällig am|fälligkeitsdatum",
    "payment_method": "payment method|payment|zahlungsart|payment type|payment method title",
    "source": "source|channel|sales channel|quelle|kanal",
    "notes": "notes|note|comment|comments|customer note|bemerkung|notiz|anmerkung",
    "tag": "tags|tag",
    "address.city": "city|billing city|ort|stadt|ville|ciudad",
    "address.country": "country|billing country|land|pays|país",
    "address.postcode": "zip|postcode|postal code|billing zip|billing postcode|plz|postleitzahl",
    "address.street": "street|address|billing address|billing street|straße|strasse|rue",
    "address.region": "region|province|billing state|billing province",
    "": "line|reason|row|#|no",
}
_LINE_MARKS = frozenset({"quantity", "price", "sku", "product"})
_WHOSE = frozenset({"customer_name", "customer_id", "email"})
# Words that a title of one of several kinds holds when it is of a table of people.
_PEOPLE = frozenset(
    {"first name", "last name", "birthday", "job title", "title", "vorname", "nachname", "labels", "tags"}
)
_SETTLED = frozenset(
    {"status", "financial_status", "fulfillment_status", "line_status", "paid", "paid_at", "outstanding"}
)
# Of `crm export orders --lines`, which is for spreadsheets: an order made of it would come to something else.
_OWN_LINES = frozenset({"order", "line", "unit price", "return of", "shipped"})
_OF_LINE = ("product", "sku", "quantity", "price", "discount")
PROTECTED = re.compile(r"(?:^|[,;\t|\"])'[=+@-]", re.MULTILINE)


@cache
def _known() -> dict[str, str]:
    return {title: target for target, titles in _TITLES.items() for title in titles.split("|")}


def _targets(header: Header) -> Sequence[str]:
    """What each column means; of two that mean the same the first does, and the other becomes a custom field."""
    known = _known()
    found: list[str] = []
    for title in header:
        target = known.get(title.rstrip("."))
        if target is None or (target and target in found):
            target = custom_field(title, found) if title else ""
        found.append(target)
    return found


def _match(header: Header) -> int:
    """Likely orders where they have a number, a day and amounts; likely transactions where they have a customer."""
    found = {target for target in _targets(header) if target and not target.startswith("set.")}
    amounts = found & {"total", "price", "line_total"}
    if "ordered_at" not in found or not amounts or len(set(header) & _PEOPLE) > 1:
        return NO
    if "number" in found and (found & _WHOSE or found & _LINE_MARKS or "total" in found):
        return LIKELY + 5
    return LIKELY if found & _WHOSE and found <= _TRANSACTION else NO


_TRANSACTION = _WHOSE | _LINE_MARKS | {
    "ordered_at", "total", "currency", "phone", "company", "payment_method", "source", "status", "line_total", "notes",
}  # fmt: skip


def _read(source: Source, columns: Columns) -> Iterator[Item]:
    if {folded(title) for title in columns.header} >= _OWN_LINES:
        raise UsageError(
            f"{source.name} holds the lines of orders, without their discounts, shipping, statuses and payments",
            "whole orders can be imported, which have all of it: crm export orders --to FILE, without --lines",
        )
    fields = frozenset(target.field for text in columns.targets if (target := parse(text, "order")))
    if "currency" not in fields and not source.currency:
        raise no_currency(source)
    note_settled(source, fields)
    tidy = unprotected if PROTECTED.search(source.text) else None
    if fields & {"number", "external"}:
        return read_orders(source, columns, Kind("order", repeats=True, tidy=tidy))
    return _transactions(source, columns, fields, tidy)


def note_settled(source: Source, fields: frozenset[str]) -> None:
    """Tell what is made of orders of which the file does not say whether they were paid and sent."""
    if not fields & _SETTLED and "due_at" in fields:
        source.note(f"{source.name} tells of payment only when it is due: orders with such a day are taken as unpaid")
    elif not fields & _SETTLED:
        source.note(f"{source.name} tells nothing of payment or delivery: its orders are taken as paid and delivered")


def _transactions(source: Source, columns: Columns, fields: frozenset[str], tidy: Tidy | None) -> Iterator[Item]:
    seen = Counter()
    days, commas = days_of(source, columns, "ordered_at"), commas_of(source, columns)

    def finish(values: Values, cells: list[str]) -> None:
        pointed(values, commas)
        line: Values = {field: values.pop(field) for field in (*_OF_LINE, "line_status") if field in values}
        lines = [line] if line else []
        made = finished(values, lines, [], "", fields, source.currency or None, days)
        whose = made["customer"].values() if "customer" in made else ()
        key = ":".join((next(iter(whose), ""), made["ordered_on"]))[:600]
        turn = seen.next(key)
        made.setdefault("external", [f"transaction:{key}" if turn == 1 else f"transaction:{key}:{turn}"])
        values.clear()
        values.update(made)

    return table.drafts(source, "order", columns, finish, tidy=tidy)


FORMATS = (table_format("orders", "orders (CSV)", "order", _match, _targets, read=_read, rejects=rejects),)

"""Shopify: customers, as they were exported before 2023 and since, and orders.

An apostrophe protects ids, zips and phone numbers from spreadsheets; it is taken off. Whether somebody accepts
marketing becomes consent, `no` as denied. Orders have a row for each line: only the first has the columns of the order.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO, Columns, Draft, Item
from crmcli.importers.orderrows import Kind, read_orders, rejects
from crmcli.importers.readings import consents
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, custom_field, meanings, table_format

Values = dict[str, Any]
CUSTOMER = {
    "customer id": "external.shopify",
    "first name": "given_name",
    "last name": "family_name",
    "email": "email",
    "phone": "phone",
    "accepts email marketing": "consent.marketing/email",
    "accepts marketing": "consent.marketing/email",
    "accepts sms marketing": "consent.marketing/sms",
    "accepts whatsapp marketing": "consent.marketing/chat",
    "total spent": "set.total_spent",
    "total orders": "set.total_orders",
    "tax exempt": "set.tax_exempt",
    "note": "notes",
    "tags": "tag",
}
_PARTS = {
    "address1": "address.street",
    "address2": "address.extended_address",
    "city": "address.city",
    "province": "address.region",
    "province code": "address.region",
    "country": "address.country",
    "country code": "address.country",
    "zip": "address.postcode",
    "company": "company",
}
_DEFAULT = "default address "
CUSTOMER |= {f"{prefix}{title}": target for prefix in ("", _DEFAULT) for title, target in _PARTS.items()}
CUSTOMER[f"{_DEFAULT}phone"] = "phone"
_METAFIELD = re.compile(r"(.+?) \(customer\.metafields\..+\)")
_MARKS = frozenset(
    {
        "accepts email marketing", "accepts sms marketing", "accepts marketing", "total spent", "total orders",
        "tax exempt", "default address address1", "default address city", "default address zip",
        "default address country code", "default address company", "default address phone",
    }
)  # fmt: skip
ORDER = {
    "name": "number",
    "id": "external.shopify-order",
    "email": "email",
    "phone": "phone",
    "billing name": "customer_name",
    "billing phone": "phone",
    "created at": "ordered_at",
    "cancelled at": "cancelled_at",
    "canceled at": "cancelled_at",
    "currency": "currency",
    "financial status": "financial_status",
    "fulfillment status": "fulfillment_status",
    "subtotal": "subtotal",
    "discount amount": "discounts",
    "discount code": "set.discount_code",
    "shipping": "shipping",
    "shipping method": "set.shipping_method",
    "taxes": "taxes",
    "total": "total",
    "refunded amount": "refunded",
    "payment method": "payment_method",
    "paid at": "paid_at",
    "fulfilled at": "shipped_at",
    "outstanding balance": "outstanding",
    "source": "source",
    "vendor": "",
    "notes": "notes",
    "note attributes": "set.note_attributes",
    "tags": "tag",
    "lineitem name": "product",
    "lineitem sku": "sku",
    "lineitem quantity": "quantity",
    "lineitem price": "price",
    "lineitem discount": "discount",
    "lineitem fulfillment status": "line_status",
}
ORDER |= {
    f"{kind} {title}": f"address.{kind}.{part}"
    for kind in ("billing", "shipping")
    for title, part in {
        "address1": "street",
        "address2": "extended_address",
        "city": "city",
        "zip": "postcode",
        "province": "region",
        "country": "country",
    }.items()
}


def _protected(text: str) -> str:
    """A text without the apostrophe that keeps spreadsheets from changing it; `'t Hooft` keeps its own."""
    return text[1:] if len(text) > 1 and text[0] == "'" and (text[1].isdigit() or text[1] in "+-=@(") else text


def _match_customers(header: Header) -> int:
    marks = len(_MARKS.intersection(header))
    if marks < 2 or any(title.startswith("lineitem ") for title in header):
        return NO
    return CERTAIN if marks >= 3 else LIKELY


def _customer_targets(header: Header) -> Sequence[str]:
    """The code of a country counts where it stands beside the name, the name of a province beside its code."""
    known = dict(CUSTOMER)
    for prefix in ("", _DEFAULT):
        for kept, dropped in (("country code", "country"), ("province", "province code")):
            if f"{prefix}{kept}" in header and f"{prefix}{dropped}" in header:
                known[f"{prefix}{dropped}"] = ""
    for title in header:
        if found := _METAFIELD.fullmatch(title):
            known[title] = custom_field(found[1], list(known.values()))
    return meanings(header, known)


def _unprotect_zips(values: Values) -> None:
    """Take the apostrophe off zips that begin with a letter, too."""
    for entry in values.get("address", ()):
        if "postal_code" in entry:
            entry["postal_code"] = entry["postal_code"].removeprefix("'")


def _finish_customer(values: Values, cells: Sequence[str]) -> None:
    _unprotect_zips(values)
    consents(values, "shopify", {"yes": "granted", "no": "denied"})


def _match_orders(header: Header) -> int:
    lines = sum(title.startswith("lineitem ") for title in header)
    if not lines or "name" not in header:
        return NO
    return CERTAIN if "lineitem name" in header or lines >= 2 else LIKELY


def _order_targets(header: Header) -> Sequence[str]:
    return meanings(header, ORDER, custom=False)


def _read_orders(source: Source, columns: Columns) -> Iterator[Item]:
    for item in read_orders(source, columns, Kind("shopify", tidy=_protected)):
        if isinstance(item, Draft):
            _unprotect_zips(item.values)
        yield item


FORMATS = (
    table_format(
        "shopify",
        "Shopify customers",
        "contact",
        _match_customers,
        _customer_targets,
        _finish_customer,
        tidy=_protected,
    ),
    table_format(
        "shopify-orders",
        "Shopify orders",
        "order",
        _match_orders,
        _order_targets,
        read=_read_orders,
        rejects=rejects,
    ),
)

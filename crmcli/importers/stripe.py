"""Stripe: customers as the dashboard exports them, with the columns that were chosen there; their metadata is kept."""

import re
from collections.abc import Sequence
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO
from crmcli.importers.table_format import Header, custom_field, meanings, table_format

Values = dict[str, Any]
CUSTOMER = {
    "id": "external.stripe",
    "customer id": "external.stripe",
    "description": "notes",
    "email": "email",
    "name": "name",
    "phone": "phone",
    "currency": "currency",
    "created (utc)": "set.stripe_created",
    "delinquent": "set.stripe_delinquent",
    "plan": "set.stripe_plan",
    "status": "set.stripe_status",
    "total spend": "set.stripe_total_spend",
    "payment count": "set.stripe_payment_count",
    "average order": "set.stripe_average_order",
    "refunded volume": "set.stripe_refunded_volume",
    "dispute losses": "set.stripe_dispute_losses",
    "business vat id": "set.vat_id",
    "account balance": "set.stripe_balance",
    "default source": "",
    "default payment method": "",
    "card name": "",
    "card id": "",
    "cancel at period end": "",
}
_LINES = {
    "line1": "street",
    "line2": "extended_address",
    "city": "city",
    "state": "region",
    "zip": "postcode",
    "postal code": "postcode",
    "country": "country",
}
_KINDS = {"": "", "card ": "billing.", "billing ": "billing.", "shipping ": "shipping."}
ADDRESSES = {
    f"{kind}address {title}": f"address.{label}{part}"
    for kind, label in _KINDS.items()
    for title, part in _LINES.items()
}
# What is left of a card is no matter of a customer's record.
_PATTERNS = ((re.compile(r"card .*|shipping name"), ""),)
_METADATA = " (metadata)"
_OWN = frozenset({"delinquent", "total spend", "payment count", "refunded volume", "dispute losses", "average order"})
# Payments, invoices and subscriptions are exported with a `Created (UTC)` too.
_FOREIGN = frozenset(
    {"amount", "amount refunded", "amount due", "captured", "customer email", "invoice id", "quantity"}
)


def _match(header: Header) -> int:
    cells = frozenset(header)
    if not {"id", "created (utc)"} <= cells or cells & _FOREIGN:
        return NO
    return CERTAIN if cells & _OWN or any(title.endswith(_METADATA) for title in cells) else LIKELY


def _targets(header: Header) -> Sequence[str]:
    metadata: dict[str, str] = {}
    for title in header:
        if title.endswith(_METADATA):
            taken = [*CUSTOMER.values(), *metadata.values()]
            metadata[title] = custom_field(title.removesuffix(_METADATA), taken)
    return meanings(header, {**ADDRESSES, **metadata, **CUSTOMER}, _PATTERNS)


def _finish(values: Values, cells: Sequence[str]) -> None:
    """Whoever has neither name nor address is called what the description says: that is where many keep the name."""
    if "name" not in values and "email" not in values and "notes" in values:
        values["name"] = values.pop("notes")


FORMATS = (table_format("stripe", "Stripe customers", "contact", _match, _targets, _finish),)

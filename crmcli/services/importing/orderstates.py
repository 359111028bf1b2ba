"""How far an order of a file is: its three statuses, and what was paid and given back.

What the file says of one tells of the others. An order of which nothing of payment or delivery is told at all was
bought once: paid on its day, and delivered. A day by which it is to be paid, and nothing else, tells that it is not
paid yet. What is said of single lines counts where nothing says that all of the order was sent.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.model.enums import FINANCIAL_STATUS, FULFILLMENT_STATUS, ORDER_STATUS

Values = Mapping[str, Any]
_ORDER = {
    **{word: word for word in ORDER_STATUS},
    **dict.fromkeys(("quote", "offer", "checkout_draft"), "draft"),
    **dict.fromkeys(
        ("open", "new", "pending", "pending_payment", "unpaid", "awaiting_payment", "invoiced", "overdue"),
        "payment_due",
    ),
    **dict.fromkeys(("paid", "confirmed", "in_progress", "on_hold", "awaiting_fulfillment", "processed"), "processing"),
    **dict.fromkeys(("partially_shipped", "partially_fulfilled"), "processing"),
    **dict.fromkeys(("shipped", "sent", "dispatched"), "in_transit"),
    **dict.fromkeys(("completed", "complete", "fulfilled", "closed", "done", "finished"), "delivered"),
    **dict.fromkeys(("refunded", "sent_back"), "returned"),
    **dict.fromkeys(("canceled", "voided", "void", "failed", "declined", "expired", "storniert"), "cancelled"),
}
_FINANCIAL = {
    **{word: word for word in FINANCIAL_STATUS},
    **dict.fromkeys(("authorized", "unpaid", "open", "due", "overdue", "expired", "payment_pending"), "pending"),
    **dict.fromkeys(("partial", "part_paid"), "partially_paid"),
    **dict.fromkeys(("complete", "completed", "captured", "settled"), "paid"),
    **dict.fromkeys(("void", "cancelled", "canceled"), "voided"),
}
_FULFILLMENT = {
    **{word: word for word in FULFILLMENT_STATUS},
    **dict.fromkeys(("pending", "open", "unshipped", "on_hold", "scheduled"), "unfulfilled"),
    **dict.fromkeys(("partially_fulfilled", "partially_shipped"), "partial"),
    **dict.fromkeys(("shipped", "delivered", "complete", "completed", "sent"), "fulfilled"),
    **dict.fromkeys(("returned",), "restocked"),
}
# What an order's own status tells of its payment, where nothing else does.
_PAID_WHEN = {
    "draft": "pending",
    "payment_due": "pending",
    "processing": "paid",
    "in_transit": "paid",
    "delivered": "paid",
    "returned": "refunded",
    "cancelled": "voided",
}
_SENT = ("in_transit", "delivered", "returned")
_OF_PARTS = ("unfulfilled", "partial")
UNDER_WAY = ("draft", "payment_due", "processing", "in_transit", "delivered")
"""The statuses of an order that goes its way, in their order."""
_NO_WORD = re.compile(r"[^a-z]+")


class States(NamedTuple):
    """The statuses of an order, what was given back of it and when, and what the file says in words that are not ours.

    `refunded` is in minor units. `in_parts` tells that some lines were sent and others were not; see `shipped`.
    """

    status: str
    financial: str
    fulfillment: str
    refunded: int
    refunded_on: str | None
    paid_on: str | None
    kept: dict[str, str]
    in_parts: bool = False


def states(values: Values, total: int) -> States:
    """How far an order is; `total` is what was to be paid before anything was given back, in minor units.

    Raises:
        UsageError: it is told in a word that is not ours, and nothing else tells it.
    """
    kept: dict[str, str] = {}
    status = _known(values, "status", _ORDER, kept)
    financial = _known(values, "financial_status", _FINANCIAL, kept)
    fulfillment = _known(values, "fulfillment_status", _FULFILLMENT, kept)
    if status and not fulfillment and _of_line(str(values["status"])) == "partial":
        fulfillment = "partial"
    of_lines = _of_lines(values)
    if (not fulfillment and status not in _SENT) or (fulfillment in _OF_PARTS and of_lines != "unfulfilled"):
        fulfillment = of_lines or fulfillment
    told = bool(status or financial or fulfillment) or "paid" in values or "outstanding" in values
    told = told or bool(values.get("due_on"))
    if kept and not told and not values.get("cancelled_on"):
        field, text = next(iter(kept.items()))
        raise UsageError(
            f"how far the order is cannot be told: its {field.removesuffix('_text')} is '{text[:40]}'",
            f"write one of: {', '.join(ORDER_STATUS)}",
        )
    if values.get("cancelled_on"):
        status = "cancelled"
    refunded = min(values.get("refunded", 0), max(total, 0))
    if not financial:
        financial = _financial(values, total, _PAID_WHEN[status] if status else "" if told else "paid")
    if financial == "refunded":
        refunded = refunded or max(total, 0)
    elif refunded and financial in ("paid", "partially_paid"):
        financial = "refunded" if refunded >= total else "partially_refunded"
    if not fulfillment:
        fulfillment = "fulfilled" if status in _SENT or not told or "shipped_on" in values else "unfulfilled"
    if not status or (fulfillment == "fulfilled" and status in UNDER_WAY and status not in _SENT):
        status = _status(financial, fulfillment)  # what was sent waits for money alone
    in_parts = fulfillment == of_lines == "partial"
    if in_parts and status in UNDER_WAY:
        status = "processing"
    on = values["ordered_on"]
    back_on = values.get("cancelled_on") or values.get("returned_on") or on if refunded else None
    paid_on = values.get("paid_on") or on if financial in ("paid", "partially_refunded", "refunded") else None
    return States(status, financial, fulfillment, refunded, back_on, paid_on, kept, in_parts)


def payments(values: Values, total: int, found: States) -> list[tuple[int, str, str | None]]:
    """Amount, day and way of each payment: what came, and what was given back."""
    method = str(values["payment_method"])[:100] if values.get("payment_method") else None
    came = values.get("paid")
    if came is None:
        whole = found.financial in ("paid", "partially_refunded", "refunded")
        came = total if whole else total - values["outstanding"] if "outstanding" in values else 0
        came = 0 if found.financial in ("pending", "voided") else came
    elif found.refunded and came + found.refunded <= total:
        came += found.refunded  # the file tells what was left of it
    entries = [(came, values.get("paid_on") or values["ordered_on"], method)] if came else []
    if came and found.refunded:
        entries.append((-found.refunded, found.refunded_on or values["ordered_on"], method))
    return entries


def shipped(line: Values) -> int:
    """How much of a line of an order was sent, in thousandths: of one that was sent in part, one piece for certain."""
    quantity = int(line.get("quantity", 1000))
    told = _of_line(str(line.get("line_status", "")))
    return max(0, quantity) if told == "fulfilled" else 1000 if told == "partial" and quantity > 1000 else 0


def _of_lines(values: Values) -> str:
    """How far the lines of an order were sent, by what is told of each; "" where of none is."""
    told = [
        _of_line(str(line.get("line_status", ""))) for line in values.get("lines", ()) if line.get("quantity", 1000) > 0
    ]
    if not any(told):
        return ""
    if all(word == "fulfilled" for word in told):
        return "fulfilled"
    return "partial" if "fulfilled" in told or "partial" in told else "unfulfilled"


@lru_cache(maxsize=1000)
def _of_line(text: str) -> str:
    return _FULFILLMENT.get(_word(text), "") if text else ""


def _word(text: str) -> str:
    return _NO_WORD.sub("_", text.lower()).strip("_")


def _known(values: Values, field: str, words: Mapping[str, str], kept: dict[str, str]) -> str:
    """Our word for what the file says; its own is kept where we have none."""
    text = str(values.get(field, ""))
    found = words.get(_word(text), "") if text else ""
    if text and not found:
        kept[f"{field}_text"] = text
    return found


def _financial(values: Values, total: int, usual: str) -> str:
    paid = values.get("paid")
    if paid is None and "outstanding" in values:
        paid = total - values["outstanding"]
    if paid is None:
        return "paid" if "paid_on" in values else usual or "pending"
    return "pending" if paid <= 0 < total else "paid" if paid >= total else "partially_paid"


def _status(financial: str, fulfillment: str) -> str:
    if financial == "refunded":
        return "returned"
    if financial == "voided":
        return "cancelled"
    if fulfillment == "fulfilled":
        return "delivered"
    begun = financial in ("paid", "partially_refunded") or fulfillment == "partial"
    return "processing" if begun else "payment_due"

"""How an order goes on: the one table of its statuses, and what payments and parcels say of it.

`status` is moved by acts along MOVES; `financial_status` and `fulfillment_status` follow from amounts and quantities,
so that none of the three can say what the others deny.
"""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.kernel.errors import UsageError

_SAME = {status: status for status in ("payment_due", "processing", "in_transit", "delivered", "returned", "cancelled")}
_AT_HAND = ("draft", "payment_due", "processing")

MOVES: dict[str, dict[str, str]] = {
    "confirm": {"draft": "payment_due"},
    "process": {"draft": "processing", "payment_due": "processing"},
    "pay in part": {**_SAME, "draft": "payment_due"},
    "pay": {**_SAME, "draft": "processing", "payment_due": "processing"},
    "refund": _SAME,
    "ship in part": dict.fromkeys(_AT_HAND, "processing"),
    "ship": dict.fromkeys(_AT_HAND, "in_transit"),
    "deliver": dict.fromkeys((*_AT_HAND, "in_transit"), "delivered"),
    "return in part": {"processing": "processing", "in_transit": "in_transit", "delivered": "delivered"},
    "return": {"processing": "returned", "in_transit": "returned", "delivered": "returned"},
    "cancel": dict.fromkeys(_AT_HAND, "cancelled"),
}
"""Act -> status before -> status after; what is not there is refused."""

_DONE = {
    "confirm": "confirmed",
    "process": "processed",
    "pay": "paid",
    "refund": "refunded",
    "ship": "shipped",
    "deliver": "delivered",
    "return": "returned",
    "cancel": "cancelled",
}
_WHY = {
    "ship": "only what is still here can be shipped",
    "deliver": "only what is on its way can be delivered",
    "return": "only what was sent can come back",
    "cancel": "what was sent can only come back: crm order return {id}",
    "pay": "crm order edit {id} --status payment_due confirms it",
    "refund": "only what was paid can be given back",
    "confirm": "only a draft is to be confirmed",
    "process": "only what is not sent yet can be worked on",
}


class Paid(NamedTuple):
    """What was paid of an order and not given back, in minor units; how far that is; the day if it is all."""

    paid: int
    financial_status: str
    paid_on: str | None


def move(status: str, act: str, named: str) -> str:
    """The status after an act on an order that is called `named`.

    Raises:
        UsageError: the act is not possible in that status.
    """
    after = MOVES[act].get(status)
    if after is None:
        verb = act.partition(" ")[0]
        hint = _WHY.get(verb, "").replace("{id}", named)
        raise UsageError(f"{named} is {status.replace('_', ' ')} and cannot be {_DONE[verb]}", hint)
    return after


def financial(total: int, received: int, refunded: int, *, cancelled: bool) -> str:
    """How far an order is paid.

    Args:
        total: what is to be paid, in minor units.
        received: the sum of what came.
        refunded: the sum of what was given back, not below zero.
        cancelled: whether the order was cancelled.
    """
    if refunded and refunded >= received:
        return "refunded"
    if refunded:
        return "partially_refunded"
    if not received:
        return "voided" if cancelled else "pending" if total > 0 else "paid"
    return "paid" if received >= total else "partially_paid"


def paid(total: int, payments: Sequence[tuple[int, str]], *, cancelled: bool) -> Paid:
    """How far an order is paid by its payments, each an amount in minor units, below zero for a refund, and its day."""
    received = sum(amount for amount, _ in payments if amount > 0)
    refunded = -sum(amount for amount, _ in payments if amount < 0)
    left = received - refunded
    day = max((day for amount, day in payments if amount > 0), default=None)
    status = financial(total, received, refunded, cancelled=cancelled)
    return Paid(left, status, day if left > 0 and left >= total else None)


def fulfillment(ordered: int, shipped: int, returned: int) -> str:
    """How far an order was sent, from the sums of its quantities in thousandths."""
    if shipped and returned >= shipped:
        return "restocked" if shipped >= ordered else "partial"
    if not shipped:
        return "unfulfilled"
    return "fulfilled" if shipped >= ordered else "partial"

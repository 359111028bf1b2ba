"""What was done here with an order that a file brings again, of which the file knows nothing: all of that stays.

What was paid or given back here, sent, sent back or cancelled happened; a file that does not tell of it says no more
than that it happened elsewhere.
"""

from collections.abc import Sequence
from typing import Any

from crmcli.kernel import orderstates
from crmcli.kernel.orderlines import came_back
from crmcli.services.importing.orderlines import Lines
from crmcli.services.importing.orderstates import UNDER_WAY as _WAY
from crmcli.store.connection import Row

Columns = dict[str, Any]
FURTHER = "orders are further here than the file tells: what was paid, sent or cancelled here stays"
_SENT_DAYS = ("shipped_on", "delivered_on")


def amounts(
    before: Row, given: Columns, lines: Lines, refunded: int, *, whole: bool, kept: bool
) -> tuple[Columns, int]:
    """What the file says of an order, less what came back here; and what its line of a refund is to come to.

    The money that the file gives back is that of what came back here, as far as that goes: only what is more is a
    refund beside it. One that was told before something came back here was another, and stays.

    Args:
        before: the order as it is here.
        given: its columns as the file has them; its sums are less what the file gives back.
        lines: those that it has here.
        refunded: what the file gives back, in minor units.
        whole: whether all that the file has came back here.
        kept: whether its lines stay as they are here.
    """
    amount, tax = (sum(row[name] for row in lines.back) for name in ("amount", "tax"))
    if whole and before["status"] == "returned":
        given = {**given, **{name: before[name] for name in ("status", "fulfillment_status", "returned_on")}}
    shipping = 0
    if lines.back and not before["shipping"]:  # it was given back when all of it came back
        shipping = -given["shipping"]
        given = {**given, "shipping": 0}
    back = amount + (0 if given["tax_included"] else tax) + shipping
    rest = min(refunded, max(lines.refunded, refunded + back)) if lines.back else refunded
    if kept:
        more = rest - lines.refunded
        sums = {name: before[name] for name in ("tax_included", "discount", "shipping", "tax")}
        return {**given, **sums, "subtotal": before["subtotal"] - more, "total": before["total"] - more}, rest
    more = rest - refunded
    sums = {
        "subtotal": given["subtotal"] + amount - more,
        "tax": given["tax"] + tax,
        "total": given["total"] + back - more,
    }
    return {**given, **sums}, rest


def since(told: Sequence[Columns], payments: Sequence[Row]) -> tuple[list[Columns], bool]:
    """The payments to add to those that are here, and whether money came or went here that the file does not know.

    More than came here is one payment more, more than was given back here one refund more. Less of either is taken for
    something that was done here: nothing is made up to get there.

    Args:
        told: the payments of the file.
        payments: those that are here.
    """
    added: list[Columns] = []
    here = False
    for sign in (1, -1):
        theirs = [entry for entry in told if entry["amount"] * sign > 0]
        more = sum(entry["amount"] for entry in theirs) - sum(
            row["amount"] for row in payments if row["amount"] * sign > 0
        )
        if more * sign > 0:
            added.append({**theirs[-1], "amount": more})
        here = here or more * sign < 0
    return added, here


def stays_cancelled(before: Row, given: Columns) -> bool:
    """Whether an order was cancelled here of which the file tells otherwise, without a day since on which it was sent.

    Args:
        before: the order as it is here.
        given: its columns as the file has them.
    """
    if before["status"] != "cancelled" or not before["cancelled_on"] or given["status"] == "cancelled":
        return False
    return not any((given.get(name) or "") > before["cancelled_on"] for name in _SENT_DAYS)


def far(before: Row, given: Columns, lines: Sequence[Row], *, paid_here: bool) -> Columns:
    """How far an order is that is further here than in the file: what of `given` is to be another; nothing where not.

    Args:
        before: the order as it is here.
        given: its columns as the file has them.
        lines: those that it has now.
        paid_here: whether money came or went here of which the file does not tell.
    """
    if stays_cancelled(before, given):
        return {name: before[name] for name in ("status", "fulfillment_status")}
    if before["status"] == "cancelled" and before["cancelled_on"] and given["status"] != "cancelled":
        return {"cancelled_on": None}
    own = [row for row in lines if row["return_of"] is None and row["quantity"] > 0]
    shipped = sum(row["shipped"] for row in own)
    found: Columns = {}
    both = (given["status"], before["status"])
    if (shipped or paid_here) and all(status in _WAY for status in both):
        # What was paid here tells no more than that it is being worked on.
        reached = min(_WAY.index(before["status"]), len(_WAY) if shipped else _WAY.index("processing"))
        if _WAY.index(given["status"]) < reached:
            found["status"] = _WAY[reached]
    if shipped and given["fulfillment_status"] != "restocked":
        ordered = sum(row["quantity"] for row in own)
        found["fulfillment_status"] = orderstates.fulfillment(ordered, shipped, came_back(lines))
        if found["fulfillment_status"] == "partial" and given["status"] in _WAY:
            # Or more was ordered there since: the rest is still to be sent.
            found["status"] = "processing"
    return {name: value for name, value in found.items() if value != given[name]}

"""The statuses of orders: the table as a person would say it, and what follows from amounts and quantities."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.orderstates import MOVES, financial, fulfillment, move, paid
from crmcli.model.enums import FINANCIAL_STATUS, FULFILLMENT_STATUS, ORDER_STATUS

# What each act makes of an order in each status; `-` is refused.
TABLE = """
act             draft        payment_due  processing  in_transit  delivered  returned  cancelled
confirm         payment_due  -            -           -           -          -         -
process         processing   processing   -           -           -          -         -
pay in part     payment_due  payment_due  processing  in_transit  delivered  returned  cancelled
pay             processing   processing   processing  in_transit  delivered  returned  cancelled
refund          -            payment_due  processing  in_transit  delivered  returned  cancelled
ship in part    processing   processing   processing  -           -          -         -
ship            in_transit   in_transit   in_transit  -           -          -         -
deliver         delivered    delivered    delivered   delivered   -          -         -
return in part  -            -            processing  in_transit  delivered  -         -
return          -            -            returned    returned    returned   -         -
cancel          cancelled    cancelled    cancelled   -           -          -         -
"""
HEAD, *ROWS = [line.split("  ") for line in TABLE.strip().splitlines()]
CELLS = [
    (cells[0], status, after)
    for cells in ([cell.strip() for cell in row if cell.strip()] for row in ROWS)
    for status, after in zip(ORDER_STATUS, cells[1:], strict=True)
]


def test_the_table_has_every_act_and_status() -> None:
    assert {act for act, _, _ in CELLS} == set(MOVES)
    assert [cell.strip() for cell in HEAD if cell.strip()][1:] == list(ORDER_STATUS)


@pytest.mark.parametrize(("act", "status", "after"), CELLS)
def test_an_act_moves_an_order(act: str, status: str, after: str) -> None:
    if after == "-":
        with pytest.raises(UsageError, match=f"o1 is {status.replace('_', ' ')} and cannot be"):
            move(status, act, "o1")
    else:
        assert move(status, act, "o1") == after


@pytest.mark.parametrize(
    ("total", "received", "refunded", "cancelled", "expected"),
    [
        (100, 0, 0, False, "pending"),
        (100, 40, 0, False, "partially_paid"),
        (100, 100, 0, False, "paid"),
        (100, 120, 0, False, "paid"),
        (0, 0, 0, False, "paid"),
        (60, 100, 40, False, "partially_refunded"),
        (0, 100, 100, False, "refunded"),
        (100, 0, 0, True, "voided"),
        (100, 100, 0, True, "paid"),
        (100, 100, 100, True, "refunded"),
    ],
)
def test_payments_say_how_far_it_is_paid(
    total: int, received: int, refunded: int, cancelled: bool, expected: str
) -> None:
    assert financial(total, received, refunded, cancelled=cancelled) == expected
    assert expected in FINANCIAL_STATUS
    payments = [(received, "2026-11-03"), (-refunded, "2026-11-05")]
    day = "2026-11-03" if received and received - refunded >= max(total, 1) else None
    assert paid(total, payments, cancelled=cancelled) == (received - refunded, expected, day)


@pytest.mark.parametrize(
    ("status", "act", "told"),
    [("returned", "confirm", "confirmed"), ("returned", "process", "processed"), ("draft", "refund", "refunded"),
     ("returned", "ship in part", "shipped"), ("returned", "deliver", "delivered"), ("draft", "return", "returned"),
     ("returned", "cancel", "cancelled")],
)  # fmt: skip
def test_what_cannot_be_is_told_in_plain_words(status: str, act: str, told: str) -> None:
    with pytest.raises(UsageError, match=f"^o1 is {status} and cannot be {told}$"):
        move(status, act, "o1")


@pytest.mark.parametrize(
    ("ordered", "shipped", "returned", "expected"),
    [(5, 0, 0, "unfulfilled"), (5, 2, 0, "partial"), (5, 5, 0, "fulfilled"), (5, 5, 2, "fulfilled"),
     (5, 5, 5, "restocked"), (5, 2, 2, "partial")],
)  # fmt: skip
def test_parcels_say_how_far_it_was_sent(ordered: int, shipped: int, returned: int, expected: str) -> None:
    assert fulfillment(ordered, shipped, returned) == expected
    assert expected in FULFILLMENT_STATUS

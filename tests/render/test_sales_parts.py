"""Deals and cases on the page of a customer, and the targets of cases in lists."""

from typing import Any

import pytest

from crmcli.kernel.clock import Clock, instant
from crmcli.render.screens.sales import parts
from crmcli.render.views.cases import due_style

CASE = {
    "id": "cs1", "subject": "Wheel", "status": "open", "priority": "high", "type": None, "owner": None, "due_at": None,
    "opened_at": "2026-11-20T09:00:00Z", "over": False, "breached": False,
    "contact": {"id": "c1", "display_name": "Ada"},
}  # fmt: skip


@pytest.mark.parametrize(("page", "aside"), [("c1", ""), ("co1", "Ada")])
def test_the_page_of_a_customer_does_not_name_it_again(page: str, aside: str) -> None:
    none: dict[str, Any] = {"open": [], "amounts": [], "won": {"count": 0}, "lost": {"count": 0}}
    orders = {name: [] for name in ("totals", "products", "recurring", "latest")}
    record = {
        "id": page,
        "deals": none,
        "orders": {**orders, "last_on": None, "unpaid": {"count": 0}, "overdue": {"count": 0}},
        "cases": {"open": [CASE], "past": [], "past_count": 0, "over": 0, "breached": 0, "satisfaction": None},
    }
    [part] = parts(record, Clock(instant("2026-11-20T10:00:00Z"), "UTC"))
    assert part.entries[0][-1] == aside


def test_an_answer_that_was_late_is_no_late_solution() -> None:
    late = {"breached": True, "response_breached": True, "resolution_breached": False}
    assert due_style({**late, "over": False}) == ""
    assert due_style({**late, "over": True}) == "overdue"

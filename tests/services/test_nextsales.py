"""Which of all that is open comes first."""

from collections.abc import Callable
from typing import Any

import pytest

from crmcli.app import App
from tests.services.test_snapshot_sales import case, deal, insert, order, stage

DUE = "2026-11-19T09:00:00Z"


def _overdue(app: App) -> None:
    insert(app, "followup", contact_id=1, subject="Call", due_at=DUE, first_due_at=DUE)


def _soon(app: App) -> None:
    due = "2026-11-23T09:00:00Z"
    insert(app, "followup", contact_id=1, subject="Call", due_at=due, first_due_at=due)


def _inbound(app: App) -> None:
    app.interactions.log("in", ["c1"], "Hello?", {"channel": "email", "at": "2026-11-18 09:00"})


def _habit(app: App) -> None:
    for day in ("2026-07-01", "2026-07-31", "2026-08-30"):
        order(app, day)


STEPS: list[tuple[str, Callable[[App], Any]]] = [
    ("case_breached", lambda app: case(app, "Stuck", resolution_due_at="2026-11-20T09:00:00Z", priority="urgent")),
    ("followup_overdue", _overdue),
    ("order_overdue", lambda app: order(app, "2026-10-01", paid=0, due_on="2026-11-01", status="payment_due")),
    ("deal_rotting", lambda app: deal(app, "Engine", stage(app), stage_since="2026-10-01T09:00:00Z")),
    ("deal_late", lambda app: deal(app, "Engine", stage(app), close_date="2026-11-19")),
    ("deal_step", lambda app: deal(app, "Engine", stage(app), close_date="2027-01-01")),
    ("reply_owed", _inbound),
    ("case_due", lambda app: case(app, "Stuck", resolution_due_at="2026-11-21T09:00:00Z")),
    ("followup_due", _soon),
    ("order_missing", _habit),
]
NAMES = [name for name, _ in STEPS]


@pytest.fixture
def ada(app: App) -> App:
    """A database with one customer, who can be reached."""
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"], "lifecycle_stage": "customer"})
    return app


def step(app: App) -> dict[str, Any]:
    found: dict[str, Any] = app.snapshots.of("c1")["next"]
    return found


@pytest.mark.parametrize("number", range(len(STEPS)), ids=NAMES)
def test_each_comes_before_all_below_it(ada: App, number: int) -> None:
    for name, make in reversed(STEPS[number:]):
        # What is planned for the customer is the next step of a deal.
        if NAMES[number] != "deal_step" or not name.startswith("followup"):
            make(ada)
    assert step(ada)["rule"] == NAMES[number]


@pytest.mark.parametrize("name", ["deleted", "do_not_contact"])
def test_who_is_gone_or_not_to_be_contacted_is_left_alone(ada: App, name: str) -> None:
    for _, make in STEPS:
        make(ada)
    if name == "deleted":
        ada.contacts.remove(["c1"])
    else:
        ada.contacts.edit("c1", {"do_not_contact": "yes"})
    assert step(ada)["rule"] == name


def test_the_reason_is_told_with_a_command(ada: App) -> None:
    case(ada, "Wheel stuck", response_due_at="2026-11-20T08:00:00Z", priority="urgent")
    assert step(ada) == {
        "rule": "case_breached",
        "action": "answer cs1: Wheel stuck",
        "reason": "the first response was due today 08:00, priority urgent",
        "command": "crm case reply cs1",
    }


def test_payment_is_asked_for_the_longest_due(ada: App) -> None:
    order(ada, "2026-10-02", 9900, paid=0, due_on="2026-11-10", status="in_transit")
    order(ada, "2026-10-01", 120000, paid=20000, due_on="2026-11-01", number="#7")
    assert step(ada) == {
        "rule": "order_overdue",
        "action": "ask for the payment of #7 (1,000.00 EUR)",
        "reason": "o2 was to be paid 2 weeks ago; 1 more is overdue",
        "command": "crm log out c1 --channel email",
    }


def test_of_deals_the_one_that_stands_still_for_longest(ada: App) -> None:
    place = stage(ada)
    deal(ada, "Engine", place, stage_since="2026-10-20T09:00:00Z")
    deal(ada, "Mill", place, stage_since="2026-10-01T09:00:00Z")
    assert step(ada) == {
        "rule": "deal_rotting",
        "action": "move Mill on, or drop it",
        "reason": "d2 is in Proposal for 50 days",
        "command": "crm deal show d2",
    }


def test_an_order_that_usually_would_have_come(ada: App) -> None:
    _habit(ada)
    assert step(ada)["reason"] == "the last order was 2 months ago; usually one comes every 30 days"


def test_a_case_that_waits_for_the_customer_is_not_due(ada: App) -> None:
    waiting = case(ada, "Stuck", status="pending", resolution_due_at="2026-11-21T09:00:00Z")
    insert(ada, "case_status", case_id=waiting, status="pending", entered_at="2026-11-20T07:00:00Z")
    assert step(ada)["rule"] not in ("case_due", "case_breached")


def test_a_planned_follow_up_is_a_next_step(ada: App) -> None:
    deal(ada, "Engine", stage(ada))
    assert step(ada)["rule"] == "deal_step"
    _soon(ada)
    assert step(ada)["rule"] == "followup_due"

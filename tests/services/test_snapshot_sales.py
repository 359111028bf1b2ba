"""Deals, orders, cases and retention in the snapshot of a customer."""

from typing import Any

import pytest

from crmcli.app import App

NOW = "2026-11-20T10:00:00Z"


def insert(app: App, table: str, **values: Any) -> int:
    """Write a row."""
    with app.writing() as gate:
        return gate.insert(table, values)


def stage(app: App, **more: Any) -> int:
    """A stage of a pipeline, which rots after 21 days."""
    with app.writing() as gate:
        number = app.store.value("SELECT count(*) AS n FROM pipeline")
        pipeline = gate.insert("pipeline", {"name": f"Sales {number}"})
        return gate.insert(
            "stage", {"pipeline_id": pipeline, "name": "Proposal", "probability": 50, "rotting_days": 21, **more}
        )


def deal(app: App, name: str, place: int, **more: Any) -> int:
    """A deal of 1,200.00 EUR with contact 1."""
    row = app.store.row("SELECT pipeline_id FROM stage WHERE id = ?", [place])
    assert row is not None
    given = {"name": name, "contact_id": 1, "amount": 120000, "currency": "EUR", "stage_since": NOW, "stage_id": place}
    return insert(app, "deal", **{**given, **row, **more})


def order(app: App, day: str, total: int = 1000, **more: Any) -> int:
    """A paid order of contact 1."""
    given = {
        "contact_id": 1,
        "ordered_on": day,
        "currency": "EUR",
        "total": total,
        "paid": total,
        "status": "delivered",
    }
    return insert(app, "sales_order", **{**given, **more})


def case(app: App, subject: str, **more: Any) -> int:
    """An open case of contact 1."""
    given = {"subject": subject, "contact_id": 1, "opened_at": "2026-11-19T09:00:00Z", "status": "open"}
    return insert(app, "support_case", **{**given, **more})


@pytest.fixture
def ada(app: App) -> App:
    """A database with one contact, who can be reached."""
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"], "company": ["Engines"]})
    return app


def test_without_sales_all_is_empty(ada: App) -> None:
    item = ada.snapshots.of("c1")
    assert item["deals"] == {
        "open": [], "amounts": [], "won": {"count": 0, "amounts": []}, "lost": {"count": 0, "amounts": []},
    }  # fmt: skip
    assert item["orders"]["count"] == 0 and item["orders"]["last_on"] is None and item["orders"]["latest"] == []
    assert item["cases"]["open"] == [] and item["cases"]["satisfaction"] is None
    assert item["retention"] is None


def test_open_deals_stand_in_the_order_in_which_they_are_to_be_won(ada: App) -> None:
    place = stage(ada)
    deal(ada, "late", place, close_date="2026-11-01", probability=80)
    deal(ada, "never", place, amount=None, currency=None)
    deal(ada, "soon", place, close_date="2026-12-01", stage_since="2026-10-30T09:59:59Z")
    deal(ada, "gone", place, deleted_at=NOW)
    found = ada.snapshots.of("c1")["deals"]
    assert [one["name"] for one in found["open"]] == ["late", "soon", "never"]
    late, soon, never = found["open"]
    assert (late["overdue"], late["probability"], late["rotting"]) == (True, 80, False)
    assert (soon["overdue"], soon["probability"], soon["rotting"], soon["stage_days"]) == (False, 50, True, 21)
    assert (soon["amount"], soon["amount_minor"], soon["currency"]) == ("1200.00", 120000, "EUR")
    assert (never["amount"], never["amount_minor"], never["currency"]) == (None, None, None)
    assert found["amounts"] == [{"currency": "EUR", "amount": "2400.00", "amount_minor": 240000}]


def test_won_and_lost_deals_are_counted_by_currency(ada: App) -> None:
    won, lost = stage(ada, type="won"), stage(ada, type="lost")
    deal(ada, "a", won, status="won", closed_at=NOW)
    deal(ada, "b", won, status="won", closed_at=NOW, amount=750, currency="JPY")
    deal(ada, "c", lost, status="lost", closed_at=NOW, amount=None, currency=None)
    found = ada.snapshots.of("c1")["deals"]
    assert found["won"] == {
        "count": 2,
        "amounts": [
            {"currency": "EUR", "amount": "1200.00", "amount_minor": 120000},
            {"currency": "JPY", "amount": "750", "amount_minor": 750},
        ],
    }
    assert found["lost"] == {"count": 1, "amounts": []} and found["open"] == []


def test_a_person_sees_the_deals_in_which_it_has_a_part(ada: App) -> None:
    ada.contacts.add("Grace Hopper", {})
    key = deal(ada, "Engine", stage(ada))
    insert(ada, "deal_contact", deal_id=key, contact_id=2, role="decision maker")
    assert [one["id"] for one in ada.snapshots.of("c2")["deals"]["open"]] == ["d1"]


def test_a_follow_up_of_the_deal_is_its_next_step(ada: App) -> None:
    key = deal(ada, "Engine", stage(ada))
    assert not ada.snapshots.of("c1")["deals"]["open"][0]["next_step"]
    due = "2026-12-01T09:00:00Z"
    insert(ada, "followup", contact_id=1, subject="Call", due_at=due, first_due_at=due, deal_id=key)
    assert ada.snapshots.of("c1")["deals"]["open"][0]["next_step"]


def test_orders_are_counted_summed_and_averaged_by_currency(ada: App) -> None:
    for day, total in (("2026-08-01", 1000), ("2026-09-01", 1001), ("2026-09-01", 1001), ("2026-11-10", 998)):
        order(ada, day, total)
    order(ada, "2026-11-10", 500, currency="JPY")
    order(ada, "2026-11-11", 9999, status="cancelled")
    order(ada, "2026-11-12", 9999, status="draft", paid=0)
    found = ada.snapshots.of("c1")["orders"]
    assert found["totals"] == [
        {
            "currency": "EUR",
            "count": 4,
            "total": "40.00",
            "total_minor": 4000,
            "average": "10.00",
            "average_minor": 1000,
        },
        {"currency": "JPY", "count": 1, "total": "500", "total_minor": 500, "average": "500", "average_minor": 500},
    ]
    assert (found["count"], found["first_on"], found["last_on"]) == (5, "2026-08-01", "2026-11-10")
    # 31 and 70 days between the days with orders.
    assert found["usual_gap_days"] == 50.5
    assert [one["status"] for one in found["latest"]] == ["draft", "cancelled", *["delivered"] * 3]


def test_two_days_make_no_habit(ada: App) -> None:
    order(ada, "2026-08-01")
    order(ada, "2026-09-01")
    item = ada.snapshots.of("c1")
    assert item["orders"]["usual_gap_days"] is None and item["retention"] == "active"


def test_what_they_buy_is_counted_without_what_was_sent_back(ada: App) -> None:
    apples = insert(ada, "product", name="Red apples")
    for day in ("2026-09-01", "2026-10-01"):
        key = order(ada, day)
        line = {"order_id": key, "product_id": apples, "unit_price": 100, "name": "Red apples"}
        first = insert(ada, "order_line", **line, quantity=2500, amount=250)
        insert(ada, "order_line", **line, quantity=-500, amount=-50, position=1, return_of=first)
    insert(ada, "order_line", order_id=key, name="Ladder", quantity=1000, unit_price=9900, amount=9900, position=2)
    cancelled = order(ada, "2026-10-02", status="cancelled")
    insert(ada, "order_line", order_id=cancelled, name="Moon", quantity=1000, unit_price=1, amount=1)
    found = ada.snapshots.of("c1")["orders"]["products"]
    assert found == [
        {"id": "p1", "name": "Red apples", "orders": 2, "quantity": "4", "amount": "4.00", "amount_minor": 400,
         "currency": "EUR"},
        {"id": None, "name": "Ladder", "orders": 1, "quantity": "1", "amount": "99.00", "amount_minor": 9900,
         "currency": "EUR"},
    ]  # fmt: skip


def test_a_refund_and_what_came_back_whole_were_not_bought(ada: App) -> None:
    key = order(ada, "2026-11-01")
    for name, quantity, amount in (
        ("Ladder", 1000, 900),
        ("Refund", -1000, -100),
        ("Rope", 2000, 50),
        ("Rope", -2000, -50),
    ):
        insert(ada, "order_line", order_id=key, name=name, quantity=quantity, unit_price=abs(amount), amount=amount)
    assert [one["name"] for one in ada.snapshots.of("c1")["orders"]["products"]] == ["Ladder"]


def test_products_bear_their_share_of_a_discount_on_the_whole(ada: App) -> None:
    ada.products.add("Pot", {})
    ada.ordering.add("c1", {"line": ["1 x Pot @ 10", "1 x Lid @ 10", "1 x Jar @ 10"], "discount": "10.01",
                          "currency": "EUR"})  # fmt: skip
    ada.ordering.add("c1", {"line": ["1 x Pot @ 5"], "currency": "EUR"})
    found = ada.snapshots.of("c1")["orders"]
    assert {one["name"]: one["amount"] for one in found["products"]} == {"Pot": "11.66", "Lid": "6.66", "Jar": "6.67"}
    assert sum(one["amount_minor"] for one in found["products"]) == found["totals"][0]["total_minor"]


def test_what_came_back_in_parts_leaves_what_was_kept(ada: App) -> None:
    ada.ordering.add("c1", {"line": ["10 x Pot @ 10", "3 x Lid @ 0.33"], "discount": "50%", "currency": "EUR"})
    ada.parcels.ship(["o1"], {})
    ada.parcels.take_back(["o1"], {"line": ["1=9", "2=3"]})
    found = ada.snapshots.of("c1")["orders"]
    assert [(one["name"], one["orders"], one["amount"]) for one in found["products"]] == [("Pot", 1, "5.00")]
    assert found["totals"][0]["total"] == "5.00"


def test_an_order_that_came_back_whole_counts_for_nothing(ada: App) -> None:
    for day in ("2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"):
        ada.ordering.add("c1", {"line": ["1 x Pot @ 10"], "currency": "EUR", "date": day, "status": "delivered"})
    before = ada.snapshots.of("c1")
    assert (before["orders"]["count"], before["retention"]) == (4, "repeat")
    ada.parcels.take_back(["o2", "o3"], {})
    item = ada.snapshots.of("c1")
    found = item["orders"]
    assert (found["count"], found["first_on"], found["last_on"]) == (2, "2026-08-01", "2026-11-01")
    assert found["totals"][0]["average"] == "10.00" and found["usual_gap_days"] is None
    assert [(one["orders"], one["quantity"]) for one in found["products"]] == [(2, "2")]
    # The list and the badge tell the same; what came back still stands among the latest.
    assert item["retention"] == "active" and len(ada.contacts.page("retention:active order_count=2").items) == 1
    assert [one["status"] for one in found["latest"]] == ["delivered", "returned", "returned", "delivered"]


def test_what_is_unpaid_and_overdue(ada: App) -> None:
    order(ada, "2026-10-01", 5000, paid=2000, due_on="2026-11-01", number="#7")
    order(ada, "2026-11-01", 700, paid=0, status="payment_due", due_on="2026-11-20")
    order(ada, "2026-11-02", 300, paid=0, status="returned", due_on="2026-11-03")
    found = ada.snapshots.of("c1")["orders"]
    assert found["unpaid"]["count"] == 2 and found["unpaid"]["amounts"][0]["amount"] == "37.00"
    # One that is due today is not overdue.
    assert [one["number"] for one in found["overdue"]["orders"]] == ["#7"]
    assert found["overdue"]["amounts"] == [{"currency": "EUR", "amount": "30.00", "amount_minor": 3000}]


def test_orders_that_come_again(ada: App) -> None:
    order(ada, "2026-11-01", recurrence="FREQ=MONTHLY;BYMONTHDAY=1", recurs_from="due", number="#1")
    order(ada, "2026-10-10", recurrence="FREQ=WEEKLY;INTERVAL=6", recurs_from="done", number="#2", status="cancelled")
    order(ada, "2026-12-24", recurrence="FREQ=YEARLY", status="draft", paid=0, number="#3")
    order(ada, "2026-11-02", recurrence="nonsense", number="#4")
    found = ada.snapshots.of("c1")["orders"]["recurring"]
    assert [(one["number"], one["next_on"]) for one in found] == [("#1", "2026-12-01"), ("#3", "2026-12-24")]


def test_open_cases_come_first_that_are_over_a_target(ada: App) -> None:
    case(ada, "in time", resolution_due_at="2026-11-25T09:00:00Z")
    case(ada, "late", resolution_due_at="2026-11-20T09:59:59Z", first_response_at="2026-11-19T10:00:00Z")
    case(ada, "unanswered", response_due_at="2026-11-20T08:00:00Z", resolution_due_at="2026-11-25T09:00:00Z")
    waiting = case(ada, "waits for them", status="pending", resolution_due_at="2026-11-20T08:00:00Z")
    insert(ada, "case_status", case_id=waiting, status="pending", entered_at="2026-11-20T07:00:00Z")
    found = ada.snapshots.of("c1")["cases"]
    assert all(one["breached"] == one["over"] for one in found["open"]) and found["breached"] == found["over"]
    assert [(one["subject"], one["over"]) for one in found["open"]] == [
        ("unanswered", True), ("late", True), ("waits for them", False), ("in time", False),
    ]  # fmt: skip
    assert found["open"][0]["due_for"] == "response" and found["open"][1]["due_for"] == "resolution"
    assert found["over"] == 2


def test_an_answer_that_was_late_is_no_target_that_is_over_now(ada: App) -> None:
    told = {"response_due_at": "2026-11-20T08:00:00Z", "first_response_at": "2026-11-20T08:00:01Z"}
    case(ada, "answered", resolution_due_at="2026-11-25T09:00:00Z", **told)
    case(ada, "solved", status="resolved", resolved_at=NOW, resolution_due_at="2026-11-25T09:00:00Z", **told)
    found = ada.snapshots.of("c1")["cases"]
    assert found["over"] == 0 and [one["over"] for one in found["open"]] == [False]
    assert [one["breached"] for one in found["past"]] == [True]


def test_past_cases_and_what_they_said(ada: App) -> None:
    for score in (5, 4, None):
        case(ada, "x", status="closed", resolved_at=NOW, resolution_due_at="2026-11-20T09:00:00Z", satisfaction=score)
    found = ada.snapshots.of("c1")["cases"]
    assert found["open"] == [] and found["past_count"] == 3 and found["satisfaction"] == 4.5
    assert all(one["breached"] for one in found["past"])


def test_a_company_has_its_own_and_that_of_its_people(ada: App) -> None:
    ada.contacts.add("Grace Hopper", {"company": ["Engines"]})
    ada.companies.add("Another", {})
    place = stage(ada)
    deal(ada, "hers", place, contact_id=1)
    deal(ada, "its own", place, contact_id=None, company_id=1)
    deal(ada, "both", place, contact_id=2, company_id=1)
    deal(ada, "for another", place, contact_id=2, company_id=2)
    order(ada, "2026-11-01")
    order(ada, "2026-11-02", contact_id=None, company_id=1)
    order(ada, "2026-11-03", contact_id=2, company_id=2)
    case(ada, "hers")
    case(ada, "for another", company_id=2)
    item = ada.snapshots.of("co1")
    assert {one["name"] for one in item["deals"]["open"]} == {"hers", "its own", "both"}
    assert item["orders"]["count"] == 2 and item["retention"] == "active"
    assert [one["subject"] for one in item["cases"]["open"]] == ["hers"]
    assert item["cases"]["open"][0]["contact"] == {"id": "c1", "display_name": "Ada Lovelace"}


def test_who_left_the_company_took_the_orders_along(ada: App) -> None:
    order(ada, "2026-11-01")
    assert ada.snapshots.of("co1")["orders"]["count"] == 1
    ada.contacts.edit("c1", {"company": [{"name": "co1", "ended_on": "2026-11-10"}]})
    assert ada.snapshots.of("co1")["orders"]["count"] == 0


def test_retention_is_that_of_the_filter(ada: App) -> None:
    for month in ("01", "02", "03"):
        order(ada, f"2026-{month}-01")
    kept = ada.snapshots.of("c1")["retention"]
    assert kept == "lapsed"
    assert [one["id"] for one in ada.contacts.page(f"retention:{kept}").items] == ["c1"]


@pytest.mark.parametrize("status", ["draft", "payment_due", "processing", "delivered", "returned", "cancelled"])
@pytest.mark.parametrize("paid", [0, 400, 1500])
def test_what_is_unpaid_is_one_everywhere(ada: App, status: str, paid: int) -> None:
    key = order(ada, "2026-11-02", status=status, paid=paid)
    shown = ada.orders.get(key)
    (latest,) = ada.snapshots.of("c1")["orders"]["latest"]
    assert (latest["unpaid"], latest["unpaid_minor"]) == (shown["unpaid"], shown["unpaid_minor"])
    assert latest["unpaid_minor"] == (
        max(0, 1000 - paid) if status in ("payment_due", "processing", "delivered") else 0
    )

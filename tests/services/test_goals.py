"""Goals: distance, pace, and where it is likely to end."""

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError
from tests.plans import Sales


@pytest.fixture
def sales(app: App) -> Sales:
    return Sales(app)


def test_a_goal_begins_with_the_period_whose_end_is_named(app: App) -> None:
    begins = {"eom": "2026-11-01", "eoq": "2026-10-01", "eoy": "2026-01-01", "2026-12-31": "2026-11-20"}
    for by, begin in begins.items():
        assert app.goals.set("250000 EUR", by)["starts_on"] == begin
    assert app.goals.set("1 EUR", "2026-12-31", first="2026-12-01")["starts_on"] == "2026-12-01"


def test_the_same_goal_set_again_has_another_amount(sales: Sales) -> None:
    goals = sales.app.goals
    first = goals.set("250000 EUR", "eoq", owner="me", name="Fourth quarter")
    again = goals.set("300000 EUR", "eoq", owner="ada", name="Fourth quarter")
    assert (again["id"], again["amount"]) == (first["id"], "300000.00")
    assert "g1 was 250,000.00 EUR" in sales.app.notes
    others = [
        goals.set("300000 EUR", "eoq", owner="me"),
        goals.set("300000 EUR", "eoq", name="Fourth quarter"),
        goals.set("300000 EUR", "eoq", owner="me", name="Fourth quarter", metric="orders"),
        goals.set("300000 CHF", "eoq", owner="me", name="Fourth quarter"),
        goals.set("300000 EUR", "eoy", owner="me", name="Fourth quarter"),
    ]
    assert len({one["id"] for one in [first, *others]}) == 6
    assert goals.set("1 EUR", "eoq", owner="me")["id"] == others[0]["id"]


def test_how_far_it_is(sales: Sales) -> None:
    sales.closed("2026-10-01", 100_000, owner_id=sales.ada)
    sales.closed("2026-11-20", 41_000, owner_id=sales.ada)
    sales.closed("2026-09-30", 999_900, owner_id=sales.ada)
    sales.closed("2026-11-02", 999_900, owner_id=sales.bob)
    sales.deal(50_000, "2026-12-31", owner_id=sales.ada, probability=50)
    sales.deal(70_000, "2026-11-01", owner_id=sales.ada, probability=100)  # overdue, and still to come
    sales.deal(90_000, "2027-01-01", owner_id=sales.ada, probability=100)
    goal = sales.app.goals.set("2500", "eoq", owner="me", currency="EUR")
    assert (goal["id"], goal["owner"], goal["state"]) == ("g1", "ada", "running")
    assert (goal["closed"], goal["left"], goal["percent"]) == ("1410.00", "1090.00", 56)
    # 51 of 92 days, today included, and 42 from today on.
    assert (goal["elapsed_percent"], goal["days_left"]) == (55, 42)
    assert goal["pace_minor"] == 19_353  # 141,000 x 7 / 51, rounded
    assert goal["pace_needed_minor"] == 18_167  # 109,000 x 7 / 42, rounded
    landing = [goal[f"landing_{name}_minor"] for name in ("p10", "p50", "p90")]
    assert landing == [211_000, 211_000, 261_000]


def test_orders_land_where_their_pace_leads(sales: Sales) -> None:
    sales.order(51_000, "2026-10-01")
    sales.order(99_900, "2026-10-02", status="cancelled")
    sales.order(99_900, "2026-10-02", status="draft")
    sales.order(99_900, "2026-11-21")
    goal = sales.app.goals.set("1000 EUR", "eoq", metric="orders")
    assert goal["closed_minor"] == 51_000
    assert (goal["landing_p10"], goal["landing_p50_minor"], goal["landing_p90"]) == (None, 92_000, None)


def test_before_it_begins_and_after_it_ended(sales: Sales) -> None:
    sales.closed("2026-10-05", 100_000)
    later = sales.app.goals.set("10 EUR", "2027-01-31", first="2027-01-01")
    assert (later["state"], later["closed_minor"], later["pace"], later["days_left"]) == ("to come", 0, None, 31)
    over = sales.app.goals.set("2000 EUR", "2026-10-31", first="2026-10-01")
    assert (over["state"], over["closed_minor"], over["days_left"], over["pace_needed"]) == ("over", 100_000, 0, None)
    assert over["landing_p50_minor"] == 100_000
    reached = sales.app.goals.set("1000 EUR", "2026-10-31", first="2026-10-01", name="The least")
    assert (reached["state"], reached["left_minor"]) == ("reached", 0)
    assert [goal["id"] for goal in sales.app.goals.page().items] == ["g1"]
    assert [goal["id"] for goal in sales.app.goals.page(everything=True).items] == ["g2", "g3", "g1"]


def test_one_that_is_over_when_it_is_set_is_told_so(app: App) -> None:
    record = app.goals.set("1000 EUR", "2026-01-31", first="2026-01-01")
    assert record["state"] == "over" and app.notes == [
        "g1 is over: it ended on 2026-01-31; if that is wrong: crm goal rm g1"
    ]
    app.notes.clear()
    app.goals.set("1000 EUR", "eoy")
    assert not app.notes


def test_removing(app: App) -> None:
    app.goals.set("10 EUR", "eoq")
    assert app.goals.remove(["g1"])[0]["amount"] == "10.00"
    with pytest.raises(NotFound):
        app.goals.get("g1")
    app.history.undo(None)
    assert app.goals.get("g1")["id"] == "g1"


@pytest.mark.parametrize(
    ("amount", "more"),
    [
        ("0 EUR", {}),
        ("-5 EUR", {}),
        ("x EUR", {}),
        ("5", {}),
        ("5 EUR", {"currency": "USD"}),
        ("5 EUR", {"metric": "calls"}),
        ("5 EUR", {"first": "2027-05-01"}),
    ],
)
def test_what_cannot_be_a_goal(app: App, amount: str, more: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        app.goals.set(amount, "eoq", **more)


def test_what_cannot_be_converted_is_told(sales: Sales) -> None:
    sales.closed("2026-11-05", 3000, currency="JPY")
    goal = sales.app.goals.set("10 EUR", "eoq")
    assert goal["closed_minor"] == 0
    assert goal["without_rate"][0]["currency"] == "JPY"

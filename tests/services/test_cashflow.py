"""What money may come when, in three bands, each amount with its reason."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.services.cashflow import Asked
from tests.plans import Sales

MONTHLY = {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1", "recurs_from": "due", "series": "0" * 36}


@pytest.fixture
def sales(app: App) -> Sales:
    return Sales(app)


def came(sales: Sales, **asked: Any) -> list[tuple[str, str, int, str]]:
    """Day, band, minor units and id of each single amount."""
    parts = sales.app.cashflow.of(Asked(**asked))["parts"]
    return [(one["day"], one["band"], one["amount_minor"], one["id"]) for one in parts]


def test_an_order_is_paid_when_it_is_due(sales: Sales) -> None:
    sales.order(1000, "2026-11-01", due_on="2026-12-10", paid=400)
    assert came(sales) == [("2026-12-10", "orders", 600, "o1")]


def test_without_a_date_after_the_customers_own_average(sales: Sales) -> None:
    sales.order(1000, "2026-11-10")
    sales.order(500, "2026-01-01", paid=500, paid_on="2026-01-11")
    sales.order(500, "2026-02-01", paid=500, paid_on="2026-02-16")
    assert came(sales) == [("2026-11-23", "orders", 1000, "o1")]  # 12.5 days, rounded away from zero
    [part] = sales.app.cashflow.of(Asked())["parts"]
    assert part["reason"] == "ordered 2026-11-10, paid 13 days after, as this customer does on average"


def test_else_after_thirty_days(sales: Sales) -> None:
    sales.order(1000, "2026-11-10")
    assert came(sales) == [("2026-12-10", "orders", 1000, "o1")]


def test_what_is_overdue_comes_today(sales: Sales) -> None:
    sales.order(1000, "2026-09-01", due_on="2026-10-01")
    sales.order(2000, "2026-09-01")
    assert came(sales) == [("2026-11-20", "orders", 2000, "o2"), ("2026-11-20", "orders", 1000, "o1")] or came(
        sales
    ) == [("2026-11-20", "orders", 1000, "o1"), ("2026-11-20", "orders", 2000, "o2")]
    assert all(one["reason"].startswith("overdue: ") for one in sales.app.cashflow.of(Asked())["parts"])


@pytest.mark.parametrize("status", ["draft", "returned", "cancelled"])
def test_what_is_not_owed_is_not_in_it(sales: Sales, status: str) -> None:
    sales.order(1000, "2026-11-10", status=status)
    assert came(sales) == []


def test_orders_that_come_again(sales: Sales) -> None:
    sales.order(900, "2026-11-01", paid=900, paid_on="2026-11-11", occurs_on="2026-11-01", **MONTHLY)
    found = came(sales, until="2027-02-20")
    assert [(day, band) for day, band, _, _ in found] == [
        ("2026-12-11", "recurring"),
        ("2027-01-11", "recurring"),
        ("2027-02-11", "recurring"),
    ]
    reason = sales.app.cashflow.of(Asked())["parts"][0]["reason"]
    assert reason.startswith("every month on the 1st: ordered 2026-12-01, paid 10 days after")


def test_what_was_missed_is_still_to_be_written_and_owed(sales: Sales) -> None:
    sales.order(900, "2026-09-01", paid=900, paid_on="2026-09-11", occurs_on="2026-09-01", **MONTHLY)
    assert [day for day, *_ in came(sales, until="2026-12-20")] == ["2026-11-20", "2026-11-20", "2026-12-11"]
    due = sales.app.renewals.renew(dry_run=True)
    assert [one["ordered_on"] for one in due] == ["2026-10-01", "2026-11-01"]


def test_only_the_last_of_a_series_goes_on(sales: Sales) -> None:
    sales.order(900, "2026-10-01", paid=900, occurs_on="2026-10-01", **MONTHLY)
    sales.order(950, "2026-11-01", paid=950, occurs_on="2026-11-01", **MONTHLY)
    assert {amount for _, _, amount, _ in came(sales)} == {950}


def test_a_draft_is_the_next_one_itself(sales: Sales) -> None:
    sales.order(900, "2026-12-01", status="draft", occurs_on="2026-12-01", **MONTHLY)
    assert [day for day, *_ in came(sales, until="2027-02-10")] == ["2026-12-31", "2027-01-31"]


def test_a_rule_that_ends(sales: Sales) -> None:
    rule = {**MONTHLY, "recurrence": "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3"}
    sales.order(900, "2026-11-01", paid=900, occurs_on="2026-11-01", **rule)
    assert len(came(sales, until="2027-12-31")) == 2
    sales.order(
        900, "2026-11-01", paid=900, status="cancelled", occurs_on="2026-11-01", **{**MONTHLY, "series": "1" * 36}
    )
    assert len(came(sales, until="2027-12-31")) == 2


def test_open_deals_come_with_their_probability_after_the_terms_of_payment(sales: Sales) -> None:
    sales.deal(1001, "2026-12-01", probability=50)
    sales.deal(1000, "2026-11-01", probability=50)  # overdue: as if won today
    sales.deal(1000)
    sales.deal(1000, "2026-12-01", probability=0)
    assert came(sales) == [("2026-12-20", "deals", 500, "d2"), ("2026-12-31", "deals", 501, "d1")]
    assert sales.app.cashflow.of(Asked())["undated"] == ["d3"]
    sales.app.config["cashflow.payment_days"] = "5"
    assert came(sales)[0] == ("2026-11-25", "deals", 500, "d2")


def test_where_the_calendar_ends_is_no_fault(sales: Sales) -> None:
    sales.deal(1000, "9999-12-31", probability=50)
    sales.order(1000, "9999-12-30")
    sales.order(500, "2026-11-01", due_on="9999-12-31", occurs_on="2026-11-01", **MONTHLY)
    flow = sales.app.cashflow.of(Asked())
    assert flow["parts"] == []
    assert flow["later"]["deals_minor"] == 500


def test_balances_run_in_three_bands(sales: Sales) -> None:
    sales.order(1000, "2026-11-01", due_on="2026-11-22")
    sales.order(100, "2026-11-01", due_on="2026-11-23", paid=100, occurs_on="2026-11-01", **MONTHLY)
    sales.deal(10, "2026-11-01", probability=100)
    flow = sales.app.cashflow.of(Asked(until="2027-01-10", opening="5 EUR"))
    assert [(one["id"], one["from"], one["until"]) for one in flow["periods"][:2]] == [
        ("2026-W47", "2026-11-20", "2026-11-22"),
        ("2026-W48", "2026-11-23", "2026-11-29"),
    ]
    last = flow["periods"][-1]
    assert (last["id"], last["until"]) == ("2027-W01", "2027-01-10")
    assert flow["periods"][0]["balance_orders_minor"] == 1500
    balances = [last[f"{name}_minor"] for name in ("balance_orders", "balance_recurring", "balance")]
    assert balances == [1500, 1600, 1610]
    for band in ("orders", "recurring", "deals"):
        parts = sum(one["amount_minor"] for one in flow["parts"] if one["band"] == band)
        assert sum(period[f"{band}_minor"] for period in flow["periods"]) == parts
    assert flow["later"]["recurring_minor"] == 100  # ordered on 1 January, and paid after the last day


def test_by_month_and_what_comes_later(sales: Sales) -> None:
    sales.order(1000, "2026-11-01", due_on="2026-12-31")
    sales.order(2000, "2026-11-01", due_on="2027-01-01")
    flow = sales.app.cashflow.of(Asked("month", until="2026-12-31"))
    assert [one["id"] for one in flow["periods"]] == ["2026-11", "2026-12"]
    assert flow["later"]["orders_minor"] == 2000
    assert sales.app.cashflow.parts(flow, "2026-12")[0]["id"] == "o1"
    assert sales.app.cashflow.parts(flow, "2026-12-15")[0]["id"] == "o1"
    assert sales.app.cashflow.parts(flow, "today") == []
    with pytest.raises(UsageError, match="outside of what is shown"):
        sales.app.cashflow.parts(flow, "2027-05")


def test_the_opening_balance_is_given_or_set(sales: Sales) -> None:
    sales.order(1000, "2026-11-01")
    sales.app.config["cashflow.opening"] = "12000 EUR"
    assert sales.app.cashflow.of(Asked())["opening_minor"] == 1_200_000
    assert sales.app.cashflow.of(Asked(opening="-7.50"))["periods"][0]["balance_minor"] == -750
    with pytest.raises(UsageError, match="not in USD"):
        sales.app.cashflow.of(Asked(opening="5 EUR", currency="USD"))


def test_other_currencies_count_by_their_rates_or_are_told_apart(sales: Sales) -> None:
    sales.order(1000, "2026-11-10", currency="USD")
    sales.order(3000, "2026-11-10", currency="JPY")
    sales.app.rates.set("EUR", "USD", "2")
    flow = sales.app.cashflow.of(Asked(currency="EUR"))
    assert [one["amount_minor"] for one in flow["parts"]] == [500]
    assert flow["without_rate"][0]["amount"] == "3000"


@pytest.mark.parametrize(
    "asked", [Asked("day"), Asked(until="yesterday"), Asked(opening="x"), Asked(until="9000-01-01")]
)
def test_what_cannot_be_understood(app: App, asked: Asked) -> None:
    with pytest.raises(UsageError):
        app.cashflow.of(asked)

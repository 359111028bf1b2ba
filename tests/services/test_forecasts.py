"""What open deals may bring: by the definitions of the field, and kept."""

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.services.forecasts import Asked
from tests.plans import Sales


@pytest.fixture
def sales(app: App) -> Sales:
    return Sales(app)


def test_twenty_deals_of_ten_thousand_at_thirty_percent(sales: Sales) -> None:
    for _ in range(20):
        sales.deal(1_000_000, "2026-12-01", probability=30)
    found = sales.app.forecasts.of(Asked())
    assert [found[name] for name in ("weighted", "p10", "p50", "p90")] == [
        "60000.00",
        "30000.00",
        "60000.00",
        "90000.00",
    ]
    assert found["error_minor"] == 0
    assert found["deals"] == 20
    assert found["probabilities"] == []  # all deals have their own


def test_a_probability_of_its_own_beats_that_of_the_stage(sales: Sales) -> None:
    sales.deal(1000, "2026-12-01", "proposal")
    sales.deal(1000, "2026-12-01", "proposal", probability=7)
    assert sales.app.forecasts.of(Asked())["weighted_minor"] == 500 + 70


def test_each_deal_is_rounded_by_itself(sales: Sales) -> None:
    for _ in range(3):
        sales.deal(1, "2026-12-01", probability=50)
    assert sales.app.forecasts.of(Asked())["weighted_minor"] == 3


def test_from_ten_closed_on_a_stage_is_measured(sales: Sales) -> None:
    sales.deal(1000, "2026-12-01", "proposal")
    for place in range(9):
        sales.closed("2026-10-01", won=place < 3)
    sales.closed("2026-10-01", through=("negotiation",))
    sales.closed("2026-10-01", deleted_at="2026-10-02T00:00:00Z")
    found = sales.app.forecasts.of(Asked())
    assert found["weighted_minor"] == 500
    assert found["probabilities"] == [
        {
            "pipeline": "Sales",
            "stage": "Proposal",
            "used": "configured",
            "probability": 50.0,
            "configured": 50,
            "won": 3,
            "closed": 9,
            "low": 12.1,
            "high": 64.6,
        }
    ]
    sales.closed("2026-10-01", won=False)
    del sales.app.prospects
    found = sales.app.forecasts.of(Asked())
    assert found["weighted_minor"] == 300
    assert found["probabilities"][0]["used"] == "measured"
    assert (found["probabilities"][0]["won"], found["probabilities"][0]["closed"]) == (3, 10)


def test_a_deal_that_came_twice_into_a_stage_counts_once(sales: Sales) -> None:
    key = sales.closed("2026-10-01")
    with sales.app.writing() as gate:
        again = {"deal_id": key, "stage_id": sales.stages["proposal"], "entered_at": "2026-03-01T00:00:00Z"}
        gate.insert("deal_stage", again)
    assert sales.app.prospects.likelihoods[sales.stages["proposal"]].closed == 1


def test_categories_are_the_deals_own_or_their_stages(sales: Sales) -> None:
    sales.deal(100, "2026-12-01", "prospecting")
    sales.deal(200, "2026-12-01", "proposal")
    sales.deal(400, "2026-12-01", "negotiation")
    sales.deal(800, "2026-12-01", "prospecting", forecast_category="commit")
    sales.deal(1600, "2026-12-01", "negotiation", forecast_category="omitted")
    sales.closed("2026-11-05", 3200)
    sales.closed("2026-10-31", 6400)
    found = sales.app.forecasts.of(Asked())
    names = ("pipeline", "best_case", "commit", "omitted", "closed")
    assert [found[f"{name}_minor"] for name in names] == [100, 200, 1200, 1600, 3200]
    assert found["weighted_minor"] == 10 + 100 + 320 + 80  # what is omitted brings nothing
    assert sales.app.forecasts.of(Asked(since="2026-10-01"))["closed_minor"] == 9600


def test_groups_are_months_with_what_is_overdue_and_undated_apart(sales: Sales) -> None:
    sales.deal(100, "2027-01-31")
    sales.deal(200, "2026-11-20")
    sales.deal(400, "2026-11-19", name="Late")
    sales.deal(800)
    sales.closed("2026-11-05", 1600)
    found = sales.app.forecasts.of(Asked())
    groups = {one["id"]: (one["deals"], one["best_case_minor"], one["closed_minor"]) for one in found["groups"]}
    assert groups == {
        "2026-11": (1, 200, 1600),
        "2027-01": (1, 100, 0),
        "overdue": (1, 400, 0),
        "no date": (1, 800, 0),
    }
    assert list(groups) == ["2026-11", "2027-01", "overdue", "no date"]
    assert [(one["id"], one["name"], one["close_date"]) for one in found["overdue"]] == [("d3", "Late", "2026-11-19")]
    soon = sales.app.forecasts.of(Asked(until="2026-12-31"))
    assert [one["id"] for one in soon["groups"]] == ["2026-11", "overdue"]


def test_by_owner_category_and_pipeline(sales: Sales) -> None:
    sales.deal(100, "2026-12-01", owner_id=sales.ada)
    sales.deal(200, "2026-12-01", "negotiation", owner_id=sales.bob)
    sales.deal(400, "2026-12-01")

    def names(by: str) -> list[str]:
        return [one["name"] for one in sales.app.forecasts.of(Asked(by))["groups"]]

    assert names("owner") == ["ada", "bob", "nobody"]
    assert names("category") == ["best_case", "commit"]
    assert names("pipeline") == ["Sales"]
    assert sales.app.forecasts.of(Asked(owner="bob"))["commit_minor"] == 200
    assert sales.app.forecasts.of(Asked(pipeline="sales"))["deals"] == 3
    with pytest.raises(UsageError, match="not grouped by 'owners'"):
        names("owners")
    with pytest.raises(NotFound, match="there is no pipeline 'sails'"):
        sales.app.forecasts.of(Asked(pipeline="sails"))
    with pytest.raises(NotFound):
        sales.app.forecasts.of(Asked(owner="nobody"))


def test_a_pipeline_is_meant_by_a_part_of_its_name(sales: Sales) -> None:
    sales.deal(100, "2026-12-01")
    found = sales.app.forecasts.of(Asked(pipeline="Sal"))
    assert (found["deals"], found["pipeline_name"]) == (1, "Sales")


def test_other_currencies_count_by_their_rates_or_are_told_apart(sales: Sales) -> None:
    sales.deal(1000, "2026-12-01", probability=100)
    sales.deal(10842, "2026-12-01", currency="USD", probability=100)
    sales.deal(3000, "2026-12-01", currency="JPY", probability=100)
    sales.app.rates.set("EUR", "USD", "1.0842", since="2026-11-01")
    found = sales.app.forecasts.of(Asked(currency="EUR"))
    assert found["weighted_minor"] == 11_000
    assert found["deals"] == 2
    missing = {"currency": "JPY", "amount": "3000", "amount_minor": 3000, "count": 1, "from": "2026-11-20"}
    assert found["without_rate"] == [missing]


def test_a_deal_without_an_amount_brings_nothing(sales: Sales) -> None:
    sales.deal(None, "2026-12-01", currency=None)
    found = sales.app.forecasts.of(Asked())
    assert (found["deals"], found["weighted_minor"], found["p90_minor"]) == (1, 0, 0)


def test_nothing_is_foreseen_of_nothing(app: App) -> None:
    found = app.forecasts.of(Asked())
    assert (found["deals"], found["groups"], found["weighted_minor"]) == (0, [], 0)


# --- kept


def test_saving_twice_on_a_day_keeps_one(sales: Sales) -> None:
    sales.deal(1000, "2026-12-01", owner_id=sales.ada)
    sales.deal(500, "2026-12-01")
    sales.closed("2026-11-05", 700)
    kept = sales.app.forecasts.save()
    assert [(one["month"], one["owner"], one["weighted"], one["closed"]) for one in kept] == [
        ("2026-11", None, "0.00", "7.00"),
        ("2026-12", None, "7.50", "0.00"),
        ("2026-12", "ada", "5.00", "0.00"),
    ]
    sales.deal(1000, "2026-12-01")
    sales.app.forecasts.save()
    rows = sales.app.store.rows("SELECT month, weighted FROM forecast ORDER BY id")
    assert [(row["month"], row["weighted"]) for row in rows] == [("2026-11", 0), ("2026-12", 1250), ("2026-12", 500)]


def keep(sales: Sales, made_on: str, month: str, weighted: int, closed: int = 0, owner: int | None = None) -> None:
    values = {"made_on": made_on, "month": month, "currency": "EUR", "weighted": weighted, "closed": closed}
    with sales.app.writing() as gate:
        gate.insert("forecast", {**values, "owner_id": owner, "p10": weighted // 2, "p90": weighted * 2})


def test_accuracy_takes_the_last_forecast_before_the_month(sales: Sales) -> None:
    keep(sales, "2026-08-01", "2026-09", 9999)
    keep(sales, "2026-08-31", "2026-09", 1000)
    keep(sales, "2026-09-15", "2026-09", 5000, closed=700)
    keep(sales, "2026-10-02", "2026-10", 2000, closed=100)
    keep(sales, "2026-10-03", "2026-10", 8888, closed=100)
    keep(sales, "2026-11-01", "2026-11", 7777)  # this month is not over
    keep(sales, "2026-08-31", "2026-09", 4444, owner=sales.bob)
    sales.closed("2026-09-30", 600)
    sales.closed("2026-10-10", 5100)
    found = sales.app.accuracy.of()
    assert [(one["month"], one["made_on"]) for one in found["months"]] == [
        ("2026-09", "2026-08-31"),
        ("2026-10", "2026-10-02"),
    ]
    assert [(one["foreseen_minor"], one["actual_minor"]) for one in found["months"]] == [(1000, 600), (2100, 5100)]
    assert [one["difference_minor"] for one in found["months"]] == [400, -3000]
    assert [one["within"] for one in found["months"]] == [True, False]
    assert (found["bias_minor"], found["mean_absolute_error_minor"]) == (-1300, 1700)
    assert (found["count"], found["within"]) == (2, 1)
    assert [one["foreseen_minor"] for one in sales.app.accuracy.of("bob")["months"]] == [4444]


def test_accuracy_of_nothing(app: App) -> None:
    assert app.accuracy.of()["months"] == []

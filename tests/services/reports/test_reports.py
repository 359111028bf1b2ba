"""Reports of deals that were closed, held against counts by hand."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.services.reports.asked import Asked
from tests.plans import Sales


@pytest.fixture
def sales(app: App) -> Sales:
    """Four won and two lost deals of ada and bob, one of long ago, and three that are open."""
    made = Sales(app)
    through = ("prospecting", "proposal")
    begun = {"created_at": "2026-01-01T10:00:00Z"}
    made.closed("2026-03-02", 10_000, through=through, owner_id=made.ada, source="fair", **begun)
    made.closed("2026-03-02", 20_000, through=through, owner_id=made.ada, source="fair", **begun)
    made.closed("2026-04-01", 30_000, owner_id=made.bob, **begun)
    made.closed("2026-05-01", 40_000, through=through, owner_id=made.ada, **begun)
    lost: dict[str, Any] = {"won": False, **begun}
    made.closed("2026-06-01", 50_000, through=through, owner_id=made.bob, lost_reason="price", source="fair", **lost)
    made.closed("2026-06-02", 7_000, owner_id=made.bob, **lost)
    made.closed("2024-06-02", 999_000, owner_id=made.bob, created_at="2024-01-01T10:00:00Z")
    for _ in range(3):
        made.deal(1000, "2026-12-01", owner_id=made.bob)
    return made


def test_win_rate_by_stage_counts_those_that_entered(sales: Sales) -> None:
    found = {one["id"]: one for one in sales.app.reports.win_rate(Asked()).items}
    assert list(found) == ["Sales/Prospecting", "Sales/Proposal", "Sales/Negotiation"]
    prospecting, proposal, negotiation = found.values()
    assert (prospecting["closed"], prospecting["won"], prospecting["win_rate"]) == (4, 3, 75.0)
    assert (prospecting["low"], prospecting["high"]) == (30.1, 95.4)
    assert (proposal["closed"], proposal["won"], proposal["lost"], proposal["configured"]) == (6, 4, 2, 50)
    assert (negotiation["closed"], negotiation["win_rate"]) == (0, None)


def test_win_rate_by_owner_source_month_and_in_a_range(sales: Sales) -> None:
    def rates(**asked: Any) -> dict[str, tuple[int, int]]:
        return {one["id"]: (one["won"], one["closed"]) for one in sales.app.reports.win_rate(Asked(**asked)).items}

    assert rates(by="owner") == {"ada": (3, 3), "bob": (1, 3)}
    assert rates(by="source") == {"fair": (2, 3), "unknown": (2, 3)}
    assert rates(by="month", since="2026-04-01", until="2026-06-01") == {
        "2026-04": (1, 1),
        "2026-05": (1, 1),
        "2026-06": (0, 1),
    }
    assert rates(by="pipeline", since="2020-01-01") == {"Sales": (5, 7)}
    assert rates(by="pipeline", owner="bob", pipeline="sales") == {"Sales": (1, 3)}
    assert sales.app.reports.win_rate(Asked("owner")).items[0]["amount"] == "700.00"


def test_velocity_by_stage_ends_with_all_deals(sales: Sales) -> None:
    *stages, whole = sales.app.reports.velocity(Asked()).items
    assert [(one["id"], one["count"], one["median"]) for one in stages] == [
        ("Sales/Prospecting", 4, 10.0),
        ("Sales/Proposal", 6, 10.0),
    ]
    # Won after 60, 60, 90 and 120 days.
    assert (whole["q1"], whole["median"], whole["q3"], whole["cycle"]) == (60.0, 75.0, 97.5, 82.5)
    assert (whole["open"], whole["won"], whole["closed"], whole["average"]) == (3, 4, 6, "250.00")
    # 3 open x 4/6 x 250.00 / 82.5 days
    assert whole["velocity_minor"] == 606


def test_velocity_by_owner(sales: Sales) -> None:
    ada, bob = sales.app.reports.velocity(Asked("owner")).items
    assert (ada["id"], ada["open"], ada["velocity_minor"]) == ("ada", 0, 0)
    assert (bob["id"], bob["open"], bob["win_rate"], bob["average_minor"]) == ("bob", 3, 33.3, 30_000)
    assert {one["id"] for one in sales.app.reports.velocity(Asked("source")).items} == {"fair", "unknown"}


def test_lost_reasons_with_what_they_cost(sales: Sales) -> None:
    found = sales.app.reports.lost_reasons(Asked()).items
    assert [(one["reason"], one["deals"], one["share"], one["amount"]) for one in found] == [
        ("price", 1, 50.0, "500.00"),
        ("not said", 1, 50.0, "70.00"),
    ]
    by_stage = sales.app.reports.lost_reasons(Asked("stage")).items
    assert {(one["group"], one["reason"]) for one in by_stage} == {("Proposal", "price"), ("Proposal", "not said")}


def test_sources_with_leads_and_what_they_brought(sales: Sales) -> None:
    for _ in range(2):
        sales.app.contacts.add("Lead", {"lead_source": "fair", "owner": "bob"})
    found = {one["source"]: one for one in sales.app.reports.source(Asked()).items}
    fair, unknown = found["fair"], found["unknown"]
    assert (fair["leads"], fair["deals"], fair["won"], fair["lost"], fair["amount"]) == (2, 3, 2, 1, "300.00")
    assert (unknown["leads"], unknown["deals"], unknown["open"], unknown["won"]) == (0, 6, 3, 2)
    by_owner = {(one["group"], one["source"]): one for one in sales.app.reports.source(Asked("owner")).items}
    assert by_owner["bob", "fair"]["leads"] == 2
    assert by_owner["ada", "fair"]["won"] == 2


def test_a_deal_without_a_source_has_that_of_its_contact(sales: Sales) -> None:
    sales.app.contacts.edit("c1", {"lead_source": "web"})
    found = {one["source"] for one in sales.app.reports.source(Asked()).items}
    assert found == {"fair", "web"}


def test_what_cannot_be_understood(sales: Sales) -> None:
    with pytest.raises(UsageError, match="not grouped by 'owners'") as told:
        sales.app.reports.win_rate(Asked("owners"))
    assert "did you mean owner?" in told.value.hint
    with pytest.raises(UsageError, match="comes before the first"):
        sales.app.reports.source(Asked(since="2026-02-01", until="2026-01-01"))


def test_a_report_may_reach_to_the_ends_of_the_calendar(sales: Sales) -> None:
    assert sales.app.reports.source(Asked("owner", since="2026-01-01", until="9999-12-31")).items
    with pytest.raises(UsageError, match="does not begin 12 months before 0001-06-01"):
        sales.app.reports.source(Asked(until="0001-06-01"))


def test_amounts_without_a_rate_are_told(sales: Sales) -> None:
    sales.closed("2026-11-01", 3000, currency="JPY")
    sales.app.reports.win_rate(Asked("owner", currency="EUR"))
    assert "and 3,000 JPY, for which there is no rate: crm rate set JPY EUR … --from 2026-11-01" in sales.app.notes


def test_reports_of_nothing(app: App) -> None:
    for report in (app.reports.win_rate, app.reports.lost_reasons, app.reports.source):
        assert report(Asked()).items == []

"""The market counted, and the records behind each number."""

import shlex
from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.services.forecasts import Asked
from crmcli.services.panorama_lists import EXPLAINED, Explained, explain
from crmcli.services.panorama_sales import spans
from tests.services.test_snapshot import log
from tests.services.test_snapshot_sales import case, deal, insert, order, stage


def people(app: App, *stages: str, **more: Any) -> None:
    """A contact of each stage."""
    for number, name in enumerate(stages, 1):
        app.contacts.add(f"Person {number}", {"lifecycle_stage": name, **more})


def ids(found: Explained) -> list[str]:
    return [str(one["id"]) for one in found.page.items]


def test_an_empty_market_has_no_numbers(app: App) -> None:
    found = app.panorama.of()
    assert found["stages"] == [] and found["silent"] == {
        "days": 180, "since": "2026-05-24", "contacts": 0, "companies": 0,
    }  # fmt: skip
    assert found["pipeline"] == {"count": 0, "amounts": [], "weighted": [], "rotting": 0, "stages": []}
    assert [one["count"] for one in found["orders"]["spans"]] == [0, 0, 0]
    assert found["cases"]["open"] == 0 and found["cases"]["response"]["median"] is None
    for name in EXPLAINED:
        assert explain(app, name).page.items == []


def test_customers_by_stage(app: App) -> None:
    people(app, "lead", "customer", "customer", "")
    app.companies.add("Engines", {"lifecycle_stage": "customer"})
    app.contacts.add("Gone", {"lifecycle_stage": "lead"})
    app.contacts.remove(["c5"])
    assert app.panorama.of()["stages"] == [
        {"stage": "lead", "contacts": 1, "companies": 0},
        {"stage": "customer", "contacts": 2, "companies": 1},
        {"stage": None, "contacts": 1, "companies": 0},
    ]
    assert ids(explain(app, "stages:customer")) == ["c2", "c3"]
    assert ids(explain(app, "stages:customer", companies=True)) == ["co1"]
    assert ids(explain(app, "stages:none")) == ["c4"]
    assert explain(app, "stages:lead").command == "crm contact list 'lifecycle_stage:lead'"
    assert explain(app, "stages").command == "crm contact list"


def test_buyers_by_retention(app: App) -> None:
    people(app, "customer", "customer", "customer", "lead")
    order(app, "2026-11-01")
    order(app, "2025-01-01", contact_id=2)
    for month in ("08", "09", "10"):
        order(app, f"2026-{month}-01", contact_id=3)
    order(app, "2026-11-01", contact_id=4, status="cancelled")
    found = {one["retention"]: one["contacts"] for one in app.panorama.of()["retention"]}
    assert found == {"new": 1, "active": 0, "repeat": 1, "at_risk": 0, "lapsed": 1}
    assert ids(explain(app, "retention:lapsed")) == ["c2"]
    assert ids(explain(app, "retention")) == ["c1", "c2", "c3"]


def test_who_is_silent(app: App) -> None:
    people(app, "customer", "customer", "evangelist", "former", "customer")
    log(app, "inbound", "2026-05-23T23:59:59Z", [1])
    log(app, "outbound", "2026-05-24T00:00:00Z", [2])
    log(app, "inbound", "2025-05-24T00:00:00Z", [5])
    log(app, "outbound", "2026-11-01T00:00:00Z", [5])
    assert app.panorama.of()["silent"]["contacts"] == 2
    # Who was never in touch comes first.
    assert ids(explain(app, "silent")) == ["c3", "c1"]
    order(app, "2026-05-24", contact_id=3)
    order(app, "2026-05-23", contact_id=1)
    assert app.panorama.of()["silent"]["contacts"] == 1
    assert ids(explain(app, "silent")) == ["c1"]
    app.__dict__["config"] = {"panorama.silent": "2m"}
    assert app.panorama.of()["silent"] == {"days": 61, "since": "2026-09-20", "contacts": 3, "companies": 0}
    assert ids(explain(app, "silent")) == ["c2", "c3", "c1"]


def test_leads_that_nobody_touched(app: App) -> None:
    people(app, "lead", "marketing_qualified", "sales_qualified", "subscriber")
    log(app, "outbound", "2026-11-01T00:00:00Z", [2])
    log(app, "inbound", "2026-11-02T00:00:00Z", [3])  # who wrote to us has no word from us yet
    assert app.panorama.of()["leads"] == {"count": 3, "untouched": 2}
    assert ids(explain(app, "leads")) == ["c1", "c2", "c3"]
    assert ids(explain(app, "leads:untouched")) == ["c1", "c3"]
    app.leads.disqualify(["c3"], "no budget")  # nobody works on it any more, and crm lead list leaves it out
    assert app.panorama.of()["leads"] == {"count": 2, "untouched": 1}
    assert ids(explain(app, "leads")) == ["c1", "c2"] and ids(explain(app, "leads:untouched")) == ["c1"]
    command = explain(app, "leads:untouched").command
    assert command and command.endswith("lead_status!:converted,unqualified last_out:none' --sort created")


def test_contacts_of_twelve_weeks(app: App) -> None:
    people(app, "customer")
    for direction, at in (
        ("inbound", "2026-08-30T23:59:59Z"),
        ("inbound", "2026-08-31T00:00:00Z"),
        ("outbound", "2026-11-15T23:59:59Z"),
        ("inbound", "2026-11-16T00:00:00Z"),
        ("internal", "2026-11-17T00:00:00Z"),
    ):
        log(app, direction, at)
    found = app.panorama.of()["contacts"]
    assert (found["inbound"], found["outbound"], len(found["weeks"])) == (2, 1, 12)
    assert found["weeks"][0] == {"week": "2026-08-31", "inbound": 1, "outbound": 0}
    assert found["weeks"][-2:] == [
        {"week": "2026-11-09", "inbound": 0, "outbound": 1},
        {"week": "2026-11-16", "inbound": 1, "outbound": 0},
    ]
    assert ids(explain(app, "contacts")) == ["i4", "i3", "i2"]
    assert ids(explain(app, "contacts:2026-11-09")) == ["i3"]
    assert ids(explain(app, "contacts:in")) == ids(explain(app, "contacts:inbound")) == ["i4", "i2"]
    assert ids(explain(app, "contacts:out")) == ["i3"]
    assert ids(explain(app, "contacts:this week")) == ["i4"] and ids(explain(app, "contacts:this_week:out")) == []
    assert ids(explain(app, "contacts:out:2026-11-09")) == ids(explain(app, "contacts:2026-11-09:out")) == ["i3"]
    for several in ("contacts:in:out", "contacts:2026-11-09:2026-11-16"):
        with pytest.raises(UsageError, match="several parts"):
            explain(app, several)


def test_the_queue_is_everybodys(app: App) -> None:
    people(app, "customer")
    app.users.add("bob", {})
    for due, owner in (("2026-11-19T09:00:00Z", 1), ("2026-11-20T18:00:00Z", 2), ("2026-11-22T09:00:00Z", None)):
        insert(app, "followup", contact_id=1, subject="Call", due_at=due, first_due_at=due, owner_id=owner)
    log(app, "inbound", "2026-11-18T09:00:00Z")
    found = app.panorama.of()["queue"]
    assert found == {"overdue": 1, "today": 1, "week": 1, "owed": 1, "owed_since": None, "counted": 10_000}
    assert ids(explain(app, "queue")) == ["f1", "f2", "f3"]
    assert ids(explain(app, "queue:overdue")) == ["f1"]
    assert ids(explain(app, "queue:owed")) == ["c1"]
    assert app.panorama.of("bob")["queue"]["today"] == 1 and app.panorama.of("bob")["queue"]["overdue"] == 0


def test_the_pipeline_is_the_sum_of_its_weighted_deals(app: App) -> None:
    people(app, "customer")
    place = stage(app, name="Proposal", probability=33)
    won = stage(app, name="Won", type="won", probability=100)
    for amount in (2, 2, 2):  # 66 hundredths of a cent each, which are a cent beside the deal
        deal(app, "Engine", place, amount=amount)
    deal(app, "Old", place, amount=1000, currency="JPY", probability=80, stage_since="2026-10-30T09:59:59Z")
    deal(app, "Won", won, status="won", closed_at="2026-11-01T09:00:00Z")
    deal(app, "Unknown", place, amount=None, currency=None)
    found = app.panorama.of()["pipeline"]
    assert found["count"] == 5 and found["rotting"] == 1
    assert [(one["currency"], one["amount_minor"]) for one in found["weighted"]] == [("EUR", 3), ("JPY", 800)]
    assert [one["weighted_minor"] for one in app.deals.page("currency:EUR").items] == [1, 1, 1]
    assert app.forecasts.of(Asked(currency="EUR"))["weighted_minor"] == 3
    (pipeline,) = {one["pipeline"] for one in found["stages"]}
    totals = app.boards.board(pipeline)["stages"][0]["totals"]
    assert [(one["currency"], one["weighted_minor"]) for one in totals] == [("EUR", 3), ("JPY", 800)]
    assert [(one["stage"], one["count"]) for one in found["stages"]] == [("Proposal", 5)]
    assert ids(explain(app, "pipeline:rotting")) == ["d4"]
    assert len(explain(app, "pipeline:proposal").page.items) == 5
    page = explain(app, "pipeline", limit=2).page
    assert len(page.items) == 2 and page.more


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-20", ["2026-11-01 2026-11-20", "2026-10-01 2026-10-20", "2025-11-01 2025-11-20"]),
        ("2026-03-31", ["2026-03-01 2026-03-31", "2026-02-01 2026-02-28", "2025-03-01 2025-03-31"]),
        ("2028-02-29", ["2028-02-01 2028-02-29", "2028-01-01 2028-01-29", "2027-02-01 2027-02-28"]),
        ("2026-01-01", ["2026-01-01 2026-01-01", "2025-12-01 2025-12-01", "2025-01-01 2025-01-01"]),
    ],
)
def test_the_same_days_of_other_months(today: str, expected: list[str]) -> None:
    from datetime import date

    assert [f"{first} {last}" for first, last in spans(date.fromisoformat(today)).values()] == expected


def test_orders_of_this_month_against_others(app: App) -> None:
    people(app, "customer")
    order(app, "2026-11-01", 1000)
    order(app, "2026-11-20", 500, currency="JPY")
    order(app, "2026-11-21", 7)  # planned
    order(app, "2026-10-20", 300)
    order(app, "2026-10-21", 9)
    order(app, "2025-11-20", 400)
    order(app, "2026-11-02", 9, status="draft")
    found = app.panorama.of()["orders"]
    assert [one["count"] for one in found["spans"]] == [2, 1, 1]
    assert found["spans"][0]["totals"] == [
        {"currency": "EUR", "count": 1, "total": "10.00", "total_minor": 1000},
        {"currency": "JPY", "count": 1, "total": "500", "total_minor": 500},
    ]
    assert found["currency"] is None and found["spans"][0]["converted"] is None
    assert ids(explain(app, "orders")) == ["o2", "o1"]
    assert ids(explain(app, "orders:last_month")) == ["o4"] and ids(explain(app, "orders:last-year")) == ["o6"]


def test_rates_are_used_as_they_were_set_and_never_invented(app: App) -> None:
    people(app, "customer")
    app.__dict__["config"] = {"currency": "EUR"}
    order(app, "2026-11-01", 16_000, currency="JPY")
    order(app, "2026-11-10", 16_000, currency="JPY")
    order(app, "2026-11-12", 100)
    assert app.panorama.of()["orders"]["missing"] == ["JPY"]
    assert app.panorama.of()["orders"]["spans"][0]["converted"] is None
    # 160 yen a euro from the beginning of November, 200 from the 5th.
    insert(app, "exchange_rate", base="EUR", quote="JPY", valid_from="2026-11-05", rate="200")
    assert app.panorama.of()["orders"]["missing"] == ["JPY"]
    insert(app, "exchange_rate", base="JPY", quote="EUR", valid_from="2026-11-01", rate="0.00625")
    found = app.panorama.of()["orders"]
    # From the 5th on the inverse of EUR's rate is the newer: 100 euros, 80 and 1.
    assert found["missing"] == [] and found["spans"][0]["converted"] == {"amount": "181.00", "amount_minor": 18_100}


def test_orders_are_converted_as_the_forecast_converts(app: App) -> None:
    people(app, "customer")
    app.__dict__["config"] = {"currency": "EUR"}
    order(app, "2026-11-20", 10_000, currency="GBP")
    deal(app, "Engine", stage(app, name="Proposal", probability=100), amount=10_000, currency="GBP")
    app.rates.set("USD", "EUR", "0.9", since="2026-11-01")
    assert app.panorama.of()["orders"]["missing"] == ["GBP"]
    app.rates.set("GBP", "USD", "1.3", since="2026-11-01")
    market, forecast = app.panorama.of()["orders"], app.forecasts.of(Asked())
    assert market["missing"] == [] and forecast["without_rate"] == []
    assert market["spans"][0]["converted"]["amount"] == forecast["pipeline"] == "117.00"


def test_orders_in_another_currency_are_rounded_once_together(app: App) -> None:
    people(app, "customer")
    app.__dict__["config"] = {"currency": "EUR"}
    app.rates.set("USD", "EUR", "0.5", since="2026-01-01")
    for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
        order(app, day, 1, currency="USD")  # half a cent each
    assert app.panorama.of()["orders"]["spans"][0]["converted"]["amount_minor"] == 2


def test_cases(app: App) -> None:
    people(app, "customer")
    case(app, "late", resolution_due_at="2026-11-20T09:00:00Z", priority="urgent")
    case(app, "in time", resolution_due_at="2026-11-25T09:00:00Z", response_due_at="2026-11-19T12:00:00Z",
         first_response_at="2026-11-19T11:00:00Z")  # fmt: skip
    waiting = case(app, "waits", status="pending", resolution_due_at="2026-11-20T08:00:00Z")
    insert(app, "case_status", case_id=waiting, status="pending", entered_at="2026-11-20T07:00:00Z")
    case(app, "done", status="closed", opened_at="2026-11-01T09:00:00Z", first_response_at="2026-11-01T13:00:00Z",
         response_due_at="2026-11-01T12:00:00Z")  # fmt: skip
    case(app, "long ago", status="closed", opened_at="2026-10-01T09:00:00Z", first_response_at="2026-10-01T09:00:01Z")
    found = app.panorama.of()["cases"]
    assert (found["open"], found["over"], found["breached"], found["pending"]) == (3, 1, 1, 1)
    assert found["priorities"] == {"urgent": 1, "high": 0, "normal": 2, "low": 0}
    # Two hours on a Thursday, and none of business on a Sunday; one of two within its target.
    assert found["response"] == {"days": 30, "opened": 4, "answered": 2, "median": 3_600, "targets": 2, "kept": 1}
    assert ids(explain(app, "cases")) == ["cs3", "cs1", "cs2"]
    assert ids(explain(app, "cases:over")) == ids(explain(app, "cases:breached")) == ["cs1"]
    assert ids(explain(app, "cases:pending")) == ["cs3"]
    assert ids(explain(app, "cases:urgent")) == ["cs1"] and ids(explain(app, "cases:normal")) == ["cs3", "cs2"]
    assert ids(explain(app, "cases:high")) == ids(explain(app, "cases:low")) == []
    assert sorted(ids(explain(app, "cases:opened"))) == ["cs1", "cs2", "cs3", "cs4"]
    answered = explain(app, "cases:response")
    assert ids(answered) == ids(explain(app, "cases:answered")) == ["cs2", "cs4"]
    assert [one["breached"] for one in answered.page.items] == [False, True]
    assert ids(explain(app, "cases:in time")) == ["cs2"] and ids(explain(app, "cases:late")) == ["cs4"]


@pytest.mark.parametrize("owner", ["", "bob"])
@pytest.mark.parametrize("part", ["open", "over", "breached", "pending", "urgent", "normal"])
def test_the_list_that_is_named_has_the_cases_of_the_number(app: App, part: str, owner: str) -> None:
    app.users.add("bob", {})
    people(app, "customer")
    due = {"response_due_at": "2026-11-20T09:00:00Z", "resolution_due_at": "2026-11-25T09:00:00Z"}
    case(app, "answered late", first_response_at="2026-11-20T09:00:01Z", owner_id=2, **due)
    case(app, "not answered", priority="urgent", **due)
    case(app, "not solved", owner_id=2, resolution_due_at="2026-11-20T09:59:59Z")
    waiting = case(app, "waits", status="pending", owner_id=2, **due)
    insert(app, "case_status", case_id=waiting, status="pending", entered_at="2026-11-20T08:00:00Z")
    late = case(app, "waits late", status="pending", **due)
    insert(app, "case_status", case_id=late, status="pending", entered_at="2026-11-20T09:30:00Z")
    case(app, "solved late", status="resolved", resolved_at="2026-11-25T10:00:00Z", **due)
    found = explain(app, f"cases:{part}", owner=owner)
    assert found.command is not None
    words = shlex.split(found.command)
    assert words[:3] == ["crm", "case", "list"]
    listed = {one["id"]: one["over"] for one in app.cases.page(" ".join(words[3:])).items}
    assert {one["id"]: one["over"] for one in found.page.items} == listed
    if part in ("over", "breached"):
        assert set(listed) == ({"cs3"} if owner else {"cs2", "cs3", "cs5"}) and all(listed.values())


def test_cases_of_who_was_deleted_are_open_no_more(app: App) -> None:
    people(app, "customer", "customer")
    case(app, "gone", resolution_due_at="2026-11-20T09:00:00Z")
    case(app, "here", contact_id=2)
    app.contacts.remove(["c1"])
    assert [one["id"] for one in app.cases.page().items] == ["cs2"]
    assert app.casereport.page().items[0]["open"] == 1
    assert (app.panorama.of()["cases"]["open"], app.panorama.of()["cases"]["over"]) == (1, 0)
    assert ids(explain(app, "cases")) == ["cs2"]


def test_an_answer_that_waits_for_the_customer_is_not_counted_as_late(app: App) -> None:
    people(app, "customer")
    waiting = case(app, "waits", status="pending", response_due_at="2026-11-20T08:00:00Z")
    insert(app, "case_status", case_id=waiting, status="pending", entered_at="2026-11-20T07:00:00Z")
    case(app, "late", response_due_at="2026-11-20T08:00:00Z")
    response = app.panorama.of()["cases"]["response"]
    assert (response["targets"], response["kept"]) == (1, 0)
    assert ids(explain(app, "cases:late")) == ["cs2"]


def test_every_number_that_a_pipe_gets_opens_what_it_counts(app: App) -> None:
    people(app, "lead", "customer")
    for way in ("inbound", "outbound", "outbound"):
        log(app, way, "2026-11-18T09:00:00Z")
    proposal = stage(app, name="Proposal", rotting_days=1)
    deal(app, "Old", proposal, stage_since="2026-11-01T09:00:00Z")
    deal(app, "New", proposal, stage_since="2026-11-20T09:00:00Z")
    order(app, "2026-11-02", contact_id=2)
    for priority in ("urgent", "high", "high", "low"):
        case(app, priority, priority=priority)
    market = app.panorama.of()
    counts: dict[str, int] = {
        **{f"stages:{one['stage']}": one["contacts"] for one in market["stages"]},
        **{f"retention:{one['retention']}": one["contacts"] for one in market["retention"]},
        "silent": market["silent"]["contacts"],
        "leads": market["leads"]["count"],
        "leads:untouched": market["leads"]["untouched"],
        "contacts:in": market["contacts"]["inbound"],
        "contacts:out": market["contacts"]["outbound"],
        **{f"contacts:{one['week']}:in": one["inbound"] for one in market["contacts"]["weeks"]},
        **{f"contacts:{one['week']}:out": one["outbound"] for one in market["contacts"]["weeks"]},
        **{f"queue:{name}": market["queue"][name] for name in ("overdue", "today", "week", "owed")},
        "pipeline": market["pipeline"]["count"],
        "pipeline:rotting": market["pipeline"]["rotting"],
        **{f"pipeline:{one['stage']}": one["count"] for one in market["pipeline"]["stages"]},
        **{f"pipeline:{one['stage']}:rotting": one["rotting"] for one in market["pipeline"]["stages"]},
        **{f"orders:{one['span']}": one["count"] for one in market["orders"]["spans"]},
        **{f"cases:{name}": market["cases"][name] for name in ("open", "over", "breached", "pending")},
        **{f"cases:{name}": count for name, count in market["cases"]["priorities"].items()},
        "cases:opened": market["cases"]["response"]["opened"],
        "cases:answered": market["cases"]["response"]["answered"],
        "cases:kept": market["cases"]["response"]["kept"],
    }
    assert {name: len(explain(app, name).page.items) for name in counts} == counts
    assert counts["pipeline:Proposal:rotting"] == 1 and counts["cases:high"] == 2 and counts["contacts:out"] == 2
    assert ids(explain(app, f"pipeline:{market['pipeline']['stages'][0]['pipeline']}: Proposal")) == ["d1", "d2"]


def test_the_share_of_one_user(app: App) -> None:
    app.users.add("bob", {})
    bob = app.users.key("bob")
    people(app, "customer", "lead", owner="bob")
    app.contacts.add("Mine", {"lifecycle_stage": "customer", "owner": "me"})
    place = stage(app)
    deal(app, "his", place, owner_id=bob)
    deal(app, "nobody's", place)
    order(app, "2026-11-01", owner_id=bob)
    order(app, "2026-11-01")
    case(app, "his", owner_id=bob)
    case(app, "nobody's")
    log(app, "inbound", "2026-11-18T09:00:00Z", user_id=bob)
    log(app, "inbound", "2026-11-18T09:00:00Z", user_id=None)
    found = app.panorama.of("bob")
    assert found["owner"] == "bob" and [one["contacts"] for one in found["stages"]] == [1, 1]
    assert found["pipeline"]["count"] == found["orders"]["spans"][0]["count"] == found["cases"]["open"] == 1
    assert found["contacts"]["inbound"] == 1 and found["leads"]["count"] == 1
    assert {one["retention"]: one["contacts"] for one in found["retention"]}["active"] == 1
    for name, expected in (
        ("pipeline", ["d1"]), ("orders", ["o1"]), ("cases", ["cs1"]), ("contacts", ["i1"]), ("stages:lead", ["c2"]),
        ("retention", ["c1"]),
    ):  # fmt: skip
        assert ids(explain(app, name, owner="bob")) == expected, name
    assert explain(app, "stages:lead", owner="bob").command == "crm contact list 'lifecycle_stage:lead owner:\"bob\"'"


def test_what_cannot_be_opened_is_refused(app: App) -> None:
    for text, hint in (
        ("silence", "did you mean silent?"), ("retention:at_rsk", "did you mean at_risk?"),
        ("orders:next_month", "parts:"),
        ("silent:x", "it has no parts"), ("contacts:monday", "parts: in, out, this_week, 2026-08-31"),
        ("cases:urgnt", "did you mean urgent?"), ("leads:touched", "did you mean untouched?"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as caught:
            explain(app, text)
        assert hint in str(caught.value.hint)
    with pytest.raises(UsageError):
        explain(app, "orders", companies=True)
    with pytest.raises(NotFound):
        explain(app, "pipeline:nosuch")
    for call in (lambda: app.panorama.of("nobody"), lambda: explain(app, "cases", owner="nobody")):
        with pytest.raises(NotFound):
            call()

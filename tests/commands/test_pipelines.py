"""`crm pipeline`: the board at every width, and pipelines that can be edited."""

import json
from typing import Any

import pytest

from tests.conftest import Crm


@pytest.fixture
def sales(crm: Crm) -> Crm:
    """Deals in several stages and currencies, one that rots, one that was won and one that was lost."""
    crm.ok("contact", "add", "Ada Lovelace", "--company", "Analytical Engines")
    crm.ok("contact", "add", "井上 さくら")
    old = {"env": {"CRM_NOW": "2026-10-01T10:00:00Z"}}
    crm.ok(
        "deal",
        "add",
        "Engine No. 2",
        *["--contact", "c1", "--amount", "12000", "--currency", "EUR", "--stage", "proposal"],
        **old,
    )
    crm.ok("deal", "edit", "d1", "--probability", "60", "--close", "eoq")
    crm.ok("deal", "add", "Apples", "--contact", "c2", "--line", "30 x Red apples @ 750 JPY", "--stage", "proposal")
    crm.ok(
        "deal",
        "add",
        "Press",
        *["--contact", "c1", "--amount", "0.33", "--currency", "EUR", "--next", "Call", "--next-due", "+3d"],
    )
    crm.ok("deal", "add", "Mill", *["--contact", "c1", "--amount", "100", "--currency", "EUR"])
    crm.ok("deal", "won", "d4")
    crm.ok("deal", "add", "Barrel", *["--contact", "c1", "--amount", "50", "--currency", "EUR"])
    crm.ok("deal", "lost", "d5", "--reason", "price")
    return crm


def stages(crm: Crm, *more: str) -> list[str]:
    return [stage["name"] for stage in crm.json("pipeline", "list", *more)["items"][0]["stages"]]


def board(crm: Crm, *more: str) -> dict[str, Any]:
    document = crm.json("pipeline", *more)
    assert document["schema"] == "crm.pipeline.board/1"
    return dict(document["item"])


def test_in_a_pipe_it_is_a_row_for_each_stage_and_currency(sales: Crm) -> None:
    rows = [line.split("\t") for line in sales.ok("pipeline").splitlines()]
    assert rows[0] == ["pipeline", "stage", "type", "probability", "count", "currency", "amount", "weighted", "rotting"]
    assert rows[1:] == [
        ["Sales", "prospecting", "open", "10", "1", "EUR", "0.33", "0.03", "0"],
        ["Sales", "qualification", "open", "20", "0", "", "", "", "0"],
        ["Sales", "proposal", "open", "50", "1", "EUR", "12000.00", "7200.00", "1"],
        ["Sales", "proposal", "open", "50", "1", "JPY", "22500", "11250", "1"],
        ["Sales", "negotiation", "open", "80", "0", "", "", "", "0"],
        ["Sales", "won", "won", "100", "1", "EUR", "100.00", "100.00", "0"],
        ["Sales", "lost", "lost", "0", "1", "EUR", "50.00", "0.00", "0"],
    ]


def test_as_json_it_has_the_deals(sales: Crm) -> None:
    found = board(sales)
    assert list(found) == ["id", "name", "count", "rotting", "totals", "closed_days", "stages"]
    assert (found["count"], found["rotting"]) == (3, 1)
    assert found["totals"][0] == {
        "currency": "EUR",
        "count": 2,
        "amount": "12000.33",
        "amount_minor": 1_200_033,
        "weighted": "7200.03",
        "weighted_minor": 720_003,
    }
    proposal = found["stages"][2]
    assert [deal["id"] for deal in proposal["deals"]] == ["d1", "d2"]
    assert list(proposal) == ["name", "type", "probability", "rotting_days", "count", "rotting", "totals", "deals"]


def test_a_weighted_sum_is_that_of_its_deals(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    for number in range(3):  # 0.05 at 10 % is half a cent each
        crm.ok("deal", "add", f"Nail {number}", *["--contact", "c1", "--amount", "0.05", "--currency", "EUR"])
    assert [one["weighted"] for one in crm.json("deal", "list")["items"]] == ["0.01", "0.01", "0.01"]
    assert board(crm)["totals"][0]["weighted"] == crm.json("forecast")["item"]["weighted"] == "0.03"


def test_a_filter_and_a_limit_of_deals(sales: Crm) -> None:
    assert board(sales, "--where", "currency:JPY")["count"] == 1
    found = board(sales, "--limit", "1")["stages"][2]
    assert (found["count"], len(found["deals"])) == (2, 1)
    assert sales("pipeline", "--where", "colour:red").code == 2


def test_won_and_lost_ones_are_those_of_the_last_month(sales: Crm) -> None:
    later = board(sales) and sales.json("pipeline", env={"CRM_NOW": "2026-12-25T10:00:00Z"})["item"]
    assert [stage["count"] for stage in later["stages"]] == [1, 0, 2, 0, 0, 0]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_the_board_fits_the_screen(sales: Crm, width: int) -> None:
    sales.ok("deal", "edit", "d1", "--name", "A very long name of an engine " * 5)
    lines = sales.ok("pipeline", tty=True, width=width).splitlines()
    assert all(len(line) <= width for line in lines), lines
    text = "\n".join(lines)
    for word in (
        "prospecting",
        "negotiation",
        "12,000 EUR",
        "d1",
        "rots, 50 days",
        "no next step",
        "█",
        "won in 30 days: 1",
    ):
        assert word in text
    # Columns stand side by side where they can be read, and below one another where not.
    assert any("prospecting" in line and "negotiation" in line for line in lines) is (width >= 80)


def test_the_longest_bar_is_that_of_the_largest_sum(sales: Crm) -> None:
    sales.ok("deal", "edit", "d3", "--amount", "6000")
    lines = sales.ok("pipeline", tty=True, width=60).splitlines()
    bars = {line.partition(" ")[2].split(",")[0]: line.count("█") for line in lines if "█" in line and "EUR" in line}
    assert sorted(bars.values()) == [8, 16]


def test_few_cards_are_shown_and_the_rest_is_told(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    for number in range(7):
        crm.ok("deal", "add", f"Nail {number}", "--contact", "c1")
    assert "and 2 more" in crm.ok("pipeline", tty=True)
    assert "more" not in crm.ok("pipeline", "--limit", "9", tty=True)


def test_plain_lines(sales: Crm) -> None:
    text = sales.ok("pipeline", "--plain", tty=True)
    assert "Stage: proposal, 50 %, 2 deals" in text
    assert "Deal: d1, Engine No. 2, Ada Lovelace, 12,000 EUR, close Thu 31 Dec, rots, 50 days here" in text
    assert "█" not in text and "─" not in text


def test_without_unicode_it_is_drawn_in_ascii(sales: Crm) -> None:
    assert "rotting" in sales.ok("pipeline", tty=True)
    assert sales("pipeline", tty=True, env={"TERM": "dumb"}).code == 0


def test_reading_makes_no_pipeline(crm: Crm) -> None:
    assert "No deals here" in crm("pipeline", tty=True).err
    assert stages(crm) == ["prospecting", "qualification", "proposal", "negotiation", "won", "lost"]
    assert crm.json("history")["items"] == []


def test_a_pipeline_with_stages_of_its_own(sales: Crm) -> None:
    assert sales.ok("pipeline", "add", "Rent", "--stage", "visit=40", "--stage", "contract") == "Rent\n"
    rent = sales.json("pipeline", "list")["items"][1]
    assert [(one["name"], one["probability"]) for one in rent["stages"]] == [
        ("visit", 40),
        ("contract", 67),
        ("won", 100),
        ("lost", 0),
    ]
    sales.ok("deal", "add", "House", "--contact", "c1", "--pipeline", "rent")
    assert sales.json("deal", "show", "d6")["item"]["stage"] == "visit"
    sales.ok("deal", "move", "d6", "prospecting", "--pipeline", "Sales")
    assert sales.json("deal", "show", "d6")["item"]["pipeline"] == "Sales"
    sales.ok("pipeline", "edit", "Rent", "--first", "--name", "Letting")
    assert [one["name"] for one in sales.json("pipeline", "list")["items"]] == ["Letting", "Sales"]
    assert sales("pipeline", "add", "LETTING").code == 2
    assert sales("pipeline", "rm", "Sales").code == 2
    assert sales("pipeline", "rm", "Letting").code == 2  # a deal was in it
    sales.ok("pipeline", "add", "Empty")
    assert sales.ok("pipeline", "rm", "Empty") == "Empty\n"


@pytest.mark.parametrize(
    ("stage", "meant"), [("New 20", "New=20"), ("Visit:50", "Visit=50"), ("Offer, 80 %", "Offer=80")]
)
def test_a_percentage_without_its_sign_is_no_name(sales: Crm, stage: str, meant: str) -> None:
    result = sales("pipeline", "add", "Rent", "--stage", stage)
    assert result.code == 2 and f"did you mean '{meant}'?" in result.err
    sales.ok("pipeline", "add", "Rent", "--stage", f"{stage}=30", "--stage", "Route 400", "--stage", "V2")
    rent = sales.json("pipeline", "list")["items"][1]
    assert [(one["name"], one["probability"]) for one in rent["stages"][:3]] == [
        (stage, 30), ("Route 400", 50), ("V2", 75),
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["won=10", "Lost", "visit"])
def test_two_stages_of_one_name_are_refused(sales: Crm, stage: str) -> None:
    result = sales("pipeline", "add", "Rent", "--stage", "visit=10", "--stage", stage)
    assert (result.code, result.err.splitlines()[0]) == (2, "crm: two stages have the same name")


def test_reasons(sales: Crm) -> None:
    sales.ok("pipeline", "edit", "Sales", "--lost-reason", "too late", "--remove-lost-reason", "Price")
    reasons = sales.json("pipeline", "list")["items"][0]["lost_reasons"]
    assert "too late" in reasons and "price" not in reasons
    assert sales.json("deal", "show", "d5")["item"]["lost_reason"] == "price"


def test_a_reason_that_is_none_cannot_be_taken_off(sales: Crm) -> None:
    before = sales.json("pipeline", "list")
    refused = sales("pipeline", "edit", "Sales", "--lost-reason", "late", "--remove-lost-reason", "competitors")
    assert (refused.code, sales.json("pipeline", "list")) == (2, before)
    assert refused.err.splitlines() == [
        "crm: 'competitors' is no reason of Sales",
        "did you mean competitor? reasons: price, competitor, no budget, no need, bad timing, no answer, other",
    ]
    sales.ok("pipeline", "edit", "Sales", "--remove-lost-reason", "all")
    assert "it has none: any is taken" in sales("pipeline", "edit", "Sales", "--remove-lost-reason", "price").err


@pytest.mark.parametrize("days", ["9" * 5000, "0000000012345", "0", "36501"])
def test_days_after_which_nothing_ever_rots_are_refused(sales: Crm, days: str) -> None:
    refused = sales("pipeline", "edit-stage", "proposal", "--rotting-days", days)
    assert (refused.code, "is not a number of days" in refused.err) == (2, True)


def test_stages_are_added_where_they_belong(sales: Crm) -> None:
    sales.ok("pipeline", "add-stage", "demo", "--after", "qualification", "--probability", "30", "--rotting-days", "7")
    sales.ok("pipeline", "add-stage", "signature")
    assert stages(sales) == [
        "prospecting", "qualification", "demo", "proposal", "negotiation", "signature", "won", "lost",
    ]  # fmt: skip
    sales.ok("pipeline", "edit-stage", "signature", "--before", "negotiation", "--name", "signing")
    assert stages(sales)[4:6] == ["signing", "negotiation"]
    assert sales("pipeline", "add-stage", "Demo").code == 2
    sales.ok("deal", "move", "d3", "demo")
    late = sales.json("deal", "show", "d3", env={"CRM_NOW": "2026-11-27T10:00:00Z"})["item"]
    assert (late["rotting"], late["probability"]) == (True, 30)
    sales.ok("pipeline", "edit-stage", "demo", "--rotting-days", "none")
    late = sales.json("deal", "show", "d3", env={"CRM_NOW": "2026-11-27T10:00:00Z"})["item"]
    assert late["rotting"] is False


def test_a_stage_with_deals_does_not_vanish(sales: Crm) -> None:
    refused = sales("pipeline", "rm-stage", "proposal")
    assert (refused.code, "2 deals" in refused.err and "--to STAGE" in refused.err) == (2, True)
    assert sales("pipeline", "rm-stage", "proposal", "--to", "won", "--yes").code == 2
    plan = sales("pipeline", "rm-stage", "proposal", "--to", "negotiation", "--dry-run")
    assert "2 would move to negotiation, and nothing was changed: d1, d2" in plan.err
    sales.ok("pipeline", "rm-stage", "proposal", "--to", "negotiation", "--yes")
    assert "proposal" not in stages(sales)
    shown = sales.json("deal", "show", "d1")["item"]
    assert (shown["stage"], [stay["stage"] for stay in shown["stages"]]) == ("negotiation", ["proposal", "negotiation"])
    assert sales("deal", "move", "d1", "proposal").code == 3
    sales.ok("pipeline", "add-stage", "Proposal", "--probability", "55")  # it may come back
    assert "Proposal" in stages(sales)
    sales.ok("undo")
    sales.ok("undo", "--yes")
    assert "proposal" in stages(sales)
    assert sales.json("deal", "show", "d1")["item"]["stage"] == "proposal"


def test_closing_stages(sales: Crm) -> None:
    assert sales("pipeline", "rm-stage", "won").code == 2
    assert sales("pipeline", "edit-stage", "won", "--probability", "50").code == 2
    sales.ok("pipeline", "add-stage", "won by tender", "--type", "won")
    assert sales("pipeline", "edit-stage", "won by tender", "--type", "lost").code == 0
    assert sales("pipeline", "edit-stage", "lost", "--type", "open").code == 2  # a deal was in it
    sales.ok("deal", "move", "d3", "lost", "--reason", "price")
    assert sales.json("deal", "show", "d3")["item"]["status"] == "lost"


def test_the_contract_of_the_list(crm: Crm) -> None:
    document = crm.json("pipeline", "list")
    assert document["schema"] == "crm.pipeline.list/1"
    assert list(document["items"][0]) == ["id", "name", "position", "lost_reasons", "stages"]
    fields = ["name", "position", "type", "probability", "forecast_category", "rotting_days", "required_fields"]
    assert list(document["items"][0]["stages"][0]) == fields
    made = json.loads(crm.ok("pipeline", "add-stage", "demo", "--json"))
    assert made["schema"] == "crm.pipeline/1"


def test_a_name_in_a_pipe_cannot_turn_a_line(crm: Crm) -> None:
    crm.ok("pipeline", "add", "gpj\u2068exe.x")
    assert "\u2068" not in crm.ok("pipeline", "rm", "gpj\u2068exe.x", "-o", "ids")


def test_the_board_names_the_other_pipelines(sales: Crm) -> None:
    assert "also" not in sales("pipeline", tty=True, width=80).err
    sales.ok("pipeline", "add", "Care plans", "--stage", "talk=30")
    result = sales("pipeline", tty=True, width=80)
    assert "also: Care plans; see: crm pipeline --pipeline 'Care plans'" in result.out + result.err
    assert "also" not in sales("pipeline", "--pipeline", "Care plans", tty=True, width=80).err


def test_pipelines_in_a_batch(sales: Crm) -> None:
    made = sales.batch(
        {"op": "pipeline.add", "name": "Care", "stage": ["talk=30", "try"], "lost_reason": "too far", "first": True},
        {"op": "pipeline.add-stage", "name": "visit", "pipeline": "care", "probability": 55, "before": "try"},
        {"op": "pipeline.edit-stage", "who": "try", "name": "trial", "rotting_days": "none", "require": "amount"},
        {"op": "pipeline.add-stage", "name": "gone"},
        {"op": "pipeline.rm-stage", "who": "gone", "pipeline": "Care"},
        {"op": "pipeline.edit", "id": "Care", "lost_reason": ["too dear"], "remove_lost_reason": "too far"},
        {"op": "pipeline.add", "name": "Other"},
        {"op": "pipeline.rm", "id": "Other"},
    )
    assert made.split() == ["Care"] * 6 + ["Other"] * 2
    care = sales.json("pipeline", "list")["items"][0]
    assert (care["name"], care["lost_reasons"]) == ("Care", ["too dear"])
    found = {one["name"]: one for one in care["stages"]}
    assert list(found)[:3] == ["talk", "visit", "trial"]
    assert (found["visit"]["probability"], found["trial"]["required_fields"]) == (55, ["amount"])
    sales.ok("undo")
    assert [one["name"] for one in sales.json("pipeline", "list")["items"]] == ["Sales"]


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"op": "pipeline.add"}, "the line has no name"),
        ({"op": "pipeline.add", "name": "x", "first": "yes"}, "first is neither true nor false"),
        ({"op": "pipeline.edit"}, "names no record"),
        ({"op": "pipeline.edit-stage", "who": "x", "before": {"a": 1}}, "before is no text"),
        ({"op": "pipeline.add-stage", "name": "x", "probability": 0.5}, "probability is no text"),
        ({"op": "pipeline.rm-stage", "who": ["a", "b"]}, "takes one"),
        ({"op": "pipeline.addstage", "name": "x"}, "did you mean pipeline.add-stage?"),
    ],
)
def test_an_operation_on_pipelines_that_cannot_be_done(crm: Crm, operation: dict[str, Any], told: str) -> None:
    before = crm.json("pipeline", "list")
    assert told in crm.batch(operation, code=2)
    assert crm.json("pipeline", "list") == before

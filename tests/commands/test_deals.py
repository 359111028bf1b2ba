"""`crm deal`: from the first offer to a customer, on both databases."""

import json
from typing import Any

import pytest

from tests.conftest import Crm


@pytest.fixture
def desk(crm: Crm) -> Crm:
    """Somebody who is a lead, her company, and another person."""
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--lifecycle-stage", "lead")
    crm.ok("contact", "add", "Grace Hopper", "--currency", "USD")
    crm.ok("company", "add", "Analytical Engines", "--currency", "CHF")
    return crm


def add(crm: Crm, name: str = "Engine No. 2", *more: str) -> dict[str, Any]:
    """A deal of c1 over 12,000 EUR in the first stage, unless more is said."""
    base = () if "--contact" in more or "--company" in more else ("--contact", "c1")
    worth = () if {"--amount", "--line"} & set(more) else ("--amount", "12000", "--currency", "EUR")
    return dict(crm.json("deal", "add", name, *base, *worth, *more)["item"])


def item(crm: Crm, which: str) -> dict[str, Any]:
    return dict(crm.json("deal", "show", which)["item"])


def test_the_call_that_scripts_rely_on(desk: Crm) -> None:
    call = [
        "--contact",
        "c1",
        "--amount",
        "12000",
        "--currency",
        "EUR",
        "--stage",
        "proposal",
        "--probability",
        "60",
        "--close",
        "eoq",
    ]
    result = desk("deal", "add", "Engine No. 2", *call)
    assert (result.code, result.out) == (0, "d1\n")
    assert "Ada Lovelace (c1) is an opportunity now (was lead)" in result.err
    assert "crm followup add c1 TEXT --due WHEN --deal d1" in result.err
    deal = item(desk, "d1")
    assert (deal["amount"], deal["amount_minor"], deal["currency"]) == ("12000.00", 1_200_000, "EUR")
    assert (deal["stage"], deal["probability"], deal["weighted"]) == ("proposal", 60, "7200.00")
    assert (deal["close_date"], deal["owner"], deal["status"]) == ("2026-12-31", "ada", "open")
    assert deal["contact"] == {"id": "c1", "display_name": "Ada Lovelace"}
    assert desk.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "opportunity"


def test_a_deal_begins_in_the_first_stage_with_its_probability(desk: Crm) -> None:
    deal = add(desk)
    assert (deal["stage"], deal["probability"], deal["own_probability"]) == ("prospecting", 10, None)
    assert deal["pipeline"] == "Sales"


def test_a_deal_is_somebodys(desk: Crm) -> None:
    result = desk("deal", "add", "Engine")
    assert result.code == 2
    assert "--contact WHO or --company WHO" in result.err
    assert desk.json("deal", "list")["items"] == []


@pytest.mark.parametrize(
    ("words", "currency", "amount"),
    [
        ("--contact c2 --amount 10", "USD", "10.00"),
        ("--company co1 --amount 10", "CHF", "10.00"),
        ("--contact c2 --amount 10EUR", "EUR", "10.00"),
        ("--contact c2 --amount 1,500 --currency jpy", "JPY", "1500"),
    ],
)
def test_the_currency_is_said_or_that_of_the_customer(desk: Crm, words: str, currency: str, amount: str) -> None:
    deal = add(desk, "Engine", *words.split())
    assert (deal["currency"], deal["amount"]) == (currency, amount)


def test_without_a_currency_an_amount_is_refused_until_the_settings_have_one(desk: Crm) -> None:
    result = desk("deal", "add", "Engine", "--contact", "c1", "--amount", "10")
    assert result.code == 2
    assert "crm config set currency EUR" in result.err
    desk.ok("config", "set", "currency", "GBP")
    assert desk.ok("deal", "add", "Engine", "--contact", "c1", "--amount", "10") == "d1\n"
    assert item(desk, "d1")["currency"] == "GBP"


def test_lines_make_the_amount(desk: Crm) -> None:
    deal = add(desk, "Apples", "--line", "2 x Red apples @ 7.50 EUR -10%", "--line", "1.5 x Cider @ 4")
    assert (deal["amount"], deal["currency"]) == ("19.50", "EUR")
    lines = item(desk, "d1")["lines"]
    assert [(line["line"], line["quantity"], line["discount"], line["amount"]) for line in lines] == [
        (1, "2", "1.50", "13.50"),
        (2, "1.5", "0.00", "6.00"),
    ]
    desk.ok("deal", "edit", "d1", "--remove-line", "1", "--add-line", "Box @ 1")
    deal = item(desk, "d1")
    assert ([line["line"] for line in deal["lines"]], deal["amount"]) == ([2, 3], "7.00")
    result = desk("deal", "edit", "d1", "--amount", "5")
    assert result.code == 2
    assert "sum of its lines" in result.err
    desk.ok("deal", "edit", "d1", "--remove-line", "2", "--remove-line", "3")
    assert item(desk, "d1")["amount"] is None


def test_a_product_has_its_price_from_the_list(desk: Crm, product: str) -> None:
    deal = add(desk, "Apples", "--line", f"3 x {product}", "--currency", "EUR")
    assert deal["amount"] == "22.50"
    assert item(desk, "d1")["lines"][0]["product"]["id"] == "p1"
    result = desk("deal", "add", "Apples", "--contact", "c1", "--line", "red apples", "--currency", "USD")
    assert result.code == 3
    assert "has no price in USD" in result.err
    assert add(desk, "More apples", "--line", product)["currency"] == "EUR"  # the only one that it has a price in
    assert desk("deal", "add", "Pears", "--contact", "c1", "--line", "pears", "--currency", "EUR").code == 3


def test_an_article_number_may_look_like_an_id(desk: Crm) -> None:
    desk.ok("product", "add", "Gear", "--sku", "P100", "--price", "2 EUR")
    assert add(desk, "Gears", "--line", "3 x P100")["amount"] == "6.00"
    desk.ok("order", "add", "c1", "--line", "3 x P100")
    assert desk.json("order", "show", "o1")["item"]["total"] == "6.00"


def test_a_product_is_asked_for_once(desk: Crm) -> None:
    for _ in range(2):
        desk.ok("product", "add", "Gear", "--price", "2 EUR")
    result = desk("deal", "add", "Gears", "--contact", "c1", "--line", "3 x Gear")
    assert result.code == 4
    assert "p1" in result.err and "p2" in result.err
    adding = ("deal", "add", "Gears", "--contact", "c1", "--line", "3 x Gear", "--no-next")
    picked = desk(*adding, stdin="2\n", tty=True, asks=True, env={"TERM": "dumb"})
    assert (picked.code, picked.err.count("Which product is")) == (0, 1), picked
    assert item(desk, "d1")["lines"][0]["product"]["id"] == "p2"


@pytest.fixture(params=["p1", "A-7", "red apples"])
def product(request: pytest.FixtureRequest, desk: Crm, app: Any) -> str:
    """A product that costs 7.50 EUR, by each of its names."""
    with app.writing() as gate:
        key = gate.insert("product", {"name": "Red apples", "sku": "A-7"})
        gate.insert("price", {"product_id": key, "currency": "EUR", "amount": 700, "valid_from": "2020-01-01"})
        gate.insert("price", {"product_id": key, "currency": "EUR", "amount": 750, "valid_from": "2026-01-01"})
        gate.insert("price", {"product_id": key, "currency": "EUR", "amount": 999, "valid_from": "2027-01-01"})
    app.close()
    return str(request.param)


def test_people_have_parts(desk: Crm) -> None:
    add(desk, "Engine", "--role", "c2=decision maker")
    assert item(desk, "d1")["contacts"] == [{"id": "c2", "display_name": "Grace Hopper", "role": "decision maker"}]
    desk.ok("deal", "edit", "d1", "--role", "c2=budget", "--role", "c1")
    assert [(one["id"], one["role"]) for one in item(desk, "d1")["contacts"]] == [("c2", "budget"), ("c1", None)]
    desk.ok("deal", "edit", "d1", "--remove-role", "c2")
    assert [one["id"] for one in item(desk, "d1")["contacts"]] == ["c1"]
    assert desk("deal", "edit", "d1", "--remove-role", "c2").code == 3


def test_the_next_step_is_a_followup_of_the_deal(desk: Crm) -> None:
    result = desk("deal", "add", "Engine", "--contact", "c1", "--next", "Call about the offer", "--next-due", "+3d")
    assert "no next step" not in result.err
    assert item(desk, "d1")["next"]["subject"] == "Call about the offer"
    followup = desk.json("followup", "show", "f1")["item"]
    assert (followup["deal_id"], followup["contact"]["id"], followup["owner"]) == ("d1", "c1", "ada")
    assert [one["id"] for one in desk.json("followup", "list", "deal:d1")["items"]] == ["f1"]
    desk.ok("followup", "done", "f1")
    assert "no next step" in desk("deal", "move", "d1", "proposal").err
    assert "no next step" not in desk("deal", "move", "d1", "negotiation", "--no-next").err
    desk.ok("followup", "add", "c1", "Send the contract", "--due", "+1d", "--deal", "engine")
    assert item(desk, "d1")["next"]["id"] == "f2"


def test_on_a_terminal_the_next_step_is_asked_for(desk: Crm) -> None:
    answers = {"stdin": "Call her\n+2d\n", "tty": True, "asks": True, "env": {"TERM": "dumb"}}
    result = desk("deal", "add", "Engine", "--contact", "c1", **answers)
    assert result.code == 0, result.err
    assert item(desk, "d1")["next"]["subject"] == "Call her"
    assert "next step" not in desk("deal", "move", "d1", "next", tty=True, asks=True, env={"TERM": "dumb"}).err
    desk.ok("deal", "add", "Press", "--contact", "c1", "--no-next", tty=True, asks=True, env={"TERM": "dumb"})
    silent = desk("deal", "move", "d2", "next", stdin="\n", tty=True, asks=True, env={"TERM": "dumb"})
    assert (silent.code, item(desk, "d2")["next"]) == (0, None)


def test_a_step_without_a_date_is_refused_before_anything_is_written(desk: Crm) -> None:
    assert desk("deal", "add", "Engine", "--contact", "c1", "--next", "Call").code == 2
    assert desk("deal", "add", "Engine", "--contact", "c1", "--next", "Call", "--next-due", "someday").code == 2
    assert desk("deal", "add", "Engine", "--contact", "c1", "--next-due", "+3d").code == 2
    assert desk.json("deal", "list")["items"] == []


def test_a_deal_moves_by_name_part_and_next(desk: Crm) -> None:
    add(desk)
    for word, stage in (("next", "qualification"), ("Prop", "proposal"), ("negotiation", "negotiation")):
        desk.ok("deal", "move", "d1", word)
        assert item(desk, "d1")["stage"] == stage
    result = desk("deal", "move", "d1", "next")
    assert result.code == 2
    assert "last open stage" in result.err
    assert desk("deal", "move", "d1", "negotiation").code == 2
    assert desk("deal", "move", "d1", "nowhere").code == 3
    assert desk("deal", "move", "d1", "pro").code == 4


def test_the_history_has_durations(desk: Crm) -> None:
    add(desk)
    desk.ok("deal", "move", "d1", "next", env={"CRM_NOW": "2026-11-22T10:00:00Z"})
    shown = desk.json("deal", "show", "d1", env={"CRM_NOW": "2026-11-25T10:00:00Z"})["item"]
    assert [(stay["stage"], stay["duration"] // 86_400) for stay in shown["stages"]] == [
        ("prospecting", 2),
        ("qualification", 3),
    ]
    assert (shown["stage_days"], shown["age_days"]) == (3, 5)


def test_won(desk: Crm) -> None:
    add(desk, "Engine", "--company", "co1", "--contact", "c1", "--close", "eoq")
    result = desk("deal", "won", "d1")
    assert "Ada Lovelace (c1) is a customer now (was opportunity)" in result.err
    assert "Analytical Engines (co1) is a customer now (was opportunity)" in result.err
    deal = item(desk, "d1")
    assert (deal["status"], deal["stage"], deal["probability"], deal["weighted"]) == ("won", "won", 100, "12000.00")
    assert (deal["closed_at"], deal["close_date"]) == ("2026-11-20T10:00:00Z", "2026-11-20")
    assert desk("deal", "won", "d1").code == 2
    assert desk.json("deal", "list")["items"] == []
    assert [one["id"] for one in desk.json("deal", "list", "status:won")["items"]] == ["d1"]


def test_the_life_of_a_customer_does_not_go_back(desk: Crm) -> None:
    desk.ok("contact", "edit", "c1", "--lifecycle-stage", "evangelist")
    add(desk)
    desk.ok("deal", "won", "d1")
    assert desk.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "evangelist"
    desk.ok("contact", "edit", "c2", "--lifecycle-stage", "former")
    add(desk, "Again", "--contact", "c2")
    assert desk.json("contact", "show", "c2")["item"]["lifecycle_stage"] == "former"
    desk.ok("deal", "won", "d2")
    assert desk.json("contact", "show", "c2")["item"]["lifecycle_stage"] == "customer"


def test_lost_for_a_reason_of_the_list(desk: Crm) -> None:
    add(desk)
    assert "reasons: price" in desk("deal", "lost", "d1").err
    wrong = desk("deal", "lost", "d1", "--reason", "prise")
    assert (wrong.code, "did you mean price?" in wrong.err) == (2, True)
    desk.ok("deal", "lost", "d1", "--reason", "Competitor")
    deal = item(desk, "d1")
    assert (deal["status"], deal["lost_reason"], deal["weighted"]) == ("lost", "competitor", "0.00")
    desk.ok("pipeline", "edit", "Sales", "--remove-lost-reason", "all")
    add(desk, "Press")
    desk.ok("deal", "lost", "d2", "--reason", "The dog ate it")
    assert item(desk, "d2")["lost_reason"] == "The dog ate it"


def test_reopened_where_it_was(desk: Crm) -> None:
    add(desk, "Engine", "--stage", "proposal", "--close", "eoq")
    desk.ok("deal", "lost", "d1", "--reason", "price")
    result = desk("deal", "reopen", "d1")
    assert "no expected close any more" in result.err
    deal = item(desk, "d1")
    assert (deal["status"], deal["stage"], deal["lost_reason"], deal["closed_at"]) == ("open", "proposal", None, None)
    assert desk("deal", "reopen", "d1").code == 2
    desk.ok("deal", "won", "d1")
    desk.ok("deal", "reopen", "d1", "--stage", "prospecting")
    assert item(desk, "d1")["stage"] == "prospecting"


def test_what_a_stage_requires_is_named(desk: Crm) -> None:
    desk.ok("deal", "add", "Engine", "--contact", "c1")
    desk.ok("pipeline", "edit-stage", "negotiation", "--require", "amount,close", "--require", "custom.fair")
    result = desk("deal", "move", "d1", "negotiation")
    assert result.code == 2
    assert "negotiation requires amount, close_date, custom.fair, which d1 has not" in result.err
    assert "crm deal edit d1 --amount 12000 --close eoq --set fair=" in result.err
    desk.ok("deal", "edit", "d1", "--amount", "5 EUR", "--close", "eoq", "--set", "fair=yes")
    desk.ok("deal", "move", "d1", "negotiation")
    refused = desk("deal", "add", "Other", "--contact", "c1", "--stage", "negotiation")
    assert refused.code == 2
    # Of a deal that was not written no id is told.
    assert "negotiation requires amount, close_date, custom.fair, which 'Other' has not" in refused.err
    assert "add --amount 12000 --close eoq --set fair=" in refused.err and "d2" not in refused.err
    desk.ok("pipeline", "edit-stage", "negotiation", "--require", "lines")
    refused = desk("deal", "add", "Other", "--contact", "c1", "--stage", "negotiation")
    assert "add --line '2 x Red apples @ 7.50'" in refused.err
    assert len(desk.json("deal", "list")["items"]) == 1


def test_edit(desk: Crm) -> None:
    add(desk)
    desk.ok("deal", "edit", "d1", "--name", "Engine No. 3", "--amount", "9000", "--note", "**big**", "--owner", "")
    deal = item(desk, "d1")
    assert (deal["name"], deal["amount"], deal["note"], deal["owner"]) == ("Engine No. 3", "9000.00", "**big**", None)
    assert "Nothing to change" in desk.ok("deal", "edit", "d1", "--amount", "9000", tty=True)
    desk.ok("deal", "edit", "d1", "--currency", "JPY")
    assert (item(desk, "d1")["amount_minor"], item(desk, "d1")["currency"]) == (9000, "JPY")
    desk.ok("deal", "edit", "d1", "--stage", "negotiation")
    assert item(desk, "d1")["stage"] == "negotiation"
    assert desk("deal", "edit", "d1", "--contact", "").code == 2
    assert desk("deal", "edit", "d1", "--amount", "-5").code == 2


def test_none_takes_the_amount_and_the_close_away(desk: Crm) -> None:
    add(desk, "Engine", "--close", "eoq")
    desk.ok("deal", "edit", "d1", "--amount", "none", "--close", "none")
    deal = item(desk, "d1")
    assert (deal["amount"], deal["close_date"]) == (None, None)
    result = desk("deal", "edit", "d1", "--amount", "much")
    assert result.code == 2 and "'much' is not an amount" in result.err


def test_a_line_is_added_under_either_name(desk: Crm) -> None:
    desk.ok("deal", "add", "Engine", "--contact", "c1", "--currency", "EUR", "--no-next")
    desk.ok("deal", "edit", "d1", "--line", "2 x Box @ 1", "--add-line", "1 x Lid @ 1")
    assert [line["name"] for line in item(desk, "d1")["lines"]] == ["Box", "Lid"]


def test_a_deal_is_found_by_id_name_and_key(desk: Crm) -> None:
    add(desk, "Engine No. 2", "--external", "HubSpot:77")
    add(desk, "Engine No. 3")
    for word in ("d1", "D1", "engine no. 2", "hubspot:77", item(desk, "d1")["uid"]):
        assert item(desk, word)["id"] == "d1"
    ambiguous = desk("deal", "show", "engine")
    assert (ambiguous.code, "d1  Engine No. 2" in ambiguous.err) == (4, True)
    missing = desk("deal", "show", "Engin Nr. 2")
    assert (missing.code, "did you mean" in missing.err) == (3, True)
    assert desk("deal", "add", "x", "--contact", "c1", "--external", "hubspot:77").code == 2


def test_deleted_and_restored(desk: Crm) -> None:
    add(desk)
    desk.ok("deal", "rm", "d1")
    gone = desk("deal", "show", "d1")
    assert (gone.code, "crm deal restore d1" in gone.err) == (3, True)
    assert desk.json("deal", "list", "--deleted")["items"][0]["id"] == "d1"
    assert desk.json("deal", "list")["items"] == []
    desk.ok("deal", "restore", "d1")
    assert item(desk, "d1")["deleted_at"] is None


def test_what_is_not_deleted_cannot_be_restored(desk: Crm) -> None:
    add(desk)
    add(desk)
    desk.ok("deal", "rm", "d2")
    for which in ("d1", "Engine No. 2"):
        refused = desk("deal", "restore", "d2", which)
        assert (refused.code, "there is no deleted deal d1" in refused.err) == (3, True)
    assert [one["id"] for one in desk.json("deal", "list", "--deleted")["items"]] == ["d2"]


@pytest.mark.parametrize(
    "words",
    [
        ["--remove-line", "9" * 5000],
        ["--remove-line", "4"],
        ["--remove-line", "²"],
        ["--amount", "9" * 5000],
        ["--amount", "9" * 5000 + " EUR"],
        ["--probability", "9" * 5000],
    ],
)
def test_no_number_is_too_long_to_be_refused_in_words(desk: Crm, words: list[str]) -> None:
    add(desk, "Engine", *(("--line", "Wheel @ 5 EUR") if "--remove-line" in words else ()))
    refused = desk("deal", "edit", "d1", *words)
    assert (refused.code, refused.err.startswith("crm: ")) == (2, True)


def test_several_at_once(desk: Crm) -> None:
    for number in range(3):
        add(desk, f"Engine {number}")
    assert desk("deal", "move", "--where", "stage:prospecting", "proposal").code == 2  # nobody says yes
    plan = desk("deal", "move", "--where", "stage:prospecting", "--dry-run", "proposal")
    assert (plan.code, "3 to move, and nothing was changed: d1, d2, d3" in plan.err) == (0, True)
    assert desk.ok("deal", "move", "--where", "stage:prospecting", "proposal", "--yes").split() == ["d1", "d2", "d3"]
    ids = desk.ok("deal", "list", "-o", "ids")
    assert desk.ok("deal", "won", "-", stdin=ids).split() == ["d1", "d2", "d3"]
    assert desk("deal", "won", "d1", "d2").code == 2
    assert desk("deal", "rm", "--where", "").code == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stage:proposal", "d1"),
        ("stage~prop pipeline:sales", "d1"),
        ("amount>=12000 currency:EUR", "d1"),
        ("amount<12000", "d2"),
        ("weighted:7200", "d1"),
        ("probability>50", "d1"),
        ("close<=eoq", "d1"),
        ("close:none", "d2"),
        ("contact:c1", "d1"),
        ("company:co1", "d2"),
        ("contact.name~lovelace", "d1"),
        ("company.name~analytical", "d2"),
        ("tag:vip", "d1"),
        ("source:fair", "d1"),
        ("next:none", "d2"),
        ("next<=+5d", "d1"),
        ("rotting:yes", "d1"),
        ("age>=50", "d1"),
        ("days<5", "d2"),
        ("owner:me", "d1 d2"),
        ("press", "d2"),
        ("lovelace", "d1"),
        ("custom.fair:yes", "d2"),
        ("forecast_category:best_case", "d1"),
        ("created<-30d", "d1"),
        ("status:lost", "d3"),
        ("lost_reason:price", "d3"),
        ("closed>=today", "d3"),
        ("status:open,lost", "d1 d2 d3"),
    ],
)
def test_filters(desk: Crm, text: str, found: str) -> None:
    desk.ok("contact", "edit", "c1", "--tag", "vip", "--lead-source", "fair")
    long_ago = {"env": {"CRM_NOW": "2026-10-01T10:00:00Z"}}
    call = "--contact c1 --amount 12000 --currency EUR --stage proposal --probability 60 --close eoq"
    desk.ok("deal", "add", "Engine No. 2", *call.split(), **long_ago)
    desk.ok("deal", "edit", "d1", "--close", "2026-12-31")
    desk.ok("followup", "add", "c1", "Call", "--due", "+3d", "--deal", "d1")
    desk.ok("deal", "add", "Press", "--company", "co1", "--amount", "100", "--set", "fair=yes")
    desk.ok("deal", "add", "Mill", "--contact", "c2")
    desk.ok("deal", "lost", "d3", "--reason", "price")
    assert " ".join(desk.ok("deal", "list", text, "-o", "ids", "--sort", "id").split()) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("close", "d2 d1 d3"),
        ("-close", "d1 d2 d3"),
        ("-amount", "d1 d2 d3"),
        ("created", "d1 d2 d3"),
        ("stage", "d3 d1 d2"),
        ("-name", "d3 d2 d1"),
    ],
)
def test_sorts_leave_what_has_no_value_for_the_end(desk: Crm, sort: str, found: str) -> None:
    add(desk, "A", "--stage", "proposal", "--close", "eoy")
    add(desk, "B", "--stage", "negotiation", "--close", "eom", "--amount", "5 EUR")
    desk.ok("deal", "add", "C", "--contact", "c1")
    assert " ".join(desk.ok("deal", "list", "-o", "ids", "--sort", sort).split()) == found


def test_what_is_logged_belongs_to_the_deal(desk: Crm) -> None:
    add(desk)
    desk.ok("log", "in", "c1", "Asked about delivery", "--deal", "d1")
    assert desk.json("interaction", "show", "i1")["item"]["deal_id"] == "d1"
    assert item(desk, "d1")["interactions"][0]["subject"] == "Asked about delivery"
    assert [one["id"] for one in desk.json("interaction", "list", "deal:d1")["items"]] == ["i1"]
    assert desk("log", "in", "c1", "x", "--deal", "d9").code == 3


def test_what_follows_from_a_step_of_the_deal_is_of_the_deal(desk: Crm) -> None:
    add(desk)
    desk.ok("log", "in", "c1", "Asked about delivery", "--deal", "d1", "--followup", "+1d")
    desk.ok("followup", "done", "f1", "--log", "out", "--next", "+2w")
    desk.ok("followup", "add", "c1", "Report", "--every", "monday", "--deal", "d1")
    desk.ok("followup", "done", "f3")
    assert desk.json("interaction", "show", "i2")["item"]["deal_id"] == "d1"
    assert [one["deal_id"] for one in desk.json("followup", "list", "--all-states")["items"]] == ["d1"] * 4
    desk.ok("deal", "rm", "d1")
    desk.ok("followup", "done", "f2", "--log", "out", "--note", "Told her")
    assert desk.json("interaction", "show", "i3")["item"]["deal_id"] is None


def test_batch(desk: Crm) -> None:
    lines = [
        {"op": "deal.add", "name": "Engine", "contact": "c1", "amount": 12000, "currency": "EUR", "close": "eoq"},
        {"op": "deal.add", "name": "Apples", "company": "co1", "line": ["2 x Red apples @ 7.50"], "role": ["c2=buyer"]},
        {"op": "deal.edit", "id": "d1", "set": ["fair=yes"], "probability": 60},
        {"op": "deal.move", "id": ["d1", "d2"], "stage": "proposal", "next": "Call", "next_due": "+3d"},
        {"op": "deal.won", "id": "d1"},
        {"op": "deal.lost", "id": "d2", "reason": "price"},
        {"op": "deal.reopen", "who": "d2"},
        {"op": "deal.rm", "id": "d2"},
        {"op": "deal.restore", "id": "d2"},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    results = desk.json("batch", stdin=stdin)["items"]
    assert [result["ok"] for result in results] == [True] * len(lines)
    assert (item(desk, "d1")["status"], item(desk, "d2")["stage"]) == ("won", "proposal")
    desk.ok("undo")
    assert desk.json("deal", "list", "--all-states")["items"] == []
    wrong = desk("batch", stdin='{"op": "deal.add", "name": "x", "contact": "c1", "colour": "red"}\n')
    assert (wrong.code, "has no key 'colour'" in wrong.err) == (2, True)


def test_undo_takes_back_a_move_and_leaves_what_others_use(desk: Crm) -> None:
    add(desk)
    add(desk, "Press")
    desk.ok("deal", "won", "d1")
    desk.ok("undo")
    deal = item(desk, "d1")
    assert (deal["status"], deal["closed_at"], len(deal["stages"])) == ("open", None, 1)
    assert deal["stages"][0]["left_at"] is None
    assert desk.json("contact", "show", "c1")["item"]["lifecycle_stage"] == "opportunity"
    undone = desk("undo", "op4")  # the first deal, which brought the pipeline with it
    assert undone.code == 0, undone.err
    assert item(desk, "d2")["stage"] == "prospecting"
    assert "d2" in desk.ok("history", "d2", tty=True) or "Press" in desk.ok("history", "d2", tty=True)


def test_as_it_was(desk: Crm) -> None:
    add(desk, "Engine", "--line", "2 x Box @ 3 EUR")
    desk.ok("deal", "move", "d1", "next", env={"CRM_NOW": "2026-11-22T10:00:00Z"})
    then = desk.json("deal", "show", "d1", "--as-of", "2026-11-21", env={"CRM_NOW": "2026-11-25T10:00:00Z"})["item"]
    assert (then["stage"], then["as_of"], len(then["lines"])) == ("prospecting", "2026-11-21T23:59:59Z", 1)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl", "md"])
def test_export(desk: Crm, form: str) -> None:
    add(desk, "Apples", "--line", "2 x Red apples @ 7.50 EUR -10%", "--role", "c2=buyer", "--set", "fair=yes")
    add(desk, "Press", "--stage", "won")
    text = desk.ok("export", "deals", "-o", form)
    assert "Apples" in text and "Press" in text
    assert "Press" not in desk.ok("export", "deals", "status:open", "-o", form)
    if form == "json":
        first = next(one for one in json.loads(text)["items"] if one["name"] == "Apples")
        assert first["lines"][0]["quantity"] == "2"
        assert first["contacts"][0]["role"] == "buyer"
        assert (first["probability"], first["custom"]) == (None, {"fair": "yes"})
        assert [stay["stage"] for stay in first["stages"]] == ["prospecting"]
    if form == "csv":
        assert "2 x Red apples @ 7.50 EUR -1.50 EUR" in text


def test_a_hook_sees_a_deal(desk: Crm) -> None:
    hooks = desk.home / ".config" / "crm" / "hooks"
    hooks.mkdir(parents=True)
    script = hooks / "post-deal"
    script.write_text('#!/bin/sh\ncat > "$HOME/seen"\n')
    script.chmod(0o755)
    add(desk)
    assert "Engine No. 2" in (desk.home / "seen").read_text()


def test_after_care_when_the_settings_want_it(desk: Crm) -> None:
    desk.ok("config", "set", "aftercare.won", "30d")
    add(desk)
    result = desk("deal", "won", "d1")
    assert "How is it going with Engine No. 2?" in result.err
    followup = desk.json("followup", "show", "f1")["item"]
    assert (followup["deal_id"], followup["due_at"][:10]) == ("d1", "2026-12-20")
    add(desk, "Press")
    desk.ok("deal", "won", "d2", "--no-aftercare")
    assert len(desk.json("followup", "list")["items"]) == 1


def test_the_contract(desk: Crm) -> None:
    add(desk)
    fields = [
        "id",
        "uid",
        "name",
        "status",
        "pipeline",
        "stage",
        "amount",
        "amount_minor",
        "currency",
        "probability",
        "own_probability",
        "weighted",
        "weighted_minor",
        "forecast_category",
        "own_forecast_category",
        "close_date",
        "contact",
        "company",
        "owner",
        "source",
        "lost_reason",
        "next",
        "age_days",
        "stage_since",
        "stage_days",
        "rotting_days",
        "rotting",
        "note",
        "external",
        "custom",
        "closed_at",
        "created_at",
        "updated_at",
        "deleted_at",
    ]
    document = desk.json("deal", "list")
    assert document["schema"] == "crm.deal.list/1"
    assert list(document["items"][0]) == fields
    shown = desk.json("deal", "show", "d1")
    assert shown["schema"] == "crm.deal/1"
    assert list(shown["item"]) == [*fields, "lines", "contacts", "stages", "followups", "interactions"]
    header = desk.ok("deal", "list").partition("\n")[0].split("\t")
    assert header[:6] == ["id", "name", "who", "stage", "amount", "currency"]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_lists_and_records_fit_the_screen(desk: Crm, width: int) -> None:
    add(desk, "Engine " * 10, "--line", "2 x Red apples @ 7.50 EUR -10%", "--role", "c2=decision maker")
    for args in (("list",), ("show", "d1")):
        lines = desk.ok("deal", *args, tty=True, width=width).splitlines()
        assert all(len(line) <= width for line in lines)
    assert "13.50 EUR" in desk.ok("deal", "show", "d1", tty=True, width=width)


def test_another_pipeline_alone_is_its_first_stage(desk: Crm) -> None:
    desk.ok("pipeline", "add", "Renewals", "--stage", "asked=40")
    add(desk)
    desk.ok("deal", "edit", "d1", "--pipeline", "Renewals")
    item = desk.json("deal", "show", "d1")["item"]
    assert (item["pipeline"], item["stage"]) == ("Renewals", "asked")
    desk.ok("deal", "won", "d1")
    result = desk("deal", "edit", "d1", "--pipeline", "Sales")
    assert result.code == 2 and "--stage" in result.err


def test_won_before_it_was_entered_its_stays_go_on_as_it_went(desk: Crm) -> None:
    add(desk)
    desk.ok("deal", "won", "d1", "--at", "2026-11-01")
    desk.ok("deal", "reopen", "d1", "--no-next")
    stays = desk.json("deal", "show", "d1")["item"]["stages"]
    assert [stay["stage"] for stay in stays] == ["prospecting", "won", "prospecting"]
    assert [stay["left_at"] is None for stay in stays] == [False, False, True]
    assert all(stay["left_at"] is None or stay["left_at"] >= stay["entered_at"] for stay in stays)


def test_a_forecast_does_not_end_before_it_begins(desk: Crm) -> None:
    result = desk("forecast", "--since", "2026-12-30", "--until", "2026-11-28")
    assert result.code == 2 and "comes before the first" in result.err

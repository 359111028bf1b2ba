"""`crm lead`: from the first word to a deal, on both databases."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm

FIELDS = (
    "id uid display_name score lifecycle_stage lead_status lead_source owner company job_title emails phones companies"
    " tags age_days untouched_days touched_days do_not_contact last_inbound_at last_outbound_at created_at updated_at"
    " deleted_at"
)
PART = "points reason rule kind at days full interaction"
RULE = "id kind filter points reason own"
EARLIER = "2026-11-08T10:00:00Z"


@pytest.fixture
def desk(crm: Crm) -> Crm:
    """Two leads, the second one of twelve days ago, a subscriber and a customer."""
    add = "--email ada@engines.example --source fair --tag vip --company Engines"
    crm.ok("lead", "add", "Ada Lovelace", *add.split(), "--job-title", "Head of Engines")
    crm.ok("lead", "add", "Grace Hopper", env={"CRM_NOW": EARLIER})
    crm.ok("contact", "add", "Mary Somerville", "--lifecycle-stage", "subscriber")
    crm.ok("contact", "add", "Tomás Rivera", "--lifecycle-stage", "customer")
    return crm


def item(crm: Crm, who: str) -> dict[str, Any]:
    return dict(crm.json("lead", "show", who)["item"])


def listed(crm: Crm, *words: str) -> list[str]:
    return [str(one["id"]) for one in crm.json("lead", "list", *words)["items"]]


def test_a_lead_is_a_contact_that_is_new_and_mine(desk: Crm) -> None:
    contact = desk.json("contact", "show", "c1")["item"]
    found = [contact[name] for name in ("lifecycle_stage", "lead_status", "lead_source", "owner")]
    assert found == ["lead", "new", "fair", "ada"]
    desk.ok("lead", "add", "Nobody's", "--owner", "", "--stage", "sales_qualified", "--lead-status", "nurturing")
    contact = desk.json("contact", "show", "c5")["item"]
    assert [contact[name] for name in ("lifecycle_stage", "lead_status", "owner")] == [
        "sales_qualified",
        "nurturing",
        None,
    ]


def test_a_customer_is_not_added_as_a_lead(desk: Crm) -> None:
    result = desk("lead", "add", "Eve", "--stage", "customer")
    assert result.code == 2
    assert "lead, marketing_qualified, sales_qualified" in result.err
    assert listed(desk, "--all-states") == ["c1", "c2"]


def test_the_list_is_sorted_by_score_and_keeps_its_contract(desk: Crm) -> None:
    document = desk.json("lead", "list")
    assert document["schema"] == "crm.lead.list/1"
    assert [(one["id"], one["score"]) for one in document["items"]] == [("c1", 25), ("c2", 0)]
    assert list(document["items"][0]) == FIELDS.split()
    assert document["items"][0]["company"] == {"id": "co1", "name": "Engines"}
    assert (document["items"][1]["age_days"], document["items"][1]["untouched_days"]) == (12, 12)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--sort name", "c1 c2"), ("--sort -name", "c2 c1"), ("--sort age", "c1 c2"), ("--sort -age", "c2 c1"),
        ("--sort created", "c2 c1"), ("--sort -score", "c2 c1"), ("--limit 1", "c1"), ("--sort -name --limit 1", "c2"),
        ("--min 1", "c1"), ("--min 1 --sort -age", "c1"), ("tag:vip", "c1"), ("source:fair", "c1"),
        ("source:none", "c2"),
        ("untouched:yes status:new", "c1 c2"), ("stage:sales_qualified", ""), ("hopper", "c2"), ("--deleted", ""),
    ],
)  # fmt: skip
def test_sorts_and_filters(desk: Crm, words: str, expected: str) -> None:
    assert listed(desk, *words.split()) == expected.split()


def test_leads_of_several_owners_are_sorted_by_them(desk: Crm) -> None:
    desk.ok("user", "add", "zoe")
    desk.ok("lead", "assign", "c1", "zoe")
    assert listed(desk, "--sort", "owner") == ["c2", "c1"]
    desk.ok("lead", "assign", "c1", "c2", "--nobody")
    assert {one["owner"] for one in desk.json("lead", "list")["items"]} == {None}


def test_untouched_leads_age_visibly(desk: Crm) -> None:
    shown = desk.ok("lead", "list", tty=True, width=140, env={"NO_COLOR": None, "FORCE_COLOR": "1"})
    assert "\x1b[1;31muntouched 12 days" in shown
    assert "untouched 0 days" in shown
    for width in (40, 60, 80):
        lines = desk.ok("lead", "list", tty=True, width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert "untouched 12" in "".join(lines)


def test_yesterday_noon_is_not_today(desk: Crm) -> None:
    desk.ok("log", "out", "c2", "Hello", "--at", "2026-11-19 12:00")
    shown = desk.ok("lead", "list", tty=True, width=140, env={"CRM_NOW": "2026-11-20T09:00:00Z"})
    (line,) = [one for one in shown.splitlines() if one.startswith("c2 ")]
    assert "1 day ago" in line


def test_whoever_we_contact_is_not_new_any_more(desk: Crm) -> None:
    desk.ok("log", "out", "c2", "Tried", "--channel", "call", "--outcome", "no_answer")
    assert item(desk, "c2")["lead_status"] == "new"
    desk.ok("log", "out", "c2", "Our offer", "--channel", "email", "--at", "-2d")
    lead = item(desk, "c2")
    assert (lead["lead_status"], lead["untouched_days"], lead["touched_days"]) == ("contacted", None, 0)
    desk.ok("undo")
    assert item(desk, "c2")["lead_status"] == "new"
    desk.ok("log", "out", "c4", "Hello")
    assert desk.json("contact", "show", "c4")["item"]["lead_status"] is None


def test_qualifying_goes_on_stage_by_stage(desk: Crm) -> None:
    assert desk.ok("lead", "qualify", "c1", "c3", "--note", "wants a demo") == "c1\nc3\n"
    assert [item(desk, who)["lifecycle_stage"] for who in ("c1", "c3")] == ["marketing_qualified"] * 2
    told = desk.ok("lead", "qualify", "ada", tty=True)
    assert told == "Ada Lovelace (c1) is sales qualified now\n"
    assert item(desk, "c1")["lead_status"] == "qualified"
    desk.ok("lead", "qualify", "c2", "--stage", "sales-qualified")
    for words in ("c1", "c1 --stage marketing_qualified", "c4", "c2 --stage customer"):
        assert desk("lead", "qualify", *words.split()).code == 2
    assert "customer, not a lead" in desk("lead", "qualify", "c4").err
    notes = desk.json("interaction", "list", "contact:c1 direction:internal")["items"]
    assert [(note["subject"], note["body"]) for note in notes] == [("Qualified: marketing qualified", "wants a demo")]


def test_disqualifying_needs_a_reason_and_can_be_taken_up_again(desk: Crm) -> None:
    assert "--reason" in desk("lead", "disqualify", "c1").err
    desk.ok("lead", "disqualify", "c1", "--reason", "no budget")
    assert listed(desk) == ["c2"]
    assert listed(desk, "status:unqualified") == ["c1"]
    assert listed(desk, "--all-states") == ["c1", "c2"]
    assert desk("lead", "disqualify", "c1", "--reason", "again").code == 2
    assert item(desk, "c1")["statuses"][-1]["note"] == "no budget"
    desk.ok("lead", "qualify", "c1")
    assert listed(desk) == ["c1", "c2"]


def test_a_conversion_keeps_everything_and_opens_a_deal(desk: Crm) -> None:
    before = desk.json("contact", "show", "c1")["item"]
    words = "--amount 12000 --currency EUR --stage proposal --close eoq --next Call --next-due +3d --note ready"
    result = desk("lead", "convert", "c1", "--deal", "Engine No. 2", *words.split())
    assert (result.code, result.out) == (0, "c1\n")
    assert "Opened d1 with Ada Lovelace: Engine No. 2" in result.err
    after = desk.json("contact", "show", "c1")["item"]
    same = before.keys() - {"lifecycle_stage", "lead_status", "updated_at"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (after["lifecycle_stage"], after["lead_status"]) == ("opportunity", "converted")
    deal = desk.json("deal", "show", "d1")["item"]
    found = [deal[name] for name in ("amount_minor", "stage", "source", "owner", "close_date")]
    assert found == [1_200_000, "proposal", "fair", "ada", "2026-12-31"]
    assert (deal["contact"]["id"], deal["company"]["id"], deal["next"]["subject"]) == ("c1", "co1", "Call")
    assert [one["id"] for one in item(desk, "c1")["deals"]] == ["d1"]
    desk.ok("undo")
    assert desk("deal", "show", "d1").code == 3
    assert item(desk, "c1")["lifecycle_stage"] == "lead"


def test_a_conversion_may_make_a_customer(desk: Crm) -> None:
    desk.ok("lead", "convert", "c1", "c2", "--customer")
    assert [item(desk, who)["lifecycle_stage"] for who in ("c1", "c2")] == ["customer"] * 2
    assert listed(desk) == []
    assert listed(desk, "status:converted") == ["c1", "c2"]
    assert "is customer, not a lead" in desk("lead", "convert", "c1").err


def test_a_deal_that_cannot_be_leaves_the_lead(desk: Crm) -> None:
    assert desk("lead", "convert", "c1", "--deal", "Engine", "--amount", "lots").code == 2
    assert "--amount is said of no deal" in desk("lead", "convert", "c1", "--amount", "5").err
    assert item(desk, "c1")["lead_status"] == "new"


def test_many_at_once(desk: Crm) -> None:
    assert (
        "2 to disqualify, and nothing was changed: c1, c2"
        in desk("lead", "disqualify", "--where", "untouched:yes", "--reason", "x", "--dry-run").err
    )
    assert "--yes" in desk("lead", "qualify", "--where", "untouched:yes").err
    assert desk.ok("lead", "qualify", "--where", "untouched:yes", "--yes").split() == ["c1", "c2"]
    assert desk.ok("lead", "assign", "-", "ada", stdin=desk.ok("lead", "list")).split() == ["c1", "c2"]
    result = desk("lead", "convert", "c1", "c4")
    assert result.code == 2
    assert item(desk, "c1")["lead_status"] == "qualified"


def test_batch(desk: Crm) -> None:
    lines = [
        '{"op": "lead.add", "name": "Eve", "source": "web", "email": "eve@x.example"}',
        '{"op": "lead.qualify", "who": "Eve", "stage": "sales_qualified", "note": "called"}',
        '{"op": "lead.assign", "who": ["c1", "c2"], "user": ""}',
        '{"op": "lead.disqualify", "who": "c2", "reason": "no budget"}',
        '{"op": "lead.convert", "who": "Eve", "deal": "Press", "amount": 900, "currency": "EUR"}',
    ]
    desk.ok("batch", stdin="\n".join(lines))
    assert item(desk, "c5")["lifecycle_stage"] == "opportunity"
    assert desk.json("deal", "show", "d1")["item"]["source"] == "web"
    assert item(desk, "c2")["lead_status"] == "unqualified"
    assert desk("batch", stdin='{"op": "lead.convert", "who": "c1", "customer": "yes"}').code == 2
    assert desk("batch", stdin='{"op": "lead.assign", "who": "c1"}').code == 2


def test_the_score_as_a_number_as_json_and_explained(desk: Crm) -> None:
    desk.ok("log", "in", "c1", "Asked", "--channel", "web_form", "--at", "2026-11-05 10:00")
    assert desk.ok("lead", "score", "c1") == "39\n"
    document = desk.json("lead", "score", "c1", "--explain")
    assert document == desk.json("lead", "score", "c1")
    assert document["schema"] == "crm.score/1"
    assert list(document["item"]) == ["id", "display_name", "score", "sum", "parts"]
    assert list(document["item"]["parts"][0]) == PART.split()
    assert document["item"]["parts"][-1] == {
        "points": 14,
        "reason": "filled in a web form",
        "rule": "direction:inbound channel:web_form",
        "kind": "behaviour",
        "at": "2026-11-05T10:00:00Z",
        "days": 15,
        "full": 20,
        "interaction": "i1",
    }
    result = desk("lead", "score", "c1", "--explain", tty=True)
    assert "has an e-mail address" in result.out
    assert "2 weeks ago" in result.out
    assert "Ada Lovelace (c1): 39 points" in result.err


def test_the_rules_are_listed_and_set(desk: Crm) -> None:
    rules = desk.json("lead", "rules")
    assert rules["schema"] == "crm.score_rule.list/1"
    assert list(rules["items"][0]) == RULE.split()
    desk.ok("config", "set", "lead.score.facts.tag:vip", "30")
    assert desk.ok("lead", "score", "c1") == "55\n"
    assert desk.ok("config", "get", "lead.score.facts.tag:vip") == "30\n"
    desk.ok("config", "set", "timezone", "UTC")
    assert '[lead.score.facts]\n"tag:vip" = 30' in (desk.home / ".config/crm/config.toml").read_text()
    desk.ok("config", "unset", "lead.score.facts.tag:vip")
    desk.ok("config", "set", "lead.score.usual", "no")
    assert desk.ok("lead", "score", "c1") == "0\n"
    assert desk.json("lead", "rules")["items"] == []


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("lead.score.facts.tagg:vip", "5", "the rule lead.score.facts.tagg:vip: unknown field 'tagg'"),
        ("lead.score.facts.tag:vip", "many", "the rule lead.score.facts.tag:vip has no points: 'many'"),
        ("lead.score.facts.tag:vip", "5 from 3", "has no points"),
        ("lead.score.behaviours.channel:pigeon", "5", "the rule lead.score.behaviours.channel:pigeon"),
        ("lead.score.behaviours.channel:chat", "5000", "from -1000 to 1000"),
        ("lead.score.facts", "5", "lead.score.facts.tag:vip"),
        ("lead.score.half_life", "soon", "not a span of time"),
    ],
)
def test_bad_rules_are_refused_by_name(desk: Crm, rule: str, value: str, words: str) -> None:
    result = desk("config", "set", rule, value)
    assert result.code == 2
    assert words in result.err


def test_a_bad_rule_in_the_file_is_named_and_stops_leads_alone(desk: Crm) -> None:
    file = desk.home / ".config/crm/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[lead.score.behaviours]\n"channel:pigeon" = 5\n')
    result = desk("lead", "list")
    assert result.code == 2
    assert "the rule lead.score.behaviours.channel:pigeon: 'pigeon' is no value of channel" in result.err
    desk.ok("contact", "list")
    file.write_text('[lead.score.facts]\n"tag:vip" = true\n')
    assert 'lead.score.facts.tag:vip = "10"' in desk("lead", "list").err
    shown = desk("show", "c1")
    assert shown.code == 0 and "no score: " in shown.err


def test_one_lead_with_its_history(desk: Crm) -> None:
    desk.ok("lead", "qualify", "c2", "--note", "wants a demo")
    lead = item(desk, "c2")
    stages = [(stay["stage"], stay["entered_at"], stay["left_at"], stay["note"]) for stay in lead["stages"]]
    now = "2026-11-20T10:00:00Z"
    assert stages == [("lead", EARLIER, now, None), ("marketing_qualified", now, None, "wants a demo")]
    assert (lead["stages"][0]["duration"], lead["stages"][0]["by"]) == (12 * 86_400, "ada")
    assert [stay["status"] for stay in lead["statuses"]] == ["new", "qualified"]
    shown = desk.ok("lead", "show", "c2", tty=True, width=140)
    assert "lead from Sun 8 Nov, 12 days" in shown
    assert "marketing qualified from Fri 20 Nov, 1 minute so far: wants a demo" in shown


def test_a_lead_as_it_was_has_the_history_of_then(desk: Crm) -> None:
    later = {"env": {"CRM_NOW": "2026-11-22T10:00:00Z"}}
    desk.ok("lead", "qualify", "c2", "--note", "wants a demo")
    desk.ok("lead", "convert", "c2", "--deal", "Engine", "--amount", "9", "--currency", "EUR", "--no-next", **later)
    desk.ok("log", "in", "c2", "Please call", "--channel", "call", **later)
    past = desk.json("lead", "show", "c2", "--as-of", "2026-11-20", **later)["item"]
    assert (past["lifecycle_stage"], past["as_of"], past["deals"]) == (
        "marketing_qualified",
        "2026-11-20T23:59:59Z",
        [],
    )
    assert [stay["stage"] for stay in past["stages"]] == ["lead", "marketing_qualified"]
    assert (past["stages"][1]["left_at"], past["score"]) == (None, 0)
    first = desk.json("lead", "show", "c2", "--as-of", EARLIER, **later)["item"]
    assert [(stay["stage"], stay["left_at"]) for stay in first["stages"]] == [("lead", None)]
    now = desk.json("lead", "show", "c2", **later)["item"]
    assert (now["stages"][-1]["stage"], now["score"]) == ("opportunity", 15)
    desk.ok("lead", "qualify", "c1", env={"CRM_NOW": "2026-11-22T11:00:00Z"})
    desk.ok("undo", env={"CRM_NOW": "2026-11-22T12:00:00Z"})
    undone = desk.json("lead", "show", "c1", "--as-of", "2026-11-22 11:30", env={"CRM_NOW": "2026-11-23T10:00:00Z"})
    assert [stay["stage"] for stay in undone["item"]["stages"]] == ["lead", "marketing_qualified"]
    shown = desk.ok("lead", "show", "c2", "--as-of", "2026-11-20", tty=True, width=140, **later)
    assert "marketing qualified from Fri 20 Nov" in shown and "opportunity" not in shown


def test_a_converted_lead_is_asked_for_the_next_step_of_its_deal(desk: Crm) -> None:
    deal = ("--deal", "Engine", "--amount", "1200", "--currency", "EUR")
    told = desk("lead", "convert", "c1", *deal).err
    assert "d1 has no next step; plan one: crm followup add c1 TEXT --due WHEN --deal d1" in told
    desk.ok("undo")
    assert "next step" not in desk("lead", "convert", "c1", *deal, "--no-next").err
    answers = {"stdin": "Call her\n+2d\n", "tty": True, "asks": True, "env": {"TERM": "dumb"}}
    assert desk("lead", "convert", "c2", *deal, **answers).code == 0
    assert desk.json("deal", "list", "contact:c2")["items"][0]["next"]["subject"] == "Call her"
    assert "Engine: prospecting, 1,200.00 EUR" in desk.ok("lead", "show", "c2", tty=True, width=140)


def test_who_is_worked_on_no_longer_is_not_late(desk: Crm) -> None:
    late = {"env": {"CRM_NOW": "2026-12-20T10:00:00Z"}, "tty": True, "width": 140}
    desk.ok("lead", "disqualify", "c2", "--reason", "no budget")
    text = desk.ok("--color", "always", "lead", "list", "--all-states", **late)
    lines = {line.split("untouched")[0].rsplit("\x1b[", 1)[-1] for line in text.splitlines() if "untouched" in line}
    assert len(lines) == 2  # one is red, the other is not


def test_control_characters_are_escaped(desk: Crm) -> None:
    desk.ok("lead", "add", "Eve\x1b[31m", "--source", "web\x07", "--job-title", "a\tb")
    desk.ok("lead", "disqualify", "c5", "--reason", "b\x1bad")
    for words in (["list", "--all-states"], ["show", "c5"], ["score", "c5", "--explain"]):
        result = desk("lead", *words, tty=True, width=140)
        assert "\x1b" not in result.out + result.err
        assert "\x07" not in result.out + result.err


def test_words_of_other_programs_in_a_table_of_leads(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(
        "Name,Email,Lead Status,Lifecycle Stage\n"
        "Lina,lina@x.example,Open - Not Contacted,marketingqualifiedlead\n"
        "Luc,luc@x.example,IN_PROGRESS,\n"
        "Lea,lea@x.example,,Sales Qualified Lead\n"
    )
    crm.ok("import", str(path), "--leads")
    found = crm.json("contact", "list", "--sort", "name")["items"]
    assert [(one["lifecycle_stage"], one["lead_status"]) for one in found] == [
        ("sales_qualified", None),
        ("marketing_qualified", "new"),
        ("lead", "contacted"),
    ]

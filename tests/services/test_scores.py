"""How promising leads are."""

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.services import scorerules
from crmcli.services.scorerules import decayed, rules
from tests.conftest import Crm

FACTS, BEHAVIOURS = "lead.score.facts", "lead.score.behaviours"


def parts(app: App, key: int = 1) -> list[tuple[int, str]]:
    return [(part["points"], part["rule"]) for part in app.leads.score(key)["parts"]]


def with_rules(app: App, **own: str) -> App:
    """Only these rules: `f` and `b` begin their names, as `f_1="tag:vip = 10"`."""
    app.config = {"lead.score.usual": "no"}
    for name, text in own.items():
        filter_, _, points = text.rpartition(" = ")
        app.config[f"{FACTS if name.startswith('f') else BEHAVIOURS}.{filter_}"] = points
    return app


@pytest.mark.parametrize(
    ("points", "days", "left"),
    [(20, 0, 20), (20, 30, 10), (20, 60, 5), (5, 30, 3), (-5, 30, -3), (1, 30, 1), (1, 31, 0), (20, 15, 14)],
)
def test_what_is_left_after_days_is_rounded_half_away_from_zero(points: int, days: int, left: int) -> None:
    assert decayed(points, days, 30.0) == left


def test_every_usual_rule_can_be_asked(app: App) -> None:
    found = rules({})
    assert len({rule.name for rule in found}) == len(found) == len(app.scores.rules().items)
    app.leads.add("Ada", {})
    assert app.leads.score(1)["score"] == 0
    assert [app.setup.check(rule.name, "5") for rule in found] == ["5"] * len(found)


def test_facts(crm: Crm, app: App) -> None:
    words = [*["--email", "a@x.example", "--phone", "+442079460958"], "--company", "Engines"]
    crm.ok(
        "lead", "add", "Ada", *words, "--job-title", "Managing Director", "--set", "budget=yes", "--source", "Referral"
    )
    crm.ok("company", "edit", "co1", "--employee-count", "50")
    crm.ok("contact", "edit", "c1", "--consent", "marketing=granted")
    points = {rule: points for points, rule in parts(app)}
    assert points["employees>=50"] == 10
    assert sorted(points.values()) == [5, 5, 5, 5, 10, 10, 15]
    app.close()
    crm.ok("contact", "edit", "c1", "--consent", "marketing=withdrawn", "--do-not-contact")
    del app.__dict__["scores"]
    points = {rule: points for points, rule in parts(app)}
    assert (points["consent~denied,withdrawn"], points["do_not_contact:yes"]) == (-20, -50)
    assert "consent~granted" not in points


def test_rules_of_ones_own_in_the_filter_language(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada", "--tag", "vip", "--set", "budget=large", "--address", "street=X; country=DE")
    with_rules(
        app, f1="tag:vip = 10", f2="custom.budget:large country:DE = 7", f3="country:AT = 50", f4="not tag:x = -2"
    )
    assert parts(app) == [(10, "tag:vip"), (7, "custom.budget:large country:DE"), (-2, "not tag:x")]
    assert app.leads.score(1)["score"] == 15


def test_ones_own_points_replace_the_usual_and_nothing_takes_a_rule_out(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada", "--email", "a@x.example", "--phone", "+442079460958")
    app.config = {f"{FACTS}.email!:none": "9", f"{FACTS}.phone!:none": "0"}
    assert parts(app) == [(9, "email!:none")]
    assert [(rule["own"], rule["reason"]) for rule in app.scores.rules().items[:1]] == [(True, "has an e-mail address")]


def test_behaviours_decay_and_only_the_newest_count(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada")
    for days in range(0, 80, 10):
        crm.ok("log", "in", "c1", "x", "--channel", "chat", "--at", f"-{days}d")
    with_rules(app, b1="channel:chat = 16")
    app.config["lead.score.half_life"] = "10d"
    assert [points for points, _ in parts(app)] == [16, 8, 4, 2, 1]


def test_what_is_later_or_deleted_does_not_count(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada")
    crm.ok("log", "in", "c1", "x", "--channel", "chat")
    crm.ok("log", "in", "c1", "x", "--channel", "chat", env={"CRM_NOW": "2026-12-20T10:00:00Z"})
    crm.ok("interaction", "rm", "i1")
    with_rules(app, b1="channel:chat = 16")
    assert parts(app) == []


def test_three_times_count_once_from_the_third_on(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada")
    with_rules(app, b1="outcome:no_answer = -10 from 3", f1="name~ada = 50")
    for count in range(5):
        app.close()
        crm.ok("log", "out", "c1", "x", "--outcome", "no_answer")
        found = app.leads.score(1)
        assert found["score"] == (40 if count >= 2 else 50)


@pytest.mark.parametrize(("points", "score"), [("90", 100), ("-90", 0), ("12", 12)])
def test_a_score_stays_from_0_to_100_and_its_sum_does_not(crm: Crm, app: App, points: str, score: int) -> None:
    crm.ok("lead", "add", "Ada", "--tag", "vip", "--tag", "eager")
    with_rules(app, f1=f"tag:vip = {points}", f2=f"tag:eager = {points if score != 12 else '0'}")
    found = app.leads.score(1)
    assert found["score"] == score
    assert found["sum"] == sum(part["points"] for part in found["parts"])


def test_lists_and_single_scores_agree(crm: Crm, app: App) -> None:
    for number in range(6):
        crm.ok(
            "lead",
            "add",
            f"Lead {number}",
            "--email",
            f"a{number}@x.example",
            *(["--tag", "vip"] if number % 2 else []),
        )
        for days in range(number):
            channel = ("web_form", "chat", "call")[days % 3]
            crm.ok("log", "in", f"c{number + 1}", "x", "--channel", channel, "--at", f"-{days * 9}d")
    page = app.leads.page()
    assert [item["score"] for item in page.items] == sorted((item["score"] for item in page.items), reverse=True)
    for item in page.items:
        assert app.leads.score(int(item["id"][1:]))["score"] == item["score"] > 0
    by_name = app.leads.page(sort="name", limit=3).items
    assert {item["id"]: item["score"] for item in by_name}.items() <= {i["id"]: i["score"] for i in page.items}.items()


def test_too_many_rules(app: App) -> None:
    own = {f"f{number}": f"tag:t{number} = 1" for number in range(scorerules.MOST_RULES + 1)}
    with_rules(app, **own)
    app.leads.key = lambda who: 1  # type: ignore[method-assign]
    with pytest.raises(UsageError, match="more than 60 rules"):
        app.scores.rules()


def test_sixty_rules_of_each_table_are_asked_at_once(crm: Crm, app: App) -> None:
    crm.ok("lead", "add", "Ada", "--tag", "t59")
    crm.ok("log", "in", "c1", "word59", "--channel", "chat")
    own = {f"f{number}": f"tag:t{number} = 1" for number in range(60)}
    with_rules(app, **own, **{f"b{number}": f"text~word{number} = 2" for number in range(60)})
    assert app.leads.page().items[0]["score"] == 1 + 2 * 2  # word5 is a part of word59

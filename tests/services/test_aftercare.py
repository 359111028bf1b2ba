"""After-care: asking whether it was solved."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.services.aftercare import SUBJECT
from tests.conftest import Crm


@pytest.fixture
def caring(app: App) -> App:
    """Ada, and settings that ask after what was resolved."""
    app.contacts.add("Ada Lovelace", {})
    app.config["aftercare.outcomes"] = "resolved, held"
    return app


def planned(app: App) -> list[dict[str, Any]]:
    return app.followups.page("", all_states=True).items


def log(app: App, direction: str = "in", **given: Any) -> dict[str, Any]:
    return app.interactions.log(direction, ["c1"], "The press runs again", {"outcome": "resolved", **given})


def test_what_is_planned(caring: App) -> None:
    log(caring, channel="email")
    record = planned(caring)[0]
    expected = {
        "subject": SUBJECT, "due_at": "2026-11-23T00:00:00Z", "all_day": True, "priority": "normal", "owner": "ada",
        "channel": "email", "interaction_id": "i1", "contact": {"id": "c1", "display_name": "Ada Lovelace"},
    }  # fmt: skip
    assert {name: record[name] for name in expected} == expected
    assert caring.notes == ["Planned f1 due Mon 23 Nov 2026 UTC: Did that solve it? (Ada Lovelace c1)"]


@pytest.mark.parametrize(
    ("direction", "given", "count"),
    [
        ("in", {}, 1),
        ("out", {}, 1),
        ("out", {"outcome": "held", "channel": "meeting"}, 1),
        ("in", {"outcome": "connected"}, 0),
        ("in", {"outcome": "unresolved"}, 0),
        ("note", {}, 0),
        ("in", {"no_aftercare": True}, 0),
        ("in", {"followup": "+1w"}, 1),  # that one alone
        ("in", {"at": "-3d"}, 1),  # today
        ("in", {"at": "-4d"}, 0),  # it is too late to ask
    ],
)
def test_when(caring: App, direction: str, given: dict[str, Any], count: int) -> None:
    log(caring, direction, **given)
    found = planned(caring)
    assert len(found) == count
    assert SUBJECT not in [one["subject"] for one in found if "followup" in given]


def test_the_day_and_the_span_are_those_of_the_settings(crm: Crm) -> None:
    for name, value in (("aftercare.outcomes", "resolved"), ("aftercare.after", "1m"), ("timezone", "Asia/Tokyo")):
        crm.ok("config", "set", name, value)
    crm.ok("contact", "add", "Ada", env={"CRM_TIMEZONE": None})
    # 15:30 UTC is half past midnight of the day after in Tokyo.
    when = {"CRM_TIMEZONE": None, "CRM_NOW": "2027-01-30T15:30:00Z"}
    shown = crm("log", "in", "c1", "Solved", "--outcome", "resolved", tty=True, env=when)
    assert shown.err == "Planned f1 due Sun 28 Feb 2027 Asia/Tokyo: Did that solve it? (Ada c1)\n"


def test_without_settings_nothing_is_planned(app: App) -> None:
    app.contacts.add("Ada Lovelace", {})
    log(app)
    assert planned(app) == []
    app.config["aftercare.outcomes"] = "none"
    log(app)
    assert planned(app) == []


def test_nobody_is_asked_who_is_to_be_left_alone(caring: App) -> None:
    caring.contacts.edit("c1", {"do_not_contact": "yes"})
    log(caring)
    assert planned(caring) == []


def test_a_follow_up_that_was_done_by_a_contact(caring: App) -> None:
    for given in ({}, {"next": "+2w"}, {"no_aftercare": True}):
        made = caring.followups.add("c1", "Mend the press", {"due": "today"})
        caring.followups.done([made["id"]], {"log": "out", "outcome": "resolved", **given})
    assert [one["subject"] for one in planned(caring) if one["status"] == "open"] == [SUBJECT, "Mend the press"]


def test_the_question_is_not_asked_after_itself(caring: App) -> None:
    log(caring)
    caring.followups.done(["f1"], {"log": "out", "outcome": "resolved", "note": "All is well"})
    assert [one["status"] for one in planned(caring)] == ["done"]


def test_once_for_an_interaction(caring: App) -> None:
    log(caring)
    party, today = caring.who.find("c1"), caring.clock.today()
    assert caring.aftercare.plan(party, today, interaction=1) is None
    caring.followups.cancel(["f1"])
    assert caring.aftercare.plan(party, today, interaction=1) is None
    made = caring.aftercare.plan(party, today)
    assert made is not None and made["interaction_id"] is None


def test_undo_takes_both_back(crm: Crm) -> None:
    crm.ok("config", "set", "aftercare.outcomes", "resolved")
    crm.ok("contact", "add", "Ada")
    assert crm("log", "in", "c1", "Solved", "--outcome", "resolved").out == "i1\n"
    crm.ok("undo")
    assert crm.json("followup", "list", "--all-states")["items"] == crm.json("interaction", "list")["items"] == []


def test_the_flag_and_the_batch(crm: Crm) -> None:
    crm.ok("config", "set", "aftercare.outcomes", "resolved")
    crm.ok("contact", "add", "Ada")
    crm.ok("log", "out", "c1", "Solved", "--outcome", "resolved", "--no-aftercare")
    line = '{"op": "log.in", "who": "c1", "text": "Solved", "outcome": "resolved"%s}'
    crm.ok("batch", stdin=line % ', "no_aftercare": true')
    assert crm.json("followup", "list")["items"] == []
    assert "Planned f1" in crm("batch", stdin=line % "").err
    refused = crm("batch", stdin=line % ', "no_aftercare": "no"')
    assert refused.code == 2 and "no_aftercare is neither true nor false" in refused.err
    crm.ok("followup", "done", "f1", "--log", "out", "--outcome", "resolved", "--no-aftercare")
    assert crm.json("followup", "list")["items"] == []


def test_an_import_plans_nothing(crm: Crm) -> None:
    crm.ok("config", "set", "aftercare.outcomes", "resolved")
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    crm.ok("log", "in", "c1", "Solved", "--outcome", "resolved", "--no-aftercare")
    archive = crm.ok("export", "interactions", "-o", "jsonl").replace("01a1f866", "01a1f867")
    crm.ok("undo")
    crm.ok("import", "-", stdin=archive)
    assert [one["outcome"] for one in crm.json("interaction", "list")["items"]] == ["resolved"]
    assert crm.json("followup", "list")["items"] == []


def test_an_outcome_that_is_told_later(caring: App) -> None:
    log(caring, outcome=None, at="-20d", channel="email")
    assert planned(caring) == []
    caring.interactions.edit("i1", {"outcome": "resolved"})
    record = planned(caring)[0]
    assert (record["due_at"], record["interaction_id"]) == ("2026-11-23T00:00:00Z", "i1")  # it is solved today
    assert caring.notes == ["Planned f1 due Mon 23 Nov 2026 UTC: Did that solve it? (Ada Lovelace c1)"]
    caring.interactions.edit("i1", {"outcome": "held"})
    caring.interactions.edit("i1", {"text": "Again"})
    assert len(planned(caring)) == 1


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ({}, {"outcome": "connected"}),
        ({}, {"outcome": "resolved", "no_aftercare": True}),
        ({}, {"outcome": "resolved", "direction": "note"}),
        ({"outcome": "resolved", "no_aftercare": True}, {"outcome": "resolved"}),  # nothing new
        ({"outcome": "resolved", "no_aftercare": True}, {"text": "The press runs"}),
    ],
)
def test_what_is_told_later_and_asks_nothing(caring: App, logged: dict[str, Any], told: dict[str, Any]) -> None:
    log(caring, **{"outcome": None, **logged})
    caring.interactions.edit("i1", told)
    assert planned(caring) == []


def test_what_is_told_later_of_a_promise_and_of_the_question_itself(caring: App) -> None:
    log(caring, outcome=None, followup="+1w", followup_subject="Send the manual")
    caring.interactions.edit("i1", {"outcome": "resolved"})
    log(caring)
    caring.followups.done(["f2"], {"log": "in"})
    caring.interactions.edit("i3", {"outcome": "resolved"})
    assert [one["subject"] for one in planned(caring)] == [SUBJECT, "Send the manual"]


def test_what_is_told_later_of_those_who_are_gone(caring: App) -> None:
    caring.contacts.add("Grace Hopper", {})
    log(caring, outcome=None)
    caring.contacts.remove(["c1"])
    caring.interactions.edit("i1", {"outcome": "resolved"})
    assert planned(caring) == []
    caring.interactions.edit("i1", {"outcome": "held", "add_participant": ["c2"]})
    assert [one["contact"]["id"] for one in planned(caring)] == ["c2"]


def test_undo_takes_back_what_was_told_later(crm: Crm) -> None:
    crm.ok("config", "set", "aftercare.outcomes", "resolved")
    crm.ok("contact", "add", "Ada")
    crm.ok("log", "in", "c1", "Does it run?")
    crm.ok("interaction", "edit", "i1", "--outcome", "resolved", "--no-aftercare")
    assert crm.json("followup", "list")["items"] == []
    crm.ok("undo")
    crm.ok("interaction", "edit", "i1", "--outcome", "resolved")
    assert [one["subject"] for one in crm.json("followup", "list")["items"]] == [SUBJECT]
    crm.ok("undo")
    assert crm.json("followup", "list", "--all-states")["items"] == []
    assert crm.json("interaction", "show", "i1")["item"]["outcome"] is None

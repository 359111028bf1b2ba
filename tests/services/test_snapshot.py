"""The snapshot of a customer, and the step that follows from it."""

from datetime import datetime
from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.services.localtime import part_of_day

REACHABLE: dict[str, Any] = {"email": ["ada@engines.example"], "phone": ["+44 20 7946 0958"]}


def log(app: App, direction: str, occurred_at: str, contacts: list[int] = [1], **more: Any) -> int:  # noqa: B006
    """Log an interaction with contacts in the name of company 1, if there is one."""
    company = app.store.value("SELECT id FROM company WHERE id = 1")
    with app.writing() as gate:
        values = {"direction": direction, "channel": "email", "occurred_at": occurred_at, "user_id": 1, **more}
        key = gate.insert("interaction", values)
        for contact in contacts:
            part = {"interaction_id": key, "contact_id": contact, "company_id": company}
            gate.insert("participant", {**part, "occurred_at": occurred_at, "direction": direction})
    return key


def promise(app: App, due_at: str, subject: str = "Call", **more: Any) -> int:
    """Plan a follow-up with contact 1."""
    owner = {"contact_id": 1} if "company_id" not in more else {}
    with app.writing() as gate:
        return gate.insert("followup", {"subject": subject, "due_at": due_at, "first_due_at": due_at, **owner, **more})


def add(app: App, name: str = "Ada Lovelace", **given: Any) -> None:
    """Add a contact."""
    app.contacts.add(name, given)


def rule(app: App, who: str = "c1") -> str:
    """The rule of the next step."""
    return str(app.snapshots.of(who)["next"]["rule"])


def test_a_new_contact_has_a_snapshot_without_history(app: App) -> None:
    add(app, **REACHABLE)
    item = app.snapshots.of("Ada Lovelace")
    assert item["contact"]["display_name"] == "Ada Lovelace" and "company" not in item and "people" not in item
    assert item["last_inbound"] is None and item["last_outbound"] is None and item["timeline"] == []
    assert item["balance"] == {
        "inbound": 0, "outbound": 0, "internal": 0, "since": "2025-12-01T00:00:00Z", "owes": None, "owed_seconds": None,
        "usual_reply": None, "overdue_by": None,
    }  # fmt: skip
    assert [one["month"] for one in item["months"]][::11] == ["2025-12", "2026-11"]


def test_timeline_is_newest_first_and_bounded(app: App) -> None:
    add(app)
    for day in range(1, 6):
        log(app, "inbound", f"2026-11-0{day}T09:00:00Z", subject=f"day {day}")
    item = app.snapshots.of("c1", limit=3)
    assert [entry["subject"] for entry in item["timeline"]] == ["day 5", "day 4", "day 3"]
    assert item["timeline_more"] and not app.snapshots.of("c1", limit=5)["timeline_more"]
    assert app.snapshots.of("c1", limit=0)["timeline"] == []


def test_of_one_second_the_later_logged_comes_first(app: App) -> None:
    add(app)
    for direction in ("inbound", "outbound"):
        log(app, direction, "2026-11-20T09:00:00Z")
    item = app.snapshots.of("c1")
    assert [entry["direction"] for entry in item["timeline"]] == ["outbound", "inbound"]
    assert item["balance"]["owes"] == "them"


def test_deleted_interactions_are_left_out_everywhere(app: App) -> None:
    add(app)
    log(app, "inbound", "2026-11-10T09:00:00Z", subject="kept")
    gone = log(app, "inbound", "2026-11-11T09:00:00Z", subject="gone")
    app.interactions.remove([f"i{gone}"])
    item = app.snapshots.of("c1")
    assert item["last_inbound"]["subject"] == "kept"
    assert [entry["subject"] for entry in item["timeline"]] == ["kept"]
    assert item["balance"]["inbound"] == 1 and item["months"][-1]["inbound"] == 1


def test_balance_counts_twelve_months_of_the_calendar(app: App) -> None:
    add(app)
    for direction, at in (
        ("inbound", "2025-11-30T23:59:59Z"),
        ("inbound", "2025-12-01T00:00:00Z"),
        ("outbound", "2026-10-31T23:59:59Z"),
        ("internal", "2026-11-01T00:00:00Z"),
    ):
        log(app, direction, at)
    item = app.snapshots.of("c1")
    assert {name: item["balance"][name] for name in ("inbound", "outbound", "internal")} == {
        "inbound": 1, "outbound": 1, "internal": 1,
    }  # fmt: skip
    assert item["months"][0] == {"month": "2025-12", "inbound": 1, "outbound": 0}
    assert item["months"][-2] == {"month": "2026-10", "inbound": 0, "outbound": 1}


def test_last_contacts_are_found_beyond_the_timeline(app: App) -> None:
    add(app)
    log(app, "inbound", "2024-01-01T09:00:00Z", body="\n\n  First line\nSecond", outcome="connected")
    for day in range(1, 5):
        log(app, "outbound", f"2026-11-0{day}T09:00:00Z")
    last = app.snapshots.of("c1", limit=2)["last_inbound"]
    assert last["id"] == "i1" and last["snippet"] == "First line" and "body" not in last


@pytest.mark.parametrize(
    ("entries", "owes"),
    [
        ([("inbound", None)], "us"),
        ([("inbound", "connected")], "us"),
        ([("inbound", "resolved")], None),
        ([("inbound", None), ("outbound", None)], "them"),
        ([("inbound", None), ("outbound", "connected")], None),
        ([("inbound", None), ("outbound", "no_answer")], "us"),
        ([("outbound", "no_answer")], None),
        ([("outbound", "left_voicemail"), ("inbound", "unresolved")], "us"),
        ([("internal", None)], None),
    ],
)
def test_who_owes_an_answer(app: App, entries: list[tuple[str, str | None]], owes: str | None) -> None:
    add(app)
    for day, (direction, outcome) in enumerate(entries, start=15):
        log(app, direction, f"2026-11-{day}T10:00:00Z", outcome=outcome)
    balance = app.snapshots.of("c1")["balance"]
    assert balance["owes"] == owes
    assert (balance["owed_seconds"] is None) == (owes is None)


def test_company_shows_its_people_and_each_interaction_once(app: App) -> None:
    add(app, "Ada", company=["Engines"], role="Chief", email=["ada@x.example"])
    add(app, "Bob", company=["Engines"])
    for number in range(3):
        log(app, "inbound", f"2026-11-1{number}T09:00:00Z", contacts=[1, 2])
    log(app, "outbound", "2026-11-15T09:00:00Z", contacts=[2])
    item = app.snapshots.of("Engines", limit=4)
    assert [entry["id"] for entry in item["timeline"]] == ["i4", "i3", "i2", "i1"]
    assert not item["timeline_more"]
    assert item["balance"]["inbound"] == 3 and item["balance"]["outbound"] == 1
    assert [person["display_name"] for person in item["people"]] == ["Bob", "Ada"]
    assert item["people"][1]["role"] == "Chief" and item["people"][1]["email"] == "ada@x.example"
    assert [person["id"] for person in item["timeline"][1]["participants"]] == ["c1", "c2"]


def test_company_names_ten_people_and_counts_all(app: App) -> None:
    for number in range(12):
        add(app, f"Person {number}", company=["Engines"])
    app.contacts.remove(["c12"])
    item = app.snapshots.of("co1")
    assert len(item["people"]) == 10 and item["people_total"] == 11


def test_company_is_shown_the_followups_of_its_people(app: App) -> None:
    add(app, "Ada", company=["Engines"])
    promise(app, "2026-11-25T09:00:00Z", "second")
    promise(app, "2026-11-24T09:00:00Z", "first", company_id=1)
    promise(app, "2026-11-23T09:00:00Z", "closed", status="done")
    found = app.snapshots.of("co1")["followups"]
    assert [one["subject"] for one in found] == ["first", "second"]
    assert found[1]["contact"] == {"id": "c1", "display_name": "Ada"} and found[0]["contact"] is None


def test_followups_tell_what_is_overdue(app: App) -> None:
    add(app)
    promise(app, "2026-11-19T00:00:00Z", "yesterday", all_day=1)
    promise(app, "2026-11-20T00:00:00Z", "today", all_day=1)
    promise(app, "2026-11-20T09:59:59Z", "a second ago")
    found = app.snapshots.of("c1")["followups"]
    assert [(one["subject"], one["overdue"]) for one in found] == [
        ("yesterday", True), ("today", False), ("a second ago", True),
    ]  # fmt: skip


def test_local_time_is_the_contacts_else_its_companys(app: App) -> None:
    add(app, "Taro", timezone="Asia/Tokyo", company=["Engines"])
    add(app, "Bob", company=["Engines"])
    add(app, "Eve")
    app.companies.edit("co1", {"timezone": "America/New_York"})
    there = app.snapshots.of("Taro")["local_time"]
    assert there == {
        "timezone": "Asia/Tokyo", "date": "2026-11-20", "time": "19:00", "utc_offset": "+09:00",
        "part_of_day": "evening",
    }  # fmt: skip
    assert app.snapshots.of("Bob")["local_time"]["utc_offset"] == "-05:00"
    assert app.snapshots.of("Eve")["local_time"] is None


@pytest.mark.parametrize(
    ("there", "part"),
    [
        ("2026-11-20T05:59", "night"),
        ("2026-11-20T06:00", "morning"),
        ("2026-11-20T09:00", "working_hours"),
        ("2026-11-21T09:00", "weekend"),
        ("2026-11-20T18:00", "evening"),
        ("2026-11-20T22:00", "night"),
    ],
)
def test_parts_of_a_day(there: str, part: str) -> None:
    assert part_of_day(datetime.fromisoformat(there)) == part


def test_a_deleted_contact_is_shown_as_such_by_id_and_full_name(app: App) -> None:
    add(app)
    app.contacts.remove(["c1"])
    for who in ("c1", "ada lovelace"):
        item = app.snapshots.of(who)
        assert item["contact"]["deleted_at"] and item["next"]["command"] == "crm contact restore c1"


@pytest.mark.parametrize("who", ["i1", "f1"])
def test_ids_of_other_records_are_refused_with_the_right_command(app: App, who: str) -> None:
    add(app)
    with pytest.raises(UsageError) as caught:
        app.snapshots.of(who)
    assert f"show {who}" in caught.value.hint


def test_nobody_is_not_found(app: App) -> None:
    with pytest.raises(NotFound):
        app.snapshots.of("c9")


# --- what to do next


def test_next_for_each_state_in_the_order_of_the_rules(app: App) -> None:
    add(app)
    assert rule(app) == "unreachable"
    app.contacts.edit("c1", {**REACHABLE, "lifecycle_stage": "lead"})
    assert rule(app) == "lead_untouched"
    promise(app, "2026-12-24T09:00:00Z")
    log(app, "outbound", "2026-08-20T09:00:00Z")
    assert rule(app) == "silent"
    log(app, "outbound", "2026-11-18T09:00:00Z")
    assert rule(app) == "planned"
    promise(app, "2026-11-22T09:00:00Z")
    assert rule(app) == "followup_due"
    log(app, "inbound", "2026-11-19T09:00:00Z")
    assert rule(app) == "reply_owed"
    promise(app, "2026-11-20T09:00:00Z", "Send the offer")
    step = app.snapshots.of("c1")["next"]
    assert step == {
        "rule": "followup_overdue", "action": "Send the offer", "reason": "f3 is overdue since 09:00",
        "command": "crm followup done f3",
    }  # fmt: skip
    app.contacts.edit("c1", {"do_not_contact": True})
    assert rule(app) == "do_not_contact" and app.snapshots.of("c1")["next"]["command"] is None


def test_next_is_to_plan_when_nothing_is(app: App) -> None:
    add(app, **REACHABLE)
    step = app.snapshots.of("c1")["next"]
    assert step["rule"] == "nothing_planned" and step["command"] == 'crm followup add c1 "Call" --due +1w'


def test_silence_is_measured_by_the_customers_own_habit(app: App) -> None:
    add(app, **REACHABLE)
    for day in ("01", "06", "11", "16", "21"):
        log(app, "outbound", f"2026-10-{day}T09:00:00Z", outcome="connected")
    step = app.snapshots.of("c1")["next"]
    assert step["rule"] == "silent" and "every 5 days" in step["reason"]


def test_a_former_customer_is_left_in_peace(app: App) -> None:
    add(app, lifecycle_stage="former", **REACHABLE)
    log(app, "outbound", "2024-10-21T09:00:00Z", outcome="connected")
    assert rule(app) == "nothing"


def test_an_answer_is_not_owed_when_we_wrote_last(app: App) -> None:
    add(app, **REACHABLE)
    log(app, "inbound", "2026-11-18T09:00:00Z", channel="web_form")
    step = app.snapshots.of("c1")["next"]
    assert step["reason"] == "their request (2 days ago) is unanswered"
    assert step["command"] == "crm log out c1 --channel email"
    opened = {"subject": "Wheel", "contact_id": 1, "opened_at": "2026-11-18T09:00:00Z", "status": "open"}
    for number in (1, 2):
        with app.writing() as gate:
            gate.insert("support_case", opened)
        # What is said answers the only open case, too; of several nobody knows which.
        told = app.snapshots.of("c1")["next"]["command"]
        assert told.endswith("--channel email --case cs1" if number == 1 else "--channel email")
    app.casesteps.resolve(["cs1", "cs2"], {"no_aftercare": True})
    log(app, "outbound", "2026-11-18T10:00:00Z")
    assert rule(app) == "nothing_planned"


def test_a_whole_day_elsewhere_is_the_same_day_here(app: App) -> None:
    add(app, **REACHABLE)
    app.followups.add("c1", "Call", {"due": "today", "timezone": "Asia/Tokyo"})
    item = app.snapshots.of("c1")
    assert (item["followups"][0]["timezone"], item["followups"][0]["overdue"]) == ("Asia/Tokyo", False)
    assert (item["next"]["rule"], item["next"]["reason"]) == ("followup_due", "f1 is due today")


def test_a_late_answer_is_asked_for_again(app: App) -> None:
    add(app, **REACHABLE)
    log(app, "outbound", "2026-11-13T09:00:00Z")
    step = app.snapshots.of("c1")["next"]
    assert (step["rule"], step["action"]) == ("waiting", "ask Ada Lovelace again")
    assert (step["reason"], step["command"]) == ("no answer for 7 days", "crm log out c1 --channel call")
    for month in ("05", "06", "07"):
        log(app, "outbound", f"2026-{month}-01T09:00:00Z")
        log(app, "inbound", f"2026-{month}-03T09:00:00Z")
    assert app.snapshots.of("c1")["next"]["reason"] == "no answer for 7 days; usually one comes within 2 days"
    promise(app, "2026-11-22T09:00:00Z")
    assert rule(app) == "followup_due"
    app.followups.cancel(["f1"])
    app.contacts.edit("c1", {"lifecycle_stage": "former"})
    assert rule(app) == "nothing"


def test_an_attempt_leaves_the_answer_owed_and_shows_since_when(app: App) -> None:
    add(app, **REACHABLE)
    log(app, "inbound", "2026-11-18T10:00:00Z")
    log(app, "outbound", "2026-11-19T10:00:00Z", channel="call", outcome="no_answer")
    item = app.snapshots.of("c1", limit=1)  # further back than the timeline goes
    assert (item["balance"]["owes"], item["balance"]["owed_seconds"]) == ("us", 2 * 86_400)
    assert item["last_outbound"]["outcome"] == "no_answer"
    assert item["next"]["rule"] == "reply_owed"

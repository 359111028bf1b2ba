"""Follow-ups that repeat: what is planned when one is closed, moved, skipped, cancelled or opened again."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel import recurrence
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.errors import UsageError
from crmcli.services.recurring import Recurring


@pytest.fixture
def ada(app: App) -> str:
    """A contact."""
    return str(app.contacts.add("Ada Lovelace", {})["id"])


def plan(app: App, every: str, due: str | None = None, **more: Any) -> dict[str, Any]:
    return app.followups.add("c1", "Call", {"every": every, **({"due": due} if due else {}), **more})


def at(app: App, moment: str) -> None:
    """Let it be another moment from now on."""
    app._clock = Clock(instant(moment), app.clock.zone_name)


def close(app: App, which: str, **given: Any) -> dict[str, Any] | None:
    """Close one as done; returns the next one, if one was planned."""
    done, *others = app.followups.done([which], given)
    assert done["status"] == "done"
    return others[0] if others else None


def told(app: App) -> list[str]:
    """What was noted since the last time."""
    notes, app.notes = app.notes, []
    return notes


# --- the first one


@pytest.mark.parametrize(
    ("every", "due", "stored", "occurs_on", "rule"),
    [
        ("monday", None, "2026-11-23T00:00:00Z", "2026-11-23", "FREQ=WEEKLY;BYDAY=MO"),
        ("daily", None, "2026-11-20T00:00:00Z", "2026-11-20", "FREQ=DAILY"),
        ("monthly on the 1st", None, "2026-12-01T00:00:00Z", "2026-12-01", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("weekly", "wed 9am", "2026-11-25T09:00:00Z", "2026-11-25", "FREQ=WEEKLY;BYDAY=WE"),
        ("monthly", "2027-01-31", "2027-01-31T00:00:00Z", "2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("6 weeks after done", "+6w", "2027-01-01T00:00:00Z", "2027-01-01", "FREQ=WEEKLY;INTERVAL=6"),
    ],
)
def test_the_first(app: App, ada: str, every: str, due: str | None, stored: str, occurs_on: str, rule: str) -> None:
    record = plan(app, every, due)
    assert (record["due_at"], record["occurs_on"], record["recurrence"]["rule"]) == (stored, occurs_on, rule)
    assert record["series"] == record["uid"]
    assert app.followups.get(1) == record


def test_a_first_day_off_the_rule_is_said(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {})
    plan(app_sqlite, "monday", "wed")
    assert told(app_sqlite) == ["2026-11-25 is no day of 'every Monday'; the next will be 2026-11-30"]
    following = close(app_sqlite, "f1")
    assert following is not None
    assert following["occurs_on"] == "2026-11-30"


@pytest.mark.parametrize(
    "given",
    [
        {"every": "mnday"},
        {"every": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"},
        {"every": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "due": "tomorrow"},
        {"every": "monday until 2026-11-01"},
        {"every": "none"},
        {"every": "monday", "timezone": "Nowhere/Land"},
        {"workdays": "DE"},
    ],
)
def test_what_cannot_be_understood_plans_nothing(app_sqlite: App, given: dict[str, str]) -> None:
    app_sqlite.contacts.add("Ada", {})
    with pytest.raises(UsageError):
        app_sqlite.followups.add("c1", "Call", given)
    assert app_sqlite.followups.page(all_states=True).items == []


# --- the next one


def test_done_plans_the_next_with_all_that_the_series_has(app: App, ada: str) -> None:
    app.users.add("bob", {})
    app.interactions.log("in", [ada], "Asked", {"followup": "mon 9:00", "every": "monday", "followup_subject": "Call"})
    app.followups.edit("f1", {"priority": "high", "owner": "bob", "note": "By phone", "channel": "call"})
    first = app.followups.get(1)
    second = close(app, "f1", note="Fine")
    assert second is not None
    same = ("subject", "note", "channel", "priority", "owner", "contact", "timezone", "series", "interaction_id")
    assert {name: second[name] for name in same} == {name: first[name] for name in same}
    assert second["recurrence"] == first["recurrence"]
    assert (second["due_at"], second["occurs_on"]) == ("2026-11-30T09:00:00Z", "2026-11-30")
    assert (second["first_due_at"], second["snooze_count"]) == (second["due_at"], 0)
    assert app.followups.get(1)["outcome_note"] == "Fine"
    assert [item["id"] for item in app.followups.page("recurs:yes").items] == ["f2"]
    everything = app.followups.page(f"series:{first['uid']}", all_states=True).items
    assert [item["id"] for item in everything] == ["f1", "f2"]


@pytest.mark.parametrize(
    ("every", "due", "done_at", "following"),
    [
        ("monday", "mon", "2026-11-20T10:00:00Z", "2026-11-30T00:00:00Z"),  # early
        ("monday", "mon", "2026-11-25T10:00:00Z", "2026-11-30T00:00:00Z"),  # late
        ("monday", "mon", "2026-11-30T10:00:00Z", "2026-11-30T00:00:00Z"),  # so late that the next is today
        ("monday", "mon", "2027-03-05T10:00:00Z", "2027-03-08T00:00:00Z"),  # what was missed is not made up for
        ("daily", "today", "2026-11-20T10:00:00Z", "2026-11-21T00:00:00Z"),
        ("daily", "2026-11-20 9:00", "2026-11-22T08:59:59Z", "2026-11-22T09:00:00Z"),
        ("daily", "2026-11-20 9:00", "2026-11-22T09:00:00Z", "2026-11-23T09:00:00Z"),  # 9:00 has come
        ("every 10 days", "today", "2026-12-01T10:00:00Z", "2026-12-10T00:00:00Z"),
        ("every 2 weeks on friday", "fri", "2026-12-12T10:00:00Z", "2026-12-25T00:00:00Z"),
        ("every 10 days after done", "today", "2026-11-25T10:00:00Z", "2026-12-05T00:00:00Z"),
        ("every 10 days after done", "2026-12-24", "2026-11-20T10:00:00Z", "2026-11-30T00:00:00Z"),
        ("every 3 months after done", "today", "2026-11-30T10:00:00Z", "2027-02-28T00:00:00Z"),
    ],
)
def test_when_the_next_is_due(app_sqlite: App, every: str, due: str, done_at: str, following: str) -> None:
    app_sqlite.contacts.add("Ada", {})
    plan(app_sqlite, every, due)
    at(app_sqlite, done_at)
    found = close(app_sqlite, "f1")
    assert found is not None
    assert found["due_at"] == following


def test_a_logged_contact_of_another_day_is_when_it_was_done(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {})
    plan(app_sqlite, "10 days after done", "2026-11-10")
    found = close(app_sqlite, "f1", log="out", at="2026-11-18 16:00", note="Called")
    assert found is not None
    assert found["due_at"] == "2026-11-28T00:00:00Z"


def test_what_was_logged_is_the_one_before_the_first(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {})
    for number, (every, due) in enumerate(
        [("6 weeks after done", "2027-01-01"), ("weekly", "2026-11-27"), ("friday", "2026-11-27")], 1
    ):
        app_sqlite.interactions.log("out", ["c1"], "Called", {"every": every})
        assert app_sqlite.followups.get(number)["occurs_on"] == due


def test_times_and_dates_end_a_series(app: App, ada: str) -> None:
    plan(app, "daily 2 times")
    plan(app, "daily until 2026-11-21")
    for first, second in (("f1", "f3"), ("f2", "f4")):
        told(app)
        following = close(app, first)
        assert following is not None
        assert following["id"] == second
        assert told(app) == []
        assert close(app, second) is None
        (note,) = told(app)
        assert note.startswith(f"{second} was the last one: every day ")


def test_several_at_once(app: App, ada: str) -> None:
    plan(app, "monday")
    plan(app, "tuesday")
    app.followups.add(ada, "Once", {"due": "+1d"})
    found = app.followups.done(["f1", "f2", "f3"], {})
    assert [item["id"] for item in found] == ["f1", "f4", "f2", "f5", "f3"]


def test_next_by_hand_is_refused_and_nothing_is_closed(app: App, ada: str) -> None:
    plan(app, "monday")
    with pytest.raises(UsageError, match="repeats every Monday"):
        app.followups.done(["f1"], {"next": "+1w"})
    assert app.followups.get(1)["status"] == "open"


def test_closed_by_two_at_once_it_is_planned_once(app: App, ada: str) -> None:
    plan(app, "monday")
    close(app, "f1")
    with pytest.raises(UsageError, match="f1 is done already"):
        app.followups.done(["f1"], {})
    assert len(app.followups.page(all_states=True).items) == 2


# --- moved, skipped, cancelled, opened again


def test_snoozing_moves_one_occurrence_alone(app: App, ada: str) -> None:
    plan(app, "monday", "mon 9:00", timezone="Europe/Berlin")
    app.followups.snooze(["f1"], "wed")
    moved = app.followups.snooze(["f1"], "thu 15:00", timezone="Asia/Tokyo")[0]
    assert (moved["occurs_on"], moved["due_at"]) == ("2026-11-23", "2026-11-26T06:00:00Z")
    following = close(app, "f1")
    assert following is not None
    assert (following["due_at"], following["timezone"]) == ("2026-11-30T08:00:00Z", "Europe/Berlin")
    assert not following["all_day"]


def test_a_snooze_that_was_taken_back_leaves_no_trace(app: App, ada: str) -> None:
    plan(app, "monday", "mon 9:00")
    app.followups.snooze(["f1"], "wed")
    app.history.undo()
    app.followups.snooze(["f1"], "thu 16:00")
    following = close(app, "f1")
    assert following is not None
    assert following["due_at"] == "2026-11-30T09:00:00Z"


def test_a_new_date_moves_one_and_a_new_time_counts_from_now_on(app: App, ada: str) -> None:
    plan(app, "monday", "mon 9:00")
    app.followups.snooze(["f1"], "tue 8:00")
    record, _ = app.followups.edit("f1", {"due": "wed 15:30"})
    assert record["occurs_on"] == "2026-11-23"
    following = close(app, "f1")
    assert following is not None
    assert following["due_at"] == "2026-11-30T15:30:00Z"


def test_skip_leaves_one_out(app: App, ada: str) -> None:
    plan(app, "monday")
    skipped, following = app.followups.skip(["f1"])
    assert (skipped["status"], skipped["outcome_note"]) == ("cancelled", "skipped")
    assert (following["id"], following["occurs_on"]) == ("f2", "2026-11-30")
    app.followups.add(ada, "Once", {"due": "+1d"})
    with pytest.raises(UsageError, match="f3 does not repeat"):
        app.followups.skip(["f2", "f3"])
    assert app.followups.get(2)["status"] == "open"


def test_cancel_ends_the_series_and_says_so(app: App, ada: str) -> None:
    plan(app, "monday")
    assert [item["id"] for item in app.followups.cancel(["f1"])] == ["f1"]
    assert told(app) == [
        "f1: it repeated every Monday and does so no more; to leave out one alone: crm followup skip ID"
    ]
    assert app.followups.page().items == []
    app.followups.reopen(["f1"])
    following = close(app, "f1")
    assert following is not None
    assert following["occurs_on"] == "2026-11-30"


def test_one_that_is_opened_again_is_not_followed_twice(app: App, ada: str) -> None:
    plan(app, "monday")
    close(app, "f1")
    app.followups.reopen(["f1"])
    assert close(app, "f1") is None
    assert told(app) == ["f1 was followed by f2 already, and nothing more is planned"]
    app.followups.reopen(["f1"])
    app.followups.cancel(["f1"])
    assert told(app) == []  # f2 goes on
    following = close(app, "f2")
    assert following is not None
    assert following["id"] == "f3"


def test_undo_takes_back_closing_and_planning_together(app: App, ada: str) -> None:
    before = plan(app, "monday")
    close(app, "f1")
    app.history.undo()
    assert app.followups.page(all_states=True).items == [before]
    following = close(app, "f1")
    assert following is not None
    assert following["occurs_on"] == "2026-11-30"


# --- another rule


def test_a_new_rule_counts_from_now_on(app: App, ada: str) -> None:
    plan(app, "monday")
    close(app, "f1")
    record, changed = app.followups.edit("f2", {"every": "monthly on the 1st"})
    assert changed
    assert record["recurrence"]["words"] == "every month on the 1st"
    assert (record["due_at"], record["occurs_on"]) == ("2026-11-30T00:00:00Z", "2026-11-30")
    following = close(app, "f2")
    assert following is not None
    assert following["occurs_on"] == "2026-12-01"
    record, _ = app.followups.edit("f3", {"due": "2026-12-24", "every": "yearly"})
    assert (record["occurs_on"], record["recurrence"]["words"]) == ("2026-12-24", "every year on 24 December")
    assert record["series"] == app.followups.get(1)["uid"]


def test_one_that_did_not_repeat_may_begin_to_and_end(app: App, ada: str) -> None:
    app.followups.add(ada, "Call", {"due": "2026-11-24"})
    record, _ = app.followups.edit("f1", {"every": "weekly"})
    assert (record["recurrence"]["words"], record["occurs_on"]) == ("every Tuesday", "2026-11-24")
    assert record["series"] == record["uid"]
    record, _ = app.followups.edit("f1", {"every": "none"})
    assert record["recurrence"] is None
    assert close(app, "f1") is None
    with pytest.raises(UsageError, match="f1 does not repeat"):
        app.followups.edit("f1", {"every": "none"})


def test_history_lists_the_series_with_how_each_ended(app: App, ada: str) -> None:
    plan(app, "monday")
    close(app, "f1", note="Reached her")
    app.followups.skip(["f2"])
    listed = app.followups.occurrences("f3").items
    assert [(item["id"], item["occurs_on"], item["status"], item["outcome_note"]) for item in listed] == [
        ("f1", "2026-11-23", "done", "Reached her"),
        ("f2", "2026-11-30", "cancelled", "skipped"),
        ("f3", "2026-12-07", "open", None),
    ]


# --- laws


@pytest.fixture
def recurring(app_sqlite: App) -> Recurring:
    """The service alone."""
    return app_sqlite.recurring


@settings(max_examples=40)
@given(
    every=st.sampled_from(
        ["monday", "2 weeks on friday", "monthly on the 31st", "monthly on the 30th", "every 10 days"]
    ),
    wall=st.sampled_from(["", " 02:30", " 09:00"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"]),
    lateness=st.lists(st.integers(-9, 9), min_size=4, max_size=12),
)
def test_five_years_of_late_and_early_do_not_drift(
    recurring: Recurring, every: str, wall: str, zone: str, lateness: list[int]
) -> None:
    """Each occurrence is one of the days that the rule alone gives, at the same time of day."""
    app = recurring.app
    at(app, "2026-11-20T00:00:00Z")
    due = recurring.app.followups._due(f"2026-11-27{wall}", zone)
    row: dict[str, Any] = {**due, **recurring.begin({"every": every}, due, zone, "u"), "snooze_count": 0, "id": 1}
    begin = date.fromisoformat(row["occurs_on"])
    by_rule, number = {begin}, 0

    for day in recurrence.following(row["recurrence"], begin):
        if day > begin + timedelta(days=365 * 6):
            break
        by_rule.add(day)
    while (last := date.fromisoformat(row["occurs_on"])) < begin + timedelta(days=365 * 5):
        done = max(instant(row["due_at"]) + timedelta(days=lateness[number % len(lateness)]), app.clock.now())
        app._clock = Clock(done)
        planned = recurring._next(row, row["recurrence"], row["due_at"])
        assert planned is not None
        day, columns, _ = planned
        assert day > last
        assert day in by_rule
        local = Clock(zone_name=zone).local(instant(columns["due_at"]))
        assert local.date() == day
        hours = {"": 0, " 02:30": 2, " 09:00": 9}[wall]
        assert local.hour == hours or (wall == " 02:30" and local.hour == 3)  # the clocks went forward
        assert columns["all_day"] == (not wall)
        row, number = {**row, **columns, "occurs_on": day.isoformat()}, number + 1
    assert number >= 40

"""Follow-ups: when they are due, and what becomes of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import Ambiguous, CrmError, NotFound, UsageError
from crmcli.store import due

HOSTILE = [
    "[/x]",
    "\x1b[31mred\x1b]0;title\x07",
    "-rf",
    ":smile:",
    "=1+1",
    "a\nb\tc",
    "\u202ereversed",
    "'; drop table",
]


@pytest.fixture
def ada(app: App) -> str:
    """A contact."""
    return str(app.contacts.add("Ada Lovelace", {})["id"])


def plan(app: App, who: str, when: str = "+3d", subject: str = "Call", **more: Any) -> dict[str, Any]:
    return app.followups.add(who, subject, {"due": when, **more})


def test_a_record_has_the_fields_of_the_contract(app: App, ada: str) -> None:
    record = plan(app, ada, "+3d", "Call about the offer", priority="high", channel="call", note="Ask\nfor Bob")
    uid = record.pop("uid")
    assert len(uid) == 36
    assert record == {
        "id": "f1",
        "subject": "Call about the offer",
        "note": "Ask\nfor Bob",
        "channel": "call",
        "due_at": "2026-11-23T00:00:00Z",
        "all_day": True,
        "timezone": "UTC",
        "status": "open",
        "priority": "high",
        "owner": "ada",
        "contact": {"id": "c1", "display_name": "Ada Lovelace"},
        "company": None,
        "do_not_contact": False,
        "overdue": False,
        "snooze_count": 0,
        "first_due_at": "2026-11-23T00:00:00Z",
        "closed_at": None,
        "outcome_note": None,
        "interaction_id": None,
        "closing_interaction_id": None,
        "deal_id": None,
        "order_id": None,
        "case_id": None,
        "recurrence": None,
        "series": None,
        "occurs_on": None,
        "created_at": "2026-11-20T10:00:00Z",
        "updated_at": "2026-11-20T10:00:00Z",
    }


def test_one_may_be_about_a_company(app: App) -> None:
    app.companies.add("Analytical Engines", {})
    record = plan(app, "analytical")
    assert record["contact"] is None
    assert record["company"] == {"id": "co1", "name": "Analytical Engines"}


@pytest.mark.parametrize(
    ("zone", "text", "stored", "all_day", "told"),
    [
        ("UTC", "tomorrow", "2026-11-21T00:00:00Z", True, "Sat 21 Nov 2026 UTC"),
        ("UTC", "next tue 3pm", "2026-11-24T15:00:00Z", False, "Tue 24 Nov 2026 15:00 UTC"),
        ("UTC", "+4h", "2026-11-20T14:00:00Z", False, "Fri 20 Nov 2026 14:00 UTC"),
        ("Europe/Vienna", "next tue 3pm", "2026-11-24T14:00:00Z", False, "Tue 24 Nov 2026 15:00 Europe/Vienna"),
        ("Europe/Vienna", "2027-03-28", "2027-03-27T23:00:00Z", True, "Sun 28 Mar 2027 Europe/Vienna"),
        ("Europe/Vienna", "2027-03-28 02:30", "2027-03-28T01:30:00Z", False, "Sun 28 Mar 2027 03:30 Europe/Vienna"),
        ("Europe/Vienna", "2027-03-28 12:00", "2027-03-28T10:00:00Z", False, "Sun 28 Mar 2027 12:00 Europe/Vienna"),
        ("Europe/Vienna", "2027-10-31 02:30", "2027-10-31T00:30:00Z", False, "Sun 31 Oct 2027 02:30 Europe/Vienna"),
        ("America/New_York", "eom", "2026-11-30T05:00:00Z", True, "Mon 30 Nov 2026 America/New_York"),
        ("Asia/Tokyo", "today", "2026-11-19T15:00:00Z", True, "Fri 20 Nov 2026 Asia/Tokyo"),
        ("Pacific/Kiritimati", "today 9:00", "2026-11-20T19:00:00Z", False, "Sat 21 Nov 2026 09:00 Pacific/Kiritimati"),
    ],
)
def test_when_it_is_due(app: App, ada: str, zone: str, text: str, stored: str, all_day: bool, told: str) -> None:
    record = plan(app, ada, text, timezone=zone)
    assert (record["due_at"], record["all_day"], record["timezone"]) == (stored, all_day, zone)
    assert app.followups.due_text(record) == told


def test_a_change_of_clocks_and_a_past_date_are_noted(app: App, ada: str) -> None:
    plan(app, ada, "2027-03-28 02:30", timezone="Europe/Vienna")
    assert app.notes == ["02:30 does not exist on 2027-03-28 in Europe/Vienna; 03:30 is meant"]
    assert plan(app, ada, "yesterday")["overdue"]
    assert app.notes[1] == "Thu 19 Nov 2026 UTC has passed: it is overdue already"
    assert not plan(app, ada, "today")["overdue"]
    assert len(app.notes) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "a follow-up needs a date"),
        ({"due": "2026-02-30"}, "there is no 2026-02-30"),
        ({"due": "soon"}, "soon"),
        ({"due": "+1d", "priority": "hihg"}, "'hihg' is not a priority"),
        ({"due": "+1d", "channel": "pigeon"}, "'pigeon' is not a channel"),
        ({"due": "+1d", "owner": "nobody"}, "there is no user 'nobody'"),
        ({"due": "+1d", "timezone": "Europe/Wien"}, "there is no time zone"),
    ],
)
def test_what_cannot_be_understood_is_refused_whole(app: App, ada: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(CrmError, match=message):
        app.followups.add(ada, "Call", values)
    assert app.followups.page(all_states=True).items == []


@pytest.mark.parametrize("subject", ["", "  ", "x" * 1001, "NUL \0 inside", "\ud800"])
def test_a_subject_that_cannot_be_kept_is_refused(app: App, ada: str, subject: str) -> None:
    with pytest.raises(UsageError):
        plan(app, ada, subject=subject)


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_hostile_subject_is_kept_whole(app: App, ada: str, subject: str) -> None:
    assert plan(app, ada, subject=subject)["subject"] == subject


# --- changing


def test_edit_puts_right_and_says_whether_anything_differed(app: App, ada: str) -> None:
    plan(app, ada, "2026-11-24 15:00")
    record, changed = app.followups.edit(
        "f1", {"due": "2026-11-25", "priority": "urgent", "subject": "Write", "owner": ""}
    )
    assert changed
    assert (record["due_at"], record["all_day"], record["priority"]) == ("2026-11-25T00:00:00Z", True, "urgent")
    assert (record["subject"], record["owner"], record["first_due_at"]) == ("Write", None, "2026-11-25T00:00:00Z")
    assert not app.followups.edit("f1", {"subject": "Write"})[1]


def test_edit_of_the_zone_alone_keeps_the_time_on_the_clock(app: App, ada: str) -> None:
    plan(app, ada, "2026-11-24 15:00")
    record, _ = app.followups.edit("f1", {"timezone": "Asia/Tokyo"})
    assert record["due_at"] == "2026-11-24T06:00:00Z"
    assert app.followups.due_text(record) == "Tue 24 Nov 2026 15:00 Asia/Tokyo"


def test_done_closes_with_a_note(app: App, ada: str) -> None:
    plan(app, ada)
    (record,) = app.followups.done(["f1"], {"note": "Agreed"})
    assert (record["status"], record["outcome_note"], record["closed_at"]) == ("done", "Agreed", "2026-11-20T10:00:00Z")


def test_done_logs_what_happened_and_plans_the_next_in_one_operation(app: App, ada: str) -> None:
    plan(app, ada, subject="Call", priority="high", channel="call")
    values = {"note": "They want it", "log": "out", "outcome": "connected", "duration": "10m"}
    closed, planned = app.followups.done(["f1"], {**values, "next": "+2w", "next_subject": "Ask again"})
    assert closed["closing_interaction_id"] == "i1"
    logged = app.interactions.find("i1")
    told = ("direction", "channel", "subject", "body", "outcome", "duration")
    assert [logged[name] for name in told] == ["outbound", "call", "Call", "They want it", "connected", 600]
    assert (planned["id"], planned["subject"], planned["status"]) == ("f2", "Ask again", "open")
    assert (planned["priority"], planned["channel"], planned["owner"]) == ("high", "call", "ada")
    assert planned["due_at"] == "2026-12-04T00:00:00Z"
    operations = app.store.value(
        "SELECT count(DISTINCT operation_id) AS n FROM change WHERE row_id = 1 AND after LIKE '%done%'"
    )
    assert operations == 1


def test_the_next_one_has_the_same_subject_and_owner(app: App, ada: str) -> None:
    plan(app, ada, owner="")
    planned = app.followups.done(["f1"], {"next": "+2w"})[1]
    assert (planned["subject"], planned["owner"]) == ("Call", None)


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"outcome": "connected"}, "--log in or --log out"),
        ({"next_subject": "Again"}, "--next"),
        ({"next": "2026-02-30"}, "28 days"),
        ({"log": "sideways"}, "inbound"),
        ({"log": "out", "at": "tomorrow"}, "follow-up"),
    ],
)
def test_done_that_cannot_be_understood_changes_nothing(app: App, ada: str, values: dict[str, Any], hint: str) -> None:
    plan(app, ada)
    plan(app, ada)
    with pytest.raises(UsageError) as caught:
        app.followups.done(["f1", "f2"], values)
    assert hint in caught.value.hint
    assert [item["status"] for item in app.followups.page(all_states=True).items] == ["open", "open"]
    assert app.interactions.page("", sort="-at", limit=None).items == []


def test_what_is_closed_is_closed_once(app: App, ada: str) -> None:
    plan(app, ada)
    plan(app, ada)
    app.followups.cancel(["f1"], "not wanted")
    for change in (
        lambda: app.followups.done(["f2", "f1"], {}),
        lambda: app.followups.cancel(["f2", "f1"]),
        lambda: app.followups.snooze(["f2", "f1"], "+1d"),
    ):
        with pytest.raises(UsageError, match="f1 is cancelled already"):
            change()
    assert app.followups.find("f2")["status"] == "open"


def test_reopen_takes_the_closing_back(app: App, ada: str) -> None:
    before = plan(app, ada)
    app.followups.done(["f1"], {"note": "Agreed", "log": "in"})
    assert app.followups.reopen(["f1"]) == [before]
    with pytest.raises(UsageError, match="f1 is open"):
        app.followups.reopen(["f1"])
    with pytest.raises(UsageError, match="not the id of a follow-up"):
        app.followups.reopen(["ada"])


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["+1d", "+3h", "next mon", "tomorrow 9:00", "eoy", "yesterday"]), min_size=1, max_size=5)
)
def test_snoozing_keeps_when_it_was_due_at_first(app: App, whens: list[str]) -> None:
    if not app.contacts.page().items:
        app.contacts.add("Ada Lovelace", {})
    first = plan(app, "c1", "2026-11-24 15:00")
    for number, when in enumerate(whens, 1):
        (record,) = app.followups.snooze([first["id"]], when)
        assert record["first_due_at"] == first["due_at"]
        assert record["snooze_count"] == number
        assert record["due_at"] == plan(app, "c1", when)["due_at"]


def test_snoozing_to_an_earlier_day_is_told(app: App, ada: str) -> None:
    late, soon = plan(app, ada, "2027-01-04 09:00"), plan(app, ada, "today")
    app.notes.clear()
    app.followups.snooze([late["id"], soon["id"]], "+1d")
    assert app.notes == ["f1 comes earlier now: it was due Mon 4 Jan 2027 09:00 UTC; crm undo takes it back"]


# --- which one


def test_a_name_means_the_only_open_one(app: App, ada: str) -> None:
    with pytest.raises(NotFound, match="no open follow-up about Ada Lovelace"):
        app.followups.find("ada")
    plan(app, ada, subject="Old")
    app.followups.done(["ada"], {})
    plan(app, ada, subject="New")
    assert app.followups.find("lovelace")["subject"] == "New"
    plan(app, ada, "tomorrow", subject="Other")
    with pytest.raises(Ambiguous) as caught:
        app.followups.done(["ada"], {})
    assert caught.value.candidates == (("f3", "Sat 21 Nov 2026 UTC: Other"), ("f2", "Mon 23 Nov 2026 UTC: New"))


def test_an_unknown_id_is_not_found(app: App, ada: str) -> None:
    with pytest.raises(NotFound, match="there is no follow-up f7"):
        app.followups.find("f7")


# --- lists


@pytest.fixture
def several(app: App, ada: str) -> App:
    """Follow-ups of every kind."""
    app.companies.add("Analytical Engines", {"tag": ["vip"]})
    app.contacts.add("Bob Müller", {"company": ["Analytical Engines"], "lifecycle_stage": "lead"})
    app.users.add("bob", {})
    plan(app, "c1", "+3d", "Call about the offer", priority="high", note="the red engine")
    plan(app, "c2", "yesterday 9:00", "Send the contract", priority="urgent", channel="email")
    plan(app, "co1", "today", "Invoice", owner="bob", priority="low")
    plan(app, "c1", "-2w", "Old promise")
    app.followups.done(["f4"], {"note": "kept"})
    return app


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "f2 f3 f1"),
        ("status:done", "f4"),
        ("closed:today", "f4"),
        ("overdue:yes", "f2"),
        ("overdue:no", "f3 f1"),
        ("due<today", "f2"),
        ("due>today due<=+3d", "f1"),
        ("priority:high,urgent", "f2 f1"),
        ("owner:me", "f2 f1"),
        ("owner:bob", "f3"),
        ("channel:none", "f3 f1"),
        ("subject~contract", "f2"),
        ("note~engine", "f1"),
        ("who~muller", "f2"),
        ("who:'analytical engines'", "f3"),
        ("contact:c1", "f1"),
        ("contact:none", "f3"),
        ("company:co1", "f2 f3"),
        ("tag:vip", "f3"),
        ("contact.stage:lead", "f2"),
        ("contact.company~analytical", "f2"),
        ("company.tag:vip or contact.stage:none", "f3 f1"),
        ("offer", "f1"),
        ("muller", "f2"),
        ("analytical or red", "f3 f1"),
        ("not ada", "f2 f3"),
        ("snoozed:0 all_day:yes", "f3 f1"),
        ("created:today", "f2 f3 f1"),
        ("id:f1,f3", "f3 f1"),
    ],
)
@pytest.mark.parametrize("limit", [None, 10])
def test_filters(several: App, text: str, ids: str, limit: int | None) -> None:
    assert [item["id"] for item in several.followups.page(text, limit=limit).items] == ids.split()


def test_an_unknown_field_is_refused_with_the_nearest(several: App) -> None:
    with pytest.raises(UsageError) as caught:
        several.followups.page("prioritty:high")
    assert "did you mean priority?" in caught.value.hint
    with pytest.raises(UsageError, match=r"unknown field 'contact\.nothing'"):
        several.followups.page("contact.nothing:1")


@pytest.mark.parametrize(
    ("sort", "ids"),
    [("due", "f4 f2 f3 f1"), ("-due", "f1 f3 f2 f4"), ("priority", "f2 f1 f4 f3"), ("-created", "f4 f3 f2 f1")],
)
@pytest.mark.parametrize("limit", [None, 10])
def test_orders(several: App, sort: str, ids: str, limit: int | None) -> None:
    found = several.followups.page(sort=sort, limit=limit, all_states=True).items
    assert [item["id"] for item in found] == ids.split()
    still_open = [one for one in ids.split() if one != "f4"]
    assert [item["id"] for item in several.followups.page(sort=sort, limit=limit).items] == still_open


def test_a_page_says_that_there_is_more(several: App) -> None:
    page = several.followups.page(limit=2)
    assert ([item["id"] for item in page.items], page.more) == (["f2", "f3"], True)
    assert not several.followups.page(limit=3).more


def test_nothing_is_listed_about_a_deleted_contact(several: App) -> None:
    several.contacts.remove(["c1"])
    assert [item["id"] for item in several.followups.page(limit=5).items] == ["f2", "f3"]
    several.contacts.restore(["c1"])
    assert len(several.followups.page(limit=5).items) == 3


def test_bulk_needs_a_filter(several: App) -> None:
    assert several.followups.matching("owner:me") == ["f2", "f1"]
    with pytest.raises(UsageError, match="every follow-up"):
        several.followups.matching(" ")


# --- when a day is over


@pytest.mark.parametrize(
    ("zone", "now", "due_at", "all_day", "bucket"),
    [
        ("UTC", "2026-11-20T10:00:00", "2026-11-20T10:00:00Z", 0, "today"),
        ("UTC", "2026-11-20T10:00:01", "2026-11-20T10:00:00Z", 0, "overdue"),
        ("UTC", "2026-11-20T23:59:59", "2026-11-20T00:00:00Z", 1, "today"),
        ("UTC", "2026-11-21T00:00:00", "2026-11-20T00:00:00Z", 1, "overdue"),
        ("UTC", "2026-11-20T10:00:00", "2026-11-22T23:59:59Z", 0, "week"),
        ("UTC", "2026-11-20T10:00:00", "2026-11-23T00:00:00Z", 1, "later"),
        ("UTC", "2026-11-22T10:00:00", "2026-11-23T00:00:00Z", 1, "later"),
        # Days of 23 and 25 hours
        ("Europe/Vienna", "2027-03-28T21:59:59", "2027-03-27T23:00:00Z", 1, "today"),
        ("Europe/Vienna", "2027-03-28T22:00:00", "2027-03-27T23:00:00Z", 1, "overdue"),
        ("Europe/Vienna", "2027-10-31T22:59:59", "2027-10-30T22:00:00Z", 1, "today"),
        ("Europe/Vienna", "2027-10-31T23:00:00", "2027-10-30T22:00:00Z", 1, "overdue"),
        # A day in New York, seen from Vienna when New York's has not ended
        ("Europe/Vienna", "2026-11-21T02:00:00", "2026-11-20T05:00:00Z", 1, "today"),
        ("Europe/Vienna", "2026-11-21T05:00:00", "2026-11-20T05:00:00Z", 1, "overdue"),
    ],
)
def test_buckets(zone: str, now: str, due_at: str, all_day: int, bucket: str) -> None:
    at = due.horizon(Clock(datetime.fromisoformat(now).replace(tzinfo=UTC), zone))
    assert due.bucket({"due_at": due_at, "all_day": all_day}, at) == bucket


def test_one_about_a_deleted_customer_is_reached_by_its_id_and_says_so(app: App, ada: str) -> None:
    plan(app, ada)
    app.contacts.remove([ada])
    app.notes.clear()
    assert app.followups.find("f1")["subject"] == "Call"
    assert app.notes == ["f1 is about Ada Lovelace (c1), which is deleted"]
    with pytest.raises(NotFound):
        app.followups.find("Ada Lovelace")
    assert app.followups.done(["f1"], {})[0]["status"] == "done"

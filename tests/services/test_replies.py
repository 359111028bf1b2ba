"""Answers owed on either side: what counts, what settles, what is late, and how far it is looked for."""

import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.model.enums import CHANNEL, OUTCOME
from crmcli.services.patience import usual_reply
from crmcli.store import replies
from tests.conftest import Crm

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Said(NamedTuple):
    """A contact: direction, outcome, days ago, channel."""

    direction: str
    outcome: str | None = None
    ago: float = 0
    channel: str = "email"


def came(outcome: str | None = None, ago: float = 10, channel: str = "email") -> Said:
    return Said("inbound", outcome, ago, channel)


def went(outcome: str | None = None, ago: float = 8, channel: str = "email") -> Said:
    return Said("outbound", outcome, ago, channel)


def log(app: App, *entries: Said, contact: int | None = 1, company: int | None = None) -> None:
    """Write contacts as they are given, in one transaction."""
    with app.writing() as gate:
        for entry in entries:
            at = (NOW - entry.ago * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
            values = {"direction": entry.direction, "channel": entry.channel, "occurred_at": at}
            key = gate.insert("interaction", {**values, "outcome": entry.outcome, "body": f"**{entry.channel}**\nmore"})
            part = {"interaction_id": key, "contact_id": contact, "company_id": company}
            gate.insert("participant", {**part, "occurred_at": at, "direction": entry.direction})


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in found]


@pytest.fixture
def ada(app: App) -> App:
    """One contact, of mine."""
    app.contacts.add("Ada Lovelace", {"owner": "me"})
    return app


@pytest.mark.parametrize(
    ("entries", "owed", "waiting"),
    [
        ([], False, False),
        ([came()], True, False),
        ([came("connected")], True, False),
        ([came("unresolved")], True, False),
        ([came("no_answer", channel="call")], True, False),  # they called, and nobody picked up
        ([came("resolved")], False, False),
        ([came("replied")], False, False),
        ([came("held", channel="meeting")], False, False),
        ([came(ago=12), came("resolved", ago=11)], False, False),
        ([came(), went()], False, True),
        ([came(), went("connected", channel="call")], False, False),
        ([came(), went(channel="call")], False, False),  # what was said on the telephone was heard
        ([came(), went("left_voicemail", channel="call")], False, True),
        # What reached nobody is no answer.
        ([came(), went("no_answer", channel="call")], True, False),
        ([came(), went("busy", channel="call")], True, False),
        ([came(), went("wrong_number", channel="call")], True, False),
        ([came(), went("bounced")], True, False),
        ([came(), went("not_held", channel="meeting")], True, False),
        ([came(), went("bounced"), went("no_answer", 7.5, "call"), went(ago=7.2)], False, True),
        ([came("resolved"), went("no_answer", channel="call")], False, False),
        ([went("no_answer", channel="call")], False, False),
        ([went("bounced")], False, False),
        ([Said("internal", None, 1, "note")], False, False),
        ([came(), Said("internal", None, 1, "note")], True, False),
        # An answer is waited for where we wrote.
        *[([went(channel=channel)], False, True) for channel in ("email", "chat", "sms", "social", "post", "web_form")],
        *[([went(channel=channel)], False, False) for channel in ("meeting", "in_person", "self_service", "call")],
        ([went("resolved")], False, False),
        ([went("replied")], False, False),
        ([went("unresolved")], False, True),
        # Seven days, and not a second less.
        ([went(ago=7)], False, False),
        ([went(ago=7 + 1 / 86_400)], False, True),
        # A later attempt puts off asking again, and does not change since when we wait.
        ([went(ago=20), went("no_answer", 2, "call")], False, False),
        ([went(ago=20), went("no_answer", 9, "call")], False, True),
        # Of one second the later logged comes later.
        ([came(ago=8), went(ago=8)], False, True),
        ([went(ago=8), came(ago=8)], True, False),
    ],
)
def test_whose_turn_it_is(ada: App, entries: list[Said], owed: bool, waiting: bool) -> None:
    log(ada, *entries)
    assert (bool(ada.replies.owed().items), bool(ada.replies.waiting().items)) == (owed, waiting)
    # The close-up says the same.
    balance = ada.snapshots.of("c1")["balance"]
    assert (balance["owes"] == "us", balance["overdue_by"] is not None) == (owed, waiting)
    assert bool(ada.agenda.today()["owed"]) == owed


def test_what_is_told_of_a_reply_that_is_owed(ada: App) -> None:
    log(ada, went(ago=30), came(ago=10, channel="chat"), went("no_answer", 3, "call"))
    item = ada.replies.owed().items[0]
    assert item == {
        "id": "c1", "contact": {"id": "c1", "display_name": "Ada Lovelace"}, "company": None, "channel": "chat",
        "subject": "chat", "last_inbound_at": "2026-11-10T10:00:00Z", "last_outbound_at": "2026-11-17T10:00:00Z",
        "waiting": 10 * 86_400, "interaction_id": "i2", "followup_id": None, "owner": "ada",
    }  # fmt: skip


def test_a_follow_up_promised_in_that_very_contact_is_named(ada: App) -> None:
    ada.interactions.log("in", ["c1"], "When?", {"channel": "email", "followup": "+3d"})
    ada.followups.add("c1", "Something else", {"due": "tomorrow"})
    assert ada.replies.owed().items[0]["followup_id"] == "f1"
    ada.followups.cancel(["f1"])
    assert ada.replies.owed().items[0]["followup_id"] is None


def test_what_is_told_of_an_answer_that_is_late(ada: App) -> None:
    for start, hours in ((400, 10), (300, 30), (200, 20), (100, 300)):
        log(ada, went(ago=start), came(ago=start - hours / 24))
    log(ada, went(ago=20, channel="chat"))
    item = ada.replies.waiting().items[0]
    assert (item["channel"], item["waiting"], item["interaction_id"]) == ("chat", 20 * 86_400, "i9")
    assert item["usual_reply"] == 25 * 3600
    assert item["overdue_by"] == 13 * 86_400


def test_a_slow_customer_is_waited_for_as_long_as_usual(ada: App) -> None:
    for start in (200, 150, 100):
        log(ada, went(ago=start), came(ago=start - 12))
    log(ada, went(ago=11))
    assert ada.replies.waiting().items == []
    balance = ada.snapshots.of("c1")["balance"]
    assert (balance["usual_reply"], balance["overdue_by"]) == (12 * 86_400, None)
    log(ada, went(ago=13), contact=add(ada, "Grace"))
    assert ids(ada.replies.waiting().items) == ["c2"]


def add(app: App, name: str, **given: Any) -> int:
    """Add a contact of mine; returns its key."""
    return int(app.contacts.add(name, {"owner": "me", **given})["id"][1:])


@pytest.mark.parametrize(
    ("hours", "usual"),
    [([], None), ([1, 2], None), ([1, 2, 3], 7200), ([5, 1, 3], 10_800), ([1, 2, 4, 8], 10_800)],
)
def test_three_answers_make_a_habit(hours: list[int], usual: int | None) -> None:
    pairs = [("2026-01-01T00:00:00Z", f"2026-01-01T{hour:02}:00:00Z") for hour in hours]
    assert usual_reply(pairs) == usual


def test_only_what_follows_directly_is_an_answer(ada: App) -> None:
    # Each time they answer two days after the second of two messages, with a note between, and then write once more.
    for start in (200, 150, 100):
        log(ada, went(ago=start), went(ago=start - 5), Said("internal", None, start - 6, "note"))
        log(ada, came(ago=start - 7), came(ago=start - 9))
    log(ada, went(ago=10))
    assert ada.replies.waiting().items[0]["usual_reply"] == 2 * 86_400


def test_the_setting_says_how_long_to_wait(crm: Crm, app: App) -> None:
    add(app, "Ada")
    log(app, went(ago=4))
    assert app.replies.waiting().items == []
    app.config["queue.waiting"] = "3d"
    assert ids(app.replies.waiting().items) == ["c1"]
    app.config["queue.waiting"] = "1m"
    assert app.replies.waiting().items == []


def test_days_are_those_of_my_calendar(crm: Crm) -> None:
    """In Berlin the night to 25 October 2026 has an hour more: a day and 24 hours part ways."""
    environ = crm.environ(CRM_NOW="2026-10-26T10:00:00Z", CRM_TIMEZONE="Europe/Berlin")
    app = App(Settings(), environ=environ, command="test")
    add(app, "Ada")
    app.config["queue.waiting"] = "2d"
    now = datetime(2026, 10, 26, 10, tzinfo=UTC)
    log(app, went(ago=(NOW - (now - timedelta(hours=48, minutes=30))) / DAY))
    assert app.replies.waiting().items == []
    log(app, went(ago=(NOW - (now - timedelta(hours=49, minutes=30))) / DAY), contact=add(app, "Grace"))
    assert ids(app.replies.waiting().items) == ["c2"]
    app.close()


def test_the_longest_wait_comes_first_and_the_latest_in_the_agenda(app: App) -> None:
    for ago in (5, 40, 12):
        log(app, came(ago=ago), contact=add(app, f"Waits {ago}"))
    found = app.replies.owed(limit=2)
    assert (ids(found.items), found.total, found.page.more, found.beginning) == (["c2", "c3"], 3, True, None)
    assert ids(app.agenda.today()["owed"]) == ["c1", "c3"]


def test_mine_and_nobodys_and_never_those_left_alone(app: App) -> None:
    app.users.add("bob", {})
    for name, more in (("Mine", {}), ("Bob's", {"owner": "bob"}), ("Nobody's", {"owner": ""})):
        log(app, came(ago=9), contact=add(app, name, **more))
    log(app, came(ago=9), contact=add(app, "Left alone", do_not_contact="yes"))
    log(app, came(ago=9), contact=add(app, "Deleted"))
    app.contacts.remove(["c5"])
    assert ids(app.replies.owed().items) == ["c1", "c3"]
    assert ids(app.replies.owed(everyone=True).items) == ["c1", "c2", "c3"]
    assert ids(app.replies.owed("owner:bob").items) == ["c2"]
    assert ids(app.replies.owed("name~body").items) == ["c3"]


def test_a_company_without_a_person(app: App) -> None:
    app.companies.add("Engines", {"owner": "me"})
    app.contacts.add("Ada", {"owner": "me", "company": ["Engines"]})
    log(app, came(ago=5, channel="web_form"), contact=None, company=1)
    item = app.replies.owed().items[0]
    assert (item["id"], item["contact"], item["company"]) == ("co1", None, {"id": "co1", "name": "Engines"})
    assert app.replies.owed("Engines").items == []
    # An answer to somebody there answers the company; what she asks is told of under her.
    log(app, went(ago=4), contact=1, company=1)
    assert app.replies.owed().items == []
    log(app, came(ago=3), contact=1, company=1)
    assert ids(app.replies.owed().items) == ["c1"]
    app.companies.add("Works", {"owner": "me"})
    log(app, went(ago=9), contact=None, company=2)
    assert ids(app.replies.waiting().items) == ["co2"]


def test_how_far_back(ada: App) -> None:
    log(ada, came(ago=91))
    assert ada.replies.owed().items == [] and ada.replies.any_before("owed")
    assert not ada.replies.any_before("waiting")
    assert ids(ada.replies.owed(since="2026-01-01T00:00:00Z").items) == ["c1"]
    assert not ada.replies.any_before("owed", since="2026-01-01T00:00:00Z")
    log(ada, came("resolved", ago=89))
    assert ada.replies.owed().items == [] and not ada.replies.any_before("owed")


def test_three_weeks_are_not_too_long(ada: App) -> None:
    log(ada, came(ago=21))
    assert ids(ada.replies.owed().items) == ["c1"]


def test_more_than_can_be_looked_at_is_said(app_sqlite: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_sqlite
    for ago in (5, 4, 3, 2):
        log(app, came(ago=ago), contact=add(app, f"Waits {ago}"))
    monkeypatch.setattr(replies, "LOOKED_AT", 2)
    found = app.replies.owed()
    assert (ids(found.items), found.beginning) == (["c3", "c4"], "2026-11-17T10:00:00Z")
    monkeypatch.setattr(replies, "LOOKED_AT", 100)
    rows, beginning = replies.people(app.store, "owed", replies.Asked(None), replies.Span(""), passed=2)
    assert [row["id"] for row in rows] == [4, 3, 2] and beginning == "2026-11-16T10:00:00Z"


# --- against a model

_entry = st.builds(
    Said,
    st.sampled_from(["inbound", "outbound", "internal"]),
    st.sampled_from([None, *OUTCOME, *OUTCOME[1:3], *OUTCOME[4:5], *OUTCOME[7:9]]),  # attempts more often
    st.integers(1, 120 * 24).map(lambda hours: hours / 24),
    st.sampled_from(CHANNEL),
)
_conversations = st.lists(st.lists(_entry, min_size=1, max_size=6), min_size=6, max_size=12)


def model(entries: list[Said]) -> str | None:
    """`owed` or `waiting`, by walking through the conversation."""
    open_for: str | None = None
    gaps, asked, tried, before = [], 0.0, None, None
    for entry in sorted(entries, key=lambda one: -one.ago):
        if entry.direction == "internal":
            continue
        if entry.direction == "inbound":
            open_for = None if entry.outcome in ("replied", "held", "resolved") else "owed"
            asked = entry.ago
            if before is not None and before.direction == "outbound":
                gaps.append(before.ago - entry.ago)
        else:
            tried = entry.ago
            if entry.outcome not in ("no_answer", "busy", "wrong_number", "bounced", "not_held"):
                written = entry.channel in ("email", "chat", "sms", "social", "post", "web_form")
                machine = entry.channel == "call" and entry.outcome == "left_voicemail"
                settled = entry.outcome in ("connected", "replied", "held", "resolved")
                open_for = "waiting" if (written or machine) and not settled else None
        before = entry
    if open_for == "owed":
        return open_for if asked <= 90 else None
    if open_for == "waiting" and tried is not None and tried <= 90:
        usual = median(gaps) if len(gaps) >= 3 else 0.0
        return open_for if tried > max(7.0, usual + 1e-9) else None
    return None


@settings(max_examples=60)
@given(_conversations)
def test_it_is_as_a_model_says(
    crm_sqlite: Crm, sqlite_template: Path, tmp_path: Path, conversations: list[list[Said]]
) -> None:
    # Moments are told apart, so that their order does not depend on when they were logged.
    conversations = [list({entry.ago: entry for entry in entries}.values()) for entries in conversations]
    place = shutil.copy(sqlite_template, tmp_path / f"{uuid4()}.db")
    with closing(App(Settings(), environ=crm_sqlite.environ(CRM_DB=str(place)), command="test")) as app:
        with app.writing():
            for number, entries in enumerate(conversations, 1):
                add(app, f"Person {number}")
                log(app, *entries, contact=number)
        expected = {f"c{number}": model(entries) for number, entries in enumerate(conversations, 1)}
        for name, found in (("owed", app.replies.owed()), ("waiting", app.replies.waiting())):
            assert sorted(ids(found.items)) == sorted(key for key, one in expected.items() if one == name)
            moments = [item["waiting"] for item in found.items]
            assert moments == sorted(moments, reverse=True)

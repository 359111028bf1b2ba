"""Messages and meetings as logged contacts."""

import base64
import json
from typing import Any
from unittest import mock

import pytest

from crmcli.app import App
from crmcli.importers.base import Draft
from tests.services.importing.drafts import WHEN, kinds, land, landed, message, person, plan


@pytest.fixture(autouse=True)
def ada(app: App) -> None:
    """Ada of Analytical Engines."""
    app.companies.add("Analytical Engines", {"domain": ["engines.example"]})
    app.contacts.add("Ada Lovelace", {"email": [{"value": "ada@engines.example"}]})


def logged(app: App, which: str = "i1") -> dict[str, Any]:
    return app.interactions.find(which)


def test_a_message_is_logged_with_who_took_part_and_its_thread(app: App) -> None:
    draft = message(quoted="> before", in_reply_to="0@x", thread="0@x", outcome="replied")
    (outcome,) = land(app, [draft])
    assert (outcome.kind, outcome.noun, outcome.id) == ("created", "interaction", 1)
    record = logged(app)
    wanted = ("direction", "channel", "occurred_at", "subject", "body", "outcome", "message_id", "thread", "quoted")
    assert {name: record[name] for name in wanted} == {name: draft.values[name] for name in wanted}
    assert record["user"] == "ada"
    assert (record["contact"]["id"], record["company"]["id"]) == ("c1", "co1")
    contact = app.contacts.find("c1")
    assert (contact["last_inbound_at"], contact["last_outbound_at"]) == (WHEN, None)
    assert [hit["id"] for hit in app.find.page("delivery").items] == ["i1"]


def test_it_is_written_as_if_it_were_logged_by_hand(app: App) -> None:
    """The rows and journal entries of many at once are those of one."""
    app.interactions.log(
        "in", ["c1"], "When does it come?", {"channel": "email", "at": WHEN, "subject": "Delivery", "message_id": "x"}
    )
    land(app, [message(message_id="x2", thread=None)])
    strange = {"id", "uid", "message_id", "interaction_id", "row_id", "record_id", "operation_id"}
    for table in ("interaction", "participant", "search_text"):
        by_hand, imported = app.store.rows(f"SELECT * FROM {table} ORDER BY id")
        assert {k: v for k, v in by_hand.items() if k not in strange} == {
            k: v for k, v in imported.items() if k not in strange
        }
    sql = "SELECT table_name, noun, record_id, before, after FROM change WHERE table_name = ? ORDER BY id"
    for table in ("interaction", "participant"):
        by_hand, imported = app.store.rows(sql, [table])
        assert (by_hand["noun"], imported["noun"], imported["record_id"]) == ("interaction", "interaction", 2)
        images = [json.loads(row["after"]) for row in (by_hand, imported)]
        assert images[0].keys() == images[1].keys()


def test_a_message_is_one_however_often_it_comes(app: App) -> None:
    assert kinds(land(app, [message(1), message(2), message(1)])) == ["created", "created", "unchanged"]
    assert kinds(land(app, [message(2), message(3)])) == ["unchanged", "created"]
    app.interactions.remove(["i1"])
    (outcome,) = land(app, [message(1)])
    assert (outcome.kind, outcome.id) == ("unchanged", 1)


def test_one_that_is_known_by_its_uid(app: App) -> None:
    uid = "01a1f866-0d00-79f3-8d1a-06aecdca92dd"
    draft = message(message_id=None, thread=None, uid=uid)
    assert kinds(land(app, [draft, draft])) == ["created", "unchanged"]
    assert kinds(land(app, [draft])) == ["unchanged"]
    assert logged(app)["uid"] == uid


def test_older_ones_are_left_out(app: App) -> None:
    old, new = message(1, occurred_at="2026-11-01T00:00:00Z"), message(2)
    outcomes = land(app, [old, new, old], since="2026-11-10T00:00:00Z")
    assert kinds(outcomes) == ["skipped", "created", "skipped"]
    assert outcomes[0].reason == "it is older than --since"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"people": [person("eve@e.example")]}, "nobody in it is known"),
        ({"people": [], "direction": "internal"}, "nobody but the team took part"),
        ({"left_out": "it is spam"}, "it is spam"),
    ],
)
def test_what_concerns_no_customer_is_skipped(app: App, more: dict[str, Any], reason: str) -> None:
    (outcome,) = land(app, [message(**more)])
    assert (outcome.kind, outcome.reason) == ("skipped", reason)
    assert app.interactions.page().items == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"direction": "sideways"}, "'sideways' is not a direction"),
        ({"channel": None}, "channel is missing"),
        ({"occurred_at": "yesterday"}, "is not a stored instant"),
        ({"occurred_at": "2027-01-01T00:00:00Z"}, "it lies in the future"),
        ({"body": "a\0b"}, "NUL"),
        ({"duration": "long"}, "'long' is not a duration"),
        ({"subject": "x" * 2000}, "subject has 2,000 characters"),
        ({"attachments": [{"name": "a", "media_type": "x/y", "size": 1, "digest": None}]}, "digest is missing"),
        ({"quoted": "\ud800"}, "not UTF-8"),
    ],
)
def test_what_cannot_be_stored_is_rejected_alone(app: App, more: dict[str, Any], words: str) -> None:
    outcomes = land(app, [message(1), message(2, **more), message(3)])
    assert kinds(outcomes) == ["created", "rejected", "created"]
    assert words in outcomes[1].reason
    assert len(app.interactions.page().items) == 2
    assert app.store.value("SELECT count(*) AS n FROM participant") == 2


# --- who took part


def test_several_people_and_one_company_once(app: App) -> None:
    app.contacts.add("Charles Babbage", {"email": [{"value": "Charles@Engines.example"}]})
    people = [person("ADA@engines.example"), person("charles@engines.example", role="cc"), person("x@engines.example")]
    land(app, [message(1, *people)])
    assert [one["id"] for one in logged(app)["participants"]] == ["c1", "c2"]
    assert app.store.rows("SELECT contact_id, company_id FROM participant ORDER BY id") == [
        {"contact_id": 1, "company_id": 1},
        {"contact_id": 2, "company_id": 1},
    ]


def test_somebody_of_a_known_company_is_represented_by_it_and_offered(app: App) -> None:
    outcomes, offered = landed(
        app, [message(1, person("bob@engines.example", "Bob")), message(2, person("bob@engines.example"))]
    )
    assert kinds(outcomes) == ["created", "created"]
    assert offered == {"bob@engines.example": ("Bob", 2)}
    assert [one["id"] for one in logged(app)["participants"]] == ["co1"]


def test_of_people_who_share_an_address_the_one_of_that_name_is_meant(app: App) -> None:
    for name in ("Grace Hopper", "Howard Aiken"):
        app.contacts.add(name, {"email": [{"value": "office@navy.example"}]})
    land(app, [message(1, person("office@navy.example", "Howard AIKEN")), message(2, person("office@navy.example"))])
    assert [logged(app, which)["contact"]["display_name"] for which in ("i1", "i2")] == ["Howard Aiken", "Grace Hopper"]


def test_a_deleted_contact_does_not_come_back(app: App) -> None:
    app.contacts.remove(["c1"])
    app.companies.remove(["co1"])
    assert kinds(land(app, [message()], leads=True)) == ["skipped"]
    assert app.contacts.page().items == []


@pytest.mark.parametrize(
    ("draft", "known"),
    [
        (message(1, person("eve@e.example", "Eve")), ["eve@e.example"]),
        (message(1, person("eve@e.example"), person("cc@e.example", role="cc")), ["eve@e.example"]),
        (message(1, person("eve@e.example", role="to"), direction="outbound"), ["eve@e.example"]),
        (message(1, person("eve@e.example"), automatic=True), []),
        (message(1, person("eve@e.example", role="attendee"), channel="meeting"), ["eve@e.example"]),
        (message(1, person("eve@e.example", role="to"), direction="internal"), []),
    ],
)
def test_people_who_write_or_are_written_to_become_leads(app: App, draft: Draft, known: list[str]) -> None:
    assert list(landed(app, [draft])[1]) == known
    outcomes, offered = landed(app, [draft], leads=True)
    assert (kinds(outcomes), offered) == ((["created"], {}) if known else (["skipped"], {}))
    leads = app.contacts.page("stage:lead").items
    assert [lead["emails"][0]["value"] for lead in leads] == known


def test_a_lead_has_a_name_a_company_and_says_where_it_comes_from(app: App) -> None:
    people = [person("bob.cratchit@engines.example"), person("info@e.example"), person("eve@e.example", "Eve Adams")]
    land(app, [message(number, one) for number, one in enumerate([*people, people[0]], 1)], leads=True)
    found = {one["display_name"]: one for one in app.contacts.page("stage:lead", sort="id").items}
    assert list(found) == ["Bob Cratchit", "info@e.example", "Eve Adams"]
    bob = found["Bob Cratchit"]
    assert (bob["lead_status"], bob["lead_source"], bob["companies"][0]["id"]) == ("new", "email", "co1")
    assert [logged(app, which)["contact"]["id"] for which in ("i1", "i4")] == [bob["id"], bob["id"]]


def test_new_leads_take_the_place_of_the_company_that_stood_for_them(app: App) -> None:
    draft = message(1, person("bob@engines.example", "Bob"))
    land(app, [draft])
    assert kinds(land(app, [draft], leads=True)) == ["updated"]
    assert kinds(land(app, [draft], leads=True)) == ["unchanged"]
    assert logged(app)["contact"]["display_name"] == "Bob"


def test_an_address_that_is_none_makes_no_lead(app: App) -> None:
    assert kinds(land(app, [message(1, person("a b@c.example"))], leads=True)) == ["skipped"]


def test_whose_message_it_is(app: App) -> None:
    app.users.add("grace", {"email": "grace@shop.example"})
    land(
        app,
        [message(1, team=["GRACE@shop.example"]), message(2, team=["nobody@shop.example"]), message(3, user="Grace")],
    )
    assert [logged(app, which)["user"] for which in ("i1", "i2", "i3")] == ["grace", "ada", "grace"]


# --- conversations, attachments, follow-ups


def test_an_answer_that_names_only_what_it_answers_joins_the_conversation(app: App) -> None:
    first = message(1, thread="root@x")
    second = message(2, in_reply_to="1@engines.example", thread="1@engines.example")
    third = message(3, in_reply_to="2@engines.example", thread="2@engines.example")
    land(app, [first, second])
    land(app, [third])
    assert [one["thread"] for one in app.interactions.page("thread:root@x", sort="at").items] == ["root@x"] * 3


def attached(content: Any = None) -> dict[str, Any]:
    entry = {"name": "offer.pdf", "media_type": "application/pdf", "size": 5, "digest": "d" * 64}
    return {**entry, "content": content} if content else entry


def test_attachments_are_listed_and_their_content_kept_once(app: App) -> None:
    text = base64.b64encode(b"offer").decode()
    land(app, [message(1, attachments=[attached()])])
    (entry,) = logged(app)["attachments"]
    assert (entry["name"], entry["size"], entry["stored"]) == ("offer.pdf", 5, False)
    content = mock.Mock(return_value=text)
    again = message(1, attachments=[attached(content)])
    outcomes = land(app, [again, message(2, attachments=[attached(content)])], keep_attachments=True)
    assert kinds(outcomes) == ["updated", "created"]
    assert content.call_count == 1
    assert app.store.rows("SELECT digest, content FROM attachment_content") == [{"digest": "d" * 64, "content": text}]
    assert logged(app)["attachments"][0]["stored"]
    assert kinds(land(app, [again], keep_attachments=True)) == ["unchanged"]
    assert app.store.value("SELECT count(*) AS n FROM attachment") == 2


def test_a_message_that_was_logged_by_hand_gets_what_it_lacks(app: App) -> None:
    app.interactions.log("in", ["c1"], "Asked", {"channel": "email", "message_id": "1@engines.example"})
    draft = message(1, quoted="> before", attachments=[attached()])
    assert kinds(land(app, [draft])) == ["updated"]
    record = logged(app)
    assert (record["body"], record["quoted"], len(record["attachments"])) == ("Asked", "> before", 1)
    assert kinds(land(app, [draft])) == ["unchanged"]


def test_a_meeting_closes_the_follow_up_that_it_was(app: App) -> None:
    land(app, [plan()])
    held = message(message_id="m", thread=None, uid="0" * 36, channel="meeting", duration=3600)
    assert kinds(land(app, [held])) == ["created"]
    record = app.followups.find("f1")
    assert (record["status"], record["closing_interaction_id"]) == ("done", "i1")
    assert kinds(land(app, [plan()])) == ["unchanged"]


def test_all_of_it_is_one_operation_that_can_be_taken_back(app: App) -> None:
    drafts = [message(number, attachments=[attached()]) for number in range(1, 30)]
    land(app, drafts)
    app.history.undo(None)
    assert app.interactions.page().items == []
    for table in ("participant", "message", "attachment", "search_text"):
        assert app.store.value(f"SELECT count(*) AS n FROM {table} ") == 0
    assert app.contacts.find("c1")["last_inbound_at"] is None

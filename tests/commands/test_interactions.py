"""`crm log` and `crm interaction`."""

import pytest


@pytest.fixture
def ada(crm):
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--company", "Engines")
    return crm


def test_log_in(ada):
    logged = ada.ok(
        "log", "in", "ada@engines.example", "Asked about delivery", "--channel", "call", "--outcome", "connected",
        "--at", "2026-11-20 09:15", "--duration", "1h30m", "--satisfaction", "4", "--subject", "Wheel",
    )  # fmt: skip
    assert logged == "i1\n"
    item = ada.json("interaction", "show", "i1")["item"]
    assert (item["direction"], item["channel"], item["outcome"]) == ("inbound", "call", "connected")
    assert (item["occurred_at"], item["duration"], item["satisfaction"]) == ("2026-11-20T09:15:00Z", 5400, 4)
    assert (item["subject"], item["body"], item["user"]) == ("Wheel", "Asked about delivery", "ada")
    assert item["contact"] == {"id": "c1", "display_name": "Ada Lovelace"}
    assert item["company"] == {"id": "co1", "name": "Engines"}


def test_json_contract(ada):
    ada.ok("log", "note", "c1", "x")
    document = ada.json("interaction", "list")
    assert document["schema"] == "crm.interaction.list/1"
    assert list(document["items"][0]) == [
        "id", "uid", "direction", "channel", "occurred_at", "duration", "subject", "body", "outcome", "satisfaction",
        "user", "contact", "company", "participants", "deal_id", "order_id", "case_id", "message_id", "thread",
        "in_reply_to", "quoted", "attachments",
        "created_at", "updated_at", "deleted_at",
    ]  # fmt: skip


def test_text_from_standard_input_and_from_a_file(ada, tmp_path):
    ada.ok("log", "out", "c1", "-", "--channel", "email", "--subject", "Your offer", stdin="# Offer\r\n\r\n*Müller*\n")
    (tmp_path / "note.md").write_text("from a file\n", "utf-8")
    ada.ok("log", "note", "c1", "--file", str(tmp_path / "note.md"))
    bodies = [item["body"] for item in ada.json("interaction", "list", "--sort", "at")["items"]]
    assert bodies == ["# Offer\n\n*Müller*", "from a file"]


def test_text_from_the_editor(ada, tmp_path):
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "typed" > "$1"\n')
    script.chmod(0o755)
    result = ada("log", "in", "c1", tty=True, asks=True, env={"CRM_EDITOR": str(script)})
    assert (result.code, result.out) == (0, "Logged inbound call with Ada Lovelace (i1)\n"), result.err
    assert ada.json("interaction", "show", "i1")["item"]["body"] == "typed"


def test_a_call_that_nobody_answered_needs_no_text(ada):
    ada.ok("log", "out", "c1", "--outcome", "no_answer")
    assert ada.json("interaction", "show", "i1")["item"]["body"] is None


def test_several_participants(ada):
    ada.ok("contact", "add", "Charles Babbage")
    ada.ok("log", "in", "ada", "Both called", "--with", "babbage", "--with", "co1")
    people = ada.json("interaction", "show", "i1")["item"]["participants"]
    assert [person["id"] for person in people] == ["c1", "c2", "co1"]
    assert ada.ok("interaction", "list", "contact:c2", "-o", "ids") == "i1\n"
    ada.ok("interaction", "edit", "i1", "--remove-participant", "babbage")
    assert ada.ok("interaction", "list", "contact:c2", "-o", "ids") == ""
    assert ada("interaction", "edit", "i1", "--remove-participant", "babbage").code == 3


def test_a_promise_in_the_same_breath(ada):
    ada.ok("log", "in", "c1", "Asked about delivery", "--followup", "next tue 3pm")
    items = ada.json("followup", "list")["items"]
    assert [(item["due_at"], item["subject"]) for item in items] == [
        ("2026-11-24T15:00:00Z", "Follow up: Asked about delivery")
    ]
    assert items[0]["contact"]["id"] == "c1"


def test_a_bad_promise_leaves_nothing_behind(ada):
    assert ada("log", "in", "c1", "Asked", "--followup", "someday").code == 2
    assert ada.json("interaction", "list")["items"] == []


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (("--at", "2026-02-30"), 2, "2026-02-30"),
        (("--at", "tomorrow"), 2, "still to come"),
        (("--channel", "cal"), 2, "call"),
        (("--outcome", "conected"), 2, "connected"),
        (("--satisfaction", "6"), 2, "1 (not at all) to 5"),
        (("--duration", "long"), 2, "long"),
        (("--with", "nobody"), 3, "nobody"),
    ],
)
def test_bad_values_are_refused_and_leave_nothing_behind(ada, flags, code, said):
    result = ada("log", "in", "c1", "Hello", *flags)
    assert (result.code, said in result.err) == (code, True), result.err
    assert ada.json("interaction", "list")["items"] == []


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_refused(ada, text):
    assert ada("log", "in", "c1", text).code == 2
    assert ada("log", "in", "c1", "-", stdin=text).code == 2
    assert ada("log", "note", "c1").code == 2
    assert ada.json("interaction", "list")["items"] == []


def test_an_ambiguous_name_lists_the_candidates(ada):
    ada.ok("contact", "add", "Ada Byron", "--email", "byron@engines.example")
    result = ada("log", "in", "ada", "Hello")
    assert result.code == 4
    assert "c1  Ada Lovelace, Engines, ada@engines.example" in result.err
    assert "c2  Ada Byron, byron@engines.example" in result.err
    assert ada.json("interaction", "list")["items"] == []


def test_an_unknown_name_gets_the_nearest(ada):
    result = ada("log", "in", "Ada Lovelice", "Hello")
    assert result.code == 3
    assert "did you mean: c1 Ada Lovelace" in result.err


def test_last_contact_is_kept_on_the_contact_and_the_company(ada):
    ada.ok("log", "in", "c1", "one", "--at", "2026-11-01 10:00")
    ada.ok("log", "in", "c1", "two", "--at", "2026-11-10 10:00")
    ada.ok("log", "out", "c1", "three", "--at", "2026-11-05 10:00")
    for noun, who in (("contact", "c1"), ("company", "co1")):
        item = ada.json(noun, "show", who)["item"]
        assert (item["last_inbound_at"], item["last_outbound_at"]) == ("2026-11-10T10:00:00Z", "2026-11-05T10:00:00Z")
    ada.ok("interaction", "rm", "i2")
    assert ada.json("contact", "show", "c1")["item"]["last_inbound_at"] == "2026-11-01T10:00:00Z"
    ada.ok("interaction", "restore", "i2")
    ada.ok("interaction", "edit", "i2", "--direction", "out")
    item = ada.json("contact", "show", "c1")["item"]
    assert (item["last_inbound_at"], item["last_outbound_at"]) == ("2026-11-01T10:00:00Z", "2026-11-10T10:00:00Z")
    assert ada.ok("contact", "list", "last_in<-14d", "-o", "ids") == "c1\n"
    assert ada.ok("contact", "list", "last_in>-14d", "-o", "ids") == ""


def test_edit_and_list(ada):
    ada.ok("log", "in", "c1", "Asked about delivery")
    ada.ok("interaction", "edit", "i1", "--text", "Asked about the press", "--channel", "email", "--at", "yesterday")
    item = ada.json("interaction", "show", "i1")["item"]
    assert (item["body"], item["channel"]) == ("Asked about the press", "email")
    assert item["occurred_at"] == "2026-11-19T10:00:00Z"
    assert ada.ok("interaction", "list", "press", "-o", "ids") == "i1\n"
    assert ada.ok("interaction", "list", "delivery", "-o", "ids") == ""
    assert ada.ok("interaction", "list", "channel:email at<today user:me who~lovelace", "-o", "ids") == "i1\n"


def test_markdown_is_shown_as_markdown(ada):
    ada.ok("log", "out", "c1", "# Offer\n\nA *fine* [press](https://x.example)\n\n- one\n- two\n")
    shown = ada.ok("interaction", "show", "i1", tty=True)
    assert "*fine*" not in shown
    assert "• one" in shown
    assert "\x1b]8" not in shown


@pytest.mark.parametrize("text", ["\x1b]0;gone\x07", "[/x] [bold]", ":smile:", "\u202egnp.exe", "=1+1", "<script>"])
def test_hostile_text_is_stored_whole_and_shown_harmlessly(ada, text):
    ada.ok("log", "in", "c1", "--subject", text, "--", text)
    item = ada.json("interaction", "show", "i1")["item"]
    assert (item["body"], item["subject"]) == (text, text)
    for output in (
        ada.ok("interaction", "list"),
        ada.ok("interaction", "list", tty=True),
        ada.ok("interaction", "show", "i1", tty=True),
        ada.ok("interaction", "show", "i1", "-o", "md"),
    ):
        assert "\x1b" not in output
        assert "\u202e" not in output
        assert "\x07" not in output


def test_what_is_deleted_is_not_edited(ada):
    ada.ok("contact", "add", "Charles")
    ada.ok("log", "in", "c1", "one")
    ada.ok("interaction", "rm", "i1")
    result = ada("interaction", "edit", "i1", "--add-participant", "c2")
    assert (result.code, "restore i1" in result.err) == (2, True)
    assert ada.json("contact", "show", "c2")["item"]["last_inbound_at"] is None


def test_one_person_takes_part_once(ada):
    ada.ok("log", "in", "c1", "one", "--with", "ada@engines.example", "--with", "Ada Lovelace")
    assert [one["id"] for one in ada.json("interaction", "show", "i1")["item"]["participants"]] == ["c1"]


def test_a_direction_is_given_in_either_word(ada):
    ada.ok("log", "in", "c1", "one")
    ada.ok("interaction", "edit", "i1", "--direction", "outbound")
    assert ada.json("interaction", "show", "i1")["item"]["direction"] == "outbound"
    ada.ok("interaction", "edit", "i1", "--direction", "in")
    assert ada.json("interaction", "show", "i1")["item"]["direction"] == "inbound"
    assert ada("interaction", "edit", "i1", "--direction", "sideways").code == 2


def test_an_empty_time_means_none_was_given(ada):
    ada.ok("log", "in", "c1", "one", "--at", "")
    assert ada.json("interaction", "show", "i1")["item"]["occurred_at"] == "2026-11-20T10:00:00Z"


def test_writing_to_somebody_who_must_not_be_contacted_is_told(ada):
    ada.ok("contact", "edit", "c1", "--do-not-contact")
    assert "do not contact" in ada("log", "out", "c1", "Hello").err
    assert ada("log", "in", "c1", "Hello").err == ""


def test_nothing_said_is_nothing_logged(ada):
    assert ada("log", "in", "c1").code == 2
    assert ada.json("interaction", "list")["items"] == []

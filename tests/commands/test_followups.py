"""`crm followup`, as a person and as a script meet it."""

import pytest

from crmcli.kernel.text import cell_width
from tests.conftest import Crm

ASKS = {"TERM": "dumb"}
HOSTILE = "[/x] \x1b[31m\x1b]0;owned\x07 :smile: -rf [on red]\u202e"


@pytest.fixture
def office(crm: Crm) -> Crm:
    """One contact, one company."""
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm.ok("company", "add", "Bell & Sons")
    return crm


def test_add_done_snooze_as_scripts_call_them(office: Crm) -> None:
    assert (
        office.ok(
            "followup", "add", "c1", "Call about the offer", "--due", "+3d", "--priority", "high", "--owner", "me"
        )
        == "f1\n"
    )
    assert office.ok("followup", "snooze", "f1", "next mon") == "f1\n"
    assert office.ok("followup", "done", "f1", "--note", "Agreed", "--next", "+2w") == "f1\nf2\n"
    (item,) = office.json("queue", "--later")["items"]
    assert (item["id"], item["subject"], item["due_at"]) == ("f2", "Call about the offer", "2026-12-04T00:00:00Z")
    assert (item["status"], item["priority"], item["owner"]) == ("open", "high", "ada")
    assert item["contact"] == {"id": "c1", "display_name": "Ada Lovelace"}


def test_a_terminal_gets_sentences_with_the_zone(office: Crm) -> None:
    def said(*words: str) -> str:
        return office.ok("followup", *words, tty=True, width=200, env={"CRM_TIMEZONE": "Europe/Vienna"})

    about = "Call about the offer (Ada Lovelace c1)"
    added = said("add", "ada", "Call about the offer", "--due", "next tue 3pm")
    assert added == f"Follow-up f1 due Tue 24 Nov 2026 15:00 Europe/Vienna: {about}\n"
    assert said("snooze", "f1", "+1w") == f"Snoozed f1 until Fri 27 Nov 2026 Europe/Vienna: {about}\n"
    assert said("edit", "f1", "--due", "eom") == f"Changed f1 due Mon 30 Nov 2026 Europe/Vienna: {about}\n"
    assert said("edit", "f1", "--due", "eom") == "Nothing to change in f1\n"
    assert said("done", "f1", "--next", "+2w") == (
        f"Done f1: {about}\nFollow-up f2 due Fri 4 Dec 2026 Europe/Vienna: {about}\n"
    )
    assert said("cancel", "f2", "--reason", "sold") == f"Cancelled f2: {about}\n"
    assert said("reopen", "f2") == f"Reopened f2 due Fri 4 Dec 2026 Europe/Vienna: {about}\n"


def test_notes_go_to_the_standard_error(office: Crm) -> None:
    result = office("followup", "add", "c1", "x", "--due", "2027-03-28 02:30", "--timezone", "Europe/Vienna")
    assert (result.code, result.out) == (0, "f1\n")
    assert "02:30 does not exist on 2027-03-28 in Europe/Vienna" in result.err


def test_json_is_the_record_or_the_list_of_several(office: Crm) -> None:
    added = office.json("followup", "add", "c1", "Call", "--due", "+3d")
    assert added["schema"] == "crm.followup/1"
    assert list(added["item"]) == [
        "id", "uid", "subject", "note", "channel", "due_at", "all_day", "timezone", "status", "priority", "owner",
        "contact", "company", "do_not_contact",
        "overdue", "snooze_count", "first_due_at", "closed_at", "outcome_note", "interaction_id",
        "closing_interaction_id", "deal_id", "order_id", "case_id", "recurrence", "series", "occurs_on",
        "created_at", "updated_at",
    ]  # fmt: skip
    shown = office.json("followup", "show", "ada")["item"]
    assert shown == {**added["item"], "moves": [], "assignments": []}
    done = office.json("followup", "done", "f1", "--next", "+1w")
    assert done["schema"] == "crm.followup.list/1"
    assert [(item["id"], item["status"]) for item in done["items"]] == [("f1", "done"), ("f2", "open")]
    assert office.json("followup", "cancel", "f2")["item"]["status"] == "cancelled"
    assert office.json("followup", "list") == {"schema": "crm.followup.list/1", "items": []}


def test_logging_with_a_follow_up_links_the_two(office: Crm) -> None:
    office.ok("log", "in", "ada", "Asked about delivery", "--followup", "next tue 3pm")
    record = office.json("followup", "show", "f1")["item"]
    assert (record["interaction_id"], record["due_at"]) == ("i1", "2026-11-24T15:00:00Z")
    office.ok("followup", "done", "f1", "--log", "out", "--channel", "email", "--note", "On its way")
    assert office.json("followup", "show", "f1")["item"]["closing_interaction_id"] == "i2"
    assert office.json("interaction", "show", "i2")["item"]["body"] == "On its way"


# --- what is missing, unknown or ambiguous


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (["add", "c1", "Call"], 2, ["needs a date", "--due 'next tue 3pm'"]),
        (["add", "c1", "--due", "+1d"], 2, ["needs a subject"]),
        (["add", "c1", "Call", "--due", "2026-02-30"], 2, ["2026-02-30", "28 days"]),
        (["add", "c1", "Call", "--due", "+1d", "--priority", "hihg"], 2, ["'hihg'", "did you mean high"]),
        (["add", "nobody", "Call", "--due", "+1d"], 3, ["nobody"]),
        (["add", "c1", "Call", "--due", "+1d", "--owner", "zed"], 3, ["zed"]),
        (["done"], 2, ["no followup was named", "--where"]),
        (["done", "f9"], 3, ["f9"]),
        (["done", "ada"], 3, ["no open follow-up about Ada Lovelace", "crm followup add c1"]),
        (["done", "f1", "--where", "overdue:yes"], 2, ["both ids and --where"]),
        (["snooze", "f1"], 2, ["an id or a date is missing"]),
        (["edit", "bell"], 2, ["nothing to change"]),
        (["list", "prioritty:high"], 2, ["prioritty", "did you mean priority"]),
        (["list", "--sort", "priorty"], 2, ["priorty", "did you mean priority"]),
        (["list", "--fields", "subjekt"], 2, ["did you mean subject"]),
    ],
)
def test_refusals(office: Crm, words: list[str], code: int, parts: list[str]) -> None:
    result = office("followup", *words)
    assert result.code == code
    assert result.out == ""
    assert all(part in result.err for part in parts), result.err
    assert len(result.err.splitlines()) <= 3


def test_several_open_ones_are_candidates(office: Crm) -> None:
    office.ok("followup", "add", "c1", "Call", "--due", "+3d")
    office.ok("followup", "add", "c1", "Write", "--due", "+4d")
    result = office("followup", "done", "ada")
    assert result.code == 4
    assert result.err.splitlines()[1:3] == ["f1  Mon 23 Nov 2026 UTC: Call", "f2  Tue 24 Nov 2026 UTC: Write"]


def test_a_person_is_asked_for_what_is_missing(office: Crm) -> None:
    result = office("followup", "add", "c1", tty=True, asks=True, stdin="Call back\n\n", env=ASKS)
    assert result.out == "Follow-up f1 due Sat 21 Nov 2026 UTC: Call back (Ada Lovelace c1)\n"
    office.ok("followup", "add", "c1", "Write", "--due", "+4d")
    picked = office("followup", "cancel", "ada", tty=True, asks=True, stdin="2\n", env=ASKS)
    assert picked.out == "Cancelled f2: Write (Ada Lovelace c1)\n"


# --- many at once


@pytest.fixture
def many(office: Crm) -> Crm:
    """Three follow-ups, two of them overdue."""
    for when in ("-3d", "-2d", "+3d"):
        office.ok("followup", "add", "c1", f"Due {when}", "--due", when)
    return office


def states(crm: Crm) -> list[str]:
    return [item["status"] for item in crm.json("followup", "list", "--all-states", "--sort", "created")["items"]]


def test_several_ids_and_ids_from_a_pipe(many: Crm) -> None:
    assert many.ok("followup", "done", "f1", "f3", "f1") == "f1\nf3\n"
    listed = many.ok("followup", "list")
    assert many.ok("followup", "cancel", "-", stdin=listed) == "f2\n"
    assert states(many) == ["done", "cancelled", "done"]


def test_one_that_fails_keeps_the_others_as_they_were(many: Crm) -> None:
    assert many("followup", "done", "f1", "f9").code == 3
    assert states(many) == ["open"] * 3


def test_a_filter_needs_a_yes(many: Crm) -> None:
    refused = many("followup", "snooze", "--where", "overdue:yes", "+1w")
    assert (refused.code, refused.out) == (2, "")
    assert "give --yes" in refused.err
    dry = many("followup", "snooze", "--where", "overdue:yes", "+1w", "--dry-run")
    assert (dry.code, dry.out) == (0, "")
    assert dry.err == "2 to snooze, and nothing was changed: f1, f2\n"
    assert [item["id"] for item in many.json("followup", "list", "overdue:yes")["items"]] == ["f1", "f2"]
    assert many.ok("followup", "snooze", "--where", "overdue:yes", "+1w", "--yes") == "f1\nf2\n"
    assert many.json("followup", "list", "overdue:yes")["items"] == []


def test_an_empty_filter_or_pipe_changes_nothing(many: Crm) -> None:
    assert many("followup", "cancel", "--where", " ", "--yes").code == 2
    result = many("followup", "cancel", "-", stdin="")
    assert (result.code, result.out, result.err) == (0, "", "0 to cancel, and nothing was changed\n")
    assert states(many) == ["open"] * 3


# --- shown


def test_a_pipe_gets_rows_with_whole_values(many: Crm) -> None:
    lines = many.ok("followup", "list").splitlines()
    assert lines[0].split("\t") == ["id", "due_at", "subject", "who", "who_id", "priority", "status", "owner"]
    assert lines[1].split("\t") == [
        "f1",
        "2026-11-17T00:00:00Z",
        "Due -3d",
        "Ada Lovelace",
        "c1",
        "normal",
        "open",
        "ada",
    ]


def test_a_terminal_gets_fifty_unless_all_are_asked_for(office: Crm) -> None:
    lines = "".join(
        f'{{"op": "followup.add", "who": "c1", "subject": "Call {n}", "due": "+{n}d"}}\n' for n in range(60)
    )
    office.ok("batch", stdin=lines)
    shown = office("followup", "list", tty=True)
    assert sum(line.startswith("f") for line in shown.out.splitlines()) == 50
    assert "50 shown" in shown.err
    assert sum(line.startswith("f") for line in office.ok("followup", "list", "--all", tty=True).splitlines()) == 60
    assert len(office.ok("followup", "list").splitlines()) == 61


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_hostile_subject_is_shown_harmlessly(office: Crm, width: int) -> None:
    office.ok("followup", "add", "c1", "--due", "yesterday", "--", HOSTILE)
    for words in (
        ["followup", "list"],
        ["followup", "show", "f1"],
        ["queue"],
        ["queue", "--plain"],
        [],
        ["queue", "-o", "md"],
    ):
        result = office(*words, tty=True, width=width)
        assert result.code == 0
        assert not set("\x1b\x07\u202e") & set(result.out + result.err)
        assert "[/x]" in result.out
        if "-o" not in words and "--plain" not in words:
            assert max(cell_width(line) for line in result.out.splitlines()) <= width
    assert office.json("followup", "show", "f1")["item"]["subject"] == HOSTILE
    assert "\x1b" not in office.ok("followup", "done", "f1", tty=True, width=width)


def test_a_subject_that_looks_like_an_option(office: Crm) -> None:
    assert office.ok("followup", "add", "c1", "--due", "+1d", "--", "-rf") == "f1\n"
    assert office.json("followup", "show", "f1")["item"]["subject"] == "-rf"


def test_nothing_to_list(office: Crm) -> None:
    shown = office("followup", "list", tty=True)
    assert (shown.code, shown.out) == (0, "")
    assert "crm followup add" in shown.err
    assert office.ok("followup", "list").splitlines() == ["id\tdue_at\tsubject\twho\twho_id\tpriority\tstatus\towner"]

"""`crm case` and what goes with it, as people type it."""

import json

import pytest

from crmcli.kernel.text import cell_width
from tests.conftest import Crm


@pytest.fixture
def desk(crm: Crm) -> Crm:
    """Two people and a case of each."""
    crm.ok("contact", "add", "Ada Lovelace", "--company", "Engines")
    crm.ok("contact", "add", "Grace Hopper")
    crm.ok("case", "open", "c1", "Wheel stuck", "--priority", "high")
    crm.ok("log", "in", "c2", "Printer jams", "--case", "new", "--priority", "urgent", "--at", "-2h")
    return crm


def test_a_case_is_opened_and_told_by_when(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    said = crm.ok("case", "open", "c1", "Wheel stuck", "-", "--priority", "high", stdin="It **squeaks**.\n", tty=True)
    assert said == "Opened cs1, high, answer by Fri 20 Nov 14:00: Wheel stuck (Ada Lovelace c1)\n"
    assert crm.json("case", "show", "cs1")["item"]["description"] == "It **squeaks**."
    assert crm.ok("case", "open", "c1", "Again") == "cs2\n"


def test_a_contact_opens_a_case_and_tells_by_when(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    said = crm("log", "in", "c1", "Printer jams", "--case", "new", "--priority", "urgent").err
    assert said == "Opened cs1, urgent, answer by Fri 20 Nov 11:00: Printer jams\n"
    crm.ok("log", "in", "c1", "It stops\nafter a page", "--case", "new")
    told = [crm.json("case", "show", key)["item"]["description"] for key in ("cs1", "cs2")]
    assert told == [None, "It stops\nafter a page"]


@pytest.mark.parametrize(("liked", "owed"), [("5", []), ("3", []), ("2", ["c1"]), (None, ["c1"])])
def test_who_says_that_it_is_solved_waits_for_no_reply(desk: Crm, liked: str | None, owed: list[str]) -> None:
    desk.ok("case", "reply", "cs1", "New wheel")
    desk.ok("case", "resolve", "cs1")
    later: dict[str, str | None] = {"CRM_NOW": "2026-11-23T10:00:00Z"}
    desk.ok("followup", "done", "f1", "--log", "in", *(["--satisfaction", liked] if liked else []), env=later)
    found = desk.json("queue", "--everyone", env=later)["owed"]
    assert [one["id"] for one in found if one["id"] == "c1"] == owed


def test_the_life_of_a_case(desk: Crm) -> None:
    assert "is waiting for the customer" in desk.ok("case", "reply", "cs1", "Try oil", "--pending", tty=True)
    later: dict[str, str | None] = {"CRM_NOW": "2026-11-23T10:00:00Z"}
    heard = desk("log", "in", "c1", "Still stuck", "--case", "cs1", env=later)
    assert heard.err == "cs1 is open again: the customer answered\n"
    said = desk.ok("case", "resolve", "cs1", "--resolution", "New wheel", tty=True, env=later)
    assert said == "Resolved cs1: Wheel stuck (Ada Lovelace c1)\n"
    assert "open it again: crm case reopen cs1" in desk("case", "reply", "cs1", "x", env=later).err
    assert desk.ok("case", "close", "cs1", "--satisfaction", "4", tty=True, env=later).startswith("Closed cs1")
    assert desk.ok("case", "reopen", "cs1", tty=True, env=later).startswith("Reopened cs1, resolve by ")
    record = desk.json("case", "show", "cs1", env=later)["item"]
    assert (record["status"], record["reopen_count"], record["satisfaction"]) == ("open", 1, 4)
    assert [step["status"] for step in record["history"]] == [
        "new", "open", "pending", "open", "resolved", "closed", "open",
    ]  # fmt: skip


def test_a_batch_takes_what_happened_by_the_name_of_the_argument(crm: Crm) -> None:
    lines = (
        {"op": "contact.add", "name": "Ada"},
        {"op": "case.open", "who": "c1", "subject": "Wheel stuck", "text": "It squeaks"},
        {"op": "case.open", "who": "c1", "subject": "Belt worn", "description": "Since spring"},
        {"op": "case.edit", "who": "cs2", "text": "Since May"},
    )
    crm.ok("batch", stdin="".join(json.dumps(line) + "\n" for line in lines))
    told = {one["id"]: one["description"] for one in crm.json("case", "list")["items"]}
    assert told == {"cs1": "It squeaks", "cs2": "Since May"}


def test_lists_go_by_what_is_to_be_done_next(desk: Crm) -> None:
    """cs1 high, cs2 urgent and two hours old; cs3 waits for the customer, cs4 is answered, cs5 and cs6 are not."""
    desk.ok("case", "open", "c1", "Waits", "--priority", "urgent")
    desk.ok("case", "reply", "cs3", "Try oil", "--pending")
    desk.ok("case", "open", "c1", "Answered", "--priority", "normal")
    desk.ok("case", "reply", "cs4", "We look at it")
    desk.ok("case", "open", "c2", "Low", "--priority", "low")
    desk.ok("case", "open", "c2", "Again", "--priority", "high")
    desk.ok("case", "open", "c2", "Solved")
    desk.ok("case", "resolve", "cs7")
    found = desk.json("case", "list", "--all")["items"]
    due = {one["id"]: one["due_at"] for one in found}
    assert [*due] == ["cs2", "cs1", "cs6", "cs5", "cs4", "cs3"]
    assert due["cs1"] == "2026-11-20T14:00:00Z"
    assert due["cs3"] is None
    assert [*due.values()][:-1] == sorted(filter(None, due.values()))
    for most in range(1, 7):
        assert desk.ok("case", "list", "--limit", str(most), "-o", "ids").split() == [*due][:most]
    assert desk.ok("case", "list", "--sort", "-due", "-o", "ids").split() == [*reversed(due)]
    with_solved = desk.ok("case", "list", "--all-states", "-o", "ids").split()
    assert with_solved == ["cs2", "cs1", "cs6", "cs5", "cs4", "cs3", "cs7"]
    assert desk.ok("case", "list", "due<=2026-11-20T14:00:00Z", "-o", "ids").split() == ["cs2", "cs1", "cs6"]
    assert desk.ok("case", "list", "due:none", "--all-states", "-o", "ids").split() == ["cs3", "cs7"]
    assert desk.ok("case", "list", "resolution_due<2026-11-21", "-o", "ids").split() == ["cs2"]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize(
    "line",
    [
        "case list",
        "case show cs1",
        "case show cs2",
        "queue",
        "queue --kind cases",
        "agenda --week",
        "report cases --by type",
    ],
)
def test_it_fits(desk: Crm, line: str, width: int) -> None:
    desk.ok("case", "reply", "cs1", "Try oil " * 30, "--pending")
    shown = desk.ok(*line.split(), tty=True, width=width)
    assert shown
    assert max(cell_width(one) for one in shown.splitlines()) <= width


def test_the_screen_tells_what_is_left(desk: Crm) -> None:
    shown = " ".join(desk.ok("case", "show", "cs1", tty=True).split())
    assert "Answer by Fri 20 Nov 14:00, 4h left" in shown
    assert "Solution by Tue 24 Nov 10:00, 16h left" in shown
    over = " ".join(desk.ok("case", "show", "cs2", tty=True).split())
    assert "Answer by Fri 20 Nov 10:00, 0m left" in over
    over = " ".join(desk.ok("case", "show", "cs2", tty=True, env={"CRM_NOW": "2026-11-20T12:30:00Z"}).split())
    assert "2h 30m over" in over
    assert desk.ok("case", "show", "cs1", "--fields", "id,response_due_at") != ""


def test_stored_text_cannot_drive_the_terminal(desk: Crm) -> None:
    desk.ok("case", "edit", "cs1", "--subject", "\x1b[31mred", "--text", "\x1b]0;x\x07", "--set", "a=\x1b[2J")
    late: dict[str, str | None] = {"CRM_NOW": "2026-11-25T10:00:00Z"}
    for line in ("case list", "case show cs1", "queue --kind cases", "agenda", "remind --dry-run", "queue --plain"):
        result = desk(*line.split(), tty=True, env=late)
        assert "\x1b[31m" not in result.out + result.err
        assert "\x1b]" not in result.out


def test_several_at_once(desk: Crm) -> None:
    assert desk.ok("case", "assign", "cs1", "cs2", "me") == "cs1\ncs2\n"
    plan = desk("case", "resolve", "--where", "priority:high", "--dry-run")
    assert plan.err == "1 to resolve, and nothing was changed: cs1\n"
    assert desk("case", "close", "--where", "owner:me").code == 2  # two of them need a yes
    assert desk.ok("case", "close", "--where", "owner:me", "--yes") == "cs2\ncs1\n"
    assert desk.ok("case", "reopen", "-", stdin="cs1\ncs2\n") == "cs1\ncs2\n"
    assert desk.ok("case", "rm", "cs1", "cs2", "--yes") == "cs1\ncs2\n"
    assert desk.ok("case", "list", "-o", "ids") == ""
    assert desk.ok("case", "restore", "cs1") == "cs1\n"


def test_the_clock_in_a_pipe_is_written_like_everything_else(desk: Crm) -> None:
    later: dict[str, str | None] = {"CRM_NOW": "2026-11-20T10:00:01Z"}
    _, line = desk.ok("case", "show", "cs2", "-o", "tsv", "--fields", "breached,response_clock", env=later).splitlines()
    late, clock = line.split("\t")
    told = dict(part.split("=", 1) for part in clock.split(","))
    assert (late, told["breached"], told["paused"], told["done_at"]) == ("true", "true", "false", "")


@pytest.mark.parametrize("verb", ["resolve", "close"])
def test_how_it_was_solved_is_no_case(desk: Crm, verb: str) -> None:
    desk.ok("case", "open", "c1", "Broken")
    result = desk("case", verb, "cs1", "sent a new one")
    assert result.code == 3
    assert "if that is how it was solved: --resolution 'sent a new one'" in result.err
    assert desk.json("case", "show", "cs1")["item"]["status"] == "new"
    assert "--resolution" not in desk("case", verb, "sent a new one").err


def test_batch(desk: Crm) -> None:
    lines = [
        {"op": "case.open", "who": "c1", "subject": "Door", "priority": "low", "set": ["serial=4"]},
        {"op": "case.reply", "id": "cs1", "text": "Try oil", "pending": True},
        {"op": "case.reopen", "id": "cs1"},
        {"op": "case.edit", "id": "cs1", "priority": "urgent"},
        {"op": "case.resolve", "id": ["cs1", "cs2"], "resolution": "Oil", "no_aftercare": True},
        {"op": "case.close", "id": "cs2", "satisfaction": 3},
        {"op": "case.assign", "id": "cs3", "user": "me"},
        {"op": "case.rm", "id": "cs3"},
        {"op": "case.restore", "id": "cs3"},
        {"op": "log.in", "who": "c1", "text": "New one", "case": "new", "type": "question"},
    ]
    desk.ok("batch", stdin="".join(json.dumps(line) + "\n" for line in lines))
    found = {one["id"]: one["status"] for one in desk.json("case", "list", "--all-states")["items"]}
    assert found == {"cs1": "resolved", "cs2": "closed", "cs3": "new", "cs4": "new"}


def test_export(desk: Crm) -> None:
    desk.ok("case", "edit", "cs1", "--set", "serial=47")
    first = json.loads(desk.ok("export", "cases", "-o", "jsonl").splitlines()[1])
    assert (first["subject"], first["contact"]["display_name"], first["custom"]) == (
        "Wheel stuck",
        "Ada Lovelace",
        {"serial": "47"},
    )
    table = desk.ok("export", "cases", "priority:urgent").splitlines()
    assert len(table) == 2
    assert "Grace Hopper" in table[1]


def test_the_settings_are_checked(desk: Crm) -> None:
    desk.ok("config", "set", "sla.hours", "Mon-Thu 8-16")
    assert desk.ok("config", "get", "sla.hours", "-o", "ids") != ""
    assert "2026-11-24T16" in desk.json("case", "edit", "cs1", "--priority", "low")["item"]["response_due_at"]
    desk.ok("config", "set", "sla.holidays", "de-by, 2026-11-23")
    refused = desk("config", "set", "sla.holidays", "XX")
    assert refused.code == 2
    desk.ok("config", "set", "sla.response.low", "none")


def test_history_says_what_was_done(desk: Crm) -> None:
    desk.ok("case", "resolve", "cs1", "--no-aftercare")
    said = desk.ok("history", "--all", tty=True, width=140)
    assert "opened case Wheel stuck (cs1) for Ada Lovelace (c1)" in said
    assert "resolved case Wheel stuck (cs1)" in said


def test_reminders_tell_late_cases(desk: Crm) -> None:
    late: dict[str, str | None] = {"CRM_NOW": "2026-11-20T12:00:00Z"}
    told = desk.ok("remind", env=late)
    assert told.startswith("A case is late\n")
    assert "answer by Fri 20 Nov 10:00, 2h of business time over" in " ".join(told.split())
    assert desk.ok("remind", env=late) == ""
    assert "cs2" in desk.ok("remind", "log", env=late)


def test_programs_are_told_of_late_cases_once(desk: Crm) -> None:
    late: dict[str, str | None] = {"CRM_NOW": "2026-11-20T12:00:00Z"}
    assert desk.ok("remind", "-o", "csv", "--fields", "id", env=late) == "id\n"  # rows are follow-ups alone
    breached = [one for one in desk.json("queue", env=late)["cases"] if one["state"] == "breached"]
    planned = desk.json("remind", "--dry-run", env=late)
    assert [one["id"] for one in breached] == ["cs2"]
    assert (planned["cases"], planned["cadence"]) == (breached, [])
    assert desk.json("remind", env=late) == planned
    assert desk.json("remind", env=late)["cases"] == []
    assert "cs2" in [one["id"] for one in desk.json("remind", "--digest", "daily", env=late)["cases"]]

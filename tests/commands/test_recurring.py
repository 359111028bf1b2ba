"""Follow-ups that repeat, are put off again and again, and change hands: as a person and as a script meet them."""

import json
import subprocess
import sys

import pytest

from crmcli.kernel.text import cell_width
from tests.conftest import Crm
from tests.house.source import ROOT


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Ada, who is a contact, and bob, who is of the team."""
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm.ok("user", "add", "bob")
    return crm


@pytest.fixture
def desk(crm_sqlite: Crm) -> Crm:
    """The same, on one database."""
    crm_sqlite.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm_sqlite.ok("user", "add", "bob")
    return crm_sqlite


def test_a_terminal_is_told_the_rule_and_the_next(office: Crm) -> None:
    def said(*words: str) -> str:
        return office.ok("followup", *words, tty=True, width=200, env={"CRM_TIMEZONE": "Europe/Vienna"})

    about = "Call (Ada Lovelace c1)"
    added = said("add", "ada", "Call", "--every", "every monday", "--due", "mon 9am")
    assert added == f"Follow-up f1 due Mon 23 Nov 2026 09:00 Europe/Vienna, every Monday: {about}\n"
    assert said("snooze", "f1", "wed") == f"Snoozed f1 until Wed 25 Nov 2026 Europe/Vienna: {about}\n"
    assert said("done", "f1") == (
        f"Done f1: {about}\nNext: f2 due Mon 30 Nov 2026 09:00 Europe/Vienna, every Monday: {about}\n"
    )
    assert said("skip", "f2") == (
        f"Skipped f2: {about}\nNext: f3 due Mon 7 Dec 2026 09:00 Europe/Vienna, every Monday: {about}\n"
    )
    assert said("assign", "f3", "bob") == f"Assigned f3 to bob: {about}\n"
    assert said("assign", "f3", "--nobody") == f"Assigned f3 to nobody: {about}\n"
    ended = office("followup", "cancel", "f3", tty=True, width=200)
    assert ended.out == f"Cancelled f3: {about}\n"
    assert (
        ended.err == "f3: it repeated every Monday and does so no more; to leave out one alone: crm followup skip ID\n"
    )


def test_a_pipe_gets_ids_and_notes_beside_them(office: Crm) -> None:
    added = office("followup", "add", "c1", "Call", "--every", "monthly on the 31st")
    assert (added.out, added.err) == ("f1\n", "f1 due Mon 30 Nov 2026 UTC, every month on the last day\n")
    done = office("followup", "done", "f1")
    assert (done.out, done.err) == ("f1\nf2\n", "f2 due Thu 31 Dec 2026 UTC, every month on the last day\n")


def test_json_has_the_rule(office: Crm) -> None:
    record = office.json("followup", "add", "c1", "Call", "--every", "every 3 months after done", "--due", "tomorrow")[
        "item"
    ]
    rule = {"rule": "FREQ=MONTHLY;INTERVAL=3", "words": "every 3 months after done", "from": "done", "workdays": None}
    assert record["recurrence"] == rule
    assert (record["series"], record["occurs_on"]) == (record["uid"], "2026-11-21")
    (item,) = office.json("followup", "list", "recurs:yes")["items"]
    assert item == record
    assert office.json("followup", "list", "recurs:no")["items"] == []
    assert office.json("queue")["items"][0]["recurrence"] == rule
    assert office.json("show", "c1")["item"]["followups"][0]["recurrence"] == rule
    listed = office.ok("followup", "list", "--fields", "id,recurrence,workdays,series,occurs_on")
    assert listed.splitlines()[1].split("\t") == ["f1", "every 3 months after done", "", record["uid"], "2026-11-21"]


def test_history(office: Crm) -> None:
    office.ok("followup", "add", "c1", "Call", "--every", "weekly")
    office.ok("followup", "done", "f1", "--note", "Reached her")
    office.ok("followup", "add", "c1", "Once", "--due", "+1d")
    rows = office.ok("followup", "history", "f2").splitlines()
    assert [row.split("\t")[:3] for row in rows[1:]] == [
        ["f1", "2026-11-20T00:00:00Z", "done"],
        ["f2", "2026-11-27T00:00:00Z", "open"],
    ]
    assert [item["id"] for item in office.json("followup", "history", "f3")["items"]] == ["f3"]


def test_log_promises_again_and_again(office: Crm) -> None:
    logged = office("log", "out", "ada", "Called", "--every", "6 weeks after done", "--followup-subject", "Call")
    assert logged.err == "follow-up f1 due Fri 1 Jan 2027 UTC, every 6 weeks after done\n"
    assert office("log", "out", "ada", "Called", "--every", "6 wekes").code == 2
    assert len(office.json("interaction", "list")["items"]) == 1


def test_batch(office: Crm) -> None:
    lines = [
        {"op": "followup.add", "who": "c1", "subject": "Call", "every": "monday", "workdays": "DE"},
        {"op": "followup.edit", "id": "f1", "every": "tuesday"},
        {"op": "followup.assign", "id": "f1", "user": "bob"},
        {"op": "followup.done", "id": "f1"},
        {"op": "followup.skip", "id": "f2"},
        {"op": "log.out", "who": "c1", "text": "Hello", "every": "6 weeks after done"},
    ]
    found = office.json("batch", stdin="".join(json.dumps(line) + "\n" for line in lines))["items"]
    assert [item["ids"] for item in found] == [["f1"], ["f1"], ["f1"], ["f1", "f2"], ["f2", "f3"], ["i1"]]
    record = office.json("followup", "show", "f3")["item"]
    assert (record["owner"], record["recurrence"]["words"], record["recurrence"]["workdays"]) == (
        "bob",
        "every Tuesday",
        "DE",
    )


# --- many at once


def test_assign_over_ids_filters_and_pipes(office: Crm) -> None:
    for number in range(3):
        office.ok("followup", "add", "c1", f"Call {number}", "--due", f"-{number + 1}d")
    assert office.ok("followup", "assign", "f1", "f2", "bob") == "f1\nf2\n"
    assert office.ok("followup", "assign", "-", "me", stdin=office.ok("followup", "list", "owner:bob")) == "f2\nf1\n"
    refused = office("followup", "assign", "--where", "overdue:yes", "bob")
    assert (refused.code, refused.out) == (2, "")
    dry = office("followup", "assign", "--where", "overdue:yes", "bob", "--dry-run")
    assert dry.err == "3 to assign, and nothing was changed: f3, f2, f1\n"
    assert office.ok("followup", "assign", "--where", "overdue:yes", "bob", "--yes").split() == ["f3", "f2", "f1"]
    assert office.ok("followup", "assign", "--nobody", "--where", "owner:bob", "--yes").split() == ["f3", "f2", "f1"]
    office.ok("undo")
    assert {item["owner"] for item in office.json("followup", "list")["items"]} == {"bob"}


def test_snooze_over_filters_and_pipes(office: Crm) -> None:
    for number in range(2):
        office.ok("followup", "add", "c1", f"Call {number}", "--due", f"-{number + 1}d")
    office.ok("followup", "snooze", "--where", "overdue:yes", "tomorrow 9am", "--yes")
    office.ok("followup", "snooze", "-", "next mon", stdin="f1\nf2\n")
    items = office.json("followup", "list")["items"]
    assert {(item["due_at"], item["all_day"], item["snooze_count"]) for item in items} == {
        ("2026-11-23T00:00:00Z", True, 2)
    }
    assert {item["first_due_at"] for item in items} == {"2026-11-19T00:00:00Z", "2026-11-18T00:00:00Z"}


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (
            ["add", "c1", "Call", "--every", "mnday"],
            2,
            ["'mnday' is not a rule", "did you mean 'monday'?", "monthly on the 1st"],
        ),
        (["add", "c1", "Call", "--every", ""], 2, ["'' is not a rule"]),
        (["add", "c1", "Call", "--every", "monday", "--workdays", "Germany"], 2, ["'Germany'", "did you mean DE?"]),
        (["add", "c1", "Call", "--every", "monday", "--workdays", "me"], 2, ["which country is yours"]),
        (["done", "f1", "--next", "+2w"], 2, ["f1 repeats every Monday", "crm followup snooze"]),
        (["skip", "f2"], 2, ["f2 does not repeat", "crm followup cancel f2"]),
        (["edit", "f2", "--every", "none"], 2, ["f2 does not repeat"]),
        (["assign", "f1"], 2, ["no followup was named"]),
        (["assign"], 2, ["no user was named", "crm followup assign f1 ada"]),
        (["assign", "f1", "bbo"], 3, ["'bbo'", "did you mean: bob"]),
        (["history", "f9"], 3, ["f9"]),
    ],
)
def test_refusals(desk: Crm, words: list[str], code: int, parts: list[str]) -> None:
    desk.ok("followup", "add", "c1", "Call", "--every", "monday")
    desk.ok("followup", "add", "c1", "Once", "--due", "+1d")
    before = desk.ok("followup", "list", "--all-states", "--json")
    result = desk("followup", *words)
    assert (result.code, result.out) == (code, "")
    assert all(part in result.err for part in parts), result.err
    assert len(result.err.splitlines()) <= 3
    assert desk.ok("followup", "list", "--all-states", "--json") == before


# --- what was moved is visible


@pytest.fixture
def moved(desk: Crm) -> Crm:
    """One that was snoozed five times, one that was snoozed once, and one that repeats."""
    desk.ok("followup", "add", "c1", "Put off", "--due", "-9d")
    for number in range(5):
        desk.ok("followup", "snooze", "f1", f"{number + 1} days ago")
    desk.ok("followup", "add", "c1", "Once moved", "--due", "-2d")
    desk.ok("followup", "snooze", "f2", "yesterday")
    desk.ok("followup", "add", "c1", "Again", "--every", "daily")
    return desk


@pytest.mark.parametrize("words", [["followup", "list"], ["show", "c1"]], ids=" ".join)
@pytest.mark.parametrize("width", [100, 120])
def test_lists_say_how_often_it_was_snoozed_and_that_it_repeats(moved: Crm, words: list[str], width: int) -> None:
    lines = moved.ok(*words, tty=True, width=width).splitlines()
    assert any("Put off" in line and "snoozed 5x" in line for line in lines)
    assert not any("Once moved" in line and "snoozed" in line for line in lines)
    assert any("Again" in line and ("repeats" in line or "every day" in line) for line in lines)
    assert max(cell_width(line) for line in lines) <= width


@pytest.mark.parametrize("words", [["queue"], []], ids=" ".join)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_work_of_today_says_how_often_it_was_snoozed(moved: Crm, words: list[str], width: int) -> None:
    lines = moved.ok(*words, tty=True, width=width).splitlines()
    told = next(number for number, line in enumerate(lines) if "snoozed 5 times, first due" in line)
    assert "Put off" in lines[told - 1]
    assert "first due Wed 11 Nov" in " ".join(" ".join(lines[told : told + 2]).split())
    assert sum("snoozed" in line for line in lines) == 1
    assert max(cell_width(line) for line in lines) <= width


def test_without_anything_to_say_the_list_is_as_it_was(desk: Crm) -> None:
    desk.ok("followup", "add", "c1", "Call", "--due", "+1d")
    assert "Also" not in desk.ok("followup", "list", tty=True)


def test_show_tells_every_move(moved: Crm) -> None:
    moved.ok("followup", "assign", "f1", "bob")
    out = moved.ok("followup", "show", "f1", tty=True, width=400)
    out = " ".join(out.split())
    assert "Moved Wed 11 Nov to Thu 19 Nov (ada, Fri 20 Nov), Thu 19 Nov to Wed 18 Nov (ada, Fri 20 Nov)" in out
    assert "Assigned ada to bob (ada, Fri 20 Nov)" in out
    record = moved.json("followup", "show", "f1")["item"]
    assert len(record["moves"]) == 5
    assert record["assignments"] == [{"at": "2026-11-20T10:00:00Z", "by": "ada", "from": "ada", "to": "bob"}]
    assert moved.ok("followup", "show", "f1", "--fields", "assignments").splitlines()[1] == (
        "ada to bob by ada at 2026-11-20T10:00:00Z"
    )


def test_hostile_names_in_rules_and_moves_are_shown_harmlessly(desk: Crm) -> None:
    result = desk("followup", "add", "c1", "Call", "--every", "\x1b[31mmonday\u202e")
    assert result.code == 2
    assert not set("\x1b\u202e") & set(result.err)
    desk.ok("user", "add", "e\x1b[31mvil")
    desk.ok("followup", "add", "c1", "Call", "--due", "+1d")
    desk.ok("followup", "assign", "f1", "e\x1b[31mvil")
    shown = desk("followup", "show", "f1", tty=True)
    assert "\x1b" not in shown.out + shown.err


# --- elsewhere


def test_a_calendar_gets_the_rule_where_it_finds_the_same_days(desk: Crm) -> None:
    add = ("followup", "add", "c1", "Call", "--every")
    desk.ok(*add, "monday until 2026-12-31")  # f1: a whole day
    desk.ok(*add, "monday until 2026-12-31", "--due", "mon 9:00")  # f2: a time in UTC
    desk.ok(*add, "monday", "--due", "mon 9:00", "--timezone", "Europe/Berlin")  # f3: summer time
    desk.ok(*add, "2 weeks after done")  # f4: nobody knows the days
    desk.ok(*add, "monday", "--workdays", "DE")  # f5: nor here
    desk.ok(*add, "monday")  # f6: moved
    desk.ok("followup", "snooze", "f6", "+9d")
    desk.ok(*add, "daily 3 times")  # f7, done; f8 is left
    desk.ok("followup", "done", "f7")
    entries = desk.ok("export", "followups", "-o", "ics").split("BEGIN:VTODO")[1:]
    rules = [line for entry in entries for line in entry.splitlines() if line.startswith(("DTSTART", "RRULE"))]
    assert sorted(rules) == [
        "DTSTART:20261123T090000Z",
        "DTSTART;VALUE=DATE:20261121",
        "DTSTART;VALUE=DATE:20261123",
        "RRULE:FREQ=DAILY;COUNT=2",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231T090000Z",
    ]


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_a_series_goes_on_in_another_database(desk: Crm, form: str) -> None:
    desk.ok("followup", "add", "c1", "Call", "--every", "monday", "--workdays", "DE")
    desk.ok("followup", "add", "c1", "Write", "--every", "3 months after done 4 times", "--due", "2026-11-30")
    desk.ok("followup", "done", "f1", "f2")
    people, promised = desk.ok("export", "contacts", "-o", form), desk.ok("export", "followups", "-o", form)
    folder = desk.home
    (folder / f"people.{form}").write_text(people)
    (folder / f"promised.{form}").write_text(promised)
    other = Crm("sqlite", str(folder / "other.db"), folder)
    other.ok("import", str(folder / f"people.{form}"))
    other.ok("import", str(folder / f"promised.{form}"))
    assert other.ok("export", "followups", "-o", form) == promised
    (write,) = other.json("followup", "list", "Write")["items"]
    assert write["recurrence"]["words"] == "every 3 months 3 times after done"
    done = other.json("followup", "done", write["id"])["items"]
    assert [item["due_at"] for item in done] == ["2027-02-20T00:00:00Z"] * 2  # counted from today both times


def test_what_is_no_rule_is_rejected_with_its_row(desk: Crm) -> None:
    rows = ["uid,subject,due_at,status,recurrence,people"]
    ada = f"Ada Lovelace; uid={desk.json('contact', 'show', 'c1')['item']['uid']}"
    rows.append(f"01a1f866-0d00-7dd7-8577-22e30849c872,Call,2026-11-24T00:00:00Z,open,every mnday,{ada}")
    result = desk("import", "-", stdin="\n".join(rows) + "\n")
    assert result.code == 5
    assert "every mnday" in result.err + result.out
    assert desk.json("followup", "list")["items"] == []


def test_closed_by_several_at_once_the_next_is_planned_once(office: Crm) -> None:
    office.ok("followup", "add", "c1", "Call", "--every", "monday")
    call = [sys.executable, "-m", "crmcli", "followup", "done", "f1"]
    calls = [subprocess.Popen(call, env=office.environ(), stderr=subprocess.PIPE, cwd=ROOT) for _ in range(4)]
    told = [(running.communicate()[1].decode(), running.returncode) for running in calls]
    assert sorted(code for _, code in told) == [0, 2, 2, 2]
    assert sum("f1 is done already" in text for text, _ in told) == 3
    items = office.json("followup", "list", "--all-states")["items"]
    assert [(item["id"], item["status"]) for item in items] == [("f1", "done"), ("f2", "open")]

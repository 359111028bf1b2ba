"""Bare `crm`."""

from pathlib import Path

import pytest

from crmcli.kernel.text import cell_width
from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Something overdue, something today, and a contact who waits."""
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("contact", "add", "山田 太郎")
    crm.ok("followup", "add", "c1", "Send the contract to everybody who asked for it", "--due", "-3d")
    crm.ok("followup", "add", "c1", "Meet", "--due", "today 15:00")
    crm.ok("log", "in", "c2", "Where is my order?", "--channel", "email", "--at", "2026-11-18 09:00")
    return crm


def test_a_terminal_gets_the_day(office: Crm) -> None:
    shown = office(tty=True, width=100)
    assert shown.out == (
        "Fri 20 Nov 2026 UTC  1 overdue, 1 today, 1 to answer\n"
        "\n"
        "Overdue  1\n"
        "  f1  3 days overdue  Ada Lovelace  Send the contract to everybody who asked for it\n"
        "\n"
        "Today  1\n"
        "  f2  today 15:00     Ada Lovelace  Meet\n"
        "\n"
        "You owe a reply  1\n"
        "  c2  2 days ago      山田 太郎     Where is my order?                               email\n"
    )
    assert shown.err == "2 due, 1 overdue; next: crm followup done f1\n"


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_it_fits(office: Crm, width: int) -> None:
    shown = office.ok(tty=True, width=width)
    assert max(cell_width(line) for line in shown.splitlines()) <= width
    assert "order?" in shown


def test_json(office: Crm) -> None:
    document = office.json()
    assert document["schema"] == "crm.agenda/1"
    item = document["item"]
    assert list(item) == ["date", "timezone", "overdue", "today", "week", "owed", "cases", "counts", "birthdays"]
    assert [entry["id"] for entry in item["overdue"] + item["today"]] == ["f1", "f2"]
    assert item["counts"] == {"overdue": 1, "today": 1, "week": 0, "owed": 1, "cases": 0}
    assert item["owed"][0]["contact"] == {"id": "c2", "display_name": "山田 太郎"}


def test_a_pipe_gets_what_is_due_as_the_queue_does(office: Crm) -> None:
    assert office.ok() == office.ok("queue")
    assert office.ok("-o", "ids") == "f1\nf2\n"


def test_plain_lines(office: Crm) -> None:
    shown = office.ok("--plain", tty=True)
    assert "Subject: Meet\n" in shown
    assert shown.endswith("You owe a reply: 山田 太郎 (c2), 2 days ago, email: Where is my order?\n")


def test_long_lists_are_cut_and_counted(office: Crm) -> None:
    for number in range(9):
        office.ok("followup", "add", "c1", f"Late {number}", "--due", "yesterday")
    shown = office.ok(tty=True)
    assert "Overdue  10\n" in shown
    assert shown.count("Late") == 6
    assert "more: crm queue\n" in shown


def test_nothing_is_due(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    shown = crm(tty=True)
    assert shown.out == "Fri 20 Nov 2026 UTC  nothing is due this week\n"
    assert shown.err == "plan something: crm followup add WHO TEXT --due tomorrow\n"
    crm.ok("followup", "add", "c1", "Congratulate", "--due", "+5w")
    assert crm(tty=True).err == "1 due later: crm queue --later\n"
    crm.ok("log", "in", "c1", "Hello?")
    assert crm(tty=True).err == "next: crm show c1\n"


@pytest.mark.parametrize("tty", [True, False])
def test_an_empty_database_says_how_to_begin(crm: Crm, tty: bool) -> None:
    shown = crm(tty=tty, width=40)
    assert (shown.code, shown.err) == (0, "")
    for command in ("crm demo", "crm contact add", "crm log in", "crm init", "crm help"):
        assert command in shown.out


def test_programs_get_their_format_from_an_empty_database(crm: Crm) -> None:
    assert crm.json()["item"]["overdue"] == []
    assert crm.ok("-o", "tsv").splitlines() == crm.ok("queue").splitlines()


def test_no_database_is_made(crm_sqlite: Crm, tmp_path: Path) -> None:
    place = tmp_path / "none" / "crm.db"
    for words in ([], ["--json"], ["queue"], ["followup", "list"]):
        assert crm_sqlite(*words, env={"CRM_DB": str(place)}).code == 0
    assert not place.parent.exists()

"""`crm agenda`, and `crm agenda --week`."""

import json
import re

import pytest

from crmcli.kernel.text import cell_width
from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    crm.ok("contact", "add", "Ada Lovelace", "--birth-date", "1986-11-23")
    crm.ok("contact", "add", "山田 太郎", "--timezone", "Asia/Tokyo", "--birth-date", "--11-20")
    crm.ok("contact", "add", "Bob West", "--timezone", "America/Los_Angeles")
    crm.ok("followup", "add", "c1", "Send the contract to everybody who asked for it", "--due", "-3d")
    crm.ok("followup", "add", "c2", "Call", "--due", "today 15:00", "--priority", "high")
    crm.ok("followup", "add", "c3", "Ring", "--due", "2026-11-23 07:00")
    crm.ok("followup", "add", "c1", "Meet", "--due", "2026-11-23")
    return crm


def test_the_week(office: Crm) -> None:
    shown = office("agenda", "--week", tty=True, width=100)
    assert shown.out == (
        "Fri 20 Nov 2026 UTC  1 overdue, 1 today, 2 to come\n"
        "\n"
        "Overdue  1\n"
        "  f1  3 days    Ada Lovelace  Send the contract to everybody who asked for it\n"
        "\n"
        "Today, Fri 20 Nov  2\n"
        "  c2  birthday  山田 太郎\n"
        "  f2  15:00     山田 太郎     Call                                             high\n"
        "                00:00 the next day in Tokyo, night there\n"
        "\n"
        "Mon 23 Nov  3\n"
        "  c1  birthday  Ada Lovelace  turns 40\n"
        "  f4  all day   Ada Lovelace  Meet\n"
        "  f3  07:00     Bob West      Ring\n"
        "                23:00 the day before in Los Angeles, night there\n"
    )
    assert shown.err == "2 due, 1 overdue; next: crm followup done f1\n"


def test_at_sixty_columns_each_has_its_line(office: Crm) -> None:
    shown = office.ok("agenda", "--week", tty=True, width=60)
    assert (
        "Mon 23 Nov  3\n"
        "  c1  birthday  Ada Lovelace: turns 40\n"
        "  f4  all day   Ada Lovelace: Meet\n"
        "  f3  07:00     Bob West: Ring\n"
    ) in shown


def test_today_has_a_line_for_each_at_sixty_columns(office: Crm) -> None:
    office.ok(
        "followup", "add", "c1", "Send the offer for the second engine", "--due", "2026-11-19", "--priority", "high"
    )
    office.ok("log", "in", "c2", "When is the engine ready, and what does it cost?", "--followup", "tue 9:00")
    shown = office.ok(tty=True, width=60)
    assert re.search(r"\n  f\d  yesterday  Ada Lovelace: Send the offer.*…  high\n", shown)
    assert re.search(r"\n  f2  15:00 +山田 太郎: Call +high\n", shown)
    assert re.search(r"\n  c2  just now +山田 太郎: When is the .*…  planned f\d\n", shown)


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_it_fits(office: Crm, width: int) -> None:
    for words in (["agenda"], ["agenda", "--week"]):
        shown = office.ok(*words, tty=True, width=width)
        assert max(cell_width(line) for line in shown.splitlines()) <= width
        assert "Tokyo" in shown


def test_today_tells_birthdays_and_their_time(office: Crm) -> None:
    shown = office.ok(tty=True)
    assert shown == office.ok("agenda", tty=True)
    assert "00:00 the next day in Tokyo, night there\n" in shown
    assert "Birthdays  1\n  c2  today           山田 太郎\n" in shown


def test_no_time_is_told_where_it_is_the_same(office: Crm) -> None:
    assert "in Tokyo" not in office.ok("agenda", "--week", tty=True, env={"CRM_TIMEZONE": "Asia/Tokyo"})
    assert "in Tokyo" not in office.ok("agenda", "--week", tty=True, env={"CRM_TIMEZONE": "Asia/Seoul"})


def test_json(office: Crm) -> None:
    document = office.json("agenda", "--week")
    assert document["schema"] == "crm.agenda/1"
    item = document["item"]
    assert list(item) == [
        "date", "timezone", "overdue", "today", "week", "owed", "cases", "counts", "birthdays", "days",
        "days_more",
    ]  # fmt: skip
    assert list(item["days"][0]) == ["date", "weekday", "cases", "followups", "birthdays"]
    today = office.json("agenda")["item"]
    assert "days" not in today
    assert {name: item[name] for name in today} == today
    assert today == office.json()["item"]
    assert json.loads(office.ok("agenda", "--week", "-o", "jsonl")) == item


def test_a_pipe_gets_rows_with_their_day(office: Crm) -> None:
    header, *rows = [line.split("\t") for line in office.ok("agenda", "--week").splitlines()]
    assert header[:5] == ["day", "kind", "id", "due_at", "who"]
    assert [row[:3] for row in rows] == [
        ["2026-11-17", "overdue", "f1"],
        ["2026-11-20", "birthday", "c2"],
        ["2026-11-20", "followup", "f2"],
        ["2026-11-23", "birthday", "c1"],
        ["2026-11-23", "followup", "f4"],
        ["2026-11-23", "followup", "f3"],
    ]
    assert rows[2][header.index("there")] == "2026-11-21T00:00+09:00 night"
    assert office.ok("agenda", "--week", "-o", "ids").split() == ["f1", "f2", "f4", "f3"]
    assert (
        office.ok("agenda", "--week", "--fields", "day,subject", "-o", "csv").splitlines()[1].startswith("2026-11-17,")
    )
    assert "there" in office.ok("agenda", "--week", "--fields", "help")


def test_plain_lines(office: Crm) -> None:
    office.ok("log", "in", "c3", "Where is it?", "--channel", "email", "--at", "-1h")
    shown = office.ok("agenda", "--week", "--plain", tty=True)
    assert "Day: 2026-11-23\n" in shown
    assert "You owe a reply: Bob West (c3)" in shown


def test_a_full_day_is_cut_and_counted(office: Crm) -> None:
    for number in range(10):
        office.ok("followup", "add", "c1", f"Many {number}", "--due", "2026-11-24 09:00")
    shown = office.ok("agenda", "--week", tty=True)
    assert "Tue 24 Nov  10\n" in shown
    assert shown.count("Many") == 8
    assert "more: crm queue --later\n" in shown


def test_hostile_names_are_escaped(crm: Crm) -> None:
    crm.ok("contact", "add", "E\x1b[31mve", "--birth-date", "--11-20")
    for words in ([], ["agenda", "--week"]):
        shown = crm.ok(*words, tty=True)
        assert "\x1b" not in shown and "E\\x1b[31mve" in shown


@pytest.mark.parametrize("tty", [True, False])
def test_an_empty_database_says_how_to_begin(crm: Crm, tty: bool) -> None:
    assert "crm demo" in crm("agenda", "--week", tty=tty).out
    assert crm.json("agenda", "--week")["item"]["days"][0]["followups"] == []


def test_nothing_in_the_week(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    assert crm("agenda", "--week", tty=True).out == "Fri 20 Nov 2026 UTC  nothing is due in these seven days\n"

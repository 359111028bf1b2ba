"""`crm queue`."""

import pytest

from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    """What is due at every time, mine and bob's."""
    crm.ok("contact", "add", "Ada Lovelace", "--tag", "vip")
    crm.ok("contact", "add", "山田 太郎")
    crm.ok("user", "add", "bob")
    for who, subject, when, priority, owner in (
        ("c1", "Send the contract", "-3d", "normal", "me"),
        ("c2", "Ring back", "yesterday 9:00", "urgent", "me"),
        ("c2", "Pay the invoice", "today", "high", "me"),
        ("c1", "Meet", "today 15:00", "low", "me"),
        ("c1", "Write", "tomorrow 9:00", "normal", "me"),
        ("c1", "Congratulate", "2026-12-30", "normal", "me"),
        ("c1", "Bob calls", "-1d", "urgent", "bob"),
    ):
        crm.ok("followup", "add", who, subject, "--due", when, "--priority", priority, "--owner", owner)
    return crm


def ids(crm: Crm, *words: str) -> list[str]:
    return [item["id"] for item in crm.json("queue", *words)["items"]]


def test_what_is_in_it(office: Crm) -> None:
    assert ids(office) == ["f2", "f1", "f3", "f4", "f5"]
    assert ids(office, "--later") == ["f2", "f1", "f3", "f4", "f5", "f6"]
    assert ids(office, "--all") == ["f7", "f2", "f1", "f3", "f4", "f5"]
    assert ids(office, "--limit", "2") == ["f2", "f1"]
    assert ids(office, "tag:vip") == ["f1", "f4", "f5"]
    assert ids(office, "owner:bob") == ["f7"]
    assert ids(office, "invoice") == ["f3"]


def test_json_is_a_list_of_follow_ups_with_bucket_and_waiting(office: Crm) -> None:
    document = office.json("queue")
    assert document["schema"] == "crm.followup.list/1"
    assert [item["bucket"] for item in document["items"]] == ["overdue", "overdue", "today", "today", "week"]
    assert [item["waiting"] for item in document["items"]] == [25 * 3600, 82 * 3600, 0, 0, 0]
    assert list(document["items"][0])[-3:] == ["updated_at", "bucket", "waiting"]
    assert office.json("queue", "--limit", "1", "--fields", "id,due_at")["items"] == [
        {"id": "f2", "due_at": "2026-11-19T09:00:00Z"}
    ]


def test_a_pipe_gets_rows(office: Crm) -> None:
    header, first = office.ok("queue").splitlines()[:2]
    assert header.split("\t") == ["id", "due_at", "subject", "who", "who_id", "priority", "owner", "bucket", "waiting"]
    assert first.split("\t")[:4] == ["f2", "2026-11-19T09:00:00Z", "Ring back", "山田 太郎"]
    assert office.ok("queue", "-o", "ids").split() == ["f2", "f1", "f3", "f4", "f5"]


def test_a_terminal_gets_sections(office: Crm) -> None:
    shown = office("queue", tty=True)
    assert shown.out == (
        "Overdue  2\n"
        "  f2  since yesterday  山田 太郎     Ring back          urgent\n"
        "  f1  3 days overdue   Ada Lovelace  Send the contract\n"
        "\n"
        "Today  2\n"
        "  f3  today            山田 太郎     Pay the invoice    high\n"
        "  f4  today 15:00      Ada Lovelace  Meet               low\n"
        "\n"
        "This week  1\n"
        "  f5  tomorrow 09:00   Ada Lovelace  Write\n"
    )
    assert shown.err == "5 due, 2 overdue; next: crm followup done f2\n"


def test_a_narrow_terminal_gets_lines(office: Crm) -> None:
    assert office.ok("queue", "f2 or contact", "--later", tty=True, width=40) == ""
    shown = office.ok("queue", "priority:urgent", tty=True, width=30)
    assert shown == "Overdue  1\n  f2  since yesterday  urgent\n    山田 太郎: Ring back\n"


def test_what_is_cut_off_is_counted(office: Crm) -> None:
    shown = office("queue", "--limit", "1", tty=True)
    assert shown.out.splitlines()[0] == "Overdue  2"
    assert "--limit N shows more" in shown.out
    assert shown.err.startswith("5 due, 2 overdue")


def test_colour_says_how_urgent(office: Crm) -> None:
    shown = office.ok("queue", tty=True, env={"NO_COLOR": None, "FORCE_COLOR": "1"})
    assert "\x1b[1;31mOverdue" in shown
    assert "\x1b[1;31murgent" in shown
    assert "\x1b[1;33mToday" in shown


def test_plain_lines_and_chosen_columns(office: Crm) -> None:
    assert "Subject: Ring back\nCustomer: 山田 太郎\n" in office.ok("queue", "--plain", tty=True)
    assert office.ok("queue", "--fields", "id,subject", tty=True).splitlines()[0].split() == ["Id", "Subject"]


def test_a_terminal_without_unicode(office: Crm) -> None:
    assert office.ok("queue", tty=True, env={"LC_ALL": "C"}).startswith("Overdue  2\n")


def test_times_are_those_of_my_zone(office: Crm) -> None:
    shown = office.ok("queue", tty=True, env={"CRM_TIMEZONE": "Asia/Tokyo"})
    assert "tomorrow 00:00" in shown  # 15:00 UTC
    # A whole day in UTC is the same day in Tokyo, and no time of it is told.
    assert "f3  today " in shown


def test_nothing_is_due(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    shown = crm("queue", tty=True)
    assert (shown.code, shown.out, shown.err) == (0, "", "Nothing is due this week.\n")
    crm.ok("followup", "add", "c1", "Congratulate", "--due", "+5w")
    assert crm("queue", tty=True).err == "Nothing is due this week.\n1 due later: crm queue --later\n"
    assert crm.json("queue") == {"schema": "crm.followup.list/1", "items": []}


@pytest.mark.parametrize("words", [["nofield:1"], ["due<2026-02-30"], ["("], ["--fields", "nothing"], ["-o", "xml"]])
def test_bad_requests_name_what_is_wrong(office: Crm, words: list[str]) -> None:
    result = office("queue", *words)
    assert (result.code, result.out) == (2, "")


def test_what_is_only_due_later_is_not_to_be_done_now(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("followup", "add", "c1", "Low", "--due", "+2w", "--priority", "low")
    crm.ok("followup", "add", "c1", "Urgent", "--due", "+3w", "--priority", "urgent")
    shown = crm("queue", "--later", tty=True)
    assert [line.split()[0] for line in shown.out.splitlines()[1:]] == ["f1", "f2"]
    assert shown.err == "0 due, 0 overdue\n"

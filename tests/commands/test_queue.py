"""`crm queue`."""

import pytest

from crmcli.kernel.text import cell_width
from crmcli.render.views.replies import OWED, WAITING
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
    assert ids(office, "--everyone") == ids(office, "--all") == ["f7", "f2", "f1", "f3", "f4", "f5"]
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
    lists: dict[str, list[str]] = {name: [] for name in ("items", "cases", "owed", "cadence", "waiting")}
    assert crm.json("queue") == {"schema": "crm.followup.list/1", **lists}


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


# --- answers, on either side


@pytest.fixture
def desk(office: Crm) -> Crm:
    """The office, with two who wait for us, one of them promised something, and two for whom we wait."""
    for name in ("Grace Hopper", "Charles Babbage", "Mary Somerville"):
        office.ok("contact", "add", name)
    office.ok("log", "in", "c1", "Where is my order?", "--channel", "email", "--at", "-3d")
    office.ok("log", "in", "c3", "An offer, please", "--channel", "chat", "--at", "-2d", "--followup", "+5w")
    office.ok("log", "out", "c4", "Our offer", "--channel", "email", "--at", "-10d")
    for days in ("-300d", "-200d", "-100d"):
        office.ok("log", "out", "c5", "Ask", "--channel", "email", "--at", days)
        office.ok("log", "in", "c5", "Answer", "--channel", "email", "--at", f"-{int(days[1:-1]) - 2}d")
    office.ok("log", "out", "c5", "Ask again", "--channel", "email", "--at", "-20d")
    return office


def test_a_terminal_gets_owed_first_and_waiting_last(desk: Crm) -> None:
    shown = desk("queue", tty=True, width=100)
    assert shown.out == (
        "You owe a reply  2\n"
        "  c1  3 days ago       Ada Lovelace     Where is my order?  email\n"
        "  c3  2 days ago       Grace Hopper     An offer, please    planned f8\n"
        "\n"
        "Overdue  2\n"
        "  f2  since yesterday  山田 太郎        Ring back           urgent\n"
        "  f1  3 days overdue   Ada Lovelace     Send the contract\n"
        "\n"
        "Today  2\n"
        "  f3  today            山田 太郎        Pay the invoice     high\n"
        "  f4  today 15:00      Ada Lovelace     Meet                low\n"
        "\n"
        "This week  1\n"
        "  f5  tomorrow 09:00   Ada Lovelace     Write\n"
        "\n"
        "Waiting for them  2\n"
        "  c5  2 weeks ago      Mary Somerville  Ask again           usually 2 days\n"
        "  c4  10 days ago      Charles Babbage  Our offer           email\n"
    )
    assert shown.err == "2 to answer, 5 due, 2 overdue; next: crm followup done f2\n"


def test_an_answer_is_next_when_nothing_is_due(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("log", "in", "c1", "Hello?")
    shown = crm("queue", tty=True)
    assert shown.out == "You owe a reply  1\n  c1  just now  Ada Lovelace  Hello?  call\n"
    assert shown.err == "1 to answer; next: crm show c1\n"


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_it_fits(desk: Crm, width: int) -> None:
    for words in (["queue"], ["queue", "--kind", "owed"], ["queue", "--kind", "waiting"]):
        shown = desk.ok(*words, tty=True, width=width)
        assert max(cell_width(line) for line in shown.splitlines()) <= width


def test_json_has_the_other_lists_beside_the_items(desk: Crm) -> None:
    document = desk.json("queue")
    assert list(document) == ["schema", "items", "cases", "owed", "cadence", "waiting"]
    assert [item["id"] for item in document["items"]] == ["f2", "f1", "f3", "f4", "f5"]
    assert [item["id"] for item in document["owed"]] == ["c1", "c3"]
    assert [list(item) for item in document["owed"]] == [list(OWED.json)] * 2
    assert [list(item) for item in document["waiting"]] == [list(WAITING.json)] * 2
    assert document["waiting"][0]["usual_reply"] == 2 * 86_400
    assert list(desk.json("queue", "tag:vip")) == ["schema", "items"]


def test_one_list_in_any_format(desk: Crm) -> None:
    assert desk.json("queue", "--kind", "owed")["schema"] == "crm.owed.list/1"
    assert list(desk.json("queue", "--kind", "waiting")) == ["schema", "items"]
    assert desk.ok("queue", "--kind", "waiting", "-o", "ids").split() == ["c5", "c4"]
    assert desk.ok("queue", "--kind", "promised", "-o", "ids") == desk.ok("queue", "-o", "ids")
    header, first, *_ = desk.ok("queue", "--kind", "owed").splitlines()
    assert dict(zip(header.split("\t"), first.split("\t"), strict=True)) == {
        "id": "c1", "who": "Ada Lovelace", "last_inbound_at": "2026-11-17T10:00:00Z", "channel": "email",
        "subject": "Where is my order?", "waiting": "259200", "followup_id": "", "interaction_id": "i1", "owner": "",
    }  # fmt: skip
    assert desk.ok("queue", "--kind", "owed", "tag:vip", "-o", "ids") == "c1\n"
    assert desk.ok("queue", "--kind", "owed", "--limit", "1", "-o", "jsonl").count("\n") == 1


def test_one_list_on_a_terminal(desk: Crm) -> None:
    shown = desk("queue", "--kind", "owed", tty=True)
    assert shown.out.startswith("You owe a reply  2\n") and "Overdue" not in shown.out and shown.err == ""
    assert "--limit N shows more" in desk.ok("queue", "--kind", "owed", "--limit", "1", tty=True)
    assert "You owe" not in desk.ok("queue", "--kind", "promised", tty=True)
    desk.ok("log", "out", "c1", "It is on its way", "--channel", "email")
    desk.ok("log", "out", "c3", "Here it is", "--channel", "email")
    assert desk("queue", "--kind", "owed", tty=True).err == "You owe nobody a reply.\n"


def test_long_lists_are_glanced_at(crm: Crm) -> None:
    for number in range(1, 13):
        crm.ok("contact", "add", f"Person {number}")
        crm.ok("log", "in", f"c{number}", "Hello?")
    shown = crm("queue", tty=True)
    assert "You owe a reply  12\n" in shown.out
    assert shown.out.count("Hello?") == 10
    assert "more: crm queue --kind owed\n" in shown.out


def test_what_is_older_is_pointed_at(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("log", "in", "c1", "Hello?", "--at", "-100d")
    shown = crm("queue", tty=True)
    assert shown.err == (
        "Nothing is due this week.\nowed: there is more from before Sat 22 Aug: crm queue --kind owed --since -1y\n"
    )
    assert "c1" in crm.ok("queue", "--kind", "owed", "--since", "-1y", tty=True)
    assert crm("queue").err == ""


def test_plain_lines_tell_of_answers(desk: Crm) -> None:
    shown = desk.ok("queue", "--plain", tty=True)
    assert shown.startswith("You owe a reply: Ada Lovelace (c1), 3 days ago, email: Where is my order?\n")
    assert "Waiting for them: Mary Somerville (c5), 2 weeks ago, email, usually 2 days: Ask again\n" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kind", "owd"], "did you mean owed?"),
        (["--kind", "owed", "--later"], "--later is about what was promised"),
        (["--kind", "promised", "--since", "-1y"], "--since is about answers"),
        (["--kind", "owed", "--since", "tomorrow"], "still to come"),
        (["--kind", "cadence", "--since", "-1y"], "--since is about answers"),
        (["--kind", "cadence", "tag:vip"], "takes no filter"),
        (["--kind", "owed", "priority:high"], "priority"),
        (["--kind", "owed", "--fields", "due_at"], "there is no field 'due_at'"),
    ],
)
def test_bad_requests_about_answers(desk: Crm, words: list[str], said: str) -> None:
    result = desk("queue", *words)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_hostile_words_are_escaped(crm: Crm) -> None:
    crm.ok("contact", "add", "Eve \u202e[red]")
    crm.ok("log", "in", "c1", "\x1b[31m[/]Hello\x07", "--channel", "email")
    for words in ([], ["--plain"], ["--kind", "owed"], ["--kind", "owed", "-o", "md"], ["--kind", "owed", "-o", "tsv"]):
        shown = crm.ok("queue", *words, tty=True)
        assert "Hello" in shown and not set(shown) & {"\x1b", "\x07", "\u202e"}


def test_with_whom_to_get_in_touch_stands_behind_what_was_promised(crm: Crm) -> None:
    crm.ok("contact", "add", "Rosalind Thackeray")
    crm.ok("cadence", "set", "c1", "2w")
    later = {"CRM_NOW": "2026-12-05T10:00:00Z"}
    assert crm.ok("queue", "--kind", "cadence", "-o", "ids") == ""
    assert crm.ok("queue", "--kind", "cadence", "-o", "ids", env=later) == "c1\n"
    shown = crm.ok("queue", tty=True, env=later)
    assert "Stay in touch  1\n  c1  Fri 4 Dec  Rosalind Thackeray  every 2 weeks  due\n" in shown
    assert [item["cadence"] for item in crm.json("queue", env=later)["cadence"]] == ["cad1"]
    assert "Stay in touch: Rosalind Thackeray (c1), due since Fri 4 Dec, every 2 weeks" in crm.ok(
        "queue", "--plain", env=later
    )

"""`crm cadence`."""

import pytest

from tests.conftest import Crm

NAME = "a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc|\\<b>"
LATER = {"CRM_NOW": "2027-02-20T10:00:00Z"}


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Two people and a company, and who of them is to be kept in touch with."""
    crm.ok("contact", "add", "Ada Lovelace", "--tag", "vip", "--company", "Engines")
    crm.ok("contact", "add", "山田 太郎", "--tag", "vip")
    crm.ok("cadence", "set", "c1", "6w")
    crm.ok("cadence", "set", "--where", "tag:vip", "1m", "--via", "call")
    crm.ok("cadence", "set", "co1", "3m")
    return crm


def test_a_terminal_is_told_what_was_understood(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--tag", "vip")
    crm.ok("log", "in", "c1", "Asked", "--at", "2026-11-01 9:00")
    assert crm.ok("cadence", "set", "c1", "6w", tty=True) == (
        "Set cad1: Ada Lovelace (c1), every 6 weeks, at most 9 weeks; last contact 2 weeks ago; due Sun 13 Dec\n"
    )
    assert crm.ok("cadence", "set", "c1", "every", "4", "weeks", "--max", "8w", tty=True) == (
        "Changed cad1: Ada Lovelace (c1), every 4 weeks, at most 8 weeks; last contact 2 weeks ago; due Sun 29 Nov\n"
    )
    assert crm.ok("cadence", "set", "c1", "4w", tty=True).startswith("Nothing to change in cad1: ")
    assert crm.ok("cadence", "set", "--where", "tag:vip", "1m", "--via", "email", tty=True) == (
        "Set cad2: contacts that match tag:vip (1 now), every month by e-mail, at most 46 days\n"
    )
    assert crm.ok("cadence", "pause", "cad1", "--until", "+3w", tty=True) == (
        "Paused cad1: Ada Lovelace (c1), every 4 weeks, at most 8 weeks; rests until Fri 11 Dec 00:00 UTC\n"
    )
    assert crm.ok("cadence", "resume", "cad1", tty=True).startswith("Resumed cad1: Ada Lovelace (c1), ")
    assert crm.ok("cadence", "rm", "cad1", "cad2", tty=True).splitlines() == [
        "Removed cad1: Ada Lovelace (c1), every 4 weeks, at most 8 weeks",
        "Removed cad2: tag:vip, every month by e-mail, at most 46 days",
    ]
    assert crm.ok("cadence", "list", tty=True) == ""


def test_a_pipe_gets_the_id_and_is_told_beside_it(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    made = crm("cadence", "set", "c1", "6w")
    assert made.out == "cad1\n"
    assert (
        made.err == "Set cad1: Ada Lovelace (c1), every 6 weeks, at most 9 weeks; no contact yet; due Fri 1 Jan 2027\n"
    )
    paused = crm("cadence", "pause", "-", "--until", "2026-12-24", stdin="id\ncad1\n")
    assert (paused.out, paused.err) == ("cad1\n", "cad1 rests until Thu 24 Dec 00:00 UTC\n")
    assert crm.json("cadence", "resume", "cad1")["item"]["state"] == "ok"


def test_json_keeps_the_contract(office: Crm) -> None:
    document = office.json("cadence", "list")
    assert document["schema"] == "crm.cadence.list/1"
    assert [tuple(item) for item in document["items"]] == [
        (
            "id", "uid", "noun", "contact", "company", "filter", "ideal", "maximum", "via", "owner", "state", "last_at",
            "due_on", "late_on", "days", "paused_at", "paused_until", "created_at", "updated_at",
        )
    ] * 3  # fmt: skip
    own, filtered, company = document["items"]
    assert own["contact"] == {"id": "c1", "display_name": "Ada Lovelace"} and own["company"] is None
    assert (own["state"], own["due_on"], own["late_on"], own["days"]) == ("ok", "2027-01-01", "2027-01-22", -42)
    assert (filtered["filter"], filtered["via"], filtered["state"], filtered["due_on"]) == (
        "tag:vip", "call", None, None,
    )  # fmt: skip
    assert (company["company"], company["noun"]) == ({"id": "co1", "name": "Engines"}, "company")


def test_who_is_due_late_ones_first(office: Crm) -> None:
    assert office.json("cadence", "list", "--due") == {"schema": "crm.cadence.due.list/1", "items": []}
    office.ok("log", "out", "c2", "Hello", "--at", "2026-12-31", "--channel", "call", env=LATER)
    document = office.json("cadence", "list", "--due", env=LATER)
    assert document["items"] == [
        {
            "id": "c1", "contact": {"id": "c1", "display_name": "Ada Lovelace"}, "company": None, "cadence": "cad2",
            "reason": "every month by call (tag:vip)", "ideal": "1m", "maximum": "46d", "via": "call", "owner": "ada",
            "last_at": None, "due_on": "2026-12-20", "late_on": "2027-01-05", "state": "late", "days": 62,
        },
        {
            "id": "c2", "contact": {"id": "c2", "display_name": "山田 太郎"}, "company": None, "cadence": "cad2",
            "reason": "every month by call (tag:vip)", "ideal": "1m", "maximum": "46d", "via": "call", "owner": "ada",
            "last_at": "2026-12-31T10:00:00Z", "due_on": "2027-01-31", "late_on": "2027-02-15", "state": "late",
            "days": 20,
        },
        {
            "id": "co1", "contact": None, "company": {"id": "co1", "name": "Engines"}, "cadence": "cad3",
            "reason": "every 3 months", "ideal": "3m", "maximum": "5m", "via": None, "owner": "ada",
            "last_at": None, "due_on": "2027-02-20", "late_on": "2027-04-20", "state": "due", "days": 0,
        },
    ]  # fmt: skip
    assert office.ok("cadence", "list", "--due", "-o", "ids", env=LATER).split() == ["c1", "c2", "co1"]
    assert office.ok("cadence", "list", "--due", "--limit", "1", env=LATER).splitlines() == [
        "id\twho\tstate\tdays\tlast_at\treason\tcadence",
        "c1\tAda Lovelace\tlate\t62\t\tevery month by call (tag:vip)\tcad2",
    ]
    assert "1 shown" in office("cadence", "list", "--due", "--limit", "1", env=LATER).err


def test_everyones(office: Crm) -> None:
    assert office.json("cadence", "list", "--due", env={**LATER, "CRM_USER": "bob"})["items"] == []
    found = office.json("cadence", "list", "--due", "--everyone", env={**LATER, "CRM_USER": "bob"})["items"]
    assert [item["id"] for item in found] == ["c1", "c2", "co1"]
    refused = office("cadence", "list", "--everyone")
    assert (refused.code, refused.out) == (2, "")


def test_red_and_yellow(office: Crm) -> None:
    shown = office.ok("cadence", "list", "--due", tty=True, env={**LATER, "NO_COLOR": None, "FORCE_COLOR": "1"})
    assert "\x1b[1;31mlate" in shown and "\x1b[33mdue" in shown


@pytest.mark.parametrize("width", [30, 40, 80])
def test_lists_fit_the_terminal(office: Crm, width: int) -> None:
    for words in (["list"], ["list", "--due"]):
        shown = office.ok("cadence", *words, tty=True, width=width, env=LATER)
        assert shown and all(len(line) <= width for line in shown.splitlines())


def test_nobody_is_due(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    assert crm("cadence", "list", tty=True).err == "No cadences here. Set one: crm cadence set WHO 6w\n"
    assert crm("cadence", "list", "--due", tty=True).err == "Nobody is due by a cadence.\n"


def test_the_screen_of_a_customer_says_which_cadence_counts(office: Crm) -> None:
    line = "Cadence: every month by call (cad2, tag:vip); none yet; due in 4 weeks"
    assert line in office.ok("show", "c1", "--plain").splitlines()
    office.ok("log", "in", "c1", "Hello", "--at", "2026-11-18")
    line = "Cadence: every month by call (cad2, tag:vip); last one 2 days ago; due in 4 weeks"
    assert line in office.ok("show", "c1", "--plain").splitlines()
    assert "Cadence: every 3 months (cad3); last contact 2 days ago; due in 2 months" in (
        office.ok("show", "co1", "--plain").splitlines()
    )
    late = "Cadence: every month by call (cad2, tag:vip); last one 3 months ago; late, due 2 months ago"
    assert late in office.ok("show", "c1", "--plain", env=LATER).splitlines()
    office.ok("cadence", "rm", "cad2")
    assert "- Cadence: every 6 weeks (cad1); last contact 2 days ago; due in 5 weeks" in (
        office.ok("show", "c1", "-o", "md").splitlines()
    )
    assert "cadence\tcad1 ok 2026-12-30 every 6 weeks" in office.ok("show", "c1").splitlines()
    office.ok("cadence", "pause", "cad1", "--until", "2026-12-01")
    assert "Cadence: every 6 weeks (cad1); last contact 2 days ago; paused until Tue 1 Dec" in (
        office.ok("show", "c1", "--plain").splitlines()
    )
    screen = office.ok("show", "c1", tty=True, width=40)
    assert "Cadence    every 6 weeks (cad1); last" in screen


def test_hostile_names_and_filters_are_shown_escaped(crm: Crm) -> None:
    crm.ok("contact", "add", NAME)
    crm.ok("cadence", "set", "c1", "6w")
    crm.ok("cadence", "set", "--where", 'name~"\u202e[red]" or owner:me', "6w")
    crm.ok("contact", "edit", "c1", "--owner", "me")
    outputs = [
        text
        for words in (["cadence", "list"], ["cadence", "list", "--due"], ["cadence", "show", "cad2"], ["show", "c1"],
                      ["cadence", "set", "c1", "6w"], ["cadence", "set", "c1", "7w"], ["cadence", "pause", "c1"])
        for tty in (True, False)
        for text in crm(*words, tty=tty, env=LATER)[1:]
    ]  # fmt: skip
    for text in outputs:
        assert not {"\x1b", "\x07", "\u202e"} & set(text), text
    assert any("[red]" in text for text in outputs)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["set", "c1"], 2, "missing"),
        (["set", "c9", "6w"], 3, "no contact or company 'c9'"),
        (["set", "c1", "6"], 2, "'6' is not a span of time"),
        (["set", "c1", "6w", "--via", "cal"], 2, "did you mean call?"),
        (["set", "c1", "6w", "--via", "note"], 2, "a note reaches nobody"),
        (["set", "c1", "6w", "--owner", "nobody"], 3, "no user 'nobody'"),
        (["set", "--where", "tga:vip", "6w"], 2, "did you mean tag?"),
        (["set", "--where", " ", "6w"], 2, "an empty filter"),
        (["show", "cad9"], 3, "no cadence cad9"),
        (["pause", "cad1", "--until", "yesterday"], 2, "is over"),
        (["list", "--fields", "nothing"], 2, "nothing"),
    ],
)
def test_what_is_wrong_is_named(office: Crm, words: list[str], code: int, message: str) -> None:
    before = office.ok("cadence", "list", "-o", "json")
    refused = office("cadence", *words)
    assert (refused.code, refused.out) == (code, "")
    assert message in refused.err
    assert office.ok("cadence", "list", "-o", "json") == before

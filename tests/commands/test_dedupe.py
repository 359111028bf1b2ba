"""`crm dedupe`: pairs for scripts, and one by one on a terminal."""

import json

import pytest

from tests.conftest import Crm

HOSTILE = "Eve\x1b[31m\x1b]0;t\x07 \u202e[red]x[/red] [/]"


@pytest.fixture
def twice(crm: Crm) -> Crm:
    """Bob entered twice, surely; Grace twice, perhaps; a company twice."""
    crm.ok("contact", "add", "Bob Brown", "--email", "bob@x.example", "--job-title", "Fitter", "--company", "Acme")
    crm.ok("contact", "add", "Robert Brown", "--email", "bob@x.example", "--job-title", "Engineer", "--tag", "vip")
    crm.ok("contact", "add", "Grace Hopper", "--company", "Mills")
    crm.ok("contact", "add", "G. Hopper", "--company", "Mills Ltd")
    return crm


def asked(crm: Crm, *answers: str, width: int = 80) -> tuple[str, str]:
    """The walk on a terminal that shows menus as numbered lines; returns what was shown and what was said."""
    result = crm("dedupe", tty=True, asks=True, width=width, env={"TERM": "dumb"}, stdin="\n".join([*answers, ""]))
    assert result.code == 0, result.err
    return result.out, result.err


def ids(crm: Crm, *words: str) -> list[str]:
    return crm.ok("dedupe", *words, "-o", "ids").split()


# --- for scripts


def test_a_pipe_gets_rows(twice: Crm) -> None:
    header, first, *rest = twice.ok("dedupe").splitlines()
    assert header.split("\t") == ["id", "score", "reasons"]
    assert first.split("\t") == ["c1:c2", "93", "names alike: Bob Brown / Robert Brown,same e-mail bob@x.example"]
    assert [row.split("\t")[0] for row in rest] == ["c3:c4", "co2:co3"]


def test_json_is_a_list_of_pairs(twice: Crm) -> None:
    document = twice.json("dedupe", "contact", "--limit", "1")
    assert document["schema"] == "crm.duplicate.list/1"
    (item,) = document["items"]
    assert list(item) == ["id", "noun", "score", "certain", "reasons", "first", "second", "proposal"]
    assert (item["first"]["id"], item["second"]["name"], item["proposal"]["keep"]) == ("c1", "Robert Brown", "c1")


def test_nouns_filter_and_score(twice: Crm) -> None:
    assert ids(twice) == ids(twice, "all") == ["c1:c2", "c3:c4", "co2:co3"]
    assert ids(twice, "contacts") == ["c1:c2", "c3:c4"]
    assert ids(twice, "company") == ["co2:co3"]
    assert ids(twice, "contact", "tag:vip") == ["c1:c2"]
    assert ids(twice, "--min-score", "90") == ["c1:c2"]
    assert twice("dedupe", "--min-score", "101").code == 2
    assert twice("dedupe", "contact", "colour:red").code == 2


def test_nothing_found(crm: Crm) -> None:
    assert crm.json("dedupe")["items"] == []
    assert crm("dedupe", tty=True).err == "No duplicates were found.\n"


def test_not_the_same_is_remembered(twice: Crm) -> None:
    assert twice.ok("dedupe", "--not-same", "bob brown", "c2") == "c1:c2\n"
    assert ids(twice, "contact") == ["c3:c4"]
    assert twice.ok("dedupe", "--not-same", "c3", "c4", tty=True) == "Not the same: c3 and c4\n"
    assert twice("dedupe", "--not-same", "c1").code == 2
    assert twice("dedupe", "--not-same", "--merge-certain").code == 2
    twice.ok("undo")
    assert ids(twice, "contact") == ["c3:c4"]


def test_merge_certain(twice: Crm) -> None:
    dry = twice("dedupe", "--merge-certain", "--dry-run")
    assert (dry.code, dry.err) == (0, "Would merge 1 record into 1; nothing was changed\n")
    assert ids(twice) == ["c1:c2", "c3:c4", "co2:co3"]
    done = twice("dedupe", "--merge-certain")
    assert (done.out, done.err) == ("c1\n", "Merged 1 record into 1; crm undo takes it back\n")
    assert ids(twice) == ["c3:c4", "co2:co3"]
    assert json.loads(twice.ok("dedupe", "--merge-certain", "--json"))["items"] == []
    twice.ok("undo")
    assert ids(twice) == ["c1:c2", "c3:c4", "co2:co3"]


def test_many_are_merged_after_a_yes_only(twice: Crm) -> None:
    for _ in range(2):
        twice.ok("contact", "add", "Ada Lovelace", "--email", "ada@x.example")
    refused = twice("dedupe", "--merge-certain")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert twice.ok("dedupe", "--merge-certain", "--yes").split() == ["c5", "c1"]


def test_without_anybody_to_ask_a_terminal_gets_a_table(twice: Crm) -> None:
    shown = twice("dedupe", tty=True)
    assert "c1:c2       93  names alike: Bob Brown / Robert Brown, same e-mail" in shown.out
    assert shown.err == "1 of them is certain: crm dedupe --merge-certain\n"


# --- on a terminal


def test_one_by_one(twice: Crm) -> None:
    shown, said = asked(twice, "1", "4", "5")
    assert "Name       Bob Brown                          Robert Brown" in shown
    assert "Job title  Fitter                             Engineer" in shown
    assert "  same e-mail bob@x.example\n" in shown
    assert "Are they the same? (1 of 3)" in said
    assert "1. Merge, keep c1: it was there first" in said
    assert "Merged Robert Brown (c2) into Bob Brown (c1)" in said
    assert said.endswith("1 merged, 1 not the same, 1 left for later\n")
    assert ids(twice) == ["co2:co3"]
    assert twice.json("contact", "show", "c2")["item"]["job_title"] == "Fitter"
    twice.ok("undo")
    assert ids(twice) == ["c3:c4", "co2:co3"]  # each decision is one operation


def test_the_other_one_can_be_kept(twice: Crm) -> None:
    asked(twice, "2", "6")
    item = twice.json("contact", "show", "c1")["item"]
    assert (item["id"], item["display_name"], item["job_title"]) == ("c2", "Robert Brown", "Engineer")


def test_field_by_field(twice: Crm) -> None:
    _, said = asked(twice, "3", "2", "1", "6")
    assert "Which name?" in said
    assert "2. Robert Brown  (c2)" in said
    item = twice.json("contact", "show", "c1")["item"]
    assert (item["display_name"], item["job_title"], item["tags"]) == ("Robert Brown", "Fitter", ["vip"])


def test_later_and_stop_decide_nothing(twice: Crm) -> None:
    _, said = asked(twice, "5", "6")
    assert said.endswith("1 left for later\n")
    assert ids(twice) == ["c1:c2", "c3:c4", "co2:co3"]


def test_what_was_merged_meanwhile_is_not_asked_again(twice: Crm) -> None:
    twice.ok("contact", "add", "Rob Brown", "--email", "bob@x.example")
    _, said = asked(twice, "1", "1", "5", "5")
    assert said.count("Are they the same?") == 4
    assert "(3 of 5)" not in said


@pytest.mark.parametrize("width", [80, 40])
def test_hostile_names_are_shown_harmlessly(crm: Crm, width: int) -> None:
    for title in ("a\x1b[2J", "b\u202e"):
        crm.ok("contact", "add", HOSTILE, "--email", "eve@x.example", "--job-title", title, "--set", f"k={title}")
    shown, said = asked(crm, "3", "1", "1", "1", width=width)
    for text in (shown, said):
        assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
        assert "\u202e" not in text
        assert "\\x1b" in text
    assert "[/red]" in shown.replace("\n", "").replace(" ", "")


def test_it_fits_forty_columns(twice: Crm) -> None:
    shown, _ = asked(twice, "6", width=40)
    assert max(map(len, shown.splitlines())) <= 40
    assert "Job title\n  c1    Fitter\n  c2    Engineer\n" in shown
    assert "E-mails\n  both  bob@x.example\n" in shown


def test_without_boxes_it_is_read_line_by_line(twice: Crm) -> None:
    shown = twice("dedupe", tty=True, asks=True, env={"TERM": "dumb", "ACCESSIBLE": "1"}, stdin="6\n").out
    assert shown.startswith("c1 c2  93 of 100\n  names alike: Bob Brown / Robert Brown\n")
    assert "─" not in shown
    assert "Name\n  c1    Bob Brown\n  c2    Robert Brown\n" in shown

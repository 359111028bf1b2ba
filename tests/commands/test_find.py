"""`crm find` on a terminal and in a pipe."""

import json

import pytest

from tests.conftest import Crm


@pytest.fixture
def stocked(crm: Crm) -> Crm:
    """A program with something to find."""
    crm.ok("contact", "add", "Jürgen Müller", "--email", "juergen@mueller.example")
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("log", "in", "c2", "Asked where the [red]invoice[/] for Müller went", "--channel", "call")
    return crm


def test_json_is_a_list_of_what_was_found(stocked: Crm) -> None:
    document = stocked.json("find", "muller")
    assert document["schema"] == "crm.find.list/1"
    assert [list(item) for item in document["items"]] == [
        ["id", "noun", "name", "place", "snippet", "marks", "who", "at", "status", "corrected"]
    ] * 2
    assert document["items"][1]["who"] == {"id": "c2", "name": "Ada Lovelace"}


def test_nothing_found_is_no_failure(stocked: Crm) -> None:
    result = stocked("find", "qqqq", "--json")
    assert result.code == 0 and json.loads(result.out)["items"] == []
    assert result.err == "nothing found for 'qqqq'\n"


def test_a_terminal_shows_the_text_around_the_words(stocked: Crm) -> None:
    out = stocked.ok("find", "invoice", tty=True, width=60)
    assert out == (
        "i1  Inbound call · Ada Lovelace · just now\n    body  Asked where the [red]invoice[/] for Müller went\n"
    )
    assert all(len(line) <= 40 for line in stocked.ok("find", "muller", tty=True, width=40).splitlines())


def test_a_closed_follow_up_does_not_look_open(stocked: Crm) -> None:
    stocked.ok("followup", "add", "c2", "Send the contract", "--due", "+30min")
    assert stocked.ok("find", "contract", tty=True) == "f1  Send the contract · Ada Lovelace · in 30 minutes\n"
    stocked.ok("followup", "done", "f1")
    assert stocked.ok("find", "contract", tty=True) == "f1  Send the contract · Ada Lovelace · done\n"


def test_a_terminal_with_colour_marks_the_words(stocked: Crm) -> None:
    out = stocked.ok("find", "invoice", tty=True, env={"NO_COLOR": None})
    assert "\x1b[1;33minvoice\x1b[0m" in out


def test_control_characters_reach_no_terminal(stocked: Crm) -> None:
    stocked.ok("log", "note", "c2", "before \x1b[31m danger \x1b[0m after")
    out = stocked.ok("find", "danger", tty=True) + stocked.ok("find", "danger")
    assert "\x1b" not in out and "\\x1b" in out


def test_a_mistyped_name_is_told_on_standard_error(stocked: Crm) -> None:
    result = stocked("find", "mulller", "-o", "ids")
    assert (result.out, result.err) == ("c1\n", "no 'mulller'; showing 'muller'\n")


def test_several_words_need_no_quotes(stocked: Crm) -> None:
    assert stocked.ok("find", "ada", "love", "-o", "ids") == stocked.ok("find", "ada love", "-o", "ids") == "c2\n"


@pytest.mark.parametrize(
    ("args", "says"),
    [(["!!"], "no letter"), (["x", "--in", "goal"], "look among"), (["x", "--fields", "q"], "no field")],
)
def test_what_cannot_be_understood_is_refused(stocked: Crm, args: list[str], says: str) -> None:
    result = stocked("find", *args)
    assert result.code == 2 and says in result.err and result.out == ""


def test_more_than_the_limit_is_said(stocked: Crm) -> None:
    result = stocked("find", "muller", "--limit", "1")
    assert result.out.count("\n") == 2 and "--limit N" in result.err


def test_in_chooses_what_to_look_among(stocked: Crm) -> None:
    assert stocked.ok("find", "muller", "--in", "interaction", "-o", "ids") == "i1\n"
    assert stocked.ok("find", "muller", "--in", "all", "-o", "ids") == "c1\ni1\n"

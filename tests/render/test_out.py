"""What is written where: by format, by terminal, by setting."""

import json
import os
import pty
import subprocess
import sys
import termios

import pytest

from crmcli.kernel.errors import UsageError


@pytest.mark.parametrize(
    ("how", "form"),
    [
        ({"terminal": True}, "table"),
        ({}, "tsv"),
        ({"environ": {"CRM_FORMAT": "csv"}}, "csv"),
        ({"environ": {"CRM_FORMAT": "csv"}, "format": "json"}, "json"),
        ({"plain": True}, "plain"),
        ({"format": "table", "plain": True}, "plain"),
        ({"format": "json", "plain": True}, "json"),
        ({"terminal": True, "environ": {"ACCESSIBLE": "1"}}, "plain"),
        ({"terminal": True, "environ": {"ACCESSIBLE": "0"}}, "table"),
    ],
)
def test_which_format(how, form, make_out) -> None:
    assert make_out(**how).format == form


@pytest.mark.parametrize("wrong", [{"format": "xml"}, {"fields": "nope"}, {"color": "purple"}])
def test_what_cannot_be_shown_is_refused_before_any_work(wrong, make_out, view) -> None:
    with pytest.raises(UsageError):
        make_out(**wrong).check(view)


@pytest.mark.parametrize(("columns", "width"), [("120", 120), ("5", 20), ("", 80), ("x", 80), ("0", 80)])
def test_width(columns, width, make_out) -> None:
    assert make_out(terminal=True, environ={"COLUMNS": columns}).width == width


class TestCreated:
    """What a command tells that made something."""

    def test_a_terminal_gets_a_sentence(self, make_out, view, people) -> None:
        out = make_out(terminal=True)
        out.created("Added \x1bAda (c1)", view, people[0])
        assert (out.data, out.said) == ("Added \\x1bAda (c1)\n", "")

    def test_a_pipe_gets_the_id(self, make_out, view, people) -> None:
        out = make_out()
        out.created("Added Ada (c1)", view, people[0])
        assert (out.data, out.said) == ("c1\n", "")

    @pytest.mark.parametrize("terminal", [True, False])
    def test_a_format_that_was_asked_for_gets_the_record(self, terminal, make_out, view, people) -> None:
        out = make_out(terminal=terminal, format="json")
        out.created("Added Ada (c1)", view, people[0])
        assert json.loads(out.data)["item"]["id"] == "c1"


def test_a_sentence_is_data_for_people_only(make_out) -> None:
    person, pipe, program = make_out(terminal=True), make_out(), make_out(terminal=True, format="json")
    for out in (person, pipe, program):
        out.sentence("Done")
    assert [(out.data, out.said) for out in (person, pipe, program)] == [("Done\n", ""), ("", "Done\n"), ("", "Done\n")]


def test_quiet_silences_messages_but_not_warnings(make_out) -> None:
    out = make_out(quiet=True)
    out.message("note")
    out.warn("trouble\n", "more")
    assert out.said == "trouble\\n\nmore\n"


@pytest.mark.parametrize(
    ("how", "allowed"),
    [
        ({"terminal": True}, True),
        ({}, False),
        ({"terminal": True, "no_input": True}, False),
        ({"terminal": True, "environ": {"CRM_NO_INPUT": "1"}}, False),
    ],
)
def test_prompting(how, allowed, make_out) -> None:
    assert make_out(**how).prompting_allowed() is bool(allowed)


def test_a_real_terminal_is_measured() -> None:
    script = (
        "import sys; from crmcli.kernel.clock import Clock; from crmcli.kernel.settings import Settings\n"
        "from crmcli.render.out import Out\n"
        "out = Out(sys.stdout, sys.stderr, sys.stdin, {}, Settings(), Clock())\n"
        "print(out.on_terminal, out.width, out.height, out.format, out.color, out.prompting_allowed())"
    )
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (11, 47))
    subprocess.run([sys.executable, "-c", script], stdin=follower, stdout=follower, stderr=follower, check=True)
    os.close(follower)
    assert os.read(leader, 1000).decode().strip() == "True 47 11 table True True"
    os.close(leader)

"""Questions, on a real terminal and in plain lines."""

import os
import pty
import subprocess
import sys

import pytest

from crmcli.render import prompts

SCRIPT = """
import os, sys
from crmcli.kernel.clock import Clock
from crmcli.kernel.settings import Settings
from crmcli.render import prompts
from crmcli.render.out import Out
out = Out(sys.stdout, sys.stderr, sys.stdin, os.environ, Settings(), Clock())
try:
    print(prompts.choose("Which \\x1bAda?", [("c1", "Ada [red] \\x1b[31m"), ("c2", "Adam")], out))
except KeyboardInterrupt:
    print("interrupted")
"""


def on_terminal(keys: bytes) -> tuple[str, str]:
    """Run SCRIPT with its standard output in a pipe; returns what it printed and what the terminal saw."""
    leader, follower = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=follower, stdout=subprocess.PIPE, stderr=follower, env=environ
    )
    os.close(follower)
    seen = b""
    while b"Adam" not in seen:
        seen += os.read(leader, 4096)
    os.write(leader, keys)
    printed = process.communicate()[0]
    os.close(leader)
    return printed.decode(), seen.decode()


@pytest.mark.parametrize(("keys", "printed"), [(b"\r", "c1\n"), (b"\x1b[B\r", "c2\n"), (b"\x03", "interrupted\n")])
def test_choosing_on_a_terminal(keys, printed) -> None:
    result, seen = on_terminal(keys)
    assert result == printed
    assert r"Which \x1bAda?" in seen and r"Ada [red] \x1b[31m" in seen


def test_choosing_in_plain_lines(make_out) -> None:
    out = make_out(terminal=True, plain=True, typed="x\n3\n2\n")
    assert prompts.choose("Which?", [("c1", "Ada"), ("c2", "Adam \x1b")], out) == "c2"
    assert out.said.startswith("Which?\n1. Ada\n2. Adam \\x1b\nNumber, 1 to 2 ")
    assert out.data == ""


@pytest.mark.parametrize(
    ("typed", "default", "answer"), [("y\n", False, True), ("\n", True, True), ("no\n", True, False)]
)
def test_confirming_in_plain_lines(typed, default, answer, make_out) -> None:
    out = make_out(terminal=True, environ={"TERM": "dumb"}, typed=typed)
    assert prompts.confirm("Sure?", out, default=default) is answer


def test_asking_in_plain_lines_until_it_is_valid(make_out) -> None:
    out = make_out(terminal=True, plain=True, typed="x\n\n")
    answer = prompts.ask("Name?", out, default="Ada", validate=lambda text: len(text) > 1 or "too short")
    assert (answer, out.said) == ("Ada", "Name? [Ada] too short\nName? [Ada] ")


def test_the_end_of_input_interrupts(make_out) -> None:
    with pytest.raises(KeyboardInterrupt):
        prompts.ask("Name?", make_out(terminal=True, plain=True))

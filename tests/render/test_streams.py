"""Real streams: pipes that close, devices that are full, locales that know no accents."""

import os
import subprocess
import sys

import pytest

PROLOGUE = """
import sys
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import CrmError
from crmcli.kernel.settings import Settings
from crmcli.render.out import Out
from crmcli.render.streams import prepare_streams
prepare_streams()
out = Out(sys.stdout, sys.stderr, sys.stdin, {}, Settings(), Clock())
"""


def run(script: str, *, shell: str = "{}", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `script` after PROLOGUE; `shell` is the command line around it."""
    return subprocess.run(
        ["bash", "-c", shell.format('"$0" -c "$1"'), sys.executable, PROLOGUE + script],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environ},
    )


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_redirected_output_is_utf8_in_every_locale(locale) -> None:
    done = run(r"out.write('Zo\xeb \u5c71\u7530 \udcff\n'); out.message('\xeb \x1b'); out.flush()", **locale)
    assert (done.stdout, done.stderr) == ("Zoë 山田 \\udcff\n", "ë \\x1b\n")


def test_a_reader_that_leaves_hears_nothing() -> None:
    done = run("out.emit(str(n) for n in range(200_000)); out.flush()", shell="{} | head -n 1; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("0\n141\n", "")


def test_a_reader_of_messages_that_leaves_does_not_stop_the_work() -> None:
    script = "[out.message('x' * 1000) for _ in range(1000)]; out.write('done\\n'); out.flush()"
    done = run(script, shell="{{ {} 2>&1 >&3 | true; }} 3>&1; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.startswith("done\n") and done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_full_device_is_one_error(size) -> None:
    script = f"""
try:
    out.write('x' * {size})
    out.flush()
except CrmError as error:
    out.warn(error.message)
    sys.exit(error.exit_code)
"""
    done = run(script, shell="{} > /dev/full")
    assert (done.returncode, done.stderr) == (1, "cannot write the output: No space left on device\n")


def test_closed_streams_are_no_crash() -> None:
    done = run("out.write('data\\n'); out.message('note'); sys.stdin.read(); out.flush()", shell="{} <&- >&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_data_and_messages_keep_their_order() -> None:
    done = run("out.write('one\\n'); out.message('two'); out.write('three\\n'); out.flush()", shell="{} 2>&1")
    assert done.stdout == "one\ntwo\nthree\n"

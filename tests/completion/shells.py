"""Interactive shells on a pseudo-terminal, in which a test presses keys."""

import json
import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "READY>"
# Answers completion like the program, and otherwise tells the words that the shell made of the line.
PROGRAM = """#!{python}
import json, sys
sys.path.insert(0, {root!r})
if sys.argv[1:2] == ["__complete"]:
    from crmcli.__main__ import main
    main()
print("WORDS" + json.dumps(sys.argv[1:]))
"""
ARGUMENTS = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
SETUP = {
    "bash": "PS1='{ready}'; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; . {script}",
    "zsh": "PROMPT='{ready}'; RPROMPT=; unsetopt prompt_cr prompt_sp; unset zle_bracketed_paste;"
    " autoload -Uz compinit; compinit -u -D; LISTMAX=999; . {script}",
    "fish": "function fish_prompt; echo -n '{ready}'; end; set -g fish_autosuggestion_enabled 0; source {script}",
}
# How long a shell may take on a busy machine; a test waits only until what it waits for is there.
PATIENCE = 30.0


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.seen = ""

    def wait(self, pattern: str) -> str:
        """What was written until `pattern` appears; AssertionError with all of it when it does not."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.seen)):
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:
                    break
            assert time.monotonic() < end, f"no {pattern!r} in {self.seen!r}"
        assert found, f"no {pattern!r} in {self.seen!r}"
        text, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return text

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def words(self, typed: str) -> list[str]:
        """The words of the command after typing `typed`, TAB, and return."""
        self.press(f"{typed}\t\r")
        text = self.wait(r"WORDS(\[.*?\])\r?\n")
        self.wait(READY)
        found: list[str] = json.loads(re.findall(r"WORDS(\[.*\])", text)[-1])
        return found

    def settle(self) -> None:
        """Wait until the shell has stopped writing."""
        quiet = 0
        end = time.monotonic() + PATIENCE
        while quiet < 3 and time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.25)
            if ready:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
                quiet = 0
            else:
                quiet += 1


@contextmanager
def running(shell: str, script: str, folder: Path, environ: Mapping[str, str]) -> Iterator[Shell]:
    """An interactive shell that knows the completion script, in an empty folder."""
    program = folder / "bin" / "crm"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o755)
    (folder / "script").write_text(script)
    (folder / "empty").mkdir()
    env = {**environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    child, master = pty.fork()
    if not child:
        os.chdir(folder / "empty")
        os.execvpe(ARGUMENTS[shell][0], ARGUMENTS[shell], env)
    made = Shell(master)
    try:
        made.settle()
        made.press(SETUP[shell].format(ready=READY, script=folder / "script") + "\r")
        made.wait(re.escape(READY) + r"(?!')")
        made.settle()
        made.seen = ""
        yield made
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(master)

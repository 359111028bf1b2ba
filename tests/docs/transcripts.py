"""Documents that are run: every block of a Markdown file is executed, and what it shows must be what comes out.

    python -m tests.docs.transcripts --update [FILE ...]    write what comes out into the files

One file is one session in one sandbox, from top to bottom: a home of its own, a bare PATH on which `crm` is the program
as it stands here, and bash on a pseudo-terminal, so that the output is what a person sees. Blocks by language:

- `console`: lines `$ command` (continued by `> ` lines), each followed by its exact output. A line `...` stands for any
  lines. A command that fails must be followed by `$ echo $?`, so that no failure goes unseen.
- `sh`, `python`: run; they must succeed. A `text` block directly below is the exact output.
- `json`: must parse. Any other language is a defect of the document.

A comment `<!-- NAME=VALUE … -->` sets variables from there on: CRM_NOW, COLUMNS and the like; CHECKOUT=1 at the top
begins in a copy of the project from which pip can install without a network. The URL `DATABASE_URL` stands for a real
database of its own.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
import termios
import time
import uuid
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE_URL = "postgresql://ada@db.example/crm"
HOME = "/home/ada"
BIN = "/home/ada/.local/bin"
MARK = "\x1e"
SECONDS = 120
# Programs that a document may show though not every machine has them; without one, the command is left out, and told.
OPTIONAL = ("jq",)
# Commands that stand in a document and cannot be run from a test, and the file that runs each of them in CI.
ELSEWHERE = {"python3 tests/run.py": ".ci/run"}
# A cron and a systemd of the sandbox alone: they keep what they are given, and run nothing.
SCHEDULERS = {
    "crontab": """#!/bin/sh
case "$1" in
  -l) cat "$HOME/.crontab" 2>/dev/null || { echo "no crontab for ada" >&2; exit 1; } ;;
  -r) rm "$HOME/.crontab" ;;
  -) cat > "$HOME/.crontab" ;;
esac
""",
    "systemctl": "#!/bin/sh\n",
    "sendmail": "#!/bin/sh\n",
}
LANGUAGES = ("console", "sh", "python", "json", "text")
FENCE = re.compile(r"^```(\S*)\s*$")
SETTING = re.compile(r"^<!-- ((?:[A-Z_]+=\S*\s*)+)-->$")
PROJECT = ("pyproject.toml", "README.md", "LICENSE", "crmcli", "docs/man")


class Step(NamedTuple):
    """Something to run: the line of the file it stands on, how, what, and what should come out.

    `expected` is None where the output does not matter; `first` and `last` are the lines of the file that hold it.
    """

    line: int
    kind: str
    text: str
    expected: list[str] | None
    first: int = 0
    last: int = 0


class Outcome(NamedTuple):
    """What came out of a step, and its exit status; `output` is None for a step that was left out."""

    step: Step
    output: list[str] | None
    status: int


class Defect(Exception):
    """The document itself is wrong; the message says where."""


# --- reading


def parse(path: Path) -> list[Step]:
    """All steps of a document, in order.

    Raises:
        Defect: a block has no language or an unknown one, or cannot be read.
    """
    lines = path.read_text("utf-8").split("\n")
    steps: list[Step] = []
    number, last_end = 0, -9
    while number < len(lines):
        setting, fence = SETTING.match(lines[number]), FENCE.match(lines[number])
        if setting:
            steps.append(Step(number + 1, "set", setting[1].strip(), None))
        if not fence:
            number += 1
            continue
        end = next((at for at in range(number + 1, len(lines)) if lines[at] == "```"), None)
        if end is None or fence[1] not in LANGUAGES:
            raise Defect(f"{path.name}:{number + 1}: a block in {fence[1]!r}; known: {', '.join(LANGUAGES)}")
        block = lines[number + 1 : end]
        if fence[1] == "console":
            steps += _console(path, block, number + 1)
        elif fence[1] == "text":
            if not steps or steps[-1].kind not in ("sh", "python") or number - last_end > 2:
                raise Defect(f"{path.name}:{number + 1}: text must follow the block that prints it")
            steps[-1] = steps[-1]._replace(expected=block, first=number + 1, last=end)
        else:
            steps.append(Step(number + 1, fence[1], "\n".join(block), None))
        number, last_end = end + 1, end
    return steps


def _console(path: Path, block: list[str], start: int) -> list[Step]:
    if not block or not block[0].startswith("$ "):
        raise Defect(f"{path.name}:{start}: a console block begins with '$ '")
    steps: list[Step] = []
    at = 0
    while at < len(block):
        end = at + 1
        while end < len(block) and block[end].startswith("> "):
            end += 1
        text = "\n".join(line[2:] for line in block[at:end])
        stop = next((index for index in range(end, len(block)) if block[index].startswith("$ ")), len(block))
        steps.append(Step(start + at + 1, "console", text, block[end:stop], start + end, start + stop))
        at = stop
    return steps


def needs_database(path: Path) -> bool:
    """Whether a document works with PostgreSQL."""
    return DATABASE_URL in path.read_text("utf-8")


# --- running


def run(path: Path, folder: Path, database: str = "") -> list[Outcome]:
    """Run a document in the empty `folder`; `database` is the URL of an empty PostgreSQL database where one is needed.

    Raises:
        Defect: the document is wrong, or a step did not end.
    """
    steps = parse(path)
    outcomes: list[Outcome] = []
    shell = _script(steps, folder, database)
    text = _terminal(shell, folder, _environment(folder, steps))
    pieces = text.split(MARK)
    ended = {int(pieces[at].split(" ")[0]): at for at in range(1, len(pieces) - 1, 2)}
    for number, step in enumerate(steps):
        if step.kind == "json":
            json.loads(step.text)
        if step.kind in ("json", "set"):
            continue
        if _missing(step) or step.text in ELSEWHERE:
            outcomes.append(Outcome(step, None, 0))
            continue
        if number not in ended:
            raise Defect(f"{path.name}:{step.line}: did not end:\n{pieces[-1]}")
        at = ended[number]
        output = _natural(pieces[at - 1], folder, database).rstrip("\n").split("\n")
        lines = [line.rstrip() for line in output] if output != [""] else []
        outcomes.append(Outcome(step, lines, int(pieces[at].split(" ")[1])))
    return outcomes


def _missing(step: Step) -> bool:
    if step.kind not in ("console", "sh"):
        return False
    needed = [name for name in OPTIONAL if re.search(rf"(^|[|;&(]\s*){name}\b", step.text)]
    return not all(shutil.which(name, path="/usr/bin:/bin:/usr/local/bin") for name in needed)


def _natural(text: str, folder: Path, database: str) -> str:
    """The output with the sandbox's places replaced by the ones that the document shows."""
    masked = re.sub(r"//([^:@/]*):[^@]*@", r"//\1:***@", database)
    places = ((str(folder / "home"), HOME), (str(folder / "bin"), BIN))
    for real, shown in (*places, (database, DATABASE_URL), (masked, DATABASE_URL)):
        text = text.replace(real, shown) if real else text
    return text


def _script(steps: list[Step], folder: Path, database: str) -> Path:
    """Write one file for each step and one that runs them all in one shell; returns the latter."""
    parts = folder / "steps"
    parts.mkdir()
    lines = ["status=0"]
    for number, step in enumerate(steps):
        if step.kind == "json" or _missing(step) or step.text in ELSEWHERE:
            continue
        part = parts / f"{number}.{step.kind}"
        text = step.text.replace(DATABASE_URL, database) if database else step.text
        part.write_text(f"export {text}\n" if step.kind == "set" else text + "\n", "utf-8")
        quoted = shlex.quote(str(part))
        if step.kind == "sh":
            call = f"( set -e; . {quoted} )"
        elif step.kind == "python":
            call = f"python3 {quoted}"
        else:
            call = f"(exit $status); . {quoted}"
        mark = f"printf '{MARK}%d %d{MARK}' {number} $status" if step.kind != "set" else "sized"
        lines.append(f"{call}; status=$?; {mark}")
    runner = folder / "run.sh"
    # COLUMNS is what the terminal says, as on a real one, not a variable.
    sized = 'sized() { [ -z "$COLUMNS" ] || stty cols "$COLUMNS"; unset COLUMNS; }'
    runner.write_text("\n".join([sized, *lines, ""]), "utf-8")
    return runner


def _environment(folder: Path, steps: list[Step]) -> dict[str, str]:
    home, programs = folder / "home", folder / "bin"
    home.mkdir()
    programs.mkdir()
    site = _site(folder / "site")
    begin = f'#!/bin/sh\nexport PYTHONPATH="{ROOT}${{PYTHONPATH:+:$PYTHONPATH}}"\nexec "{sys.executable}"'
    # The installed command knows where it is.
    start = f"import sys; sys.argv[0] = '{programs / 'crm'}'; from crmcli.__main__ import main; main()"
    for name, text in {
        "crm": f'{begin} -c "{start}" "$@"\n',
        "python3": f'{begin} "$@"\n',
        **{name: _stand_in(name) for name in ("pipx", "uv")},
        **SCHEDULERS,
    }.items():
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    environ = {
        "HOME": str(home),
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "USER": "ada",
        "LOGNAME": "ada",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "NO_COLOR": "1",
        # Nobody is there to answer, and a pager would wait for a key.
        "CRM_NO_INPUT": "1",
        "CRM_PAGER": "",
    }
    if any(step.kind == "set" and "CHECKOUT=1" in step.text for step in steps):
        _checkout(home / "crmcli")
        environ |= {
            # Libraries come from the development environment, so that pip needs no network.
            "PYTHONPATH": str(site),
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # as pip reads it, this means: no isolation
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
        }
    return environ


def _site(folder: Path) -> Path:
    """The libraries of the development environment, without the project itself."""
    folder.mkdir()
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not entry.name.startswith(("crmcli", "_crmcli", "pip", "setuptools")) and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)
    return folder


def _checkout(target: Path) -> None:
    for name in PROJECT:
        source, copy = ROOT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)


def _stand_in(name: str) -> str:
    """An installer that only reads its command line as the real one does: that pip can install is tried with pip."""
    verb, skipped = ("install", "1") if name == "pipx" else ("tool install", "2")
    return f"""#!/bin/sh
case "$*" in
  "{verb} "*) shift {skipped} ;;
  "inject crmcli psycopg[binary]" | "uninstall crmcli" | "tool uninstall crmcli") exit 0 ;;
  *) echo "{name}: not a command that this stand-in knows: $*" >&2; exit 2 ;;
esac
[ "$1" != --compile-bytecode ] || shift
[ $# = 1 ] && [ -f "${{1%\\[*\\]}}/pyproject.toml" ]
"""


def _terminal(script: Path, folder: Path, environ: Mapping[str, str]) -> str:
    """Run a script in bash on a terminal; returns all that appeared there."""
    ours, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    # High enough that nothing is longer than the screen.
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 2000, 80, 0, 0))
    where = folder / "home" / "crmcli"
    process = subprocess.Popen(
        ["bash", "--noprofile", "--norc", str(script)],
        cwd=where if where.exists() else folder / "home",
        env=dict(environ),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        return b"".join(_read(ours)).decode("utf-8", "replace")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)


def _read(terminal: int) -> Iterator[bytes]:
    end = time.monotonic() + SECONDS
    while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last program has gone
            return
        if not data:
            return
        yield data


# --- comparing


def matches(expected: list[str], output: list[str]) -> bool:
    """Whether the output is the expected one; `...` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"\n" for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in output)) is not None


def faults(path: Path, outcomes: list[Outcome]) -> list[str]:
    """What is wrong with a document, given what came out of it."""
    found = []
    for number, (step, output, status) in enumerate(outcomes):
        where = f"{path.name}:{step.line}: {step.text.splitlines()[0]}"
        if output is None:
            if step.text in ELSEWHERE:
                if step.text not in (ROOT / ELSEWHERE[step.text]).read_text("utf-8"):
                    found.append(f"{where}\n  is not run by {ELSEWHERE[step.text]}")
            else:
                warnings.warn(f"NOT RUN, since a program is missing: {where}", stacklevel=2)
            continue
        if step.expected is not None and not matches(step.expected, output):
            found.append("\n".join([where, "  expected:", *_shown(step.expected), "  came out:", *_shown(output)]))
        if status and (step.kind != "console" or not _told(outcomes[number + 1 :])):
            found.append("\n".join([where, f"  ended with {status}", *_shown(output)]))
    return found


def _told(rest: list[Outcome]) -> bool:
    return bool(rest) and rest[0].step.text == "echo $?"


def _shown(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def update(path: Path, outcomes: list[Outcome]) -> bool:
    """Write what came out into the document where it differs; returns whether anything did."""
    lines = path.read_text("utf-8").split("\n")
    changed = False
    for step, output, _ in reversed(outcomes):
        if output is None or step.expected is None or matches(step.expected, output):
            continue
        lines[step.first : step.last] = output
        changed = True
    if changed:
        path.write_text("\n".join(lines), "utf-8")
    return changed


def documents() -> list[Path]:
    """All documents that are run: the README, the guides and the stories."""
    docs = [path for path in sorted((ROOT / "docs").glob("**/*.md")) if path.name != "reference.md"]
    return [ROOT / "README.md", *docs, *sorted((ROOT / "tests" / "stories").glob("*.md"))]


def main(arguments: list[str]) -> int:
    """Run documents from the command line; returns 1 when one is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.docs.transcripts")
    parser.add_argument("--update", action="store_true", help="write what comes out into the files")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    wrong = 0
    with ExitStack() as stack:
        server = None
        for path in options.files or documents():
            database = ""
            if needs_database(path):
                folder = Path(tempfile.gettempdir()) / f"crm-docs-{uuid.uuid4().hex[:8]}"
                server = server or stack.enter_context(servers.running(folder))
                database = stack.enter_context(server.database("template0"))
            with tempfile.TemporaryDirectory(prefix="crm-") as folder_name:
                outcomes = run(path, Path(folder_name), database)
            if options.update and update(path, outcomes):
                sys.stderr.write(f"{path.name} written\n")
                outcomes = [one._replace(step=one.step._replace(expected=None)) for one in outcomes]
            for fault in faults(path, outcomes):
                sys.stderr.write(fault + "\n")
                wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Eight processes that write at once, as fast as they can: all succeed, nothing is lost and nothing comes twice.

Each is a process that makes one command after the other, of every kind; one in fifty is a process of its own, as from a
shell. `python tests/trust/writers.py NUMBER COUNT SEED` is one of them.
"""

import io
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli import cli
from tests.trust import laws
from tests.trust.suite import Bench, Outcome, Suite

ROOT = Path(__file__).parents[2]
WRITERS = 8
OWN_PROCESS = 50
MAKES = {"contact add": "contact", "log in": "interaction", "followup add": "followup"}


class Write(NamedTuple):
    """A command that was made: its words, exit status, output, what it said, and how long it took in seconds."""

    words: list[str]
    code: int
    out: str
    err: str
    seconds: float


def commands(number: int, count: int, chance: random.Random) -> Iterator[tuple[list[str], str]]:
    """The commands of a writer, each with its standard input: of people of its own, tags and companies of all."""
    own = f"w{number}n0@people.example"
    for turn in range(count):
        who = f"w{number}n{turn}@people.example"
        kind = "add" if turn == 0 else chance.choice(("add", "add", "edit", "log", "followup", "tag", "batch"))
        if kind == "add":
            yield ["contact", "add", f"Person {number} {turn}", "--email", who, "--tag", f"tag{turn % 7}",
                   "--company", f"Company {turn % 11}"], ""  # fmt: skip
            own = who
        elif kind == "edit":
            yield ["contact", "edit", own, "--job-title", f"Title {turn}"], ""
        elif kind == "log":
            yield ["log", "in", own, f"Asked {turn}", "--channel", "call"], ""
        elif kind == "followup":
            yield ["followup", "add", own, f"Call {turn}", "--due", "+3d"], ""
        elif kind == "tag":
            yield ["contact", "tag", own, f"turn{number}x{turn}"], ""
        else:
            lines = [
                {"op": "log.out", "who": own, "text": f"Told {turn}", "channel": "call"},
                {"op": "followup.add", "who": own, "subject": f"Ask {turn}", "due": "+1w"},
            ]
            yield ["batch"], "".join(json.dumps(line) + "\n" for line in lines)


def write(words: list[str], stdin: str, *, apart: bool) -> Write:
    """Make one command, in this process or apart in its own."""
    started = time.monotonic()
    if apart:
        ended = subprocess.run(
            [sys.executable, "-m", "crmcli", *words], input=stdin, text=True, cwd=ROOT, capture_output=True, check=False
        )
        code, out, err = ended.returncode, ended.stdout, ended.stderr
    else:
        streams = io.StringIO(), io.StringIO()
        source = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]), mock.patch.object(sys, "stdin", source):
            code = cli.run(words)
        out, err = streams[0].getvalue(), streams[1].getvalue()
    return Write(words, code, out, err, time.monotonic() - started)


def main(number: int, count: int, seed: int) -> None:
    """Be one writer; each command is told in a line."""
    chance = random.Random(seed * 1000 + number)
    for turn, (words, stdin) in enumerate(commands(number, count, chance)):
        made = write(words, stdin, apart=turn % OWN_PROCESS == number)
        sys.stdout.write(json.dumps(made) + "\n")
        sys.stdout.flush()


def run(bench: Bench) -> Outcome:
    """`count` writes by each writer."""
    place = bench.place()
    environ = {**laws.ENVIRON, "CRM_DB": place, "PATH": os.environ.get("PATH", ""), "HOME": str(bench.folder)}
    writers = [
        subprocess.Popen(
            [sys.executable, __file__, str(number), str(bench.count), str(bench.seed)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=(bench.folder / f"writer{number}").open("w"),
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    ended = [(writer.communicate()[1], writer.returncode) for writer in writers]
    faults = [f"a writer ended with {code}: {err[-300:]}" for err, code in ended if code or err]
    lines = [line for number in range(WRITERS) for line in (bench.folder / f"writer{number}").open(encoding="utf-8")]
    made = [Write(*json.loads(line)) for line in lines]
    faults += _faults(place, made, WRITERS * bench.count)
    longest = max((write.seconds for write in made), default=0)
    figure = (
        f"{WRITERS} x {bench.count:,} writes: {len(faults)} lost, doubled or turned away; the longest took"
        f" {longest:.1f} s"
    )
    return Outcome(figure, faults)


def _faults(place: str, made: list[Write], expected: int) -> Iterator[str]:
    for one in made:
        if one.code:
            yield f"crm {' '.join(one.words)} ended with {one.code} after {one.seconds:.1f} s: {one.err.strip()[:200]}"
    if len(made) != expected:
        yield f"{expected - len(made)} commands were never made"
    app = laws.over(place)
    try:
        for verb, table in MAKES.items():
            told = [one.out.split()[0] for one in made if " ".join(one.words[:2]) == verb and not one.code]
            if len(set(told)) != len(told):
                yield f"{verb}: an id was given twice"
            kept = {str(row["id"]) for row in app.store.rows(f"SELECT id FROM {table}")}
            lost = {"".join(filter(str.isdigit, one)) for one in told} - kept
            if lost:
                yield f"{verb}: {len(lost)} that were acknowledged are not there"
        yield from _counts(app.store, made)
    finally:
        app.close()
    yield from laws.breaches(place)


def _counts(store: Any, made: list[Write]) -> Iterator[str]:
    """What is there more than once, or more or less often than it was acknowledged."""
    operations = store.value("SELECT count(*) AS n FROM operation")
    acknowledged = sum(not one.code for one in made)
    if operations != acknowledged:
        yield f"{acknowledged:,} writes were acknowledged, and the journal has {operations:,}"
    for table, column in (("email", "value_key"), ("tag", "name_key"), ("company", "name_key"), ("operation", "uid")):
        if row := store.row(f"SELECT {column} AS v FROM {table} GROUP BY {column} HAVING count(*) > 1"):
            yield f"{table} {row['v']} is there twice"


SUITE = Suite(full=1_000, short=12, run=run)

if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""What others typed, through every command, every form of output and every error: nothing of it drives the terminal.

A world holds hostile texts wherever a text can stand. Every command is run over it in every form, and with the text in
the place of each argument, flag and variable. No unsafe character may come out, no error may be without words, and what
is exported is what was stored. The first world has a text with every unsafe character.
"""

import contextlib
import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest import mock

from crmcli import completion
from crmcli.commandtable import COMMANDS
from crmcli.kernel.spreadsheets import unprotected
from tests.conftest import Crm, Result
from tests.trust import arguments, naughty
from tests.trust.arguments import Run
from tests.trust.suite import Bench, Outcome, Suite
from tests.trust.terminal import FORMS, Form
from tests.trust.world import Records, World

BLOCK = 6
"""How many texts a world holds."""
VARIABLES = (
    "CRM_USER", "USER", "CRM_TIMEZONE", "TZ", "CRM_NOW", "CRM_COUNTRY", "CRM_FORMAT", "CRM_DB", "CRM_CONFIG", "COLUMNS",
    "LINES", "TERM", "LANG", "LC_ALL", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "CRM_EDITOR", "EDITOR", "PAGER",
    "LESS", "NO_COLOR", "FORCE_COLOR",
)  # fmt: skip
PROGRAMS = ("CRM_EDITOR", "EDITOR", "PAGER")
SETTINGS = ("user", "timezone", "country", "db", "smtp.from", "remind.channels", "aftercare.after")
READING = (["contact", "list"], ["config", "list"], ["doctor"], ["remind", "status"], ["contact", "edit", "c1"])
LINES = (
    "crm contact show ",
    "crm contact list tag:",
    "crm followup done ",
    "crm field rm ",
    "crm show e",
    "crm find x",
)
LEFT = 130
"""The exit status where a person leaves a question."""
FOR_FILES = frozenset({"export"})
"""Gives a pipe the values as they are, which is compared with what was stored."""
SLOW = frozenset({"demo"})
"""Run with the combined text alone."""
THOROUGH = 50
"""With so many texts the combined one is tried in every form and every place, not in some."""


def _can_be_handed_over(word: str | None) -> bool:
    """Whether a system can hand a word to a program; files can hold what none can."""
    try:
        return "\0" not in os.fsdecode(os.fsencode(word or ""))
    except UnicodeEncodeError:
        return False


def texts(bench: Bench) -> list[str]:
    """The combined text, and so many others: all of them, or some by chance; a tenth for PostgreSQL, which is slow."""
    count = bench.count if bench.dialect == "sqlite" else 1 + bench.count // 10
    if count > len(naughty.STRINGS):
        return [naughty.combined(), *naughty.STRINGS]
    return [naughty.combined(), *bench.chance.sample(naughty.STRINGS, count - 1)]


def run(bench: Bench) -> Outcome:
    """Try them."""
    given = texts(bench)
    blocks = [given[:1], *(given[at : at + BLOCK] for at in range(1, len(given), BLOCK))]
    trial = Trial(bench)
    here = Path.cwd()
    deep = bench.folder / "a" / "b" / "c" / "work"
    deep.mkdir(parents=True)
    try:
        os.chdir(deep)  # a path with ".." still ends in the folder of the bench
        for block in blocks:
            trial.block(block)
    finally:
        os.chdir(here)
    figure = (
        f"{len(given)} texts, one of them with every character, in {trial.kept:,} values and {trial.calls:,} calls of "
        f"{len(COMMANDS)} commands: {trial.leaks} raw control characters, {trial.defects} errors without words"
    )
    return Outcome(figure, trial.faults)


class Trial:
    """The calls of a run, and what was wrong with them."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.faults: list[str] = []
        self.kept = self.calls = self.leaks = self.defects = 0
        self.thorough = bench.count >= THOROUGH
        self.chance = bench.chance
        self.forms = cycle(FORMS)
        self.home = bench.folder / "home"
        self.home.mkdir()

    def block(self, block: list[str]) -> None:
        """Everything over a world of these texts."""
        place = self.bench.place()
        crm = Crm(self.bench.dialect, place, self.home)
        world = World(crm, block, whole=self.thorough)
        self.kept += world.kept
        keeper = Keeper(crm)
        self._round_trip(crm, world)
        for records in world.records:
            files = written(Path.cwd(), records.text)
            for command in COMMANDS:
                self._usual(keeper, command, records, files)
                self._garbage(keeper, command, records, files)
            self._around(keeper, records)

    def _usual(self, keeper: "Keeper", command: str, records: Records, files: dict[str, str]) -> None:
        """The usual calls: of each command one, in a form that changes; with the combined text all, in all forms."""
        calls = arguments.usual(command, records, files)
        if records.text != naughty.combined():
            calls = [] if command in SLOW else [self.chance.choice(calls)]
        for call in calls:
            for name in FORMS if self.thorough and len(calls) > 1 else [next(self.forms)]:
                self._call(keeper, call, FORMS[name], records.text)

    def _garbage(self, keeper: "Keeper", command: str, records: Records, files: dict[str, str]) -> None:
        """The text in a place where something else belongs; the combined text in all places."""
        calls = list(arguments.garbage(command, records, files))
        if records.text != naughty.combined():
            calls = [self.chance.choice(calls)]
        elif not self.thorough:
            calls = self.chance.sample(calls, min(2, len(calls)))
        for call in calls:
            self._call(keeper, call, FORMS[next(self.forms)], records.text)

    def _around(self, keeper: "Keeper", records: Records) -> None:
        """The text in the environment and the settings, and what completes a line."""
        tried = [(name, words) for name in VARIABLES for words in READING]
        for name, words in self._some(tried, records):
            if not (name in PROGRAMS and "/" in records.text):  # nothing of the machine's own is run
                call = Run(words[0], words, False)
                self._call(keeper, call, FORMS["terminal"], records.text, env={name: records.text})
        for name, words in self._some(
            [(name, words) for name in (*SETTINGS, records.text) for words in READING], records
        ):
            if naughty.storable(records.text):
                settings = f"{json.dumps(name)} = {json.dumps(records.text)}\n"
                bare = {"CRM_DB": None, "CRM_USER": None, "CRM_TIMEZONE": None}
                call = Run(words[0], words, False)
                self._call(keeper, call, FORMS["terminal"], records.text, env=bare, settings=settings)
        lines = (*LINES, f'crm contact show "{records.text[:40]}')
        for line, shell in self._some([(line, shell) for line in lines for shell in ("bash", "zsh", "fish")], records):
            self._judge(keeper.complete(shell, line), FORMS["tsv"], f"__complete {shell} {line!a}")

    def _some(self, cases: list[Any], records: Records) -> list[Any]:
        whole = self.thorough and records.text == naughty.combined()
        return cases if whole else self.chance.sample(cases, min(4, len(cases)))

    def _call(
        self,
        keeper: "Keeper",
        call: Run,
        form: Form,
        text: str,
        *,
        env: Mapping[str, str | None] = {},
        settings: str = "",
    ) -> None:
        if not all(map(_can_be_handed_over, (*call.words, *env.values()))):
            return
        if form is FORMS["piped"] and call.command in FOR_FILES:
            form = FORMS["csv"]
        told = f"crm {' '.join(map(ascii, [*call.words, *form.words]))[:300]} {ascii(dict(env))[:80] if env else ''}"
        try:
            result = keeper.run(call, form, text, env=env, settings=settings)
        except Exception as error:  # a defect of the program, which has no words for it
            self.calls += 1
            self.defects += 1
            self.faults.append(f"{type(error).__name__}: {ascii(str(error))[:200]} from {told}")
            return
        self._judge(result, form, told)

    def _judge(self, result: Result, form: Form, told: str) -> None:
        self.calls += 1
        for stream, output in (("standard output", result.out), ("standard error", result.err)):
            if found := form.unsafe(output):
                self.leaks += 1
                self.faults.append(f"{found} on the {stream} of {told}")
        if not 0 <= result.code <= 7 and not (form.asks and result.code == LEFT):
            self.faults.append(f"exit status {result.code} of {told}")
        # A text that is called so may stand where an option does, and then it is one.
        if "Traceback" in result.err and not ("--debug" in form.words or "'--debug'" in told):
            self.defects += 1
            self.faults.append(f"a traceback from {told}")

    def _round_trip(self, crm: Crm, world: World) -> None:
        """What is exported is what was stored."""
        wanted = [
            naughty.everything() if world.whole and it.text == naughty.combined() else it.text for it in world.records
        ]
        bodies = {text.replace("\r\n", "\n").strip("\n") for text in wanted if naughty.storable(text)}
        names = {it.text.strip() for it in world.records if naughty.storable(it.text) and len(it.text) <= 500}
        for what, column, there in (("contacts", "display_name", names), ("interactions", "body", bodies)):
            exported = {
                "json": {item[column] for item in crm.json("export", what)["items"]},
                "csv": {unprotected(row[column]) for row in rows(crm.ok("export", what, "-o", "csv"))},
                "archive": archived(crm, what, column),
            }
            for form, found in exported.items():
                self.faults += [f"{text[:80]!a} is not in {what} as {form}" for text in sorted(there - found)]


def archived(crm: Crm, what: str, column: str) -> set[str]:
    """What stands in a column of an archive."""
    lines = [json.loads(line) for line in crm.ok("export", "all").splitlines()]
    table = {"contacts": "contact", "interactions": "interaction"}[what]
    return {line["row"].get(column) for line in lines if line.get("table") == table}


def rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    csv.field_size_limit(10_000_000)
    return csv.DictReader(io.StringIO(text, newline=""))


class Keeper:
    """Runs commands over a world, each over the world as it was."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.path = Path(crm.place) if crm.dialect == "sqlite" else None
        self.clean = self.path.read_bytes() if self.path else b""
        self.stamp = self._stamp()

    def run(self, call: Run, form: Form, text: str, *, env: Mapping[str, str | None], settings: str) -> Result:
        """Run one; what it changed is put back."""
        if settings:
            folder = self.crm.home / ".config" / "crm"
            folder.mkdir(parents=True, mode=0o700)
            (folder / "config.toml").write_text(settings, "utf-8")
        words = [*call.words, *form.words]
        if "--" in call.words:
            words = [*call.words[: call.words.index("--")], *form.words, *call.words[call.words.index("--") :]]
        stdin = batch(text) if call.command == "batch" else ""
        environ = {"PATH": "/nowhere", **form.environ, **env}
        try:
            return self.crm(
                *words, stdin=stdin, tty=bool(form.terminal), width=form.terminal or 80, asks=form.asks, env=environ
            )
        finally:
            self._put_back()

    def complete(self, shell: str, line: str) -> Result:
        """Ask for what completes a line."""
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with mock.patch.dict(os.environ, self.crm.environ(), clear=True), mock.patch("sys.stdout", out):
            code = completion.main([shell, line, *(["", "63"] if shell == "bash" else [])])
        assert isinstance(out.buffer, io.BytesIO)
        return Result(code, out.buffer.getvalue().decode("utf-8", "surrogateescape"), "")

    def _stamp(self) -> Any:
        return (os.stat(self.path).st_mtime_ns, os.stat(self.path).st_size) if self.path else None

    def _put_back(self) -> None:
        if self.path and self._stamp() != self.stamp:
            for tail in ("-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
            self.path.write_bytes(self.clean)
            self.stamp = self._stamp()
            for kept in self.path.parent.glob(f"{self.path.name}?*"):  # of a restore
                kept.unlink()
        for left in self.crm.home.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def written(folder: Path, text: str) -> dict[str, str]:
    """Files to take in, with the text in their names, titles and values; the words that name them."""
    values = {"Name": text, "Notes": text, "Odd": text, text[:100] or "Other": text, "Email": "a@x.example"}
    table = io.StringIO(newline="")
    csv.writer(table).writerows([list(values), list(values.values()), ["Ada", text, text, text, "broken" + text]])
    name = "people.csv"
    with contextlib.suppress(OSError, ValueError):
        name = f"{text.replace('/', '_')[:60]}.csv"
        (folder / name).write_bytes(b"")
        (folder / name).unlink()
    path = folder / name if "\0" not in name else folder / "people.csv"
    try:
        path.write_bytes(table.getvalue().encode("utf-8", "surrogateescape" if path.name != name else "replace"))
    except (OSError, ValueError):
        path = folder / "people.csv"
        path.write_bytes(table.getvalue().encode("utf-8", "replace"))
    shutil.rmtree(folder / "new", ignore_errors=True)
    return {"file": str(path), "to": str(folder / "out.csv"), "new": str(folder / "new"), "folder": str(folder)}


def batch(text: str) -> str:
    """Lines for `crm batch` with the text in each place."""
    lines: list[Any] = [
        {"op": "contact.add", "name": text, "tag": [text]},
        {"op": "log.in", "who": "c1", "text": text, "channel": text},
        {"op": text, text: text},
        text,
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


SUITE = Suite(full=len(naughty.STRINGS) + 1, short=2, run=run)

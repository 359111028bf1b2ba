"""Whatever was done, `crm undo` gives the state before, and `crm redo` the state after.

Each try is a fresh database and a random sequence of command lines: adding, editing, tagging many at once, merging,
deleting and restoring, logging, promising, deals, orders, cases, imports, undos of any operation, with what builds on
it too, and redos. After each the law is held; at the end all is taken back, which gives the beginning, and brought back
again.

States are compared as the lines of `crm export all`, byte for byte, without those of the journal: an undo is in the
journal like anything else. What others use by now stays when the command that made it in passing goes, so that at the
beginning tags, fields and the team are left out.
"""

import random
import shlex
import shutil
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import psycopg

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.store.schema import TABLES
from tests.conftest import Crm, Stream
from tests.trust import saleacts
from tests.trust.suite import Bench, Outcome, Suite

JOURNAL = ('{"table":"operation"', '{"table":"change"', '{"table":"import_run"', '{"schema"', '{"sequences"', '{"end"')
STAYING = ("tag", "custom_field", "user_account", "attachment_content", "pipeline", "stage", "product", "price")
WORDS = ("alpha", "beta", "gamma")
LENGTH = 5
MOST_UNDOS = 80
BEGINNING = (
    "contact add Alpha --email alpha@engines.example --phone +442079460958 --tag alpha --company Engines --owner me",
    "contact add Beta --email beta@engines.example --email alpha@engines.example --tag beta --set alpha=1",
    "contact add Gamma --prefer coffee=beta --external hubspot:alpha",
    "log in c1 alpha --with c2 --followup +3d",
    "cadence set c1 6w",
    "act deal add",
    "act order add",
    "act case open",
)
FILES = {
    "people.csv": (
        "name,email,tags,company\nAlpha,alpha@engines.example,alpha,Works\nDelta,delta@works.example,delta,Works\n"
    ),
    "more.csv": "name,email,job title\nDelta,delta@works.example,Engineer\nBeta,beta@engines.example,Chief\n",
}
"""What imports take in: records that are there, and new ones."""


class Try:
    """One database and the commands given to it, a minute apart."""

    def __init__(self, crm: Crm, folder: Path, chance: random.Random) -> None:
        self.crm = crm
        self.folder = folder
        self.chance = chance
        self.minutes = count(1)
        self.done: list[str] = []
        self.told = self.now = ""

    def run(self, line: str) -> bool:
        """Give a command; returns whether it did something. Any defect of the program is raised."""
        minute = next(self.minutes)
        self.now = f"2026-11-{20 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
        if line in saleacts.ACTS:
            return self._act(line)
        result = self.crm(*shlex.split(line), env={"CRM_NOW": self.now})
        self.done.append(f"{line} ({result.code})")
        self.told = result.out.strip()
        return result.code == 0

    def _act(self, name: str) -> bool:
        """Write rows of deals, orders and cases by the gate; returns whether there was something to write."""
        environ = {**self.crm.environ(), "CRM_NOW": self.now}
        app = App(Settings(), environ=environ, streams=(Stream(), Stream(), Stream()), command=name)
        try:
            with app.writing() as gate:
                saleacts.ACTS[name](gate, self.chance)
                done = gate.changes > 0
        finally:
            app.close()
        self.done.append(f"{name} ({0 if done else 'nothing'})")
        return done

    def state(self) -> list[str]:
        """The lines of the archive that are not of the journal."""
        app = App(Settings(), environ=self.crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
        try:
            return [line for line in app.archives.write() if not line.startswith(JOURNAL)]
        finally:
            app.close()

    def newest(self) -> int:
        """How many operations there were."""
        app = App(Settings(), environ=self.crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
        try:
            return int(app.store.value("SELECT max(id) AS last FROM operation") or 0)
        finally:
            app.close()

    def any_change(self) -> str:
        """A command that changes something, or is refused."""
        pick = self.chance.choice
        who, other, word = f"c{pick((1, 2, 3, 4))}", f"c{pick((1, 2, 3))}", pick(WORDS)
        firm, follow, talk = f"co{pick((1, 2))}", f"f{pick((1, 2, 3))}", f"i{pick((1, 2, 3))}"
        return pick(
            (
                f"contact add {word} --email {word}@engines.example --tag {word} --company {word}-works",
                f"contact edit {who} --job-title {word} --email {word}@works.example --lifecycle-stage customer",
                f"contact edit {who} --name {word} --set {word}=1 --untag {word}",
                f"contact edit {who} --remove-email alpha@engines.example --owner me --notes {word}",
                f"contact tag --where tag:{word} {pick(WORDS)} --yes",
                f"contact tag {who} {word} {pick(WORDS)}",
                f"contact untag {who} {word}",
                f"contact rm {who} --yes",
                f"contact rm --where tag:{word} --yes",
                f"contact restore {who}",
                f"contact merge {who} {other} --yes",
                f"contact merge {who} {other} --prefer other --yes",
                f"company add {word} --domain {word}.example --tag {word}",
                f"company edit {firm} --industry {word} --parent co1",
                "company merge co1 co2 --yes",
                f"company rm {firm} --yes",
                f"log in {who} {word} --with {other}",
                f"log out {firm} {word} --followup +2d",
                f"interaction edit {talk} --text {word} --add-participant {other}",
                f"interaction rm {talk}",
                f"followup add {who} {word} --due tomorrow",
                f"followup add {who} {word} --every monday",
                f"followup done {follow} --note {word} --next +2w",
                f"followup snooze {follow} +1w",
                f"followup cancel {follow}",
                f"cadence set {who} {pick(('3w', '6w'))}",
                "cadence rm cad1",
                f"field add {word}",
                f"user add {word}",
                f"import {self.folder / pick(tuple(FILES))}",
                f"import {self.folder / 'people.csv'} --batch 1",
                *saleacts.ACTS,
                *saleacts.commands(self.chance),
            )
        )

    def any_reversal(self) -> str:
        """An undo of any kind, or a redo."""
        key = self.chance.randint(1, max(1, self.newest()))
        return self.chance.choice(("undo", "undo", "redo", f"undo op{key}", f"undo op{key} --with-dependents --yes"))


def run(bench: Bench) -> Outcome:
    """Try so many sequences."""
    place, chance = bench.place(), bench.chance
    template = bench.folder / "template.db"
    if bench.dialect == "sqlite":
        shutil.copy(place, template)
    for name, text in FILES.items():
        (bench.folder / name).write_text(text)
    home = bench.folder / "home"
    home.mkdir()
    faults: list[str] = []
    commands = laws = 0
    for number in range(bench.count):
        _empty(bench, place, template)
        one = Try(Crm(bench.dialect, place, home), bench.folder, random.Random(chance.random()))
        try:
            for fault in _sequence(one):
                faults.append(f"sequence {number}: {fault} after {'; '.join(one.done[-14:])}")
                break
        except Exception as error:
            faults.append(f"sequence {number}: {type(error).__name__}: {error} in {'; '.join(one.done[-14:])}")
        commands += len(one.done)
        laws += sum(line.startswith(("undo", "redo")) for line in one.done)
    figure = f"{bench.count:,} sequences of {commands:,} commands, {laws:,} of them undo or redo, {len(faults)} faults"
    return Outcome(figure, faults)


def _empty(bench: Bench, place: str, template: Path) -> None:
    if bench.dialect == "sqlite":
        for old in Path(place).parent.glob(f"{Path(place).name}*"):
            old.unlink()
        shutil.copy(template, place)
    else:
        with psycopg.connect(place) as connection:
            connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")  # type: ignore[arg-type]


def _sequence(one: Try) -> Iterator[str]:
    """Run one; yields what is not as it should be."""
    empty = _essence(one.state())
    for line in BEGINNING:
        one.run(line)
    before = one.state()
    for _ in range(LENGTH):
        changing = one.chance.random() < 0.7
        last, line = one.newest(), one.any_change() if changing else one.any_reversal()
        one.run(line)
        after = one.state()
        if one.newest() == last:
            if after != before:
                yield f"'{line}' was refused and left something behind"
            continue
        # An undo of several is taken back whole by the id that it told.
        back = "undo" if changing else f"undo {one.told}" if "--with-dependents" in line else ""
        if back:
            if not one.run(back) or one.state() != before:
                yield f"{back} of '{line}' did not give the state before: {_difference(before, one.state())}"
                return
            again = "redo" if changing else f"undo {one.told}"
            if not one.run(again) or one.state() != after:
                yield f"{again} of '{line}' did not give the state after: {_difference(after, one.state())}"
                return
        before = after
    undos = 0
    while one.run("undo") and undos < MOST_UNDOS:
        undos += 1
    if _essence(one.state()) != empty:
        yield f"after all undos something was left: {_difference(empty, _essence(one.state()))}"
        return
    for _ in range(undos):
        if not one.run("redo"):
            yield "a redo was refused"
            return
    if one.state() != before:
        yield f"after all redos it was not as before: {_difference(before, one.state())}"


def _essence(lines: Sequence[str]) -> list[str]:
    beginnings = tuple(f'{{"table":"{table}"' for table in STAYING)
    return [line for line in lines if not line.startswith(beginnings)]


def _difference(one: Sequence[str], other: Sequence[str]) -> str:
    lost, new = [line for line in one if line not in other], [line for line in other if line not in one]
    return f"lost {lost[:2]}, new {new[:2]}"


SUITE = Suite(full=1_000, short=3, run=run)

"""A process that is killed at any moment: what it acknowledged is there, what it had not is there whole or not at all.

Each try takes a copy of a database, lets a command run on it and kills it: at one of its calls of the system that reach
a disk or a server (before it, half-way through a write, or after it), at one of its statements, or after some
microseconds. Then the laws must hold, all operations of before must be there, the killed one must be there whole or
not, the next command must just work, doing the same again must come to what it comes to undisturbed, and no file may be
left.

A row of SCENARIOS is one kind of command. Without a C compiler no process is killed at a call; the figure then says so.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.store import old as databases
from tests.trust import laws, places, shim
from tests.trust.nursery import AFTER, BEFORE, HALF, Command, Death, Life, Nursery, nursery
from tests.trust.suite import BOTH, Bench, Outcome, Suite

PEOPLE, LARGE = 60, 600


class Scenario(NamedTuple):
    """A kind of command.

    `words` may have `{folder}`, where the files of this suite are, and `{place}`, the database. It starts from a `base`
    with records, a `fresh` one without, `none` at all, or a version. One that commits step by step may leave some
    `steps`; one that is done `again` comes to the same as when it was done once. What it `makes` is a
    file beside the database, and others with a number behind that name.
    """

    name: str
    words: Sequence[str]
    start: str = "base"
    stdin: str = ""
    steps: bool = False
    again: bool = False
    makes: str = ""
    databases: Sequence[str] = BOTH


BATCH = "".join(
    json.dumps({"op": "contact.add", "name": f"Batch {number}", "email": [f"b{number}@batch.example"]}) + "\n"
    for number in range(20)
)
SCENARIOS = (
    Scenario("add", ("contact", "add", "Grace Hopper", "--email", "g@navy.example", "--tag", "n", "--company", "Navy")),
    Scenario("edit", ("contact", "edit", "c1", "--job-title", "Admiral", "--email", "new@engines.example")),
    Scenario("log", ("log", "in", "c1", "Asked about delivery", "--channel", "call", "--followup", "+3d")),
    Scenario("merge", ("contact", "merge", "c1", "c2", "--yes")),
    Scenario("win", ("deal", "won", "d1")),
    Scenario(
        "order", ("order", "add", "c2", "--line", "2 x Gear @ 7.50 EUR -10% tax 19%", "--paid", "--every", "month")
    ),
    Scenario("case", ("log", "in", "c1", "The gear broke", "--channel", "call", "--case", "new")),
    Scenario("resolve", ("case", "resolve", "cs1")),
    Scenario("batch", ("batch",), stdin=BATCH),
    Scenario("import", ("import", "{folder}/people.csv"), again=True),
    Scenario("import orders", ("import", "{folder}/orders.csv"), again=True),
    Scenario("import in steps", ("import", "{folder}/people.csv", "--batch", "20"), steps=True, again=True),
    Scenario("first load", ("import", "{folder}/large.csv"), start="fresh", again=True),
    Scenario("large load", ("import", "{folder}/large.csv"), again=True),
    Scenario("undo", ("undo",)),
    Scenario("create", ("contact", "add", "First", "--email", "f@first.example"), start="none", databases=("sqlite",)),
    Scenario("restore an archive", ("import", "{folder}/archive.jsonl"), start="fresh"),
    Scenario("back up", ("!back_up", "{place}"), makes="crm.db.before-now", again=True, databases=("sqlite",)),
    Scenario(
        "db backup",
        ("db", "backup", "{place}.copy", "--force"),
        makes="crm.db.copy",
        again=True,
        databases=("sqlite",),
    ),
    Scenario(
        "db restore",
        ("db", "restore", "{folder}/later.db", "--yes"),
        makes="crm.db.before-restore-2026-11-20-100000",
        again=True,
        databases=("sqlite",),
    ),
    *(Scenario(f"migrate {one}", ("contact", "list"), start=one, again=True) for one in databases.VERSIONS),
)


class State(NamedTuple):
    """What a database holds: its operations with how much each changed, its people, and how many rows each table."""

    operations: list[tuple[str, str, int]]
    people: Counter[tuple[str, ...]]
    rows: Counter[str]


class Stage(NamedTuple):
    """A scenario, ready: the database that it starts from, what that holds, and what it comes to undisturbed."""

    scenario: Scenario
    template: str
    before: State
    after: State
    life: Life


class Killing:
    """A run of the suite."""

    def __init__(self, bench: Bench, mother: Nursery) -> None:
        self.bench = bench
        self.mother = mother
        self.folder = bench.folder / "kill"
        self.files = bench.folder / "files"
        self.files.mkdir()
        self.environ = {**laws.ENVIRON, "PATH": "/usr/bin:/bin", "HOME": str(self.files)}
        self.templates: dict[str, str] = {"none": ""}
        write_people(self.files / "people.csv", PEOPLE)
        write_people(self.files / "large.csv", LARGE)
        write_orders(self.files / "orders.csv", PEOPLE)

    def stages(self) -> list[Stage]:
        """Every scenario of this kind of database, tried once undisturbed."""
        chosen = [one for one in SCENARIOS if self.bench.dialect in one.databases]
        return [self._stage(scenario) for scenario in chosen]

    def _stage(self, scenario: Scenario) -> Stage:
        template = self._template(scenario.start)
        with places.copied(template, self.folder) as place:
            before = state(place) if scenario.start[0] != "0" else State([], Counter(), Counter())
        with places.copied(template, self.folder) as place:
            life = self._run(scenario, place)
            assert life.codes == [0], f"{scenario.name}: {life}"
            return Stage(scenario, template, before, state(place), life)

    def _template(self, start: str) -> str:
        if start not in self.templates:
            place = self.templates[start] = self.bench.place()
            if start == "base":
                self._fill(place)
            elif start != "fresh":
                places.old(place, start)
        return self.templates[start]

    def _fill(self, place: str) -> None:
        words: list[Sequence[str]] = [
            (
                "contact",
                "add",
                "Ada Lovelace",
                "--email",
                "ada@engines.example",
                "--tag",
                "vip",
                "--company",
                "Engines",
            ),
            ("contact", "add", "Ada King", "--email", "king@engines.example", "--phone", "+44 20 7946 0958"),
            ("log", "in", "c2", "Asked", "--channel", "call", "--followup", "+3d"),
            ("contact", "add", "Person 3", "--email", "p3@people.example"),
            ("contact", "edit", "c1", "--job-title", "Engineer"),
            ("deal", "add", "An engine", "--contact", "c1", "--line", "3 x Gear @ 7.50 EUR"),
            ("order", "add", "c1", "--line", "1 x Gear @ 7.50 EUR"),
            ("case", "open", "c2", "It squeaks"),
        ]
        environ = {**self.environ, "CRM_DB": place}
        life = self.mother.run([Command(one) for one in words], environ, below=self.folder)
        assert life.codes == [0] * len(words), life
        made = self.mother.run([Command(("export", "all"))], environ, below=self.folder)
        (self.files / "archive.jsonl").write_text(made.outs[0], "utf-8")
        if self.bench.dialect == "sqlite":  # one operation more, to be restored over this one
            with places.copied(place, self.folder) as copy:
                later = (("contact", "add", "Later"), ("db", "backup", str(self.files / "later.db")))
                life = self.mother.run([*map(Command, later)], {**environ, "CRM_DB": copy}, below=self.folder)
                assert life.codes == [0, 0], life

    def _run(self, scenario: Scenario, place: str, death: Death | None = None) -> Life:
        words = [word.format(folder=self.files, place=place) for word in scenario.words]
        environ = {**self.environ, "CRM_DB": place}
        return self.mother.run([Command(words, scenario.stdin)], environ, below=self.folder, death=death)

    def kill(self, stage: Stage, chance: Random) -> list[str]:
        """Kill once, or twice where it can be done again; returns what is wrong then, in words."""
        with places.copied(stage.template, self.folder) as place:
            deaths = [death_of(stage.life, chance) for _ in range(1 + (stage.scenario.again and chance.random() < 0.3))]
            lives = [self._run(stage.scenario, place, death) for death in deaths]
            places.settle(place)
            where = f"{stage.scenario.name}, killed at {' and '.join(map(told, deaths))}"
            try:
                return [f"{where}: {fault}" for fault in self._faults(stage, place, lives)]
            except Exception as error:
                return [f"{where}: {type(error).__name__}: {error}"]

    def _faults(self, stage: Stage, place: str, lives: Sequence[Life]) -> Iterator[str]:
        scenario = stage.scenario
        for life in lives:
            if not life.killed and life.codes != [0]:
                yield f"it ended with {life.codes}: {life.err[-300:]}"
        if scenario.start[0] != "0":  # looking would migrate it
            yield from laws.breaches(place)
            yield from _history(stage, state(place), lives)
        if scenario.again:
            last = self._run(scenario, place)
        else:
            words = Command(("contact", "add", "Next", "--email", "next@next.example"))
            last = self.mother.run([words], {**self.environ, "CRM_DB": place}, below=self.folder)
        if last.codes != [0]:
            yield f"the next command ended with {last.codes}: {last.err[-300:]}"
        yield from laws.breaches(place, journalled=scenario.start[0] != "0")
        now = state(place)
        if scenario.again and (now.people, now.rows) != (stage.after.people, stage.after.rows):
            yield "done again it comes to something else"
        if scenario.makes:
            yield from laws.breaches(str(self.folder / scenario.makes))
        if self.bench.dialect == "sqlite":
            yield from self._left(scenario)

    def _left(self, scenario: Scenario) -> Iterator[str]:
        """The files that should not be there."""
        for path in self.folder.iterdir():
            kept = (scenario.makes and path.name.startswith(scenario.makes)) or (
                scenario.start[0] == "0" and path.name == f"crm.db.before-{scenario.start}"
            )
            if path.name != "crm.db" and not kept:
                yield f"{path.name} is left"


def _history(stage: Stage, now: State, lives: Sequence[Life]) -> Iterator[str]:
    """Whether all operations of before are there, and those that were killed whole or not at all."""
    old, new = len(stage.before.operations), now.operations[len(stage.before.operations) :]
    if now.operations[:old] != stage.before.operations:
        yield "an operation that was acknowledged is gone"
    whole = [one[1:] for one in stage.after.operations[old:]]
    made = [one[1:] for one in new]
    acknowledged = any(life.codes == [0] or any(life.outs) for life in lives)
    if stage.scenario.steps:
        if made != whole[: len(made)]:
            yield f"it is there in part: {made} of {whole}"
    elif made and made != whole:
        yield f"it is there in part: {made} of {whole}"
    if acknowledged and made != whole:
        yield f"it was acknowledged and is not there: {made} of {whole}"


def death_of(life: Life, chance: Random) -> Death:
    """A moment in the life of such a process."""
    kind = chance.choices(("call", "statement", "moment"), (6 * bool(life.calls), 2 * bool(life.statements), 2))[0]
    if kind == "call":
        return Death(kind, chance.randint(1, life.calls), chance.choice((BEFORE, HALF, AFTER)))
    return Death(kind, chance.randint(1, life.statements if kind == "statement" else life.microseconds))


def told(death: Death) -> str:
    """A death in words."""
    return f"{death.kind} {death.number}" + (
        f" ({('before', 'half', 'after')[death.way]})" if death.kind == "call" else ""
    )


def state(place: str) -> State:
    """What a database holds."""
    sql = (
        "SELECT o.uid, o.command, count(c.id) AS n FROM operation o LEFT JOIN change c ON c.operation_id = o.id"
        " GROUP BY o.id, o.uid, o.command ORDER BY o.id"
    )
    operations = [(row["uid"], row["command"], row["n"]) for row in places.rows(place, sql)]
    people = places.rows(
        place,
        "SELECT c.display_name, coalesce(c.job_title, '') AS job_title, coalesce(e.value, '') AS email FROM contact c"
        " LEFT JOIN email e ON e.contact_id = c.id WHERE c.deleted_at IS NULL",
    )
    app = laws.over(place)
    try:
        rows = Counter(table for table, _ in laws.held(app.store))
    finally:
        app.close()
    return State(operations, Counter(tuple(row.values()) for row in people), rows)


def write_people(path: Path, count: int) -> None:
    """Write a table of people and the companies that they work for."""
    lines = [f"Person {number},p{number}@people.example,Company {number % 9}" for number in range(count)]
    path.write_text("\n".join(("name,email,company", *lines, "")), "utf-8")


def write_orders(path: Path, count: int) -> None:
    """Write a table of orders of those people, of two lines each."""
    lines = [
        f"{number},2026-11-{1 + number % 20:02},p{number}@people.example,{thing},2,7.50,EUR"
        for number in range(count)
        for thing in ("Gear", "Crank")
    ]
    header = "order number,order date,email,product,quantity,price,currency"
    path.write_text("\n".join((header, *lines, "")), "utf-8")


def run(bench: Bench) -> Outcome:
    """Kill `count` processes."""
    chance = bench.chance
    faults: list[str] = []
    with ExitStack() as stack:
        mother = stack.enter_context(nursery(bench.folder / "notes"))
        killing = Killing(bench, mother)
        stages = killing.stages()
        for number in range(bench.count):
            faults += killing.kill(stages[number % len(stages)], chance)
    how = "at any call, statement and moment" if shim.library() else "at any statement and moment (no C compiler)"
    figure = f"{bench.count:,} processes killed {how} in {len(stages)} kinds of work: {len(faults)} faults"
    return Outcome(figure, faults)


SUITE = Suite(full=1_000, short=25, run=run)

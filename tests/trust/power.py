"""The power goes at any moment: no acknowledged change is lost, and the database is whole.

The shim of this folder (shim.c) stands between the program, with the very SQLite that it ships with, and the system,
and writes down each write, sync, new name and removal, and what the program told on standard output. A registered VFS
would need another build of SQLite, and would not see what the program does past it: drafts, links, renames, settings.

From such a log disk.py makes images of what a power cut may leave at a random moment. Each is opened by the program:
the laws must hold, all operations that were acknowledged by then must be there in their order, and one more must be
possible.

The control: with synchronous=NORMAL, which syncs no commit, the same must find losses.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from random import Random
from typing import NamedTuple
from unittest import SkipTest

from crmcli.kernel import config
from tests.store import old as databases
from tests.trust import laws, places, shim
from tests.trust.disk import Disk
from tests.trust.kill import LARGE, write_people
from tests.trust.nursery import Command, Nursery, nursery
from tests.trust.suite import Bench, Outcome, Suite

# So many images are made of one log.
OF_ONE = 50


class Scenario(NamedTuple):
    """What goes on: the commands, what they start from (see kill.py), and whether a reader has the database open too.

    One that is not `logged` has no write-ahead log, as on a disk in the network.

    `{folder}` is where the files of this suite are, `{place}` the database. One that `makes` a copy of the database
    must have made it whole when its first command has told so.
    """

    name: str
    commands: Sequence[Sequence[str]]
    start: str = "base"
    held: bool = False
    logged: bool = True
    makes: str = ""


DAY = (
    ("contact", "add", "Grace Hopper", "--email", "g@navy.example", "--tag", "new", "--company", "Navy"),
    ("log", "in", "c1", "Asked about delivery", "--channel", "call", "--followup", "+3d"),
    ("contact", "edit", "c1", "--job-title", "Analyst"),
    ("import", "{folder}/people.csv", "--batch", "20"),
    ("undo",),
    ("contact", "add", "The last"),
)
SALES = (
    ("deal", "add", "An engine", "--contact", "c1", "--line", "3 x Gear @ 7.50 EUR"),
    ("deal", "won", "d1"),
    ("order", "add", "--deal", "d1", "--every", "month"),
    ("order", "pay", "o1", "22.50"),
    ("log", "in", "c1", "The gear broke", "--channel", "call", "--case", "new"),
    ("case", "resolve", "cs1"),
)
SCENARIOS = (
    Scenario("a day", DAY),
    Scenario("a day of sales", SALES),
    Scenario("a day with a reader", DAY, held=True),
    Scenario("a day without a log", DAY, start="unlogged", logged=False),
    Scenario("a first load", (("import", "{folder}/large.csv"), DAY[0]), start="fresh"),
    Scenario("a large load", (("import", "{folder}/large.csv"), ("contact", "edit", "c1", "--job-title", "X"))),
    Scenario("the first change", (DAY[0], ("contact", "edit", "c1", "--job-title", "X")), start="none"),
    Scenario(
        "a backup", (("!back_up", "{place}"), ("contact", "edit", "c1", "--job-title", "X")), makes="crm.db.before-now"
    ),
    Scenario(
        "db backup",
        (("db", "backup", "{place}.copy"), ("contact", "edit", "c1", "--job-title", "X")),
        makes="crm.db.copy",
    ),
    *(Scenario(f"from {one}", (("contact", "list"), DAY[0]), start=one) for one in databases.VERSIONS),
)
CONTROL = Scenario("the control", DAY, held=True)
SETTINGS = (("config", "set", "timezone", "Europe/Vienna"), ("config", "set", "timezone", "Asia/Tokyo"))


class Log(NamedTuple):
    """What the shim wrote down, from which disk on, and how many operations there were after each command."""

    disk: Disk
    records: list[shim.Record]
    counts: list[int]
    uids: list[str]


class Cutting:
    """A run of the suite."""

    def __init__(self, bench: Bench, mother: Nursery) -> None:
        self.bench = bench
        self.mother = mother
        self.folder = bench.folder / "disk"
        self.image = bench.folder / "image"
        self.files = bench.folder / "files"
        self.files.mkdir()
        self.templates: dict[str, str] = {"none": ""}
        self.environ = {**laws.ENVIRON, "PATH": "/usr/bin:/bin", "HOME": str(self.files)}
        write_people(self.files / "people.csv", 60)
        write_people(self.files / "large.csv", LARGE)

    def template(self, start: str) -> str:
        """The database that scenarios start from."""
        if start not in self.templates:
            place = self.templates[start] = self.bench.place()
            if start in ("base", "unlogged"):
                environ = {**self.environ, "CRM_DB": place}
                self.mother.run([Command(("contact", "add", "Ada Lovelace"))], environ, below=self.folder)
                if start == "unlogged":
                    places.use_log(place, wanted=False)
            elif start != "fresh":
                places.old(place, start)
        return self.templates[start]

    def log(self, scenario: Scenario, **more: str) -> Log:
        """Let the commands run once, with a count of the operations behind each, and write down what they do."""
        with places.copied(self.template(scenario.start), self.folder) as place:
            disk = Disk(self.folder)
            log = self.bench.folder / "log"
            log.unlink(missing_ok=True)
            commands = []
            for words in scenario.commands:
                commands.append(Command([word.format(folder=self.files, place=place) for word in words]))
                commands.append(Command(("!count", place)))
            if scenario.held:
                more["hold"] = place
            if not scenario.logged:
                more["unlogged"] = "always"
            environ = {**self.environ, "CRM_DB": place}
            life = self.mother.run(commands, environ, below=self.folder, log=str(log), **more)
            assert life.codes == [0] * len(commands), f"{scenario.name}: {life}"
            counts = [int(out) for out in life.outs[1::2]]
            return Log(disk, list(shim.records(log.read_bytes())), counts, _uids(place))

    def faults(self, scenario: Scenario, chance: Random, images: int, **more: str) -> list[str]:
        """What is wrong with so many images of a scenario."""
        log = self.log(scenario, **more)
        moments = sorted(chance.randint(0, len(log.records)) for _ in range(images))
        faults, done, told, ended = [], 0, 0, 0
        for moment in moments:
            for record in log.records[done:moment]:
                log.disk.take(record)
                ended += record.what == "E"
                told = ended + 1 if record.what == "A" else max(told, ended)
            done = max(done, moment)
            shutil.rmtree(self.image, ignore_errors=True)
            self.image.mkdir()
            log.disk.cut(chance, self.image)
            # Every second command is the count behind the one before.
            acknowledged = log.counts[(told + 1) // 2 - 1] if told else 0
            where = f"{scenario.name}, cut at {moment} of {len(log.records)}"
            faults += [f"{where}: {fault}" for fault in self._look(scenario, log, acknowledged, told)]
        return faults

    def _look(self, scenario: Scenario, log: Log, acknowledged: int, told: int) -> list[str]:
        place = str(self.image / "crm.db")
        old = scenario.start[0] == "0"
        found = laws.breaches(place, journalled=not old)
        if found:
            return found
        uids = _uids(place)
        if uids != log.uids[: len(uids)]:
            found.append("operations are there that were never made, or in another order")
        if len(uids) < acknowledged:
            found.append(f"{acknowledged} operations were acknowledged, {len(uids)} are there")
        if scenario.makes and told:
            copy = self.image / scenario.makes
            found += laws.breaches(str(copy)) if copy.exists() else ["the copy that was acknowledged is not there"]
        app = laws.over(place)
        try:
            app.contacts.add("One more", {})
        except Exception as error:
            found.append(f"nothing can be written: {type(error).__name__}: {error}")
        finally:
            app.close()
        return found or laws.breaches(place, journalled=not old)

    def settings(self, chance: Random, images: int) -> list[str]:
        """The same for the file of settings: the old one or the new, whole, and what was acknowledged."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "crm").mkdir(parents=True)
        config.save(self.folder / "crm" / "config.toml", {"timezone": "UTC"})
        disk, log = Disk(self.folder), self.bench.folder / "log"
        log.unlink(missing_ok=True)
        environ = {**self.environ, "XDG_CONFIG_HOME": str(self.folder), "CRM_DB": str(self.files / "none.db")}
        environ.pop("CRM_TIMEZONE")
        life = self.mother.run([Command(one) for one in SETTINGS], environ, below=self.folder, log=str(log))
        assert life.codes == [0, 0], life
        records = list(shim.records(log.read_bytes()))
        values = ["UTC", *(words[-1] for words in SETTINGS)]
        faults, done = [], 0
        for moment in sorted(chance.randint(0, len(records)) for _ in range(images)):
            for record in records[done:moment]:
                disk.take(record)
            done = moment
            ended = sum(record.what == "E" for record in records[:moment])
            shutil.rmtree(self.image, ignore_errors=True)
            self.image.mkdir()
            disk.cut(chance, self.image)
            try:
                kept = config.load(self.image / "crm" / "config.toml").get("timezone")
            except Exception as error:
                kept = str(error)
            if kept not in values[ended:]:
                faults.append(f"settings, cut at {moment} of {len(records)}: {kept}")
        return faults


def _uids(place: str) -> list[str]:
    return [row["uid"] for row in places.rows(place, "SELECT uid FROM operation ORDER BY id")]


def run(bench: Bench) -> Outcome:
    """Make `count` images, and a tenth as many of the control."""
    if shim.library() is None:
        raise SkipTest("NOT TRIED: there is no C compiler here, or this is not Linux")
    chance = bench.chance
    faults: list[str] = []
    with ExitStack() as stack:
        cutting = Cutting(bench, stack.enter_context(nursery(bench.folder / "notes")))
        kinds = len(SCENARIOS) + 1
        left = bench.count
        for number in range(max(kinds, -(-bench.count // OF_ONE))):
            images = min(left, max(1, bench.count // kinds) if bench.count < kinds * OF_ONE else OF_ONE)
            left -= images
            if number % kinds == len(SCENARIOS):
                faults += cutting.settings(chance, images)
            else:
                faults += cutting.faults(SCENARIOS[number % kinds], chance, images)
        tried = max(20, bench.count // 10)
        lost = cutting.faults(CONTROL, chance, tried, synchronous="NORMAL")
    if not lost:
        faults.append("the control, which syncs no commit, lost nothing: this suite would not see a fault")
    figure = (
        f"{bench.count - left:,} images of a power cut in {kinds} kinds of work: {len(faults)} lost or damaged"
        f" (the control without syncs: {len(lost)} of {tried})"
    )
    return Outcome(figure, faults)


SUITE = Suite(full=2_000, short=40, run=run, databases=("sqlite",))

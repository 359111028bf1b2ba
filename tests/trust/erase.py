"""Random people among others: after an erasure nothing of the person is left anywhere, and everything of others is.

What is looked for must have been there before. At the end a copy from before all erasures is restored, and nobody who
was erased is in it.
"""

import base64
import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from crmcli.kernel.similarity import deletes
from crmcli.kernel.text import fold
from crmcli.store import chain, sqlite
from tests import sales
from tests.conftest import Crm
from tests.trust.suite import Bench, Outcome, Suite

SYLLABLES = ("ka", "ro", "mi", "tel", "van", "su", "dor", "pex", "lin", "gra", "zu", "bor", "fen", "qui", "hal", "ny",
             "Ö", "ñu", "ш", "本")  # fmt: skip
# Every word begins so, and none goes on so: the end of one text and the beginning of the next, which stand side by side
# in a file, never come to the word of somebody else.
FIRST = "wi"
PEOPLE = 6
# So many of them are erased, one after the other.
ERASED = 4
# Tables whose rows tell of operations and erasures.
ASIDE = {"operation", "erasure", "suppression", "meta"}
# Of these the figures stay, or what a company and others have of them; `World.figures` looks at those.
EMPTIED = ("deal", "sales_order", "support_case", "order_line", "payment")
FIGURES = "SELECT id, status, currency, subtotal, total, paid FROM sales_order ORDER BY id"
# Then all that was promised is due, and cases are late.
LATER = "2027-01-20T10:00:00Z"
# It says whom it was given.
OUT_OF_ORDER = "#!/bin/sh\nsed -n 's/^ *\\(.*\\) (c[0-9]*).*/\\1/p' | sort -u | tr '\\n' ' ' >&2; exit 1\n"
# By what somebody is called, changed one after the other.
CALLED = (
    ("nickname", "given_name", "additional_name", "family_name", "phonetic_given_name", "phonetic_family_name"),
    ("nickname", "given_name", "phonetic_given_name"),
    ("nickname", "family_name", "additional_name", "phonetic_family_name"),
)
# So many of a person's words the search knows before at the least; of some with ideographs it knows the parts.
FEWEST_SPELT = 5
DUE = "2026-11-24T10:00:00Z"
Operation = dict[str, object]


class World:
    """People with words of their own: no two have one in common.

    Args:
        crm: the program.
        chance: of everything random.
    """

    def __init__(self, crm: Crm, chance: random.Random) -> None:
        self.crm = crm
        self.random = chance
        self.words: dict[int, list[str]] = {key: [] for key in range(1, PEOPLE + 1)}
        self.names: dict[int, str] = {}
        self.attached: dict[int, list[str]] = {key: [] for key in self.words}
        self.used: set[str] = set()
        self.slips: set[str] = set()
        self.table = ""

    def word(self, key: int) -> str:
        """A word that nobody else has, remembered as this person's."""
        while True:
            made = FIRST + "".join(self.random.choices(SYLLABLES, k=4))
            low = fold(made)
            # Nor does one stand in a misspelling of another: the search keeps those, and not as somebody's words.
            mine = deletes(low)
            holds = any(one in form for one in self.used for form in (low, *mine))
            if not holds and not any(low in one for one in self.used | self.slips) and self.slips.isdisjoint(mine):
                break
        self.used.add(low)
        self.slips |= mine
        self.words[key].append(made)
        return made

    def text(self, key: int) -> str:
        """A sentence of such words."""
        return " ".join(self.word(key) for _ in range(self.random.randint(3, 6)))

    def number(self, key: int) -> str:
        """A phone number."""
        made = f"+44 20 79{key}6 {self.random.randint(1000, 9999)}"
        self.words[key].append(made)
        return made

    def email(self, key: int) -> str:
        """An address."""
        made = f"p{key}.{self.random.randrange(10**6)}@host{key}.example"
        self.words[key].append(made)
        return made

    def build(self) -> None:
        """People with everything that one can have, some of it changed, shared, taken back and deleted since."""
        rows = ["name,email,phone,notes"]
        for key in self.words:
            self.names[key] = f"{self.word(key)} {self.word(key)}"
            rows.append(f"{self.names[key]},{self.email(key)},{self.number(key)},{self.text(key)}")
        self.table = "\n".join(rows) + "\n"
        self.crm.ok("import", "-", "--yes", "--as", "csv", stdin=self.table)
        self.apply([{"op": "company.add", "name": "Shared Company", "notes": "Nobody is named here"}])
        for key in self.words:
            self.apply(list(self.life(key)))
        self.rename()
        self.write()
        self.sell()
        self.remind()
        for key in self.random.sample(sorted(self.words), 2):
            self.apply(
                [{"op": "log.in", "who": f"c{key}", "text": self.text(key), "channel": "chat", "followup": "+3d"}]
            )
            self.crm.ok("undo")
        self.apply([self.shared() for _ in range(6)])
        self.crm.ok("contact", "rm", "c2")

    def life(self, key: int) -> Iterator[Operation]:
        """What happens with one person alone."""
        who, word, text = f"c{key}", self.word, self.text
        yield {
            "op": "contact.edit", "who": who, "company": ["co1"], "set": [f"field={text(key)}"], "tag": [word(key)],
            "address": [{"street_address": text(key)}], "external": [f"shop:{word(key)}"], "job_title": text(key),
        }  # fmt: skip
        yield {"op": "contact.edit", "who": who, "job_title": text(key), "email": [self.email(key)]}
        promise = {"followup": "+3d", "followup_subject": text(key)}
        yield {"op": "log.in", "who": who, "text": text(key), "channel": "call", **promise}
        yield {"op": "log.out", "who": who, "text": text(key), "channel": "email", "subject": text(key)}
        yield {"op": "followup.add", "who": who, "subject": text(key), "due": "+2d", "note": text(key)}
        yield {"op": "log.note", "who": who, "text": text(key)}

    def rename(self) -> None:
        """Let everybody have been called otherwise in all ways: by hand, by an import, and by a record merged since."""
        for key in self.words:
            for changed in CALLED:
                self.apply([{"op": "contact.edit", "who": f"c{key}", column: self.word(key)} for column in changed])
            rows = f"email,nickname\n{self.words[key][2]},{self.word(key)}\n"
            self.crm.ok("import", "-", "--yes", "--as", "csv", stdin=rows)
            called = {column: self.word(key) for column in CALLED[0]}
            made = self.crm.ok(
                "contact", "add", self.word(key), *(text for column in called.items() for text in _flag(*column))
            )
            self.crm.ok("contact", "merge", f"c{key}", made.strip(), "--yes")

    def write(self) -> None:
        """Mails of two with files: of the one who sent it all goes, of the other what names the one in copy.

        One of the mails of each was taken back, and one was removed for good.
        """
        self.crm.ok("config", "set", "team.addresses", "us@team.example")
        for key in self.words:
            other = self.random.choice([one for one in self.words if one != key])
            for number in range(3):
                self.send(
                    key, other, number, key, self.packed(key).encode(), b"%PDF-1.7\n\0" + self.packed(key).encode()
                )
            self.crm.ok("undo")
            named = f"For {self.names[key]}: {self.packed(key)}"
            self.send(other, key, 3, key, named.encode("utf-16"), document(named))
            removed = self.send(key, other, 4, key, self.packed(key).encode())
            self.crm.ok("interaction", "rm", removed, "--yes")
            self.crm.ok("db", "purge", "--older-than", "now", "--yes")

    def packed(self, key: int) -> str:
        """A sentence that stands nowhere but in a file, and so in no letters."""
        known = len(self.words[key])
        text = self.text(key)
        del self.words[key][known:]
        return text

    def send(self, sender: int, copy: int, number: int, whose: int, *files: bytes) -> str:
        """Take in a mail with files in which this person is named; returns its id."""
        packed = [base64.b64encode(one).decode() for one in files]
        for key in {sender, whose}:
            self.attached[key] += packed
        parts = "".join(
            f'--b\nContent-Type: application/octet-stream; name="file"\nContent-Transfer-Encoding: base64\n'
            f'Content-Disposition: attachment; filename="file"\n\n{one}\n'
            for one in packed
        )
        text = (
            f"From: {self.words[sender][2]}\nTo: us@team.example\nCc: {self.words[copy][2]}\nMIME-Version: 1.0\n"
            f"Message-ID: <{whose}.{number}@x.example>\nDate: Mon, 16 Nov 2026 08:0{number}:00 +0000\nSubject: Files\n"
            f"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n{parts}--b--\n"
        )
        self.crm.ok("import", "-", "--as", "eml", "--attachments", "--yes", stdin=text)
        return max(self.crm.ok("interaction", "list", "-o", "ids").split(), key=lambda one: int(one[1:]))

    def mention(self) -> None:
        """Name everybody in the notes of a company; some of it is written otherwise by now."""
        for key, name in self.names.items():
            self.crm.ok("company", "edit", "co1", "--notes", f"Ring {name} ({self.words[key][2]}) first")

    def sell(self) -> None:
        """Deals, orders and cases of each: of one alone, of a company too, of two people; changed since, and moved."""
        app = sales.app_of(self.crm)
        for key in self.words:
            other = self.random.choice([one for one in self.words if one != key])
            name = self.names[key]
            with app.writing() as gate:
                alone = sales.deal(gate, self.text(key), {key: self.word(key)}, (f"For {name}",), contact_id=key,
                                   note=self.text(key), external=f"pipe:{self.word(key)}", lost_reason=self.text(key),
                                   source=self.text(key), custom=json.dumps({"k": self.text(key)}))  # fmt: skip
                shared = sales.deal(gate, f"Deal of {name}", {other: "user"}, contact_id=key, company_id=1)
                sales.deal(gate, f"Part of ({name})", {key: "budget"}, contact_id=other)
                bought = sales.order(gate, self.text(key), f"For {name}", contact_id=key, number=f"{name}-{key}",
                                     note=self.text(key), source=self.text(key), deal_id=alone,
                                     external=f"web:{self.word(key)}",
                                     custom=json.dumps({"k": self.text(key)}))  # fmt: skip
                sales.order(gate, f"From {name}", contact_id=key, company_id=1, note=f"Ring {self.words[key][2]}")
                sales.case(gate, self.text(key), contact_id=key, description=self.text(key), order_id=bought,
                           resolution=self.text(key), response_due_at=DUE)  # fmt: skip
                sales.case(gate, f"{name.upper()} asks", contact_id=key, company_id=1, response_due_at=DUE)
            with app.writing() as gate:
                gate.update("deal", alone, {"note": self.text(key)})
                gate.update("sales_order", bought, {"note": self.text(key)})
                gate.update("deal", shared, {"name": f"Deal of {name}, again"})
        app.close()

    def remind(self) -> None:
        """Tell of what was promised, of the cases, which are late, and with whom to get in touch.

        One program that tells is out of order, and what it says is kept.
        """
        self.apply([{"op": "contact.edit", "who": f"c{key}", "tag": ["guest"]} for key in self.words])
        self.crm.ok("cadence", "set", "--where", "tag:guest", "2w")
        program = self.crm.home / "tells"
        program.write_text(OUT_OF_ORDER)
        program.chmod(0o700)
        self.crm.ok("config", "set", "remind.program", str(program))
        later = {"env": {"CRM_NOW": LATER}}
        self.crm.ok("remind", "--channel", "stdout", **later)
        self.crm("remind", "--channel", "program", **later)
        self.crm.ok("remind", "--channel", "stdout", "--digest", "daily", **later)
        log = self.crm.json("remind", "log", "--limit", "9999", **later)["items"]
        about = {(one["id"], one["channel"]) for one in log}
        for key in self.words:
            for channel in ("stdout", "program"):
                assert (f"cad1:c{key}", channel) in about, f"nobody was told to stay in touch with c{key}"
        assert sum(one.startswith("cs") for one, _ in about) >= 2 * len(self.words), "no late case was told"

    def shared(self) -> Operation:
        """A meeting of two, in whose text both are named."""
        one, other = self.random.sample(sorted(self.words), 2)
        called = self.random.choice([self.names[one], self.names[one].upper(), f"({self.names[one]})"])
        said = f"With {called} and {self.names[other]}, more at {self.words[one][2]}"
        return {"op": "log.out", "who": f"c{one}", "text": said, "with": [f"c{other}"], "channel": "meeting"}

    def apply(self, operations: list[Operation]) -> None:
        """Apply operations as one command."""
        self.crm.ok("batch", stdin="\n".join(json.dumps(one) for one in operations))

    def archive(self) -> list[str]:
        """The archive, a line at a time, each as it would read."""
        lines = self.crm.ok("export", "all").splitlines()
        return [json.dumps(json.loads(line), ensure_ascii=False) for line in lines]

    def erase(self, gone: int) -> Iterator[str]:
        """Erase one of them and look everywhere; gives every fault."""
        before, figures, files = self.archive(), self.figures(), self.files()
        yield from self.never_there(gone, "\n".join(before).lower())
        reason = ("--reason", f"asked by {self.names[gone]}") if gone % 2 else ()
        who = f"c{gone}" if gone != 2 else self.names[2]
        done = self.crm("--yes", "privacy", "erase", who, "--mentions", "--json", *reason)
        told = json.loads(done.out)["item"] if done.code in (0, 1) else {}
        # What others sent and nobody can look into has to be told, and nothing else.
        if not told or told["left"] or told["problem"] or done.code != bool(told["unread"]):
            yield f"c{gone}: ended with {done.code}: {done.err}"
        for one in files - self.files() - set(self.attached[gone]):
            yield f"a file of somebody else is gone: {base64.b64decode(one)!r}"
        after = self.archive()
        yield from self.left(gone, "the archive", "\n".join(after).lower().encode())
        yield from self.left(gone, "the words of the search", " ".join(self.spelt()).encode())
        yield from changed_of_others(before, after)
        if any(f":c{gone}@" in line for line in after):
            yield f"c{gone}: it is still known when the person was due"
        if self.figures() != figures:
            yield f"c{gone}: the figures of orders changed"
        yield from self.broken()
        if self.crm.dialect == "sqlite":
            for file in Path(self.crm.place).parent.glob(f"{Path(self.crm.place).name}*"):
                yield from self.left(gone, file.name, file.read_bytes().lower())
        again = self.crm.json("import", "-", "--yes", "--as", "csv", stdin=self.table)["item"]
        if again["created"]:
            yield f"c{gone}: an import brought {again['created']} back"
        yield from self.left(gone, "the archive after an import", "\n".join(self.archive()).lower().encode())

    def files(self) -> set[str]:
        """The files that are kept, as base64."""
        app = sales.app_of(self.crm)
        try:
            return {row["content"] for row in app.store.rows("SELECT content FROM attachment_content")}
        finally:
            app.close()

    def figures(self) -> list[object]:
        """What the law keeps of orders, their lines and payments."""
        app = sales.app_of(self.crm)
        try:
            lines = "SELECT id, order_id, quantity, amount FROM order_line ORDER BY id"
            return [*app.store.rows(FIGURES), *app.store.rows(lines)]
        finally:
            app.close()

    def spelt(self) -> list[str]:
        """The words of names of which the search knows the misspellings."""
        app = sales.app_of(self.crm)
        try:
            return [row["word"] for row in app.store.rows("SELECT DISTINCT word FROM search_word ORDER BY word")]
        finally:
            app.close()

    def never_there(self, gone: int, text: str) -> Iterator[str]:
        """The control: words that are looked for afterwards and were not there before; nothing would be proved."""
        known = set(self.spelt())
        if len({fold(word) for word in self.words[gone]} & known) < FEWEST_SPELT:
            yield f"c{gone}: the search did not know the former names"
        if not any(one.lower() in text for one in self.attached[gone]):
            yield f"c{gone}: there was no file"
        missing = [word for word in self.words[gone] if word.isascii() and word.lower() not in text]
        if missing:
            yield f"c{gone}: {len(missing)} words were never there, such as '{missing[0]}'"

    def restored(self, gone: list[int], older: Path, place: Callable[[], str]) -> Iterator[str]:
        """Bring the copy back from before all erasures and look for everybody who was erased since."""
        crm, erased = self.crm, self.crm.ok("privacy", "list", "-o", "jsonl")
        if crm.dialect == "postgresql":  # an archive comes back into an empty one, and the list is replayed by hand
            crm = Crm(crm.dialect, place(), crm.home)
        crm.ok("db", "restore", str(older), "--yes")
        older.unlink()
        if crm.dialect == "postgresql":
            (crm.home / "erased.jsonl").write_text(erased, "utf-8")
            crm("--yes", "privacy", "replay", str(crm.home / "erased.jsonl"))
        there = World(crm, self.random)
        archive = "\n".join(there.archive()).lower().encode()
        for key in gone:
            yield from self.left(key, "a copy from before that was restored", archive)
            if crm.dialect == "sqlite":
                data = Path(crm.place).read_bytes().lower()
                yield from self.left(key, "the file of a copy from before that was restored", data)
        yield from there.broken()

    def left(self, gone: int, where: str, data: bytes) -> Iterator[str]:
        """Which of a person's words stand in some bytes, in lower case."""
        for word in [*self.words[gone], *self.attached[gone]]:
            if any(form.encode() in data for form in (word, word.lower(), fold(word))):
                yield f"c{gone}: '{word}' is left in {where}"

    def broken(self) -> Iterator[str]:
        """Where the chain of the journal is broken."""
        if self.crm.dialect == "sqlite":
            connection = sqlite.open_file(self.crm.place)
        else:
            from crmcli.store import postgresql

            connection = postgresql.open_place(self.crm.place, writing=False)  # type: ignore[assignment]
        try:
            yield from (f"the chain is broken: {one}" for one in chain.breaks(connection))
        finally:
            connection.close()


def _flag(column: str, text: str) -> tuple[str, str]:
    return f"--{column.replace('_', '-')}", text


def document(text: str) -> bytes:
    """A document of an office program."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", f"<text:p>{text}</text:p>")
    return made.getvalue()


def changed_of_others(before: list[str], after: list[str]) -> Iterator[str]:
    """Rows that are neither as they were nor gone, but for what was shared with the person and is marked so."""
    known = set(before)
    old = [json.loads(line) for line in before]
    last = max(entry["row"]["id"] for entry in old if entry.get("table") == "change")
    for line in after:
        entry = json.loads(line)
        if line in known or "table" not in entry or entry["table"] in ASIDE:
            continue
        table, row = entry["table"], entry["row"]
        fine = (
            (table == "change" and (row["id"] > last or "digest" in row))
            or (table == "interaction" and "[erased]" in row.get("body", ""))
            or (table in ("reminder", "reminder_state", "company") and "[erased]" in line)
            or table in EMPTIED
        )
        if not fine:
            yield f"changed: {line[:200]}"
    counts = [Counter(entry["row"]["id"] for entry in one if entry.get("table") == "contact") for one in
              (old, [json.loads(line) for line in after])]  # fmt: skip
    if sum((counts[0] - counts[1]).values()) != 1:
        yield "another number of people than one is gone"


def run(bench: Bench) -> Outcome:
    """Erase `count` people, a few in each of so many databases."""
    faults: list[str] = []
    erased = words = number = 0
    while erased < bench.count:
        number += 1
        home = bench.folder / f"home{number}"
        home.mkdir()
        world = World(Crm(bench.dialect, bench.place(), home), random.Random(bench.seed * 1000 + number))
        world.build()
        older = home / "older.jsonl"
        older.write_text(world.crm.ok("export", "all"), "utf-8")
        world.mention()
        people = world.random.sample(sorted(world.words), min(ERASED, bench.count - erased))
        for gone in people:
            faults += world.erase(gone)
            words += len(world.words[gone])
        faults += world.restored(people, older, bench.place)
        erased += len(people)
    figure = f"{erased:,} people with {words:,} words erased: {len(faults)} left, changed or brought back"
    return Outcome(figure, faults)


SUITE = Suite(full=200, short=2, run=run)

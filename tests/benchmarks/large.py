"""A large database, made straight with SQL: `python tests/benchmarks/large.py PATH [--contacts N] …`.

Deterministic and believable in its proportions: common and rare names, busy and silent customers, words that a third of
all notes hold. It bypasses the write gate (and so has no journal), since what it is for is reading.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.kernel.ids import uid7
from crmcli.kernel.similarity import deletes
from crmcli.store import sqlite
from crmcli.store.ddl import statements
from tests.benchmarks import sales

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
COMMON = ("Smith", "Müller", "García", "Rossi", "Novák", "Tanaka", "Silva", "Andersson", "Kowalski", "Nguyen")
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wen", "dor", "fal", "gri", "han", "jor", "pel")
WORDS = (
    "delivery",
    "wheel",
    "invoice",
    "press",
    "apple",
    "bottle",
    "crate",
    "order",
    "repair",
    "price",
    "colour",
    "late",
)
CHANNELS = ("call", "email", "meeting", "chat")
DAY = 86_400


def stamp(days_ago: float) -> str:
    """The stored text of a moment before NOW."""
    return (NOW - timedelta(seconds=int(days_ago * DAY))).strftime("%Y-%m-%dT%H:%M:%SZ")


def word(chance: random.Random, syllables: int) -> str:
    """An invented word."""
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables)).capitalize()


class Builder:
    """Filling one database."""

    def __init__(
        self, path: Path, contacts: int, interactions: int, orders: int = 0, *, searchable: bool = True
    ) -> None:
        self.path = path
        self.contacts = contacts
        self.interactions = interactions
        self.orders = orders
        self.searchable = searchable
        self.companies = max(20, contacts // 20)
        self.chance = random.Random(1)
        self.uid = iter(lambda: uid7(NOW, self.chance.randbytes), "")

    def build(self) -> None:
        """Make the file."""
        ddl = statements("sqlite")
        late = [line for line in ddl if line.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX", "create trigger"))]
        self.db = sqlite.sqlite3.connect(str(self.path), isolation_level=None)
        self.db.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute("BEGIN")
        for line in ddl:
            if line not in late:
                self.db.execute(line)
        for step in (self._people, self._log, self._promises, self._sales):
            self._timed(step.__name__, step)
        self._timed("indexes", lambda: [self.db.execute(line) for line in late])
        self._timed("last contacts", self._activity)
        if self.orders:
            self._timed("ordered", lambda: sales.count(self.db))
        for table in ("search_name_fts", "search_text_fts") if self.searchable else ():
            self._timed(table, lambda table=table: self.db.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')"))
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()

    def _timed(self, name: str, step: object) -> None:
        start = time.perf_counter()
        step()  # type: ignore[operator]
        sys.stderr.write(f"{name}: {time.perf_counter() - start:.1f} s\n")

    def _many(self, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
        if table.startswith("search_") and not self.searchable:
            return
        marks = ", ".join("?" * (columns.count(",") + 1))
        self.db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def _people(self) -> None:
        chance, made = self.chance, stamp(900)
        users = [(name, name, next(self.uid), made, made) for name in ("ada", "ben", "cleo")]
        self._many("user_account", "name, name_key, uid, created_at, updated_at", iter(users))
        given = [word(chance, chance.randint(2, 3)) for _ in range(5_000)]
        family = [word(chance, chance.randint(2, 4)) for _ in range(50_000)]
        companies = [
            f"{word(chance, 3)} {word(chance, 2)} {chance.choice(('Ltd', 'GmbH', 'AB'))}" for _ in range(self.companies)
        ]
        keys = "uid, name, name_key, sort_key, owner_id, created_at, updated_at"
        self._many(
            "company",
            keys,
            (
                (next(self.uid), name, name.lower(), name.lower(), n % 3 + 1, made, made)
                for n, name in enumerate(companies)
            ),
        )
        names = []
        for n in range(self.contacts):
            last = COMMON[n // 7 % len(COMMON)] if n % 7 == 0 else family[int(chance.random() ** 2 * len(family))]
            names.append((f"{chance.choice(given)} {last}", last))
        fold = str.maketrans("üíáéö", "uiaeo")
        lower = [(name, name.lower().translate(fold), last.lower().translate(fold)) for name, last in names]
        stages = ("lead", "lead", "customer", "customer", "opportunity", "former")
        self._many(
            "contact",
            "uid, display_name, name_key, sort_key, lifecycle_stage, owner_id, created_at, updated_at",
            (
                (next(self.uid), name, key, key, stages[n % 6], n % 3 + 1, stamp(n % 900), stamp(n % 300))
                for n, (name, key, _) in enumerate(lower)
            ),
        )
        emails = [
            f"{key.replace(' ', '.')}{n}@{companies[n % self.companies].split()[0].lower()}.example"
            for n, (_, key, _) in enumerate(lower)
        ]
        self._many(
            "email",
            "contact_id, value, value_key, domain, is_primary",
            ((n + 1, text, text, text.partition("@")[2], 1) for n, text in enumerate(emails)),
        )
        phones = (f"+4420{n:08d}" for n in range(self.contacts))
        self._many(
            "phone",
            "contact_id, raw, e164, digits, is_primary",
            ((n + 1, text, text, text[1:], 1) for n, text in enumerate(phones)),
        )
        self._many(
            "employment",
            "contact_id, company_id, is_primary",
            ((n + 1, n % self.companies + 1, 1) for n in range(self.contacts)),
        )
        self._many("tag", "name, name_key", ((name, name) for name in ("vip", "press", "fair")))
        self._many("tagging", "tag_id, contact_id", ((n % 3 + 1, n + 1) for n in range(0, self.contacts, 10)))
        texts = (
            (key + " " + text.replace("@", " ").replace(".", " ") + f" 4420{n:08d}")
            for n, ((_, key, _), text) in enumerate(zip(lower, emails, strict=True))
        )
        self._many("search_name", "noun, record_id, text", (("contact", n + 1, text) for n, text in enumerate(texts)))
        self._many(
            "search_name",
            "noun, record_id, text",
            (("company", n + 1, name.lower()) for n, name in enumerate(companies)),
        )
        vocabulary = {part for _, key, _ in lower for part in key.split()} | {
            part for name in companies for part in name.lower().split()
        }
        self._many(
            "search_word",
            "key, word",
            ((key, found) for found in sorted(vocabulary) if len(found) >= 3 for key in sorted(deletes(found))),
        )

    def _log(self) -> None:
        chance = self.chance
        rare = [word(chance, 4).lower() for _ in range(20_000)]
        texts = [
            " ".join(chance.choice(WORDS) for _ in range(5)) + " " + " ".join(chance.choice(rare) for _ in range(3))
            for _ in range(100_000)
        ]

        def rows() -> Iterator[tuple[int, int, str, str, str, str]]:
            for n in range(self.interactions):
                # A few customers are very busy, most are not; the log is written in the order of time.
                contact = int(chance.random() ** 3 * self.contacts) + 1
                when = stamp(730 * (1 - n / self.interactions))
                yield n + 1, contact, when, ("inbound", "outbound")[n % 2], CHANNELS[n % 4], texts[n % len(texts)]

        def again() -> Iterator[tuple[int, int, str, str, str, str]]:
            chance.seed(7)
            return rows()

        names = "id, uid, direction, channel, occurred_at, body, user_id, created_at, updated_at"
        self._many(
            "interaction",
            names,
            ((n, f"{n:036d}", way, channel, at, text, n % 3 + 1, at, at) for n, _, at, way, channel, text in again()),
        )
        names = "interaction_id, contact_id, company_id, occurred_at, direction"
        self._many(
            "participant",
            names,
            ((n, who, (who - 1) % self.companies + 1, at, way) for n, who, at, way, _, _ in again()),
        )
        self._many(
            "search_text", "noun, record_id, text", (("interaction", n, text) for n, _, _, _, _, text in again())
        )

    def _promises(self) -> None:
        names = "uid, contact_id, subject, due_at, first_due_at, all_day, status, priority, owner_id"
        names += ", created_at, updated_at"
        priorities = ("normal", "normal", "low", "high", "urgent")

        def rows() -> Iterator[tuple[object, ...]]:
            for n in range(self.contacts // 5):
                due = stamp(30 - n % 120)
                state = "open" if n % 2 else "done"
                yield (
                    next(self.uid),
                    n * 5 + 1,
                    f"Call about {WORDS[n % 12]}",
                    due,
                    due,
                    0,
                    state,
                    priorities[n % 5],
                    n % 3 + 1,
                    due,
                    due,
                )

        self._many("followup", names, rows())

    def _sales(self) -> None:
        if self.orders:
            sales.fill(self.db, self.contacts, self.companies, self.orders)

    def _activity(self) -> None:
        for noun in ("contact", "company"):
            for way, column in (("inbound", "last_inbound_at"), ("outbound", "last_outbound_at")):
                self.db.execute(
                    f"UPDATE {noun} SET {column} = (SELECT max(occurred_at) FROM participant p"
                    f" WHERE p.{noun}_id = {noun}.id AND p.direction = '{way}' AND p.deleted_at IS NULL)"
                )


def main() -> None:
    """Build the database that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--interactions", type=int, default=5_000_000)
    parser.add_argument("--orders", type=int, default=0, help="orders, and a twentieth as many deals and cases")
    parser.add_argument("--without-search", action="store_true", help="smaller: nothing can be found by its words")
    options = parser.parse_args()
    sizes = (options.contacts, options.interactions, options.orders)
    Builder(options.path, *sizes, searchable=not options.without_search).build()


if __name__ == "__main__":
    main()

"""Records as they were at a moment: what the journal says up to then, written into an empty database in memory.

It has whom is asked about, what belongs to it, and what those refer to; so every read over it gives what it gave then.
Everything is looked up by record, for which the journal has an index; only who took part in what, and whom a follow-up
is about, is searched for among all that was ever logged and promised, since it may have been moved or taken back since.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crmcli.store import activity, derive, indexing, sqlite
from crmcli.store.connection import Row
from crmcli.store.journal import naming
from crmcli.store.nouns import DEALINGS, PARTIES, RECORDS
from crmcli.store.replay import Key, Replayed, replay
from crmcli.store.schema import TABLES
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store

NOUNS = (*RECORDS, "user_account")
SHARED = ("tag", "custom_field", "merged_record", "pipeline", "stage")
"""Rows that belong to no record, as far as views show them."""
WHOLE = ("user_account", "cadence")
"""Few enough to be taken whole."""
MOST_PATTERNS = 40
MOST_ROUNDS = 20


class Past(NamedTuple):
    """A database as it was, and the rows of which something was erased since, so that they are not in it."""

    connection: sqlite.SqliteConnection
    erased: set[Key]
    rows: dict[Key, Row]


def last_operation(store: Store, moment: str) -> int:
    """The last operation up to a moment; 0 when there is none."""
    sql = "SELECT id FROM operation WHERE at <= ? ORDER BY at DESC, id DESC LIMIT 1"
    return int(store.value(sql, [moment]) or 0)


def made(store: Store, noun: str, key: int) -> Row | None:
    """The operation that the journal first names a record in; None for a record that never was."""
    sql = "SELECT operation_id FROM change WHERE noun = ? AND record_id = ? ORDER BY id LIMIT 1"
    found = store.value(sql, [noun, key])
    return None if found is None else store.row("SELECT * FROM operation WHERE id = ?", [found])


def went(store: Store, noun: str, key: int, last: int) -> Row | None:
    """The operation up to `last` that touched a record last."""
    sql = "SELECT operation_id FROM change WHERE noun = ? AND record_id = ? AND operation_id <= ?"
    found = store.value(f"{sql} ORDER BY id DESC LIMIT 1", [noun, key, last])
    return None if found is None else store.row("SELECT * FROM operation WHERE id = ?", [found])


def rebuild(store: Store, root: tuple[str, int], last: int) -> Past:
    """What there was of a record, and all that its views show, after the operation `last`."""
    journal = _Journal(store, last)
    for noun in WHOLE:
        journal.take_all(noun)
    journal.take_shared()
    journal.take([root])
    about = [root]
    if root[0] in DEALINGS:
        about = [(noun, key) for noun in PARTIES if (key := journal.now.rows.get(root, {}).get(f"{noun}_id"))]
        journal.take(about)
    roots = journal.kin(record for record in about if record[0] in PARTIES)
    journal.take(roots)
    people = [("contact", key) for noun, key in roots if noun == "company" for key in journal.people(key)]
    roots = list(dict.fromkeys([*roots, *journal.kin(people)]))
    journal.take(roots)
    journal.take(journal.about(roots))
    journal.take_referred()
    return _written(store, journal, root, roots)


class _Journal:
    """Changes of the journal up to a moment, as far as they were taken, and what they say."""

    def __init__(self, store: Store, last: int) -> None:
        self.store = store
        self.last = last
        self.taken: set[tuple[str, int]] = set()
        self.changes: dict[int, Row] = {}
        self._replayed: Replayed | None = None
        self._merged: dict[tuple[str, int], set[tuple[str, int]]] = {}

    @property
    def now(self) -> Replayed:
        """The rows that all taken changes leave."""
        if self._replayed is None:
            self._replayed = replay(self.changes[key] for key in sorted(self.changes))
        return self._replayed

    def take(self, records: Iterable[tuple[str, int]]) -> None:
        """Take the changes of records."""
        new = set(records) - self.taken
        self.taken |= new
        for noun in NOUNS:
            for part in slices(sorted(key for other, key in new if other == noun)):
                self._add(f"noun = ? AND record_id IN ({listed(part)})", [noun])

    def take_all(self, noun: str) -> None:
        """Take the changes of all records of a noun."""
        self._add("noun = ?", [noun])

    def take_shared(self) -> None:
        """Take what belongs to no record, and see who was ever merged with whom."""
        self._add(f"noun IS NULL AND table_name IN ({marks(SHARED)})", SHARED)
        sql = "SELECT * FROM change WHERE noun IS NULL AND table_name = 'merged_record' ORDER BY id"
        for row in replay(row for row in self.store.rows(sql) if row["before"] is None).rows.values():
            pair = [(row["noun"], row["record_id"]), (row["noun"], row["kept_id"])]
            for one, other in (pair, pair[::-1]):
                self._merged.setdefault(one, set()).add(other)

    def _add(self, condition: str, parameters: Sequence[object]) -> None:
        sql = f"SELECT * FROM change WHERE {condition} AND operation_id <= ? ORDER BY id"
        self.changes.update((row["id"], row) for row in self.store.rows(sql, [*parameters, self.last]))
        self._replayed = None

    def kin(self, records: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Records with all that they were ever merged with: rows of one may have been another's."""
        found = dict.fromkeys(records)
        waiting = list(found)
        while waiting:
            for other in self._merged.get(waiting.pop(), ()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)

    def people(self, company: int) -> list[int]:
        """Who ever worked for a company."""
        return [key for _, key in self._naming("contact", "employment", [("company", company)])]

    def about(self, parties: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """What was ever logged with, promised to, offered to, ordered by and asked by contacts and companies."""
        tables = (("interaction", "participant"), *((noun, noun) for noun in DEALINGS), ("deal", "deal_contact"))
        return [record for noun, table in tables for record in self._naming(noun, table, parties)]

    def _naming(self, noun: str, table: str, parties: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """The records of a noun that have, or had, a row of a table that names one of these."""
        signs = [sign for party, key in parties for sign in naming(f"{party}_id", [key])]
        for start in range(0, len(signs), MOST_PATTERNS):
            part = signs[start : start + MOST_PATTERNS]
            either = " OR ".join(["after LIKE ?"] * len(part))
            sql = f"SELECT DISTINCT record_id FROM change WHERE noun = ? AND table_name = ? AND ({either})"
            for row in self.store.rows(sql, [noun, table, *part]):
                yield noun, row["record_id"]

    def take_referred(self) -> None:
        """Take the records that others refer to, and those that these refer to, and so on."""
        for _ in range(MOST_ROUNDS):
            wanted = {
                (column.to, row[column.name])
                for (table, _), row in self.now.rows.items()
                for column in TABLES[table].columns.values()
                if column.to in NOUNS and row[column.name] is not None
            }
            new = set(self.kin(wanted)) - self.taken
            if not new:
                return
            self.take(new)


def _written(store: Store, journal: _Journal, root: tuple[str, int], roots: Sequence[tuple[str, int]]) -> Past:
    connection = sqlite.stand_in()
    # What was erased, or is no part of what is shown, may be referred to.
    connection.execute("PRAGMA foreign_keys=OFF")
    rows, erased = journal.now
    by_table: dict[str, list[Row]] = {}
    for (table, _), row in rows.items():
        by_table.setdefault(table, []).append({**row, **derive.columns(table, row)})
    connection.begin(writing=True)
    for table, whole in by_table.items():
        names = list(whole[0])
        connection.insert_rows(table, names, [[row[name] for name in names] for row in whole])
    parties = [record for record in journal.taken if record[0] in PARTIES and record in rows]
    for noun, key in parties:
        activity.refresh(connection, noun, key)
    indexing.refresh(connection, [record for record in roots if record in rows])
    _copy_journal(store, connection, journal, root)
    connection.commit()
    return Past(connection, erased, rows)


def _copy_journal(store: Store, connection: sqlite.SqliteConnection, journal: _Journal, root: tuple[str, int]) -> None:
    """What the journal says of the record itself, from which views tell how it was moved."""
    changes = [row for row in journal.changes.values() if (row["noun"], row["record_id"]) == root]
    operations = sorted({row["operation_id"] for row in changes})
    copied = {"change": changes, "operation": []}
    for part in slices(operations):
        copied["operation"] += store.rows(f"SELECT * FROM operation WHERE id IN ({listed(part)})")
    for table, rows in copied.items():
        if rows:
            connection.insert_rows(table, list(rows[0]), [list(row.values()) for row in rows])

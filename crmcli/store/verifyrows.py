"""Whether every row is what the journal says, and every derived column what follows from its row.

The changes of each row are brought together by sorting their keys, not their images, and walked beside the tables: two
streams in one order, so that memory stays the same however much there is.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from crmcli.store import derive
from crmcli.store.connection import Connection, Row
from crmcli.store.fault import UNREADABLE, Fault, row_name, told
from crmcli.store.replay import replay
from crmcli.store.schema import TABLES
from crmcli.store.sql import listed

UNJOURNALLED = frozenset(
    {"operation", "change", "import_run", "reminder", "reminder_state", "source_record", "upkeep"}
    | {"search_name", "search_text", "search_word"}
)
"""The journal itself, protocols of the program's own doings, and what can be computed again."""
JOURNALLED = tuple(sorted(TABLES.keys() - UNJOURNALLED))
# Rows may hold texts of megabytes; so few are held at a time.
PAGE = 200
PAGES = {"attachment_content": 1}


class Journalled(NamedTuple):
    """A row as the journal says: None for one that is gone; `known` is False where a part was erased."""

    table: str
    key: int
    row: Row | None
    known: bool
    fault: str = ""


class Rows:
    """The walk along all journalled tables.

    After `faults` was gone through, `highest` holds the highest key of each table in the journal, and `count` how many
    rows were held against it.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.highest: dict[str, int] = {}
        self.count = 0

    def faults(self) -> Iterator[tuple[str, Fault]]:
        """Each finding, with "rows" or "derived" for the check that it belongs to."""
        journal = self._journal()
        said = next(journal, None)
        for table, key, row in self._tables():
            while said is not None and (said.table, said.key) < (table, key):
                yield from self._alone(said)
                said = next(journal, None)
            self.count += 1
            if said is not None and (said.table, said.key) == (table, key):
                yield from _compared(said, row)
                said = next(journal, None)
            else:
                name, record = row_name(table, key, row)
                yield "rows", Fault(f"{name} was written past the journal, which does not know it", record)
            yield from _underived(table, key, row)
        while said is not None:
            yield from self._alone(said)
            said = next(journal, None)

    def _alone(self, said: Journalled) -> Iterator[tuple[str, Fault]]:
        """What the journal knows and no table holds."""
        if said.fault:
            yield "rows", Fault(said.fault)
        elif said.row is not None and said.known:
            name, record = row_name(said.table, said.key, said.row)
            yield "rows", Fault(f"{name} is missing: the journal has it, and no change that took it away", record)

    def _tables(self) -> Iterator[tuple[str, int, Row]]:
        for table in JOURNALLED:
            last, size = -(2**63), PAGES.get(table, PAGE)
            sql = f"SELECT * FROM {table} WHERE id > ? ORDER BY id LIMIT {size}"
            while rows := self.connection.rows(sql, [last]):
                for row in rows:
                    yield table, row["id"], row
                if rows[-1]["id"] <= last:  # a damaged tree may lead in circles
                    break
                last = rows[-1]["id"]

    def _journal(self) -> Iterator[Journalled]:
        order = "SELECT id, table_name, row_id FROM change ORDER BY table_name, row_id, id"
        entries = (row for portion in self.connection.stream(order) for row in portion)
        for (table, key), group in groupby(entries, lambda row: (row["table_name"], row["row_id"])):
            ids = [row["id"] for row in group]
            if table not in TABLES:
                yield Journalled(table, key, None, True, f"the journal names a table '{table}', which there is not")
                continue
            self.highest[table] = max(key, self.highest.get(table, 0))
            if table not in UNJOURNALLED:
                yield self._replayed(table, key, ids)

    def _replayed(self, table: str, key: int, ids: list[int]) -> Journalled:
        size, changes = PAGES.get(table, PAGE), []
        for start in range(0, len(ids), size):
            part = listed(ids[start : start + size])
            sql = f"SELECT table_name, row_id, before, after FROM change WHERE id IN ({part}) ORDER BY id"
            changes += self.connection.rows(sql)
        try:
            replayed = replay(changes)
        except UNREADABLE:
            name, _ = row_name(table, key, None)
            return Journalled(table, key, None, True, f"what the journal says of {name} cannot be read")
        return Journalled(table, key, replayed.rows.get((table, key)), (table, key) not in replayed.erased)


def _compared(said: Journalled, row: Row) -> Iterator[tuple[str, Fault]]:
    name, record = row_name(said.table, said.key, row)
    if said.fault:
        yield "rows", Fault(said.fault, record)
    elif not said.known:
        return
    elif said.row is None:
        yield "rows", Fault(f"{name} is there, and the journal says that it was removed", record)
    else:
        for column, value in said.row.items():
            if row[column] != value:
                text = f"{column} of {name} is {told(row[column])}, and the journal says {told(value)}"
                yield "rows", Fault(text, record)


def _underived(table: str, key: int, row: Row) -> Iterator[tuple[str, Fault]]:
    name, record = row_name(table, key, row)
    try:
        wrong = derive.wrong(table, row)
    except UNREADABLE:
        yield "derived", Fault(f"the derived columns of {name} cannot be computed", record)
        return
    for column, value in wrong.items():
        yield "derived", Fault(f"{column} of {name} is {told(row[column])} and should be {told(value)}", record)

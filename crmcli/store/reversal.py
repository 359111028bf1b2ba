"""Taking back what operations changed, from their rows of the journal, the newest first.

What was added goes, what was changed gets its former values, what was removed comes back under its old key. Every row
must still be as the operation left it, nothing that came later may hang on what goes, and what comes back must find
its place free; otherwise there is an `Obstacle`, and what was done is to be rolled back. What was erased stays. Each
reversal is journalled like any change, so that it can be taken back in turn. Neighbouring changes of one kind are done
together, since one import may have made hundreds of thousands.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from json import loads
from typing import NamedTuple

from crmcli.store import derive
from crmcli.store.blank import blank
from crmcli.store.connection import Row
from crmcli.store.gate import Gate
from crmcli.store.history import ABOUT_OPERATIONS
from crmcli.store.journal import SALT, Entry, record_of
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES
from crmcli.store.sql import listed, marks

# How many changes are looked at together, and how many characters their images may have.
SLICE = 2_000
LARGEST_SLICE = 8_000_000
MOST_PARAMETERS = 400
# How many of the records that were met are remembered.
MOST_RECORDS = 100
REMOVE, CHANGE, PUT_BACK, LEAVE, ERASED = "remove", "change", "put back", "leave", "erased"

# Made in passing and used by many: they stay when others use them by now.
SHARED = ("user_account", "tag", "custom_field", "attachment_content", "pipeline", "stage", "product")
# What names a record without a foreign key.
LOOSE = (
    ("merged_record", "record_id"),
    ("merged_record", "kept_id"),
    ("distinct_pair", "first_id"),
    ("distinct_pair", "second_id"),
)
# What no two rows of a table have in common.
UNIQUE = {
    "attachment": (("uid",),),
    "attachment_content": (("digest",),),
    "cadence": (("uid",),),
    "company": (("uid",),),
    "contact": (("uid",),),
    "custom_field": (("name",),),
    "deal": (("uid",), ("external",)),
    "deal_contact": (("deal_id", "contact_id"),),
    "distinct_pair": (("noun", "first_id", "second_id"),),
    "employment": (("contact_id", "company_id"),),
    "erasure": (("uid",),),
    "exchange_rate": (("base", "quote", "valid_from"),),
    "external_id": (("source", "key"),),
    "followup": (("uid",),),
    "goal": (("uid",),),
    "import_map": (("name",),),
    "interaction": (("uid",),),
    "merged_record": (("noun", "record_id"),),
    "message": (("interaction_id",),),
    "meta": (("key",),),
    "pipeline": (("name_key",),),
    "price": (("product_id", "currency", "valid_from"),),
    "product": (("uid",), ("external",)),
    "reminder": (("occurrence", "channel", "user_id", "round"),),
    "reminder_state": (("user_id", "channel"),),
    "sales_order": (("uid",), ("external",)),
    "stage": (("pipeline_id", "name_key"),),
    "support_case": (("uid",), ("external",)),
    "suppression": (("digest",),),
    "tag": (("name_key",),),
    "upkeep": (("kind",),),
    "user_account": (("name_key",), ("uid",)),
}

# What no two of those have in common that are not deleted.
UNIQUE_ALIVE = {"product": (("sku",),)}


class Obstacle(Exception):
    """Why something cannot be taken back.

    Args:
        kind: `changed`: the row is not as it was left; `used`: another one hangs on it; `taken`: another one has what
            must be unique; `missing`: what it refers to is no more.
        row: the row of the operation: its table and key.
        other: the row that stands in the way.
        record: the record that `other` belongs to.

    `whole` says that nothing may be left of what others did to the row `other`: what it is, or is a part of, goes.
    """

    whole = False

    def __init__(
        self, kind: str, row: tuple[str, int], other: tuple[str, int], record: tuple[str, int] | None = None
    ) -> None:
        super().__init__(kind)
        self.kind, self.row, self.other, self.record = kind, row, other, record


class Change(NamedTuple):
    """A row of the journal, its images read."""

    id: int
    table: str
    key: int
    record: tuple[str, int] | None
    before: Row | None
    after: Row | None

    @property
    def kind(self) -> str:
        """What its reversal does."""
        if self.table in ABOUT_OPERATIONS:
            return LEAVE
        if self.before is None and self.after is None:
            return ERASED
        return REMOVE if self.before is None else PUT_BACK if self.after is None else CHANGE


class Reversal:
    """The reversals of one operation.

    Args:
        gate: of the open transaction.
        collecting: go on at obstacles, to meet as many as there are; otherwise the first is raised.
    """

    def __init__(self, gate: Gate, *, collecting: bool = False) -> None:
        self.gate = gate
        self.collecting = collecting
        self.connection = gate.connection
        self.obstacles: list[Obstacle] = []
        """What was met, when collecting."""
        self.kept: list[Obstacle] = []
        """What stays although it was made, because others use it by now."""
        self.records: dict[tuple[str, int], None] = {}
        """Records that were met, in order, not all of them where there are very many."""
        self.erased: dict[tuple[str, int], None] = {}
        """Records of which something was erased, so that it stays as it is; as many."""

    def take_back(self, operation: int) -> None:
        """Reverse all changes of an operation.

        Raises:
            Obstacle: it cannot be done; not when collecting.
        """
        for part in self._parts(operation):
            if len(self.records) < MOST_RECORDS:
                self.records.update({change.record: None for change in part if change.record})
            for kind, group in groupby(part, lambda change: change.kind):
                changes = list(group)
                if kind == REMOVE:
                    self._remove(operation, changes)
                elif kind == PUT_BACK:
                    self._put_back(operation, changes)
                elif kind == CHANGE:
                    for change in changes:
                        self._change(change)
                elif kind == ERASED and len(self.erased) < MOST_RECORDS:
                    self.erased.update({change.record or (change.table, change.key): None for change in changes})
        # What was seen of a source must be looked at again when it comes the next time.
        self.connection.execute("DELETE FROM source_record WHERE operation_id = ?", [operation])

    def _meet(self, obstacle: Obstacle, *, whole: bool = False) -> None:
        if not self.collecting:
            raise obstacle
        obstacle.whole = whole
        self.obstacles.append(obstacle)

    # --- reading the journal

    def _parts(self, operation: int) -> Iterator[list[Change]]:
        """The changes of an operation, the newest first, so many at a time that they fit into memory."""
        sql = "SELECT min(id) AS low, max(id) AS high FROM change WHERE operation_id = ?"
        ends = self.connection.execute(sql, [operation]).fetchone()
        if ends["high"] is None:
            return
        within = "FROM change WHERE operation_id = ? AND id BETWEEN ? AND ? ORDER BY id DESC"
        for high in range(ends["high"], ends["low"] - 1, -SLICE):
            size = "coalesce(length(before), 0) + coalesce(length(after), 0) AS size"
            sizes = self.connection.rows(f"SELECT id, {size} {within}", [operation, high - SLICE + 1, high])
            for first, last in _portions(sizes):
                yield [_change(row) for row in self.connection.rows(f"SELECT * {within}", [operation, last, first])]

    def _journal(self, operation: int, changes: Sequence[Change], left_out: Collection[int] = ()) -> None:
        """Journal the reversals of neighbouring changes: before and after change places."""
        left = [change.id for change in changes if change.id in left_out]
        if len(left) == len(changes):
            return
        sql = (
            "INSERT INTO change (operation_id, table_name, row_id, noun, record_id, before, after, salt)"
            f" SELECT ?, table_name, row_id, noun, record_id, after, before, {SALT[self.connection.dialect]}"
            " FROM change"
            f" WHERE operation_id = ? AND id BETWEEN ? AND ? AND id NOT IN ({listed([0, *left])}) ORDER BY id DESC"
        )
        parameters = [operation, changes[-1].id, changes[0].id]
        self.gate.journal_rows(sql, parameters, len(changes) - len(left))

    # --- what was added goes

    def _remove(self, operation: int, changes: Sequence[Change]) -> None:
        left_out: list[int] = []
        touched: dict[int, Row] = {}
        for table, group in _by_table(changes, children_first=True):
            rows = self._rows(table, [change.key for change in group])
            for change in group:
                if obstacle := _differing(change, rows.get(change.key)):
                    self._meet(obstacle, whole=True)
                    rows.pop(change.key, None)
            used = self._used(table, rows) if rows else {}
            if table in SHARED:
                self.kept += used.values()
            else:
                for obstacle in used.values():
                    self._meet(obstacle, whole=True)
            left_out += [change.id for change in group if change.key in used]
            gone = [key for key in rows if key not in used]
            self.connection.execute(f"DELETE FROM {table} WHERE id IN ({listed([0, *gone])})")
            for key in gone:
                self.gate.renew(table, key, rows[key])
            touched.update(_touched(group, {key: rows[key] for key in gone}))
            if gone:
                self.gate.gone(table, gone)
        left = set(left_out)
        for as_made, run in groupby(changes, lambda change: change.id not in touched):
            if as_made:
                self._journal(operation, list(run), left)
                continue
            for change in run:
                # When it was last touched is not as it was made, and must be so again when it comes back.
                self.gate.journal_row(Entry(change.table, change.key, touched[change.id], None, change.record))

    def _used(self, table: str, rows: dict[int, Row]) -> dict[int, Obstacle]:
        """Which of the rows others hang on, each with one of those."""
        found: dict[int, Obstacle] = {}
        for child, column, condition in _references(table):
            others = f" AND id NOT IN ({listed(rows)})" if child == table else ""
            sql = (
                f"SELECT {column} AS used, max(id) AS id FROM {child} WHERE {column} IN ({listed(rows)}){condition}"
                f"{others} GROUP BY {column}"
            )
            for row in self.connection.rows(sql):
                if row["used"] not in found:
                    hanging = self._rows(child, [row["id"]])[row["id"]]
                    found[row["used"]] = _obstacle("used", (table, row["used"]), child, hanging)
        if table == "attachment_content":
            by_digest = {row["digest"]: key for key, row in rows.items()}
            for row in self._having("attachment", ("digest",), [(digest,) for digest in by_digest]):
                key = by_digest[row["digest"]]
                found.setdefault(key, _obstacle("used", (table, key), "attachment", row))
        return found

    # --- what was changed gets its former values

    def _change(self, change: Change) -> None:
        assert change.before is not None
        assert change.after is not None
        row = self._rows(change.table, [change.key]).get(change.key)
        obstacle = _differing(change, row)
        if row is None or obstacle:
            return self._meet(obstacle or Obstacle("changed", (change.table, change.key), (change.table, change.key)))
        columns = TABLES[change.table].columns
        former = {name: change.before.get(name) for name in {**change.after, **change.before} if name in columns}
        if "updated_at" in former and row["updated_at"] != change.after.get("updated_at"):
            former["updated_at"] = self.gate.now  # it was changed since then, and is now
        former = {name: value for name, value in former.items() if row[name] != value}
        if not former:
            return None
        after = {**row, **former}
        after.update(derive.columns(change.table, after))
        if not self._without_place(change.table, [after], [name for name in after if after[name] != row[name]]):
            self.gate.rewrite(change.table, row, former)
        return None

    # --- what was removed comes back

    def _put_back(self, operation: int, changes: Sequence[Change]) -> None:
        for table, group in _by_table(changes, children_first=False):
            there = self._rows(table, [change.key for change in group])
            for key in there:
                self._meet(Obstacle("changed", (table, key), (table, key)))
            rows = [_whole(table, change.key, change.before or {}) for change in group if change.key not in there]
            without = self._without_place(table, rows, list(rows[0])) if rows else set()
            rows = [row for row in rows if row["id"] not in without]
            if not rows:
                continue
            self.connection.insert_rows(table, list(rows[0]), [list(row.values()) for row in rows])
            for row in rows:
                self.gate.renew(table, row["id"], row)
        self._journal(operation, changes)

    def _without_place(self, table: str, rows: Sequence[Row], names: Sequence[str]) -> set[int]:
        """Make sure that what must be unique is free, and that what is referred to exists, as far as `names` go.

        Returns the keys of the rows for which that is not so.
        """
        found = [
            *self._taken(table, rows, names),
            *self._missing(table, rows, names),
            *self._erased(table, rows, names),
        ]
        for obstacle in found:
            self._meet(obstacle)
        return {obstacle.row[1] for obstacle in found}

    def _taken(self, table: str, rows: Sequence[Row], names: Sequence[str]) -> Iterator[Obstacle]:
        for key in UNIQUE.get(table, ()):
            if set(key) & set(names):
                yield from self._others_with(table, key, rows)
        for key in UNIQUE_ALIVE.get(table, ()):
            if {*key, "deleted_at"} & set(names):
                alive = [row for row in rows if row["deleted_at"] is None]
                yield from self._others_with(table, key, alive, alive=True)

    def _others_with(
        self, table: str, key: Sequence[str], rows: Sequence[Row], *, alive: bool = False
    ) -> Iterator[Obstacle]:
        wanted = {tuple(row[name] for name in key): row["id"] for row in rows}
        for row in self._having(table, key, list(wanted)):
            mine = wanted[tuple(row[name] for name in key)]
            if row["id"] != mine and not (alive and row["deleted_at"]):
                yield _obstacle("taken", (table, mine), table, row)

    def _erased(self, table: str, rows: Sequence[Row], names: Sequence[str]) -> Iterator[Obstacle]:
        """Nobody is made one with somebody who was erased since."""
        for child, column in LOOSE:
            if child != table or column not in names:
                continue
            wanted = {row[column]: row["id"] for row in rows if row["noun"] == "contact"}
            erased = self._having("erasure", ("record_id",), [(key,) for key in wanted])
            for key in {row["record_id"] for row in erased} - self._rows("contact", list(wanted), "id").keys():
                yield Obstacle("missing", (table, wanted[key]), ("contact", key))

    def _missing(self, table: str, rows: Sequence[Row], names: Sequence[str]) -> Iterator[Obstacle]:
        for name, column in TABLES[table].columns.items():
            if not column.to or name not in names:
                continue
            wanted = {row[name] for row in rows if row[name] is not None}
            known = set(self._rows(column.to, list(wanted), "id"))
            if column.to == table:
                known |= {row["id"] for row in rows}
            if wanted - known:
                for row in rows:
                    if row[name] in wanted - known:
                        yield Obstacle("missing", (table, row["id"]), (column.to, row[name]))

    # --- reading rows

    def _rows(self, table: str, keys: Sequence[int], columns: str = "*") -> dict[int, Row]:
        found = self.connection.rows(f"SELECT {columns} FROM {table} WHERE id IN ({listed([0, *keys])})")
        return {row["id"]: row for row in found}

    def _having(self, table: str, names: Sequence[str], values: Sequence[tuple[object, ...]]) -> list[Row]:
        """The rows with these values in the columns of a unique key or an index."""
        found: list[Row] = []
        step = MOST_PARAMETERS // len(names)
        for start in range(0, len(values), step):
            part = values[start : start + step]
            # One condition a value, since the databases look up rows of values in ways of their own.
            either = " OR ".join(["(" + " AND ".join(f"{name} = ?" for name in names) + ")"] * len(part))
            if len(names) == 1:
                either = f"{names[0]} IN ({marks(part)})"
            found += self.connection.rows(f"SELECT * FROM {table} WHERE {either}", [one for key in part for one in key])
        return found


def _portions(sizes: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """The first and last id of portions of changes that are not too large together."""
    start, total = 0, 0
    for number, row in enumerate(sizes):
        if total and total + row["size"] > LARGEST_SLICE:
            yield sizes[start]["id"], sizes[number - 1]["id"]
            start, total = number, 0
        total += row["size"]
    if sizes:
        yield sizes[start]["id"], sizes[-1]["id"]


def _change(row: Row) -> Change:
    record = None if row["record_id"] is None else (row["noun"], row["record_id"])
    before, after = (None if row[name] is None else loads(row[name]) for name in ("before", "after"))
    return Change(row["id"], row["table_name"], row["row_id"], record, before, after)


def _by_table(changes: Sequence[Change], *, children_first: bool) -> Iterator[tuple[str, list[Change]]]:
    """The changes of each table, those of tables that refer to others before or after them."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.table, []).append(change)
    loose = {table for table, _ in LOOSE}
    order = list(TABLES)
    for table in sorted(groups, key=lambda name: (name in loose, order.index(name)), reverse=children_first):
        yield table, groups[table]


def _differing(change: Change, row: Row | None) -> Obstacle | None:
    """What is wrong with a row that is not as the change left it. When it was last touched does not count."""
    here = (change.table, change.key)
    if row is None:
        return Obstacle("changed", here, here, change.record)
    left = change.after or {}
    if change.before is None:
        left = {**blank(change.table), **left}
    columns = TABLES[change.table].columns
    if any(row[name] != value for name, value in left.items() if name in columns and name != "updated_at"):
        return _obstacle("changed", here, change.table, row)
    return None


def _touched(changes: Sequence[Change], rows: Mapping[int, Row]) -> Iterator[tuple[int, Row]]:
    """The keys of changes that made rows which were touched since then, with those rows as the journal has them."""
    for change in changes:
        row = rows.get(change.key)
        if row is not None and "updated_at" in row and row["updated_at"] != (change.after or {}).get("updated_at"):
            columns = TABLES[change.table].columns
            yield (
                change.id,
                {name: value for name, value in row.items() if value is not None and not columns[name].derived},
            )


def _whole(table: str, key: int, image: Row) -> Row:
    """The row that an image tells of, with its key and the derived columns that follow from it."""
    plain = {**blank(table), **{name: value for name, value in image.items() if name in TABLES[table].columns}}
    return {"id": key, **plain, **derive.columns(table, plain)}


def _obstacle(kind: str, row: tuple[str, int], table: str, other: Row) -> Obstacle:
    return Obstacle(kind, row, (table, other["id"]), record_of(table, other["id"], other))


@cache
def _references(table: str) -> tuple[tuple[str, str, str], ...]:
    """The tables and columns that refer to a table, each with a further condition."""
    found = [(name, column.name, "") for name, other in TABLES.items() for column in other.columns.values()
             if column.to == table]  # fmt: skip
    if table in PARTIES:
        found += [(child, column, f" AND noun = '{table}'") for child, column in LOOSE]
    return tuple(found)

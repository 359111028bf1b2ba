"""Reads for the history: operations, what each changed, and what belongs to a customer."""

from collections.abc import Iterable, Sequence
from json import loads
from typing import NamedTuple

from crmcli.store import history, origins
from crmcli.store.connection import Row
from crmcli.store.nouns import DEALINGS, NAMES
from crmcli.store.sql import ENDLESS, listed, slices
from crmcli.store.store import Store

SHARED = ("tag", "custom_field", "pipeline", "stage")
"""What belongs to no record."""
TAKING = (history.UNDO, "interaction edit", "deal edit", "order edit", "case edit", "batch")
"""How the commands begin that may take a logged contact or a promise from a customer."""
Records = dict[str, set[int]]
"""Keys of records by their noun."""


class Wanted(NamedTuple):
    """Which operations: not before `since` and before `until`, as stored; by this actor; with these words."""

    since: str | None = None
    until: str | None = None
    user: int | None = None
    command: str | None = None
    records: Records | None = None
    operations: Sequence[int] | None = None


def page(store: Store, wanted: Wanted, limit: int | None) -> list[Row]:
    """The operations, the newest first, one more than `limit` when there are more."""
    conditions, parameters = ["id > 0"], []
    for condition, value in (
        ("at >= ?", wanted.since),
        ("at < ?", wanted.until),
        ("user_id = ?", wanted.user),
    ):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    if wanted.command:
        conditions.append("lower(command) LIKE ? ESCAPE '\\'")
        escaped = wanted.command.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters.append(f"%{escaped}%")
    if wanted.records is not None:
        keys = {key for noun, ids in wanted.records.items() for key in _of(store, noun, ids)}
        conditions.append(f"id IN ({listed(sorted(keys | {0}))})")
    if wanted.operations is not None:
        conditions.append(f"id IN ({listed([0, *wanted.operations])})")
    sql = f"SELECT * FROM operation WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"
    return store.rows(sql, [*parameters, ENDLESS if limit is None else limit + 1])


def _of(store: Store, noun: str, keys: Iterable[int]) -> set[int]:
    """The operations that changed these records."""
    found = set()
    for part in slices(sorted(keys)):
        sql = f"SELECT DISTINCT operation_id FROM change WHERE noun = ? AND record_id IN ({listed(part)})"
        found |= {row["operation_id"] for row in store.rows(sql, [noun])}
    return found


def belonging(store: Store, noun: str, key: int) -> Records:
    """A customer with what was merged into it, was logged with it and promised to it, and its cadences.

    What was taken back or erased since belongs to it, too.
    """
    found: Records = {record: set() for record in ("interaction", *DEALINGS)}
    for record in _erased_with(store, noun, key):
        found.setdefault(record[0], set()).add(record[1])
    mine = found[noun] = {key, *origins.merged_into(store, noun, key), *found.get(noun, ())}
    for table, column in (("participant", "interaction_id"), *((dealing, "id") for dealing in DEALINGS)):
        name = "interaction" if table == "participant" else table
        sql = f"SELECT {column} AS key FROM {table} WHERE {noun}_id IN ({listed(sorted(mine))})"
        found[name] |= {row["key"] for row in store.rows(sql)}
    if noun == "contact":
        sql = f"SELECT deal_id AS key FROM deal_contact WHERE contact_id IN ({listed(sorted(mine))})"
        found["deal"] |= {row["key"] for row in store.rows(sql)}
    for record in _taken_from(store, noun, mine):
        found[record[0]].add(record[1])
    return found


def _erased_with(store: Store, noun: str, key: int) -> list[tuple[str, int]]:
    """The records that went when a customer was erased, as far as that is known."""
    wordless = "before IS NULL AND after IS NULL"
    sql = "SELECT max(operation_id) AS last FROM change WHERE noun = ? AND record_id = ? AND table_name = ?"
    sql = f"{sql} AND {wordless}"
    last = store.value(sql, [noun, key, noun])
    operation = last and history.operation(store, last)
    if not operation or not operation["command"].startswith(history.ERASE):
        return []
    sql = f"SELECT DISTINCT noun, record_id FROM change WHERE operation_id = ? AND record_id IS NOT NULL AND {wordless}"
    return [(row["noun"], row["record_id"]) for row in store.rows(sql, [last])]


def _taken_from(store: Store, noun: str, keys: Iterable[int]) -> set[tuple[str, int]]:
    """The records that were taken from customers: by undos, or by naming others."""
    commands = " OR ".join(["command LIKE ?"] * len(TAKING))
    taking = store.rows(f"SELECT id FROM operation WHERE id > 0 AND ({commands})", [f"{one}%" for one in TAKING])
    named = [f'%"{noun}_id":{key}{end}%' for key in sorted(keys) for end in (",", "}")]
    found = set()
    for part in slices([row["id"] for row in taking]):
        sql = (
            f"SELECT DISTINCT noun, record_id FROM change WHERE operation_id IN ({listed(part)})"
            f" AND table_name IN ('participant', {', '.join(map(repr, DEALINGS))}) AND noun IS NOT NULL"
            f" AND ({' OR '.join(['before LIKE ?'] * len(named))})"
        )
        found |= {(row["noun"], row["record_id"]) for row in store.rows(sql, named)}
    return found


def is_known(store: Store, noun: str, key: int) -> bool:
    """Whether the journal has anything of a record."""
    sql = "SELECT 1 AS found FROM change WHERE noun = ? AND record_id = ? LIMIT 1"
    return store.row(sql, [noun, key]) is not None


def chain(store: Store, key: int) -> list[int]:
    """An operation with those of its import, and all that took it back or brought it back."""
    found = set(history.run(store, key))
    sql = "SELECT id, command FROM operation WHERE id > ? AND command LIKE ? ORDER BY id"
    for row in store.rows(sql, [min(found), f"{history.UNDO}%"]):
        if history.undone(row["command"]) in found:
            found.add(row["id"])
    return sorted(found)


def counts(store: Store, operations: Sequence[int]) -> list[Row]:
    """How many rows of each table operations `added`, `changed` and `removed`; `erased` are those without words."""
    found = []
    for part in slices(operations):
        found += store.rows(
            "SELECT operation_id, table_name, count(*) AS total,"
            " sum(CASE WHEN before IS NULL AND after IS NOT NULL THEN 1 ELSE 0 END) AS added,"
            " sum(CASE WHEN before IS NOT NULL AND after IS NOT NULL THEN 1 ELSE 0 END) AS changed,"
            " sum(CASE WHEN before IS NOT NULL AND after IS NULL THEN 1 ELSE 0 END) AS removed,"
            " sum(CASE WHEN before IS NULL AND after IS NULL THEN 1 ELSE 0 END) AS erased"
            f" FROM change WHERE operation_id IN ({listed([0, *part])}) GROUP BY operation_id, table_name"
        )
    return found


def records(store: Store, operation: int, most: int) -> list[tuple[str, int]]:
    """The first records of which an operation changed something."""
    sql = "SELECT noun, record_id FROM change WHERE operation_id = ? AND record_id IS NOT NULL ORDER BY id LIMIT ?"
    rows = store.rows(sql, [operation, most * 50])
    return list(dict.fromkeys((row["noun"], row["record_id"]) for row in rows))[:most]


def changes(store: Store, operation: int, most: int) -> list[Row]:
    """The first changes of an operation, in their order."""
    return store.rows("SELECT * FROM change WHERE operation_id = ? ORDER BY id LIMIT ?", [operation, most])


def changes_of_table(store: Store, operation: int, table: str) -> list[Row]:
    """The changes of an operation to the rows of one table, in their order."""
    return store.rows("SELECT * FROM change WHERE operation_id = ? AND table_name = ? ORDER BY id", [operation, table])


def labels(store: Store, table: str, keys: Iterable[int]) -> dict[int, str]:
    """What rows are called now; those without a name, or not there any more, are left out."""
    sql = f"SELECT id, {NAMES.get(table, 'name')} AS name FROM {table} WHERE id IN ({listed([0, *keys])})"
    return {row["id"]: row["name"] for row in store.rows(sql) if row["name"]}


def former_label(store: Store, table: str, key: int) -> str | None:
    """What a row was called that is not there any more, as far as the journal still has it."""
    name = NAMES.get(table, "name")
    owner, parameters = ("noun IS NULL", []) if table in SHARED else ("noun = ? AND record_id = ?", [table, key])
    sql = f"SELECT before, after FROM change WHERE {owner} AND table_name = ? AND row_id = ? ORDER BY id DESC"
    for row in store.rows(sql, [*parameters, table, key]):
        for image in (row["after"], row["before"]):
            found = loads(image).get(name) if image else None
            if found:
                return str(found)
    return None


def taken_by(store: Store, lowest: int) -> dict[int, int]:
    """Of the operations from `lowest` on those that do not count now, each with the operation that took it back."""
    found: dict[int, int] = {}
    sql = "SELECT id, command FROM operation WHERE id > ? AND command LIKE ? ORDER BY id DESC"
    for row in store.rows(sql, [lowest, f"{history.UNDO}%"]):
        target = history.undone(row["command"])
        if target is not None and row["id"] not in found:
            found.update((key, row["id"]) for key in history.run(store, target))
    return found

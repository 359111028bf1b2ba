"""The journal as it is read: operations, what they changed, and which of them are in force.

An operation that takes another one back says so in its command, `undo op12`. It can be taken back itself, which brings
the first one into force again. What stands last in such a chain decides. Where one command takes back several, each has
an operation of its own that says which was named, `undo op14 for op12`: no operation is taken back twice.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crmcli.kernel.ids import parse_ref, ref
from crmcli.store.connection import Row
from crmcli.store.sql import listed
from crmcli.store.store import Store

UNDO = "undo "
FOR = " for "
ERASE = "privacy erase"
# Tables whose rows tell of an operation itself: they stay when it is taken back.
ABOUT_OPERATIONS = ("import_run", "operation")
PAGE = 200
LAST = 2**63 - 1
# So many changes are looked through at once.
WINDOW = 10_000


def undo_command(key: int, named: int | None = None) -> str:
    """The command of an operation that takes back the one with this key, perhaps because another was named."""
    return UNDO + ref("operation", key) + ("" if named in (None, key) else FOR + ref("operation", named))


def undone(command: str) -> int | None:
    """The key of the operation that one with this command took back; None for any other command."""
    return _key(command.removeprefix(UNDO).partition(FOR)[0]) if command.startswith(UNDO) else None


def named(command: str) -> int | None:
    """The key of the operation that was named when one with this command took something back; None for any other."""
    target = undone(command)
    return target and (_key(command.partition(FOR)[2]) or target)


def goes_along(command: str) -> bool:
    """Whether an operation of this command took something back because another was named."""
    return named(command) != undone(command)


def _key(text: str) -> int | None:
    found = parse_ref(text)
    return found[1] if found and found[0] == "operation" else None


def operation(store: Store, key: int) -> Row | None:
    """The operation with this key."""
    return store.row("SELECT * FROM operation WHERE id = ?", [key])


def run(store: Store, key: int) -> list[int]:
    """The operations that are taken back together with this one, the newest first: those of its import, or it alone."""
    sql = (
        "SELECT DISTINCT other.operation_id FROM import_run AS run JOIN import_run AS other ON other.run = run.run"
        " WHERE run.operation_id = ? ORDER BY other.operation_id DESC"
    )
    return [row["operation_id"] for row in store.rows(sql, [key])] or [key]


def runs(store: Store, keys: Sequence[int]) -> list[Row]:
    """What these operations took in from files: rows of `import_run`."""
    return store.rows(f"SELECT * FROM import_run WHERE operation_id IN ({listed([0, *keys])}) ORDER BY id")


def taken_back(store: Store, command: str) -> list[int]:
    """What an operation of this command took back, what that one had taken back, and so on; empty for any other."""
    found: list[int] = []
    key = undone(command)
    while key is not None:
        found.append(key)
        row = operation(store, key)
        key = undone(row["command"]) if row else None
    return found


def newest(store: Store, below: int = LAST) -> Row | None:
    """The newest operation that can be taken back: in force, with changes, and none that itself took something back.

    An erasure is found, too, although it stays.

    Args:
        store: the store.
        below: only operations before this one.
    """
    gone: set[int] = set()
    for row in _newest_first(store):
        if row["id"] in gone:
            continue
        chain = taken_back(store, row["command"])
        if chain:
            gone.update(run(store, chain[0]))
        if goes_along(row["command"]) or len(chain) % 2 or row["id"] >= below:
            continue
        if row["command"].startswith(ERASE) or any(has_changes(store, key) for key in run(store, row["id"])):
            # One that was brought back because another was named is in force where that was done.
            return operation(store, standing(store, row["id"])[0])
    return None


class Redo(NamedTuple):
    """The undo that a redo takes back, by all its operations, the newest first; and what was changed after it."""

    undo: list[Row]
    later: Row | None


def last_undo(store: Store, aside: Collection[int]) -> Redo | None:
    """The newest undo in force that took something away, some operations left aside; None when there is none."""
    gone: set[int] = set()
    later = None
    for row in _newest_first(store):
        if row["id"] in gone or row["id"] in aside:
            continue
        chain = taken_back(store, row["command"])
        if chain:
            gone.update(run(store, chain[0]))
        # Of several that one command took back, the named one says what the command did.
        target = named(row["command"])
        if target is not None and len(taken_back(store, undo_command(target))) % 2:
            return Redo([one for one in together(store, row) if one["id"] not in gone], later)
        if not chain and later is None and any(has_changes(store, key) for key in run(store, row["id"])):
            later = row
    return None


def together(store: Store, operation: Row) -> list[Row]:
    """The operations by which one command took back several, the newest first; of any other command it alone."""
    target = named(operation["command"])
    if target is None:
        return [operation]
    sql = "SELECT * FROM operation WHERE id > ? AND command LIKE ? ORDER BY id DESC"
    return [row for row in store.rows(sql, [target, f"{UNDO}%"]) if named(row["command"]) == target]


def standing(store: Store, key: int) -> tuple[int, int | None]:
    """How an operation stands now.

    Returns:
        The operation in which its changes are in force: its own key, or that of the one that brought it back; and the
        operation that took it back, or None when it is in force.
    """
    mates = set(run(store, key))
    gone: set[int] = set()
    sql = "SELECT * FROM operation WHERE id > ? AND command LIKE ? ORDER BY id DESC"
    for row in store.rows(sql, [min(mates), f"{UNDO}%"]):
        chain = taken_back(store, row["command"])
        if row["id"] in gone or not chain:
            continue
        gone.update(run(store, chain[0]))
        place = next((number for number, one in enumerate(chain) if one in mates), None)
        if place is not None:
            return (key, row["id"]) if place % 2 == 0 else (row["id"], None)
    return key, None


def not_in_force(store: Store, operations: Sequence[Row]) -> set[int]:
    """Those of all operations that changed some record whose changes do not count: undos, and what they took back.

    What was brought back again counts, as the operation that it was at first.
    """
    gone: set[int] = set()
    undos = set()
    for row in sorted(operations, key=lambda row: -row["id"]):
        target = undone(row["command"])
        if target is not None:
            undos.add(row["id"])
            if row["id"] not in gone:
                gone.update(run(store, target))
    return gone | undos


def erases(store: Store, operation: Row) -> bool:
    """Whether an operation erased somebody, or took over that another database did: it cannot be taken back.

    To let somebody in again, and to take that back, is another thing.
    """
    if operation["command"].startswith(UNDO):
        return False
    kept = "table_name IN ('erasure', 'suppression') AND after IS NOT NULL"
    sql = f"SELECT 1 AS found FROM change WHERE operation_id = ? AND {kept} LIMIT 1"
    return operation["command"].startswith(ERASE) or store.row(sql, [operation["id"]]) is not None


def changes(store: Store, key: int, most: int) -> list[Row]:
    """The first changes of an operation, in their order: their table, noun, record and images."""
    return store.rows(
        "SELECT table_name, noun, record_id, before, after FROM change WHERE operation_id = ? ORDER BY id LIMIT ?",
        [key, most],
    )


def has_changes(store: Store, key: int) -> bool:
    """Whether an operation changed anything that can be taken back."""
    others = f"table_name NOT IN ({_quoted()}) AND digest IS NULL"
    return store.row(f"SELECT 1 AS found FROM change WHERE operation_id = ? AND {others} LIMIT 1", [key]) is not None


def later(
    store: Store,
    rows: Collection[tuple[str, int]],
    operations: Sequence[int],
    *,
    aside: Collection[int] = (),
    whole: Collection[tuple[str, int]] = (),
) -> list[Row]:
    """The newest operation in force, later than these, of each row that one changed or took away; the newest first.

    Args:
        store: the store.
        rows: tables and keys.
        operations: those after which it is looked for.
        aside: others that do not count.
        whole: the rows of which all operations are wanted, not only the newest.
    """
    ends = store.rows("SELECT max(id) AS last FROM change WHERE operation_id = ?", [min(operations)])
    touched: dict[tuple[str, int], dict[int, None]] = {}
    last = ends[0]["last"] or 0
    sql = "SELECT id, operation_id, table_name, row_id FROM change WHERE id > ? ORDER BY id LIMIT ?"
    while part := store.rows(sql, [last, WINDOW]):
        for row in part:
            if (row["table_name"], row["row_id"]) in rows:
                touched.setdefault((row["table_name"], row["row_id"]), {})[row["operation_id"]] = None
        last = part[-1]["id"]
    counts = _in_force_after(store, operations)
    found: set[int] = set()
    for one, keys in touched.items():
        those = [key for key in keys if key in counts and key not in aside]
        found.update(those if one in whole else those[-1:])
    return [counts[key] for key in sorted(found, reverse=True)]


def _in_force_after(store: Store, operations: Sequence[int]) -> dict[int, Row]:
    """The operations later than these that count: nothing took them back, nor did they take back a later one.

    What was brought back has the place that it had at first: what was done in between stood upon it.
    """
    places = [_place(store, key) for key in operations]
    rows = store.rows("SELECT * FROM operation WHERE id > ? ORDER BY id DESC", [min(operations)])
    gone = {key for row in rows if (target := undone(row["command"])) for key in run(store, target)}
    found = {}
    for row in rows:
        if row["id"] in gone or row["id"] in operations:
            continue
        chain = taken_back(store, row["command"])
        if not (chain[-1] > max(places) if len(chain) % 2 else chain and chain[-1] < min(places)):
            found[row["id"]] = row
    return found


def _place(store: Store, key: int) -> int:
    """The operation itself, or the one that it brought back."""
    row = operation(store, key)
    chain = taken_back(store, row["command"]) if row else []
    return chain[-1] if chain and len(chain) % 2 == 0 else key


def _newest_first(store: Store) -> Iterator[Row]:
    last = LAST
    while rows := store.rows("SELECT * FROM operation WHERE id < ? ORDER BY id DESC LIMIT ?", [last, PAGE]):
        yield from rows
        last = rows[-1]["id"]


def _quoted() -> str:
    return ", ".join(f"'{name}'" for name in ABOUT_OPERATIONS)

"""The journal as it is read: operations, what they changed, and which of them are in force.

An operation that takes another one back says so in its command, `undo op12`. It can be taken back itself, which brings
the first one into force again. What stands last in such a chain decides.
"""

from collections.abc import Iterator, Sequence

from crmcli.kernel.ids import parse_ref, ref
from crmcli.store.connection import Row
from crmcli.store.sql import listed
from crmcli.store.store import Store

UNDO = "undo "
# Tables whose rows tell of an operation itself: they stay when it is taken back.
ABOUT_OPERATIONS = ("import_run", "operation")
PAGE = 200
MOST_LATER = 20


def undo_command(key: int) -> str:
    """The command of an operation that takes back the one with this key."""
    return UNDO + ref("operation", key)


def undone(command: str) -> int | None:
    """The key of the operation that one with this command took back; None for any other command."""
    named = parse_ref(command.removeprefix(UNDO)) if command.startswith(UNDO) else None
    return named[1] if named and named[0] == "operation" else None


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


def newest(store: Store) -> Row | None:
    """The newest operation that can be taken back: in force, with changes, and none that itself took something back."""
    gone: set[int] = set()
    for row in _newest_first(store):
        if row["id"] in gone:
            continue
        chain = taken_back(store, row["command"])
        if chain:
            gone.update(run(store, chain[0]))
        brings_back = len(chain) % 2 == 0
        if brings_back and any(has_changes(store, key) for key in run(store, row["id"])):
            return row
    return None


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


def changes(store: Store, key: int, most: int) -> list[Row]:
    """The first changes of an operation, in their order: their table, noun, record and images."""
    return store.rows(
        "SELECT table_name, noun, record_id, before, after FROM change WHERE operation_id = ? ORDER BY id LIMIT ?",
        [key, most],
    )


def has_changes(store: Store, key: int) -> bool:
    """Whether an operation changed anything that can be taken back."""
    sql = f"SELECT 1 AS found FROM change WHERE operation_id = ? AND table_name NOT IN ({_quoted()}) LIMIT 1"
    return store.row(sql, [key]) is not None


def later(store: Store, table: str, row_id: int, operations: Sequence[int]) -> Row | None:
    """The newest operation in force, later than these, that changed a row or took it away; None when there is none."""
    last = store.value("SELECT max(id) AS last FROM change WHERE operation_id = ?", [min(operations)])
    sql = (
        "SELECT DISTINCT operation_id FROM change WHERE id > ? AND table_name = ? AND row_id = ?"
        " ORDER BY operation_id DESC LIMIT ?"
    )
    for row in store.rows(sql, [last or 0, table, row_id, MOST_LATER]):
        found = operation(store, row["operation_id"])
        if found is None or found["id"] in operations or standing(store, found["id"]) != (found["id"], None):
            continue
        chain = taken_back(store, found["command"])
        took_away_a_later_one = len(chain) % 2 == 1 and chain[-1] > max(operations)
        if not took_away_a_later_one:
            return found
    return None


def _newest_first(store: Store) -> Iterator[Row]:
    last = 2**63 - 1
    while rows := store.rows("SELECT * FROM operation WHERE id < ? ORDER BY id DESC LIMIT ?", [last, PAGE]):
        yield from rows
        last = rows[-1]["id"]


def _quoted() -> str:
    return ", ".join(f"'{name}'" for name in ABOUT_OPERATIONS)

"""The whole database as lines, each a JSON object: what an archive holds, in an order in which it can be read again.

    {"schema":"crm.archive/1","version":"0003","rows":{"contact":2,…}}
    {"table":"contact","row":{"id":1,"uid":"…","display_name":"Ada Lovelace",…}}
    {"table":"email","row":{"id":1,"contact_id":1,"value":"ada@engines.example",…}}
    {"table":"company","set":{"id":1,"parent_id":2}}
    {"sequences":{"contact":2,…}}

A row refers only to rows above it, and what belongs to a record follows it at once. Empty columns are left out, and so
are derived ones and the search index, which can be computed again. A company whose parent comes later gets it by a line
of its own. There is no clock value and nothing of the database engine: the same records give the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.kernel import jsonlines
from crmcli.store.connection import Row
from crmcli.store.schema import TABLES, VERSION
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

SCHEMA = "crm.archive/1"
# Rows may hold texts of megabytes; so few are held at a time.
PAGE = 200


class Group(NamedTuple):
    """A table and those whose rows belong to one of its rows, by the column `owner`."""

    table: str
    owner: str = ""
    children: tuple[str, ...] = ()


_SHARED = (
    "email",
    "phone",
    "address",
    "url",
    "tagging",
    "custom_value",
    "preference",
    "external_id",
    "extra_property",
)
GROUPS = (
    Group("meta"),
    Group("user_account"),
    Group("tag"),
    Group("custom_field"),
    Group("import_map"),
    Group("pipeline", "pipeline_id", ("stage",)),
    Group("exchange_rate"),
    Group("goal"),
    Group("forecast"),
    Group("product", "product_id", ("price",)),
    Group("company", "company_id", ("company_domain", *_SHARED)),
    Group("contact", "contact_id", ("employment", *_SHARED, "consent")),
    Group("deal", "deal_id", ("deal_contact", "deal_line", "deal_stage")),
    Group("sales_order", "order_id", ("order_line", "payment")),
    Group("support_case", "case_id", ("case_status",)),
    Group("interaction", "interaction_id", ("participant", "message", "attachment")),
    Group("followup"),
    Group("cadence"),
    Group("reminder"),
    Group("reminder_state"),
    Group("distinct_pair"),
    Group("merged_record"),
    Group("erasure"),
    Group("suppression"),
    Group("operation", "operation_id", ("import_run", "change")),
)
CONTENT = "attachment_content"
"""Its rows belong to no one attachment: each follows the first that has its digest."""
_HELD = {*(group.table for group in GROUPS), *(table for group in GROUPS for table in group.children), CONTENT}
ORDER = tuple(table for table in TABLES if table in _HELD)
"""Every table of an archive; a row refers only to rows of its own or an earlier one."""
LEFT_OUT = frozenset({"search_name", "search_text", "search_word", "source_record", "upkeep"})
"""Tables that can be computed again or say nothing elsewhere."""
PARENT = "parent_id"


def columns(table: str) -> list[str]:
    """The columns of a table that an archive holds."""
    return [name for name, column in TABLES[table].columns.items() if not column.derived]


def lines(store: Store) -> Iterator[str]:
    """Everything in the database, a line at a time, without line ends."""
    counts = {table: store.value(f"SELECT count(*) AS n FROM {table}") for table in ORDER}
    head = {"schema": SCHEMA, "version": VERSION, "rows": {table: n for table, n in counts.items() if n}}
    yield jsonlines.encode(head)
    for group in GROUPS:
        for rows in _pages(store, group.table):
            yield from _with_children(store, group, rows)
        if group.table == "company":
            yield from _late_parents(store)
    for key in _left_contents(store):
        yield from _content(store, key)
    yield jsonlines.encode({"sequences": {table: last for table, last in sequences(store).items() if last}})


def _with_children(store: Store, group: Group, rows: Sequence[Row]) -> Iterator[str]:
    keys = [row["id"] for row in rows]
    small = [table for table in group.children if table != "change"]
    found = {table: _children(store, table, group.owner, keys) for table in small}
    contents = _first_contents(store, [one for some in found.get("attachment", {}).values() for one in some])
    for row in rows:
        key = row["id"]
        if group.table == "company" and (row[PARENT] or 0) >= key:
            row = {**row, PARENT: None}
        yield _line(group.table, row)
        for table in small:
            for child in found[table].get(key, ()):
                yield _line(table, child)
                if table == "attachment" and child["id"] in contents:
                    yield from _content(store, contents[child["id"]])
        if "change" in group.children:
            # One operation may have changed millions of rows.
            for changes in _pages(store, "change", "operation_id = ?", [key]):
                yield from (_line("change", change) for change in changes)


def _line(table: str, row: Mapping[str, Any]) -> str:
    kept = {name: row[name] for name in columns(table) if row[name] is not None}
    return jsonlines.encode({"table": table, "row": kept})


def _pages(store: Store, table: str, where: str = "", parameters: Sequence[object] = ()) -> Iterator[list[Row]]:
    last = 0
    condition = f"{where} AND id > ?" if where else "id > ?"
    sql = f"SELECT {', '.join(columns(table))} FROM {table} WHERE {condition} ORDER BY id LIMIT {PAGE}"
    while rows := store.rows(sql, [*parameters, last]):
        yield rows
        last = rows[-1]["id"]


def _children(store: Store, table: str, owner: str, keys: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    names = ", ".join(columns(table))
    sql = f"SELECT {names} FROM {table} WHERE {owner} IN ({marks(keys)}) ORDER BY {owner}, id"
    for row in store.rows(sql, keys):
        found.setdefault(row[owner], []).append(row)
    return found


def _late_parents(store: Store) -> Iterator[str]:
    """The companies that belong to one of a later line, or to themselves."""
    last = 0
    sql = f"SELECT id, {PARENT} FROM company WHERE id > ? AND {PARENT} >= id ORDER BY id LIMIT {PAGE}"
    while rows := store.rows(sql, [last]):
        for row in rows:
            yield jsonlines.encode({"table": "company", "set": {"id": row["id"], PARENT: row[PARENT]}})
        last = rows[-1]["id"]


# --- what was attached, once however often it was sent


def _first_contents(store: Store, attachments: Sequence[Row]) -> dict[int, int]:
    """The keys of the contents that stand behind these attachments, by the key of the attachment."""
    digests = sorted({row["digest"] for row in attachments})
    found = {}
    for part in slices(digests):
        for row in store.rows(f"SELECT id, digest FROM {CONTENT} WHERE digest IN ({marks(part)})", part):
            sql = "SELECT id FROM attachment WHERE digest = ? ORDER BY interaction_id, id LIMIT 1"
            found[store.value(sql, [row["digest"]])] = row["id"]
    return found


def _left_contents(store: Store) -> list[int]:
    """The keys of the contents that no attachment has."""
    sql = (
        f"SELECT c.id FROM {CONTENT} c WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.digest = c.digest)"
        " ORDER BY c.id"
    )
    return [row["id"] for row in store.rows(sql)]


def _content(store: Store, key: int) -> Iterator[str]:
    for row in store.rows(f"SELECT {', '.join(columns(CONTENT))} FROM {CONTENT} WHERE id = ?", [key]):
        yield _line(CONTENT, row)


# --- keys that were given, since none is ever given again


def sequences(store: Store) -> dict[str, int]:
    """The highest key that each table has ever given; 0 for none.

    A sequence that was set back is told as it should be: else nothing could restore the archive.
    """
    found = given(store.rows, store.dialect, ORDER)
    journal = store.rows("SELECT table_name, max(row_id) AS last FROM change GROUP BY table_name")
    journalled = {row["table_name"]: row["last"] for row in journal}
    for table in ORDER:
        there = store.value(f"SELECT max(id) FROM {table}") or 0
        found[table] = max(found[table], there, journalled.get(table, 0))
    return found


def given(rows: Callable[..., list[Row]], dialect: str, tables: Iterable[str]) -> dict[str, int]:
    """What the sequence of each table says that it gave last; 0 for nothing."""
    if dialect == "sqlite":
        last = {row["name"]: row["seq"] for row in rows("SELECT name, seq FROM sqlite_sequence")}
        return {table: last.get(table) or 0 for table in tables}
    found = {}
    for table in tables:
        name = rows(f"SELECT pg_get_serial_sequence('{table}', 'id') AS name")[0]["name"]
        row = rows(f"SELECT last_value, is_called FROM {name}")[0]
        found[table] = row["last_value"] if row["is_called"] else 0
    return found

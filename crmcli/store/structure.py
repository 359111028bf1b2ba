"""Whether a database has the tables, indexes and triggers of a fresh one, and making anew those that hold no data."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from crmcli.store import sqlite
from crmcli.store.connection import Connection
from crmcli.store.ddl import statements
from crmcli.store.fault import Fault

_MADE = re.compile(r"create (?:unique |virtual )?(table|index|trigger|function) (\w+)", re.IGNORECASE)
# The words of a column's definition that end its type.
_AFTER_TYPE = re.compile(r" (?:collate|default|not null|generated|constraint)\b.*", re.IGNORECASE)
# How PostgreSQL tells of `status in ('new', 'open')`.
_ANY_OF = re.compile(r" = any \(+array\[(.*?)\]")
_CAST_OR_BRACKET = re.compile(r"::[a-z]+(?: varying)?|[\s()\"]")
_CONSTRAINTS = {"c": "check", "f": "foreign", "p": "primary", "u": "unique"}
_OWN = "the definition"
"""The one part of what has no columns."""
COMPUTED = ("search_name", "search_text", "search_word", "upkeep")
"""Tables that may be made anew: the words of records, which `indexing` writes, and a protocol of what was done."""
Name = tuple[str, str]


class Thing(NamedTuple):
    """What a database is made of: the table that it belongs to, and each of its parts, a column or constraint."""

    table: str
    parts: dict[str, str]


def faults(connection: Connection) -> Iterator[Fault]:
    """What is missing or otherwise than in a fresh database; and triggers that are none of ours, which may change rows.

    Of PostgreSQL's constraints and functions only the names are compared, since it writes their texts in its own way.
    """
    expected, found = _expected(connection.dialect), _found(connection)
    for (kind, name), thing in expected.items():
        whose = f"{kind} {name}" + (f" of {thing.table}" if thing.table not in ("", name) else "")
        if (kind, name) not in found:
            yield Fault(f"{whose} is missing")
            continue
        parts = found[kind, name].parts
        for part in [*thing.parts, *(one for one in parts if one not in thing.parts)]:
            if part not in parts:
                yield Fault(f"{part} of {whose} is missing")
            elif part not in thing.parts:
                yield Fault(f"{part} of {whose} is none of this program's")
            elif parts[part] != thing.parts[part]:
                yield Fault(f"{part} of {whose} is not as this program makes it")
    for kind, name in sorted(found.keys() - expected.keys()):
        if kind == "trigger":
            yield Fault(f"trigger {name} of {found[kind, name].table} is none of this program's")


def mend(connection: Connection) -> list[str]:
    """Make anew the indexes, triggers and functions that are missing or otherwise, and SQLite's indexes of words.

    Args:
        connection: with a writing transaction open.

    Returns:
        The name of each.

    Raises:
        CrmError: an index cannot be made, as rows have in common what must be unique.
    """
    expected, found = _expected(connection.dialect), _found(connection)
    made = []
    for statement in statements(connection.dialect):  # tables stand before what belongs to them
        words = _MADE.match(statement)
        name = (words[1].lower(), words[2]) if words else ("", "")
        there = found.get(name)
        if name not in expected or (there and there.parts == expected[name].parts):
            continue
        if not _may_be_made(statement, name, there) or not _has_table(name, expected[name], found):
            continue
        if there:
            connection.execute(f"DROP {name[0]} {name[1]}")
        connection.execute(statement)
        found[name] = expected[name]
        made.append(name[1])
    return made


def lost(connection: Connection) -> list[str]:
    """The tables that are missing."""
    found = _found(connection)
    return [name for kind, name in _expected(connection.dialect) if kind == "table" and (kind, name) not in found]


def _may_be_made(statement: str, name: Name, there: Thing | None) -> bool:
    if name[0] == "table":
        return there is None and (name[1] in COMPUTED or statement.startswith("create virtual table"))
    return True


def _has_table(name: Name, thing: Thing, found: Mapping[Name, Thing]) -> bool:
    return thing.table in ("", name[1]) or ("table", thing.table) in found


def _expected(dialect: str) -> dict[Name, Thing]:
    if dialect == "postgresql":
        return _of_statements()
    fresh = sqlite.stand_in()
    try:
        return _in_sqlite(fresh)
    finally:
        fresh.close()


def _found(connection: Connection) -> dict[Name, Thing]:
    return _in_postgresql(connection) if connection.dialect == "postgresql" else _in_sqlite(connection)


# --- SQLite, which keeps the statements


def _in_sqlite(connection: Connection) -> dict[Name, Thing]:
    sql = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'"
    return {(row["type"], row["name"]): Thing(row["tbl_name"], _parts(row)) for row in connection.rows(sql)}


def _parts(row: dict[str, str]) -> dict[str, str]:
    name, sql = row["name"], row["sql"]
    if row["type"] != "table" or sql.upper().startswith("CREATE VIRTUAL"):
        return {_OWN: _squeezed(sql)}
    if "_fts_" in name:  # the tables of the index of words are SQLite's own, of each version
        return {}
    columns, options = _split(sql)
    return {**{_named(one): _squeezed(one) for one in columns}, _OWN: _squeezed(options)}


def _split(table: str) -> tuple[list[str], str]:
    """The columns and constraints of the statement that makes a table, and what stands behind them."""
    parts, depth, start, quoted = [], 0, 0, False
    for place, letter in enumerate(table):
        quoted ^= letter == "'"
        if quoted:
            continue
        if letter == "(":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif letter == ")":
            depth -= 1
        if (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            parts.append(table[start:place].strip())
            start = place + 1
    return parts, table[start:]


def _named(part: str) -> str:
    first, _, rest = part.partition(" ")
    return f"constraint {rest.split()[0]}" if first.upper() == "CONSTRAINT" else f"column {first.strip(chr(34))}"


def _squeezed(sql: str) -> str:
    return "".join(sql.split())


# --- PostgreSQL, which keeps what it understood


def _of_statements() -> dict[Name, Thing]:
    """What the statements make, each part in the words of `_in_postgresql`."""
    found: dict[Name, Thing] = {}
    for statement in statements("postgresql"):
        words = _MADE.match(statement)
        if not words:
            continue
        kind, name = words[1].lower(), words[2]
        if kind == "table":
            found[kind, name] = Thing(name, dict(_understood(part) for part in _split(statement)[0]))
        elif kind == "index":
            table = statement[words.end() :].split()[1]
            found[kind, name] = Thing(table, {_OWN: _plain(statement)})
        else:
            found[kind, name] = Thing("", {})
    return found


def _understood(part: str) -> tuple[str, str]:
    named = _named(part)
    if named.startswith("constraint "):
        return named, part.split()[2].lower()
    _, _, rest = part.partition(" ")
    kind = _AFTER_TYPE.sub("", f" {rest}").strip().lower().replace("varchar", "character varying")
    upper = rest.upper()
    identity, required = "IDENTITY" in upper, "NOT NULL" in upper or "IDENTITY" in upper
    default = "DEFAULT " in upper and not identity
    return named, _column(kind, 'COLLATE "C"' in rest, required=required, identity=identity, default=default)


def _column(kind: str, bytewise: bool, *, required: bool, identity: bool, default: bool) -> str:
    marks = (("bytewise", bytewise), ("required", required), ("identity", identity), ("default", default))
    return " ".join([kind, *(word for word, holds in marks if holds)])


def _plain(index: str) -> str:
    """The words of an index without what PostgreSQL adds: brackets, casts, the schema and the usual kind of index.

    Nor does it keep `in (…)`, which it writes as `= ANY (ARRAY[…])`.
    """
    text = re.sub(r" on (?:only )?(?:\"[^\"]*\"|\w+)\.", " on ", index.lower())
    return _CAST_OR_BRACKET.sub("", _ANY_OF.sub(r" in \1", text.replace(" using btree", "")))


def _in_postgresql(connection: Connection) -> dict[Name, Thing]:
    found: dict[Name, Thing] = {}
    for row in connection.rows(
        "SELECT c.relname AS name, a.attname AS part, format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull,"
        " a.attidentity, a.atthasdef, l.collname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid)"
        " AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    ):
        column = _column(
            row["kind"],
            row["collname"] == "C",
            required=row["attnotnull"],
            identity=row["attidentity"] not in ("", b""),
            default=row["atthasdef"],
        )
        found.setdefault(("table", row["name"]), Thing(row["name"], {})).parts[f"column {row['part']}"] = column
    for row in connection.rows(
        "SELECT c.relname AS name, n.conname AS part, n.contype::text AS kind FROM pg_constraint n"
        " JOIN pg_class c ON c.oid = n.conrelid WHERE n.connamespace = current_schema()::regnamespace"
        " AND n.convalidated ORDER BY n.conname"
    ):
        if row["kind"] in _CONSTRAINTS and ("table", row["name"]) in found:
            found["table", row["name"]].parts[f"constraint {row['part']}"] = _CONSTRAINTS[row["kind"]]
    for row in connection.rows(
        "SELECT i.relname AS name, c.relname AS owner, pg_get_indexdef(x.indexrelid) AS text FROM pg_index x"
        " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid"
        " WHERE i.relnamespace = current_schema()::regnamespace AND x.indisvalid"
    ):
        found["index", row["name"]] = Thing(row["owner"], {_OWN: _plain(row["text"])})
    functions = "SELECT proname AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    for row in connection.rows(functions):
        found["function", row["name"]] = Thing("", {})
    for row in connection.rows(
        "SELECT t.tgname AS name, c.relname AS owner FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    ):
        found["trigger", row["name"]] = Thing(row["owner"], {})
    return found

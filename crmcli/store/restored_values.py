"""What a row of an archive may hold: the columns of its table and values of their kinds, nothing else."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from crmcli.kernel import dates, jsonlines
from crmcli.kernel.errors import UsageError
from crmcli.store.blank import blank
from crmcli.store.connection import Row
from crmcli.store.description import Column
from crmcli.store.gate import checked
from crmcli.store.journal import RECORDS
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

NUMBERS = ("key", "ref", "integer", "bool", "money", "percent")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def check_row(table: str, row: Mapping[str, Any]) -> Row:
    """The whole row: what is given, and for what is left out the default.

    Raises:
        UsageError: a column that the table has not or that is computed, a value that does not fit, or a missing one.
    """
    columns = TABLES[table].columns
    for name, value in row.items():
        column = columns.get(name)
        if column is None or column.derived:
            raise UsageError(f"{table} has no column '{name}'", "the archive may come from another version")
        if value is not None:
            _check_kind(column, value)
    if "id" not in row:
        raise UsageError(f"a row of {table} has no id", "every row has one")
    full = {**_defaults(table), **row}
    checked(table, full)
    extra = _EXTRA.get(table)
    if extra:
        extra(full)
    return full


@cache
def _defaults(table: str) -> Row:
    values = {"id": None, **blank(table)}
    return {name: values[name] for name, column in TABLES[table].columns.items() if not column.derived}


def _check_kind(column: Column, value: object) -> None:
    # True is an int to Python.
    if type(value) is not (int if column.kind in NUMBERS else str):
        what = "a whole number" if column.kind in NUMBERS else "a text"
        raise UsageError(f"{column.name} is {jsonlines.encode(value)[:40]}, and not {what}", "mend the line")
    check = _KINDS.get(column.kind)
    if check and not check(value):
        raise UsageError(f"'{str(value)[:40]}' is not a {column.name}", "the value does not fit its column")


def _is_time(value: Any) -> bool:
    return bool(_TIME.fullmatch(value)) and _parses(datetime.fromisoformat, value)


def _is_day(value: Any) -> bool:
    return bool(_DAY.fullmatch(value)) and _parses(date.fromisoformat, value)


def _is_birth(value: Any) -> bool:
    return _parses(dates.parse_birth_date, value)


def _parses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, UsageError):
        return False
    return True


_KINDS: dict[str, Callable[[Any], bool]] = {
    "key": lambda value: value > 0,
    "ref": lambda value: value > 0,
    "bool": lambda value: value in (0, 1),
    "percent": lambda value: 0 <= value <= 100,
    "time": _is_time,
    "day": _is_day,
    "birth": _is_birth,
}


# --- rows that name tables and columns, which later become part of a statement


def _check_change(row: Row) -> None:
    table = row["table_name"]
    if table not in TABLES:
        raise UsageError(f"the journal names a table '{table}'", "there is none")
    if row["noun"] is not None and row["noun"] not in RECORDS:
        raise UsageError(f"the journal names a kind of record '{row['noun']}'", "there is none")
    for name in ("before", "after"):
        if row[name] is not None:
            image = jsonlines.decode_object(row[name], longest=len(row[name]) + 1)
            if not image.keys() <= TABLES[table].columns.keys():
                raise UsageError(f"the journal names columns that {table} has not", ", ".join(sorted(image)))


def _check_noun(row: Row) -> None:
    if row["noun"] not in PARTIES:
        raise UsageError(f"'{row['noun']}' is neither contact nor company", "only these are merged")


def _check_mapping(row: Row) -> None:
    jsonlines.decode(row["mapping"])


_EXTRA: dict[str, Callable[[Row], None]] = {
    "change": _check_change,
    "merged_record": _check_noun,
    "distinct_pair": _check_noun,
    "import_map": _check_mapping,
}

"""What a check of the database finds wrong."""

from typing import NamedTuple

from crmcli.kernel.ids import PREFIXES, noun_of, ref
from crmcli.store.connection import Row
from crmcli.store.journal import record_of

LONGEST_VALUE = 60
# What a damaged value may do to those who read it.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class Fault(NamedTuple):
    """One finding: in words what is wrong, and the record that it is about, if it is about one."""

    text: str
    record: tuple[str, int] | None = None


def row_name(table: str, key: int, row: Row | None) -> tuple[str, tuple[str, int] | None]:
    """How a row is named in a sentence, `email 4 of contact c2`, and the record that it belongs to."""
    owner = record_of(table, key, row or {})
    if owner == (table, key):
        return record_name(owner), owner
    return f"{table} {key}" + (f" of {record_name(owner)}" if owner else ""), owner


def record_name(record: tuple[str, int]) -> str:
    """How a record is named in a sentence: `contact c1`."""
    noun = noun_of(record[0])
    return f"{noun} {ref(noun, record[1])}" if noun in PREFIXES else f"{noun} {record[1]}"


def told(value: object) -> str:
    """A value in a sentence, not longer than a line."""
    if value is None:
        return "empty"
    text = str(value)
    return f"'{text[: LONGEST_VALUE - 1]}…'" if len(text) > LONGEST_VALUE else f"'{text}'"

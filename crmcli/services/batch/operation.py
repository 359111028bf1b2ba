"""What an operation of a batch is, and how the values of its line are read."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.flags import aliases, flag_name, settable

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]
WHO = frozenset({"who", "id"})
"""The keys that name the records which an operation is about; either will do."""


class Operation(NamedTuple):
    """An operation: what runs it and returns the ids of what it made or changed, and the keys that it knows."""

    run: Callable[["App", Values], list[str]]
    keys: frozenset[str]


def columns(table: str) -> frozenset[str]:
    """The keys that set the columns of a table, as flags name them."""
    return frozenset(name for column in settable(table) for name in (flag_name(column), *aliases(column)))


def who(values: Mapping[str, Any]) -> list[str]:
    """The records that a line names, one or many. Raises UsageError when it names none."""
    named = values.get("who", values.get("id"))
    if named in (None, "", []):
        raise UsageError("the line names no record", '"who": "c1", or "id": "f1"')
    return [str(one) for one in as_list(named)]


def one(values: Values) -> str:
    """The only record that a line names, taken out of the values. Raises UsageError for none and for several."""
    named = who(values)
    for key in WHO:
        values.pop(key, None)
    if len(named) > 1:
        raise UsageError("the line names several records", "this operation takes one")
    return named[0]


def rest(values: Mapping[str, Any], *less: str) -> Values:
    """The values without the names of records, and without `less`."""
    return {key: value for key, value in values.items() if key not in WHO and key not in less}


def text(values: Mapping[str, Any], key: str) -> str:
    """A value that an operation needs, as text. Raises UsageError when there is none; see `optional`."""
    found = optional(values, key)
    if found is None:
        raise UsageError(f"the line has no {key}", f'"{key}": "…"')
    return found


def optional(values: Mapping[str, Any], key: str) -> str | None:
    """A value as text, or None. Raises UsageError for a number with decimals, which JSON does not keep as written."""
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UsageError(f"{key} is no text", f'write it in quotes: "{key}": "…"')
    return str(value)


def taken(values: Values, key: str) -> str:
    """A value as text, taken out of the others; "" for none. Raises UsageError as `optional` does."""
    found = optional(values, key) or ""
    values.pop(key, None)
    return found


def texts_of(values: Mapping[str, Any], key: str) -> list[str]:
    """The texts of a value that is one or a list of them. Raises UsageError as `optional` does."""
    return [optional({key: one}, key) or "" for one in as_list(values[key])]


def check_flag(values: Mapping[str, Any], key: str) -> None:
    """Raises UsageError for a flag that is neither true nor false."""
    if not isinstance(values.get(key, False), bool):
        raise UsageError(f"{key} is neither true nor false", f'"{key}": true')


def ids(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of records."""
    return [str(record["id"]) for record in records]

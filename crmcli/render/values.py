"""Values as text: whole and exact for programs, and in prose for people."""

from collections.abc import Mapping
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.durations import format_duration
from crmcli.kernel.relative import ago
from crmcli.kernel.text import safe
from crmcli.render.view import Column, Record

_NAMES = ("value", "display_name", "name", "e164", "raw")


def flat(value: Any, separator: str = ",") -> str:
    """A value for a flat format, whole. None is empty; the items of a list are joined with a comma.

    A nested record (an e-mail address, a company) is named by its value or name, a free mapping is `key=value`.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return _name(value) if "id" in value else separator.join(f"{key}={flat(value[key])}" for key in value)
    if isinstance(value, (list, tuple)):
        return separator.join(_name(item) if isinstance(item, Mapping) else flat(item) for item in value)
    return str(value)


def prose(column: Column, record: Record, clock: Clock) -> str:
    """A column of a record for a person: "3 days ago", "yes", "1h 5m". Control characters are escaped."""
    value = column.value(record)
    if value is None or value == "":
        return ""
    if column.kind == "time":
        return ago(instant(value), clock)
    if column.kind == "bool":
        return "yes" if value else "no"
    if column.kind == "duration":
        return format_duration(int(value))
    if column.kind == "money" and isinstance(minor := record.get(f"{column.name}_minor"), int):
        return format_money(minor, record["currency"])
    return safe(flat(value, separator=", "))


def detail(column: Column, record: Record, clock: Clock) -> str:
    """As `prose`, for one record, where there is room: an instant has its local time too, and text keeps its lines."""
    value = column.value(record)
    if column.kind == "time" and value:
        moment = instant(value)
        local = clock.local(moment)
        # Local midnight stands for a whole day.
        shown = f"{local:%Y-%m-%d}" if local.hour == local.minute == local.second == 0 else f"{local:%Y-%m-%d %H:%M}"
        return f"{shown} ({ago(moment, clock)})"
    if column.wide and isinstance(value, str):
        return safe(value, newlines=True)
    return prose(column, record, clock)


def _name(record: Record) -> str:
    for key in _NAMES:
        if record.get(key):
            return flat(record[key])
    return ",".join(f"{key}={flat(value)}" for key, value in record.items())

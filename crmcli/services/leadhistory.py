"""The stages of life that a contact went through, and the states of work on it, as the journal knows them.

Nothing is kept twice: it is read from the changes of the contact, so it is there for imported ones, too. What was taken
back does not count, what was erased is passed over, and a value that came by a merge came when the other record got it.
"""

from json import loads
from typing import Any, NamedTuple

from crmcli.kernel.clock import instant
from crmcli.kernel.ids import ref
from crmcli.store import history, leads, origins
from crmcli.store.connection import Row
from crmcli.store.store import Store

DEEPEST = 50
"""So far merges of merged records are followed."""


class Event(NamedTuple):
    """A value that a column got: by which operation, when."""

    operation: int
    at: str
    value: str | None


class Events:
    """The events of contacts.

    Args:
        store: the store.
        column: lifecycle_stage or lead_status.
        until: the last operation that counts; None for all.
    """

    def __init__(self, store: Store, column: str, until: int | None = None) -> None:
        self.store = store
        self.column = column
        self.until = until
        self.operations: dict[int, Row] = {}

    def of(self, key: int, depth: int = 0) -> list[Event]:
        """The events of a contact that are in force, the oldest first, with those of records merged into it."""
        found = []
        rows = self._in_force(key)
        for row in rows:
            image = loads(row["after"])
            at = self.operations[row["operation_id"]]["at"]
            if row["before"] is None:
                # Records from elsewhere are older than what brought them.
                at = min(at, image.get("created_at") or at)
            if self.column in image or row["before"] is None:
                found.append(Event(row["operation_id"], at, image.get(self.column)))
        if depth < DEEPEST:
            for other in leads.merged(self.store, key):
                found = self._with(found, other, depth)
        return found

    def _with(self, mine: list[Event], other: int, depth: int) -> list[Event]:
        """With those of a record that was merged in, if the first value came from there."""
        rows = self._in_force(other)
        gone = [row["operation_id"] for row in rows if loads(row["after"]).get("deleted_at")]
        theirs = [event for event in self.of(other, depth + 1) if gone and event.operation < gone[-1]]
        for place, event in enumerate(mine):
            before = next((one.value for one in reversed(mine[:place]) if one.value), None)
            if gone and event.operation == gone[-1] and not before and theirs and theirs[-1].value == event.value:
                return [*mine[:place], *theirs, *mine[place + 1 :]]
        return mine

    def _in_force(self, key: int) -> list[Row]:
        rows = leads.changes(self.store, key)
        if self.until is not None:
            rows = [row for row in rows if row["operation_id"] <= self.until]
        made = origins.operations(self.store, {row["operation_id"] for row in rows})
        gone = history.not_in_force(self.store, list(made.values()))
        self.operations.update(made)
        return [row for row in rows if row["operation_id"] not in gone]


def stays(store: Store, key: int, column: str, row: Row, now: str, until: int | None = None) -> list[dict[str, Any]]:
    """Where a contact was and from when to when, the oldest first.

    Each has its `value`, `entered_at`, `left_at` (None: it is there), `duration` in seconds, `by`, the `operation` and
    the `note` that was written with it. Of what the journal does not know `entered_at` is that of the contact itself
    where it is the first, else None.

    Args:
        store: the store.
        key: the contact.
        column: lifecycle_stage or lead_status.
        row: of the contact, as it is.
        now: this moment, as stored text.
        until: the last operation that counts, where `row` and `now` are of the past; None for all.
    """
    events = Events(store, column, until)
    found: list[dict[str, Any]] = []
    last: str | None = None
    for event in events.of(key):
        if event.value == last:
            continue
        if found and found[-1]["left_at"] is None:
            found[-1]["left_at"] = max(event.at, found[-1]["entered_at"])
        if event.value is not None:
            made = events.operations[event.operation]
            found.append(_stay(event.value, event.at, made["actor"], ref("operation", event.operation)))
        last = event.value
    if row[column] != last:  # a part of the journal is gone
        if found and found[-1]["left_at"] is None:
            found[-1]["left_at"] = row["updated_at"]
        if row[column] is not None:
            found.append(_stay(row[column], None if found else row["created_at"], None, None))
    keys = {stay["operation"]: int(stay["operation"].removeprefix("op")) for stay in found if stay["operation"]}
    noted = leads.notes(store, [key], keys.values())
    for stay in found:
        stay["duration"] = _seconds(stay["entered_at"], stay["left_at"] or now)
        stay["note"] = noted.get(keys.get(stay["operation"], 0))
    return found


def _stay(value: str, at: str | None, by: str | None, operation: str | None) -> dict[str, Any]:
    dates = {"entered_at": at, "left_at": None, "duration": None}
    return {"value": value, **dates, "by": by, "operation": operation, "note": None}


def _seconds(start: str | None, end: str) -> int | None:
    return None if start is None else max(0, int((instant(end) - instant(start)).total_seconds()))

"""How a follow-up was moved from date to date and from person to person, as the journal knows it."""

from collections.abc import Mapping
from json import loads
from typing import TYPE_CHECKING, Any

from crmcli.store import occurrences
from crmcli.store.connection import Row
from crmcli.store.occurrences import DUE
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.app import App

Change = dict[str, Any]


class Moves:
    """What the journal knows of the dates and owners of follow-ups."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def before_snoozing(self, row: Row) -> Mapping[str, Any]:
        """`due_at`, `all_day` and `timezone` of a follow-up as they were before it was snoozed.

        Snoozing moves one occurrence, perhaps to another time of day or zone; those of the others come from here.
        """
        due = {name: row[name] for name in DUE}
        snoozed = row["snooze_count"]
        for change in reversed(_changes(self.app.store, row["id"])) if snoozed else ():
            before, after = change["before"], change["after"]
            if "due_at" in after and "snooze_count" not in after:
                break  # it was put right since
            due.update({name: before[name] for name in DUE if name in before})
            snoozed = before.get("snooze_count", snoozed)
            if not snoozed:
                break
        return due

    def moves(self, key: int) -> list[Change]:
        """From when to when a follow-up was moved: `at`, `by`, `from` and `to`; what was taken back is left out."""
        return self._told(key, "due_at")

    def assignments(self, key: int) -> list[Change]:
        """From whom to whom a follow-up was given: `at`, `by`, `from` and `to`, names or None."""
        names = occurrences.user_names(self.app.store)
        found = self._told(key, "owner_id")
        return [{**entry, "from": names.get(entry["from"]), "to": names.get(entry["to"])} for entry in found]

    def _told(self, key: int, column: str) -> list[Change]:
        found: list[Change] = []
        for change in _changes(self.app.store, key):
            if column not in change["after"]:
                continue
            start, end = change["before"].get(column), change["after"][column]
            if change["undo"] and found and (found[-1]["to"], found[-1]["from"]) == (start, end):
                found.pop()
            else:
                found.append({"at": change["at"], "by": change["actor"], "from": start, "to": end})
        return found


def _changes(store: Store, key: int) -> list[dict[str, Any]]:
    """The changes of a row that was there already, their images read."""
    return [
        {
            "before": loads(row["before"]),
            "after": loads(row["after"]),
            "at": row["at"],
            "actor": row["actor"],
            "undo": occurrences.is_undo(row),
        }
        for row in occurrences.changes(store, key)
        if row["before"] is not None and row["after"] is not None
    ]

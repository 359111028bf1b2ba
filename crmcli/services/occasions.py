"""What there is to remind somebody of: follow-ups that are due, cases that are late, and customers with whom to get in
touch.

An occasion is named by what is due and when: `f12@2026-11-28T09:00:00Z`, `cs3@response@2026-11-28T09:00:00Z`,
`cad1:c42@2026-11-28`. So a follow-up that is put off is due anew, a case is told once for each target that it missed,
and a cadence tells twice: on the day it is due, and on the day it is late.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.customers import customer, name_of
from crmcli.kernel.spans import Span
from crmcli.services.casewatch import is_case
from crmcli.services.users import ME
from crmcli.store import followups, reminders
from crmcli.store.cadences import exist
from crmcli.store.connection import Row
from crmcli.store.due import horizon

if TYPE_CHECKING:
    from crmcli.app import App

SETTLED = ("sending", "sent", "unknown")


class Occasions:
    """Finding what is due."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def untold(self, channel: str, again: Span | None, most: int, *, others: bool = True) -> list[Row]:
        """What is due and was not told me on a channel, late cases and the earliest follow-ups first, `most` at most.

        Args:
            channel: where.
            again: what is overdue counts as untold that long after it was told last; None for never.
            most: how many at most.
            others: late cases and customers with whom to get in touch, too.

        Returns:
            Rows with `occurrence`, `subject`, `due_at` and `record`, which is ready for JSON.
        """
        me, at = self.app.users.key(ME), horizon(self.app.clock)
        since = self._since(again)
        found = self.app.casewatch.untold(channel, since, most) if others else []
        if len(found) < most:
            rows = reminders.untold(self.app.store, me, channel, at, since, most - len(found))
            found += [{**row, "record": followups.record(row, at)} for row in rows]
        if others and len(found) < most and exist(self.app.store):
            found += self._cadences(me, channel)[: most - len(found)]
        return found

    def _cadences(self, me: int, channel: str) -> list[Row]:
        notes = len(self.app.notes)
        items = self.app.cadences.due().items
        del self.app.notes[notes:]  # a cadence that broke is told on every screen; cron would mail it at every run
        named = {_occurrence(item): item for item in items}
        told = reminders.told(self.app.store, me, channel, list(named))
        return [
            {
                "occurrence": name,
                "subject": f"Stay in touch with {name_of(customer(item))}"[:1000],
                "due_at": stamp(self.app.clock.midnight(date.fromisoformat(_day(item)))),
                "record": item,
            }
            for name, item in named.items()
            if name not in told or told[name]["status"] not in SETTLED
        ]

    def _since(self, again: Span | None) -> str | None:
        """Whole days: a run that starts a second earlier than yesterday's still tells again after a day."""
        if again is None:
            return None
        clock = self.app.clock
        return stamp(clock.end_of(again.before(clock.today())))

    def records(self, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        """Of these reminders what is still to be told, by their keys: follow-ups that are as they were when they were
        claimed, cases that are still late, customers who are still due."""
        at = horizon(self.app.clock)
        about = {row["occurrence"]: row["id"] for row in rows}
        late = [name for name in about if is_case(name)]
        named = [name for name in about if not is_case(name) and not _is_cadence(name)]
        user = rows[0]["user_id"] if rows else 0
        due = self.app.casewatch.still(user, late) if late else {}
        kept = reminders.still_due(self.app.store, user, named) if named else []
        due.update({row["occurrence"]: followups.record(row, at) for row in kept})
        if len(named) + len(late) < len(about):
            due.update({_occurrence(item): item for item in self.app.cadences.due().items})
        return {key: due[name] for name, key in about.items() if name in due}


def _is_cadence(occurrence: str) -> bool:
    return ":" in occurrence.partition("@")[0]


def _occurrence(item: Mapping[str, Any]) -> str:
    return f"{item['cadence']}:{item['id']}@{_day(item)}"


def _day(item: Mapping[str, Any]) -> str:
    return str(item["late_on"] if item["state"] == "late" else item["due_on"])

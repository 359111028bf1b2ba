"""The clock of a case: its targets as its life goes on, and what is left of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant
from crmcli.services.sla import Pause
from crmcli.store import casereport, cases
from crmcli.store.casedue import ENDED, TARGETS, done_at, is_late, stands_at
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

PAUSED = ("pending", *ENDED)
"""The statuses in which the clock stands still."""


class CaseClock:
    """The clock of cases."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def resumed(self, row: Row, since: str) -> dict[str, Any]:
        """The targets that are not reached, moved on since the clock stood still at a stored instant until now."""
        names = [f"{target}_due_at" for target in TARGETS if target != "response" or not row["first_response_at"]]
        return {name: self.app.sla.moved(row[name], since, self.app.now) for name in names}

    def targets(self, row: Row, priority: str) -> dict[str, Any]:
        """The targets of a case under another priority: from its opening, with its pauses; {} when it is resolved."""
        if row["status"] in ENDED:
            return {}
        pauses = list(self._pauses(row))
        found = {"resolution_due_at": self.app.sla.due("resolution", priority, row["opened_at"], pauses)}
        if not row["first_response_at"]:
            found["response_due_at"] = self.app.sla.due("response", priority, row["opened_at"], pauses)
        return found

    def _pauses(self, row: Row) -> Iterator[Pause]:
        for one in cases.statuses(self.app.store, row["id"]):
            if one["status"] in PAUSED and one["left_at"]:
                yield one["entered_at"], one["left_at"]

    def told(self, row: Row) -> dict[str, Any]:
        """What the clock shows of a case.

        Returns:
            `clock`, for `response` and `resolution` each: `due_at`, `done_at`, `breached`, `paused`, `taken` and
            `left`, business seconds since the opening without pauses, and until the target (negative for those over
            it), until the answer or solution, or now; `left` is None without a target. And `history`, a list of
            `status`, `entered_at`, `left_at`, `duration` and `business_duration` in seconds.
        """
        return {
            "clock": {target: self._target(target, row) for target in TARGETS},
            "history": list(self._history(row["id"])),
        }

    def _target(self, target: str, row: Row) -> dict[str, Any]:
        due, done = row[f"{target}_due_at"], done_at(target, row)
        end = done or stands_at(row, self.app.now)
        return {
            "due_at": due,
            "done_at": done,
            "breached": is_late(target, row, self.app.now),
            "paused": row["status"] == "pending" and not done,
            "taken": self.taken(row["opened_at"], end, self._pauses(row)),
            "left": None if due is None else self.app.sla.business(end, due),
        }

    def taken(self, start: str, end: str, pauses: Iterator[Pause]) -> int:
        """The business seconds between two stored instants, without pauses."""
        business = self.app.sla.business
        away = sum(business(max(start, one), min(end, other)) for one, other in pauses if one < end and other > start)
        return max(0, business(start, end) - away)

    def until_answered(self, rows: Sequence[Row]) -> list[int]:
        """The business seconds without pauses until each of some cases was answered, of the reports alike.

        Args:
            rows: with `id`, `opened_at` and `first_response_at`, which none is without.
        """
        pauses: dict[int, list[Pause]] = {}
        for key, begin, over in casereport.pauses(self.app.store, [row["id"] for row in rows], PAUSED):
            pauses.setdefault(key, []).append((begin, over))
        return [self.taken(row["opened_at"], row["first_response_at"], iter(pauses.get(row["id"], ()))) for row in rows]

    def _history(self, key: int) -> Iterator[Mapping[str, Any]]:
        for one in cases.statuses(self.app.store, key):
            end = one["left_at"] or self.app.now
            yield {
                "status": one["status"],
                "entered_at": one["entered_at"],
                "left_at": one["left_at"],
                "duration": int((instant(end) - instant(one["entered_at"])).total_seconds()),
                "business_duration": self.app.sla.business(one["entered_at"], end),
            }

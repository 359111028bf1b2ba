"""The clock of a case: its targets as its life goes on, and what is left of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        pauses = [(one, other) for one, other in self._pauses(row) if other is not None]
        found = {"resolution_due_at": self.app.sla.due("resolution", priority, row["opened_at"], pauses)}
        if not row["first_response_at"]:
            found["response_due_at"] = self.app.sla.due("response", priority, row["opened_at"], pauses)
        return found

    def answered(self, row: Row, at: str) -> str | None:
        """The target of an answer that was given at a stored instant: moved on by the pauses until then, and no other.

        An answer may be logged later than it was given, when pauses after it have moved the target already.
        """
        due: str | None = row["response_due_at"]
        for start, end in reversed(list(self._pauses(row))):
            if end is None:
                due = self.app.sla.moved(due, start, at)
            elif due is not None and at < end and start <= due:
                due = self.app.sla.sooner(row["opened_at"], due, self.app.sla.business(max(start, at), end))
        return due

    def _pauses(self, row: Row) -> Iterator[tuple[str, str | None]]:
        """The pauses of a case in their order; the end of one that lasts is None."""
        for one in cases.statuses(self.app.store, row["id"]):
            if one["status"] in PAUSED:
                yield one["entered_at"], one["left_at"]

    def told(self, row: Row) -> dict[str, Any]:
        """What the clock shows of a case.

        Returns:
            `clock`, for `response` and `resolution` each: `due_at`, `done_at`, `breached`, `paused`, `taken` and
            `left`, business seconds since the opening without pauses, and until the target (negative for those over
            it), until the answer or solution, or now; `left` is None without a target. Both together are the business
            time that the priority allows. And `history`, a list of `status`, `entered_at`, `left_at`, `duration` and
            `business_duration` in seconds.
        """
        pauses = [(one, other or self.app.now) for one, other in self._pauses(row)]
        return {
            "clock": {target: self._target(target, row, pauses) for target in TARGETS},
            "history": list(self._history(row["id"])),
        }

    def _target(self, target: str, row: Row, pauses: Sequence[Pause]) -> dict[str, Any]:
        due, done = row[f"{target}_due_at"], done_at(target, row)
        end = done or stands_at(row, self.app.now)
        return {
            "due_at": due,
            "done_at": done,
            "breached": is_late(target, row, self.app.now),
            "paused": row["status"] == "pending" and not done,
            "taken": self.taken(row["opened_at"], end, pauses),
            "left": None if due is None else self.left(due, end, pauses),
        }

    def left(self, due: str, at: str, pauses: Iterable[Pause]) -> int:
        """The business seconds that are left of a target at an instant; negative for those over it.

        A target that is not missed has been moved on by all pauses before it, so what is left is the time until it. One
        that was missed stays the instant at which it was: over it is the time since, without the pauses since.

        Args:
            due: the target, a stored instant.
            at: when the answer or the solution was, or the instant at which the clock stands.
            pauses: all of the case, or those after its target.
        """
        return self.app.sla.business(at, due) if at <= due else -self.taken(due, at, pauses)

    def left_of(self, targets: Sequence[tuple[int, str, str]]) -> list[int]:
        """What is left of targets of many cases, as `left` says of each.

        Args:
            targets: of each the key of the case, the target, and the instant at which its clock stands.
        """
        pauses = self.pauses([key for key, due, at in targets if due < at])
        return [self.left(due, at, pauses.get(key, ())) for key, due, at in targets]

    def taken(self, start: str, end: str, pauses: Iterable[Pause]) -> int:
        """The business seconds between two stored instants, without pauses."""
        business = self.app.sla.business
        away = sum(business(max(start, one), min(end, other)) for one, other in pauses if one < end and other > start)
        return max(0, business(start, end) - away)

    def until_answered(self, rows: Sequence[Row]) -> list[int]:
        """The business seconds without pauses until each of some cases was answered, of the reports alike.

        Args:
            rows: with `id`, `opened_at` and `first_response_at`, which none is without.
        """
        pauses = self.pauses([row["id"] for row in rows])
        return [self.taken(row["opened_at"], row["first_response_at"], pauses.get(row["id"], ())) for row in rows]

    def pauses(self, keys: Sequence[int]) -> dict[int, list[Pause]]:
        """The pauses of cases by the key of the case, in their order; one that lasts ends now."""
        found: dict[int, list[Pause]] = {}
        for key, begin, over in casereport.pauses(self.app.store, keys, PAUSED):
            found.setdefault(key, []).append((begin, over or self.app.now))
        return found

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

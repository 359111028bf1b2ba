"""How promising leads are: points for what they are and for what they did, each with its reason.

What somebody did counts half after the half-life, a quarter after twice that: `points x 2^(-days/half-life)` of whole
days, rounded to whole points. The score is the sum of the points, but never below 0 or above 100.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil, log2
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.services import scorerules
from crmcli.services.scorerules import BEHAVIOURS, FACTS, LEAST, MOST, NEWEST, Rule, decayed, read_points, written
from crmcli.store import scores
from crmcli.store.connection import Row
from crmcli.store.scores import Condition
from crmcli.store.sql import listed

if TYPE_CHECKING:
    from crmcli.app import App

DAY = 86_400
OLDEST = "0001-01-01T00:00:00Z"


class _Made(NamedTuple):
    """Rules ready to be asked about: `facts` and `behaviours` with their conditions, and the half-life in days."""

    facts: list[tuple[Rule, Condition]]
    behaviours: list[tuple[Rule, Condition]]
    half_life: float


class Scores:
    """Scoring contacts."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def rules(self) -> Page:
        """The rules that count: `kind`, `filter`, `points` as written, `reason`, and whether they are one's `own`."""
        found = scorerules.rules(self.app.config)
        return Page([_rule(rule) for rule in found])

    def checked(self, table: str, text: str, points: str) -> str:
        """The points of a rule as the settings keep them. Raises UsageError when these or the filter are wrong."""
        number, start = read_points(table, text, points)
        rule = Rule(table, text, number, start, text, True)
        self._condition(rule)
        return written(rule)

    def totals(self, where: Condition) -> list[tuple[int, int]]:
        """The key and score of each contact that a condition holds for."""
        made = self._made
        found = scores.facts(self.app.store, where, [(condition, rule.points) for rule, condition in made.facts])
        did: dict[int, int] = {}
        for person, place, times in _by_rule(self._did(where)):
            rule = made.behaviours[place][0]
            did[person] = did.get(person, 0) + sum(points for points, _ in self._counted(rule, times))
        return [(row["id"], _capped(row["points"] + did.get(row["id"], 0))) for row in found]

    def of(self, keys: Sequence[int]) -> dict[int, int]:
        """The score of each of some contacts."""
        if not keys:
            return {}
        return dict(self.totals(_named(keys)))

    def explained(self, key: int) -> dict[str, Any]:
        """The `score` of a contact, the `sum` of its points, and the `parts` that make it up.

        A part has `points`, `reason`, `rule`, `kind` (fact or behaviour), and of a behaviour `at`, `days` since then,
        `full`, the points without decay, and the `interaction`; of a fact these are None.
        """
        made, where = self._made, _named([key])
        parts = []
        for rule, condition in made.facts:
            if any(row["points"] for row in scores.facts(self.app.store, where, [(condition, 1)])):
                parts.append(_part(rule, "fact", rule.points))
        for _, place, times in _by_rule(self._did(where, told=True)):
            rule = made.behaviours[place][0]
            parts += [
                _part(rule, "behaviour", points, row, self._days(row)) for points, row in self._counted(rule, times)
            ]
        total = sum(part["points"] for part in parts)
        return {"id": ref("contact", key), "score": _capped(total), "sum": total, "parts": parts}

    # --- the rules

    @cached_property
    def _made(self) -> _Made:
        found = scorerules.rules(self.app.config)
        ready = {
            table: [(rule, self._condition(rule)) for rule in found if rule.table == table]
            for table in (FACTS, BEHAVIOURS)
        }
        return _Made(ready[FACTS], ready[BEHAVIOURS], scorerules.half_life(self.app.config))

    def _condition(self, rule: Rule) -> Condition:
        read = scores.fact if rule.table == FACTS else scores.behaviour
        try:
            return read(self.app.store, rule.filter, self.app.clock, self.app.users.key)
        except UsageError as error:
            raise UsageError(f"the rule {rule.name}: {error.message}", error.hint) from None

    # --- what somebody did

    def _did(self, where: Condition, *, told: bool = False) -> list[Row]:
        made = self._made
        if not made.behaviours:
            return []
        # So long ago that less than half a point would be left of any of them.
        longest = max(ceil(made.half_life * log2(2 * abs(rule.points))) for rule, _ in made.behaviours) + 1
        now = self.app.clock.now()
        since = OLDEST if longest * DAY > now.timestamp() else stamp(now - timedelta(days=longest))
        conditions = [condition for _, condition in made.behaviours]
        return scores.behaviours(self.app.store, where, conditions, since, self.app.now, told=told)

    def _counted(self, rule: Rule, times: Sequence[Row]) -> list[tuple[int, Row]]:
        """The points that are left of what happened, the newest first, with what they are for."""
        if rule.start > 1:
            # As old as the last of those that it takes.
            times = times[rule.start - 1 : rule.start]
        found = [(decayed(rule.points, self._days(row), self._made.half_life), row) for row in times[:NEWEST]]
        return [(points, row) for points, row in found if points]

    def _days(self, row: Row) -> int:
        return int((self._seconds - datetime.fromisoformat(row["occurred_at"]).timestamp()) // DAY)

    @cached_property
    def _seconds(self) -> float:
        return instant(self.app.now).timestamp()


def _by_rule(rows: Sequence[Row]) -> "list[tuple[int, int, list[Row]]]":
    """The contact, the place of a rule and what it is about, of rows that stand by contact, the newest first."""
    found: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        mask = row["mask"]
        while mask:
            low = mask & -mask
            found.setdefault((row["contact_id"], low.bit_length() - 1), []).append(row)
            mask ^= low
    return [(person, place, times) for (person, place), times in found.items()]


def _named(keys: Sequence[int]) -> Condition:
    return f"contact.id IN ({listed(keys)})", []


def _capped(total: int) -> int:
    return max(LEAST, min(MOST, total))


def _part(rule: Rule, kind: str, points: int, row: Row | None = None, days: int | None = None) -> dict[str, Any]:
    return {
        "points": points,
        "reason": rule.reason,
        "rule": rule.filter,
        "kind": kind,
        "at": row and row["occurred_at"],
        "days": days,
        "full": None if row is None else rule.points,
        "interaction": row and ref("interaction", row["id"]),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    kind = "fact" if rule.table == FACTS else "behaviour"
    known = {"filter": rule.filter, "reason": rule.reason, "own": rule.own}
    return {"id": rule.name, "kind": kind, "points": written(rule), **known}

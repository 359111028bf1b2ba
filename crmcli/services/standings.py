"""Where customers stand by the cadences that are about them, computed from the interactions whenever it is asked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import Clock, check_zone, instant, stamp
from crmcli.kernel.errors import CrmError
from crmcli.kernel.gaps import ONE_DAY, Gap, every
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.kernel.spans import parse_span
from crmcli.services.users import ME
from crmcli.store import cadences
from crmcli.store.cadence_filters import condition
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

Key = tuple[str, int]
MORE = 4
"""By how much more is read where the first were not enough."""


class Rule(NamedTuple):
    """A cadence as it is understood: its row, its gap, the clock that its days are counted by, and its filter as SQL.

    The SQL asks whether some given ones match.
    """

    row: Row
    gap: Gap
    clock: Clock
    where: tuple[str, list[object]] | None

    @property
    def paused(self) -> bool:
        """Whether it is paused now."""
        return is_paused(self.row, self.clock)


class Standing(NamedTuple):
    """Where a customer stands by one rule.

    `since` is what its days are counted from: the last contact, or a creation. On the day `due_on` the next contact is
    due, from `late_on` on it is late. `state` is ok, due, late or paused.
    """

    rule: Rule
    noun: str
    key: int
    last_at: str | None
    since: str
    due_on: date
    late_on: date
    state: str

    @property
    def strictness(self) -> tuple[Any, ...]:
        """What the strictest has least of: whose contact is due first counts, then whose is late first."""
        return self.due_on, self.late_on, self.rule.row["id"]

    @property
    def order(self) -> tuple[Any, ...]:
        """Late ones first, then who has been due longest, then who has waited longest."""
        return self.state != "late", self.due_on, self.since, self.noun, self.key

    def record(self) -> dict[str, Any]:
        """What every record of a standing says; no days while it is paused."""
        row, paused = self.rule.row, self.rule.paused
        return {
            "reason": reason(row, self.rule.gap),
            "ideal": row["ideal"],
            "maximum": row["maximum"],
            "via": row["channel"],
            "owner": row["owner_name"],
            "last_at": self.last_at,
            "due_on": None if paused else self.due_on.isoformat(),
            "late_on": None if paused else self.late_on.isoformat(),
            "state": self.state,
            "days": None if paused else (self.rule.clock.today() - self.due_on).days,
        }


class Standings:
    """Asking who is due, and how a customer stands."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def due(self, owner: int | None, limit: int | None) -> Page:
        """The customers who are due or late by the cadences of a user and of nobody; see `Cadences.due`."""
        rules = self.rules(cadences.running(self.app.store, owner, self.app.now))
        own = self.of_own([rule for rule in rules if rule.where is None])
        filters = [rule for rule in rules if rule.where is not None]
        best = self._first(own, filters, None if limit is None else limit + 1)
        more = limit is not None and len(best) > limit
        return Page(self._items(best[:limit] if more else best), more)

    def of(self, noun: str, key: int) -> Standing | None:
        """How a contact or company stands by the strictest of its cadences; by a paused one if there is no other."""
        store = self.app.store
        rules = self.rules([*cadences.of(store, noun, key), *cadences.of_filters(store, noun)])
        found = self.of_own([rule for rule in rules if rule.where is None])
        for rule in rules:
            if rule.where is not None:
                found += self._among(rule, [key])
        counting = [one for one in found if not one.rule.paused] or found
        return min(counting, key=lambda one: one.strictness, default=None)

    def rules(self, rows: Iterable[Row]) -> list[Rule]:
        """The rows as they are understood; one that no longer can be is left out and told of beside the result."""
        found = []
        for row in rows:
            try:
                found.append(self.rule(row))
            except CrmError as error:
                self.app.notes.append(f"{ref('cadence', row['id'])} does not count: {error.message}")
        return found

    def rule(self, row: Row) -> Rule:
        """A row as it is understood. Raises UsageError or NotFound for what cannot be."""
        gap = Gap(parse_span(row["ideal"]), parse_span(row["maximum"]))
        clock = self._clock(row)
        where = None
        if row["filter"] is not None:
            where = self.condition(row["noun"], row["filter"], clock, row["owner_id"])
        return Rule(row, gap, clock, where)

    def condition(
        self, noun: str, text: str, clock: Clock, owner: int | None, *, all_of_it: bool = False
    ) -> tuple[str, list[object]]:
        """A filter as SQL, see `cadence_filters.condition`; `me` in it is the owner of the cadence, whoever asks."""

        def user(name: str) -> int:
            return owner if owner is not None and name.strip().lower() == ME else self.app.users.key(name)

        return condition(self.app.store, noun, text, clock, user, all_of_it=all_of_it)

    def of_own(self, rules: Sequence[Rule]) -> list[Standing]:
        """Where the customers of cadences of their own stand."""
        by_key = {rule.row["id"]: rule for rule in rules}
        found = []
        for noun in cadences.NAMES:
            keys = [key for key, rule in by_key.items() if rule.row[f"{noun}_id"] is not None]
            for row in cadences.of_own(self.app.store, noun, keys, self.app.now):
                rule = by_key[row["cadence_id"]]
                since = row["last_at"] or max(row["created_at"], rule.row["created_at"])
                found.append(_standing(rule, noun, row, since))
        return found

    # --- the first who are due

    def _first(self, own: Sequence[Standing], filters: Sequence[Rule], count: int | None) -> list[Standing]:
        """The first `count` who are due, each by the strictest rule, in order; all of them for None.

        Of each filter as many are read as are wanted. That is enough unless a customer who was read stands further back
        by a stricter rule than one who was not read may stand: then more are read. (The threshold algorithm: Fagin,
        Lotem, Naor, Optimal aggregation algorithms for middleware, 2003.)
        """
        size = count
        while True:
            found = [one for one in own if one.state in ("due", "late")]
            frontier = []
            for rule in filters:
                part = self._due_by(rule, size)
                found += part
                if size is not None and len(part) == size:
                    frontier.append(part[-1].order)
            if frontier:
                found = self._all_of(found, own, filters)
            best = sorted(strictest(found).values(), key=lambda one: one.order)
            if size is None or count is None or not frontier:
                return best[:count]
            if len(best) >= count and best[count - 1].order <= min(frontier):
                return best[:count]
            size *= MORE

    def _due_by(self, rule: Rule, count: int | None) -> list[Standing]:
        row, noun = rule.row, rule.row["noun"]
        where = self.condition(noun, row["filter"], rule.clock, row["owner_id"], all_of_it=True)
        before = stamp(rule.clock.midnight(rule.gap.latest_due(rule.clock.today()) + ONE_DAY))
        found = cadences.of_filter(
            self.app.store,
            noun,
            where,
            row["channel"],
            self.app.now,
            started=row["created_at"],
            before=before,
            limit=count,
        )
        return [_standing(rule, noun, one, one["since"]) for one in found]

    def _among(self, rule: Rule, keys: Sequence[int]) -> list[Standing]:
        assert rule.where is not None
        row, noun = rule.row, rule.row["noun"]
        found = cadences.of_filter_among(
            self.app.store, noun, rule.where, row["channel"], self.app.now, started=row["created_at"], keys=keys
        )
        return [_standing(rule, noun, one, one["since"]) for one in found]

    def _all_of(self, some: Sequence[Standing], own: Sequence[Standing], filters: Sequence[Rule]) -> list[Standing]:
        """How the customers of some standings stand by every rule."""
        wanted = {(one.noun, one.key) for one in some}
        found = [one for one in own if (one.noun, one.key) in wanted]
        for rule in filters:
            found += self._among(rule, sorted(key for noun, key in wanted if noun == rule.row["noun"]))
        return found

    def _items(self, found: Sequence[Standing]) -> list[dict[str, Any]]:
        names: dict[Key, str] = {}
        for noun in cadences.NAMES:
            keys = [one.key for one in found if one.noun == noun]
            named = cadences.names(self.app.store, noun, keys)
            names.update(((noun, key), name) for key, name in named.items())
        return [_item(one, names[one.noun, one.key]) for one in found]

    def _clock(self, row: Row) -> Clock:
        """The clock of the owner: mine and nobody's is the one of this call, another's is in the zone of the user."""
        clock, zone = self.app.clock, row["owner_zone"]
        if zone is None or zone == clock.zone_name or row["owner_id"] == self.app.users.key(ME):
            return clock
        try:
            return Clock(clock.now(), check_zone(zone))
        except CrmError:  # a zone that this machine's tables do not have
            return clock


def _standing(rule: Rule, noun: str, row: Row, since: str) -> Standing:
    last_on, today = rule.clock.local(instant(since)).date(), rule.clock.today()
    due_on, late_on = rule.gap.due_on(last_on), rule.gap.late_on(last_on)
    state = "late" if today >= late_on else "due" if today >= due_on else "ok"
    if rule.paused:
        state = "paused"
    return Standing(rule, noun, row["id"], row["last_at"], since, due_on, late_on, state)


def strictest(found: Iterable[Standing]) -> dict[Key, Standing]:
    """Of each customer the standing by the strictest rule."""
    best: dict[Key, Standing] = {}
    for one in found:
        known = best.get((one.noun, one.key))
        if known is None or one.strictness < known.strictness:
            best[one.noun, one.key] = one
    return best


def is_paused(row: Row, clock: Clock) -> bool:
    """Whether a cadence is paused at the moment of the clock."""
    until: str | None = row["paused_until"]
    return row["paused_at"] is not None and (until is None or stamp(clock.now()) < until)


def reason(row: Row, gap: Gap) -> str:
    """How often, and why: "every 6 weeks by call (tag:vip)"."""
    words = every(gap.ideal) + by_channel(row["channel"])
    return f"{words} ({row['filter']})" if row["filter"] is not None else words


def by_channel(channel: str | None) -> str:
    """A channel in a sentence: " by e-mail", " in person"; "" for any."""
    if channel is None:
        return ""
    spoken = {"email": "e-mail", "sms": "text message"}.get(channel, channel.replace("_", " "))
    return f" {spoken}" if channel == "in_person" else f" by {spoken}"


def _item(one: Standing, name: str) -> dict[str, Any]:
    me = ref(one.noun, one.key)
    contact = {"id": me, "display_name": name} if one.noun == "contact" else None
    company = {"id": me, "name": name} if one.noun == "company" else None
    cadence = ref("cadence", one.rule.row["id"])
    return {"id": me, "contact": contact, "company": company, "cadence": cadence, **one.record()}

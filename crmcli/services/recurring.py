"""Follow-ups that repeat. Each occurrence is a row of its own; when one is closed, the next one is planned.

The next day is found from the day by the rule (`occurs_on`), not from where it was moved to, so that nothing drifts;
or, of a rule that counts from when the last one was done, from that day. Days that were missed are not made up for.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates, recurrence, rulereading, rulewords
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.recurrence import Recurrence
from crmcli.services import duedates
from crmcli.services.duedates import Columns
from crmcli.store import occurrences
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NONE = "none"
# What the next occurrence has from the one before it.
KEPT = (
    *("subject", "note", "channel", "priority", "owner_id", "contact_id", "company_id", "interaction_id", "case_id"),
    *("recurs_from", "workdays"),
)


class Recurring:
    """The rules by which follow-ups repeat."""

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- a rule is given

    def check(self, text: str) -> None:
        """Refuse what is no rule. Raises UsageError."""
        self._parsed(text)

    def begin(self, given: Mapping[str, Any], due: Columns | None, zone: str | None, uid: str) -> Columns:
        """The columns of a follow-up that is planned with `every` or `workdays`.

        Args:
            given: `every`, a rule in words or as RFC 5545 writes it, and `workdays`, a country or `me`; `since`, the
                stored instant of a contact that counts as the one before the first.
            due: when it is due; None where only the rule tells.
            zone: the zone that a whole day is meant in; None for the person's own.
            uid: of the follow-up, which becomes that of the series.

        Raises:
            UsageError: the rule or the country cannot be understood, or no day comes by the rule.
        """
        found = self._parsed(given.get("every"))
        country = self._country(given.get("workdays"))
        if due is None:
            assert found is not None
            due = self._first(found, duedates.in_zone(self.app.clock, zone), given.get("since"))
        day, _ = duedates.wall(due, self.app.clock)
        rule = self._rule(found, day) if found else {}
        moved = self._to_workday(due, country) if country else due
        return {**moved, **rule, **({"workdays": country, "series": uid} if found else {})}

    def change(self, row: Row, given: Mapping[str, Any], due: Columns) -> Columns:
        """The columns of a follow-up whose `every` or `workdays` are changed; see `begin`.

        Args:
            row: as it is.
            given: what is changed; `none` ends either.
            due: the columns of its new due date; empty when that stays.
        """
        values: Columns = dict(due)
        every, country = given.get("every"), given.get("workdays")
        repeats = bool(row["recurrence"])
        if every is not None and str(every).strip().lower() == NONE:
            if not repeats:
                raise UsageError(f"{ref('followup', row['id'])} does not repeat", "there is nothing to end")
            values |= {"recurrence": None, "recurs_from": None, "workdays": None}
            repeats = False
        elif every is not None:
            found = self._parsed(every)
            assert found is not None
            # A new date is where the rule begins; else it goes on from the day that the old one named.
            nominal = duedates.wall({**row, **due}, self.app.clock)[0]
            if repeats and row["occurs_on"] and not due:
                nominal = date.fromisoformat(row["occurs_on"])
            values |= {**self._rule(found, nominal), "series": row["series"] or row["uid"]}
            repeats = True
        if country is not None:
            code = None if str(country).strip().lower() == NONE else self._country(country)
            if code and (due or not row["snooze_count"]):
                values |= self._to_workday({name: {**row, **due}[name] for name in occurrences.DUE}, code)
            if repeats:
                values["workdays"] = code
        return values

    def from_elsewhere(self, given: Mapping[str, Any], row: Columns) -> Columns:
        """The columns of a rule that comes with an imported follow-up; none where it does not repeat.

        Args:
            given: `every`, `workdays`, `series` and `occurs_on` as exports have them.
            row: its other columns.

        Raises:
            UsageError: one of them cannot be understood.
        """
        if not given.get("every"):
            return {}
        found = self._parsed(given["every"])
        assert found is not None
        day = duedates.wall({"timezone": None, "all_day": 0, **row}, self.app.clock)[0]
        if given.get("occurs_on"):
            day = dates.parse(str(given["occurs_on"]), self.app.clock).date
        more = {name: str(given[name]) for name in ("workdays", "series") if given.get(name)}
        rule = recurrence.settled(found.rule, day) if found.start == "due" else found.rule
        return {**more, "recurrence": rule, "recurs_from": found.start, "occurs_on": day.isoformat()}

    def _parsed(self, text: object) -> Recurrence | None:
        return None if text is None else rulereading.parse(str(text), self.app.clock)

    def _country(self, text: object) -> str | None:
        return None if text is None else self.app.workdays.check(str(text))

    def _first(self, found: Recurrence, clock: Clock, since: str | None) -> Columns:
        """The first whole day by a rule: from today on, or after what happened already."""
        day = recurrence.first_day(found.rule, clock.today())
        if since is not None:
            last = clock.local(instant(since)).date()
            names_days = recurrence.names_days(found.rule)
            later = last + timedelta(days=1)
            day = recurrence.first_day(found.rule, later) if names_days else recurrence.after_done(found.rule, last)
        if day is None:
            raise _never(found)
        return duedates.on(day, None, clock)[0]

    def _rule(self, found: Recurrence, day: date) -> Columns:
        """The columns of a rule that begins on a day."""
        rule = found.rule
        if found.start == "due":
            rule = recurrence.settled(rule, day)
            only = recurrence.one_less(rule) is None
            following = next(recurrence.following(rule, day), None)
            if following is None and not only and not recurrence.is_day_of(rule, day):
                raise _never(found)
            if not recurrence.is_day_of(rule, day) and following:
                self.app.notes.append(f"{day} is no day of '{rulewords.words(rule)}'; the next will be {following}")
        return {"recurrence": rule, "recurs_from": found.start, "occurs_on": day.isoformat()}

    # --- the next one

    def plan_next(self, gate: "Gate", row: Row, done_at: str) -> int | None:
        """Plan what follows an occurrence that is closed; returns its key, or None when nothing does.

        Args:
            gate: of the open transaction.
            row: the occurrence as it was while it was open.
            done_at: the stored instant at which it was done.
        """
        mine = ref("followup", row["id"])
        known = occurrences.later(self.app.store, row["series"] or row["uid"], row["id"])
        if known is not None:
            other = ref("followup", known["id"])
            self.app.notes.append(f"{mine} was followed by {other} already, and nothing more is planned")
            return None
        rule = recurrence.one_less(row["recurrence"])
        planned = rule and self._next(row, rule, done_at)
        if not rule or not planned:
            self.app.notes.append(f"{mine} was the last one: {rulewords.words(row['recurrence'], row['recurs_from'])}")
            return None
        day, due, notes = planned
        self.app.notes += notes
        kept = {name: row[name] for name in KEPT}
        return gate.insert(
            "followup",
            {
                **kept,
                **due,
                "series": row["series"] or row["uid"],
                "first_due_at": due["due_at"],
                "recurrence": rule,
                "occurs_on": day.isoformat(),
            },
        )

    def _next(self, row: Row, rule: str, done_at: str) -> tuple[date, Columns, list[str]] | None:
        """The next day by the rule, when it is due, and what is to be said of that."""
        meant = self.app.moves.before_snoozing(row)
        day, at = self._wall(row, meant)
        clock = duedates.in_zone(self.app.clock, meant["timezone"])
        if row["recurs_from"] == "done":
            found = recurrence.after_done(rule, clock.local(instant(done_at)).date())
            return (found, *self._due_on(found, at, clock, row["workdays"])) if found else None
        nominal = date.fromisoformat(row["occurs_on"]) if row["occurs_on"] else day
        return next(self._to_come(row, rule, nominal, at, clock), None)

    def _wall(self, row: Row, meant: Mapping[str, Any]) -> tuple[date, time | None]:
        """The day and time of day of an occurrence; of one that clocks going forward moved, the time that was meant."""
        day, at = duedates.wall(meant, self.app.clock)
        clock = duedates.in_zone(self.app.clock, meant["timezone"])
        begin = clock.local(clock.midnight(day)).utcoffset()
        if at is None or begin == clock.local(instant(meant["due_at"])).utcoffset():
            return day, at
        before = occurrences.earlier(self.app.store, row["series"] or row["uid"], row["id"])
        if before is not None:
            _, usual = self._wall(before, self.app.moves.before_snoozing(before))
            if usual and duedates.on(day, usual, clock)[0]["due_at"] == meant["due_at"]:
                return day, usual
        return day, at

    def _to_come(
        self, row: Row, rule: str, nominal: date, at: time | None, clock: Clock
    ) -> Iterator[tuple[date, Columns, list[str]]]:
        """The next days whose time is still to come, beginning with the nearest."""
        before = self._due_on(nominal, at, clock, row["workdays"])[0]["due_at"]
        for day in recurrence.following(rule, nominal):
            due, notes = self._due_on(day, at, clock, row["workdays"])
            # A weekend may move several days to one Monday.
            if due["due_at"] > before and not duedates.is_over(due, clock):
                yield day, due, notes

    def _due_on(self, day: date, at: time | None, clock: Clock, country: str | None) -> tuple[Columns, list[str]]:
        moved, reason = self.app.workdays.on_or_after(day, country) if country else (day, "")
        due, note = duedates.on(moved, at, clock)
        told = _moved(day, moved, reason, country, clock) if reason else ""
        return due, [text for text in (told, note) if text]

    def _to_workday(self, due: Columns, country: str) -> Columns:
        """When something is due, on a working day; that it was moved is noted."""
        day, at = duedates.wall(due, self.app.clock)
        found, notes = self._due_on(day, at, duedates.in_zone(self.app.clock, due["timezone"]), country)
        self.app.notes += notes
        return found


def _moved(day: date, to: date, reason: str, country: str | None, clock: Clock) -> str:
    shown = [dates.describe(dates.When(one, None, clock.now(), ""), clock).rpartition(" ")[0] for one in (day, to)]
    return f"{shown[0]} is no working day in {country} ({reason}): moved to {shown[1]}"


def _never(found: Recurrence) -> UsageError:
    told = rulewords.words(found.rule, found.start)
    return UsageError(f"no day comes by the rule '{told}'", f"for example: {rulereading.EXAMPLES}")

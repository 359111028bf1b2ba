"""Today and the coming week: what is due, whose birthday it is, and who waits for an answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.customers import customer
from crmcli.kernel.days import WEEKDAYS
from crmcli.kernel.ids import parse_ref
from crmcli.kernel.relative import due_day
from crmcli.services import birthdays
from crmcli.services.localtime import local_time
from crmcli.services.queue import SOON
from crmcli.services.users import ME
from crmcli.store import agenda, due, followups
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 50
MOST_OWED = 5
FRESH = timedelta(days=14)
DAYS = 7
MOST_IN_DAYS = 500
# A whole day that is meant in another zone may begin so much later than here.
LATER_ELSEWHERE = timedelta(days=1)
Item = dict[str, Any]


class Agenda:
    """The agenda of the person who asks."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @property
    def nothing_yet(self) -> bool:
        """Whether the database holds nobody, so that there can be no agenda."""
        return agenda.is_empty(self.app.store)

    def today(self, most: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The agenda.

        Args:
            most: how many to list of each bucket, MOST where it does not say.

        Returns:
            `date` and `timezone`; `overdue`, `today` and `week`, lists of follow-ups as in the queue; `owed`, records
            as of `Replies.owed` of the last 14 days, the latest first; `cases` that are late or nearly, see
            `CaseWatch.due`; `counts` of the five; and `birthdays`, those of today, see `birthdays.within`. A follow-up
            has `local_time`, see `localtime.local_time`: what time it is then where the customer is, None where that is
            not known, and for whole days.
        """
        clock = self.app.clock
        found: dict[str, Any] = {"date": clock.today().isoformat(), "timezone": clock.zone_name}
        counts = {}
        for bucket in SOON:
            page = self.app.queue.page(buckets=(bucket,), limit=(most or {}).get(bucket, MOST))
            found[bucket] = page.items
            counts.update(self.app.queue.counts(page, buckets=(bucket,)))
        since = stamp(clock.now() - FRESH)
        owed = self.app.replies.owed(limit=MOST_OWED, since=since, latest_first=True)
        cases = self.app.casewatch.due(limit=(most or {}).get("cases", MOST))
        self._tell_time(item for bucket in SOON for item in found[bucket])
        whose = birthdays.within(self.app.store, self.app.users.key(ME), [clock.today()])[clock.today()]
        found |= {"owed": owed.items, "cases": cases.items}
        found["counts"] = {**counts, "owed": owed.total, "cases": cases.total}
        return {**found, "birthdays": whose}

    def week(self, most: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The agenda with the coming days, today first.

        Returns:
            What `today` does, and `days`: `date`, `weekday`, and the day's `followups`, those for the whole day first,
            then by time, `cases` whose next target is on that day, and `birthdays`. Of what is overdue, and of cases
            that are late, none is among them. There are MOST_IN_DAYS follow-ups at most; `days_more` says whether there
            are others.
        """
        clock, at = self.app.clock, due.horizon(self.app.clock)
        days = [clock.today() + timedelta(days=number) for number in range(DAYS)]
        end = stamp(clock.end_of(days[-1]) + LATER_ELSEWHERE)
        me = self.app.users.key(ME)
        rows = agenda.due_between(self.app.store, me, at.day, end, MOST_IN_DAYS + 1)
        by_day: dict[date, list[Item]] = {day: [] for day in days}
        for row in rows[:MOST_IN_DAYS]:
            bucket = due.bucket(row, at)
            item = {**followups.record(row, at), "bucket": bucket, "waiting": 0}
            day = max(due_day(item, clock), days[0])
            if bucket != "overdue" and day in by_day:
                by_day[day].append(item)
        self._tell_time(item for items in by_day.values() for item in items)
        whose = birthdays.within(self.app.store, me, days)
        today = self.today(most)
        cases = self._cases(days, stamp(clock.end_of(days[-1])))
        told: list[dict[str, Any]] = [
            {
                "date": day.isoformat(),
                "weekday": WEEKDAYS[day.weekday()],
                "cases": cases[day],
                "followups": sorted(by_day[day], key=_has_time),
                "birthdays": whose[day],
            }
            for day in days
        ]
        return {**today, "days": told, "days_more": len(rows) > MOST_IN_DAYS}

    def _cases(self, days: Sequence[date], end: str) -> dict[date, list[Item]]:
        """Cases by the day of their next target, those that missed it left out."""
        found: dict[date, list[Item]] = {day: [] for day in days}
        for item in self.app.casewatch.due(until=end, limit=MOST_IN_DAYS).items:
            day = self.app.clock.local(instant(item["target_at"])).date()
            if item["state"] == "soon" and day in found:
                found[day].append(item)
        return found

    def _tell_time(self, items: Iterable[Item]) -> None:
        """Say of follow-ups what time it is then where the customer is."""
        timed: dict[tuple[str, int], list[Item]] = {}
        for item in items:
            item["local_time"] = None
            party = parse_ref(customer(item)["id"])
            if party and not item["all_day"]:
                timed.setdefault(party, []).append(item)
        keys = {noun: [key for found, key in timed if found == noun] for noun in PARTIES}
        for party, zone in agenda.zones(self.app.store, keys["contact"], keys["company"]).items():
            for item in timed[party]:
                item["local_time"] = local_time(zone, instant(item["due_at"]))


def _has_time(item: Item) -> bool:
    return not item["all_day"]

"""Targets of cases: how soon they are to be answered and resolved, in business time.

The settings say how much business time each priority has (`sla.response.urgent` …), and what business time is
(`sla.hours`, `sla.timezone`, `sla.holidays`). The targets themselves are kept with each case, as instants: everybody
sees the same, and what is changed in the settings is for cases that are opened, reprioritised or paused from then on.

The clock stands still while a case is pending, since it is not ours to act, and from when it is resolved until it is
reopened: its targets move on by the business time that passed. A target that was missed before stays the instant at
which it was missed, and what the case is over it does not grow while the clock stands still, see `CaseClock.left`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from crmcli.kernel.businesshours import Calendar, parse_hours
from crmcli.kernel.clock import Clock, instant, stamp
from crmcli.kernel.durations import parse_duration
from crmcli.kernel.spans import parse_span
from crmcli.services import freedays

if TYPE_CHECKING:
    from crmcli.app import App

HOURS = "mon-fri 09:00-17:00"
RESPONSE = {"urgent": "1h", "high": "4h", "normal": "8h", "low": "16h"}
RESOLUTION = {"urgent": "8h", "high": "16h", "normal": "40h", "low": "80h"}
SOON = "4h"
REOPEN = "14d"
NONE = "none"

Pause = tuple[str, str]
"""From one stored instant to another."""


class Sla:
    """The targets by the settings."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @cached_property
    def calendar(self) -> Calendar:
        """The business hours. Raises UsageError when a setting is wrong, or a library is missing."""
        setting = self.app.config.get
        clock = self.app.clock
        zone = Clock(clock.now(), setting("sla.timezone") or clock.zone_name).zone
        free = freedays.parse(setting("sla.holidays") or "")
        codes = [self.app.workdays.check(code) for code in free.countries]

        def is_free(day: date) -> bool:
            return free.has(day) or any(self.app.workdays.is_holiday(day, code) for code in codes)

        return Calendar(parse_hours(setting("sla.hours") or HOURS), zone, is_free)

    def check_holidays(self, text: str) -> None:
        """Raises UsageError for a country whose holidays are not known."""
        for code in freedays.parse(text).countries:
            self.app.workdays.check(code)

    def span(self, target: str, priority: str) -> int | None:
        """The business seconds that a case has until a target, `response` or `resolution`; None for no target."""
        usual = RESPONSE if target == "response" else RESOLUTION
        text = self.app.config.get(f"sla.{target}.{priority}") or usual[priority]
        return None if text == NONE else parse_duration(text)

    def due(self, target: str, priority: str, opened_at: str, pauses: Iterable[Pause] = ()) -> str | None:
        """The stored instant of a target of a case that was opened then, and paused so; None for none."""
        span = self.span(target, priority)
        if span is None:
            return None
        found: str | None = stamp(self.calendar.after(instant(opened_at), span))
        for start, end in pauses:
            found = self.moved(found, start, end)
        return found

    def moved(self, due: str | None, start: str, end: str) -> str | None:
        """A target after a pause: later by its business time, unless it had been missed when the pause began."""
        if due is None or due < start or end <= start:
            return due
        return stamp(self.calendar.after(instant(due), self.business(start, end)))

    def sooner(self, start: str, due: str, seconds: int) -> str:
        """A target counted from `start` with so many business seconds less: what `moved` added is taken back."""
        if seconds <= 0:
            return due
        return stamp(self.calendar.after(instant(start), self.business(start, due) - seconds))

    def business(self, start: str, end: str) -> int:
        """The business seconds between two stored instants; negative where the second is the earlier one."""
        return self.calendar.between(instant(start), instant(end))

    def soon(self) -> str:
        """The stored instant up to which a target is near."""
        text = self.app.config.get("sla.soon") or SOON
        return stamp(self.calendar.after(self.app.clock.now(), 0 if text == NONE else parse_duration(text)))

    def may_reopen(self, resolved_at: str) -> bool:
        """Whether a contact of the customer still opens a case again that was resolved then."""
        clock = self.app.clock
        try:
            last = parse_span(self.app.config.get("sla.reopen") or REOPEN).after(
                clock.local(instant(resolved_at)).date()
            )
            return clock.now() < clock.end_of(last)
        except OverflowError:
            return True

"""Business hours: how much of the time between two instants counts, and when so much of it is over.

What counts is wall time in a zone: windows of each weekday, but for holidays. It is measured in real seconds, so that a
window is shorter or longer on the day on which clocks change: of a time that is skipped nothing counts, and of one that
comes twice the first is meant by the edge of a window, while a window around it has it twice.

All follows from one function, the business seconds that have passed at an instant since some day; so spans add up, and
adding a span to an instant and measuring the time in between are each other's inverse.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from crmcli.kernel.days import WEEKDAYS, weekday_number
from crmcli.kernel.errors import UsageError

Window = tuple[int, int]
"""From a minute of the day up to another one; 1440 is its end."""

DAY_MINUTES = 1440
ALWAYS = "always"
_EXAMPLE = "for example: mon-fri 09:00-17:00, sat 10:00-13:00; or always"
_TIMES = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")
# Longer than the longest rest of anybody: where nothing counts for so long, nothing ever will.
_LONGEST_REST = 3700


class Hours(NamedTuple):
    """The windows of each weekday, Monday first, in order and apart."""

    week: tuple[tuple[Window, ...], ...]

    def __str__(self) -> str:
        """As `parse_hours` reads it: neighbouring days with the same hours together."""
        if self.week == ((((0, DAY_MINUTES)),),) * 7:
            return ALWAYS
        parts, first = [], 0
        for day in range(1, 8):
            if day < 7 and self.week[day] == self.week[first]:
                continue
            if self.week[first]:
                days = WEEKDAYS[first].lower() + (f"-{WEEKDAYS[day - 1].lower()}" if day - 1 > first else "")
                parts.append(" ".join([days, *map(_shown, self.week[first])]))
            first = day
        return ", ".join(parts)


def parse_hours(text: str) -> Hours:
    """The hours that a text means: `mon-fri 09:00-17:00, sat 10:00-13:00`, `always`.

    Several windows of a day stand behind one another: `mon-thu 8:00-12:00 13:00-17:00`.

    Raises:
        UsageError: it means none, or a window ends before it begins: one over midnight is written as two.
    """
    plain = " ".join(text[:500].lower().split())
    if plain in (ALWAYS, "24/7"):
        return Hours((((0, DAY_MINUTES),),) * 7)
    week: list[list[Window]] = [[] for _ in range(7)]
    for part in plain.replace(" - ", "-").split(","):
        days, *times = part.split() or [""]
        numbers = _days(days)
        if not numbers or not times:
            raise UsageError(f"'{part.strip()[:60]}' are no business hours", _EXAMPLE)
        for number in numbers:
            week[number] += [_window(one) for one in times]
    return Hours(tuple(_apart(windows) for windows in week))


def _days(text: str) -> list[int]:
    first, dash, last = text.partition("-")
    begin, end = weekday_number(first), weekday_number(last if dash else first)
    if begin is None or end is None:
        return []
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _window(text: str) -> Window:
    found = _TIMES.fullmatch(text)
    if not found:
        raise UsageError(f"'{text[:40]}' is no window of a day", _EXAMPLE)
    begin, end = (int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3))
    if max(int(found[2] or 0), int(found[4] or 0)) > 59 or max(begin, end) > DAY_MINUTES:
        raise UsageError(f"'{text[:40]}' is no window of a day", "from 00:00 to 24:00")
    if begin >= end:
        hint = "hours over midnight are written as two: fri 22:00-24:00, sat 00:00-06:00"
        raise UsageError(f"the window {text[:40]} ends before it begins", hint)
    return begin, end


def _apart(windows: Sequence[Window]) -> tuple[Window, ...]:
    """The windows in order; those that touch or overlap are one."""
    found: list[Window] = []
    for begin, end in sorted(windows):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return tuple(found)


def _shown(window: Window) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in window)


class Calendar:
    """Business hours in a zone, without holidays.

    Args:
        hours: the windows of a week.
        zone: where they are meant.
        is_free: tells of a day there whether nobody works on it.
    """

    def __init__(self, hours: Hours, zone: tzinfo, is_free: Callable[[date], bool] = lambda day: False) -> None:
        self.hours = hours
        self.zone = zone
        self.is_free = is_free
        # From the first day that was asked for on: its number, and the business seconds that had passed at each day.
        self._first = 0
        self._passed: list[int] = []
        self._spans: dict[int, list[tuple[int, int]]] = {}

    def between(self, start: datetime, end: datetime) -> int:
        """The business seconds between two aware instants; negative where `end` is the earlier one."""
        return self._elapsed(end) - self._elapsed(start)

    def after(self, start: datetime, seconds: int) -> datetime:
        """The first instant at which so many business seconds, 0 or more, have passed since `start`.

        What fills a window ends with it: eight hours after nine o'clock are five o'clock, not the next morning.

        Raises:
            UsageError: nothing counts for years, or the calendar ends before.
        """
        if seconds <= 0:
            return start
        wanted = self._elapsed(start) + seconds
        number, rests = self._day(start), 0
        while self._before(number + 1) < wanted:
            rests = 0 if self._before(number + 1) > self._before(number) else rests + 1
            if rests > _LONGEST_REST:
                raise UsageError("there are no business hours in years", "see: crm config get sla.hours")
            number += 1
        left = wanted - self._before(number)
        for begin, end in self._windows(number):
            if left <= end - begin:
                return datetime.fromtimestamp(begin + left, UTC)
            left -= end - begin
        raise AssertionError("the day has as much as was found")

    # --- what has passed

    def _elapsed(self, moment: datetime) -> int:
        """The business seconds that had passed at an instant since the first day that was asked for."""
        number, at = self._day(moment), int(moment.timestamp())
        today = sum(max(0, min(at, end) - begin) for begin, end in self._windows(number))
        return self._before(number) + today

    def _day(self, moment: datetime) -> int:
        return moment.astimezone(self.zone).date().toordinal()

    def _before(self, number: int) -> int:
        """What had passed when a day began."""
        if not self._passed:
            self._first, self._passed = number, [0]
        if number < self._first:
            counts = [self._of_day(day) for day in range(number, self._first)]
            total = -sum(counts)
            earlier = []
            for count in counts:
                earlier.append(total)
                total += count
            start = self._passed[0]
            self._passed[:0] = [start + one for one in earlier]
            self._first = number
        while number - self._first >= len(self._passed):
            last = self._first + len(self._passed) - 1
            self._passed.append(self._passed[-1] + self._of_day(last))
        return self._passed[number - self._first]

    def _of_day(self, number: int) -> int:
        return sum(end - begin for begin, end in self._windows(number))

    def _windows(self, number: int) -> list[tuple[int, int]]:
        """The windows of a day in seconds of the epoch."""
        if number not in self._spans:
            self._spans[number] = list(self._made(number))
        return self._spans[number]

    def _made(self, number: int) -> Sequence[tuple[int, int]]:
        try:
            day = date.fromordinal(number)
            windows = self.hours.week[day.weekday()]
            if not windows or self.is_free(day):
                return ()
            edges = [(self._at(day, begin), self._at(day, end)) for begin, end in windows]
        except (OverflowError, ValueError):
            raise UsageError("that is beyond the calendar", "years 1 to 9999 exist here") from None
        return [(begin, end) for begin, end in edges if begin < end]

    def _at(self, day: date, minute: int) -> int:
        """When a wall time is: the first time that it comes; of one that is skipped, when the clocks go forward."""
        day, minute = (day + timedelta(days=1), 0) if minute == DAY_MINUTES else (day, minute)
        wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.zone)
        first, second = (int(wall.replace(fold=fold).astimezone(UTC).timestamp()) for fold in (0, 1))
        if second >= first:
            return first
        # Skipped: by the offset from before it is too late, by the one from after too early.
        seconds = range(second, first + 1)
        after = self._offset(first)
        return seconds[bisect_left(seconds, True, key=lambda at: self._offset(at) == after)]

    def _offset(self, at: int) -> timedelta | None:
        return datetime.fromtimestamp(at, self.zone).utcoffset()

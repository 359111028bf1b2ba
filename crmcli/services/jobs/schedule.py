"""When a job runs: at a time of day or all day long, as cron and systemd write it, and read back from both."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from crmcli.kernel.clock import Clock
from crmcli.kernel.durations import parse_duration
from crmcli.kernel.errors import UsageError
from crmcli.kernel.timesofday import time_of
from crmcli.services.digest import check_kind

HOUR, DAY = 60, 24 * 60
USUAL_AT = time(8)
USUAL_EVERY = 15
DAYS = ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")
"""In the order in which cron counts them, from 0."""
_EVERY = "as often as 5m, 15m, 30m, hourly or 2h; for once a day use --at 08:00"
_CRON_AT = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7])")
_CRON_MINUTES = re.compile(r"(?:\*|\*/(\d{1,2})) \* \* \* \*")
_CRON_HOURS = re.compile(r"\d{1,2} (?:\*|\*/(\d{1,2})) \* \* \*")
_CRON_WORDS = {"@hourly": HOUR, "@daily": DAY, "@midnight": DAY, "@weekly": 7 * DAY}
_CALENDAR_AT = re.compile(r"(Mon )?\*-\*-\* (\d\d):(\d\d):00(?: (\S+))?")
_CALENDAR_EVERY = re.compile(r"\*:0/(\d{1,2})|(\*:00)|0/(\d{1,2}):00")


class Schedule(NamedTuple):
    """Every so many `minutes`; those of a day or a week with the time of day `at` which it is.

    A weekly one runs on Mondays.
    """

    minutes: int
    at: time | None = None

    @property
    def words(self) -> str:
        """As people say it: "every 15 minutes", "daily at 08:00"."""
        return spoken(self.minutes, f"{self.at:%H:%M}" if self.at else "", "Mondays")

    @property
    def calendar(self) -> str:
        """The `OnCalendar=` of systemd, without its zone."""
        if self.at is not None:
            return f"{'Mon ' if self.minutes > DAY else ''}*-*-* {self.at:%H:%M}:00"
        if self.minutes < HOUR:
            return f"*:0/{self.minutes}"
        return "*:00" if self.minutes == HOUR else f"0/{self.minutes // HOUR}:00"

    def cron(self, clock: Clock, zone: tzinfo) -> str:
        """The five fields of a crontab that is read in `zone`; `at` is meant in the zone of the clock."""
        if self.at is None:
            if self.minutes < HOUR:
                return f"*/{self.minutes} * * * *" if self.minutes > 1 else "* * * * *"
            return "0 * * * *" if self.minutes == HOUR else f"0 */{self.minutes // HOUR} * * *"
        there = self.next_run(clock).astimezone(zone)
        weekday = str(there.isoweekday() % 7) if self.minutes > DAY else "*"
        return f"{there.minute} {there.hour} * * {weekday}"

    def next_run(self, clock: Clock) -> datetime:
        """The moment of the coming day, or Monday, at which it runs."""
        day = clock.today() + timedelta(days=1)
        if self.minutes > DAY:
            day += timedelta(days=-day.weekday() % 7)
        return clock.combine(day, self.at or time())[0]


def parse(at: str, every: str, digest: str) -> Schedule:
    """The schedule that the flags mean; a digest comes at 08:00, on Mondays the weekly one, all else every 15 minutes.

    Raises:
        UsageError: a flag says no time, both are given, or a digest would come all day long.
    """
    if at and every:
        raise UsageError("--at is once a day and --every all day long", "give one of them")
    if every and digest:
        raise UsageError(f"a {digest} digest does not come every {every}", "give --at 08:00")
    if digest:
        check_kind(digest)
    if at or digest:
        return Schedule(7 * DAY if digest == "weekly" else DAY, _time(at) if at else USUAL_AT)
    return Schedule(_minutes(every) if every else USUAL_EVERY)


def _time(text: str) -> time:
    found = time_of(text[:40].lower().split())
    if found is None or found.second:
        raise UsageError(f"'{text[:40]}' is not a time of day", "hours and minutes, such as 08:00 or 8am")
    return found


def _minutes(text: str) -> int:
    words = {"hourly": "1h", "daily": "24h"}
    try:
        seconds = parse_duration(words.get(text.lower(), text))
    except UsageError as error:
        raise UsageError(error.message, _EVERY) from None
    minutes, rest = divmod(seconds, 60)
    fits = minutes and not (HOUR % minutes if minutes < HOUR else minutes % HOUR or DAY % minutes)
    if rest or not fits or minutes >= DAY:
        # Cron begins to count anew with each hour and each day.
        raise UsageError(f"every {text[:40]} does not divide an hour or a day evenly", _EVERY)
    return minutes


def spoken(minutes: int, at: str, day: str) -> str:
    """A schedule in words."""
    if at:
        return f"{day} at {at}" if minutes > DAY else f"daily at {at}"
    if minutes % HOUR or not minutes:
        return f"every {minutes} minutes" if minutes > 1 else "every minute"
    return f"every {minutes // HOUR} hours" if minutes > HOUR else "every hour"


def drifts(first: tzinfo, second: tzinfo, year: int) -> bool:
    """Whether two zones are not equally far apart throughout a year."""
    moments = [datetime(year, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
    apart = {_offset(moment, first) - _offset(moment, second) for moment in moments}
    return len(apart) > 1


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def read_cron(fields: str, suffix: str = "") -> tuple[str, int | None]:
    """What the time fields of a crontab say, in words, and the minutes between two runs; None where that is not known.

    `suffix` is put behind a time of day, to name the zone that it is read in.
    """
    if fields in _CRON_WORDS:
        return fields, _CRON_WORDS[fields]
    if found := _CRON_MINUTES.fullmatch(fields):
        minutes = int(found[1] or 1)
        return (spoken(minutes, "", ""), minutes) if minutes else (fields, None)
    if found := _CRON_HOURS.fullmatch(fields):
        minutes = int(found[1] or 1) * HOUR
        return (spoken(minutes, "", ""), minutes) if minutes else (fields, None)
    if found := _CRON_AT.fullmatch(fields):
        at = f"{int(found[2]):02}:{int(found[1]):02}{suffix}"
        minutes = DAY if found[3] == "*" else 7 * DAY
        return spoken(minutes, at, "" if found[3] == "*" else DAYS[int(found[3]) % 7]), minutes
    return fields, None


def read_calendar(text: str, mine: str) -> tuple[str, int | None]:
    """The same for an `OnCalendar=` of systemd; its zone is told where it is not `mine`."""
    if found := _CALENDAR_EVERY.fullmatch(text):
        minutes = int(found[1]) if found[1] else HOUR * int(found[3] or 1)
        return spoken(minutes, "", ""), minutes
    if found := _CALENDAR_AT.fullmatch(text):
        minutes = 7 * DAY if found[1] else DAY
        zone = f" {found[4]}" if found[4] and found[4] != mine else ""
        return spoken(minutes, f"{found[2]}:{found[3]}{zone}", "Mondays"), minutes
    return text, None


def patience(minutes: int | None) -> timedelta:
    """How long ago a job may have run last before something is wrong.

    Twice its time, but an hour at least; two hours more than half a day, a day or a week. What a person wrote by hand
    may rest over a weekend.
    """
    if minutes is None:
        return timedelta(days=4)
    if minutes >= DAY // 2:
        return timedelta(minutes=minutes + 2 * HOUR)
    return timedelta(minutes=max(2 * minutes, HOUR))

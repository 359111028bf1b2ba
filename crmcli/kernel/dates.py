"""Dates as people write them: a small strict grammar in which nothing is guessed.

A moment is `now`, an amount of exact time (`+4h`), or a day, a time of day, or both. A day is ISO (`2026-12-01`), a
word (`tomorrow`, `tue`, `next week`, `eom`), a shift (`+3d`, `in 2 weeks`, `3 days ago`) or a date with its month in
words (`Tue 1 Dec 2026`). A zone's IANA name may end it. What was understood is to be echoed with `describe`.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from crmcli.kernel import days
from crmcli.kernel.clock import UTC_NAMES, Clock, check_zone
from crmcli.kernel.datehints import beyond, no_such_day, refusal
from crmcli.kernel.durations import format_duration, parse_duration
from crmcli.kernel.errors import UsageError
from crmcli.kernel.timesofday import offset_of, time_of

__all__ = ["When", "describe", "format_duration", "parse", "parse_birth_date", "parse_duration"]

_LONGEST = 80


class When(NamedTuple):
    """A moment that was understood.

    `date` and `time` are wall time in the clock's zone; `time` is None for a whole day, and `instant`, in UTC, is then
    its first moment there. `note` says what a change of clocks did. `exact` tells that an instant was named (`now`,
    `+4h`, an offset or a zone), not a wall time here.
    """

    date: date
    time: time | None
    instant: datetime
    note: str
    exact: bool = False


def parse(text: str, clock: Clock) -> When:
    """Return the moment that `text` means, seen from the clock's moment and zone.

    Raises:
        UsageError: it is not of the grammar, or there is no such day; the hint says what would be right.
    """
    plain = text[: _LONGEST + 1] if len(text) > _LONGEST else text.strip()
    words = plain.lower().split()
    if len(plain) > _LONGEST or not plain.isascii() or not plain.isprintable() or not words:
        raise refusal(plain)
    zone_name = plain.split()[-1]
    if len(words) == 1 or not (zone_name.lower() in UTC_NAMES or ("/" in zone_name and zone_name[0].isalpha())):
        when = _moment(words, plain, clock)
    else:
        when = _moment_elsewhere(words[:-1], plain, check_zone(zone_name), clock)
    if when is None:
        raise refusal(plain)
    return when


def _moment_elsewhere(words: list[str], plain: str, zone_name: str, clock: Clock) -> When | None:
    """Return the moment that the words mean in another zone, as wall time of the clock's own."""
    when = _moment(words, plain, Clock(clock.now(), zone_name))
    if when is None or zone_name == clock.zone_name:
        return when
    if when.exact:
        raise UsageError(f"{plain!r} names an exact moment and a zone", "leave out the zone")
    return _exact(when.instant, clock, when.note)


def _moment(words: list[str], plain: str, clock: Clock) -> When | None:
    try:
        if words == ["now"]:
            return _exact(clock.now(), clock)
        moved = days.shift(words)
        if moved and (seconds := days.seconds_of(moved[1])):
            whole = moved[2] == len(words)
            return _exact(clock.now() + timedelta(seconds=moved[0] * seconds), clock) if whole else None
        if moved:
            day, used = days.shift_day(clock.today(), moved[0], moved[1]), moved[2]
        else:
            day, used = _day(words, clock.today()) or (clock.today(), 0)
        if used and len(words) == used:
            return When(day, None, clock.midnight(day), "")
        return _at(day, words[used:], clock, offset_allowed=used == 1 and words[0][:1].isdigit())
    except OverflowError:
        raise beyond(plain) from None


def _at(day: date, rest: list[str], clock: Clock, *, offset_allowed: bool) -> When | None:
    """Return the moment of a day and the time of day after it, perhaps after `at`; an ISO day may have an offset."""
    if rest and rest[0] == "at":
        rest = rest[1:]
    offset: tzinfo | None = None
    if offset_allowed:
        offset, rest = offset_of(rest)
    wall = time_of(rest)
    if wall is None:
        return None
    if offset is not None:
        return _exact(datetime.combine(day, wall, tzinfo=offset), clock)
    instant, note = clock.combine(day, wall)
    local = clock.local(instant)
    return When(local.date(), local.time(), instant, note)


def _exact(instant: datetime, clock: Clock, note: str = "") -> When:
    local = clock.local(instant)
    return When(local.date(), local.time(), Clock(instant).now(), note, exact=True)


def _day(words: list[str], today: date) -> tuple[date, int] | None:
    """Return the day that begins `words` and how many of them it takes; splits the `T` of an ISO instant in place."""
    first = words[0]
    if len(first) > 10 and first[10] == "t":
        words[:1] = [first[:10], first[11:]]
    if iso := _iso(words[0]):
        return iso, 1
    return _written(words) or days.named_day(words, today)


def _iso(word: str) -> date | None:
    if len(word) != 10 or word[4] != "-" or word[7] != "-":
        return None
    parts = word[:4], word[5:7], word[8:]
    if not all(part.isdigit() for part in parts):
        return None
    return _real_day(*map(int, parts))


def _written(words: list[str]) -> tuple[date, int] | None:
    """Read `1 Dec 2026`, with its weekday before it or not: the form in which dates are shown."""
    weekday = days.weekday_number(words[0].rstrip(","))
    at = 0 if weekday is None else 1
    parts = words[at : at + 3]
    if len(parts) < 3 or not (parts[0].isdigit() and parts[2].isdigit()) or len(parts[0]) > 2 or len(parts[2]) != 4:
        return None
    name = parts[1][:3].title()
    if name not in days.MONTHS or not any(month.startswith(parts[1]) for month in (name.lower(), *_LONG_MONTHS)):
        return None
    day = _real_day(int(parts[2]), days.MONTHS.index(name) + 1, int(parts[0]))
    if weekday is not None and day.weekday() != weekday:
        raise UsageError(f"{day} is not a {words[0].title()}", f"it is a {days.WEEKDAYS[day.weekday()]}")
    return day, at + 3


_LONG_MONTHS = (
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _real_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise no_such_day(year, month, day) from None


def describe(when: When, clock: Clock) -> str:
    """Return what was understood: "Tue 24 Nov 2026 15:00 Europe/Berlin", without the time for a whole day.

    `parse` reads it back as the same moment, unless clocks change then.
    """
    day = when.date
    shown = f"{days.WEEKDAYS[day.weekday()]} {day.day} {days.MONTHS[day.month - 1]} {day.year:04d}"
    if when.time is not None:
        shown += f" {when.time:%H:%M:%S}" if when.time.second else f" {when.time:%H:%M}"
    return f"{shown} {clock.zone_name}"


def parse_birth_date(text: str) -> str:
    """Return 'YYYY-MM-DD', or '--MM-DD' when the year is not known (29 February then exists).

    Raises:
        UsageError: neither form, or there is no such day.
    """
    word = text.strip()
    if len(word) == 7 and word.isascii() and word.startswith("--") and word[4] == "-":
        month, day = word[2:4], word[5:]
        if month.isdigit() and day.isdigit():
            if not 1 <= int(month) <= 12 or not 1 <= int(day) <= days.days_in_month(2000, int(month)):
                raise UsageError(f"there is no {word}", "write the month, then the day: --05-12 is 12 May")
            return word
    found = _iso(word) if word.isascii() else None
    if found is None:
        raise UsageError(f"{word[:40]!r} is not a date of birth", "write 1985-05-12, or --05-12 without the year")
    return word

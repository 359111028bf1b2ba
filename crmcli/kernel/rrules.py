"""Rules by which something repeats (RFC 5545, section 3.3.10), as days: entries of calendars, and follow-ups.

Days are found within limits only: `dateutil.rrule` looks for the next one up to the year 9999, and a rule that never
fits, such as every 30 February, kept it busy for nine seconds. Tests compare the days with those that it finds.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_VALUES = 400
MOST = 10_000
"""The largest interval; a rule with a greater one repeats in no lifetime."""
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"))


class Rule(NamedTuple):
    """A rule; it names so many days as `times` says, or any number of them when that is 0.

    `weekdays` are pairs of a number (0 for every one) and a day, Monday being 0; `until` is as it is written.
    """

    frequency: str
    interval: int
    times: int
    until: str
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    positions: tuple[int, ...]
    week_start: int


class Steps:
    """How much work the rules of one file may make: how many days and periods are looked at."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, count: int) -> None:
        """Count some. Raises ValueError when there were too many."""
        self.left -= count
        if self.left < 0:
            raise ValueError("there is more repetition in the file than is followed")


def parse(text: str) -> Rule:
    """The rule that a text is. Raises ValueError, telling why, for what is no rule or is not understood."""
    parts: dict[str, str] = {}
    for part in text.replace("\\", "").upper().strip().strip(";").split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or name in parts:
            raise ValueError("it repeats by a rule that is none")
        parts[name] = value.strip()
    strange = sorted(parts.keys() - _KNOWN)
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES or strange:
        raise ValueError(f"it repeats by a rule that is not understood: {(strange or [frequency or 'none'])[0][:40]}")
    weekdays = tuple(_weekday(value) for value in _values(parts, "BYDAY"))
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        raise ValueError("it repeats by a rule that is not understood: BYMONTHDAY in weeks")
    return Rule(
        frequency,
        _number(parts, "INTERVAL", 1),
        _number(parts, "COUNT", 0),
        parts.get("UNTIL", ""),
        tuple(_numbers(parts, "BYMONTH", 1, 12)),
        tuple(_numbers(parts, "BYMONTHDAY", -31, 31)),
        weekdays,
        tuple(_numbers(parts, "BYSETPOS", -366, 366)),
        WEEKDAYS.index(parts["WKST"]) if parts.get("WKST") in WEEKDAYS else 0,
    )


def _values(parts: dict[str, str], name: str) -> list[str]:
    values = [value.strip() for value in parts[name].split(",")] if parts.get(name) else []
    if len(values) > MOST_VALUES:
        raise ValueError(f"it repeats by a rule with too many values: {name}")
    return values


def _number(parts: dict[str, str], name: str, usual: int) -> int:
    if name not in parts:
        return usual
    value = parts[name]
    if (
        not value.isdecimal()
        or not value.isascii()
        or not 0 < int(value[:9]) <= (MOST if name == "INTERVAL" else 10**9)
    ):
        raise ValueError(f"it repeats by a rule that is none: {name}={value[:40]}")
    return int(value[:9])


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> Iterator[int]:
    for value in _values(parts, name):
        number = int(value) if re.fullmatch(r"[+-]?[0-9]{1,3}", value) else 0
        if not low <= number <= high or not number:
            raise ValueError(f"it repeats by a rule that is none: {name}={value[:40]}")
        yield number


def _weekday(value: str) -> tuple[int, int]:
    found = _WEEKDAY.fullmatch(value)
    if found is None or (found[1] and not int(found[1])):
        raise ValueError(f"it repeats by a rule that is none: BYDAY={value[:40]}")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def days(rule: Rule, first: date, last: date, steps: Steps, after: date = date.min) -> Iterator[date]:
    """The days of a rule that begins on `first`, in order, up to `last`.

    `until` is not looked at: it is a time. Days before `after` may be left out. Raises ValueError; see `Steps`.
    """
    found = 0
    for anchor in _periods(rule, first, last, first if rule.times else max(first, after)):
        steps.take(1)
        candidates = sorted(_candidates(rule, first, anchor))
        steps.take(len(candidates))
        for day in _positioned(candidates, rule.positions):
            if day < first:
                continue
            found += 1
            if day > last or (rule.times and found > rule.times):
                return
            yield day


def _periods(rule: Rule, first: date, last: date, after: date) -> Iterator[date]:
    """The first days of the days, weeks, months or years that a rule is about, from shortly before `after`."""
    unit = {"DAILY": 1, "WEEKLY": 7}.get(rule.frequency)
    if unit:
        start = first - timedelta(days=(first.weekday() - rule.week_start) % 7 if unit == 7 else 0)
        step = unit * rule.interval
        skipped = max(0, (after - start).days // step - 1)
        for number in range(skipped, (last - start).days // step + 1):
            yield start + timedelta(days=number * step)
        return
    per_year = 12 if rule.frequency == "MONTHLY" else 1
    start_number = first.year * per_year + (first.month - 1 if per_year == 12 else 0)
    after_number = after.year * per_year + (after.month - 1 if per_year == 12 else 0)
    number = start_number + max(0, (after_number - start_number) // rule.interval - 1) * rule.interval
    while number // per_year <= last.year:
        yield date(number // per_year, number % per_year + 1, 1)
        number += rule.interval


def _candidates(rule: Rule, first: date, anchor: date) -> set[date]:
    """The days of one period that the rule names."""
    wanted: dict[str, Callable[[Rule, date, date], set[date]]] = {
        "DAILY": _day,
        "WEEKLY": _week,
        "MONTHLY": _month,
        "YEARLY": _year,
    }
    return wanted[rule.frequency](rule, first, anchor)


def _day(rule: Rule, first: date, anchor: date) -> set[date]:
    month_days = rule.month_days
    from_end = anchor.day - monthrange(anchor.year, anchor.month)[1] - 1 if month_days else 0
    fits = (
        (not rule.months or anchor.month in rule.months)
        and (not month_days or anchor.day in month_days or from_end in month_days)
        and (not rule.weekdays or anchor.weekday() in {day for _, day in rule.weekdays})
    )
    return {anchor} if fits else set()


def _week(rule: Rule, first: date, anchor: date) -> set[date]:
    wanted = {day for _, day in rule.weekdays} or {first.weekday()}
    last = min(7, (date.max - anchor).days + 1)
    found = (anchor + timedelta(days=number) for number in range(last))
    return {day for day in found if day.weekday() in wanted and (not rule.months or day.month in rule.months)}


def _month(rule: Rule, first: date, anchor: date) -> set[date]:
    if rule.months and anchor.month not in rule.months:
        return set()
    last = monthrange(anchor.year, anchor.month)[1]
    if not rule.month_days and not rule.weekdays:
        numbers = {first.day} if first.day <= last else set()
    else:
        numbers = {number if number > 0 else last + 1 + number for number in rule.month_days}
        numbers = {number for number in numbers if 1 <= number <= last}
        if rule.weekdays:
            named = {day.day for day in _nth(rule, anchor, last)}
            numbers = numbers & named if rule.month_days else named
    return {anchor.replace(day=number) for number in numbers}


def _year(rule: Rule, first: date, anchor: date) -> set[date]:
    if rule.months or rule.month_days:
        months = rule.months or range(1, 13)
        return {day for month in months for day in _month(rule, first, anchor.replace(month=month))}
    if rule.weekdays:
        return set(_nth(rule, anchor, 366 if monthrange(anchor.year, 2)[1] == 29 else 365))
    try:
        return {anchor.replace(month=first.month, day=first.day)}
    except ValueError:  # 29 February
        return set()


def _nth(rule: Rule, start: date, length: int) -> Iterator[date]:
    """The weekdays that the rule names in a stretch of days: each, or the nth from its beginning or end."""
    for number, weekday in rule.weekdays:
        places = range((weekday - start.weekday()) % 7, length, 7)
        if number:
            place = number - 1 if number > 0 else number
            places = places[place : place + 1] if place != -1 else places[-1:]
        for place in places:
            yield start + timedelta(days=place)


def _positioned(found: Sequence[date], positions: Sequence[int]) -> list[date]:
    """The days at some positions among all of a period (BYSETPOS)."""
    if not positions:
        return list(found)
    places = {number - 1 if number > 0 else len(found) + number for number in positions}
    return [found[place] for place in sorted(places) if 0 <= place < len(found)]

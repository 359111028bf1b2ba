"""Why a date was refused, and what to write instead."""

import re

from crmcli.kernel.days import VOCABULARY, days_in_month
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_EXAMPLES = "write a date such as 2026-12-01, '2026-12-01 14:00', tomorrow, 'next tue 3pm', +3d or eom"
_SHOWN = 40


def no_such_day(year: int, month: int, day: int) -> UsageError:
    """Return the refusal of an ISO date that the calendar does not have."""
    if year == 0:
        hint = "years 1 to 9999 exist here"
    elif not 1 <= month <= 12:
        hint = "months are 01 to 12, and come before the day"
    else:
        hint = f"{_MONTHS[month - 1]} {year} has {days_in_month(year, month)} days"
    return UsageError(f"there is no {year:04d}-{month:02d}-{day:02d}", hint)


def beyond(text: str) -> UsageError:
    """Return the refusal of a date that the calendar is too short for."""
    return UsageError(f"{text[:_SHOWN]!r} is beyond the calendar", "years 1 to 9999 exist here")


def refusal(text: str) -> UsageError:
    """Return why `text`, cut to a length that is quickly searched, is no date.

    It may leave the order of day and month open, lack a unit or a direction, hold a mistyped word, or be anything else.
    """
    if not text:
        return UsageError("a date is missing", _EXAMPLES)
    shown = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    if numbers := re.fullmatch(r"([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})", text.partition(" ")[0]):
        return _unclear_order(shown, int(numbers[1]), int(numbers[3]), numbers[4], len(numbers[1]) == 4)
    message = f"{shown!r} is not a date"
    if re.fullmatch("[+-]?[0-9]{1,7}", text):
        return UsageError(message, "say of what: +3d (days), +2w (weeks), +1m (months), +4h (hours), 3pm, 15:00")
    if re.fullmatch("(?i)[0-9]{1,7} *(d|w|mo?|y|h|min|days?|weeks?|months?|years?|hours?|minutes?)", text):
        return UsageError(message, f"write 'in {text}' or '{text} ago'")
    for word in re.findall("[a-z]+", text.lower()):
        if word not in VOCABULARY and (near := nearest(word, VOCABULARY, count=1)):
            return UsageError(message, f"did you mean {near[0]!r}? {_EXAMPLES}")
    return UsageError(message, _EXAMPLES)


def _unclear_order(shown: str, first: int, second: int, last: str, year_first: bool) -> UsageError:
    """Refuse numbers whose order of day and month is not ISO, naming every ISO date they can mean."""
    if not year_first and len(last) != 4:
        return UsageError(f"{shown!r} is not a date", "write the year first, with four digits: 2026-12-01")
    year = first if year_first else int(last)
    pairs = [(second, int(last))] if year_first else [(second, first), (first, second)]
    possible = [
        f"{year:04d}-{month:02d}-{day:02d}"
        for month, day in pairs
        if 0 < year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)
    ]
    possible = list(dict.fromkeys(possible))
    if len(possible) == 2:
        return UsageError(f"{shown!r} is ambiguous: day or month first?", f"write {possible[0]} or {possible[1]}")
    hint = f"write {possible[0]}" if possible else _EXAMPLES
    return UsageError(f"{shown!r} is not a date in ISO order", hint)

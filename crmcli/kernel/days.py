"""Days in words: which date `tue`, `eom`, `+3d` or `in 2 weeks` means, counted from a given day."""

from datetime import MAXYEAR, MINYEAR, date, timedelta

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""English short names: `strftime` would follow the machine's locale."""

_WEEKDAY_WORDS = {
    "mon": 0, "monday": 0, "tue": 1, "tues": 1, "tuesday": 1, "wed": 2, "wednesday": 2, "thu": 3, "thur": 3, "thurs": 3,
    "thursday": 3, "fri": 4, "friday": 4, "sat": 5, "saturday": 5, "sun": 6, "sunday": 6,
}  # fmt: skip
_RELATIVE = {"today": 0, "tomorrow": 1, "yesterday": -1}
_PERIODS = {"week": 0, "month": 1, "quarter": 3, "year": 12}
_ENDS = {"eom": 1, "eoq": 3, "eoy": 12}
_DAY_UNITS = {"d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7}
_MONTH_UNITS = {"m": 1, "mo": 1, "month": 1, "months": 1, "y": 12, "year": 12, "years": 12}
_SECOND_UNITS = {
    "h": 3600, "hour": 3600, "hours": 3600, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
}  # fmt: skip
_MOST_DIGITS = 7

VOCABULARY = (
    "now", *_RELATIVE, *_WEEKDAY_WORDS, "next", "last", *_PERIODS, "eow", *_ENDS, "noon", "at", "in", "ago", "am",
    "pm", "days", "weeks", "months", "years", "hours", "minutes",
)  # fmt: skip
"""The words of the grammar, for suggestions."""


def shift(words: list[str]) -> tuple[int, str, int] | None:
    """Read `+3d`, `-2 weeks`, `in 2 weeks` or `3 days ago` at the start of `words`.

    Returns:
        The signed number, its unit as written, and how many words were read; None when this is no shift.
    """
    first = words[0]
    signed = first[0] in "+-"
    used = 2 if first == "in" else 1
    if len(words) < used:
        return None
    text = words[used - 1][1:] if signed else words[used - 1]
    unit = text.lstrip("0123456789")
    number = text[: len(text) - len(unit)]
    if not unit and len(words) > used:
        unit = words[used]
        used += 1
    if not number or len(number) > _MOST_DIGITS or not is_unit(unit):
        return None
    if signed:
        return (-int(number) if first[0] == "-" else int(number)), unit, used
    if first == "in":
        return int(number), unit, used
    return (-int(number), unit, used + 1) if words[used : used + 1] == ["ago"] else None


def is_unit(word: str) -> bool:
    """Tell whether a shift may be counted in this."""
    return word in _DAY_UNITS or word in _MONTH_UNITS or word in _SECOND_UNITS


def seconds_of(unit: str) -> int:
    """Return the seconds of a unit of exact time; 0 for units of whole days, whose length varies."""
    return _SECOND_UNITS.get(unit, 0)


def shift_day(today: date, number: int, unit: str) -> date:
    """Return the day that many units away. The 31st of a month without one is its last day.

    Raises:
        OverflowError: that is beyond years 1 to 9999.
    """
    if unit in _DAY_UNITS:
        return today + timedelta(number * _DAY_UNITS[unit])
    return shift_months(today, number * _MONTH_UNITS[unit])


def shift_months(day: date, months: int) -> date:
    """Return the same day of the month, or its last one, that many months away. Raises OverflowError."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("beyond the calendar")
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month in the Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def named_day(words: list[str], today: date) -> tuple[date, int] | None:
    """Read a day named by words at the start of `words`.

    A weekday, with or without `next`, is the coming one, never today; with `last`, the latest before today. The next or
    last week, month, quarter or year means its first day; `eow` is Sunday, the last day of the ISO week.

    Returns:
        The day and how many words were read; None when no day is named.

    Raises:
        OverflowError: that is beyond years 1 to 9999.
    """
    first = words[0]
    if first in _RELATIVE:
        return today + timedelta(_RELATIVE[first]), 1
    if first in _WEEKDAY_WORDS:
        return _weekday(today, first, 1), 1
    if first == "eow":
        return today + timedelta(6 - today.weekday()), 1
    if first in _ENDS:
        months = _ENDS[first]
        last = (today.month - 1) // months * months + months
        return date(today.year, last, days_in_month(today.year, last)), 1
    if first not in ("next", "last") or len(words) == 1:
        return None
    direction = 1 if first == "next" else -1
    second = words[1]
    if second in _WEEKDAY_WORDS:
        return _weekday(today, second, direction), 2
    if second == "week":
        return today + timedelta(7 * direction - today.weekday()), 2
    if second in _PERIODS:
        return _first_day(today, _PERIODS[second], direction), 2
    return None


def _weekday(today: date, word: str, direction: int) -> date:
    away = (_WEEKDAY_WORDS[word] - today.weekday()) * direction % 7 or 7
    return today + timedelta(away * direction)


def _first_day(today: date, months: int, direction: int) -> date:
    """Return the first day of the period of that many months after (1) or before (-1) the current one."""
    begin = date(today.year, (today.month - 1) // months * months + 1, 1)
    return shift_months(begin, months * direction)


def weekday_number(word: str) -> int | None:
    """Return 0 for Monday to 6 for Sunday, None for any other word."""
    return _WEEKDAY_WORDS.get(word)

"""Birthdays as other programs write them. What cannot be told for sure is left as it stands."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)")
_NUMBERS = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{2,4})(?:[ ,].*)?")
_WORDS = re.compile(r"(?:(\d{1,2})[.\s-]+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2})),?[.\s-]*(\d{2,4})?", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
NO_YEAR = 1604
"""The year by which Apple says that there is none."""
_THIS_CENTURY = 29
"""Years of two digits up to this one are of the twenty-first century; nobody was born in 2045."""


class Birthdays:
    """Reading the birthdays of one column.

    Args:
        samples: birthdays of the column. They tell whether 3/4/1985 is in March or in April, if any does.
    """

    def __init__(self, samples: Callable[[], Iterable[str]] = tuple) -> None:
        self.samples = samples

    def read(self, text: str) -> str:
        """The day as 1985-05-12 or --05-12; "" for a day that means none (0/0/00); else the text as it is."""
        if not text.strip("0/.-: "):
            return ""
        if found := _ISO.fullmatch(text):
            day = _written(int(found[1]), int(found[2]), int(found[3]))
        elif found := _NO_YEAR.fullmatch(text):
            day = _written(0, int(found[1]), int(found[2]))
        elif found := _NUMBERS.fullmatch(text):
            day = self._of_numbers(*found.groups())
        elif found := _WORDS.fullmatch(text):
            month = (found[2] or found[3]).lower()[:3]
            number = _MONTHS.index(month) + 1 if month in _MONTHS else 0
            day = _written(_year(found[5] or ""), number, int(found[1] or found[4]))
        else:
            day = None
        return text if day is None else day

    def _of_numbers(self, first: str, mark: str, second: str, last: str) -> str | None:
        if len(first) > 2:
            return _written(int(first), int(second), int(last)) if len(last) <= 2 else None
        a, b = int(first), int(second)
        day_first = True if mark == "." or a > 12 else False if b > 12 else a == b or self.day_first
        if day_first is None:
            return None
        return _written(_year(last), *((b, a) if day_first else (a, b)))

    @cached_property
    def day_first(self) -> bool | None:
        """Whether the column writes the day before the month; None when no birthday in it tells."""
        for text in self.samples():
            found = _NUMBERS.fullmatch(text.strip())
            if found and found[2] != "." and len(found[1]) <= 2:
                if 12 < int(found[1]) <= 31:
                    return True
                if 12 < int(found[3]) <= 31:
                    return False
        return None


def _year(text: str) -> int:
    if len(text) != 2:
        return int(text or 0)
    return int(text) + (2000 if int(text) <= _THIS_CENTURY else 1900)


def _written(year: int, month: int, day: int) -> str | None:
    """The day as it is stored; None when there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return None
    if year in (0, NO_YEAR):
        return f"--{month:02d}-{day:02d}"
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return None if (month, day) == (2, 29) and not leap else f"{year:04d}-{month:02d}-{day:02d}"

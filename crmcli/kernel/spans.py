"""Spans of the calendar: `6w`, `10d`, `3m`, `1y`; months are as long as they are."""

import re
from datetime import date
from typing import NamedTuple

from crmcli.kernel.days import shift_day
from crmcli.kernel.errors import UsageError

WORDS = {"d": "day", "w": "week", "m": "month", "y": "year"}
# A day, a week, a month, a year, in days; only to compare spans of different units.
LENGTHS = {"d": 1.0, "w": 7.0, "m": 30.436875, "y": 365.2425}
LONGEST = 36_525
_FORM = re.compile(r"(\d{1,5})\s*(d|w|m|mo|y|days?|weeks?|months?|years?)")


class Span(NamedTuple):
    """A number of days, weeks, months or years: `unit` is d, w, m or y."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def words(self) -> str:
        """As people say it: "6 weeks"."""
        return f"{self.number} {WORDS[self.unit]}{'' if self.number == 1 else 's'}"

    @property
    def days(self) -> float:
        """How many days it has on average; for comparing, not for finding a date."""
        return self.number * LENGTHS[self.unit]

    def after(self, day: date) -> date:
        """The day that much later; the 31st of a month without one is its last day. Raises OverflowError."""
        return shift_day(day, self.number, self.unit)

    def before(self, day: date) -> date:
        """The day that much earlier. Raises OverflowError."""
        return shift_day(day, -self.number, self.unit)


def parse_span(text: str) -> Span:
    """The span that a text means: `6w`, `6 weeks`, `every 6 weeks`.

    Raises:
        UsageError: it is none, or longer than a hundred years.
    """
    plain = " ".join(text[:60].lower().split()).removeprefix("every ")
    found = _FORM.fullmatch(plain) if plain.isascii() else None
    span = found and Span(int(found[1]), found[2][0])
    if not span or not 0 < span.days <= LONGEST:
        raise UsageError(f"'{text[:40]}' is not a span of time", "write a number and a unit: 10d, 6w, 3m, 1y")
    return span

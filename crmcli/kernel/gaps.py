"""The gap between contacts that is wanted, and the longest that is borne: which days follow from the last contact."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.spans import LENGTHS, LONGEST, WORDS, Span

HALF_MORE = 1.5
SMALLER = {"y": "m", "m": "d", "w": "d", "d": "d"}
ONE_DAY = timedelta(days=1)


class Gap(NamedTuple):
    """`ideal`: from that day on the next contact is due. `maximum`: from that day on it is late."""

    ideal: Span
    maximum: Span

    def due_on(self, last: date) -> date:
        """The day on which the next contact is due after one on the day `last`."""
        return self.ideal.after(last)

    def late_on(self, last: date) -> date:
        """The day from which it is late; never before it is due, whatever the lengths of the months between."""
        return max(self.maximum.after(last), self.due_on(last))

    def latest_due(self, today: date) -> date:
        """The latest day of a last contact after which the next one is due by today.

        Several days may lead to one: a month after 28, 29, 30 and 31 January is 28 February.
        """
        day = self.ideal.before(today)
        while self.ideal.after(day + ONE_DAY) <= today:
            day += ONE_DAY
        return day


def checked_gap(ideal: Span, maximum: Span | None) -> Gap:
    """The gap of two spans; without a maximum half as much again as is ideal.

    Raises:
        UsageError: the maximum is shorter.
    """
    if maximum is None:
        return Gap(ideal, usual_maximum(ideal))
    if maximum.days < ideal.days:
        raise UsageError(
            f"at most {maximum.words} is less than the {ideal.words} that are wanted",
            f"leave --max out ({usual_maximum(ideal)} then), or give a longer one",
        )
    return Gap(ideal, maximum)


def usual_maximum(ideal: Span) -> Span:
    """Half as much again, rounded up in the unit of `ideal`: 6w gives 9w, 3m gives 5m.

    A single week, month or year is too coarse for that and is counted in a smaller unit: 1w gives 11d, 1m 46d, 1y 18m.
    What would be longer than any span may be is the longest in that unit.
    """
    unit = ideal.unit if ideal.number > 1 else SMALLER[ideal.unit]
    # Years are whole months; rounding the average lengths of both would make 19 of 18.
    per_unit = 12.0 if (ideal.unit, unit) == ("y", "m") else LENGTHS[ideal.unit] / LENGTHS[unit]
    number = ceil(ideal.number * HALF_MORE * per_unit)
    return Span(min(number, int(LONGEST / LENGTHS[unit])), unit)


def every(span: Span) -> str:
    """As people say it: "every 6 weeks", "every week"."""
    return f"every {span.words if span.number > 1 else WORDS[span.unit]}"

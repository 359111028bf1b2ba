"""The days by a rule of repetition, and the rule as it is stored.

A rule is kept as the text of RFC 5545 (`FREQ=WEEKLY;BYDAY=MO`) and names its days itself, so that any of them can stand
as its beginning: the first day, or a later one from which the next is found. A rule that counts from when the last one
was done is a plain span. `crmcli.kernel.rulereading` makes rules of words, `crmcli.kernel.rulewords` words of rules.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from crmcli.kernel import rrules
from crmcli.kernel.days import shift_day
from crmcli.kernel.errors import UsageError
from crmcli.kernel.rrules import WEEKDAYS, Rule, Steps
from crmcli.kernel.rulewords import CLAMPED

LONGEST = 200
"""How many letters a rule may have."""
# A rule is looked along for so many days and periods: more than anybody plans for, and found within milliseconds.
MOST_STEPS = 40_000
LAST = date(9000, 12, 31)
_UNITS = {"DAILY": "d", "WEEKLY": "w", "MONTHLY": "m", "YEARLY": "y"}


class Recurrence(NamedTuple):
    """A rule as it is stored, and what it counts from: `due`, the day by the rule, or `done`."""

    rule: str
    start: str


def until_of(rule: Rule) -> date | None:
    """The day after which a rule ends; None when it does not, or what it says is no day."""
    text = rule.until
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        return None


def written(rule: Rule) -> str:
    """A rule as the text that is stored.

    Raises:
        UsageError: it is too long.
    """
    days = [f"{number or ''}{WEEKDAYS[day]}" for number, day in rule.weekdays]
    parts = (
        ("FREQ", rule.frequency),
        ("INTERVAL", str(rule.interval) if rule.interval > 1 else ""),
        ("BYMONTH", ",".join(map(str, rule.months))),
        ("BYMONTHDAY", ",".join(map(str, rule.month_days))),
        ("BYDAY", ",".join(days)),
        ("BYSETPOS", ",".join(map(str, rule.positions))),
        ("WKST", WEEKDAYS[rule.week_start] if rule.week_start else ""),
        ("COUNT", str(rule.times) if rule.times else ""),
        ("UNTIL", rule.until),
    )
    text = ";".join(f"{name}={value}" for name, value in parts if value)
    if len(text) > LONGEST:
        raise UsageError(f"the rule has {len(text)} letters", f"at most {LONGEST} are kept")
    return text


def clamped(day: int) -> dict[str, Any]:
    """The parts of a rule that name this day of a month, or the last day of a month that is shorter."""
    if day == 31:
        return {"month_days": (-1,)}
    if day in CLAMPED:
        return {"month_days": tuple(map(int, CLAMPED[day].split(","))), "positions": (-1,)}
    return {"month_days": (day,)}


# --- the days of a rule


def first_day(rule: str, today: date) -> date | None:
    """The first day by the rule, from today on; None when there is none.

    `every 2 weeks on friday` begins on the coming Friday: the pace counts from the first.
    """
    plain = _kept(rule)
    return next(_days(plain._replace(interval=1), today), None)


def names_days(rule: str) -> bool:
    """Whether a rule says which days it means, and is not a plain span."""
    plain = _kept(rule)
    return bool(plain.weekdays or plain.month_days or plain.months)


def settled(rule: str, day: date) -> str:
    """The rule with the days that its beginning gives it: every month, begun on the 31st, is on the last day of each.

    Without this a rule that passed through February would go on from its 28th.
    """
    plain = _kept(rule)
    if plain.weekdays or plain.month_days:
        return rule
    if plain.frequency == "WEEKLY":
        return written(plain._replace(weekdays=((0, day.weekday()),)))
    if plain.frequency == "MONTHLY":
        return written(plain._replace(**clamped(day.day)))
    if plain.frequency == "YEARLY":
        leap = (day.month, day.day) == (2, 29)
        place = clamped(29) if leap and not plain.months else {"month_days": (day.day,)}
        return written(plain._replace(months=plain.months or (day.month,), **place))
    return rule


def following(rule: str, day: date) -> Iterator[date]:
    """The days by a rule after `day`, which is or stands for one of them; as many as there are."""
    return (found for found in _days(_kept(rule), day) if found > day)


def after_done(rule: str, day: date) -> date | None:
    """The day that is the span of a rule after `day`; None when the rule has ended by then."""
    plain = _kept(rule)
    try:
        found = shift_day(day, plain.interval, _UNITS[plain.frequency])
    except OverflowError:
        return None
    until = until_of(plain)
    return None if until and found > until else found


def one_less(rule: str) -> str | None:
    """The rule of the next one, which has one time less to go; None when this was the last."""
    plain = _kept(rule)
    if not plain.times:
        return rule
    return written(plain._replace(times=plain.times - 1)) if plain.times > 1 else None


def to_come(rule: str, day: date) -> Iterator[tuple[date, str]]:
    """The days by a rule after the one that `day` is, each with the rule as it stands then: a count has one less."""
    for found in following(rule, day):
        less = one_less(rule)
        if less is None:
            return
        rule = less
        yield found, rule


def is_day_of(rule: str, day: date) -> bool:
    """Whether a day is one by the rule, if the rule began there."""
    return next(_days(_kept(rule), day), None) == day


def _days(rule: Rule, first: date) -> Iterator[date]:
    last = until_of(rule) or LAST
    try:
        yield from rrules.days(rule._replace(times=0, until=""), first, min(last, LAST), Steps(MOST_STEPS))
    except ValueError:  # more was looked at than any rule that comes again needs
        return


def _kept(rule: str) -> Rule:
    """The rule that a stored text is. Raises UsageError for one that was restored from somewhere and is none."""
    try:
        return rrules.parse(rule)
    except ValueError:
        raise UsageError(
            f"the rule '{rule[:60]}' cannot be followed", "give another: crm followup edit ID --every RULE"
        ) from None

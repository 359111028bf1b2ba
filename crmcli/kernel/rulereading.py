"""Rules of repetition as people write them: a small strict grammar in which nothing is guessed.

`crmcli.kernel.rulewords` tells a rule in words that are read here as the same rule; the help topic `repeating` shows
what is understood.
"""

import re
from typing import Any

from crmcli.kernel import dates, rrules
from crmcli.kernel.clock import Clock
from crmcli.kernel.days import days_in_month, weekday_number
from crmcli.kernel.errors import UsageError
from crmcli.kernel.recurrence import LONGEST, Recurrence, clamped, until_of, written
from crmcli.kernel.rrules import Rule
from crmcli.kernel.rulewords import AFTER_DONE, DAYS, MONTHS
from crmcli.kernel.similarity import nearest

EXAMPLES = "every monday, every 2 weeks on friday, monthly on the 1st, every 3 months after done, yearly on 29 feb"
_PERIODS = {"day": ("DAILY", 1), "week": ("WEEKLY", 1), "month": ("MONTHLY", 1), "quarter": ("MONTHLY", 3),
            "year": ("YEARLY", 1)}  # fmt: skip
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_LONGEST_SPANS = {"DAILY": 36_525, "WEEKLY": 5_217, "MONTHLY": 1_200, "YEARLY": 100}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_VOCABULARY = (
    *("every", "other", *_PERIODS, *(f"{word}s" for word in _PERIODS), *_ADVERBS, "weekday", "weekdays"),
    *("on", "the", "and", "last", "of", "after", "done", "until", "times"),
    *(name.lower() for name in (*DAYS.values(), *MONTHS)),
)
_TIME = re.compile(r"\bat\b|\d(am|pm)\b|\d:\d|\bnoon\b")
_SPAN = re.compile(r"(\d{1,6})(d|w|mo?|y)")
_SPAN_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


def parse(text: str, clock: Clock) -> Recurrence:
    """The recurrence that words mean, or the text of a rule of RFC 5545.

    Args:
        text: such as "every 2 weeks on friday until eoy", "every 3 months after done", "FREQ=WEEKLY;BYDAY=MO".
        clock: for dates after `until`.

    Raises:
        UsageError: it is none; the hint says what would be right.
    """
    plain = text.strip()
    if len(plain) > LONGEST or not plain.isascii():
        raise _refusal(plain)
    if "=" in plain:
        start = "done" if plain.lower().endswith(AFTER_DONE) else "due"
        rule = _checked(plain[: -len(AFTER_DONE)] if start == "done" else plain)
    else:
        words, start, times, until = _tail(plain.lower().replace(",", " ").split(), clock)
        core = _core(words)
        if core is None:
            raise _refusal(plain)
        rule = core._replace(times=times, until=until)
    if rule.interval > _LONGEST_SPANS[rule.frequency]:
        raise UsageError(f"'{plain}' is longer than a hundred years", f"for example: {EXAMPLES}")
    if start == "done" and (rule.weekdays or rule.month_days or rule.months):
        raise UsageError(
            f"'{plain}' names a day, and 'after done' counts a span", "for example: every 7 days after done"
        )
    return Recurrence(written(rule), start)


def _refusal(text: str) -> UsageError:
    """Why a text, cut to a length that is quickly searched, is no rule, with what may have been meant."""
    shown = text[:60] + ("…" if len(text) > 60 else "")
    message, found = f"'{shown}' is not a rule by which something repeats", text[:LONGEST].lower()
    if _TIME.search(found):
        return UsageError(message, "the time of day is that of --due: --every monday --due 'mon 9:00'")
    place = re.sub(r"^(every|each|on) |,| of (the|each|every) month$", " ", found).split()
    if place and _in_month(place, strict=False):
        return UsageError(message, f"did you mean 'monthly on the {' '.join(place).removeprefix('the ')}'?")
    for word in re.findall("[a-z]{4,}", found):
        known = word in _VOCABULARY or weekday_number(word) is not None
        if not known and word not in _ORDINALS and (near := nearest(word, _VOCABULARY, count=1)):
            return UsageError(message, f"did you mean '{near[0]}'? for example: {EXAMPLES}")
    return UsageError(message, f"for example: {EXAMPLES}")


def _tail(words: list[str], clock: Clock) -> tuple[list[str], str, int, str]:
    """What a rule ends with: the words before that, what it counts from, how many times, and until when."""
    start, times, until = "due", 0, ""
    while True:
        if words[-2:] == ["after", "done"] and start == "due":
            start, words = "done", words[:-2]
        elif len(words) > 2 and words[-1] in ("time", "times") and words[-2].isdecimal() and not times:
            times, words = int(words[-2][:6]), words[:-2]
            if not times:
                raise UsageError("0 times is never", "leave --every out, or write how many times")
        elif "until" in words[:-1] and not until:
            place = words.index("until")
            until = f"{dates.parse(' '.join(words[place + 1 :]), clock).date:%Y%m%d}"
            words = words[:place]
        else:
            break
    if times and until:
        raise UsageError("a rule ends after some times or at a date, not both", "leave one of them out")
    return words, start, times, until


# --- the words of a rule


def _core(words: list[str]) -> Rule | None:
    if words[:1] == ["every"]:
        words = words[1:]
    if not words:
        return None
    if words in (["weekday"], ["weekdays"]):
        return _rule("WEEKLY", weekdays=tuple((0, day) for day in range(5)))
    named = _week_days(words)
    if named:
        return _rule("WEEKLY", weekdays=named)
    period, number, rest = _period(words)
    if not period:
        return None
    frequency, factor = _PERIODS[period]
    rule = _rule(frequency, number * factor)
    if not rest:
        return rule
    if rest[0] != "on" or len(rest) == 1 or frequency == "DAILY":
        return None
    places = {"WEEKLY": _in_week, "MONTHLY": _in_month, "YEARLY": _in_year}[frequency]([*rest[1:]])
    return rule._replace(**places) if places else None


def _rule(frequency: str, interval: int = 1, weekdays: tuple[tuple[int, int], ...] = ()) -> Rule:
    return Rule(frequency, interval, 0, "", (), (), weekdays, (), 0)


def _period(words: list[str]) -> tuple[str, int, list[str]]:
    """The unit that words begin with, how many of it, and the words after it; the unit is "" when there is none."""
    if words[0] in _ADVERBS:
        return _ADVERBS[words[0]], 1, words[1:]
    span = _SPAN.fullmatch(words[0])
    if span and int(span[1]):
        return _SPAN_UNITS[span[2][0]], int(span[1]), words[1:]
    number = 2 if words[0] == "other" else int(words[0]) if words[0].isdecimal() and len(words[0]) < 7 else 0
    if number:
        words = words[1:]
    singular = words[0].removesuffix("s") if words else ""
    return (singular if singular in _PERIODS else "", number or 1, words[1:])


def _week_days(words: list[str]) -> tuple[tuple[int, int], ...]:
    """The weekdays of a list of them alone, in the order of the week; () for anything else."""
    numbers = [_day_number(word) for word in words if word != "and"]
    if not numbers or words[-1] == "and" or any(number is None for number in numbers):
        return ()
    return tuple((0, number) for number in sorted({number for number in numbers if number is not None}))


def _day_number(word: str) -> int | None:
    number = weekday_number(word)
    return weekday_number(word.removesuffix("s")) if number is None and word.endswith("days") else number


def _in_week(words: list[str]) -> dict[str, Any] | None:
    days = _week_days(words)
    return {"weekdays": days} if days else None


def _in_month(words: list[str], *, strict: bool = True) -> dict[str, Any] | None:
    """`the 1st and 15th`, `the last day`, `the 1st and 3rd monday`; refused with a reason only when `strict`."""
    words = [word for word in words if word not in ("the", "and")]
    weekday = _day_number(words[-1]) if words else None
    if weekday is not None:
        numbers = sorted({_ordinal(word, 5) for word in words[:-1]}, key=lambda number: number % 7)
        return {"weekdays": tuple((number, weekday) for number in numbers)} if numbers and all(numbers) else None
    last = words[-2:] == ["last", "day"]
    days = sorted({_day_of_month(word) for word in (words[:-2] if last else words)})
    if not all(days) or not (days or last):
        return None
    if 31 in days:  # a month without one ends with its last day: that is the last day of each
        days, last = days[:-1], True
    if days[-1:] and days[-1] > 28:
        if (len(days) > 1 or last) and strict:
            raise UsageError(
                "the 29th and 30th cannot stand in a list of days", "a list may hold the 1st to 28th and the last day"
            )
        return clamped(days[0])
    return {"month_days": (*days, *([-1] if last else []))}


def _ordinal(word: str, most: int) -> int:
    """The number that a word is, -1 for the last; 0 for none."""
    found = _NUMBER.fullmatch(word)
    number = _ORDINALS.get(word) or (int(found[1]) if found and not word.isdecimal() else 0)
    return number if number <= most else 0


def _day_of_month(word: str) -> int:
    found = _NUMBER.fullmatch(word)
    number = int(found[1]) if found else _ORDINALS.get(word, 0)
    return number if 1 <= number <= 31 else 0


def _in_year(words: list[str]) -> dict[str, Any] | None:
    """`29 feb`, `feb 29`, `the last friday of november`, `the last day of february`."""
    words = [word for word in words if word not in ("the", "of")]
    if len(words) == 2 and _month(words[0]):
        words.reverse()
    month = _month(words[-1]) if len(words) in (2, 3) else 0
    if not month:
        return None
    if len(words) == 3:
        inner = _in_month(words[:-1])
        return {**inner, "months": (month,)} if inner else None
    day = _day_of_month(words[0])
    if not day:
        return None
    if day > days_in_month(2000, month):
        raise UsageError(f"{MONTHS[month - 1]} has no {day}th", f"its last day is the {days_in_month(2000, month)}th")
    return {"months": (month,), **(clamped(day) if (month, day) == (2, 29) else {"month_days": (day,)})}


def _month(word: str) -> int:
    return next((n for n, name in enumerate(MONTHS, 1) if word in (name.lower(), name[:3].lower())), 0)


# --- the text of a rule


def _checked(text: str) -> Rule:
    """The rule that a text of RFC 5545 is, if it can be stood by."""
    try:
        rule = rrules.parse(text.upper().removeprefix("RRULE:"))
    except ValueError as error:
        reason = str(error).removeprefix("it repeats by ")
        raise UsageError(
            f"'{text[:60]}' is {reason}", f"for example: FREQ=WEEKLY;BYDAY=MO, or in words: {EXAMPLES}"
        ) from None
    if rule.until and not until_of(rule):
        raise UsageError(f"UNTIL={rule.until[:20]} is not a day", "write it as UNTIL=20270630")
    if rule.until and rule.times:
        raise UsageError("a rule ends with COUNT or with UNTIL, not both", "leave one of them out")
    if rule.positions and not (rule.months or rule.month_days or rule.weekdays):
        raise UsageError("BYSETPOS picks among days, and the rule names none", "add BYDAY or BYMONTHDAY")
    return rule

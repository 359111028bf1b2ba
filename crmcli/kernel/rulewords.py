"""Rules of repetition in words: `FREQ=MONTHLY;BYDAY=-1FR` is "every month on the last Friday".

Every list shows rules, so this needs nothing beside strings. `crmcli.kernel.rulereading` reads the words back as the
same rule; what has no words is told as it is written.
"""

DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
        "SU": "Sunday"}  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKDAYS = "MO,TU,WE,TH,FR"
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
# The 29th and 30th of a month that ends before them: its last day (RFC 5545 would skip the month).
CLAMPED = {29: "28,29", 30: "28,29,30"}
AFTER_DONE = " after done"

_ENDS = ("COUNT", "UNTIL")


def words(rule: str, start: str | None = None) -> str:
    """A rule in words: "every 2 weeks on Friday until 2027-06-30", "every 3 months after done".

    Args:
        rule: a rule as it is stored.
        start: `done` when the next day is counted from when the last one was done.
    """
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if parts.get("FREQ") not in UNITS or any(part.startswith("0") or not part.isascii() for part in parts.values()):
        return rule  # restored from a file that somebody wrote
    ends = "".join(_end(name, parts.pop(name)) for name in _ENDS if name in parts)
    told = _core(parts)
    if told is None:
        return rule
    return told + ends + (AFTER_DONE if start == "done" else "")


def _end(name: str, value: str) -> str:
    if name == "COUNT":
        return f" {value} time{'' if value == '1' else 's'}"
    return f" until {value[:4]}-{value[4:6]}-{value[6:8]}"


def _core(parts: dict[str, str]) -> str | None:
    frequency, interval = parts["FREQ"], parts.get("INTERVAL", "1")
    if not interval.isdigit():
        return None
    number = int(interval[:9])
    unit = UNITS[frequency]
    every = f"every {unit}" if number == 1 else f"every {number} {unit}s"
    rest = {name: value for name, value in parts.items() if name not in ("FREQ", "INTERVAL")}
    if not rest:
        return every
    if frequency == "WEEKLY" and rest.keys() == {"BYDAY"}:
        return _week(rest["BYDAY"], every, number)
    told = {"MONTHLY": _in_month, "YEARLY": _in_year}.get(frequency, _nothing)(rest)
    return told and f"{every} on {told}"


def _nothing(_rest: dict[str, str]) -> None:
    return None


def _week(days: str, every: str, number: int) -> str | None:
    if number == 1 and days == WEEKDAYS:
        return "every weekday"
    if any(day not in DAYS for day in days.split(",")):
        return None
    named = _listed([DAYS[day] for day in days.split(",")])
    return f"every {named}" if number == 1 else f"{every} on {named}"


def _in_month(rest: dict[str, str]) -> str | None:
    if rest.keys() == {"BYDAY"}:
        return _nth_days(rest["BYDAY"])
    if rest.keys() == {"BYMONTHDAY"}:
        texts = rest["BYMONTHDAY"].split(",")
        days = [int(text[:9]) for text in texts if text.removeprefix("-").isdigit()]
        if len(days) == len(texts) and all(1 <= day <= 28 or day == -1 for day in days):
            return "the " + _listed(["last day" if day == -1 else ordinal(day) for day in days])
        return None
    day = _clamped_day(rest)
    return f"the {ordinal(day)}" if day else None


def _in_year(rest: dict[str, str]) -> str | None:
    month = rest.get("BYMONTH", "")
    if not month.isdigit() or not 1 <= int(month[:9]) <= 12:
        return None
    name = MONTHS[int(month) - 1]
    inner = {key: value for key, value in rest.items() if key != "BYMONTH"}
    if inner.keys() == {"BYMONTHDAY"} and inner["BYMONTHDAY"].isdigit():
        day = int(inner["BYMONTHDAY"][:9])
        # 29 February alone skips years, and is not what the words mean.
        return None if (int(month), day) == (2, 29) or day > _length(int(month)) else f"{day} {name}"
    if month == "2" and _clamped_day(inner) == 29:
        return f"29 {name}"
    told = None if "BYSETPOS" in inner else _in_month(inner)
    return f"{told} of {name}" if told and "," not in "".join(inner.values()) else None


def _length(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def _clamped_day(rest: dict[str, str]) -> int | None:
    if rest.keys() != {"BYMONTHDAY", "BYSETPOS"} or rest["BYSETPOS"] != "-1":
        return None
    return next((day for day, days in CLAMPED.items() if days == rest["BYMONTHDAY"]), None)


def _nth_days(days: str) -> str | None:
    """The 1st and 3rd Monday; several must be of one weekday."""
    pairs = [(day[:-2], day[-2:]) for day in days.split(",")]
    if (
        len({day for _, day in pairs}) > 1
        or pairs[0][1] not in DAYS
        or any(number not in ("1", "2", "3", "4", "5", "-1") for number, _ in pairs)
    ):
        return None
    numbers = ["last" if number == "-1" else ordinal(int(number)) for number, _ in pairs]
    return f"the {_listed(numbers)} {DAYS[pairs[0][1]]}"


def ordinal(number: int) -> str:
    """A number as the place of something: 1st, 2nd, 3rd, 11th."""
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

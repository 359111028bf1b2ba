"""Rules of repetition: in words, as text, and the days that follow from them."""

from datetime import UTC, date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import recurrence, rulereading
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.kernel.rulewords import words

CLOCK = Clock(datetime(2026, 11, 20, 10, tzinfo=UTC))
TODAY = date(2026, 11, 20)  # a Friday

RULES = [
    ("day", "FREQ=DAILY", "every day"),
    ("daily", "FREQ=DAILY", "every day"),
    ("every other day", "FREQ=DAILY;INTERVAL=2", "every 2 days"),
    ("every 10 days", "FREQ=DAILY;INTERVAL=10", "every 10 days"),
    ("weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("Weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("weekly", "FREQ=WEEKLY", "every week"),
    ("every Monday", "FREQ=WEEKLY;BYDAY=MO", "every Monday"),
    ("mondays", "FREQ=WEEKLY;BYDAY=MO", "every Monday"),
    ("thursday and monday", "FREQ=WEEKLY;BYDAY=MO,TH", "every Monday and Thursday"),
    ("mon, thu and fri", "FREQ=WEEKLY;BYDAY=MO,TH,FR", "every Monday, Thursday and Friday"),
    ("every 2 weeks on friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks on Friday"),
    ("6w", "FREQ=WEEKLY;INTERVAL=6", "every 6 weeks"),
    ("3m on the 1st", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "every 3 months on the 1st"),
    ("monthly", "FREQ=MONTHLY", "every month"),
    ("every 3 months", "FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
    ("quarterly", "FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
    ("quarterly on the 1st", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "every 3 months on the 1st"),
    ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
    ("monthly on the 1st and 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on the 1st and 15th"),
    ("monthly on the 15th and the last day", "FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month on the 15th and last day"),
    ("monthly on the 29th", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1", "every month on the 29th"),
    ("monthly on the 30th", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "every month on the 30th"),
    ("monthly on the 31st", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
    ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
    ("monthly on the last friday", "FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
    ("monthly on the 2nd tuesday", "FREQ=MONTHLY;BYDAY=2TU", "every month on the 2nd Tuesday"),
    ("monthly on the second tuesday", "FREQ=MONTHLY;BYDAY=2TU", "every month on the 2nd Tuesday"),
    ("monthly on the 1st and 3rd monday", "FREQ=MONTHLY;BYDAY=1MO,3MO", "every month on the 1st and 3rd Monday"),
    ("yearly", "FREQ=YEARLY", "every year"),
    ("yearly on 5 may", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", "every year on 5 May"),
    ("yearly on may 31st", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "every year on 31 May"),
    ("yearly on 29 feb", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "every year on 29 February"),
    (
        "yearly on the last friday of november",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR",
        "every year on the last Friday of November",
    ),
    ("every monday until 2027-06-30", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270630", "every Monday until 2027-06-30"),
    ("weekly until eoy", "FREQ=WEEKLY;UNTIL=20261231", "every week until 2026-12-31"),
    ("monthly on the 1st 10 times", "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=10", "every month on the 1st 10 times"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("rrule:freq=monthly;byday=-2fr", "FREQ=MONTHLY;BYDAY=-2FR", "FREQ=MONTHLY;BYDAY=-2FR"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", *["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"] * 2),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU", *["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU"] * 2),
]


@pytest.mark.parametrize(("text", "rule", "told"), RULES)
def test_words_and_rules(text: str, rule: str, told: str) -> None:
    assert rulereading.parse(text, CLOCK) == (rule, "due")
    assert words(rule, "due") == told
    assert rulereading.parse(told, CLOCK) == (rule, "due")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("every 3 months after done", "every 3 months after done"),
        ("daily after done", "every day after done"),
        ("2 weeks after done until 2027-01-31", "every 2 weeks until 2027-01-31 after done"),
        ("6w after done", "every 6 weeks after done"),
        ("2 weeks 5 times after done", "every 2 weeks 5 times after done"),
        ("FREQ=DAILY;INTERVAL=9 after done", "every 9 days after done"),
    ],
)
def test_counted_from_done(text: str, told: str) -> None:
    found = rulereading.parse(text, CLOCK)
    assert found.start == "done"
    assert words(*found) == told
    assert rulereading.parse(told, CLOCK) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["for example"]),
        ("every", ["for example"]),
        ("every mnday", ["'every mnday'", "did you mean 'monday'?", "every 2 weeks on friday"]),
        ("montly on the 1st", ["did you mean 'monthly'?"]),
        ("every 0 days", ["every 0 days"]),
        ("every -2 days", ["every -2 days"]),
        ("every 101 years", ["longer than a hundred years"]),
        ("monthly on the 32nd", ["monthly on the 32nd"]),
        ("monthly on the 6th monday", ["6th monday"]),
        ("monthly on the 1st and 30th", ["29th and 30th"]),
        ("yearly on 31 apr", ["April has no 31th", "30th"]),
        ("weekly on the 1st", ["weekly on the 1st"]),
        ("daily on monday", ["daily on monday"]),
        ("1st", ["1st"]),
        ("every second tuesday", ["did you mean 'monthly on the second tuesday'?"]),
        ("the last friday of the month", ["did you mean 'monthly on the last friday'?"]),
        ("every monday at 9am", ["--due 'mon 9:00'"]),
        ("daily 14:30", ["--due"]),
        ("0w", ["for example"]),
        ("every monday after done", ["names a day", "every 7 days after done"]),
        ("FREQ=WEEKLY;BYDAY=MO after done", ["names a day"]),
        ("every monday 0 times", ["0 times is never"]),
        ("every monday 3 times until eoy", ["not both"]),
        ("every monday until neverday", ["neverday"]),
        ("FREQ=SECONDLY", ["SECONDLY", "FREQ=WEEKLY"]),
        ("FREQ=DAILY;BYHOUR=9", ["BYHOUR"]),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", ["COUNT or with UNTIL"]),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", ["UNTIL=20270630"]),
        ("FREQ=DAILY;UNTIL=20270231", ["UNTIL=20270630"]),
        ("FREQ=DAILY;BYSETPOS=1", ["BYSETPOS"]),
        ("jeden Montag", ["jeden Montag"]),
        ("毎週月曜日", ["for example"]),
        ("every monday " * 30, ["every monday", "…"]),
        ("FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 90), ["for example"]),
    ],
)
def test_refusals_say_what_would_be_right(text: str, parts: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        rulereading.parse(text, CLOCK)
    told = f"{refused.value.message}\n{refused.value.hint}"
    assert all(part in told for part in parts), told
    assert refused.value.hint


def days(text: str, first: date = TODAY, count: int = 3) -> list[str]:
    """The first days by a rule, as one that is planned without a date has them."""
    rule = rulereading.parse(text, CLOCK).rule
    day = recurrence.first_day(rule, first)
    assert day is not None
    rule = recurrence.settled(rule, day)
    return [str(day), *(str(found) for found in islice(recurrence.following(rule, day), count - 1))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daily", ["2026-11-20", "2026-11-21", "2026-11-22"]),
        ("weekday", ["2026-11-20", "2026-11-23", "2026-11-24"]),
        ("every monday", ["2026-11-23", "2026-11-30", "2026-12-07"]),
        ("every 2 weeks on thursday", ["2026-11-26", "2026-12-10", "2026-12-24"]),
        ("every 2 weeks on mon and thu", ["2026-11-23", "2026-11-26", "2026-12-07"]),
        ("monthly", ["2026-11-20", "2026-12-20", "2027-01-20"]),
        ("monthly on the 31st", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        ("monthly on the 30th", ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]),
        ("quarterly on the 1st", ["2026-12-01", "2027-03-01", "2027-06-01"]),
        ("monthly on the 2nd tuesday", ["2026-12-08", "2027-01-12", "2027-02-09"]),
        ("monthly on the 5th monday", ["2026-11-30", "2027-03-29", "2027-05-31"]),
        ("yearly on 29 feb", ["2027-02-28", "2028-02-29", "2029-02-28"]),
        ("every monday until 2026-12-01", ["2026-11-23", "2026-11-30"]),
    ],
)
def test_days(text: str, expected: list[str]) -> None:
    assert days(text, count=max(3, len(expected)))[: len(expected)] == expected
    if "until" in text:
        assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("monthly", date(2027, 1, 31), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("monthly", date(2027, 1, 29), ["2027-01-29", "2027-02-28", "2027-03-29", "2027-04-29"]),
        ("every 3 months", date(2026, 11, 30), ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]),
        ("yearly", date(2028, 2, 29), ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("weekly", date(2026, 11, 25), ["2026-11-25", "2026-12-02", "2026-12-09"]),
    ],
)
def test_the_end_of_a_month_is_not_drifted_away_from(text: str, first: date, expected: list[str]) -> None:
    """Each day is found from the one before it alone, as occurrences are."""
    rule = recurrence.settled(rulereading.parse(text, CLOCK).rule, first)
    found = [first]
    while len(found) < len(expected):
        found.append(next(recurrence.following(rule, found[-1])))
    assert [str(day) for day in found] == expected


@pytest.mark.parametrize(
    ("text", "done", "expected"),
    [
        ("every 10 days", "2026-11-20", "2026-11-30"),
        ("every 2 weeks", "2026-11-20", "2026-12-04"),
        ("every 3 months", "2026-11-30", "2027-02-28"),
        ("yearly", "2028-02-29", "2029-02-28"),
        ("every 10 days until 2026-11-30", "2026-11-20", "2026-11-30"),
        ("every 10 days until 2026-11-29", "2026-11-20", None),
        ("every 100 years", "9950-01-01", None),
    ],
)
def test_a_span_after_done(text: str, done: str, expected: str | None) -> None:
    found = recurrence.after_done(rulereading.parse(text, CLOCK).rule, date.fromisoformat(done))
    assert found == (expected and date.fromisoformat(expected))


def test_times_are_counted_down() -> None:
    assert recurrence.one_less("FREQ=DAILY") == "FREQ=DAILY"
    assert recurrence.one_less("FREQ=DAILY;COUNT=3") == "FREQ=DAILY;COUNT=2"
    assert recurrence.one_less("FREQ=DAILY;COUNT=1") is None


@pytest.mark.parametrize("text", ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_rule_that_never_fits_is_found_out(text: str) -> None:
    assert recurrence.first_day(rulereading.parse(text, CLOCK).rule, TODAY) is None


# --- laws

_weekdays = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, unique=True)
_ordinals = st.sampled_from(["1st", "2nd", "3rd", "4th", "5th", "last"])
_in_week = _weekdays.map(" and ".join)
_in_month = st.one_of(
    st.lists(st.integers(1, 28), min_size=1, max_size=3, unique=True).map(
        lambda numbers: "the " + " and ".join(f"{number}th" for number in numbers)
    ),
    st.integers(29, 31).map(lambda number: f"the {number}th"),
    st.just("the last day"),
    st.tuples(_ordinals, _weekdays).map(lambda pair: f"the {pair[0]} {pair[1][0]}"),
)
_months = st.sampled_from(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
_in_year = st.one_of(
    st.tuples(st.integers(1, 29), _months).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(_ordinals, _weekdays, _months).map(lambda parts: f"the {parts[0]} {parts[1][0]} of {parts[2]}"),
)


def _every(unit: str, most: int, places: st.SearchStrategy[str] | None) -> st.SearchStrategy[str]:
    spans = st.integers(1, most).map(lambda number: f"every {number} {unit}s")
    return spans if places is None else st.one_of(spans, st.tuples(spans, places).map(" on ".join))


_ends = st.one_of(
    st.just(""),
    st.integers(1, 99).map(lambda n: f" {n} times"),
    st.dates(TODAY, date(2100, 1, 1)).map(lambda d: f" until {d}"),
)
_cores = st.one_of(
    _every("day", 400, None),
    _in_week,
    _every("week", 60, _in_week),
    _every("month", 30, _in_month),
    _every("year", 9, _in_year),
)
_texts = st.tuples(_cores, _ends).map("".join)


@given(_texts)
def test_a_rule_in_words_is_read_back_as_the_same_rule(text: str) -> None:
    found = rulereading.parse(text, CLOCK)
    assert rulereading.parse(words(*found), CLOCK) == found
    assert rulereading.parse(found.rule, CLOCK).rule == found.rule
    assert "FREQ" not in words(*found)


@given(_texts, st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_the_next_day_is_later_and_found_from_the_last_alone(text: str, today: date) -> None:
    rule = rulereading.parse(text, CLOCK).rule
    day = recurrence.first_day(rule, today)
    if day is None:
        assert "UNTIL" in rule
        return
    rule = recurrence.settled(rule, day)
    together = list(islice(recurrence.following(rule, day), 6))
    one_by_one = []
    for _ in together:
        one_by_one.append(next(recurrence.following(rule, one_by_one[-1] if one_by_one else day)))
    assert one_by_one == together == sorted(set(together))
    assert all(found > day for found in together)


@given(_cores, st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_others_find_the_same_days_by_the_rule(text: str, today: date) -> None:
    rule = rulereading.parse(text, CLOCK).rule
    day = recurrence.first_day(rule, today)
    assert day is not None
    assert day >= today
    rule = recurrence.settled(rule, day)
    theirs = rrulestr(rule, dtstart=datetime.combine(day, datetime.min.time())).xafter(
        datetime.combine(day, datetime.min.time()), inc=False
    )
    assert [found.date() for found in islice(theirs, 4)] == list(islice(recurrence.following(rule, day), 4))


_parts = st.sampled_from(["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "X"])
_values = st.one_of(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MO", "MO,TU", "1MO", "-1", "1,2", "13", "0", "", "x,y"]),
    st.text(max_size=5),
)


@given(st.one_of(st.text(), st.lists(st.tuples(_parts, _values).map("=".join)).map(";".join)))
def test_whatever_was_restored_is_told_and_not_stumbled_over(rule: str) -> None:
    assert isinstance(words(rule, "due"), str)
    try:
        list(islice(recurrence.following(rule, TODAY), 2))
    except UsageError as refused:
        assert "--every" in refused.hint

"""Which days follow from the last contact."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.kernel.gaps import Gap, checked_gap, every, usual_maximum
from crmcli.kernel.spans import LONGEST, Span, parse_span

SPANS = st.builds(Span, st.integers(1, 60), st.sampled_from("dwmy"))


@pytest.mark.parametrize(
    ("ideal", "maximum"),
    [
        ("6w", "9w"),
        ("7w", "11w"),
        ("3w", "5w"),
        ("1w", "11d"),
        ("10d", "15d"),
        ("5d", "8d"),
        ("1d", "2d"),
        ("1m", "46d"),
        ("2m", "3m"),
        ("3m", "5m"),
        ("1y", "18m"),
        ("3y", "5y"),
        ("100y", "100y"),
    ],
)
def test_half_more_is_usual(ideal: str, maximum: str) -> None:
    assert str(usual_maximum(parse_span(ideal))) == maximum


@pytest.mark.parametrize(("ideal", "maximum"), [("6w", "5w"), ("1m", "4w"), ("1y", "11m"), ("2d", "1d")])
def test_a_shorter_maximum_is_refused(ideal: str, maximum: str) -> None:
    with pytest.raises(UsageError, match="is less than"):
        checked_gap(parse_span(ideal), parse_span(maximum))


def test_the_same_may_be_borne_as_is_wanted() -> None:
    assert checked_gap(Span(6, "w"), Span(42, "d")).maximum == Span(42, "d")


@pytest.mark.parametrize(
    ("ideal", "maximum", "last", "due", "late"),
    [
        ("6w", "9w", "2026-10-09", "2026-11-20", "2026-12-11"),
        ("1m", "2m", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("1m", "2m", "2028-01-31", "2028-02-29", "2028-03-31"),
        ("1m", "46d", "2026-03-31", "2026-04-30", "2026-05-16"),
        ("1y", "18m", "2024-02-29", "2025-02-28", "2025-08-29"),
        ("4y", "6y", "2024-02-29", "2028-02-29", "2030-02-28"),
        ("1d", "2d", "2026-12-31", "2027-01-01", "2027-01-02"),
        # On average a month is longer than thirty days, and February is not: late is never before due.
        ("30d", "1m", "2026-02-01", "2026-03-03", "2026-03-03"),
    ],
)
def test_days(ideal: str, maximum: str, last: str, due: str, late: str) -> None:
    gap = Gap(parse_span(ideal), parse_span(maximum))
    day = date.fromisoformat(last)
    assert (gap.due_on(day).isoformat(), gap.late_on(day).isoformat()) == (due, late)


@given(SPANS, st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_the_latest_day_that_is_due_is_where_due_begins(ideal: Span, today: date) -> None:
    gap = Gap(ideal, usual_maximum(ideal))
    latest = gap.latest_due(today)
    assert gap.due_on(latest) <= today < gap.due_on(latest + timedelta(1))


@given(SPANS)
def test_a_usual_maximum_reads_back_and_is_not_shorter(ideal: Span) -> None:
    maximum = usual_maximum(ideal)
    assert parse_span(str(maximum)) == maximum
    assert ideal.days <= maximum.days <= LONGEST
    assert maximum.days >= min(1.5 * ideal.days - 0.1, LONGEST - 370)


def test_in_words() -> None:
    assert (every(Span(6, "w")), every(Span(1, "m"))) == ("every 6 weeks", "every month")

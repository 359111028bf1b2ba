"""Spans of the calendar."""

from datetime import date

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.spans import Span, parse_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("6w", Span(6, "w")),
        ("1 week", Span(1, "w")),
        (" Every 10 Days ", Span(10, "d")),
        ("3mo", Span(3, "m")),
        ("3m", Span(3, "m")),
        ("2 years", Span(2, "y")),
    ],
)
def test_a_span_is_understood_and_reads_back(text: str, span: Span) -> None:
    assert parse_span(text) == span
    assert parse_span(str(span)) == parse_span(span.words) == span


@pytest.mark.parametrize("text", ["", "6", "w", "0d", "-3d", "6 weeks 2 days", "101y", "99999d", "6٣w", "3 h", "1.5w"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a span"):
        parse_span(text)


@pytest.mark.parametrize(
    ("span", "day", "later"),
    [
        ("1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("1y", date(2024, 2, 29), date(2025, 2, 28)),
        ("6w", date(2026, 12, 1), date(2027, 1, 12)),
        ("3m", date(2026, 11, 30), date(2027, 2, 28)),
    ],
)
def test_it_ends_on_a_day_that_exists(span: str, day: date, later: date) -> None:
    assert parse_span(span).after(day) == later


def test_it_goes_back_too() -> None:
    assert parse_span("1m").before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert parse_span("1 week").words == "1 week"
    assert parse_span("12m").days == pytest.approx(parse_span("1y").days)

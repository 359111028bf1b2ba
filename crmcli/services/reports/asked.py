"""What a report is about, as people ask for it, and what all reports share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import dates
from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.days import shift_months
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.kernel.statistics import wilson
from crmcli.store.connection import Row
from crmcli.store.dealreports import Range

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.services.rates import Exchange

NOBODY = "nobody"
UNKNOWN = "unknown"
MONTHS = 12
"""Without a first day a report looks back so many months."""


class Asked(NamedTuple):
    """How it is grouped (None for as usual), whose, of which pipeline, from which day to which; as people write it."""

    by: str | None = None
    owner: str | None = None
    pipeline: str | None = None
    since: str | None = None
    until: str | None = None
    currency: str | None = None


def range_of(app: "App", asked: Asked) -> Range:
    """The range of a report: the last twelve months where none is said; days are those of the person's zone.

    Raises:
        UsageError: a date that cannot be understood, or the last day comes before the first.
        NotFound: an unknown owner or pipeline.
    """
    clock = app.clock
    last = dates.parse(asked.until, clock).date if asked.until else clock.today()
    first = dates.parse(asked.since, clock).date if asked.since else _year_before(last)
    if last < first:
        raise UsageError(f"the last day, {last}, comes before the first, {first}", "say another --since or --until")
    owner = app.users.key(asked.owner) if asked.owner else None
    since, until = stamp(clock.midnight(first)), stamp(clock.end_of(last))
    return Range(since, until, owner, app.prospects.pipeline(asked.pipeline))


def _year_before(last: date) -> date:
    try:
        return shift_months(last, -MONTHS) + timedelta(days=1)
    except OverflowError as error:
        raise UsageError(f"the calendar does not begin {MONTHS} months before {last}", "say --since as well") from error


def grouping(asked: Asked, choices: Sequence[str]) -> str:
    """How a report is grouped; the first of its choices where nothing is said. Raises UsageError."""
    if asked.by is None:
        return choices[0]
    word = asked.by.strip().lower().replace("-", "_")
    if word not in choices:
        close = nearest(word, choices, count=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"this report is not grouped by '{asked.by}'", f"{hint}use one of: {', '.join(choices)}")
    return word


def group_of(app: "App", by: str, moment: str = "closed_at") -> Callable[[Row], str]:
    """What gives the group of a deal: its owner, source, pipeline, or the month of a moment."""
    groups: Mapping[str, Callable[[Row], str]] = {
        "owner": lambda row: row["owner_name"] or NOBODY,
        "source": lambda row: row["source"] or UNKNOWN,
        "pipeline": lambda row: row["pipeline_name"],
        "month": lambda row: f"{app.clock.local(instant(row[moment])):%Y-%m}",
    }
    return groups[by]


def exchange_of(app: "App", asked: Asked, rows: Iterable[Row]) -> "Exchange":
    """What turns the amounts of deals into the currency of the report."""
    return app.rates.into(app.rates.reporting(asked.currency, [row["currency"] for row in rows]))


def amount_of(app: "App", exchange: "Exchange", row: Row) -> int:
    """The amount of a closed deal at the rate of its day; 0 where there is no rate, which the exchange remembers."""
    day = app.clock.local(instant(row["closed_at"] or row["created_at"])).date()
    return exchange.of(row["amount"] or 0, row["currency"], day.isoformat()) or 0


def rate_fields(won: int, closed: int) -> dict[str, Any]:
    """A win rate in percent with one decimal, and its Wilson interval of 95 %; no rate where nothing was closed."""
    low, high = wilson(won, closed)
    share = round(won * 100 / closed, 1) if closed else None
    return {"win_rate": share, "low": round(low * 100, 1), "high": round(high * 100, 1)}

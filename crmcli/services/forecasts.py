"""What open deals may bring: weighted, by category, and within which range; kept, and held against what came."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import chances, dates
from crmcli.kernel.amounts import fields
from crmcli.kernel.days import days_in_month
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.prospects import Prospect
from crmcli.services.rates import Exchange
from crmcli.store import forecasts

if TYPE_CHECKING:
    from crmcli.app import App

BY = ("month", "owner", "category", "pipeline")
CATEGORIES = ("omitted", "pipeline", "best_case", "commit", "closed")
OVERDUE = "overdue"
UNDATED = "no date"
NOBODY = "nobody"


class Asked(NamedTuple):
    """What a forecast is about: whose deals, of which pipeline, expected until when; None for all.

    `since` is the day from which won deals count; `currency` what is counted in.
    """

    by: str = "month"
    owner: str | None = None
    pipeline: str | None = None
    until: str | None = None
    since: str | None = None
    currency: str | None = None


class Foreseen(NamedTuple):
    """Deals in one currency, and what they may bring in minor units of it."""

    open: list[Prospect]
    closed: list[Prospect]

    def sums(self, among: int = 1) -> dict[str, int]:
        """The amounts of open deals by category, of closed ones, `weighted`, and the quantiles with their `error`.

        See `chances.quantiles` for `among`.
        """
        found = dict.fromkeys(CATEGORIES, 0)
        for one in (*self.open, *self.closed):
            found[one.category] += one.amount
        pairs = [(one.amount, one.chance) for one in self.open]
        p10, p50, p90, error = chances.quantiles(pairs, among)
        return {**found, "weighted": chances.weighted(pairs), "p10": p10, "p50": p50, "p90": p90, "error": error}


class Forecasts:
    """Forecasts of deals."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, asked: Asked) -> dict[str, Any]:
        """What is foreseen.

        Deals whose expected day is over count as a group of their own, and so do those without one, as long as no last
        day is asked for. Closed are the deals that were won since the beginning of this month, or since `since`.

        Returns:
            A record with `currency`, `made_on`, `from` (also as `since`, which was its name before), `until`, `owner`,
            `pipeline_name`, `deals` (how many are open), the amounts (each beside its `_minor`): omitted, pipeline,
            best_case, commit, closed, weighted, p10, p50, p90 and `error` (how far the exact quantiles are from these
            at most; 0 where they are exact); `by` and `groups` (each with `id`, `name`, `deals` and the same amounts),
            `overdue` (deals whose day is over), `without_rate` (amounts that are in none of this, by currency) and
            `probabilities` (which is used for each stage).

        Raises:
            UsageError: an unknown grouping, or a date that cannot be understood.
            NotFound: an unknown owner or pipeline.
        """
        by = self._by(asked.by)
        exchange, found, since, until = self._read(asked)
        today = self.app.clock.today()
        overdue = [one for one in found.open if one.day and one.day < today]
        stages = {f"{one.pipeline}/{one.stage}" for one in found.open if one.basis != "own"}
        return {
            "id": f"{today}",
            "made_on": f"{today}",
            "from": f"{since}",
            "since": f"{since}",
            "until": until and f"{until}",
            "owner": self.app.users.called(asked.owner) if asked.owner else None,
            "pipeline_name": self.app.pipelines.find(asked.pipeline)["name"] if asked.pipeline else None,
            "deals": len(found.open),
            "currency": exchange.currency,
            **fields(exchange.currency, found.sums()),
            "by": by,
            "groups": self._groups(by, found, exchange.currency),
            "overdue": [_deal(one, exchange.currency) for one in overdue],
            "without_rate": exchange.without_rate(),
            "probabilities": self.app.prospects.told(stages),
        }

    def until(self, last: date, owner: int | None, exchange: Exchange, pipeline: int | None = None) -> dict[str, int]:
        """What open deals expected until a day may bring, overdue ones included; see `Foreseen.sums`."""
        rows = self.app.prospects.open_rows(owner, pipeline)
        rows = [row for row in rows if row["close_date"] and row["close_date"] <= last.isoformat()]
        return Foreseen(self.app.prospects.open(rows, exchange), []).sums()

    # --- keeping

    def save(self, currency: str | None = None) -> list[dict[str, Any]]:
        """Keep what is foreseen today for this month and each that has a deal, for the team and for each owner.

        What was kept earlier on the same day is replaced. Returns the records that were kept.
        """
        exchange, found, _, _ = self._read(Asked(currency=currency))
        today = self.app.clock.today()
        months = {f"{today:%Y-%m}", *(_month(one) for one in found.open if one.day and one.day >= today)}
        with self.app.writing() as gate:
            owners: dict[str | None, int | None] = {None: None}
            owners |= {name: self.app.users.key(name) for name in _owners(found)}
            for row in forecasts.made_on(self.app.store, f"{today}"):
                if row["currency"] == exchange.currency:
                    gate.delete("forecast", row["id"])
            records = []
            for month in sorted(months):
                for name, key in owners.items():
                    mine = Foreseen(
                        [one for one in found.open if _is_of(one, month, name, today)],
                        [one for one in found.closed if _is_of(one, month, name, None)],
                    )
                    if name is None or mine.open or mine.closed:
                        values = _kept(mine.sums(len(months) * len(owners)))
                        about = {"made_on": f"{today}", "month": month, "currency": exchange.currency}
                        gate.insert("forecast", {**about, "owner_id": key, **values})
                        records.append({"id": _id(month, name), **about, "owner": name, **_told(values, exchange)})
        self.app.notes += exchange.told()
        return records

    # --- reading

    def _read(self, asked: Asked) -> tuple[Exchange, Foreseen, date, date | None]:
        clock, prospects = self.app.clock, self.app.prospects
        today = clock.today()
        until = dates.parse(asked.until, clock).date if asked.until else None
        since = dates.parse(asked.since, clock).date if asked.since else today.replace(day=1)
        if asked.since and until and until < since:
            raise UsageError(
                f"the last day, {until}, comes before the first, {since}", "say another --since or --until"
            )
        owner = self.app.users.key(asked.owner) if asked.owner else None
        pipeline = prospects.pipeline(asked.pipeline)
        rows = prospects.open_rows(owner, pipeline)
        if until:
            rows = [row for row in rows if row["close_date"] and row["close_date"] <= f"{until}"]
        won = prospects.won_rows(since, today, owner, pipeline)
        currency = self.app.rates.reporting(asked.currency, [row["currency"] for row in (*rows, *won)])
        exchange = self.app.rates.into(currency)
        found = Foreseen(prospects.open(rows, exchange), prospects.won(won, exchange))
        return exchange, found, since, until

    def _by(self, text: str) -> str:
        word = text.strip().lower()
        if word not in BY:
            close = nearest(word, BY, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UsageError(f"a forecast is not grouped by '{text}'", f"{hint}use one of: {', '.join(BY)}")
        return word

    def _groups(self, by: str, found: Foreseen, currency: str) -> list[dict[str, Any]]:
        """The groups in their order: months as they come, others by their names; what is apart at the end."""
        key = self._key(by)
        parts: dict[str, Foreseen] = {}
        for one in found.open:
            parts.setdefault(key(one), Foreseen([], [])).open.append(one)
        for one in found.closed:
            name = _month(one) if by == "month" else key(one)
            parts.setdefault(name, Foreseen([], [])).closed.append(one)
        order = list(CATEGORIES) if by == "category" else []
        apart = {OVERDUE: 1, UNDATED: 2, NOBODY: 1} if by in ("month", "owner") else {}
        names = sorted(parts, key=lambda name: (order.index(name) if order else apart.get(name, 0), name.casefold()))
        return [
            {
                "id": name,
                "name": name,
                "deals": len(parts[name].open),
                "currency": currency,
                **fields(currency, parts[name].sums(len(parts))),
            }
            for name in names
        ]

    def _key(self, by: str) -> Callable[[Prospect], str]:
        today = self.app.clock.today()

        def month(one: Prospect) -> str:
            return UNDATED if one.day is None else OVERDUE if one.day < today else _month(one)

        keys: dict[str, Callable[[Prospect], str]] = {
            "month": month,
            "owner": lambda one: one.owner or NOBODY,
            "category": lambda one: one.category,
            "pipeline": lambda one: one.pipeline,
        }
        return keys[by]


def last_day(month: str) -> date:
    """The last day of a month (`2026-11`)."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, days_in_month(year, number))


def _month(one: Prospect) -> str:
    assert one.day is not None
    return f"{one.day:%Y-%m}"


def _is_of(one: Prospect, month: str, owner: str | None, today: date | None) -> bool:
    """Whether a deal is of a month and an owner; of open ones (with `today`) those that are overdue are not."""
    timely = one.day is not None and (today is None or one.day >= today)
    return timely and _month(one) == month and owner in (None, one.owner)


def _owners(found: Foreseen) -> list[str]:
    return sorted({one.owner for one in (*found.open, *found.closed) if one.owner})


def _kept(sums: dict[str, int]) -> dict[str, int]:
    """The columns of a forecast."""
    same = ("pipeline", "best_case", "closed", "weighted", "p10", "p50", "p90")
    return {**{name: sums[name] for name in same}, "committed": sums["commit"]}


def _told(values: dict[str, int], exchange: Exchange) -> dict[str, Any]:
    named = {("commit" if name == "committed" else name): minor for name, minor in values.items()}
    return fields(exchange.currency, named)


def _id(month: str, owner: str | None) -> str:
    return month if owner is None else f"{month}/{owner}"


def _deal(one: Prospect, currency: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "close_date": f"{one.day}",
        "owner": one.owner,
        "stage": one.stage,
        "category": one.category,
        "probability": round(float(one.chance) * 100, 1),
        **fields(currency, {"amount": one.amount}),
    }

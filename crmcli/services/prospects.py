"""Deals that may be won: what each may bring, and how likely.

How likely a deal is won is the deal's own probability where it has one. Else it is what the past of its stage shows: of
the closed deals that entered the stage the share that was won, from ENOUGH of them on. With fewer it is the probability
that the stage is configured with. An open deal of the category omitted brings nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.ids import ref
from crmcli.kernel.statistics import wilson
from crmcli.store import prospects
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.services.rates import Exchange

ENOUGH = 10
"""From so many closed deals on the share that was won tells more than a configured probability."""
NOT_COUNTED = "omitted"


class Likelihood(NamedTuple):
    """How likely a deal of a stage is won, and whether it was `measured` or is `configured`; what was counted."""

    chance: Fraction
    basis: str
    won: int
    closed: int


class Prospect(NamedTuple):
    """A deal with what it brings in minor units of the currency that was asked for.

    `chance` is 0 for one that is omitted and 1 for one that was won; `basis` is own, measured or configured. `day` is
    the day on which it is expected or was won, None where nobody said.
    """

    id: str
    name: str
    amount: int
    chance: Fraction
    basis: str
    category: str
    day: date | None
    owner: str | None
    pipeline: str
    stage: str


class Prospects:
    """Open deals and won ones."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @cached_property
    def likelihoods(self) -> Mapping[int, Likelihood]:
        """How likely deals are won that entered a stage, by the key of the stage."""
        counted = {row["stage_id"]: (row["won"], row["closed"]) for row in prospects.ends(self.app.store)}
        found = {}
        for row in prospects.stages(self.app.store):
            won, closed = counted.get(row["id"], (0, 0))
            if closed >= ENOUGH:
                found[row["id"]] = Likelihood(Fraction(won, closed), "measured", won, closed)
            else:
                found[row["id"]] = Likelihood(Fraction(row["probability"], 100), "configured", won, closed)
        return found

    def pipeline(self, name: str | None) -> int | None:
        """The key of the pipeline that a name means (see `Pipelines.find`, also for what it raises); None for none."""
        return int(self.app.pipelines.find(name)["id"]) if name else None

    def open_rows(self, owner: int | None = None, pipeline: int | None = None) -> list[Row]:
        """The rows of open deals."""
        return prospects.open_deals(self.app.store, owner, pipeline)

    def won_rows(self, first: date, last: date, owner: int | None = None, pipeline: int | None = None) -> list[Row]:
        """The rows of deals that were won from one day to another, both included, as days are in the person's zone."""
        clock = self.app.clock
        since, until = stamp(clock.midnight(first)), stamp(clock.end_of(last))
        return prospects.won(self.app.store, since, until, owner, pipeline)

    def open(self, rows: Iterable[Row], exchange: "Exchange") -> list[Prospect]:
        """Open deals as they count today; one without a rate for its currency is left out, and known to `exchange`."""
        today = self.app.clock.today().isoformat()
        found = []
        for row in rows:
            amount = exchange.of(row["amount"] or 0, row["currency"], today)
            if amount is not None:
                found.append(self._open(row, amount))
        return found

    def won(self, rows: Iterable[Row], exchange: "Exchange") -> list[Prospect]:
        """Won deals at the rates of the days on which they were won."""
        found = []
        for row in rows:
            day = self.app.clock.local(instant(row["closed_at"])).date()
            amount = exchange.of(row["amount"] or 0, row["currency"], day.isoformat())
            if amount is not None:
                found.append(_prospect(row, amount, Fraction(1), "own", "closed", day))
        return found

    def told(self, stages: Iterable[str]) -> list[dict[str, Any]]:
        """Of the stages with these names (`pipeline/stage`) which probability is used, and what the past shows."""
        wanted = set(stages)
        found = []
        for row in prospects.stages(self.app.store):
            if f"{row['pipeline_name']}/{row['name']}" in wanted:
                likelihood = self.likelihoods[row["id"]]
                low, high = wilson(likelihood.won, likelihood.closed)
                found.append(
                    {
                        "pipeline": row["pipeline_name"],
                        "stage": row["name"],
                        "used": likelihood.basis,
                        "probability": round(float(likelihood.chance) * 100, 1),
                        "configured": row["probability"],
                        "won": likelihood.won,
                        "closed": likelihood.closed,
                        "low": round(low * 100, 1),
                        "high": round(high * 100, 1),
                    }
                )
        return found

    def _open(self, row: Row, amount: int) -> Prospect:
        category = row["forecast_category"] or row["stage_category"]
        # An open deal is not closed yet, whatever is written of it.
        category = "commit" if category == "closed" else category
        likelihood = self.likelihoods[row["stage_id"]]
        chance, basis = likelihood.chance, likelihood.basis
        if row["probability"] is not None:
            chance, basis = Fraction(row["probability"], 100), "own"
        if category == NOT_COUNTED:
            chance = Fraction(0)
        day = date.fromisoformat(row["close_date"]) if row["close_date"] else None
        return _prospect(row, amount, chance, basis, category, day)


def _prospect(row: Row, amount: int, chance: Fraction, basis: str, category: str, day: date | None) -> Prospect:
    return Prospect(
        ref("deal", row["id"]),
        row["name"],
        amount,
        chance,
        basis,
        category,
        day,
        row["owner_name"],
        row["pipeline_name"],
        row["stage_name"],
    )

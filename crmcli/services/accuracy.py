"""What was foreseen, held against what came.

Of each past month the forecast counts that was kept last before the month began; where there is none, the first that
was kept in it. What was foreseen is what had been won by then and the weighted rest; what came are the deals that were
won in the month.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel.amounts import fields
from crmcli.kernel.money import divided
from crmcli.services.forecasts import last_day
from crmcli.store import forecasts
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App


class Accuracy:
    """How good forecasts were."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, owner: str | None = None, currency: str | None = None) -> dict[str, Any]:
        """The past months that a forecast was kept for, the oldest first.

        Returns:
            A record with `owner`, `currency`, `months` (each with `id` and `month`, `made_on`, `foreseen`, `p10`, `p90`
            (what had been won by then included), `actual`, `difference`, which is foreseen less actual, and `within`,
            whether what came lay from P10 to P90), `count`, `bias` (the mean difference: above zero, too much was
            foreseen), `mean_absolute_error` and `within` (how many months). Amounts stand beside their `_minor`.
        """
        key = self.app.users.key(owner) if owner else None
        rows = forecasts.before(self.app.store, f"{self.app.clock.today():%Y-%m}", key)
        named = self.app.rates.reporting(currency, [row["currency"] for row in rows]) if rows or currency else None
        months = [self._month(row, key) for row in _chosen([row for row in rows if row["currency"] == named])]
        differences = [one["difference_minor"] for one in months]
        count = len(months)
        sums = {
            "bias": divided(sum(differences), count) if count else None,
            "mean_absolute_error": divided(sum(map(abs, differences)), count) if count else None,
        }
        return {
            "id": "accuracy",
            "owner": self.app.users.called(owner) if owner else None,
            "currency": named,
            "months": months,
            "count": count,
            **(
                fields(named, sums)
                if named
                else dict.fromkeys(f"{name}{end}" for name in sums for end in ("", "_minor"))
            ),
            "within": sum(one["within"] for one in months),
        }

    def _month(self, row: Row, owner: int | None) -> dict[str, Any]:
        exchange = self.app.rates.into(row["currency"])
        first, last = date.fromisoformat(f"{row['month']}-01"), last_day(row["month"])
        won = self.app.prospects.won(self.app.prospects.won_rows(first, last, owner), exchange)
        self.app.notes += exchange.told()
        actual, closed = sum(one.amount for one in won), row["closed"]
        foreseen = closed + row["weighted"]
        amounts = {
            "foreseen": foreseen,
            "p10": closed + row["p10"],
            "p90": closed + row["p90"],
            "actual": actual,
            "difference": foreseen - actual,
        }
        return {
            "id": row["month"],
            "month": row["month"],
            "made_on": row["made_on"],
            "currency": row["currency"],
            **fields(row["currency"], amounts),
            "within": amounts["p10"] <= actual <= amounts["p90"],
        }


def _chosen(rows: Sequence[Row]) -> list[Row]:
    """Of each month the last forecast before it, or else the first; rows of a month come from the oldest on."""
    found: dict[str, Row] = {}
    for row in rows:
        if row["month"] not in found or row["made_on"] < f"{row['month']}-01":
            found[row["month"]] = row
    return list(found.values())

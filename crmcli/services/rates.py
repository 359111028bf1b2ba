"""Exchange rates that people give, and amounts turned into one currency by them.

A rate counts from its day on until the next one of its pair. No rate is invented or fetched: what cannot be converted
is told apart, with the command that would help.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import dates
from crmcli.kernel.amounts import fields
from crmcli.kernel.codes import check_currency, format_money
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.money import rounded, totals
from crmcli.kernel.page import Page
from crmcli.kernel.rates import Newest, Rate, Way, check_rate, unrounded, way
from crmcli.store import rates
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App


NONE_YET = "EUR"
"""The currency of sums of nothing."""


class Rates:
    """The rates of the team."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def set(
        self, base: str, quote: str, rate: str, *, since: str | None = None, source: str | None = None
    ) -> tuple[dict[str, Any], str]:
        """Say what one unit of `base` is worth in `quote` from a day on; one that was said for that day is replaced.

        Args:
            base: a currency.
            quote: another one.
            rate: a decimal number above zero, which is kept as it is written.
            since: from when on, as people write dates; today without it.
            source: who says so.

        Returns:
            The record, and whether it was `made`, `changed` or is the `same`.

        Raises:
            UsageError: no currency, twice the same, no rate, no date.
        """
        base, quote = self._pair(base, quote)
        values = {"rate": check_rate(rate), "source": source or None}
        day = self._day(since)
        with self.app.writing() as gate:
            known = rates.find(self.app.store, base, quote, day)
            if known is None:
                gate.insert("exchange_rate", {"base": base, "quote": quote, "valid_from": day, **values})
                done = "made"
            else:
                done = "changed" if gate.update("exchange_rate", known["id"], values) else "same"
            return self._get(base, quote, day), done

    def page(self, currencies: Sequence[str] = (), *, limit: int | None = None) -> Page:
        """The rates by pairs, the newest first; of one or two currencies where they are named."""
        if len(currencies) > 2:
            raise UsageError("more than two currencies were named", "for example: crm rate list EUR USD")
        named = tuple(check_currency(one) for one in currencies)
        rows = rates.of(self.app.store, named, limit)
        more = limit is not None and len(rows) > limit
        return Page([_record(row) for row in (rows[:limit] if more else rows)], more)

    def named(self, which: str) -> tuple[str, str, str]:
        """The currencies and the first day of a rate by its id, such as EUR/USD@2026-11-20.

        Raises:
            UsageError: it is no id.
        """
        pair, at, day = which.strip().partition("@")
        base, slash, quote = pair.partition("/")
        if not (at and slash and day):
            hint = "for example: crm rate rm EUR USD, or by its id: crm rate rm EUR/USD@2026-11-20"
            raise UsageError(f"'{which.strip()[:40]}' names no rate", hint)
        return base, quote, day

    def remove(self, base: str, quote: str, *, since: str | None = None) -> dict[str, Any]:
        """Take a rate out; returns it as it was.

        Raises:
            NotFound: there is none for that day, or none at all.
            UsageError: no day was named, and there are several.
        """
        base, quote = self._pair(base, quote)
        known = [row for row in rates.of(self.app.store, (base, quote), None) if row["base"] == base]
        if since is not None:
            wanted = self._day(since)
            known = [row for row in known if row["valid_from"] == wanted]
        if not known:
            raise NotFound(f"there is no such rate of {base} in {quote}", f"see: crm rate list {base} {quote}")
        if len(known) > 1:
            days = ", ".join(row["valid_from"] for row in known[:3])
            raise UsageError(f"there are {len(known)} rates of {base} in {quote}", f"name one with --from: {days}")
        with self.app.writing() as gate:
            gate.delete("exchange_rate", known[0]["id"])
        return _record(known[0])

    def reporting(self, asked: str | None, found: Iterable[str | None]) -> str:
        """The currency to report in: that asked for, the setting, else that of most amounts, which is then noted.

        Where there are no amounts either, it is NONE_YET: all sums are zero.

        Args:
            asked: a currency, or None.
            found: the currencies of the amounts.

        Raises:
            UsageError: there is no such currency.
        """
        named = asked or self.app.config.get("currency")
        if named:
            return check_currency(named)
        counts: dict[str, int] = {}
        for code in found:
            if code:
                counts[code] = counts.get(code, 0) + 1
        if not counts:
            return NONE_YET
        most = min(counts, key=lambda code: (-counts[code], code))
        if len(counts) > 1:
            self.app.notes.append(
                f"counted in {most}, which most amounts are in; yours: crm config set currency {most}"
            )
        return most

    def into(self, currency: str) -> "Exchange":
        """What turns amounts into a currency."""
        return Exchange(self, currency)

    def book(self) -> dict[tuple[str, str], list[Rate]]:
        """All rates by their pair, from the oldest to the newest."""
        found: dict[tuple[str, str], list[Rate]] = {}
        for row in rates.every(self.app.store):
            rate = Rate(row["base"], row["quote"], row["valid_from"], row["rate"])
            found.setdefault((rate.base, rate.quote), []).append(rate)
        return found

    def _pair(self, base: str, quote: str) -> tuple[str, str]:
        base, quote = check_currency(base), check_currency(quote)
        if base == quote:
            raise UsageError(f"one {base} is one {base}", "name two currencies, such as EUR USD")
        return base, quote

    def _day(self, day: str | None) -> str:
        return (dates.parse(day, self.app.clock).date if day else self.app.clock.today()).isoformat()

    def _get(self, base: str, quote: str, day: str) -> dict[str, Any]:
        row = rates.find(self.app.store, base, quote, day)
        assert row is not None
        return _record(row)


class Missing(NamedTuple):
    """An amount for which there is no rate on a day."""

    minor: int
    currency: str
    day: str


class Exchange:
    """Amounts in one currency, and those that could not be turned into it.

    Args:
        rates: the rates of the team, read when the first is needed.
        currency: what amounts become.
    """

    def __init__(self, rates: Rates, currency: str) -> None:
        self.currency = currency
        self.missing: list[Missing] = []
        self._rates = rates
        self._book: Mapping[tuple[str, str], list[Rate]] | None = None
        self._known: tuple[str, Newest] = ("", {})
        self._ways: dict[tuple[str, str], Way | None] = {}

    def of(self, minor: int, currency: str | None, day: str) -> int | None:
        """An amount as it was worth on a day (`YYYY-MM-DD`), in minor units; None where no rate leads there.

        What has no rate is remembered in `missing`. An amount without a currency is one of this currency.
        """
        worth = self.unrounded(minor, currency, day)
        return None if worth is None else rounded(worth)

    def unrounded(self, minor: int, currency: str | None, day: str) -> Fraction | None:
        """As `of`, for what is added up and rounded once."""
        if currency is None or currency == self.currency:
            return Fraction(minor)
        found = self._way(currency, day)
        if found is None:
            self.missing.append(Missing(minor, currency, day))
            return None
        return unrounded(minor, currency, self.currency, found.factor)

    def without_rate(self) -> list[dict[str, Any]]:
        """The sums of what could not be converted, by their currency.

        Each has `currency`, `amount`, `amount_minor`, `count`, and `from`, the first day for which a rate is needed.
        """
        days: dict[str, list[str]] = {}
        for one in self.missing:
            days.setdefault(one.currency, []).append(one.day)
        return [
            {"currency": code, **fields(code, {"amount": minor}), "count": len(days[code]), "from": min(days[code])}
            for code, minor in totals((one.minor, one.currency) for one in self.missing).items()
        ]

    def told(self) -> list[str]:
        """A sentence about each currency that could not be converted."""
        return sentences(self.without_rate(), self.currency)

    def _way(self, currency: str, day: str) -> Way | None:
        if (currency, day) not in self._ways:
            self._ways[currency, day] = way(self._newest(day), currency, self.currency)
        return self._ways[currency, day]

    def _newest(self, day: str) -> Newest:
        """Of each pair the newest rate of a day; those of the last day are kept, as sums mostly go by days."""
        if self._known[0] != day:
            if self._book is None:
                self._book = self._rates.book()
            known = {}
            for pair, found in self._book.items():
                place = bisect_right(found, day, key=lambda rate: rate.valid_from)
                if place:
                    known[pair] = found[place - 1]
            self._known = day, known
        return self._known[1]


def sentences(without_rate: Sequence[Mapping[str, Any]], currency: str) -> list[str]:
    """What to say of amounts that are left out, since there is no rate for them."""
    return [
        f"and {format_money(one['amount_minor'], one['currency'])}, for which there is no rate:"
        f" crm rate set {one['currency']} {currency} … --from {one['from']}"
        for one in without_rate
    ]


def _record(row: Row) -> dict[str, Any]:
    pair = f"{row['base']}/{row['quote']}"
    values = {name: row[name] for name in ("base", "quote", "rate", "source")}
    return {"id": f"{pair}@{row['valid_from']}", "from": row["valid_from"], **values}

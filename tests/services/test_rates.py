"""Rates that people give, and amounts that are converted by them or told apart."""

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError


def test_a_rate_of_a_day_is_replaced_and_its_text_is_kept(app: App) -> None:
    record, done = app.rates.set("eur", "usd", "1.08420", since="2026-11-01", source="ECB")
    assert done == "made"
    assert record == {
        "id": "EUR/USD@2026-11-01",
        "base": "EUR",
        "quote": "USD",
        "rate": "1.08420",
        "from": "2026-11-01",
        "source": "ECB",
    }
    assert app.rates.set("EUR", "USD", "1.08420", since="2026-11-01", source="ECB")[1] == "same"
    assert app.rates.set("EUR", "USD", "1.09", since="2026-11-01")[1] == "changed"
    assert [one["rate"] for one in app.rates.page().items] == ["1.09"]


def test_rates_are_listed_by_pairs_the_newest_first(app: App) -> None:
    for day, rate in (("2026-11-01", "1.1"), ("2026-11-20", "1.2")):
        app.rates.set("EUR", "USD", rate, since=day)
    app.rates.set("EUR", "JPY", "161.5")
    ids = [one["id"] for one in app.rates.page().items]
    assert ids == ["EUR/JPY@2026-11-20", "EUR/USD@2026-11-20", "EUR/USD@2026-11-01"]
    assert len(app.rates.page(["jpy"]).items) == 1
    assert app.rates.page(["USD", "EUR"]).items[0]["rate"] == "1.2"
    assert app.rates.page(limit=1).more


def test_removing_wants_a_day_where_there_are_several(app: App) -> None:
    app.rates.set("EUR", "USD", "1.1", since="2026-11-01")
    app.rates.set("EUR", "USD", "1.2", since="2026-11-20")
    with pytest.raises(UsageError, match="there are 2 rates"):
        app.rates.remove("EUR", "USD")
    assert app.rates.remove("EUR", "USD", since="2026-11-01")["rate"] == "1.1"
    assert app.rates.remove("EUR", "USD")["rate"] == "1.2"
    with pytest.raises(NotFound):
        app.rates.remove("EUR", "USD")


@pytest.mark.parametrize(("base", "quote"), [("EUR", "EUR"), ("EUR", "XXZ"), ("EURO", "USD")])
def test_what_is_no_pair_is_refused(app: App, base: str, quote: str) -> None:
    with pytest.raises(UsageError):
        app.rates.set(base, quote, "1.1")


def test_amounts_are_worth_what_they_were_worth_on_their_day(app: App) -> None:
    app.rates.set("EUR", "USD", "1.0842", since="2026-11-01")
    app.rates.set("EUR", "USD", "2", since="2026-11-10")
    exchange = app.rates.into("USD")
    assert exchange.of(10_000, "EUR", "2026-11-09") == 10_842
    assert exchange.of(10_000, "EUR", "2026-11-10") == 20_000
    assert exchange.of(10_000, "USD", "2020-01-01") == 10_000
    assert exchange.of(10_000, None, "2020-01-01") == 10_000
    assert exchange.missing == []


def test_what_has_no_rate_is_told_apart_and_never_dropped(app: App) -> None:
    app.rates.set("EUR", "USD", "1.0842", since="2026-11-01")
    exchange = app.rates.into("EUR")
    assert exchange.of(1000, "JPY", "2026-11-20") is None
    assert exchange.of(2000, "JPY", "2026-11-20") is None
    assert exchange.of(2000, "USD", "2026-10-31") is None  # there was none yet
    assert exchange.without_rate() == [
        {"currency": "JPY", "amount": "3000", "amount_minor": 3000, "count": 2, "from": "2026-11-20"},
        {"currency": "USD", "amount": "20.00", "amount_minor": 2000, "count": 1, "from": "2026-10-31"},
    ]
    assert exchange.told()[0] == "and 3,000 JPY, for which there is no rate: crm rate set JPY EUR … --from 2026-11-20"


def test_the_reporting_currency_is_asked_for_or_set_or_that_of_most(app: App) -> None:
    assert app.rates.reporting("usd", ["EUR"]) == "USD"
    assert app.rates.reporting(None, ["EUR", "JPY", "JPY", None]) == "JPY"
    assert "counted in JPY" in app.notes[0]
    app.notes.clear()
    assert app.rates.reporting(None, ["CHF"]) == "CHF"
    assert app.notes == []
    app.config["currency"] = "GBP"
    assert app.rates.reporting(None, ["EUR"]) == "GBP"

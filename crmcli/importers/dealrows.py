"""Rows of deals, as several systems write them: the values of a deal's draft made of the texts of a row."""

import re
from collections.abc import Iterator
from typing import Any

from crmcli.importers import table
from crmcli.importers.base import Columns, Item, folded
from crmcli.importers.orderdays import days_of
from crmcli.importers.readings import amount, keep, moment, take
from crmcli.importers.source import Source
from crmcli.kernel.codes import check_currency
from crmcli.kernel.errors import UsageError

Values = dict[str, Any]
MOST_JOINED = 1000
"""Records that one cell may name."""
_TYPES = {"open": "open", "won": "won", "lost": "lost", "closed won": "won", "closed lost": "lost"}
_FORECASTS = {
    "omitted": "omitted",
    "not forecasted": "omitted",
    "pipeline": "pipeline",
    "best case": "best_case",
    "bestcase": "best_case",
    "most likely": "commit",
    "commit": "commit",
    "forecast": "commit",
    "closed": "closed",
    "closed won": "closed",
}
_WITH_PIPELINE = re.compile(r"(.+?) \(([^()]*pipeline[^()]*)\)", re.IGNORECASE)
_WITH_ADDRESS = re.compile(r"(.*?)\s*\(([^\s()]+@[^\s()]+)\)")


def read_deals(
    source: Source, columns: Columns, finish: table.Finish, *, tidy: table.Tidy | None = None
) -> Iterator[Item]:
    """The deals of a table, as `table.drafts`; one whose close date cannot be told for sure is refused."""
    days = days_of(source, columns, "close_date")

    def finished(values: Values, cells: list[str]) -> str | None:
        noun = finish(values, cells)
        if "close_date" in values:
            values["close_date"] = days.read(str(values["close_date"]).strip())
        return noun

    return table.drafts(source, "deal", columns, finished, tidy=tidy)


def finish_deal(values: Values) -> None:
    """Put the values of a deal right in place; its close date is left to `read_deals`.

    Raises:
        ValueError: it has no name, or its amount is none.
    """
    if not values.get("name"):
        raise ValueError("the deal has no name")
    _money(values)
    _stage(values)
    _probability(values)
    for field in ("created_at", "closed_at"):
        if field in values:
            text = str(values.pop(field))
            if when := moment(text):
                values[field] = when
            else:
                keep(values, f"{field}_text", text)
    for entry in values.get("contact", ()):
        if found_address := _WITH_ADDRESS.fullmatch(entry.get("name", "")):
            entry["name"] = found_address[1]
            entry.setdefault("email", found_address[2])


def money(text: str, currency: str | None) -> Values:
    """An amount as drafts have it: `minor` units and `currency`, None where the source does not say which.

    Raises:
        ValueError: it is no amount.
    """
    return {"minor": amount(text, currency), "currency": currency}


def known_currency(text: str) -> str | None:
    """The ISO 4217 code that a text is; None for another text."""
    try:
        return check_currency(text)
    except UsageError:
        return None


def apart(entries: list[Values]) -> list[Values]:
    """Entries of `company` or `contact`, of which each may hold several joined with `;`, as one each.

    Names and keys belong together where there are as many of both; else both are told, each by itself.

    Raises:
        ValueError: a cell holds more than anything is connected with.
    """
    found: list[Values] = []
    for entry in entries:
        if any(str(text).count(";") > MOST_JOINED for text in entry.values()):
            raise ValueError(f"a cell names more than {MOST_JOINED:,} records")
        source, _, joined = str(entry.get("external", "")).partition(":")
        keys = [key.strip() for key in joined.split(";") if key.strip()]
        names = [name.strip() for name in str(entry.get("name", "")).split(";") if name.strip()]
        rest = {part: text for part, text in entry.items() if part not in ("name", "external")}
        if len(keys) == 1 and names:
            found.append({"name": str(entry["name"]).strip(), "external": f"{source}:{keys[0]}", **rest})
        elif len(keys) == len(names):
            found += [
                {"name": name, "external": f"{source}:{key}", **rest} for name, key in zip(names, keys, strict=True)
            ]
        else:
            found += [{"external": f"{source}:{key}", **rest} for key in keys]
            found += [{"name": name, **rest} for name in names]
        if not keys and not names and rest:
            found.append(rest)
    return list({tuple(entry.items()): entry for entry in found}.values())


def _money(values: Values) -> None:
    """The amount with its currency, which has a column of its own, stands beside the amount, or is not told."""
    text = str(values.pop("amount", ""))
    named = str(values.pop("currency", ""))
    currency = known_currency(named) or known_currency(re.sub("[^A-Za-z]", "", text))
    if named and not currency:
        keep(values, "currency_text", named)
    if text:
        values["amount"] = money(text, currency)


def _stage(values: Values) -> None:
    """Stage and pipeline as the source has them, and whether it is open, won or lost, where it says so."""
    stage = str(values.get("stage", ""))
    if found := _WITH_PIPELINE.fullmatch(stage):
        stage = values["stage"] = found[1]
        values.setdefault("pipeline", found[2])
    given = str(values.pop("type", ""))
    kind = _TYPES.get(folded(given)) or _TYPES.get(folded(stage))
    if kind:
        values["type"] = kind
    elif given:
        keep(values, "type_text", given)
    forecast = values.pop("forecast_category", None)
    if forecast:
        word = _FORECASTS.get(folded(str(forecast)))
        if word:
            values["forecast_category"] = word
        else:
            keep(values, "forecast_category_text", str(forecast))


def _probability(values: Values) -> None:
    """Percent: `60`, `60.0`, `60 %`; `set.probability_share` holds 0 to 1 where that is how the source writes it."""
    share = take(values, "probability_share")
    text = share or str(values.pop("probability", ""))
    if not text:
        return
    try:
        percent = float(text.rstrip("% ")) * (100 if share else 1)
    except ValueError:
        percent = -1
    if 0 <= percent <= 100:
        values["probability"] = round(percent)
    else:
        keep(values, "probability_text", text)

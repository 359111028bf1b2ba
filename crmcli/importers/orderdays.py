"""The days of orders and deals, as programs write them."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from crmcli.importers import table
from crmcli.importers.base import Columns
from crmcli.importers.birthdays import Birthdays
from crmcli.importers.source import Source

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", re.DOTALL)
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d")


class Days:
    """Reading the days of a table.

    Args:
        samples: days of the same column; they tell whether 3/4/2026 is in March or in April, if any does.
    """

    def __init__(self, samples: Callable[[], Iterable[str]] = tuple) -> None:
        self._written = Birthdays(samples)
        self._known: dict[str, str] = {}

    def read(self, text: str) -> str:
        """The day, `2026-11-20`, as the clock of whoever wrote the file had it.

        Raises:
            ValueError: it is none, or might be two.
        """
        found = _ISO.fullmatch(text)
        day = found[1] if found else self._known.get(text)
        if day is None:
            day = self._written.read(text) if len(text) < 60 else ""
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[text] = day
        if not _is_day(day):
            raise ValueError(f"'{text[:40]}' is no day that can be told for sure; write it as 2026-11-20")
        return day


def days_of(source: Source, columns: Columns, target: str) -> Days:
    """What reads the days of a table's column that is taken for `target`, given its first rows."""
    form = table.layout(source)
    assert form is not None
    place = next((place for place, found in enumerate(columns.targets) if found == target), None)
    return Days() if place is None else Days(lambda: table.column(source, form, place))


@lru_cache(maxsize=20_000)
def _is_day(text: str) -> bool:
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return False
    try:
        return date.fromisoformat(text).year > 0
    except ValueError:
        return False

"""Days on which nobody works, as the setting `sla.holidays` names them: countries, and days of one's own."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.dates import parse_birth_date
from crmcli.kernel.errors import UsageError

_CODE = re.compile(r"[a-z]{2}(-[a-z0-9-]{1,20})?|me", re.IGNORECASE)
_DIGITS = frozenset("0123456789-")


class FreeDays(NamedTuple):
    """Codes of countries and of parts of them, days (`2026-12-24`), and days of every year (`--12-31`)."""

    countries: Sequence[str]
    days: frozenset[str]

    def has(self, day: date) -> bool:
        """Whether it is one of the days; what is a holiday in a country is not looked up here."""
        told = day.isoformat()
        return told in self.days or f"-{told[4:]}" in self.days


def parse(text: str) -> FreeDays:
    """What the setting names, with commas or spaces between.

    Raises:
        UsageError: one of them is neither a day nor the code of a country.
    """
    words = text.replace(",", " ").split()
    days = [word for word in words if _DIGITS.issuperset(word)]
    countries = [word for word in words if word not in days]
    for word in countries:
        if not _CODE.fullmatch(word):
            hint = "codes of countries, and days as 2026-12-24, or --12-24 for every year: DE-BY, 2026-12-24"
            raise UsageError(f"'{word[:40]}' is neither a country nor a day", hint)
    try:
        return FreeDays(countries, frozenset(parse_birth_date(day) for day in days))
    except UsageError as error:
        hint = "write a day as 2026-12-24, or --12-24 for every year"
        raise UsageError(error.message.replace("a date of birth", "a day"), hint) from None


def check(text: str) -> str:
    """The setting as it is written into the file."""
    found = parse(text)
    return ", ".join([*(code.upper() for code in found.countries), *sorted(found.days)])

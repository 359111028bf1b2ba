"""Working days: which days are neither weekend nor public holiday in a country, or a part of one.

Needs `crmcli[workdays]`, and is imported only where somebody asks for working days: the library costs twice a start.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from holidays import HolidayBase, country_holidays, list_supported_countries

from crmcli.kernel.countrynames import country_code
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.users import ME

if TYPE_CHECKING:
    from crmcli.app import App

# No country rests longer than this at a time.
MOST_FREE_DAYS = 60


class Workdays:
    """The working days of countries."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self._calendars: dict[str, HolidayBase] = {}

    def check(self, text: str) -> str:
        """The canonical code of a country or a part of one: `de` is "DE", `DE-by` "DE-BY"; `me` is the setting.

        Raises:
            UsageError: there is none, or nothing is known of it; the hint names the nearest.
        """
        code = text.strip().upper()
        if code == ME.upper():
            if not self.app.country:
                hint = "set it: crm config set country DE; or name it: --workdays DE"
                raise UsageError("it is not known which country is yours", hint)
            code = self.app.country.strip().upper()
        country, dash, part = code.partition("-")
        known = list_supported_countries(include_aliases=False)
        if country not in known:
            by_name = country_code(text)
            close = [by_name] if by_name in known else nearest(country, known) if len(country) < 4 else []
            hint = f"did you mean {' or '.join(close)}? " if close else ""
            message = f"the working days of '{text[:20]}' are not known"
            raise UsageError(message, f"{hint}write a code: DE, AT, US, or of a part: DE-BY")
        names = {name.upper(): name for name in known[country]}
        if dash and part not in names:
            close = nearest(part, known[country])
            hint = f"did you mean {country}-{close[0]}? " if close else ""
            parts = ", ".join(known[country]) or "none"
            raise UsageError(f"{country} has no part '{part[:20]}'", f"{hint}parts: {parts}")
        return f"{country}-{names[part]}" if dash else country

    def on_or_after(self, day: date, code: str) -> tuple[date, str]:
        """The first working day from `day` on, and what `day` is when it is none: a holiday's name, or "weekend"."""
        calendar = self._calendar(code)
        reason = "" if calendar.is_working_day(day) else str(calendar.get(day) or "weekend")
        found = day
        for _ in range(MOST_FREE_DAYS):
            if calendar.is_working_day(found):
                return found, reason
            found += timedelta(days=1)
        return day, ""

    def is_holiday(self, day: date, code: str) -> bool:
        """Whether a day is a public holiday there, whatever the day of the week."""
        return day in self._calendar(code)

    def _calendar(self, code: str) -> HolidayBase:
        if code not in self._calendars:
            country, _, part = self.check(code).partition("-")
            self._calendars[code] = country_holidays(country, subdiv=part or None, language="en_US")
        return self._calendars[code]

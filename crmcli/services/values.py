"""What people write into fields, read as what the column holds."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from crmcli.kernel import codes, dates
from crmcli.kernel.clock import check_zone, stamp
from crmcli.kernel.durations import parse_duration
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.flags import aliases, flag_name, settable
from crmcli.store.description import Column

if TYPE_CHECKING:
    from crmcli.app import App

YES = {"yes": 1, "true": 1, "y": 1, "1": 1, "on": 1, "no": 0, "false": 0, "n": 0, "0": 0, "off": 0}


class Values:
    """Reading field values. An empty text empties a field."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self._readers: dict[str, Callable[[Column, str], Any]] = {
            "text": lambda column, text: text,
            "long": lambda column, text: text.replace("\r\n", "\n"),
            "enum": choice,
            "time": lambda column, text: self.instant(text),
            "day": lambda column, text: dates.parse(text, app.clock).date.isoformat(),
            "birth": lambda column, text: dates.parse_birth_date(text),
            "language": lambda column, text: codes.check_language(text),
            "timezone": lambda column, text: check_zone(text),
            "currency": lambda column, text: codes.check_currency(text),
            "country": lambda column, text: codes.check_country(text),
            "bool": yes_or_no,
            "integer": self._integer,
            "percent": percent,
            "email": lambda column, text: app.emails.check(text)[0],
            "ref": self._reference,
        }

    def clean(self, table: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of `table` that `given` names (as flags do: `owner` for `owner_id`), as they are stored.

        Raises:
            UsageError: a value that cannot be understood; names that are no columns are left to others.
        """
        cleaned = {}
        for column, names in _named(table):
            for name in names:
                if given.get(name) is not None:
                    cleaned[column.name] = self.read(column, given[name])
        return cleaned

    def read(self, column: Column, value: Any) -> Any:
        """A value as its column stores it; None for an empty one."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        text = str(value).strip() if column.kind != "long" else str(value).strip("\n")
        if not text:
            return column.default if column.required else None
        return self._readers[column.kind](column, text)

    def instant(self, text: str) -> str:
        """A human date as stored UTC text; a day without a time means that day at this time of day."""
        when = dates.parse(text, self.app.clock)
        if when.time is not None:
            return stamp(when.instant)
        clock = self.app.clock
        return stamp(clock.combine(when.date, clock.local(clock.now()).time())[0])

    def _integer(self, column: Column, text: str) -> int:
        if column.name == "duration":
            return parse_duration(text)
        plain = text.replace(",", "").replace(" ", "").replace("_", "")
        if not plain.isascii() or not plain.isdigit() or len(plain) > 18:
            raise UsageError(f"'{text}' is not a {flag_name(column)}", "write a whole number")
        if column.name == "satisfaction" and not 1 <= int(plain) <= 5:
            raise UsageError(f"a satisfaction of {plain} does not exist", "1 (not at all) to 5 (very satisfied)")
        return int(plain)

    def _reference(self, column: Column, text: str) -> int:
        if column.to == "user_account":
            return self.app.users.key(text)
        if column.to == "deal":
            return self.app.deals.key(text)
        if column.to == "product":
            return int(self.app.products.row(text)["id"])
        if column.to == "sales_order":
            return self.app.orders.key(text)
        return self.app.who.find(text, (column.to,)).id


@cache
def _named(table: str) -> list[tuple[Column, tuple[str, ...]]]:
    """The settable columns of a table, each with all its names."""
    return [(column, (flag_name(column), *aliases(column))) for column in settable(table)]


def choice(column: Column, text: str) -> str:
    """One of an enum's values; `-` and spaces count as `_`."""
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    if word in column.values:
        return word
    close = nearest(word, column.values)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    raise UsageError(f"'{text}' is not a {flag_name(column)}", f"{hint}use one of: {', '.join(column.values)}")


def percent(column: Column, text: str) -> int:
    """Whole percent: `60`, `60%`."""
    digits = text.removesuffix("%").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 3 or int(digits) > 100:
        raise UsageError(f"'{text}' is not a {flag_name(column)}", "write whole percent, from 0 to 100")
    return int(digits)


def yes_or_no(column: Column, text: str) -> int:
    """1 for yes, 0 for no."""
    word = text.strip().lower()
    if word not in YES:
        raise UsageError(f"'{text}' is neither yes nor no", f"write {flag_name(column)} as yes or no")
    return YES[word]

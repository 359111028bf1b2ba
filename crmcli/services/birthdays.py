"""Birthdays: on which day of a year each is, and how old somebody turns.

A birthday on 29 February is kept on 28 February in other years: in its own month, and rather early than forgotten.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crmcli.kernel.days import days_in_month
from crmcli.kernel.ids import ref
from crmcli.store import agenda
from crmcli.store.store import Store

LEAP_DAY = "02-29"
EVE = "02-28"


def within(store: Store, owner: int, days: Sequence[date]) -> dict[date, list[dict[str, Any]]]:
    """The birthdays on each of these days, by name: `contact`, `date`, `birth_date` and `turns`, the age or None.

    Args:
        store: the store.
        owner: whose contacts, beside those of nobody.
        days: in order; no more than a year of them.
    """
    found: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    by_day: dict[str, date] = {}
    for day in days:
        by_day[f"{day:%m-%d}"] = day
        if f"{day:%m-%d}" == EVE and days_in_month(day.year, 2) == 28:
            by_day[LEAP_DAY] = day
    for row in agenda.birthdays(store, owner, list(by_day)):
        day = by_day[row["birth_date"][-5:]]
        found[day].append(
            {
                "contact": {"id": ref("contact", row["id"]), "display_name": row["display_name"]},
                "date": day.isoformat(),
                "birth_date": row["birth_date"],
                "turns": _age(row["birth_date"], day),
            }
        )
    return found


def _age(birth_date: str, day: date) -> int | None:
    """The age that is reached on a day; None where the year is not known, or has yet to come."""
    year = birth_date[:4]
    return day.year - int(year) if year.isdigit() and int(year) < day.year else None

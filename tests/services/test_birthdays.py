"""Birthdays of a span of days."""

from datetime import date, timedelta

import pytest

from crmcli.app import App
from crmcli.services import birthdays
from crmcli.services.users import ME


def found(app: App, first: str, count: int = 7) -> list[tuple[str, str, int | None]]:
    days = [date.fromisoformat(first) + timedelta(days=number) for number in range(count)]
    by_day = birthdays.within(app.store, app.users.key(ME), days)
    assert list(by_day) == days
    return [(one["contact"]["display_name"], one["date"], one["turns"]) for ones in by_day.values() for one in ones]


@pytest.mark.parametrize(
    ("born", "first", "expected"),
    [
        ("1986-11-23", "2026-11-20", ("2026-11-23", 40)),
        ("--11-23", "2026-11-20", ("2026-11-23", None)),
        ("1986-11-20", "2026-11-20", ("2026-11-20", 40)),
        ("1986-11-26", "2026-11-20", ("2026-11-26", 40)),
        ("1986-11-27", "2026-11-20", None),
        ("1986-11-19", "2026-11-20", None),
        ("2000-01-02", "2026-12-30", ("2027-01-02", 27)),
        ("1992-02-29", "2026-02-25", ("2026-02-28", 34)),
        ("--02-29", "2026-02-25", ("2026-02-28", None)),
        ("1992-02-29", "2028-02-25", ("2028-02-29", 36)),
        ("1992-02-29", "2026-03-01", None),
        ("1992-02-29", "2100-02-25", ("2100-02-28", 108)),
        ("1990-02-28", "2028-02-25", ("2028-02-28", 38)),
        ("2026-11-20", "2026-11-20", ("2026-11-20", None)),
    ],
)
def test_on_which_day(app: App, born: str, first: str, expected: tuple[str, int | None] | None) -> None:
    app.contacts.add("Ada", {"birth_date": born})
    assert found(app, first) == ([("Ada", *expected)] if expected else [])


def test_whose(app: App) -> None:
    app.users.add("bob", {})
    app.contacts.add("Mine", {"birth_date": "--11-23", "owner": "me"})
    app.contacts.add("Also mine", {"birth_date": "--11-23", "owner": "me"})
    app.contacts.add("Bob's", {"birth_date": "--11-23", "owner": "bob"})
    app.contacts.add("Nobody's", {"birth_date": "--11-23"})
    app.contacts.add("Leave me alone", {"birth_date": "--11-23", "do_not_contact": "yes"})
    app.contacts.add("Gone", {"birth_date": "--11-23"})
    app.contacts.remove(["Gone"])
    assert [name for name, _, _ in found(app, "2026-11-20")] == ["Also mine", "Mine", "Nobody's"]

"""The coming seven days."""

import pytest

from crmcli.app import App
from crmcli.services import agenda


def days(app: App) -> dict[str, list[str]]:
    """The days on which something is due, each with the ids."""
    found = {one["date"]: [item["id"] for item in one["followups"]] for one in app.agenda.week()["days"]}
    return {day: ids for day, ids in found.items() if ids}


def zoned(app: App, zone: str, now: str = "2026-11-20T10:00:00Z") -> None:
    app.environ = {**app.environ, "CRM_TIMEZONE": zone, "CRM_NOW": now}
    app._clock = None


@pytest.fixture
def office(app: App) -> App:
    app.contacts.add("Ada", {})
    return app


def plan(app: App, when: str, **values: str) -> None:
    app.followups.add("c1", when, {"due": when, **values})


def test_seven_days_from_today(office: App) -> None:
    for when in (
        "yesterday",
        "2026-11-20 09:00",
        "today",
        "today 15:00",
        "2026-11-26",
        "2026-11-27",
        "2026-11-26 23:59",
    ):
        plan(office, when)
    found = office.agenda.week()
    assert [one["date"] for one in found["days"]] == [f"2026-11-{day}" for day in range(20, 27)]
    assert [one["weekday"] for one in found["days"]] == ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"]
    assert [item["id"] for item in found["overdue"]] == ["f1", "f2"]
    assert days(office) == {"2026-11-20": ["f3", "f4"], "2026-11-26": ["f5", "f7"]}
    assert found["days_more"] is False


def test_whole_days_come_first_then_the_time_counts(office: App) -> None:
    for when in ("2026-11-23 15:00", "2026-11-23 09:00", "2026-11-23"):
        plan(office, when, priority="urgent" if "15:00" in when else "low")
    assert days(office) == {"2026-11-23": ["f3", "f2", "f1"]}


def test_others_are_not_mine(office: App) -> None:
    office.users.add("bob", {})
    plan(office, "2026-11-23", owner="bob")
    plan(office, "2026-11-23 10:00")
    office.followups.done(["f2"], {})
    assert days(office) == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "when", "day"),
    [
        ("UTC", "Asia/Tokyo", "2026-11-26", "2026-11-26"),  # begins on the 25th here
        ("UTC", "Pacific/Honolulu", "2026-11-26", "2026-11-26"),  # begins at ten here
        ("Asia/Tokyo", "Pacific/Honolulu", "2026-11-26", "2026-11-26"),  # begins at 19:00 here
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-11-26", "2026-11-26"),  # begins on the 27th here
        ("Asia/Tokyo", "Asia/Tokyo", "2026-11-26 00:30", "2026-11-26"),
        ("UTC", "Asia/Tokyo", "2026-11-20", "2026-11-20"),  # lasts until 15:00 here
    ],
)
def test_a_whole_day_is_that_day_wherever_it_is_meant(office: App, mine: str, theirs: str, when: str, day: str) -> None:
    zoned(office, theirs, "2026-11-19T10:00:00Z")
    plan(office, when)
    zoned(office, mine)
    assert days(office) == {day: ["f1"]}


def test_over_a_change_of_the_clocks(office: App) -> None:
    zoned(office, "Europe/Vienna", "2026-10-23T10:00:00Z")
    for when in ("2026-10-25 01:30", "2026-10-25 23:30", "2026-10-26", "2026-10-29 23:30", "2026-10-30 00:00"):
        plan(office, when)
    assert days(office) == {"2026-10-25": ["f1", "f2"], "2026-10-26": ["f3"], "2026-10-29": ["f4"]}


def test_there_is_a_bound(office: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "MOST_IN_DAYS", 2)
    for hour in (11, 12, 13):
        plan(office, f"2026-11-23 {hour}:00")
    assert office.agenda.week()["days_more"] is True
    assert days(office) == {"2026-11-23": ["f1", "f2"]}


def test_what_time_it_is_there(app: App) -> None:
    app.companies.add("Works", {"timezone": "America/New_York"})
    app.companies.add("Other", {"timezone": "Asia/Tokyo"})
    app.contacts.add("Own zone", {"timezone": "Asia/Kolkata", "company": ["Works"]})
    app.contacts.add("Works' zone", {"company": ["Works", "Other"]})
    app.contacts.add("No zone", {})
    for who in ("c1", "c2", "c3", "co2"):
        app.followups.add(who, "Call", {"due": "2026-11-23 08:00"})
    app.followups.add("c1", "Day", {"due": "2026-11-23"})
    items = {item["id"]: item["local_time"] for item in app.agenda.week()["days"][3]["followups"]}
    assert {key: there and (there["date"], there["time"], there["part_of_day"]) for key, there in items.items()} == {
        "f1": ("2026-11-23", "13:30", "working_hours"),
        "f2": ("2026-11-23", "03:00", "night"),
        "f3": None,
        "f4": ("2026-11-23", "17:00", "working_hours"),
        "f5": None,
    }
    today = app.agenda.today()
    assert {item["id"]: item["local_time"] for item in today["week"]} == {}
    app.followups.add("c1", "Now", {"due": "today 18:00"})
    assert app.agenda.today()["today"][0]["local_time"]["utc_offset"] == "+05:30"


def test_birthdays_stand_on_their_days(app: App) -> None:
    app.contacts.add("Ada", {"birth_date": "1986-11-23"})
    app.contacts.add("Eve", {"birth_date": "--11-20"})
    found = app.agenda.week()
    contact = {"id": "c2", "display_name": "Eve"}
    assert found["birthdays"] == [{"contact": contact, "date": "2026-11-20", "birth_date": "--11-20", "turns": None}]
    assert found["days"][0]["birthdays"] == found["birthdays"]
    assert [one["turns"] for one in found["days"][3]["birthdays"]] == [40]

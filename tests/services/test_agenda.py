"""Today's agenda."""

from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.kernel.settings import Settings
from tests.conftest import Crm


@pytest.fixture
def office(app: App) -> App:
    """A contact of mine, one of bob's, one of nobody's and one who must not be contacted."""
    app.users.add("bob", {})
    app.contacts.add("Ada Lovelace", {"owner": "me"})
    app.contacts.add("Bob's Friend", {"owner": "bob"})
    app.contacts.add("Nobody's Friend", {})
    app.contacts.add("Leave Me Alone", {"do_not_contact": "yes"})
    return app


def owed(app: App) -> list[str]:
    return [item["contact"]["id"] for item in app.agenda.today()["owed"]]


def test_there_is_nothing_yet_until_there_is_somebody(app: App) -> None:
    assert app.agenda.nothing_yet
    app.companies.add("Analytical Engines", {})
    assert not app.agenda.nothing_yet


def test_what_is_due(office: App) -> None:
    for when in ("-2d", "today", "tomorrow", "+1w"):
        office.followups.add("c1", f"Due {when}", {"due": when})
    office.followups.add("c1", "Bob does it", {"due": "today", "owner": "bob"})
    found = office.agenda.today()
    assert (found["date"], found["timezone"]) == ("2026-11-20", "UTC")
    assert [[item["id"] for item in found[name]] for name in ("overdue", "today", "week")] == [["f1"], ["f2"], ["f3"]]
    assert found["counts"] == {"overdue": 1, "today": 1, "week": 1, "owed": 0, "cases": 0}


def test_lists_are_short_and_counts_are_whole(office: App) -> None:
    for number in range(9):
        office.followups.add("c1", f"Late {number}", {"due": "yesterday"})
    found = office.agenda.today({"overdue": 7})
    assert (len(found["overdue"]), found["counts"]["overdue"]) == (7, 9)


def test_who_wrote_and_heard_nothing_since_is_owed_a_reply(office: App) -> None:
    for who in ("c1", "c2", "c3", "c4"):
        office.interactions.log("in", [who], "\n  Where is my order?\nIt is late.", {"channel": "email", "at": "-2d"})
    assert owed(office) == ["c3", "c1"]
    office.interactions.log("note", ["c1"], "will write", {})
    assert owed(office) == ["c3", "c1"]
    office.interactions.log("out", ["c1"], "On its way", {"channel": "email"})
    assert owed(office) == ["c3"]
    item = office.agenda.today()["owed"][0]
    assert item["waiting"] == 2 * 86400
    assert (item["channel"], item["subject"]) == ("email", "Where is my order?")
    assert item["contact"] == {"id": "c3", "display_name": "Nobody's Friend"}


def test_what_is_older_than_two_weeks_is_not_brought_up(office: App) -> None:
    office.interactions.log("in", ["c1"], "Hello?", {"at": "-15d"})
    assert owed(office) == []


def test_asking_never_makes_a_database(crm_sqlite: Crm, tmp_path: Path) -> None:
    place = tmp_path / "none" / "crm.db"
    app = App(Settings(), environ=crm_sqlite.environ(CRM_DB=str(place)))
    assert app.agenda.nothing_yet
    assert app.agenda.today()["counts"] == {"overdue": 0, "today": 0, "week": 0, "owed": 0, "cases": 0}
    app.close()
    assert not place.parent.exists()

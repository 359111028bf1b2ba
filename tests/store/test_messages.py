"""Reads of messages by many keys at once."""

import pytest

from crmcli.app import App
from crmcli.store import interactions, messages

TODAY = "2026-11-20"


@pytest.fixture
def people(app: App) -> App:
    """People with no company, with one, with a former one, and with several."""
    for name in ("Engines", "Navy", "Mill"):
        app.companies.add(name, {})
    app.contacts.add("Ada", {})
    app.contacts.add("Bob", {"company": ["Engines"]})
    app.contacts.add("Charles", {"company": [{"name": "Navy", "ended_on": "2026-01-01"}]})
    app.contacts.add("Doris", {"company": [{"name": "Navy", "ended_on": "2026-11-20"}, {"name": "Mill"}]})
    app.contacts.add("Eve", {"company": [{"name": "Navy", "ended_on": "2020-01-01"}, {"name": "Mill"}]})
    app.companies.remove(["Engines"])
    return app


def test_many_people_speak_for_the_companies_for_which_each_speaks(people: App) -> None:
    keys = [1, 2, 3, 4, 5]
    one_by_one = {key: interactions.primary_company(people.store, key, TODAY) for key in keys}
    together = messages.speaking_for(people.store, keys, TODAY)
    assert {key: together.get(key) for key in keys} == one_by_one
    assert one_by_one == {1: None, 2: None, 3: None, 4: 2, 5: 3}


def test_more_keys_than_a_statement_takes(people: App) -> None:
    for number in (1, 700):
        people.interactions.log("in", ["c1"], "Asked", {"message_id": f"{number}@x"})
    found = messages.by_message_id(people.store, [f"{number}@x" for number in range(1200)])
    assert {key: one.id for key, one in found.items()} == {"1@x": 1, "700@x": 2}


def test_a_deleted_message_is_known_and_a_living_one_comes_first(people: App) -> None:
    people.interactions.log("in", ["c1"], "Asked", {"message_id": "1@x"})
    people.interactions.remove(["i1"])
    assert messages.by_message_id(people.store, ["1@x"]) == {"1@x": (1, True)}
    people.interactions.log("in", ["c1"], "Asked", {"message_id": "1@x"})
    people.interactions.restore(["i1"])
    assert messages.by_message_id(people.store, ["1@x"]) == {"1@x": (1, False)}


def test_who_of_the_people_took_part(people: App) -> None:
    people.interactions.log("in", ["c1"], "Asked", {})
    people.interactions.log("in", ["co2"], "Asked", {})
    people.interactions.log("in", ["co2", "c1"], "Asked", {})
    assert messages.contacts_of(people.store, [1, 2, 3]) == {1: {1}, 2: set(), 3: {1}}

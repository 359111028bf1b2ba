"""Each value of a customer tells where it came from."""

from typing import Any

from crmcli.app import App
from crmcli.store import imports
from tests.conftest import Crm

NOTHING = dict.fromkeys(imports.COUNTS, 0)


def sources(app: App, who: str, noun: str = "contact") -> dict[str, str]:
    """Field and value, and where they came from, with the operation."""
    items = app.history.origins(who, noun).items
    return {f"{item['field']} {item['value']}": f"{item['operation']} {item['source']}" for item in items}


def take_in(app: App, who: str, values: dict[str, Any], name: str, format: str) -> None:
    """What an import of one record does."""
    app.command = "import"
    with app.writing() as gate:
        app.contacts.edit(who, values)
        imports.note_run(gate, "run", format, name, NOTHING)
    app.command = "contact edit"


def test_several_sources_feed_one_customer(crm: Crm, app: App) -> None:
    app.command = "contact add"
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"], "owner": "me", "tag": ["vip"]})
    take_in(app, "c1", {"job_title": "Engineer", "set": ["size=3"], "email": ["a@mills.example"]}, "h.csv", "hubspot")
    take_in(app, "c1", {"job_title": "Chief", "company": [{"name": "Engines", "role": "Chief"}]}, "l.csv", "linkedin")
    app.contacts.edit("c1", {"do_not_contact": "yes", "consent": ["marketing/email=granted", "press=denied"]})
    assert sources(app, "ada") == {
        "display_name Ada Lovelace": "op1 contact add",
        "job_title Chief": "op3 l.csv (linkedin)",
        "owner ada": "op1 contact add",
        "do_not_contact True": "op4 contact edit",
        "email ada@engines.example": "op1 contact add",
        "email a@mills.example": "op2 h.csv (hubspot)",
        "company Engines, Chief": "op3 l.csv (linkedin)",
        "tag vip": "op1 contact add",
        "custom.size 3": "op2 h.csv (hubspot)",
        "consent.marketing/email granted": "op4 contact edit",
        "consent.press denied": "op4 contact edit",
    }


def test_every_kind_of_value_has_an_origin(crm: Crm, app: App) -> None:
    app.command = "company add"
    given = {
        "domain": ["engines.example"],
        "phone": ["+44 20 7946 0958", "999"],
        "address": ["street=1 Mill Lane; city=London; country=GB"],
        "url": ["https://engines.example"],
        "prefer": ["channel=email"],
        "external": ["hubspot:1"],
        "industry": "Computing",
    }
    app.companies.add("Engines", given)
    app.companies.add("Mills", {"parent": "co1"})
    found = sources(app, "co1", "company")
    assert set(found.values()) == {"op1 company add"}
    assert list(found) == [
        "name Engines",
        "industry Computing",
        "phone +442079460958",
        "phone 999",
        "address 1 Mill Lane, London, GB",
        "url https://engines.example",
        "domain engines.example",
        "preferences.channel email",
        "external hubspot:1",
    ]
    assert sources(app, "co2", "company") == {"name Mills": "op2 company add", "parent Engines": "op2 company add"}


def test_what_was_taken_back_does_not_count(crm: Crm, app: App) -> None:
    app.command = "contact add"
    app.contacts.add("Ada", {"job_title": "Engineer"})
    app.command = "contact edit"
    app.contacts.edit("c1", {"job_title": "Chief", "email": ["a@engines.example"]})
    app.history.undo()
    assert sources(app, "c1") == {"display_name Ada": "op1 contact add", "job_title Engineer": "op1 contact add"}
    app.history.undo("op3")
    assert sources(app, "c1")["job_title Chief"] == "op2 contact edit"
    assert sources(app, "c1")["email a@engines.example"] == "op2 contact edit"


def test_an_import_that_was_taken_back_in_parts_does_not_count(crm: Crm, app: App) -> None:
    app.command = "contact add"
    app.contacts.add("Ada", {"job_title": "Engineer"})
    app.contacts.add("Bob", {})
    take_in(app, "c1", {"job_title": "Chief"}, "h.csv", "hubspot")
    take_in(app, "c2", {"job_title": "Chief"}, "h.csv", "hubspot")  # the same run: `crm import --batch`
    assert app.history.undo()["undone"] == ["op4", "op3"]
    assert sources(app, "c1")["job_title Engineer"] == "op1 contact add"


def test_values_of_a_merged_record_keep_their_origin(crm: Crm, app: App) -> None:
    app.command = "contact add"
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"], "prefer": ["coffee=black"]})
    app.contacts.add("A. L.", {})
    app.contacts.add("Countess", {"nickname": "Ada", "set": ["size=3", "length=3"], "prefer": ["tea=green"]})
    take_in(app, "c2", {"job_title": "Engineer", "email": ["a@mills.example"], "set": ["size=4"]}, "h.csv", "hubspot")
    app.command = "contact merge"
    app.merging.merge("contact", ["c2", "c3"], prefer="kept")
    app.merging.merge("contact", ["c1", "c2"])
    found = sources(app, "c3")  # its old id names the one that was kept
    assert found == {
        "display_name Ada Lovelace": "op1 contact add",
        "nickname Ada": "op3 contact add",
        "job_title Engineer": "op4 h.csv (hubspot)",
        "email ada@engines.example": "op1 contact add",
        "email a@mills.example": "op4 h.csv (hubspot)",
        "custom.size 4": "op4 h.csv (hubspot)",
        "custom.length 3": "op3 contact add",
        "preferences.coffee black": "op1 contact add",
        "preferences.tea green": "op3 contact add",
    }


def test_a_value_that_came_past_the_program_has_none(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {})
    with app.writing() as gate:
        gate.connection.execute("UPDATE contact SET nickname = 'a'")
        gate.connection.execute("DELETE FROM change WHERE table_name = 'contact'")
    assert sources(app, "c1") == {"display_name Ada": "None None", "nickname a": "None None"}


def test_the_command_shows_them(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada", "--email", "a@engines.example", "--company", "Engines")
    shown = crm.ok("contact", "show", "c1", "--origins", tty=True).splitlines()
    assert shown[2].split() == ["display_name", "Ada", "contact", "add", "ada", "just", "now", "op1"]
    document = crm.json("contact", "show", "c1", "--origins")
    assert document["schema"] == "crm.origin.list/1"
    assert document["items"][1] == {
        "field": "email",
        "value": "a@engines.example",
        "source": "contact add",
        "by": "ada",
        "at": "2026-11-20T10:00:00Z",
        "operation": "op1",
        "command": "contact add",
        "format": None,
        "file": None,
    }
    assert crm.ok("company", "show", "co1", "--origins", "--fields", "field,value") == "field\tvalue\nname\tEngines\n"
    assert crm("contact", "show", "c9", "--origins").code == 3

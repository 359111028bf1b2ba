"""What is taken back together, what stays, and what stands in the way."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import CrmError, NotFound, UsageError
from crmcli.store import imports
from crmcli.store.bulk import Bulk
from tests.conftest import Crm

NOTHING = dict.fromkeys(imports.COUNTS, 0)


def take_in(crm: Crm, app: App, run: str, *names: str) -> None:
    """What a part of an import does: contacts, the row that tells of it, and the digests of what was seen."""
    app.command = "import"
    with app.writing() as gate:
        for name in names:
            key = gate.insert("contact", {"display_name": name})
            gate.insert("email", {"contact_id": key, "value": f"{name}@engines.example"})
        imports.note_run(gate, run, "csv", "people.csv", {**NOTHING, "created": len(names)})
        imports.remember(gate, [f"{run}{name}" for name in names])


def count(app: App, table: str) -> int:
    return int(app.store.value(f"SELECT count(*) AS n FROM {table}"))


def test_an_import_goes_back_as_a_whole(crm: Crm, app: App) -> None:
    take_in(crm, app, "first", "zuse")
    take_in(crm, app, "second", "ada", "bob")
    app.fields.add("size", "number")
    take_in(crm, app, "second", "eve")
    done = app.history.undo()
    assert (done["undone"], done["file"], done["changes"]) == (["op4", "op2"], "people.csv", 6)
    assert [item["display_name"] for item in app.contacts.page().items] == ["zuse"]
    assert (count(app, "source_record"), count(app, "import_run"), count(app, "custom_field")) == (1, 3, 1)
    with pytest.raises(UsageError):
        app.history.undo("op2")
    assert app.history.undo()["undone"] == ["op3"]
    app.history.undo("op5")
    assert [item["id"] for item in app.contacts.page().items] == ["c2", "c3", "c4", "c1"]
    assert app.history.undo("op2")["undone"] == ["op7"]  # where it is in force now


def test_an_import_of_many_rows_at_once_goes_back(crm: Crm, app: App) -> None:
    with app.writing() as gate:
        bulk = Bulk(gate)
        rows = [(f"u{key}", f"Ada {key}", gate.now, gate.now, f"ada {key}", f"ada {key}") for key in range(2500)]
        names = ("uid", "display_name", "created_at", "updated_at", "name_key", "sort_key")
        bulk.insert("contact", names, rows)
        bulk.insert("url", ("contact_id", "value"), [(key, "https://a.example") for key in range(1, 2501)])
    assert app.history.undo()["changes"] == 5000
    assert (count(app, "contact"), count(app, "url")) == (0, 0)
    app.history.undo("op2")
    assert (count(app, "contact"), count(app, "url")) == (2500, 2500)
    assert crm.json("find", "Ada 2499")["items"][0]["id"] == "c2500"


def test_an_import_that_changed_nothing_is_passed_over(crm: Crm, app: App) -> None:
    take_in(crm, app, "first", "ada")
    take_in(crm, app, "second")
    with pytest.raises(NotFound):
        app.history.undo("op2")
    assert app.history.undo()["undone"] == ["op1"]


def test_what_was_made_in_passing_stays_while_others_use_it(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {"tag": ["vip"], "set": ["size=3"]})
    app.contacts.add("Bob", {"tag": ["vip"], "set": ["size=4"]})
    app.notes.clear()
    app.history.undo("op1")
    assert app.notes == ["stays, since others use it: tag vip", "stays, since others use it: custom field size"]
    assert app.contacts.get(2)["tags"] == ["vip"]
    app.history.undo("op3")
    assert app.contacts.get(1)["custom"] == {"size": "3"}


def test_a_field_in_use_is_not_taken_back(crm: Crm, app: App) -> None:
    app.fields.add("size", "number")
    app.contacts.add("Ada", {"set": ["size=3"]})
    with pytest.raises(CrmError, match="op2 .* made use of custom field: custom value of c1"):
        app.history.undo("op1")


def test_who_did_something_stays_in_the_team(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {})
    app.history.undo()
    assert [item["name"] for item in app.users.page().items] == ["ada"]
    app.users.add("bob", {})
    app.history.undo()
    assert [item["name"] for item in app.users.page().items] == ["ada"]


def test_a_user_who_did_something_cannot_be_taken_out(crm: Crm) -> None:
    crm.ok("user", "add", "bob")
    crm.ok("contact", "add", "Ada", env={"CRM_USER": "bob"})
    result = crm("undo", "op1")
    assert result.code == 1
    assert result.err == "crm: op1 cannot be taken back: user u2 did op2\nwho did something stays in the team\n"


def test_what_must_be_unique_is_not_brought_back_twice(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {"external": ["hubspot:1"]})
    app.history.undo()
    app.contacts.add("Bob", {"external": ["hubspot:1"]})
    with pytest.raises(CrmError, match=r"op3 \(test\) gave its place to external id of c2") as caught:
        app.history.undo("op2")
    assert "crm undo op3" in caught.value.hint
    app.history.undo("op3")
    app.history.undo("op2")
    assert app.contacts.get(1)["external_ids"] == ["hubspot:1"]


def test_a_value_that_must_be_unique_is_not_restored_twice(crm: Crm, app: App) -> None:
    app.users.add("bob", {})
    app.users.edit("bob", {"name": "rob"})
    app.users.add("bob", {})
    with pytest.raises(CrmError, match="gave its place to user u3"):
        app.history.undo("op2")


def test_what_is_referred_to_must_exist(crm: Crm, app: App) -> None:
    app.companies.add("Engines", {})
    app.contacts.add("Ada", {})
    app.contacts.edit("c1", {"company": ["Engines"]})
    app.contacts.edit("c1", {"remove_company": ["Engines"]})
    app.history.undo("op1")
    with pytest.raises(CrmError, match=r"op5 \(undo op1\) took away company co1") as caught:
        app.history.undo("op4")
    assert caught.value.hint.startswith("take that back first: crm undo op5; with all that builds on it: ")


def test_a_merge_is_one_undo(crm: Crm, app: App) -> None:
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"], "tag": ["vip"]})
    app.contacts.add("A. Lovelace", {"email": ["a@engines.example", "ada@engines.example"], "job_title": "Engineer"})
    app.interactions.log("in", ["c2"], "Asked", {"channel": "call"})
    before = [app.contacts.get(key) for key in (1, 2)]
    app.merging.merge("contact", ["c1", "c2"])
    assert app.contacts.get(1)["last_inbound_at"]
    app.history.undo()
    assert [app.contacts.get(key) for key in (1, 2)] == before
    assert app.who.find("c2").name == "A. Lovelace"


def test_a_record_that_was_merged_is_not_taken_back(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {})
    app.contacts.add("Bob", {})
    app.merging.merge("contact", ["c1", "c2"])
    for which in ("op1", "op2"):
        with pytest.raises(CrmError, match=r"op3 \(test\)"):
            app.history.undo(which)


def test_two_who_take_back_the_same_do_it_once(crm: Crm, app: App) -> None:
    app.contacts.add("Ada", {})
    writing = app.writing

    def after_somebody_else(**given: Any) -> Any:
        crm.ok("undo")
        return writing(**given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "writing", after_somebody_else)
        with pytest.raises(UsageError, match="taken back already, by op2"):
            app.history.undo()


def test_when_a_record_was_changed_follows(crm: Crm) -> None:
    def changed() -> str:
        return str(crm.json("contact", "show", "c1")["item"]["updated_at"])

    for hour, command in enumerate(("contact add Ada", "contact edit c1 --nickname a", "contact edit c1 --notes b")):
        crm.ok(*command.split(), env={"CRM_NOW": f"2026-11-20T{10 + hour}:00:00Z"})
    crm.ok("undo", env={"CRM_NOW": "2026-11-20T14:00:00Z"})
    assert changed() == "2026-11-20T11:00:00Z"
    crm.ok("undo", "op4", env={"CRM_NOW": "2026-11-20T15:00:00Z"})
    assert changed() == "2026-11-20T12:00:00Z"
    crm.ok("undo", "op2", env={"CRM_NOW": "2026-11-20T16:00:00Z"})
    assert changed() == "2026-11-20T16:00:00Z"

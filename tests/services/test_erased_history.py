"""What was erased is not brought back: the journal keeps its digests alone."""

import pytest

from crmcli.app import App
from crmcli.kernel.errors import CrmError, NotFound
from crmcli.store import chain
from tests.conftest import Crm


def erase(app: App, record: int, *, tables: tuple[str, ...] = ("email", "contact")) -> None:
    """Erase a contact as `crm privacy erase` does: rows and words go, digests stay, and an operation tells of it."""
    connection = app.store.connection
    app.command = "privacy erase"
    with app.writing() as gate:
        operation = gate.operation()
        rows = connection.rows("SELECT * FROM change WHERE noun = 'contact' AND record_id = ? ORDER BY id", [record])
        for row in rows:
            digests = dict(zip([one["id"] for one in connection.rows(
                "SELECT id FROM change WHERE operation_id = ? ORDER BY id", [row["operation_id"]]
            )], chain.digests(connection, row["operation_id"]), strict=True))  # fmt: skip
            connection.execute(
                "UPDATE change SET before = NULL, after = NULL, salt = NULL, digest = ? WHERE id = ?",
                [digests[row["id"]], row["id"]],
            )
        for table in tables:
            column = "id" if table == "contact" else "contact_id"
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", [record])
        connection.execute(
            "INSERT INTO change (operation_id, table_name, row_id, noun, record_id, digest)"
            " VALUES (?, 'contact', ?, 'contact', ?, ?)",
            [operation, record, record, "0" * 64],
        )
        gate.changes += 1
    app.command = "test"


def test_an_operation_of_erased_words_is_refused(app: App) -> None:
    app.contacts.add("Bob", {})
    app.contacts.add("Ada", {"email": ["ada@engines.example"]})
    app.contacts.edit("c2", {"job_title": "Engineer"})
    erase(app, 2)
    for which in ("op2", "op3", "op4"):
        with pytest.raises(CrmError, match=f"{which} cannot be taken back: its data was erased") as caught:
            app.history.undo(which)
        assert caught.value.hint.startswith("what was erased stays gone; the one before it: crm undo ")
    with pytest.raises(CrmError, match="op4 cannot be taken back: its data was erased") as caught:
        app.history.undo()
    assert caught.value.hint.endswith("crm undo op1")
    assert not list(chain.breaks(app.store.connection))
    app.history.undo("op1")
    assert app.contacts.page().items == []


def test_an_import_goes_back_but_for_who_was_erased(crm: Crm, app: App, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\n" + "".join(f"P{n},p{n}@works.example\n" for n in range(20)))
    crm.ok("import", str(file))
    app.close()
    erase(app, 5)
    app.close()
    result = crm("undo", "op1")
    assert (result.code, result.err) == (0, "what was erased stays gone: contact c5\n")
    assert crm.json("contact", "list")["items"] == []
    crm.ok("redo")
    items = crm.json("contact", "list")["items"]
    assert len(items) == 19
    assert "c5" not in [item["id"] for item in items]


def test_what_hangs_on_somebody_who_was_erased_does_not_come_back(app: App) -> None:
    app.contacts.add("Ada", {})
    app.followups.add("c1", "Call", {"due": "tomorrow"})
    app.history.undo("op2")
    erase(app, 1)
    with pytest.raises(CrmError, match=r"op3 cannot be taken back: its data was erased by op4 \(privacy erase\)"):
        app.history.undo("op3")
    with pytest.raises(CrmError, match="its data was erased"):
        app.history.undo("op3", dependents=True)
    with pytest.raises(CrmError, match="its data was erased"):
        app.history.redo()


def test_the_history_says_that_it_was_erased(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    app.close()
    erase(app, 1)
    app.close()
    told = crm.ok("history", tty=True)
    assert "you privacy erase: erased" in told
    assert "Ada" not in told
    items = crm.json("history", "c1")["items"]
    assert [item["counts"]["erased"] for item in items] == [1, 2]
    assert {"action": "erased", "before": None, "after": None}.items() <= crm.json("history", "show", "op1")["item"][
        "changes"
    ][1].items()
    assert "its words were erased" in crm.ok("history", "show", "op1", tty=True)
    assert "erased" in crm.ok("history", "show", "op1")


def test_who_was_erased_is_not_shown_as_it_was(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Ada")
    app.close()
    erase(app, 1)
    with pytest.raises(NotFound, match="c1 was erased"):
        app.past.then("now", "c1", ("contact",))
